#!/usr/bin/env bash
exec "$BUILD/middleware"
