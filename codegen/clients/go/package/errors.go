package latchkey

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// What an Error means; errors.Is tells.
var (
	// ErrAuthentication is a 401, or a login that was refused: the credential is missing or invalid.
	ErrAuthentication = errors.New("authentication failed")
	// ErrPermissionDenied is a 403: the credential does not permit the call.
	ErrPermissionDenied = errors.New("permission denied")
	// ErrNotFound is a 404: what the call is about does not exist, or the caller may not see it.
	ErrNotFound = errors.New("not found")
	// ErrConflict is a 409: the call does not fit the state of what it is about.
	ErrConflict = errors.New("conflict")
	// ErrPreconditionFailed is a 412: what the call is about has changed since its ETag was read.
	ErrPreconditionFailed = errors.New("precondition failed")
	// ErrValidation is a 422: the request violates the contract; Errors says where.
	ErrValidation = errors.New("validation failed")
	// ErrRateLimited is a 429: there were too many requests.
	ErrRateLimited = errors.New("rate limited")
	// ErrServer is a 5xx: the server, or a proxy before it, cannot respond now.
	ErrServer = errors.New("server error")
	// ErrConnection means that there was no response: the server cannot be reached, or the connection was lost.
	ErrConnection = errors.New("connection failed")
	// ErrTimeout means that there was no response within the time limit of the call.
	ErrTimeout = errors.New("timed out")
)

var meanings = map[int]error{
	http.StatusUnauthorized:        ErrAuthentication,
	http.StatusForbidden:           ErrPermissionDenied,
	http.StatusNotFound:            ErrNotFound,
	http.StatusConflict:            ErrConflict,
	http.StatusPreconditionFailed:  ErrPreconditionFailed,
	http.StatusUnprocessableEntity: ErrValidation,
	http.StatusTooManyRequests:     ErrRateLimited,
}

// Error is a call that failed. What is not known is zero.
type Error struct {
	// Status is the status of the response; 0 if there was none.
	Status int
	// Code is the cause, as the contract names it.
	Code   string
	Title  string
	Detail string
	// Errors says what is wrong with the request, of a 422.
	Errors []ValidationError
	// RequestID is the id that the server's log has for the request.
	RequestID string
	// RetryAfter is the time after which the server wants to be asked again.
	RetryAfter time.Duration

	message string
	causes  []error
}

// Error says what happened, with the status, the code and the id of the request.
func (e *Error) Error() string {
	text := "latchkey: " + e.message
	if e.RequestID != "" {
		text += " (request " + e.RequestID + ")"
	}
	return text
}

// Unwrap returns what the error means, such as ErrNotFound, and its cause, such as context.Canceled.
func (e *Error) Unwrap() []error { return e.causes }

// Location is where in the request the error is, with dots: `body.scopes.1`.
func (e ValidationError) Location() string {
	parts := make([]string, len(e.Loc))
	for i, part := range e.Loc {
		parts[i] = fmt.Sprint(part.GetActualInstanceValue())
	}
	return strings.Join(parts, ".")
}

// String is the location and the message.
func (e ValidationError) String() string { return e.Location() + ": " + e.Msg }

// failed is the error of a call that has no response.
func failed(meaning error, message string, cause error) *Error {
	failure := &Error{message: message}
	for _, part := range []error{meaning, cause} {
		if part != nil {
			failure.causes = append(failure.causes, part)
		}
	}
	return failure
}

// unreadable is the error of a response that the contract does not describe.
func unreadable(r *reply, what string) *Error {
	return &Error{
		Status:    r.status,
		RequestID: r.header.Get("X-Request-Id"),
		message:   fmt.Sprintf("%d: %s", r.status, what),
	}
}

// errorOf is the error that a response stands for, from the server or a proxy.
func errorOf(r *reply) *Error {
	members := map[string]json.RawMessage{}
	// What is no object has no members.
	_ = json.Unmarshal(r.body, &members)
	e := &Error{
		Status: r.status,
		// RFC 6749 has other names.
		Code:       first(members, "code", "error"),
		Title:      first(members, "title"),
		Detail:     first(members, "detail", "error_description"),
		Errors:     validationErrors(members["detail"]),
		RequestID:  r.header.Get("X-Request-Id"),
		RetryAfter: retryAfter(r.header),
	}
	if meaning := meanings[r.status]; meaning != nil {
		e.causes = []error{meaning}
	} else if r.status >= 500 {
		e.causes = []error{ErrServer}
	}
	e.message = strconv.Itoa(r.status)
	if e.Code != "" {
		e.message += " " + e.Code
	}
	if what := e.what(); what != "" {
		e.message += ": " + what
	}
	return e
}

func (e *Error) what() string {
	if len(e.Errors) > 0 {
		texts := make([]string, len(e.Errors))
		for i, one := range e.Errors {
			texts[i] = one.String()
		}
		return strings.Join(texts, "; ")
	}
	if e.Detail != "" {
		return e.Detail
	}
	return e.Title
}

// first is the first of the members that is a string.
func first(members map[string]json.RawMessage, names ...string) string {
	for _, name := range names {
		var text string
		if json.Unmarshal(members[name], &text) == nil && text != "" {
			return text
		}
	}
	return ""
}

// validationErrors reads as much as is readable.
func validationErrors(detail json.RawMessage) []ValidationError {
	var entries []json.RawMessage
	if json.Unmarshal(detail, &entries) != nil {
		return nil
	}
	var found []ValidationError
	for _, entry := range entries {
		var members map[string]json.RawMessage
		if json.Unmarshal(entry, &members) != nil || members == nil {
			continue
		}
		one := ValidationError{Msg: first(members, "msg"), Type: first(members, "type")}
		var parts []json.RawMessage
		_ = json.Unmarshal(members["loc"], &parts)
		for _, part := range parts {
			var location LocationInner
			if json.Unmarshal(part, &location) == nil && location.GetActualInstance() != nil {
				one.Loc = append(one.Loc, location)
			}
		}
		found = append(found, one)
	}
	return found
}

// retryAfter is `Retry-After` from now on, of a number of seconds or a date; 0 if it is neither.
func retryAfter(header http.Header) time.Duration {
	text := header.Get("Retry-After")
	// Of a number that is out of range, it returns the largest one.
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(seconds) * time.Second
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	return time.Duration(math.Ceil(max(0, time.Until(at).Seconds()))) * time.Second
}
