#!/usr/bin/env bash
# Compiles the example of the client's README beside the runner, and runs it.
set -euo pipefail
cd "$(dirname "$0")"
EXAMPLE=$1 RUSTFLAGS="-D warnings" exec cargo run --quiet --locked --target-dir "$BUILD" --example readme
