#!/usr/bin/env bash
# Runs the tests of the Go runtime alone, with what build.sh has copied.
set -euo pipefail
export GOPATH=$BUILD/path GOCACHE=$BUILD/cache GOFLAGS="-mod=readonly -modcacherw" GOTOOLCHAIN=local
cd "$BUILD/source"
exec go test -count=1 .
