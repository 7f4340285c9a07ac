#!/usr/bin/env bash
# Runs code blocks of the client's README, as one program. A block that is no program becomes the body of one.
set -euo pipefail
source=$BUILD/example.rs
{
  number=0
  for block in "$@"; do
    echo "mod block_$((++number)) {"
    if grep -q '^async fn main' "$block"; then
      sed 's/^async fn main/pub &/' "$block"
    else
      echo '#[tokio::main(flavor = "current_thread")]'
      echo 'pub async fn main() -> Result<(), Box<dyn std::error::Error>> {'
      echo '#[allow(unused_variables)] let latchkey = latchkey_client::Latchkey::from_env()?;'
      cat "$block"
      echo 'Ok(()) }'
    fi
    echo '}'
  done
  echo 'fn main() -> Result<(), Box<dyn std::error::Error>> {'
  for number in $(seq $#); do echo "block_$number::main()?;"; done
  echo 'Ok(()) }'
} >"$source"
(cd "$(dirname "$0")" && EXAMPLE=$source RUSTFLAGS="-D warnings" cargo build --quiet --locked --target-dir "$BUILD" --example readme)
exec "$BUILD/debug/examples/readme"
