// The server of the tests of the middleware (tests/clients/README.md).
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"time"

	latchkey "latchkey.internal/client"
)

// identity is a latchkey.Identity as the tests read it.
type identity struct {
	KeyID           int64             `json:"key_id"`
	UserID          int64             `json:"user_id"`
	Username        string            `json:"username,omitempty"`
	Project         string            `json:"project"`
	OwnerExternalID string            `json:"owner_external_id,omitempty"`
	Scopes          []string          `json:"scopes,omitempty"`
	Unrestricted    bool              `json:"unrestricted"`
	Metadata        map[string]string `json:"metadata,omitempty"`
	OwnerMetadata   map[string]string `json:"owner_metadata,omitempty"`
	Stale           bool              `json:"stale"`
}

func main() {
	client, err := latchkey.New()
	if err != nil {
		log.Fatal(err)
	}
	middleware := func(options ...latchkey.MiddlewareOption) *latchkey.Middleware {
		m, err := latchkey.NewMiddleware(client, options...)
		if err != nil {
			log.Fatal(err)
		}
		return m
	}
	plain, fresh := middleware(), middleware(latchkey.RefuseStale())
	cached := middleware(latchkey.WithCache(time.Second))
	http.HandleFunc("/open", func(http.ResponseWriter, *http.Request) {})
	show := http.HandlerFunc(showIdentity)
	http.Handle("/protected", plain.Require()(show))
	http.Handle("/scoped", plain.Require("orders:read")(show))
	http.Handle("/fresh", fresh.Require()(show))
	http.Handle("/cached", cached.Require()(show))
	http.Handle("/cached-scoped", cached.Require("orders:read")(show))

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	longCache := ""
	if _, err := latchkey.NewMiddleware(client, latchkey.WithCache(1001*time.Millisecond)); err != nil {
		longCache = err.Error()
	}
	fmt.Printf("{\"framework\": \"net/http\", \"url\": \"http://%s\", \"long_cache\": %q}\n", listener.Addr(), longCache)
	go func() { log.Fatal(http.Serve(listener, nil)) }()
	_, _ = io.Copy(io.Discard, os.Stdin)
}

func showIdentity(w http.ResponseWriter, r *http.Request) {
	_ = json.NewEncoder(w).Encode(identity(*latchkey.IdentityFromContext(r.Context())))
}
