#!/usr/bin/env bash
# Runs the example of the client's README.
set -euo pipefail
GEM_PATH="$BUILD/gems:$(gem env gempath)" exec ruby -w "$1"
