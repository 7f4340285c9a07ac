// Package calls calls every operation of the Go client, with arguments and responses as JSON. Generated; do not edit.
package calls

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	latchkey "latchkey.internal/client"
)

// Values are arguments or the properties of a body, by their names in the contract, each as JSON.
type Values map[string]json.RawMessage

// Result is the result of a call: the content that was read, the response, and the client's error.
type Result struct {
	Body     any
	Response *http.Response
	Err      error
}

// ErrNaive is the panic for a time without an offset, as Go's times always have one.
var ErrNaive = errors.New("a time without an offset is no time.Time")

// given passes a value to a setter of a request, unless it is absent.
func given[Request, T any](request Request, set func(T) Request, value *T) Request {
	if value == nil {
		return request
	}
	return set(*value)
}

// value is a value of the given type; nil if it is absent or null.
func value[T any](values Values, name string) *T {
	text, present := values[name]
	if !present {
		return nil
	}
	var read *T
	if err := json.Unmarshal(text, &read); err != nil {
		panic(err)
	}
	return read
}

// instant is a time; nil if it is absent or null.
func instant(values Values, name string) *time.Time {
	text := value[string](values, name)
	if text == nil {
		return nil
	}
	read, err := time.Parse(time.RFC3339Nano, *text)
	if err != nil {
		panic(ErrNaive)
	}
	return &read
}

// list is a list; nil if it is absent or null.
func list[Item, T any](values Values, name string, build func(Item) T) []T {
	read := value[[]Item](values, name)
	if read == nil {
		return nil
	}
	items := []T{}
	for _, item := range *read {
		items = append(items, build(item))
	}
	return items
}

// texts is a map of strings; nil if it is absent or null.
func texts(values Values, name string) map[string]string {
	read := value[map[string]string](values, name)
	if read == nil {
		return nil
	}
	return *read
}

// same is a value that needs no conversion.
func same[T any](value T) T {
	return value
}

// built is a model; nil if it is absent or null.
func built[T any](values Values, name string, build func(Values) T) *T {
	members := value[Values](values, name)
	if members == nil {
		return nil
	}
	model := build(*members)
	return &model
}

// nullable sets a property that may be null, unless it is absent.
func nullable[T any](values Values, name string, set func(*T), value *T) {
	if _, present := values[name]; present {
		set(value)
	}
}

// one reads a model that may be nil.
func one[T any](model *T, read func(T) map[string]any) any {
	if model == nil {
		return nil
	}
	return read(*model)
}

// each reads a list of models that may be nil.
func each[T any](models []T, read func(T) map[string]any) any {
	if models == nil {
		return nil
	}
	result := []any{}
	for _, model := range models {
		result = append(result, read(model))
	}
	return result
}

// optional adds a property unless it is nil.
func optional[T any](members map[string]any, name string, value *T) {
	if value != nil {
		members[name] = value
	}
}

func buildRateLimit(body Values) latchkey.RateLimit {
	model := latchkey.NewRateLimit(*value[int64](body, "requests"), *value[int64](body, "seconds"))
	return *model
}

func buildAPIKeyPolicy(body Values) latchkey.APIKeyPolicy {
	model := latchkey.NewAPIKeyPolicy()
	model.Scopes = list(body, "scopes", same[string])
	model.Networks = list(body, "networks", same[string])
	nullable(body, "not_before", model.NotBefore.Set, instant(body, "not_before"))
	nullable(body, "rate_limit", model.RateLimit.Set, built(body, "rate_limit", buildRateLimit))
	return *model
}

func buildAPIKeyCreate(body Values) latchkey.APIKeyCreate {
	model := latchkey.NewAPIKeyCreate()
	nullable(body, "expires_at", model.ExpiresAt.Set, instant(body, "expires_at"))
	nullable(body, "description", model.Description.Set, value[string](body, "description"))
	nullable(body, "policy", model.Policy.Set, built(body, "policy", buildAPIKeyPolicy))
	model.Metadata = texts(body, "metadata")
	return *model
}

func buildAPIKeyVerify(body Values) latchkey.APIKeyVerify {
	model := latchkey.NewAPIKeyVerify(*value[string](body, "key"))
	model.Scopes = list(body, "scopes", same[string])
	nullable(body, "ip", model.Ip.Set, value[string](body, "ip"))
	return *model
}

func buildDefaultPolicy(body Values) latchkey.DefaultPolicy {
	model := latchkey.NewDefaultPolicy()
	model.Scopes = list(body, "scopes", same[string])
	model.Networks = list(body, "networks", same[string])
	nullable(body, "rate_limit", model.RateLimit.Set, built(body, "rate_limit", buildRateLimit))
	return *model
}

