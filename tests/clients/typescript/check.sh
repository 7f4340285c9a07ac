#!/usr/bin/env bash
# Compiles the calls in the folder CALLS against the client in the folder CLIENT.
set -euo pipefail
client=$(realpath "$1") calls=$(realpath "$2")
cd "$(dirname "$0")"
[ -d "$BUILD/node_modules/typescript" ] || ./build.sh
rm -rf "$BUILD/check"
mkdir "$BUILD/check"
cp "$calls"/*.ts "$BUILD/check/"
cp -r "$client/src" "$BUILD/check/client"
cat >"$BUILD/check/tsconfig.json" <<'END'
{"extends": "../tsconfig.json", "compilerOptions": {"noEmit": true, "paths": {"latchkey-client": ["./client/index.ts"]}}, "files": [], "include": ["*.ts"]}
END
exec "$BUILD/node_modules/.bin/tsc" -p "$BUILD/check"
