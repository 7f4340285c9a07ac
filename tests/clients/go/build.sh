#!/usr/bin/env bash
# Compiles the runner with the Go client, in a copy that also has the calls.
set -euo pipefail
cd "$(dirname "$0")"
# A module cache that can be removed; the Go that is here, not one that go.mod could ask for.
export GOPATH=$BUILD/path GOCACHE=$BUILD/cache GOFLAGS="-mod=readonly -modcacherw" GOTOOLCHAIN=local
client=$(realpath ../../../generated/clients/go)
rm -rf "$BUILD/source"
mkdir -p "$BUILD/source/calls"
cp -r ./*.go go.mod middleware "$BUILD/source"
cp ../../../generated/client-calls/go/*.go "$BUILD/source/calls"
cd "$BUILD/source"
go mod edit -replace "latchkey.internal/client=$client"
go vet ./... latchkey.internal/client
go build -o "$BUILD/runner" .
go build -o "$BUILD/middleware" ./middleware
