package latchkey

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"
)

// transport sends requests, with the credential of a client.
type transport struct {
	url        string
	credential credential
	timeout    time.Duration
	retries    int
	http       *http.Client
	// nil for slog.Default().
	logger *slog.Logger
}

// reply is a response that was read as a whole.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func (t *transport) log() *slog.Logger {
	if t.logger != nil {
		return t.logger
	}
	return slog.Default()
}

// send returns the response of a successful call.
func (t *transport) send(ctx context.Context, c *call) (*reply, error) {
	switch {
	case c.retry == conditional && c.header.Get("If-Match") != "":
		c.retry = rejected
	case c.retry == conditional:
		c.retry = repeatable
	}
	timeout := t.timeout
	if c.timeout != 0 {
		timeout = c.timeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	r, err := t.authenticated(ctx, c)
	if err != nil {
		return nil, err
	}
	if c.response != nil {
		*c.response = &http.Response{
			Status:     fmt.Sprintf("%d %s", r.status, http.StatusText(r.status)),
			StatusCode: r.status,
			Header:     r.header,
			Body:       http.NoBody,
		}
	}
	if r.status < 200 || r.status > 299 {
		return nil, errorOf(r)
	}
	warnOfVersion(t.log(), r.header)
	return r, nil
}

// authenticated sends a request with the credential; after a 401 once more, if there is another token by then.
func (t *transport) authenticated(ctx context.Context, c *call) (*reply, error) {
	name, value, err := t.credential.header(ctx, t)
	if err != nil {
		return nil, err
	}
	c.header.Set(name, value)
	r, err := t.repeated(ctx, c)
	if err == nil && r.status == http.StatusUnauthorized && t.credential.forget(value) {
		if name, value, err = t.credential.header(ctx, t); err != nil {
			return nil, err
		}
		c.header.Set(name, value)
		return t.repeated(ctx, c)
	}
	return r, err
}

// repeated sends a request, again if that is allowed and may help, until it has a response.
func (t *transport) repeated(ctx context.Context, c *call) (*reply, error) {
	content, err := c.content()
	if err != nil {
		return nil, failed(nil, "the request cannot be encoded", err)
	}
	attempts := attempts{retry: c.retry, retries: t.retries}
	for {
		started := time.Now()
		r, err := t.attempt(ctx, c, content)
		t.logAttempt(ctx, c, started, r, err)
		if ctx.Err() != nil && err != nil {
			return nil, t.failure(ctx, err)
		}
		pause, again := time.Duration(0), false
		if err != nil && attempts.repeatsFailure(err) {
			pause, again = attempts.pause(ctx, 0)
		} else if err == nil && attempts.repeatsReply(r) {
			pause, again = attempts.pause(ctx, retryAfter(r.header))
		}
		switch {
		case again && !sleep(ctx, pause):
			return nil, t.failure(ctx, ctx.Err())
		case !again && err != nil:
			return nil, t.failure(ctx, err)
		case !again:
			return r, nil
		}
	}
}

func (t *transport) attempt(ctx context.Context, c *call, content []byte) (*reply, error) {
	request, err := http.NewRequestWithContext(ctx, c.method, t.url+c.path, bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	request.URL.RawQuery = c.query.Encode()
	request.Header = c.header.Clone()
	request.Header.Set("User-Agent", "latchkey-go/"+Version)
	request.Header.Set("Accept", "application/json, application/problem+json")
	// Otherwise a body that claims to be compressed, and is not, would hide the status.
	request.Header.Set("Accept-Encoding", "identity")
	response, err := t.http.Do(request)
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		// Without the address, which has the query.
		return nil, wrapped.Err
	}
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	return &reply{response.StatusCode, response.Header, body}, nil
}

// content is the body of the request, whose type it sets.
func (c *call) content() ([]byte, error) {
	switch {
	case c.form != nil:
		c.header.Set("Content-Type", "application/x-www-form-urlencoded")
		return []byte(c.form.Encode()), nil
	case c.body != nil:
		c.header.Set("Content-Type", "application/json")
		return json.Marshal(c.body)
	}
	return nil, nil
}

// logAttempt logs no headers, queries and bodies, which have secrets.
func (t *transport) logAttempt(ctx context.Context, c *call, started time.Time, r *reply, err error) {
	attributes := []any{"method", c.method, "path", c.path, "duration", time.Since(started)}
	if err != nil {
		attributes = append(attributes, "error", err)
	} else {
		attributes = append(attributes, "status", r.status, "request_id", r.header.Get("X-Request-Id"))
	}
	t.log().DebugContext(ctx, "latchkey request", attributes...)
}

// failure is the error of a call that got no response because of err.
func (t *transport) failure(ctx context.Context, err error) *Error {
	var network net.Error
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return failed(nil, "the call was cancelled", ctx.Err())
	case ctx.Err() != nil:
		return failed(ErrTimeout, "no response within the time limit", ctx.Err())
	case errors.As(err, &network) && network.Timeout() && !isNotSent(err):
		return failed(ErrTimeout, "no response within the time limit of the HTTP client", err)
	}
	return failed(ErrConnection, "no response: "+err.Error(), err)
}
