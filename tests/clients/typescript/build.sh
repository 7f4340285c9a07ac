#!/usr/bin/env bash
# Packs the TypeScript client as it would be published, installs that, and compiles the runner against it.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p "$BUILD"
cmp -s package-lock.json "$BUILD/package-lock.json" || rm -rf "$BUILD/node_modules"
cp package.json package-lock.json tsconfig.json ./*.ts ../../../generated/client-calls/typescript/*.ts "$BUILD/"
[ -d "$BUILD/node_modules/typescript" ] || npm ci --prefix "$BUILD" --ignore-scripts --no-audit --no-fund --silent
rm -rf "$BUILD/client" "$BUILD/node_modules/latchkey-client"
cp -r ../../../generated/clients/typescript "$BUILD/client"
cd "$BUILD"
node_modules/.bin/tsc -p client
mkdir node_modules/latchkey-client
(cd client && npm pack --ignore-scripts --silent >/dev/null)
tar -xzf client/latchkey-client-*.tgz -C node_modules/latchkey-client --strip-components 1
node_modules/.bin/tsc
