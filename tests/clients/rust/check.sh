#!/usr/bin/env bash
# Compiles the calls in the folder CALLS with the client in the folder CLIENT.
set -euo pipefail
client=$(realpath "$1") calls=$(realpath "$2")
cd "$(dirname "$0")"
rm -rf "$BUILD/check"
mkdir -p "$BUILD/check/calls"
cp -r "$client" "$BUILD/check/client"
cp Cargo.lock "$calls"/*.rs "$BUILD/check/calls"
sed 's|"[^"]*/generated/clients/rust"|"../client"|; s|"[^"]*/calls.rs"|"calls.rs"|' Cargo.toml >"$BUILD/check/calls/Cargo.toml"
# The flags of build.sh, so that the dependencies are not compiled again.
RUSTFLAGS="-D warnings" exec cargo build --quiet --locked --lib --manifest-path "$BUILD/check/calls/Cargo.toml" --target-dir "$BUILD"
