package latchkey

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	challenge = `Bearer realm="latchkey"`
	// The contract's limit; a longer key is rejected without a verification.
	longestKey = 1024
)

// Identity is who has sent a request that a Middleware let through. What the key does not have is zero. Its maps must
// not be changed, as other requests may share them.
type Identity struct {
	KeyID int64
	// UserID is the id of the principal that the key belongs to, which may be an owner.
	UserID int64
	// Username is the name of that user or service account.
	Username string
	Project  string
	// OwnerExternalID is the external id of the owner that the key belongs to.
	OwnerExternalID string
	Scopes          []string
	// Unrestricted says that the key has every scope.
	Unrestricted  bool
	Metadata      map[string]string
	OwnerMetadata map[string]string
	// Stale says that the database is unreachable, and that the verification is a recent one.
	Stale bool
}

// HasScope says whether the key has a scope.
func (i *Identity) HasScope(scope string) bool {
	return i.Unrestricted || slices.Contains(i.Scopes, scope)
}

type identityKey struct{}

// IdentityFromContext is who has sent the request with this context; nil if no Middleware let it through.
func IdentityFromContext(ctx context.Context) *Identity {
	identity, _ := ctx.Value(identityKey{}).(*Identity)
	return identity
}

// Middleware protects handlers: it lets requests with a valid key through. Many goroutines may use it at once.
type Middleware struct {
	client       *Client
	clientIP     func(*http.Request) netip.Addr
	refusesStale bool
	cache        *cache
	lifetime     time.Duration
	cacheSize    int
}

// MiddlewareOption is a setting of a Middleware.
type MiddlewareOption func(*Middleware)

// RefuseStale responds with 503 when the database is unreachable, where recent verifications are accepted otherwise.
func RefuseStale() MiddlewareOption {
	return func(m *Middleware) { m.refusesStale = true }
}

// WithClientIP sets how the address of the client is determined; by default it is the peer's. Behind a proxy, take it
// from the header that your proxy sets. Without a valid address, keys that are restricted to networks are invalid.
func WithClientIP(clientIP func(*http.Request) netip.Addr) MiddlewareOption {
	return func(m *Middleware) { m.clientIP = clientIP }
}

// WithCache accepts a valid key again without a verification, for at most the lifetime after the last one was sent; up
// to a second. The lifetime adds to the time after which a revoked key is rejected, and usage becomes a lower bound.
// Keys with a rate limit are never cached.
func WithCache(lifetime time.Duration) MiddlewareOption {
	return func(m *Middleware) { m.lifetime = lifetime }
}

// WithCacheSize sets how many verifications a cache has at most; by default 10,000.
func WithCacheSize(size int) MiddlewareOption {
	return func(m *Middleware) { m.cacheSize = size }
}

// NewMiddleware makes a Middleware that verifies keys by a client.
func NewMiddleware(client *Client, options ...MiddlewareOption) (*Middleware, error) {
	m := &Middleware{client: client, clientIP: peer, cacheSize: defaultCacheSize}
	for _, option := range options {
		option(m)
	}
	switch {
	case m.lifetime < 0, m.lifetime > longestLifetime:
		return nil, fmt.Errorf("latchkey: the cache may last for %s at most, not for %s", longestLifetime, m.lifetime)
	case m.cacheSize < 1:
		return nil, errors.New("latchkey: the cache must have room for a verification")
	case m.lifetime > 0:
		m.cache = newCache(m.lifetime, m.cacheSize)
	}
	return m, nil
}

// peer is the address that the request came from.
func peer(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	address, _ := netip.ParseAddr(host)
	return address
}

// Require makes handlers respond only to requests with a valid key that has all of these scopes. Others get a problem
// document (RFC 9457), as from forward authentication.
func (m *Middleware) Require(scopes ...string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			identity, denied := m.identify(r, scopes)
			if denied != nil {
				denied.write(w)
				return
			}
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), identityKey{}, identity)))
		})
	}
}

// identify is who has sent a request, or why it is denied.
func (m *Middleware) identify(r *http.Request, scopes []string) (*Identity, *denial) {
	key, denied := keyOf(r.Header)
	if denied != nil {
		return nil, denied
	}
	verify := APIKeyVerify{Key: key, Scopes: scopes}
	if ip := m.clientIP(r); ip.IsValid() {
		verify.SetIp(ip.Unmap().WithZone("").String())
	}
	found, err := m.verify(r.Context(), verify)
	switch {
	case err != nil:
		if r.Context().Err() == nil {
			m.client.transport.log().ErrorContext(r.Context(), "failed to verify an API key", "error", err)
		}
		return nil, unavailable("temporarily_unavailable", "The API key cannot be verified now. Try again.")
	case !found.Valid:
		return nil, denialOf(found, scopes)
	case found.Stale && m.refusesStale:
		return nil, unavailable("database_unavailable", "The API key can only be verified from old data now. Try again.")
	}
	return identityOf(found), nil
}

