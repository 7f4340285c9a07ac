#!/usr/bin/env bash
# Runs code blocks of the client's README, as one program.
set -euo pipefail
exec "$BUILD/bin/python" -B -W error - < <(cat "$@")