func buildProjectSettingsUpdate(body Values) latchkey.ProjectSettingsUpdate {
	model := latchkey.NewProjectSettingsUpdate()
	nullable(body, "key_prefix", model.KeyPrefix.Set, value[string](body, "key_prefix"))
	model.DefaultPolicy = built(body, "default_policy", buildDefaultPolicy)
	nullable(body, "default_lifetime_seconds", model.DefaultLifetimeSeconds.Set, value[int64](body, "default_lifetime_seconds"))
	nullable(body, "max_lifetime_seconds", model.MaxLifetimeSeconds.Set, value[int64](body, "max_lifetime_seconds"))
	model.AllowedOrigins = list(body, "allowed_origins", same[string])
	return *model
}

func buildProjectCreate(body Values) latchkey.ProjectCreate {
	model := latchkey.NewProjectCreate(*value[string](body, "slug"))
	model.Settings = built(body, "settings", buildProjectSettingsUpdate)
	return *model
}

func buildProjectUpdate(body Values) latchkey.ProjectUpdate {
	model := latchkey.NewProjectUpdate()
	model.Settings = built(body, "settings", buildProjectSettingsUpdate)
	model.Disabled = value[bool](body, "disabled")
	return *model
}

func buildOwnerUpsert(body Values) latchkey.OwnerUpsert {
	model := latchkey.NewOwnerUpsert(*value[string](body, "external_id"))
	nullable(body, "display_name", model.DisplayName.Set, value[string](body, "display_name"))
	model.Metadata = texts(body, "metadata")
	model.Disabled = value[bool](body, "disabled")
	return *model
}

func buildAPIKeyIssue(body Values) latchkey.APIKeyIssue {
	model := latchkey.NewAPIKeyIssue()
	model.ExternalId = value[string](body, "external_id")
	model.ServiceAccount = value[string](body, "service_account")
	nullable(body, "expires_at", model.ExpiresAt.Set, instant(body, "expires_at"))
	nullable(body, "description", model.Description.Set, value[string](body, "description"))
	nullable(body, "policy", model.Policy.Set, built(body, "policy", buildAPIKeyPolicy))
	model.Metadata = texts(body, "metadata")
	return *model
}

func buildAPIKeyFilter(body Values) latchkey.APIKeyFilter {
	model := latchkey.NewAPIKeyFilter()
	model.Key = value[string](body, "key")
	model.Owner = value[string](body, "owner")
	model.Status = value[latchkey.APIKeyStatus](body, "status")
	model.Description = value[string](body, "description")
	model.Metadata = texts(body, "metadata")
	model.ExpiresAfter = instant(body, "expires_after")
	model.ExpiresBefore = instant(body, "expires_before")
	model.CreatedBefore = instant(body, "created_before")
	model.UnusedSince = instant(body, "unused_since")
	return *model
}

func buildAPIKeyRevocation(body Values) latchkey.APIKeyRevocation {
	model := latchkey.NewAPIKeyRevocation(*built(body, "filter", buildAPIKeyFilter), *value[bool](body, "dry_run"), *value[int64](body, "limit"))
	model.Reason = value[string](body, "reason")
	model.Cursor = value[string](body, "cursor")
	return *model
}

func buildMemberSet(body Values) latchkey.MemberSet {
	model := latchkey.NewMemberSet(*value[latchkey.MemberRole](body, "role"))
	return *model
}

func buildServiceAccountCreate(body Values) latchkey.ServiceAccountCreate {
	model := latchkey.NewServiceAccountCreate(*value[string](body, "name"), *value[latchkey.MemberRole](body, "role"))
	return *model
}

func buildOwnerTokenCreate(body Values) latchkey.OwnerTokenCreate {
	model := latchkey.NewOwnerTokenCreate(*value[string](body, "external_id"))
	model.Scopes = list(body, "scopes", same[string])
	model.KeyScopes = list(body, "key_scopes", same[string])
	model.ExpiresIn = value[int64](body, "expires_in")
	return *model
}

func buildAPIKeyMetadata(body Values) latchkey.APIKeyMetadata {
	model := latchkey.NewAPIKeyMetadata(texts(body, "metadata"))
	return *model
}

func buildAPIKeyRotate(body Values) latchkey.APIKeyRotate {
	model := latchkey.NewAPIKeyRotate()
	model.GracePeriodSeconds = value[int64](body, "grace_period_seconds")
	return *model
}

func buildAPIKeyRevoke(body Values) latchkey.APIKeyRevoke {
	model := latchkey.NewAPIKeyRevoke()
	nullable(body, "reason", model.Reason.Set, value[string](body, "reason"))
	return *model
}

func buildAPIKeyRecordCreate(body Values) latchkey.APIKeyRecordCreate {
	model := latchkey.NewAPIKeyRecordCreate()
	nullable(body, "expires_at", model.ExpiresAt.Set, instant(body, "expires_at"))
	nullable(body, "description", model.Description.Set, value[string](body, "description"))
	return *model
}

