#!/usr/bin/env bash
# Runs an example of the client's README, in a module that is made as the README says. An example that is no program is
# a part of a function.
set -euo pipefail
client=$(realpath "$(dirname "$0")/../../../generated/clients/go")
export GOPATH=$BUILD/path GOCACHE=$BUILD/cache GOFLAGS=-modcacherw GOTOOLCHAIN=local
rm -rf "$BUILD/example"
mkdir -p "$BUILD/example"
if grep -q '^package main$' "$1"; then
  cp "$1" "$BUILD/example/main.go"
else
  {
    cat <<'END'
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"time"

	latchkey "latchkey.internal/client"
)

// Not every example uses every package.
var _, _, _, _, _, _ = errors.Is, fmt.Sprint, slog.New, http.Get, httptest.NewServer, os.Exit
var _ time.Time

func main() {
	client, err := latchkey.New()
	if err == nil {
		err = example(context.Background(), client)
	}
	if err != nil {
		log.Fatal(err)
	}
}

func example(ctx context.Context, client *latchkey.Client) error {
END
    cat "$1"
    printf 'return nil\n}\n'
  } >"$BUILD/example/main.go"
fi
cd "$BUILD/example"
{
  go mod init example
  version=$(sed -n 's/.*-require latchkey.internal\/client@\([^ ]*\) .*/\1/p' "$client/README.md")
  go mod edit -require "latchkey.internal/client@$version" -replace "latchkey.internal/client=$client"
  go mod tidy
} >&2
go vet . >&2
exec go run .
