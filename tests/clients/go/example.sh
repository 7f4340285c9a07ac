#!/usr/bin/env bash
# Runs code blocks of the client's README, each as a function, in a module that is made as the README says.
set -euo pipefail
client=$(realpath "$(dirname "$0")/../../../generated/clients/go")
export GOPATH=$BUILD/path GOCACHE=$BUILD/cache GOFLAGS=-modcacherw GOTOOLCHAIN=local
rm -rf "$BUILD/example"
mkdir -p "$BUILD/example"
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
	"net/netip"
	"os"
	"time"

	latchkey "latchkey.internal/client"
)

// The first block alone does not use every package.
var _, _, _, _, _, _, _ = errors.Is, fmt.Sprint, slog.New, http.Get, httptest.NewServer, netip.ParseAddr, os.Exit
var _ time.Time

func main() {
	client, err := latchkey.New()
	if err != nil {
		log.Fatal(err)
	}
	for _, block := range blocks {
		if err := block(context.Background(), client); err != nil {
			log.Fatal(err)
		}
	}
}

var blocks = []func(context.Context, *latchkey.Client) error{
END
  for block in "$@"; do
    echo 'func(ctx context.Context, client *latchkey.Client) error {'
    cat "$block"
    printf 'return nil\n},\n'
  done
  echo '}'
} >"$BUILD/example/main.go"
cd "$BUILD/example"
{
  go mod init example
  version=$(sed -n 's/.*-require latchkey.internal\/client@\([^ ]*\) .*/\1/p' "$client/README.md")
  go mod edit -require "latchkey.internal/client@$version" -replace "latchkey.internal/client=$client"
  go mod tidy
} >&2
go vet . >&2
exec go run .
