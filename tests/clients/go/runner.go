// Executes the steps of the scenario and of the methods with the Go client; ../README.md describes the protocol.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	latchkey "latchkey.internal/client"
	"latchkey.internal/client-test/calls"
)

type runnerRequest struct {
	Operation   string
	BaseURL     string `json:"base_url"`
	Credentials struct {
		Bearer string
		APIKey string `json:"api_key"`
	}
	Arguments calls.Values
}

type runnerResponse struct {
	Status   int               `json:"status,omitempty"`
	Headers  map[string]string `json:"headers,omitempty"`
	Error    string            `json:"error,omitempty"`
	Body     interface{}       `json:"body,omitempty"`
	Rejected string            `json:"rejected,omitempty"`
	Failure  string            `json:"failure,omitempty"`
}

// respond encodes the result of a call.
func respond(called calls.Result) runnerResponse {
	response := called.Response
	if response == nil {
		return runnerResponse{Failure: called.Err.Error()}
	}
	result := runnerResponse{Status: response.StatusCode, Headers: map[string]string{}, Body: called.Body}
	for name, values := range response.Header {
		result.Headers[strings.ToLower(name)] = strings.Join(values, ", ")
	}
	if called.Err == nil {
		return result
	}
	var apiError *latchkey.GenericOpenAPIError
	if !errors.As(called.Err, &apiError) || response.StatusCode < 400 {
		return runnerResponse{Failure: called.Err.Error()}
	}
	result.Error, result.Body = calls.ReadError(apiError.Model())
	return result
}

// answered is the response to a line.
func answered(line []byte) (result any) {
	defer func() {
		switch problem := recover(); problem {
		case nil:
		case calls.ErrNaive:
			result = runnerResponse{Rejected: calls.ErrNaive.Error()}
		default:
			result = runnerResponse{Failure: fmt.Sprint(problem)}
		}
	}()
	var method methodRequest
	if err := json.Unmarshal(line, &method); err == nil && method.Method != "" {
		return executeMethod(method)
	}
	var operation runnerRequest
	if err := json.Unmarshal(line, &operation); err != nil {
		return runnerResponse{Failure: err.Error()}
	}
	return execute(operation)
}

func execute(request runnerRequest) runnerResponse {
	config := latchkey.NewConfiguration()
	config.Servers = latchkey.ServerConfigurations{{URL: request.BaseURL}}
	ctx := context.Background()
	if bearer := request.Credentials.Bearer; bearer != "" {
		ctx = context.WithValue(ctx, latchkey.ContextAccessToken, bearer)
	}
	if key := request.Credentials.APIKey; key != "" {
		ctx = context.WithValue(ctx, latchkey.ContextAPIKeys, map[string]latchkey.APIKey{"APIKeyHeader": {Key: key}})
	}
	return respond(calls.Call(latchkey.NewAPIClient(config), ctx, request.Operation, request.Arguments))
}

func main() {
	lines := bufio.NewReader(os.Stdin)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		written, err := json.Marshal(answered(line))
		if err != nil {
			written, _ = json.Marshal(runnerResponse{Failure: err.Error()})
		}
		fmt.Println(string(written))
	}
}