func buildUserCreate(body Values) latchkey.UserCreate {
	model := latchkey.NewUserCreate(*value[string](body, "username"))
	model.Password = value[string](body, "password")
	model.Administrator = value[bool](body, "administrator")
	return *model
}

func buildUserUpdate(body Values) latchkey.UserUpdate {
	model := latchkey.NewUserUpdate()
	model.Password = value[string](body, "password")
	model.Administrator = value[bool](body, "administrator")
	model.Disabled = value[bool](body, "disabled")
	model.RevokeKeys = value[bool](body, "revoke_keys")
	return *model
}

func buildPasswordChange(body Values) latchkey.PasswordChange {
	model := latchkey.NewPasswordChange(*value[string](body, "current"), *value[string](body, "new"))
	return *model
}

func readTokenResponse(model latchkey.TokenResponse) map[string]any {
	members := map[string]any{
		"access_token": model.AccessToken,
		"token_type":   model.TokenType,
		"expires_in":   model.ExpiresIn,
		"scope":        model.Scope,
	}
	return members
}

func readProjectRole(model latchkey.ProjectRole) map[string]any {
	members := map[string]any{
		"project": model.Project,
		"role":    model.Role,
	}
	return members
}

func readUserRead(model latchkey.UserRead) map[string]any {
	members := map[string]any{
		"id":         model.Id,
		"username":   model.Username,
		"role":       model.Role,
		"kind":       model.Kind,
		"project":    model.Project,
		"roles":      each(model.Roles, readProjectRole),
		"created_at": model.CreatedAt,
	}
	return members
}

func readAPIKeyRecordRead(model latchkey.APIKeyRecordRead) map[string]any {
	members := map[string]any{
		"id":          model.Id,
		"key_prefix":  model.KeyPrefix,
		"user_id":     model.UserId,
		"status":      model.Status.Get(),
		"created_at":  model.CreatedAt.Get(),
		"expires_at":  model.ExpiresAt.Get(),
		"description": model.Description.Get(),
	}
	if model.FullKey.IsSet() {
		members["full_key"] = model.FullKey.Get()
	}
	return members
}

func readAPIKeyVerification(model latchkey.APIKeyVerification) map[string]any {
	members := map[string]any{
		"valid":        model.Valid,
		"code":         model.Code,
		"stale":        model.Stale,
		"unrestricted": model.Unrestricted,
	}
	optional(members, "key_id", model.KeyId)
	optional(members, "user_id", model.UserId)
	optional(members, "username", model.Username)
	optional(members, "project", model.Project)
	optional(members, "owner_external_id", model.OwnerExternalId)
	if model.Scopes != nil {
		members["scopes"] = model.Scopes
	}
	optional(members, "expires_at", model.ExpiresAt)
	if model.Metadata != nil {
		members["metadata"] = model.Metadata
	}
	if model.OwnerMetadata != nil {
		members["owner_metadata"] = model.OwnerMetadata
	}
	optional(members, "retry_after_seconds", model.RetryAfterSeconds)
	return members
}

func readTokenIntrospection(model latchkey.TokenIntrospection) map[string]any {
	members := map[string]any{
		"active": model.Active,
	}
	optional(members, "scope", model.Scope)
	optional(members, "username", model.Username)
	optional(members, "client_id", model.ClientId)
	optional(members, "project", model.Project)
	optional(members, "token_type", model.TokenType)
	optional(members, "exp", model.Exp)
	optional(members, "iat", model.Iat)
	optional(members, "nbf", model.Nbf)
	optional(members, "sub", model.Sub)
	optional(members, "jti", model.Jti)
	optional(members, "stale", model.Stale)
	return members
}

func readRateLimitRead(model latchkey.RateLimitRead) map[string]any {
	members := map[string]any{
		"requests": model.Requests,
		"seconds":  model.Seconds,
	}
	return members
}

func readDefaultPolicyRead(model latchkey.DefaultPolicyRead) map[string]any {
	members := map[string]any{
		"scopes":     model.Scopes,
		"networks":   model.Networks,
		"rate_limit": one(model.RateLimit.Get(), readRateLimitRead),
	}
	return members
}

func readProjectSettings(model latchkey.ProjectSettings) map[string]any {
	members := map[string]any{
		"key_prefix":               model.KeyPrefix.Get(),
		"default_policy":           readDefaultPolicyRead(model.DefaultPolicy),
		"default_lifetime_seconds": model.DefaultLifetimeSeconds.Get(),
		"max_lifetime_seconds":     model.MaxLifetimeSeconds.Get(),
		"allowed_origins":          model.AllowedOrigins,
	}
	return members
}

