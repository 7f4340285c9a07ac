#!/usr/bin/env bash
# Runs the example of the client's README, in a module that is made as the README says.
set -euo pipefail
client=$(realpath "$(dirname "$0")/../../../generated/clients/go")
export GOPATH=$BUILD/path GOCACHE=$BUILD/cache GOFLAGS=-modcacherw GOTOOLCHAIN=local
rm -rf "$BUILD/example"
mkdir -p "$BUILD/example"
cp "$1" "$BUILD/example/main.go"
cd "$BUILD/example"
{
  go mod init example
  version=$(sed -n 's/.*-require latchkey.internal\/client@\([^ ]*\) .*/\1/p' "$client/README.md")
  go mod edit -require "latchkey.internal/client@$version" -replace "latchkey.internal/client=$client"
  go mod tidy
} >&2
exec go run .
