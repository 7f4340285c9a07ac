// Executes the steps of the scenario with the Go client; ../README.md describes the protocol.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	latchkey "latchkey.internal/client"
)

type runnerRequest struct {
	Operation   string
	BaseURL     string `json:"base_url"`
	Credentials struct {
		Bearer string
		APIKey string `json:"api_key"`
	}
	Arguments arguments
}

// arguments are the arguments of all operations, by their names in the contract; nil is absent.
type arguments struct {
	ItemID         int64 `json:"item_id"`
	Limit          *int64
	Cursor         *string
	Status         *latchkey.APIKeyStatus
	Scope          *string
	KeyID          *int64 `json:"key_id"`
	ActorUserID    *int64 `json:"actor_user_id"`
	Action         *latchkey.AuditAction
	IfMatch        *string `json:"If-Match"`
	IdempotencyKey *string `json:"Idempotency-Key"`
	Body           fields
}

// fields are the properties of a body, each as JSON.
type fields map[string]json.RawMessage

type runnerResponse struct {
	Status  int               `json:"status,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
	Error   string            `json:"error,omitempty"`
	Body    interface{}       `json:"body,omitempty"`
	Rejected string           `json:"rejected,omitempty"`
	Failure string            `json:"failure,omitempty"`
}

// errNaive is the rejection of a time without an offset, as Go's times always have one.
var errNaive = errors.New("a time without an offset is no time.Time")

// given passes a value to a setter of a request, unless it is absent.
func given[Request, T any](request Request, set func(T) Request, value *T) Request {
	if value == nil {
		return request
	}
	return set(*value)
}

// value is a property of a body, or nil.
func value[T any](body fields, name string) *T {
	text, present := body[name]
	if !present {
		return nil
	}
	var read *T
	if err := json.Unmarshal(text, &read); err != nil {
		panic(err)
	}
	return read
}

// instant is a property that is a time, or nil.
func instant(body fields, name string) *time.Time {
	text := value[string](body, name)
	if text == nil {
		return nil
	}
	read, err := time.Parse(time.RFC3339Nano, *text)
	if err != nil {
		panic(errNaive)
	}
	return &read
}

// list sets a property that is a list; the client supports null only as an additional property.
func list(body fields, name string, set func([]string), additional *map[string]interface{}) {
	if _, present := body[name]; !present {
		return
	}
	if read := value[[]string](body, name); read != nil {
		set(*read)
		return
	}
	if *additional == nil {
		*additional = map[string]interface{}{}
	}
	(*additional)[name] = nil
}

func record(body fields) latchkey.APIKeyRecordCreate {
	created := latchkey.NewAPIKeyRecordCreate()
	if _, present := body["expires_at"]; present {
		created.ExpiresAt.Set(instant(body, "expires_at"))
	}
	if _, present := body["description"]; present {
		created.Description.Set(value[string](body, "description"))
	}
	return *created
}

func policy(body fields) latchkey.APIKeyPolicy {
	created := latchkey.NewAPIKeyPolicy()
	list(body, "scopes", created.SetScopes, &created.AdditionalProperties)
	list(body, "networks", created.SetNetworks, &created.AdditionalProperties)
	if _, present := body["not_before"]; present {
		created.NotBefore.Set(instant(body, "not_before"))
	}
	if _, present := body["rate_limit"]; present {
		created.RateLimit.Set(nil)
		if limit := value[fields](body, "rate_limit"); limit != nil {
			created.SetRateLimit(*latchkey.NewRateLimit(*value[int64](*limit, "requests"), *value[int64](*limit, "seconds")))
		}
	}
	return *created
}

func verification(body fields) latchkey.APIKeyVerify {
	created := latchkey.NewAPIKeyVerify(*value[string](body, "key"))
	list(body, "scopes", created.SetScopes, &created.AdditionalProperties)
	if _, present := body["ip"]; present {
		created.Ip.Set(value[string](body, "ip"))
	}
	return *created
}

func rotation(body fields) latchkey.APIKeyRotate {
	return latchkey.APIKeyRotate{OverlapSeconds: value[int64](body, "overlap_seconds")}
}

func revocation(body fields) latchkey.APIKeyRevoke {
	created := latchkey.NewAPIKeyRevoke()
	if _, present := body["reason"]; present {
		created.Reason.Set(value[string](body, "reason"))
	}
	return *created
}

// state includes lists that are null: the client omits them when it encodes them, also where they are required.
func state(read latchkey.AuditedState) map[string]interface{} {
	members, err := read.ToMap()
	if err != nil {
		panic(err)
	}
	members["scopes"], members["networks"] = read.Scopes, read.Networks
	return members
}

func events(read []latchkey.AuditEvent) []map[string]interface{} {
	result := []map[string]interface{}{}
	for _, event := range read {
		members, err := event.ToMap()
		if err != nil {
			panic(err)
		}
		members["after"] = state(event.After)
		if before := event.Before.Get(); before != nil {
			members["before"] = state(*before)
		}
		result = append(result, members)
	}
	return result
}

// respond encodes the result of a call.
func respond[T any](body T, response *http.Response, err error) runnerResponse {
	if response == nil {
		return runnerResponse{Failure: err.Error()}
	}
	result := runnerResponse{Status: response.StatusCode, Headers: map[string]string{}, Body: body}
	for name, values := range response.Header {
		result.Headers[strings.ToLower(name)] = strings.Join(values, ", ")
	}
	if err == nil {
		return result
	}
	var apiError *latchkey.GenericOpenAPIError
	if !errors.As(err, &apiError) || response.StatusCode < 400 {
		return runnerResponse{Failure: err.Error()}
	}
	result.Body = apiError.Model()
	switch apiError.Model().(type) {
	case latchkey.HTTPValidationError:
		result.Error = "HTTPValidationError"
	case latchkey.Problem:
		result.Error = "Problem"
	case latchkey.TokenError:
		result.Error = "TokenError"
	default:
		result.Error = "unknown"
	}
	return result
}

func respondWithoutBody(response *http.Response, err error) runnerResponse {
	return respond[interface{}](nil, response, err)
}

func call(client *latchkey.APIClient, ctx context.Context, operation string, a arguments) runnerResponse {
	switch operation {
	case "issueToken":
		r := client.TokensAPI.IssueToken(ctx)
		r = given(r, r.GrantType, value[latchkey.GrantType](a.Body, "grant_type"))
		r = given(r, r.Username, value[string](a.Body, "username"))
		r = given(r, r.Password, value[string](a.Body, "password"))
		r = given(r, r.Scope, value[string](a.Body, "scope"))
		return respond(r.Execute())
	case "getCurrentUser":
		return respond(client.UsersAPI.GetCurrentUser(ctx).Execute())
	case "createApiKey":
		r := client.ApiKeysAPI.CreateApiKey(ctx).APIKeyRecordCreate(record(a.Body))
		r = given(r, r.IdempotencyKey, a.IdempotencyKey)
		return respond(r.Execute())
	case "listApiKeys":
		r := client.ApiKeysAPI.ListApiKeys(ctx)
		r = given(r, r.Limit, a.Limit)
		r = given(r, r.Cursor, a.Cursor)
		r = given(r, r.Status, a.Status)
		return respond(r.Execute())
	case "getApiKey":
		return respond(client.ApiKeysAPI.GetApiKey(ctx, a.ItemID).Execute())
	case "updateApiKey":
		r := client.ApiKeysAPI.UpdateApiKey(ctx, a.ItemID).APIKeyRecordCreate(record(a.Body))
		r = given(r, r.IfMatch, a.IfMatch)
		return respond(r.Execute())
	case "deleteApiKey":
		return respondWithoutBody(client.ApiKeysAPI.DeleteApiKey(ctx, a.ItemID).Execute())
	case "verifyApiKey":
		return respond(client.VerificationAPI.VerifyApiKey(ctx).APIKeyVerify(verification(a.Body)).Execute())
	case "introspectToken":
		r := client.VerificationAPI.IntrospectToken(ctx)
		r = given(r, r.Token, value[string](a.Body, "token"))
		r = given(r, r.TokenTypeHint, value[string](a.Body, "token_type_hint"))
		return respond(r.Execute())
	case "forwardAuth":
		r := client.VerificationAPI.ForwardAuth(ctx)
		r = given(r, r.Scope, a.Scope)
		return respondWithoutBody(r.Execute())
	case "revokeToken":
		r := client.VerificationAPI.RevokeToken(ctx)
		r = given(r, r.Token, value[string](a.Body, "token"))
		return respondWithoutBody(r.Execute())
	case "getApiKeyPolicy":
		return respond(client.LifecycleAPI.GetApiKeyPolicy(ctx, a.ItemID).Execute())
	case "setApiKeyPolicy":
		r := client.LifecycleAPI.SetApiKeyPolicy(ctx, a.ItemID).APIKeyPolicy(policy(a.Body))
		r = given(r, r.IfMatch, a.IfMatch)
		return respond(r.Execute())
	case "getApiKeyUsage":
		return respond(client.LifecycleAPI.GetApiKeyUsage(ctx, a.ItemID).Execute())
	case "disableApiKey":
		return respond(client.LifecycleAPI.DisableApiKey(ctx, a.ItemID).Execute())
	case "enableApiKey":
		return respond(client.LifecycleAPI.EnableApiKey(ctx, a.ItemID).Execute())
	case "rotateApiKey":
		r := client.LifecycleAPI.RotateApiKey(ctx, a.ItemID).APIKeyRotate(rotation(a.Body))
		r = given(r, r.IdempotencyKey, a.IdempotencyKey)
		return respond(r.Execute())
	case "revokeApiKey":
		return respond(client.LifecycleAPI.RevokeApiKey(ctx, a.ItemID).APIKeyRevoke(revocation(a.Body)).Execute())
	case "listAuditEvents":
		r := client.AuditAPI.ListAuditEvents(ctx)
		r = given(r, r.Limit, a.Limit)
		r = given(r, r.Cursor, a.Cursor)
		r = given(r, r.KeyId, a.KeyID)
		r = given(r, r.ActorUserId, a.ActorUserID)
		r = given(r, r.Action, a.Action)
		read, response, err := r.Execute()
		return respond(events(read), response, err)
	}
	return runnerResponse{Failure: "no such operation: " + operation}
}

func execute(request runnerRequest) (result runnerResponse) {
	defer func() {
		switch problem := recover(); problem {
		case nil:
		case errNaive:
			result = runnerResponse{Rejected: errNaive.Error()}
		default:
			result = runnerResponse{Failure: fmt.Sprint(problem)}
		}
	}()
	config := latchkey.NewConfiguration()
	config.Servers = latchkey.ServerConfigurations{{URL: request.BaseURL}}
	ctx := context.Background()
	if bearer := request.Credentials.Bearer; bearer != "" {
		ctx = context.WithValue(ctx, latchkey.ContextAccessToken, bearer)
	}
	if key := request.Credentials.APIKey; key != "" {
		ctx = context.WithValue(ctx, latchkey.ContextAPIKeys, map[string]latchkey.APIKey{"APIKeyHeader": {Key: key}})
	}
	return call(latchkey.NewAPIClient(config), ctx, request.Operation, request.Arguments)
}

func main() {
	lines := bufio.NewReader(os.Stdin)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		var request runnerRequest
		var result runnerResponse
		if err := json.NewDecoder(bytes.NewReader(line)).Decode(&request); err != nil {
			result = runnerResponse{Failure: err.Error()}
		} else {
			result = execute(request)
		}
		written, err := json.Marshal(result)
		if err != nil {
			written, _ = json.Marshal(runnerResponse{Failure: err.Error()})
		}
		fmt.Println(string(written))
	}
}
