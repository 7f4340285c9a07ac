package latchkey

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// retry says when a request is repeated; docs/CLIENTS.md explains it.
type retry int

const (
	never retry = iota
	// Only if the server surely did not act.
	rejected
	// Repeating is safe, unless the caller gives If-Match: then the repetition of a lost success would fail.
	conditional
	// Repeating is safe.
	repeatable
	// Repeating is safe because of an Idempotency-Key.
	keyed
)

// call is a call of a method.
type call struct {
	method   string
	path     string
	query    url.Values
	header   http.Header
	body     any
	form     url.Values
	retry    retry
	timeout  time.Duration
	response **http.Response
}

func newCall(method, path string, retry retry) *call {
	c := &call{method: method, path: path, query: url.Values{}, header: http.Header{}, retry: retry}
	if retry == keyed {
		c.header.Set("Idempotency-Key", newUUID())
	}
	return c
}

// newUUID is a random UUID (RFC 9562, version 4).
func newUUID() string {
	var id [16]byte
	// It never fails.
	_, _ = rand.Read(id[:])
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

// text is a parameter as it is sent.
func text[T any](value T) string {
	if at, ok := any(value).(time.Time); ok {
		return at.Format(time.RFC3339Nano)
	}
	return fmt.Sprint(value)
}

// segment is a parameter as a part of the path.
func segment[T any](value T) string { return url.PathEscape(text(value)) }

// CallOption is an option of every method.
type CallOption struct {
	apply func(*call)
}

// TimeoutOption is an option of a client and of every method.
type TimeoutOption struct {
	CallOption
	timeout time.Duration
}

func (o TimeoutOption) configure(s *settings) { s.timeout = o.timeout }

// WithTimeout limits the time of a call, with everything that is repeated; by default to 5 s. Of an iterator, it limits
// the time of each page.
func WithTimeout(timeout time.Duration) TimeoutOption {
	return TimeoutOption{CallOption{func(c *call) { c.timeout = timeout }}, timeout}
}

// WithRetry says whether the request is repeated even if the server may have acted on it, or not repeated at all.
func WithRetry(repeat bool) CallOption {
	return CallOption{func(c *call) {
		c.retry = never
		if repeat {
			c.retry = repeatable
		}
	}}
}

// WithResponse stores the response, whose body was read: its headers have the ETag and the X-Request-Id. Of an
// iterator, it is the response of the latest page.
func WithResponse(response **http.Response) CallOption {
	return CallOption{func(c *call) { c.response = response }}
}
