#!/usr/bin/env bash
# Compiles the Rust client, the runner and the server that the middleware protects, without optimising.
set -euo pipefail
cd "$(dirname "$0")"
RUSTFLAGS="-D warnings" cargo build --quiet --locked --target-dir "$BUILD" --bins --example middleware