func readProject(model latchkey.Project) map[string]any {
	members := map[string]any{
		"slug":       model.Slug,
		"settings":   readProjectSettings(model.Settings),
		"disabled":   model.Disabled,
		"created_at": model.CreatedAt,
	}
	return members
}

func readProjectPage(model latchkey.ProjectPage) map[string]any {
	members := map[string]any{
		"items":       each(model.Items, readProject),
		"next_cursor": model.NextCursor.Get(),
	}
	return members
}

func readOwner(model latchkey.Owner) map[string]any {
	members := map[string]any{
		"id":           model.Id,
		"external_id":  model.ExternalId,
		"display_name": model.DisplayName.Get(),
		"metadata":     model.Metadata,
		"disabled":     model.Disabled,
		"created_at":   model.CreatedAt,
	}
	return members
}

func readOwnerPage(model latchkey.OwnerPage) map[string]any {
	members := map[string]any{
		"items":       each(model.Items, readOwner),
		"next_cursor": model.NextCursor.Get(),
	}
	return members
}

func readFoundAPIKey(model latchkey.FoundAPIKey) map[string]any {
	members := map[string]any{
		"key":               readAPIKeyRecordRead(model.Key),
		"owner_external_id": model.OwnerExternalId.Get(),
		"metadata":          model.Metadata,
		"last_used_at":      model.LastUsedAt.Get(),
	}
	return members
}

func readFoundAPIKeyPage(model latchkey.FoundAPIKeyPage) map[string]any {
	members := map[string]any{
		"items":       each(model.Items, readFoundAPIKey),
		"next_cursor": model.NextCursor.Get(),
	}
	return members
}

func readAPIKeyRevocationResult(model latchkey.APIKeyRevocationResult) map[string]any {
	members := map[string]any{
		"matched":     model.Matched,
		"revoked":     model.Revoked,
		"next_cursor": model.NextCursor.Get(),
	}
	return members
}

func readMember(model latchkey.Member) map[string]any {
	members := map[string]any{
		"user_id": model.UserId,
		"kind":    model.Kind,
		"name":    model.Name,
		"role":    model.Role,
	}
	return members
}

func readMemberPage(model latchkey.MemberPage) map[string]any {
	members := map[string]any{
		"items":       each(model.Items, readMember),
		"next_cursor": model.NextCursor.Get(),
	}
	return members
}

func readAPIKeyPolicyRead(model latchkey.APIKeyPolicyRead) map[string]any {
	members := map[string]any{
		"scopes":     model.Scopes,
		"networks":   model.Networks,
		"not_before": model.NotBefore.Get(),
		"rate_limit": one(model.RateLimit.Get(), readRateLimitRead),
	}
	return members
}

func readAPIKeyMetadataRead(model latchkey.APIKeyMetadataRead) map[string]any {
	members := map[string]any{
		"metadata": model.Metadata,
	}
	return members
}

func readAPIKeyUsage(model latchkey.APIKeyUsage) map[string]any {
	members := map[string]any{
		"key_id":        model.KeyId,
		"valid_count":   model.ValidCount,
		"invalid_count": model.InvalidCount,
		"last_used_at":  model.LastUsedAt.Get(),
	}
	return members
}

func readTextChange(model latchkey.TextChange) map[string]any {
	members := map[string]any{
		"before": model.Before.Get(),
		"after":  model.After.Get(),
	}
	return members
}

func readTimeChange(model latchkey.TimeChange) map[string]any {
	members := map[string]any{
		"before": model.Before.Get(),
		"after":  model.After.Get(),
	}
	return members
}

func readFlagChange(model latchkey.FlagChange) map[string]any {
	members := map[string]any{
		"before": model.Before,
		"after":  model.After,
	}
	return members
}

func readListChange(model latchkey.ListChange) map[string]any {
	members := map[string]any{
		"before": model.Before,
		"after":  model.After,
	}
	return members
}

func readRateLimitChange(model latchkey.RateLimitChange) map[string]any {
	members := map[string]any{
		"before": one(model.Before.Get(), readRateLimitRead),
		"after":  one(model.After.Get(), readRateLimitRead),
	}
	return members
}

func readIdChange(model latchkey.IdChange) map[string]any {
	members := map[string]any{
		"before": model.Before.Get(),
		"after":  model.After.Get(),
	}
	return members
}

func readDurationChange(model latchkey.DurationChange) map[string]any {
	members := map[string]any{
		"before": model.Before.Get(),
		"after":  model.After.Get(),
	}
	return members
}