func (m *Middleware) verify(ctx context.Context, body APIKeyVerify) (*APIKeyVerification, error) {
	verify := func(ctx context.Context) (*verified, error) {
		var response *http.Response
		found, err := m.client.Verify(ctx, body, WithResponse(&response))
		if err != nil {
			return nil, err
		}
		return &verified{found, response.Header.Get("RateLimit") != ""}, nil
	}
	if m.cache == nil {
		found, err := verify(ctx)
		if err != nil {
			return nil, err
		}
		return found.APIKeyVerification, nil
	}
	return m.cache.verify(ctx, digestOf(body), verify)
}

func identityOf(found *APIKeyVerification) *Identity {
	identity := &Identity{
		KeyID:           found.GetKeyId(),
		UserID:          found.GetUserId(),
		Username:        found.GetUsername(),
		Project:         found.GetProject(),
		OwnerExternalID: found.GetOwnerExternalId(),
		Unrestricted:    found.Unrestricted,
		Metadata:        found.Metadata,
		OwnerMetadata:   found.OwnerMetadata,
		Stale:           found.Stale,
	}
	for _, scope := range found.Scopes {
		if scope != nil {
			identity.Scopes = append(identity.Scopes, *scope)
		}
	}
	return identity
}

// keyOf is the key of a request. X-API-Key takes precedence, because Authorization may be for another service.
func keyOf(header http.Header) (string, *denial) {
	values, fromBearer := header.Values("X-API-Key"), false
	if len(values) == 0 {
		values, fromBearer = header.Values("Authorization"), true
	}
	if len(values) == 0 {
		return "", unauthorized("missing_credentials", "Send an API key, in X-API-Key or as a bearer token.", challenge)
	}
	key := values[0]
	if fromBearer {
		scheme, token, _ := strings.Cut(key, " ")
		if !strings.EqualFold(scheme, "bearer") {
			token = ""
		}
		key = strings.Trim(token, " ")
	}
	isVisible := !strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' })
	if len(values) > 1 || key == "" || len(key) > longestKey || !isVisible {
		return "", invalid("invalid_credentials", "Send one API key, in X-API-Key or as a bearer token.")
	}
	return key, nil
}

// denial is the response to a request that is not let through.
type denial struct {
	status       int
	code, detail string
	challenge    string
	retryAfter   int64
}

func (d *denial) write(w http.ResponseWriter) {
	problem := NewProblem("about:blank", http.StatusText(d.status), int64(d.status), d.detail, d.code)
	// It has only strings and a number.
	body, _ := json.Marshal(problem)
	if d.challenge != "" {
		w.Header().Set("WWW-Authenticate", d.challenge)
	}
	if d.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.FormatInt(d.retryAfter, 10))
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(d.status)
	// If that fails, the client has gone.
	_, _ = w.Write(body)
}

func unauthorized(code, detail, challenge string) *denial {
	return &denial{status: http.StatusUnauthorized, code: code, detail: detail, challenge: challenge}
}

func invalid(code, detail string) *denial {
	return unauthorized(code, detail, challenge+`, error="invalid_token"`)
}

func forbidden(code, detail, parameters string) *denial {
	return &denial{
		status: http.StatusForbidden, code: code, detail: detail,
		challenge: challenge + `, error="insufficient_scope"` + parameters,
	}
}

func unavailable(code, detail string) *denial {
	return &denial{status: http.StatusServiceUnavailable, code: code, detail: detail, retryAfter: 1}
}

// denialOf is the response to a request whose key is invalid, as forward authentication responds. Codes may be new.
func denialOf(found *APIKeyVerification, scopes []string) *denial {
	switch found.Code {
	case "insufficient_scope":
		needed := strings.Join(scopes, " ")
		detail := fmt.Sprintf("The credential lacks a required scope: %s.", needed)
		return forbidden(found.Code, detail, fmt.Sprintf(`, scope="%s"`, needed))
	case "network_not_allowed":
		return forbidden(found.Code, "The API key may not be used from this address.", "")
	case "rate_limited":
		return &denial{
			status: http.StatusTooManyRequests, code: found.Code,
			detail:     "The API key is over its rate limit. Wait, then try again.",
			retryAfter: max(1, found.GetRetryAfterSeconds()),
		}
	case "pending":
		return invalid("key_pending", "The API key is not valid yet.")
	case "disabled", "revoked", "expired":
		return invalid("key_"+found.Code, fmt.Sprintf("The API key is %s.", found.Code))
	case "principal_disabled":
		return invalid(found.Code, "The principal that the API key belongs to is disabled.")
	case "project_disabled":
		return invalid(found.Code, "The project of the API key is disabled.")
	}
	return invalid("invalid_credentials", "The API key is invalid.")
}
