// Calls methods of the resource layer; ../README.md, "Methods", describes the protocol.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	latchkey "latchkey.internal/client"
	"latchkey.internal/client-test/calls"
)

type methodRequest struct {
	Client    string
	Settings  settings
	Method    string
	Arguments calls.Values
	Options   struct {
		Retry   *bool
		Timeout *float64
	}
	Take         int
	ForSeconds   float64 `json:"for_seconds"`
	Concurrently int
	CancelAfter  float64 `json:"cancel_after"`
}

type settings struct {
	URL      string
	APIKey   string `json:"api_key"`
	Token    string
	Username string
	Password string
}

type validationError struct {
	Loc  []any  `json:"loc"`
	Msg  string `json:"msg"`
	Type string `json:"type"`
}

type methodError struct {
	Error      string            `json:"error"`
	Status     *int              `json:"status"`
	Code       *string           `json:"code"`
	Title      *string           `json:"title"`
	Detail     *string           `json:"detail"`
	Errors     []validationError `json:"errors"`
	RequestID  *string           `json:"request_id"`
	RetryAfter *int              `json:"retry_after"`
	Printed    string            `json:"printed"`
}

type methodSuccess struct {
	Body    any               `json:"body"`
	Headers map[string]string `json:"headers,omitempty"`
	Printed string            `json:"printed"`
}

type cancelled struct {
	Cancelled bool `json:"cancelled"`
}

// The names of errors by their meaning.
var meanings = map[string]error{
	"authentication":      latchkey.ErrAuthentication,
	"permission_denied":   latchkey.ErrPermissionDenied,
	"not_found":           latchkey.ErrNotFound,
	"conflict":            latchkey.ErrConflict,
	"precondition_failed": latchkey.ErrPreconditionFailed,
	"validation":          latchkey.ErrValidation,
	"rate_limited":        latchkey.ErrRateLimited,
	"server":              latchkey.ErrServer,
	"connection":          latchkey.ErrConnection,
	"timeout":             latchkey.ErrTimeout,
}

// buffer collects the debug log of many goroutines.
type buffer struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (b *buffer) Write(text []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.text.Write(text)
}

func (b *buffer) take() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	defer b.text.Reset()
	return b.text.String()
}

var (
	clients  = map[string]*latchkey.Client{}
	debugLog buffer
)

// handler sends warnings to the default logger, and the rest to the debug log.
type handler struct {
	slog.Handler
}

func (h handler) Handle(ctx context.Context, record slog.Record) error {
	if record.Level >= slog.LevelWarn {
		return slog.Default().Handler().Handle(ctx, record)
	}
	return h.Handler.Handle(ctx, record)
}

func clientOf(request methodRequest) (*latchkey.Client, error) {
	if client := clients[request.Client]; client != nil {
		return client, nil
	}
	debug := slog.NewJSONHandler(&debugLog, &slog.HandlerOptions{Level: slog.LevelDebug})
	options := []latchkey.Option{latchkey.WithLogger(slog.New(handler{debug}))}
	given := request.Settings
	if given.URL != "" {
		options = append(options, latchkey.WithURL(given.URL))
	}
	if given.APIKey != "" {
		options = append(options, latchkey.WithAPIKey(given.APIKey))
	}
	if given.Token != "" {
		options = append(options, latchkey.WithToken(given.Token))
	}
	if given.Username != "" {
		options = append(options, latchkey.WithLogin(given.Username, given.Password))
	}
	client, err := latchkey.New(options...)
	if err == nil {
		clients[request.Client] = client
	}
	return client, err
}

// printed is everything as Go prints and logs it.
func printed(values ...any) string {
	var text strings.Builder
	log := slog.New(slog.NewJSONHandler(&text, nil))
	for _, value := range values {
		fmt.Fprintf(&text, "%v %+v %#v %s %q %d\n", value, value, value, value, value, value)
		log.Info("printed", "value", value)
	}
	return text.String() + debugLog.take()
}

