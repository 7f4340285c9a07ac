#!/usr/bin/env bash
exec "$BUILD/debug/examples/middleware"
