// Does the scenario's steps with the Go client, as ../README.md says.
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

type order struct {
	Operation   string
	BaseURL     string `json:"base_url"`
	Credentials struct {
		Bearer string
		APIKey string `json:"api_key"`
	}
	Arguments arguments
}

// arguments are what the scenario asks for, by the names of the contract; nil is absent.
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

// fields are members of a body, each as JSON.
type fields map[string]json.RawMessage

type report struct {
	Status  int               `json:"status,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
	Error   string            `json:"error,omitempty"`
	Body    interface{}       `json:"body,omitempty"`
	Refused string            `json:"refused,omitempty"`
	Failure string            `json:"failure,omitempty"`
}

// errNaive says that Go's times always have an offset.
var errNaive = errors.New("a time without an offset is no time.Time")

// given passes a value on to a setter of a request, unless it is absent.
func given[Request, T any](request Request, set func(T) Request, value *T) Request {
	if value == nil {
		return request
	}
	return set(*value)
}

// value is a member of a body, or nil.
func value[T any](body fields, name string) *T {
	text, here := body[name]
	if !here {
		return nil
	}
	var read *T
	if err := json.Unmarshal(text, &read); err != nil {
		panic(err)
	}
	return read
}

// instant is a member that is a time, or nil.
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

// list passes on a member that is a list; the client has null only as an additional property.
func list(body fields, name string, set func([]string), additional *map[string]interface{}) {
	if _, here := body[name]; !here {
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
	made := latchkey.NewAPIKeyRecordCreate()
	if _, here := body["expires_at"]; here {
		made.ExpiresAt.Set(instant(body, "expires_at"))
	}
	if _, here := body["description"]; here {
		made.Description.Set(value[string](body, "description"))
	}
	return *made
}

func policy(body fields) latchkey.APIKeyPolicy {
	made := latchkey.NewAPIKeyPolicy()
	list(body, "scopes", made.SetScopes, &made.AdditionalProperties)
	list(body, "networks", made.SetNetworks, &made.AdditionalProperties)
	if _, here := body["not_before"]; here {
		made.NotBefore.Set(instant(body, "not_before"))
	}
	if _, here := body["rate_limit"]; here {
		made.RateLimit.Set(nil)
		if limit := value[fields](body, "rate_limit"); limit != nil {
			made.SetRateLimit(*latchkey.NewRateLimit(*value[int64](*limit, "requests"), *value[int64](*limit, "seconds")))
		}
	}
	return *made
}

func question(body fields) latchkey.APIKeyVerify {
	made := latchkey.NewAPIKeyVerify(*value[string](body, "key"))
	list(body, "scopes", made.SetScopes, &made.AdditionalProperties)
	if _, here := body["ip"]; here {
		made.Ip.Set(value[string](body, "ip"))
	}
	return *made
}

func rotation(body fields) latchkey.APIKeyRotate {
	return latchkey.APIKeyRotate{OverlapSeconds: value[int64](body, "overlap_seconds")}
}

func revocation(body fields) latchkey.APIKeyRevoke {
	made := latchkey.NewAPIKeyRevoke()
	if _, here := body["reason"]; here {
		made.Reason.Set(value[string](body, "reason"))
	}
	return *made
}

// state has what was null: the client leaves a list that is nil out when it writes it, also where it is required.
func state(read latchkey.AuditedState) map[string]interface{} {
	members, err := read.ToMap()
	if err != nil {
		panic(err)
	}
	members["scopes"], members["networks"] = read.Scopes, read.Networks
	return members
}

func events(read []latchkey.AuditEvent) []map[string]interface{} {
	said := []map[string]interface{}{}
	for _, event := range read {
		members, err := event.ToMap()
		if err != nil {
			panic(err)
		}
		members["after"] = state(event.After)
		if before := event.Before.Get(); before != nil {
			members["before"] = state(*before)
		}
		said = append(said, members)
	}
	return said
}

// told is what a call gave; nothing is a body that there was not.
func told[T any](body T, response *http.Response, err error) report {
	if response == nil {
		return report{Failure: err.Error()}
	}
	said := report{Status: response.StatusCode, Headers: map[string]string{}, Body: body}
	for name, values := range response.Header {
		said.Headers[strings.ToLower(name)] = strings.Join(values, ", ")
	}
	if err == nil {
		return said
	}
	var refusal *latchkey.GenericOpenAPIError
	if !errors.As(err, &refusal) || response.StatusCode < 400 {
		return report{Failure: err.Error()}
	}
	said.Body = refusal.Model()
	switch refusal.Model().(type) {
	case latchkey.HTTPValidationError:
		said.Error = "HTTPValidationError"
	case latchkey.Problem:
		said.Error = "Problem"
	case latchkey.TokenError:
		said.Error = "TokenError"
	default:
		said.Error = "unknown"
	}
	return said
}

func toldNothing(response *http.Response, err error) report {
	return told[interface{}](nil, response, err)
}

func call(client *latchkey.APIClient, ctx context.Context, operation string, a arguments) report {
	switch operation {
	case "issueToken":
		r := client.TokensAPI.IssueToken(ctx)
		r = given(r, r.GrantType, value[latchkey.GrantType](a.Body, "grant_type"))
		r = given(r, r.Username, value[string](a.Body, "username"))
		r = given(r, r.Password, value[string](a.Body, "password"))
		r = given(r, r.Scope, value[string](a.Body, "scope"))
		return told(r.Execute())
	case "getCurrentUser":
		return told(client.UsersAPI.GetCurrentUser(ctx).Execute())
	case "createApiKey":
		r := client.ApiKeysAPI.CreateApiKey(ctx).APIKeyRecordCreate(record(a.Body))
		r = given(r, r.IdempotencyKey, a.IdempotencyKey)
		return told(r.Execute())
	case "listApiKeys":
		r := client.ApiKeysAPI.ListApiKeys(ctx)
		r = given(r, r.Limit, a.Limit)
		r = given(r, r.Cursor, a.Cursor)
		r = given(r, r.Status, a.Status)
		return told(r.Execute())
	case "getApiKey":
		return told(client.ApiKeysAPI.GetApiKey(ctx, a.ItemID).Execute())
	case "updateApiKey":
		r := client.ApiKeysAPI.UpdateApiKey(ctx, a.ItemID).APIKeyRecordCreate(record(a.Body))
		r = given(r, r.IfMatch, a.IfMatch)
		return told(r.Execute())
	case "deleteApiKey":
		return toldNothing(client.ApiKeysAPI.DeleteApiKey(ctx, a.ItemID).Execute())
	case "verifyApiKey":
		return told(client.VerificationAPI.VerifyApiKey(ctx).APIKeyVerify(question(a.Body)).Execute())
	case "introspectToken":
		r := client.VerificationAPI.IntrospectToken(ctx)
		r = given(r, r.Token, value[string](a.Body, "token"))
		r = given(r, r.TokenTypeHint, value[string](a.Body, "token_type_hint"))
		return told(r.Execute())
	case "forwardAuth":
		r := client.VerificationAPI.ForwardAuth(ctx)
		r = given(r, r.Scope, a.Scope)
		return toldNothing(r.Execute())
	case "revokeToken":
		r := client.VerificationAPI.RevokeToken(ctx)
		r = given(r, r.Token, value[string](a.Body, "token"))
		return toldNothing(r.Execute())
	case "getApiKeyPolicy":
		return told(client.LifecycleAPI.GetApiKeyPolicy(ctx, a.ItemID).Execute())
	case "setApiKeyPolicy":
		r := client.LifecycleAPI.SetApiKeyPolicy(ctx, a.ItemID).APIKeyPolicy(policy(a.Body))
		r = given(r, r.IfMatch, a.IfMatch)
		return told(r.Execute())
	case "getApiKeyUsage":
		return told(client.LifecycleAPI.GetApiKeyUsage(ctx, a.ItemID).Execute())
	case "disableApiKey":
		return told(client.LifecycleAPI.DisableApiKey(ctx, a.ItemID).Execute())
	case "enableApiKey":
		return told(client.LifecycleAPI.EnableApiKey(ctx, a.ItemID).Execute())
	case "rotateApiKey":
		r := client.LifecycleAPI.RotateApiKey(ctx, a.ItemID).APIKeyRotate(rotation(a.Body))
		r = given(r, r.IdempotencyKey, a.IdempotencyKey)
		return told(r.Execute())
	case "revokeApiKey":
		return told(client.LifecycleAPI.RevokeApiKey(ctx, a.ItemID).APIKeyRevoke(revocation(a.Body)).Execute())
	case "listAuditEvents":
		r := client.AuditAPI.ListAuditEvents(ctx)
		r = given(r, r.Limit, a.Limit)
		r = given(r, r.Cursor, a.Cursor)
		r = given(r, r.KeyId, a.KeyID)
		r = given(r, r.ActorUserId, a.ActorUserID)
		r = given(r, r.Action, a.Action)
		read, response, err := r.Execute()
		return told(events(read), response, err)
	}
	return report{Failure: "no such operation: " + operation}
}

func do(asked order) (said report) {
	defer func() {
		switch problem := recover(); problem {
		case nil:
		case errNaive:
			said = report{Refused: errNaive.Error()}
		default:
			said = report{Failure: fmt.Sprint(problem)}
		}
	}()
	config := latchkey.NewConfiguration()
	config.Servers = latchkey.ServerConfigurations{{URL: asked.BaseURL}}
	ctx := context.Background()
	if bearer := asked.Credentials.Bearer; bearer != "" {
		ctx = context.WithValue(ctx, latchkey.ContextAccessToken, bearer)
	}
	if key := asked.Credentials.APIKey; key != "" {
		ctx = context.WithValue(ctx, latchkey.ContextAPIKeys, map[string]latchkey.APIKey{"APIKeyHeader": {Key: key}})
	}
	return call(latchkey.NewAPIClient(config), ctx, asked.Operation, asked.Arguments)
}

func main() {
	lines := bufio.NewReader(os.Stdin)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		var asked order
		var said report
		if err := json.NewDecoder(bytes.NewReader(line)).Decode(&asked); err != nil {
			said = report{Failure: err.Error()}
		} else {
			said = do(asked)
		}
		written, err := json.Marshal(said)
		if err != nil {
			written, _ = json.Marshal(report{Failure: err.Error()})
		}
		fmt.Println(string(written))
	}
}
