#!/usr/bin/env bash
# Runs the example of the client's README.
set -euo pipefail
exec "$BUILD/bin/python" -B "$1"