func readAuditChanges(model latchkey.AuditChanges) map[string]any {
	members := map[string]any{}
	if model.Description != nil {
		members["description"] = one(model.Description, readTextChange)
	}
	if model.ExpiresAt != nil {
		members["expires_at"] = one(model.ExpiresAt, readTimeChange)
	}
	if model.NotBefore != nil {
		members["not_before"] = one(model.NotBefore, readTimeChange)
	}
	if model.Disabled != nil {
		members["disabled"] = one(model.Disabled, readFlagChange)
	}
	if model.Revoked != nil {
		members["revoked"] = one(model.Revoked, readFlagChange)
	}
	if model.RevocationReason != nil {
		members["revocation_reason"] = one(model.RevocationReason, readTextChange)
	}
	if model.Deleted != nil {
		members["deleted"] = one(model.Deleted, readFlagChange)
	}
	if model.Scopes != nil {
		members["scopes"] = one(model.Scopes, readListChange)
	}
	if model.Networks != nil {
		members["networks"] = one(model.Networks, readListChange)
	}
	if model.RateLimit != nil {
		members["rate_limit"] = one(model.RateLimit, readRateLimitChange)
	}
	if model.SuccessorId != nil {
		members["successor_id"] = one(model.SuccessorId, readIdChange)
	}
	if model.Managed != nil {
		members["managed"] = one(model.Managed, readFlagChange)
	}
	if model.Username != nil {
		members["username"] = one(model.Username, readTextChange)
	}
	if model.Role != nil {
		members["role"] = one(model.Role, readTextChange)
	}
	if model.KeyPrefix != nil {
		members["key_prefix"] = one(model.KeyPrefix, readTextChange)
	}
	if model.DefaultLifetimeSeconds != nil {
		members["default_lifetime_seconds"] = one(model.DefaultLifetimeSeconds, readDurationChange)
	}
	if model.MaxLifetimeSeconds != nil {
		members["max_lifetime_seconds"] = one(model.MaxLifetimeSeconds, readDurationChange)
	}
	if model.AllowedOrigins != nil {
		members["allowed_origins"] = one(model.AllowedOrigins, readListChange)
	}
	return members
}

func readAuditEvent(model latchkey.AuditEvent) map[string]any {
	members := map[string]any{
		"id":              model.Id,
		"occurred_at":     model.OccurredAt,
		"action":          model.Action,
		"subject_type":    model.SubjectType,
		"subject_id":      model.SubjectId.Get(),
		"key_id":          model.KeyId.Get(),
		"actor_user_id":   model.ActorUserId.Get(),
		"actor_key_id":    model.ActorKeyId.Get(),
		"credential_type": model.CredentialType,
		"client_ip":       model.ClientIp.Get(),
		"changes":         readAuditChanges(model.Changes),
	}
	optional(members, "operation", model.Operation)
	optional(members, "project", model.Project)
	optional(members, "principal_id", model.PrincipalId)
	optional(members, "minted_by", model.MintedBy)
	return members
}

func readAuditEventPage(model latchkey.AuditEventPage) map[string]any {
	members := map[string]any{
		"items":       each(model.Items, readAuditEvent),
		"next_cursor": model.NextCursor.Get(),
	}
	return members
}

func readUser(model latchkey.User) map[string]any {
	members := map[string]any{
		"id":            model.Id,
		"username":      model.Username,
		"administrator": model.Administrator,
		"disabled":      model.Disabled,
		"has_password":  model.HasPassword,
		"roles":         each(model.Roles, readProjectRole),
		"created_at":    model.CreatedAt,
	}
	return members
}

func readUserPage(model latchkey.UserPage) map[string]any {
	members := map[string]any{
		"items":       each(model.Items, readUser),
		"next_cursor": model.NextCursor.Get(),
	}
	return members
}

func readValidationError(model latchkey.ValidationError) map[string]any {
	members := map[string]any{
		"loc":  model.Loc,
		"msg":  model.Msg,
		"type": model.Type,
	}
	return members
}

func readHTTPValidationError(model latchkey.HTTPValidationError) map[string]any {
	members := map[string]any{}
	if model.Detail != nil {
		members["detail"] = each(model.Detail, readValidationError)
	}
	return members
}

func readProblem(model latchkey.Problem) map[string]any {
	members := map[string]any{
		"type":   model.Type,
		"title":  model.Title,
		"status": model.Status,
		"detail": model.Detail,
		"code":   model.Code,
	}
	return members
}

func readTokenError(model latchkey.TokenError) map[string]any {
	members := map[string]any{
		"error":             model.Error,
		"error_description": model.ErrorDescription,
	}
	return members
}

// ReadError is the name of the schema that an error response was decoded as, and its content.
func ReadError(model any) (string, any) {
	switch model := model.(type) {
	case latchkey.HTTPValidationError:
		return "HTTPValidationError", readHTTPValidationError(model)
	case latchkey.Problem:
		return "Problem", readProblem(model)
	case latchkey.TokenError:
		return "TokenError", readTokenError(model)
	}
	return "unknown", nil
}

