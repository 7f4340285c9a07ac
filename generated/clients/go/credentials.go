package latchkey

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// A token is renewed so long before it ends, or at the last tenth of its lifetime.
const renewal = time.Minute

// credential is what a client authenticates with. String names its kind, without the secret.
type credential interface {
	String() string
	canBeSent() bool
	// header is the name and the value of the header of a request.
	header(ctx context.Context, t *transport) (name, value string, err error)
	// forget takes note that the value was rejected, and says whether another may be accepted.
	forget(value string) bool
}

// fixed is an API key or a token.
type fixed struct {
	name, value, kind string
}

func (f fixed) String() string { return f.kind }

func (f fixed) canBeSent() bool {
	value := strings.TrimPrefix(f.value, "Bearer ")
	return value != "" && !strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' })
}

func (f fixed) header(context.Context, *transport) (name, value string, err error) {
	return f.name, f.value, nil
}

func (f fixed) forget(string) bool { return false }

// login is a user's name and password, and the present token.
type login struct {
	username, password string
	// Has an item while nobody uses what follows. Unlike a mutex, it can be waited for until a context is done.
	turn      chan struct{}
	token     string
	renewedAt time.Time
	refusal   *Error
}

func newLogin(username, password string) *login {
	l := &login{username: username, password: password, turn: make(chan struct{}, 1)}
	l.turn <- struct{}{}
	return l
}

func (l *login) String() string { return "user " + l.username }

func (l *login) canBeSent() bool { return l.username != "" && l.password != "" }

// header logs in if there is no token that is valid long enough. A login that was refused is not repeated.
func (l *login) header(ctx context.Context, t *transport) (name, value string, err error) {
	select {
	case <-l.turn:
		defer func() { l.turn <- struct{}{} }()
	case <-ctx.Done():
		return "", "", t.failure(ctx, ctx.Err())
	}
	if l.refusal != nil {
		// A copy, as the caller may change it.
		refusal := *l.refusal
		return "", "", &refusal
	}
	if l.token == "" || !time.Now().Before(l.renewedAt) {
		if err := l.logIn(ctx, t); err != nil {
			return "", "", err
		}
	}
	return "Authorization", "Bearer " + l.token, nil
}

// logIn requests a token (RFC 6749, section 4.3).
func (l *login) logIn(ctx context.Context, t *transport) error {
	c := newCall(http.MethodPost, "/token", rejected)
	c.form = url.Values{"grant_type": {"password"}, "username": {l.username}, "password": {l.password}}
	started := time.Now()
	r, err := t.repeated(ctx, c)
	if err != nil {
		return err
	}
	switch r.status {
	case http.StatusOK:
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden:
		l.refusal = errorOf(r)
		l.refusal.message = "the login was refused: " + l.refusal.message
		l.refusal.causes = []error{ErrAuthentication}
		refusal := *l.refusal
		return &refusal
	default:
		return errorOf(r)
	}
	var issued struct {
		AccessToken string  `json:"access_token"`
		ExpiresIn   float64 `json:"expires_in"`
	}
	if json.Unmarshal(r.body, &issued) != nil || issued.AccessToken == "" {
		return unreadable(r, notLatchkey)
	}
	lifetime := time.Duration(issued.ExpiresIn * float64(time.Second))
	l.token = issued.AccessToken
	l.renewedAt = started.Add(lifetime - min(renewal, lifetime/10))
	return nil
}

// forget forgets the token that was rejected, unless there is another by now.
func (l *login) forget(value string) bool {
	<-l.turn
	if value == "Bearer "+l.token {
		l.token = ""
	}
	l.turn <- struct{}{}
	return true
}
