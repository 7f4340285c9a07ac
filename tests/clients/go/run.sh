#!/usr/bin/env bash
exec "$BUILD/runner"
