package calls

import (
	"context"
	"errors"
	"iter"

	latchkey "latchkey.internal/client"
)

// Returned is what a method returned: the client's own value, nil if there is none, and the same as JSON.
type Returned struct {
	Value any
	Body  any
}

// options are those of every method as options of one.
func options[Option any](common []latchkey.CallOption) []Option {
	converted := []Option{}
	for _, option := range common {
		converted = append(converted, any(option).(Option))
	}
	return converted
}

func returned[T any](value *T, err error, read func(T) map[string]any) (Returned, error) {
	if err != nil {
		return Returned{}, err
	}
	return Returned{value, read(*value)}, nil
}

// taken has the items of all pages, or as many as asked for, unless that is 0.
func taken[T any](items iter.Seq2[*T, error], take int, read func(T) map[string]any) (Returned, error) {
	values, bodies := []*T{}, []any{}
	for item, err := range items {
		if err != nil {
			return Returned{}, err
		}
		values, bodies = append(values, item), append(bodies, read(*item))
		if len(values) == take {
			break
		}
	}
	return Returned{values, bodies}, nil
}

// CallMethod calls a method by its name in the contract. It panics with ErrNaive if a time has no offset.
func CallMethod(ctx context.Context, client *latchkey.Client, method string, a Values, take int, common []latchkey.CallOption) (Returned, error) {
	switch method {
	case "whoami":
		o := options[latchkey.WhoamiOption](common)
		result, err := client.Whoami(ctx, o...)
		return returned(result, err, readUserRead)
	case "keys.create":
		o := options[latchkey.KeysCreateOption](common)
		if given := value[string](a, "Idempotency-Key"); given != nil {
			o = append(o, latchkey.WithIdempotencyKey(*given))
		}
		result, err := client.Keys.Create(ctx, buildAPIKeyCreate(*value[Values](a, "body")), o...)
		return returned(result, err, readAPIKeyRecordRead)
	case "keys.list":
		o := options[latchkey.KeysListOption](common)
		if given := value[int64](a, "limit"); given != nil {
			o = append(o, latchkey.WithLimit(*given))
		}
		if given := value[latchkey.APIKeyStatus](a, "status"); given != nil {
			o = append(o, latchkey.WithStatus(*given))
		}
		return taken(client.Keys.List(ctx, o...), take, readAPIKeyRecordRead)
	case "verify":
		o := options[latchkey.VerifyOption](common)
		result, err := client.Verify(ctx, buildAPIKeyVerify(*value[Values](a, "body")), o...)
		return returned(result, err, readAPIKeyVerification)
	case "projects.create":
		o := options[latchkey.ProjectsCreateOption](common)
		result, err := client.Projects.Create(ctx, buildProjectCreate(*value[Values](a, "body")), o...)
		return returned(result, err, readProject)
	case "projects.list":
		o := options[latchkey.ProjectsListOption](common)
		if given := value[int64](a, "limit"); given != nil {
			o = append(o, latchkey.WithLimit(*given))
		}
		return taken(client.Projects.List(ctx, o...), take, readProject)
	case "projects.get":
		o := options[latchkey.ProjectsGetOption](common)
		result, err := client.Projects.Get(ctx, *value[string](a, "project"), o...)
		return returned(result, err, readProject)
	case "projects.update":
		o := options[latchkey.ProjectsUpdateOption](common)
		if given := value[string](a, "If-Match"); given != nil {
			o = append(o, latchkey.WithIfMatch(*given))
		}
		result, err := client.Projects.Update(ctx, *value[string](a, "project"), buildProjectUpdate(*value[Values](a, "body")), o...)
		return returned(result, err, readProject)
	case "owners.upsert":
		o := options[latchkey.OwnersUpsertOption](common)
		result, err := client.Owners.Upsert(ctx, *value[string](a, "project"), buildOwnerUpsert(*value[Values](a, "body")), o...)
		return returned(result, err, readOwner)
	case "owners.list":
		o := options[latchkey.OwnersListOption](common)
		if given := value[int64](a, "limit"); given != nil {
			o = append(o, latchkey.WithLimit(*given))
		}
		if given := value[string](a, "external_id"); given != nil {
			o = append(o, latchkey.WithExternalId(*given))
		}
		return taken(client.Owners.List(ctx, *value[string](a, "project"), o...), take, readOwner)
	case "owners.get":
		o := options[latchkey.OwnersGetOption](common)
		result, err := client.Owners.Get(ctx, *value[string](a, "project"), *value[int64](a, "owner_id"), o...)
		return returned(result, err, readOwner)
	case "owners.delete":
		o := options[latchkey.OwnersDeleteOption](common)
		return Returned{}, client.Owners.Delete(ctx, *value[string](a, "project"), *value[int64](a, "owner_id"), o...)
	case "keys.issue":
		o := options[latchkey.KeysIssueOption](common)
		if given := value[string](a, "Idempotency-Key"); given != nil {
			o = append(o, latchkey.WithIdempotencyKey(*given))
		}
		result, err := client.Keys.Issue(ctx, *value[string](a, "project"), buildAPIKeyIssue(*value[Values](a, "body")), o...)
		return returned(result, err, readAPIKeyRecordRead)
	case "keys.search":
		o := options[latchkey.KeysSearchOption](common)
		if given := value[int64](a, "limit"); given != nil {
			o = append(o, latchkey.WithLimit(*given))
		}
		return taken(client.Keys.Search(ctx, *value[string](a, "project"), buildAPIKeyFilter(*value[Values](a, "body")), o...), take, readFoundAPIKey)
	case "keys.revoke_matching":
		o := options[latchkey.KeysRevokeMatchingOption](common)
		result, err := client.Keys.RevokeMatching(ctx, *value[string](a, "project"), buildAPIKeyRevocation(*value[Values](a, "body")), o...)
		return returned(result, err, readAPIKeyRevocationResult)
	case "members.list":
		o := options[latchkey.MembersListOption](common)
		if given := value[int64](a, "limit"); given != nil {
			o = append(o, latchkey.WithLimit(*given))
		}
		return taken(client.Members.List(ctx, *value[string](a, "project"), o...), take, readMember)
	case "members.set":
		o := options[latchkey.MembersSetOption](common)
		result, err := client.Members.Set(ctx, *value[string](a, "project"), *value[int64](a, "user_id"), buildMemberSet(*value[Values](a, "body")), o...)
		return returned(result, err, readMember)
	case "members.remove":
		o := options[latchkey.MembersRemoveOption](common)
		return Returned{}, client.Members.Remove(ctx, *value[string](a, "project"), *value[int64](a, "user_id"), o...)
	case "service_accounts.create":
		o := options[latchkey.ServiceAccountsCreateOption](common)
		result, err := client.ServiceAccounts.Create(ctx, *value[string](a, "project"), buildServiceAccountCreate(*value[Values](a, "body")), o...)
		return returned(result, err, readMember)
	case "owners.create_token":
		o := options[latchkey.OwnersCreateTokenOption](common)
		result, err := client.Owners.CreateToken(ctx, *value[string](a, "project"), buildOwnerTokenCreate(*value[Values](a, "body")), o...)
		return returned(result, err, readTokenResponse)
	case "keys.policy.get":
		o := options[latchkey.KeysPolicyGetOption](common)
		result, err := client.Keys.Policy.Get(ctx, *value[int64](a, "item_id"), o...)
		return returned(result, err, readAPIKeyPolicyRead)
	case "keys.policy.set":
		o := options[latchkey.KeysPolicySetOption](common)
		if given := value[string](a, "If-Match"); given != nil {
			o = append(o, latchkey.WithIfMatch(*given))
		}
		result, err := client.Keys.Policy.Set(ctx, *value[int64](a, "item_id"), buildAPIKeyPolicy(*value[Values](a, "body")), o...)
		return returned(result, err, readAPIKeyPolicyRead)
	case "keys.metadata.get":
		o := options[latchkey.KeysMetadataGetOption](common)
		result, err := client.Keys.Metadata.Get(ctx, *value[int64](a, "item_id"), o...)
		return returned(result, err, readAPIKeyMetadataRead)
	case "keys.metadata.set":
		o := options[latchkey.KeysMetadataSetOption](common)
		if given := value[string](a, "If-Match"); given != nil {
			o = append(o, latchkey.WithIfMatch(*given))
		}
		result, err := client.Keys.Metadata.Set(ctx, *value[int64](a, "item_id"), buildAPIKeyMetadata(*value[Values](a, "body")), o...)
		return returned(result, err, readAPIKeyMetadataRead)
	case "keys.usage":
		o := options[latchkey.KeysUsageOption](common)
		result, err := client.Keys.Usage(ctx, *value[int64](a, "item_id"), o...)
		return returned(result, err, readAPIKeyUsage)
	case "keys.disable":
		o := options[latchkey.KeysDisableOption](common)
		if given := value[bool](a, "wait_until_effective"); given != nil {
			o = append(o, latchkey.WithWaitUntilEffective(*given))
		}
		if given := value[string](a, "If-Match"); given != nil {
			o = append(o, latchkey.WithIfMatch(*given))
		}
		result, err := client.Keys.Disable(ctx, *value[int64](a, "item_id"), o...)
		return returned(result, err, readAPIKeyRecordRead)
	case "keys.enable":
		o := options[latchkey.KeysEnableOption](common)
		if given := value[string](a, "If-Match"); given != nil {
			o = append(o, latchkey.WithIfMatch(*given))
		}
		result, err := client.Keys.Enable(ctx, *value[int64](a, "item_id"), o...)
		return returned(result, err, readAPIKeyRecordRead)
	case "keys.rotate":
		o := options[latchkey.KeysRotateOption](common)
		if given := value[string](a, "If-Match"); given != nil {
			o = append(o, latchkey.WithIfMatch(*given))
		}
		if given := value[string](a, "Idempotency-Key"); given != nil {
			o = append(o, latchkey.WithIdempotencyKey(*given))
		}
		result, err := client.Keys.Rotate(ctx, *value[int64](a, "item_id"), buildAPIKeyRotate(*value[Values](a, "body")), o...)
		return returned(result, err, readAPIKeyRecordRead)
	case "keys.revoke":
		o := options[latchkey.KeysRevokeOption](common)
		if given := value[bool](a, "wait_until_effective"); given != nil {
			o = append(o, latchkey.WithWaitUntilEffective(*given))
		}
		if given := value[string](a, "If-Match"); given != nil {
			o = append(o, latchkey.WithIfMatch(*given))
		}
		result, err := client.Keys.Revoke(ctx, *value[int64](a, "item_id"), buildAPIKeyRevoke(*value[Values](a, "body")), o...)
		return returned(result, err, readAPIKeyRecordRead)
	case "keys.get":
		o := options[latchkey.KeysGetOption](common)
		result, err := client.Keys.Get(ctx, *value[int64](a, "item_id"), o...)
		return returned(result, err, readAPIKeyRecordRead)
	case "keys.update":
		o := options[latchkey.KeysUpdateOption](common)
		if given := value[string](a, "If-Match"); given != nil {
			o = append(o, latchkey.WithIfMatch(*given))
		}
		result, err := client.Keys.Update(ctx, *value[int64](a, "item_id"), buildAPIKeyRecordCreate(*value[Values](a, "body")), o...)
		return returned(result, err, readAPIKeyRecordRead)
	case "keys.delete":
		o := options[latchkey.KeysDeleteOption](common)
		if given := value[bool](a, "wait_until_effective"); given != nil {
			o = append(o, latchkey.WithWaitUntilEffective(*given))
		}
		if given := value[string](a, "If-Match"); given != nil {
			o = append(o, latchkey.WithIfMatch(*given))
		}
		return Returned{}, client.Keys.Delete(ctx, *value[int64](a, "item_id"), o...)
	case "audit.events":
		o := options[latchkey.AuditEventsOption](common)
		if given := value[int64](a, "limit"); given != nil {
			o = append(o, latchkey.WithLimit(*given))
		}
		if given := value[int64](a, "key_id"); given != nil {
			o = append(o, latchkey.WithKeyId(*given))
		}
		if given := value[int64](a, "actor_user_id"); given != nil {
			o = append(o, latchkey.WithActorUserId(*given))
		}
		if given := value[string](a, "action"); given != nil {
			o = append(o, latchkey.WithAction(*given))
		}
		if given := instant(a, "since"); given != nil {
			o = append(o, latchkey.WithSince(*given))
		}
		if given := instant(a, "until"); given != nil {
			o = append(o, latchkey.WithUntil(*given))
		}
		return taken(client.Audit.Events(ctx, o...), take, readAuditEvent)
	case "users.list":
		o := options[latchkey.UsersListOption](common)
		if given := value[string](a, "username"); given != nil {
			o = append(o, latchkey.WithUsername(*given))
		}
		if given := value[int64](a, "limit"); given != nil {
			o = append(o, latchkey.WithLimit(*given))
		}
		return taken(client.Users.List(ctx, o...), take, readUser)
	case "users.create":
		o := options[latchkey.UsersCreateOption](common)
		result, err := client.Users.Create(ctx, buildUserCreate(*value[Values](a, "body")), o...)
		return returned(result, err, readUser)
	case "users.get":
		o := options[latchkey.UsersGetOption](common)
		result, err := client.Users.Get(ctx, *value[int64](a, "user_id"), o...)
		return returned(result, err, readUser)
	case "users.update":
		o := options[latchkey.UsersUpdateOption](common)
		result, err := client.Users.Update(ctx, *value[int64](a, "user_id"), buildUserUpdate(*value[Values](a, "body")), o...)
		return returned(result, err, readUser)
	case "users.change_password":
		o := options[latchkey.UsersChangePasswordOption](common)
		return Returned{}, client.Users.ChangePassword(ctx, buildPasswordChange(*value[Values](a, "body")), o...)
	}
	return Returned{}, errors.New("no such method: " + method)
}
