#!/usr/bin/env bash
# Runs the tests of the Rust runtime alone.
set -euo pipefail
cd "$(dirname "$0")"
RUSTFLAGS="-D warnings" exec cargo test --quiet --locked --target-dir "$BUILD" --test runtime --test tower