func executeMethod(request methodRequest) any {
	client, err := clientOf(request)
	if err != nil {
		return runnerResponse{Failure: err.Error()}
	}
	var response *http.Response
	var returned calls.Returned
	one := func() (calls.Returned, *http.Response, error) {
		var response *http.Response
		common := []latchkey.CallOption{latchkey.WithResponse(&response)}
		if request.Options.Retry != nil {
			common = append(common, latchkey.WithRetry(*request.Options.Retry))
		}
		if request.Options.Timeout != nil {
			common = append(common, latchkey.WithTimeout(seconds(*request.Options.Timeout)).CallOption)
		}
		ctx := context.Background()
		if request.CancelAfter > 0 {
			cancellable, cancel := context.WithCancel(ctx)
			defer time.AfterFunc(seconds(request.CancelAfter), cancel).Stop()
			ctx = cancellable
		}
		returned, err := calls.CallMethod(ctx, client, request.Method, request.Arguments, request.Take, common)
		return returned, response, err
	}
	switch end := time.Now().Add(seconds(request.ForSeconds)); {
	case request.Concurrently > 0:
		returned, response, err = concurrently(request.Concurrently, one)
	default:
		for returned, response, err = one(); err == nil && time.Now().Before(end); {
			returned, response, err = one()
		}
	}
	if errors.Is(err, context.Canceled) {
		return cancelled{true}
	}
	if err != nil {
		return errorResponse(err, client)
	}
	success := methodSuccess{Body: returned.Body, Headers: map[string]string{}}
	for name, values := range response.Header {
		success.Headers[strings.ToLower(name)] = strings.Join(values, ", ")
	}
	success.Printed = printed(append(arguments(request), client, *client, returned.Value, response)...)
	return success
}

// arguments are models with the secrets of the request, which a program may print.
func arguments(request methodRequest) []any {
	var models []any
	for _, model := range []any{&latchkey.APIKeyVerify{}, &latchkey.UserCreate{}, &latchkey.PasswordChange{}, &latchkey.APIKeyFilter{}} {
		if json.Unmarshal(request.Arguments["body"], model) == nil {
			models = append(models, model)
		}
	}
	return models
}

func concurrently(count int, call func() (calls.Returned, *http.Response, error)) (calls.Returned, *http.Response, error) {
	var group sync.WaitGroup
	var mutex sync.Mutex
	var returned calls.Returned
	var response *http.Response
	var failure error
	for range count {
		group.Add(1)
		go func() {
			defer group.Done()
			one, its, err := call()
			mutex.Lock()
			defer mutex.Unlock()
			returned, response = one, its
			failure = errors.Join(failure, err)
		}()
	}
	group.Wait()
	return returned, response, failure
}

func errorResponse(err error, client *latchkey.Client) any {
	var failed *latchkey.Error
	if !errors.As(err, &failed) {
		return runnerResponse{Failure: err.Error()}
	}
	result := methodError{
		Error:     "error",
		Status:    known(failed.Status),
		Code:      known(failed.Code),
		Title:     known(failed.Title),
		Detail:    known(failed.Detail),
		Errors:    []validationError{},
		RequestID: known(failed.RequestID),
	}
	result.RetryAfter = known(int(failed.RetryAfter.Seconds()))
	for name, meaning := range meanings {
		if errors.Is(err, meaning) {
			result.Error = name
		}
	}
	for _, one := range failed.Errors {
		loc := []any{}
		for _, part := range one.Loc {
			loc = append(loc, part.GetActualInstanceValue())
		}
		result.Errors = append(result.Errors, validationError{loc, one.Msg, one.Type})
	}
	result.Printed = printed(client, err, *failed)
	return result
}

// known is nil for a zero.
func known[T comparable](value T) *T {
	var zero T
	if value == zero {
		return nil
	}
	return &value
}

func seconds(count float64) time.Duration {
	return time.Duration(count * float64(time.Second))
}
