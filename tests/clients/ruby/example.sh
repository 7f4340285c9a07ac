#!/usr/bin/env bash
# Runs code blocks of the client's README, as one program.
set -euo pipefail
GEM_PATH="$BUILD/gems:$(gem env gempath)" exec ruby -w - < <(cat "$@")
