#!/usr/bin/env bash
exec "$BUILD/bin/python" -B "$(dirname "$0")/runner.py"
