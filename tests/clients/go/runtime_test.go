// Tests of the Go runtime alone, beside those of methods.yaml.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	latchkey "latchkey.internal/client"
)

const (
	secret   = "the-secret-of-nobody"
	verified = `{"valid": true, "code": "valid", "stale": false, "unrestricted": false}`
)

func serve(t *testing.T, handle http.HandlerFunc) string {
	server := httptest.NewServer(handle)
	t.Cleanup(server.Close)
	return server.URL
}

func clientFor(t *testing.T, options ...latchkey.Option) *latchkey.Client {
	client, err := latchkey.New(options...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestCallsAtOnceShareALogin(t *testing.T) {
	var logins atomic.Int32
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/token":
			count := logins.Add(1)
			time.Sleep(100 * time.Millisecond)
			fmt.Fprintf(w, `{"access_token": "token %d", "token_type": "bearer", "expires_in": 3600}`, count)
		case r.Header.Get("Authorization") == "Bearer token 1":
			w.WriteHeader(http.StatusUnauthorized)
		default:
			fmt.Fprint(w, verified)
		}
	})
	client := clientFor(t, latchkey.WithURL(url), latchkey.WithLogin("somebody", secret))
	var group sync.WaitGroup
	for range 200 {
		group.Add(1)
		go func() {
			defer group.Done()
			if _, err := client.Verify(context.Background(), latchkey.APIKeyVerify{Key: "key"}); err != nil {
				t.Error(err)
			}
		}()
	}
	group.Wait()
	if logins.Load() != 2 {
		t.Errorf("%d logins", logins.Load())
	}
}

func TestACallDoesNotWaitForALoginForever(t *testing.T) {
	started, end := make(chan struct{}, 10), make(chan struct{})
	url := serve(t, func(http.ResponseWriter, *http.Request) {
		started <- struct{}{}
		<-end
	})
	defer close(end)
	client := clientFor(t, latchkey.WithURL(url), latchkey.WithLogin("somebody", secret))
	go func() { _, _ = client.Whoami(context.Background()) }()
	<-started
	begin := time.Now()
	_, err := client.Whoami(context.Background(), latchkey.WithTimeout(100*time.Millisecond))
	if !errors.Is(err, latchkey.ErrTimeout) || time.Since(begin) > 2*time.Second {
		t.Error(err, time.Since(begin))
	}
}

func TestAPauseIsCancelled(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "4")
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	client := clientFor(t, latchkey.WithURL(url), latchkey.WithAPIKey("key"))
	ctx, cancel := context.WithCancel(context.Background())
	defer time.AfterFunc(200*time.Millisecond, cancel).Stop()
	started := time.Now()
	_, err := client.Whoami(ctx)
	if !errors.Is(err, context.Canceled) || time.Since(started) > 2*time.Second {
		t.Error(err, time.Since(started))
	}
}

func TestLinksHaveParameters(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		id := 1
		if r.URL.Query().Get("cursor") == "" {
			w.Header().Set("Link", `<?cursor=x>; rel="prev", <?cursor=a%2Bb>; title="more"; rel=next`)
		} else if id = 2; r.URL.Query().Get("cursor") != "a+b" {
			t.Error(r.URL)
		}
		fmt.Fprintf(w, `[{"id": %d, "key_prefix": "lk_", "user_id": 1, "status": "active", "created_at": null,
			"expires_at": null, "description": null}]`, id)
	})
	client := clientFor(t, latchkey.WithURL(url), latchkey.WithAPIKey("key"))
	ids := []int64{}
	for key, err := range client.Keys.List(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, key.Id)
	}
	if fmt.Sprint(ids) != "[1 2]" {
		t.Error(ids)
	}
}

func TestSegmentsOfThePathAreEscaped(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprintf(w, `{"detail": %q}`, r.URL.EscapedPath())
	})
	client := clientFor(t, latchkey.WithURL(url+"/keys/"), latchkey.WithAPIKey("key"))
	_, err := client.Projects.Get(context.Background(), "a/b ?")
	var failure *latchkey.Error
	if !errors.As(err, &failure) || failure.Detail != "/keys/v1/projects/a%2Fb%20%3F" {
		t.Error(err)
	}
}

func TestOwnHTTPClient(t *testing.T) {
	redirected := false
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		redirected = redirected || r.URL.Path == "/elsewhere"
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	})
	own := &http.Client{Timeout: time.Second}
	client := clientFor(t, latchkey.WithURL(url), latchkey.WithAPIKey("key"), latchkey.WithHTTPClient(own))
	var failure *latchkey.Error
	if _, err := client.Whoami(context.Background()); !errors.As(err, &failure) || failure.Status != http.StatusFound {
		t.Error(err)
	}
	if redirected || own.CheckRedirect != nil {
		t.Error("the request was redirected, or the HTTP client changed")
	}
}

