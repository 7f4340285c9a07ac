#!/usr/bin/env bash
# Compiles the example of the client's README against the installed client, and runs it.
set -euo pipefail
cp "$1" "$BUILD/example.ts"
cd "$BUILD"
node_modules/.bin/tsc --target ES2022 --module NodeNext --types node --strict example.ts
exec node example.js
