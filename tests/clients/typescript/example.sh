#!/usr/bin/env bash
# Compiles code blocks of the client's README against the installed client, as one program, and runs it.
set -euo pipefail
cat "$@" >"$BUILD/example.ts"
(cd "$BUILD" && node_modules/.bin/tsc --target ES2022 --module NodeNext --types node --strict example.ts)
exec node "$BUILD/example.js"