func TestSettingsThatCannotWork(t *testing.T) {
	url, key := os.Getenv("LATCHKEY_URL"), os.Getenv("LATCHKEY_API_KEY")
	for name, options := range map[string][]latchkey.Option{
		"a user in the URL":   {latchkey.WithURL("http://somebody:" + secret + "@host")},
		"no scheme":           {latchkey.WithURL("host")},
		"a key with a break":  {latchkey.WithAPIKey(secret + "\n")},
		"two credentials":     {latchkey.WithAPIKey(key), latchkey.WithToken(secret)},
		"a login without all": {latchkey.WithURL(url), latchkey.WithLogin("somebody", "")},
	} {
		if _, err := latchkey.New(options...); err == nil || strings.Contains(err.Error(), secret) {
			t.Error(name, err)
		}
	}
}

func TestSecretsInPartsAreNotPrinted(t *testing.T) {
	key := latchkey.APIKeyRecordRead{FullKey: *latchkey.NewNullableString(latchkey.PtrString(secret))}
	page := latchkey.FoundAPIKeyPage{Items: []latchkey.FoundAPIKey{{Key: key}}}
	var text bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&text, nil))
	for _, value := range []any{key, &key, page.Items[0], page, &page, latchkey.APIKey{Key: secret}} {
		fmt.Fprintf(&text, "%v %+v %#v %s %q %d %x\n", value, value, value, value, value, value, value)
		fmt.Fprintf(&text, "%v %+v %#v\n", []any{value}, struct{ Value any }{value}, map[string]any{"value": value})
		log.Info("printed", "value", value)
	}
	if strings.Contains(text.String(), secret) || strings.Contains(text.String(), fmt.Sprintf("%x", secret)) {
		t.Error("a secret was printed")
	}
	if *key.FullKey.Get() != secret || *page.Items[0].Key.FullKey.Get() != secret {
		t.Error("printing has changed the model")
	}
}

// protect serves /, protected by a middleware whose Latchkey finds every key valid; bodies has the verifications.
func protect(t *testing.T, options ...latchkey.MiddlewareOption) (handler http.Handler, bodies *[]string) {
	bodies = new([]string)
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		*bodies = append(*bodies, string(body))
		fmt.Fprint(w, verified)
	})
	m, err := latchkey.NewMiddleware(clientFor(t, latchkey.WithURL(url), latchkey.WithAPIKey(secret)), options...)
	if err != nil {
		t.Fatal(err)
	}
	return m.Require()(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if latchkey.IdentityFromContext(r.Context()) == nil {
			t.Error("there is no identity")
		}
	})), bodies
}

func requestWithKey(key string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("X-API-Key", key)
	return r
}

func TestACacheForgetsTheOldestVerification(t *testing.T) {
	handler, bodies := protect(t, latchkey.WithCache(time.Second), latchkey.WithCacheSize(2))
	for _, key := range []string{"a", "b", "b", "c", "c", "b", "a"} {
		handler.ServeHTTP(httptest.NewRecorder(), requestWithKey(key))
	}
	if len(*bodies) != 4 || !strings.Contains((*bodies)[3], `"key":"a"`) {
		t.Error(*bodies)
	}
}

func TestTheAddressOfTheClient(t *testing.T) {
	for remote, ip := range map[string]string{
		"192.0.2.1:1": `"ip":"192.0.2.1"`, "[::ffff:192.0.2.1]:1": `"ip":"192.0.2.1"`,
		"[fe80::1%eth0]:1": `"ip":"fe80::1"`, "@": "",
	} {
		handler, bodies := protect(t)
		request := requestWithKey("a")
		request.RemoteAddr = remote
		handler.ServeHTTP(httptest.NewRecorder(), request)
		if len(*bodies) != 1 || !strings.Contains((*bodies)[0], ip) || (ip == "" && strings.Contains((*bodies)[0], "ip")) {
			t.Error(remote, *bodies)
		}
	}
	own := netip.MustParseAddr("192.0.2.7")
	handler, bodies := protect(t, latchkey.WithClientIP(func(*http.Request) netip.Addr { return own }))
	handler.ServeHTTP(httptest.NewRecorder(), requestWithKey("a"))
	if !strings.Contains((*bodies)[0], `"ip":"192.0.2.7"`) {
		t.Error(*bodies)
	}
}

func TestAPanicOfTheHTTPClientLeavesNobodyWaiting(t *testing.T) {
	broken := &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
		time.Sleep(100 * time.Millisecond)
		panic("broken")
	})}
	url := latchkey.WithURL("http://latchkey")
	client := clientFor(t, url, latchkey.WithAPIKey(secret), latchkey.WithHTTPClient(broken))
	m, err := latchkey.NewMiddleware(client, latchkey.WithCache(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	handler := m.Require()(http.NotFoundHandler())
	var statuses [2]int
	var group sync.WaitGroup
	for i := range statuses {
		group.Add(1)
		go func() {
			defer group.Done()
			defer func() { _ = recover() }()
			response := httptest.NewRecorder()
			handler.ServeHTTP(response, requestWithKey("a"))
			statuses[i] = response.Code
		}()
	}
	group.Wait()
	if statuses[0]+statuses[1] != http.StatusServiceUnavailable {
		t.Error(statuses)
	}
}

func TestWithoutAMiddlewareThereIsNoIdentity(t *testing.T) {
	if latchkey.IdentityFromContext(context.Background()) != nil {
		t.Error("there is an identity")
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
