#!/usr/bin/env bash
# Compiles the calls in the folder CALLS against the client in the folder CLIENT.
set -euo pipefail
client=$(realpath "$1") calls=$(realpath "$2")
cd "$(dirname "$0")"
export GOPATH=$BUILD/path GOCACHE=$BUILD/cache GOFLAGS="-mod=readonly -modcacherw" GOTOOLCHAIN=local
rm -rf "$BUILD/check"
mkdir -p "$BUILD/check"
cp go.mod "$calls"/*.go "$BUILD/check"
cd "$BUILD/check"
go mod edit -replace "latchkey.internal/client=$client"
# All errors, not only the first ten.
exec go build -gcflags=-e ./...
