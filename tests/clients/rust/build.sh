#!/usr/bin/env bash
# Compiles the Rust client and the runner, without optimising.
set -euo pipefail
cd "$(dirname "$0")"
RUSTFLAGS="-D warnings" cargo build --quiet --locked --target-dir "$BUILD"