// Call calls an operation. It panics with ErrNaive if a time has no offset.
func Call(client *latchkey.APIClient, ctx context.Context, operation string, a Values) Result {
	switch operation {
	case "issueToken":
		form := *value[Values](a, "body")
		r := client.TokensAPI.IssueToken(ctx)
		r = given(r, r.GrantType, value[latchkey.GrantType](form, "grant_type"))
		r = given(r, r.Username, value[string](form, "username"))
		r = given(r, r.Password, value[string](form, "password"))
		r = given(r, r.Scope, value[string](form, "scope"))
		data, response, err := r.Execute()
		return Result{one(data, readTokenResponse), response, err}
	case "getCurrentUser":
		r := client.UsersAPI.GetCurrentUser(ctx)
		data, response, err := r.Execute()
		return Result{one(data, readUserRead), response, err}
	case "createApiKey":
		body := *value[Values](a, "body")
		r := client.ApiKeysAPI.CreateApiKey(ctx).Body(buildAPIKeyCreate(body))
		r = given(r, r.IdempotencyKey, value[string](a, "Idempotency-Key"))
		data, response, err := r.Execute()
		return Result{one(data, readAPIKeyRecordRead), response, err}
	case "listApiKeys":
		r := client.ApiKeysAPI.ListApiKeys(ctx)
		r = given(r, r.Limit, value[int64](a, "limit"))
		r = given(r, r.Cursor, value[string](a, "cursor"))
		r = given(r, r.Status, value[latchkey.APIKeyStatus](a, "status"))
		data, response, err := r.Execute()
		return Result{each(data, readAPIKeyRecordRead), response, err}
	case "verifyApiKey":
		body := *value[Values](a, "body")
		r := client.VerificationAPI.VerifyApiKey(ctx).Body(buildAPIKeyVerify(body))
		data, response, err := r.Execute()
		return Result{one(data, readAPIKeyVerification), response, err}
	case "introspectToken":
		form := *value[Values](a, "body")
		r := client.VerificationAPI.IntrospectToken(ctx)
		r = given(r, r.Token, value[string](form, "token"))
		r = given(r, r.TokenTypeHint, value[string](form, "token_type_hint"))
		data, response, err := r.Execute()
		return Result{one(data, readTokenIntrospection), response, err}
	case "forwardAuth":
		r := client.VerificationAPI.ForwardAuth(ctx)
		r = given(r, r.Scope, value[string](a, "scope"))
		r = given(r, r.Metadata, value[string](a, "metadata"))
		response, err := r.Execute()
		return Result{nil, response, err}
	case "projectForwardAuth":
		r := client.VerificationAPI.ProjectForwardAuth(ctx, *value[string](a, "project"))
		r = given(r, r.Scope, value[string](a, "scope"))
		r = given(r, r.Metadata, value[string](a, "metadata"))
		response, err := r.Execute()
		return Result{nil, response, err}
	case "createProject":
		body := *value[Values](a, "body")
		r := client.ProjectsAPI.CreateProject(ctx).Body(buildProjectCreate(body))
		data, response, err := r.Execute()
		return Result{one(data, readProject), response, err}
	case "listProjects":
		r := client.ProjectsAPI.ListProjects(ctx)
		r = given(r, r.Limit, value[int64](a, "limit"))
		r = given(r, r.Cursor, value[string](a, "cursor"))
		data, response, err := r.Execute()
		return Result{one(data, readProjectPage), response, err}
	case "getProject":
		r := client.ProjectsAPI.GetProject(ctx, *value[string](a, "project"))
		data, response, err := r.Execute()
		return Result{one(data, readProject), response, err}
	case "updateProject":
		body := *value[Values](a, "body")
		r := client.ProjectsAPI.UpdateProject(ctx, *value[string](a, "project")).Body(buildProjectUpdate(body))
		r = given(r, r.IfMatch, value[string](a, "If-Match"))
		data, response, err := r.Execute()
		return Result{one(data, readProject), response, err}
	case "upsertOwner":
		body := *value[Values](a, "body")
		r := client.OwnersAPI.UpsertOwner(ctx, *value[string](a, "project")).Body(buildOwnerUpsert(body))
		data, response, err := r.Execute()
		return Result{one(data, readOwner), response, err}
	case "listOwners":
		r := client.OwnersAPI.ListOwners(ctx, *value[string](a, "project"))
		r = given(r, r.Limit, value[int64](a, "limit"))
		r = given(r, r.Cursor, value[string](a, "cursor"))
		r = given(r, r.ExternalId, value[string](a, "external_id"))
		data, response, err := r.Execute()
		return Result{one(data, readOwnerPage), response, err}
	case "getOwner":
		r := client.OwnersAPI.GetOwner(ctx, *value[string](a, "project"), *value[int64](a, "owner_id"))
		data, response, err := r.Execute()
		return Result{one(data, readOwner), response, err}
	case "deleteOwner":
		r := client.OwnersAPI.DeleteOwner(ctx, *value[string](a, "project"), *value[int64](a, "owner_id"))
		response, err := r.Execute()
		return Result{nil, response, err}
	case "issueApiKey":
		body := *value[Values](a, "body")
		r := client.OwnersAPI.IssueApiKey(ctx, *value[string](a, "project")).Body(buildAPIKeyIssue(body))
		r = given(r, r.IdempotencyKey, value[string](a, "Idempotency-Key"))
		data, response, err := r.Execute()
		return Result{one(data, readAPIKeyRecordRead), response, err}
	case "searchApiKeys":
		body := *value[Values](a, "body")
		r := client.ApiKeySearchAPI.SearchApiKeys(ctx, *value[string](a, "project")).Body(buildAPIKeyFilter(body))
		r = given(r, r.Limit, value[int64](a, "limit"))
		r = given(r, r.Cursor, value[string](a, "cursor"))
		data, response, err := r.Execute()
		return Result{one(data, readFoundAPIKeyPage), response, err}
	case "revokeApiKeys":
		body := *value[Values](a, "body")
		r := client.ApiKeySearchAPI.RevokeApiKeys(ctx, *value[string](a, "project")).Body(buildAPIKeyRevocation(body))
		data, response, err := r.Execute()
		return Result{one(data, readAPIKeyRevocationResult), response, err}
	case "listMembers":
		r := client.MembersAPI.ListMembers(ctx, *value[string](a, "project"))
		r = given(r, r.Limit, value[int64](a, "limit"))
		r = given(r, r.Cursor, value[string](a, "cursor"))
		data, response, err := r.Execute()
		return Result{one(data, readMemberPage), response, err}
	case "setMember":
		body := *value[Values](a, "body")
		r := client.MembersAPI.SetMember(ctx, *value[string](a, "project"), *value[int64](a, "user_id")).Body(buildMemberSet(body))
		data, response, err := r.Execute()
		return Result{one(data, readMember), response, err}
	case "removeMember":
		r := client.MembersAPI.RemoveMember(ctx, *value[string](a, "project"), *value[int64](a, "user_id"))
		response, err := r.Execute()
		return Result{nil, response, err}
	case "createServiceAccount":
		body := *value[Values](a, "body")
		r := client.MembersAPI.CreateServiceAccount(ctx, *value[string](a, "project")).Body(buildServiceAccountCreate(body))
		data, response, err := r.Execute()
		return Result{one(data, readMember), response, err}
	case "createOwnerToken":
		body := *value[Values](a, "body")
		r := client.OwnersAPI.CreateOwnerToken(ctx, *value[string](a, "project")).Body(buildOwnerTokenCreate(body))
		data, response, err := r.Execute()
		return Result{one(data, readTokenResponse), response, err}
	case "revokeToken":
		form := *value[Values](a, "body")
		r := client.TokensAPI.RevokeToken(ctx)
		r = given(r, r.Token, value[string](form, "token"))
		r = given(r, r.TokenTypeHint, value[string](form, "token_type_hint"))
		response, err := r.Execute()
		return Result{nil, response, err}
	case "getApiKeyPolicy":
		r := client.ApiKeyPoliciesAPI.GetApiKeyPolicy(ctx, *value[int64](a, "item_id"))
		data, response, err := r.Execute()
		return Result{one(data, readAPIKeyPolicyRead), response, err}
	case "setApiKeyPolicy":
		body := *value[Values](a, "body")
		r := client.ApiKeyPoliciesAPI.SetApiKeyPolicy(ctx, *value[int64](a, "item_id")).Body(buildAPIKeyPolicy(body))
		r = given(r, r.IfMatch, value[string](a, "If-Match"))
		data, response, err := r.Execute()
		return Result{one(data, readAPIKeyPolicyRead), response, err}
	case "getApiKeyMetadata":
		r := client.ApiKeysAPI.GetApiKeyMetadata(ctx, *value[int64](a, "item_id"))
		data, response, err := r.Execute()
		return Result{one(data, readAPIKeyMetadataRead), response, err}
	case "setApiKeyMetadata":
		body := *value[Values](a, "body")
		r := client.ApiKeysAPI.SetApiKeyMetadata(ctx, *value[int64](a, "item_id")).Body(buildAPIKeyMetadata(body))
		r = given(r, r.IfMatch, value[string](a, "If-Match"))
		data, response, err := r.Execute()
		return Result{one(data, readAPIKeyMetadataRead), response, err}
	case "getApiKeyUsage":
		r := client.ApiKeysAPI.GetApiKeyUsage(ctx, *value[int64](a, "item_id"))
		data, response, err := r.Execute()
		return Result{one(data, readAPIKeyUsage), response, err}
	case "disableApiKey":
		r := client.ApiKeyLifecycleAPI.DisableApiKey(ctx, *value[int64](a, "item_id"))
		r = given(r, r.IfMatch, value[string](a, "If-Match"))
		r = given(r, r.WaitUntilEffective, value[bool](a, "wait_until_effective"))
		data, response, err := r.Execute()
		return Result{one(data, readAPIKeyRecordRead), response, err}
	case "enableApiKey":
		r := client.ApiKeyLifecycleAPI.EnableApiKey(ctx, *value[int64](a, "item_id"))
		r = given(r, r.IfMatch, value[string](a, "If-Match"))
		data, response, err := r.Execute()
		return Result{one(data, readAPIKeyRecordRead), response, err}
	case "rotateApiKey":
		body := *value[Values](a, "body")
		r := client.ApiKeyLifecycleAPI.RotateApiKey(ctx, *value[int64](a, "item_id")).Body(buildAPIKeyRotate(body))
		r = given(r, r.IfMatch, value[string](a, "If-Match"))
		r = given(r, r.IdempotencyKey, value[string](a, "Idempotency-Key"))
		data, response, err := r.Execute()
		return Result{one(data, readAPIKeyRecordRead), response, err}
	case "revokeApiKey":
		body := *value[Values](a, "body")
		r := client.ApiKeyLifecycleAPI.RevokeApiKey(ctx, *value[int64](a, "item_id")).Body(buildAPIKeyRevoke(body))
		r = given(r, r.IfMatch, value[string](a, "If-Match"))
		r = given(r, r.WaitUntilEffective, value[bool](a, "wait_until_effective"))
		data, response, err := r.Execute()
		return Result{one(data, readAPIKeyRecordRead), response, err}
	case "getApiKey":
		r := client.ApiKeysAPI.GetApiKey(ctx, *value[int64](a, "item_id"))
		data, response, err := r.Execute()
		return Result{one(data, readAPIKeyRecordRead), response, err}
	case "updateApiKey":
		body := *value[Values](a, "body")
		r := client.ApiKeysAPI.UpdateApiKey(ctx, *value[int64](a, "item_id")).Body(buildAPIKeyRecordCreate(body))
		r = given(r, r.IfMatch, value[string](a, "If-Match"))
		data, response, err := r.Execute()
		return Result{one(data, readAPIKeyRecordRead), response, err}
	case "deleteApiKey":
		r := client.ApiKeysAPI.DeleteApiKey(ctx, *value[int64](a, "item_id"))
		r = given(r, r.IfMatch, value[string](a, "If-Match"))
		r = given(r, r.WaitUntilEffective, value[bool](a, "wait_until_effective"))
		response, err := r.Execute()
		return Result{nil, response, err}
	case "listAuditEvents":
		r := client.AuditAPI.ListAuditEvents(ctx)
		r = given(r, r.Limit, value[int64](a, "limit"))
		r = given(r, r.Cursor, value[string](a, "cursor"))
		r = given(r, r.KeyId, value[int64](a, "key_id"))
		r = given(r, r.ActorUserId, value[int64](a, "actor_user_id"))
		r = given(r, r.Action, value[string](a, "action"))
		r = given(r, r.Since, instant(a, "since"))
		r = given(r, r.Until, instant(a, "until"))
		data, response, err := r.Execute()
		return Result{one(data, readAuditEventPage), response, err}
	case "listUsers":
		r := client.UsersAPI.ListUsers(ctx)
		r = given(r, r.Username, value[string](a, "username"))
		r = given(r, r.Limit, value[int64](a, "limit"))
		r = given(r, r.Cursor, value[string](a, "cursor"))
		data, response, err := r.Execute()
		return Result{one(data, readUserPage), response, err}
	case "createUser":
		body := *value[Values](a, "body")
		r := client.UsersAPI.CreateUser(ctx).Body(buildUserCreate(body))
		data, response, err := r.Execute()
		return Result{one(data, readUser), response, err}
	case "getUser":
		r := client.UsersAPI.GetUser(ctx, *value[int64](a, "user_id"))
		data, response, err := r.Execute()
		return Result{one(data, readUser), response, err}
	case "updateUser":
		body := *value[Values](a, "body")
		r := client.UsersAPI.UpdateUser(ctx, *value[int64](a, "user_id")).Body(buildUserUpdate(body))
		data, response, err := r.Execute()
		return Result{one(data, readUser), response, err}
	case "changePassword":
		body := *value[Values](a, "body")
		r := client.UsersAPI.ChangePassword(ctx).Body(buildPasswordChange(body))
		response, err := r.Execute()
		return Result{nil, response, err}
	}
	return Result{Err: errors.New("no such operation: " + operation)}
}
