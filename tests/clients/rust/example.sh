#!/usr/bin/env bash
# Compiles an example of the client's README beside the runner, and runs it. What is no program becomes the body of one.
set -euo pipefail
cd "$(dirname "$0")"
program=$BUILD/example.rs
if grep -q 'fn main' "$1"; then
  cp "$1" "$program"
else
  {
    echo '#[tokio::main(flavor = "current_thread")]'
    echo 'async fn main() -> Result<(), Box<dyn std::error::Error>> {'
    echo '#[allow(unused_variables)] let latchkey = latchkey_client::Latchkey::from_env()?;'
    cat "$1"
    echo 'Ok(()) }'
  } >"$program"
fi
EXAMPLE=$program RUSTFLAGS="-D warnings" exec cargo run --quiet --locked --target-dir "$BUILD" --example readme
