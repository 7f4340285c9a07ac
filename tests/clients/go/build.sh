#!/usr/bin/env bash
# Compiles the runner with the Go client, which go.mod points at.
set -euo pipefail
cd "$(dirname "$0")"
# A module cache that can be removed; the Go that is here, not one that go.mod could ask for.
export GOPATH=$BUILD/path GOCACHE=$BUILD/cache GOFLAGS="-mod=readonly -modcacherw" GOTOOLCHAIN=local
go vet . latchkey.internal/client
go build -o "$BUILD/runner" .
