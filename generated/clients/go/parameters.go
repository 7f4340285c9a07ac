// The optional parameters of the methods. Generated from the contract; do not edit.

package latchkey

import "time"

// WhoamiOption is an option of Whoami: a CallOption.
type WhoamiOption interface{ whoami(*call) }

func (o CallOption) whoami(c *call) { o.apply(c) }

// KeysCreateOption is an option of Keys.Create: a CallOption or WithIdempotencyKey.
type KeysCreateOption interface{ keysCreate(*call) }

func (o CallOption) keysCreate(c *call) { o.apply(c) }

// KeysListOption is an option of Keys.List: a CallOption or WithLimit or WithStatus.
type KeysListOption interface{ keysList(*call) }

func (o CallOption) keysList(c *call) { o.apply(c) }

// VerifyOption is an option of Verify: a CallOption.
type VerifyOption interface{ verify(*call) }

func (o CallOption) verify(c *call) { o.apply(c) }

// ProjectsCreateOption is an option of Projects.Create: a CallOption.
type ProjectsCreateOption interface{ projectsCreate(*call) }

func (o CallOption) projectsCreate(c *call) { o.apply(c) }

// ProjectsListOption is an option of Projects.List: a CallOption or WithLimit.
type ProjectsListOption interface{ projectsList(*call) }

func (o CallOption) projectsList(c *call) { o.apply(c) }

// ProjectsGetOption is an option of Projects.Get: a CallOption.
type ProjectsGetOption interface{ projectsGet(*call) }

func (o CallOption) projectsGet(c *call) { o.apply(c) }

// ProjectsUpdateOption is an option of Projects.Update: a CallOption or WithIfMatch.
type ProjectsUpdateOption interface{ projectsUpdate(*call) }

func (o CallOption) projectsUpdate(c *call) { o.apply(c) }

// OwnersUpsertOption is an option of Owners.Upsert: a CallOption.
type OwnersUpsertOption interface{ ownersUpsert(*call) }

func (o CallOption) ownersUpsert(c *call) { o.apply(c) }

// OwnersListOption is an option of Owners.List: a CallOption or WithLimit or WithExternalId.
type OwnersListOption interface{ ownersList(*call) }

func (o CallOption) ownersList(c *call) { o.apply(c) }

// OwnersGetOption is an option of Owners.Get: a CallOption.
type OwnersGetOption interface{ ownersGet(*call) }

func (o CallOption) ownersGet(c *call) { o.apply(c) }

// OwnersDeleteOption is an option of Owners.Delete: a CallOption.
type OwnersDeleteOption interface{ ownersDelete(*call) }

func (o CallOption) ownersDelete(c *call) { o.apply(c) }

// KeysIssueOption is an option of Keys.Issue: a CallOption or WithIdempotencyKey.
type KeysIssueOption interface{ keysIssue(*call) }

func (o CallOption) keysIssue(c *call) { o.apply(c) }

// KeysSearchOption is an option of Keys.Search: a CallOption or WithLimit.
type KeysSearchOption interface{ keysSearch(*call) }

func (o CallOption) keysSearch(c *call) { o.apply(c) }

// KeysRevokeMatchingOption is an option of Keys.RevokeMatching: a CallOption.
type KeysRevokeMatchingOption interface{ keysRevokeMatching(*call) }

func (o CallOption) keysRevokeMatching(c *call) { o.apply(c) }

// MembersListOption is an option of Members.List: a CallOption or WithLimit.
type MembersListOption interface{ membersList(*call) }

func (o CallOption) membersList(c *call) { o.apply(c) }

// MembersSetOption is an option of Members.Set: a CallOption.
type MembersSetOption interface{ membersSet(*call) }

func (o CallOption) membersSet(c *call) { o.apply(c) }

// MembersRemoveOption is an option of Members.Remove: a CallOption.
type MembersRemoveOption interface{ membersRemove(*call) }

func (o CallOption) membersRemove(c *call) { o.apply(c) }

// ServiceAccountsCreateOption is an option of ServiceAccounts.Create: a CallOption.
type ServiceAccountsCreateOption interface{ serviceAccountsCreate(*call) }

func (o CallOption) serviceAccountsCreate(c *call) { o.apply(c) }

// OwnersCreateTokenOption is an option of Owners.CreateToken: a CallOption.
type OwnersCreateTokenOption interface{ ownersCreateToken(*call) }

func (o CallOption) ownersCreateToken(c *call) { o.apply(c) }

// KeysPolicyGetOption is an option of Keys.Policy.Get: a CallOption.
type KeysPolicyGetOption interface{ keysPolicyGet(*call) }

func (o CallOption) keysPolicyGet(c *call) { o.apply(c) }

// KeysPolicySetOption is an option of Keys.Policy.Set: a CallOption or WithIfMatch.
type KeysPolicySetOption interface{ keysPolicySet(*call) }

func (o CallOption) keysPolicySet(c *call) { o.apply(c) }

// KeysMetadataGetOption is an option of Keys.Metadata.Get: a CallOption.
type KeysMetadataGetOption interface{ keysMetadataGet(*call) }

func (o CallOption) keysMetadataGet(c *call) { o.apply(c) }

// KeysMetadataSetOption is an option of Keys.Metadata.Set: a CallOption or WithIfMatch.
type KeysMetadataSetOption interface{ keysMetadataSet(*call) }

func (o CallOption) keysMetadataSet(c *call) { o.apply(c) }

// KeysUsageOption is an option of Keys.Usage: a CallOption.
type KeysUsageOption interface{ keysUsage(*call) }

func (o CallOption) keysUsage(c *call) { o.apply(c) }

// KeysDisableOption is an option of Keys.Disable: a CallOption or WithWaitUntilEffective or WithIfMatch.
type KeysDisableOption interface{ keysDisable(*call) }

func (o CallOption) keysDisable(c *call) { o.apply(c) }

// KeysEnableOption is an option of Keys.Enable: a CallOption or WithIfMatch.
type KeysEnableOption interface{ keysEnable(*call) }

func (o CallOption) keysEnable(c *call) { o.apply(c) }

// KeysRotateOption is an option of Keys.Rotate: a CallOption or WithIfMatch or WithIdempotencyKey.
type KeysRotateOption interface{ keysRotate(*call) }

func (o CallOption) keysRotate(c *call) { o.apply(c) }

// KeysRevokeOption is an option of Keys.Revoke: a CallOption or WithWaitUntilEffective or WithIfMatch.
type KeysRevokeOption interface{ keysRevoke(*call) }

func (o CallOption) keysRevoke(c *call) { o.apply(c) }

// KeysGetOption is an option of Keys.Get: a CallOption.
type KeysGetOption interface{ keysGet(*call) }

func (o CallOption) keysGet(c *call) { o.apply(c) }

// KeysUpdateOption is an option of Keys.Update: a CallOption or WithIfMatch.
type KeysUpdateOption interface{ keysUpdate(*call) }

func (o CallOption) keysUpdate(c *call) { o.apply(c) }

// KeysDeleteOption is an option of Keys.Delete: a CallOption or WithWaitUntilEffective or WithIfMatch.
type KeysDeleteOption interface{ keysDelete(*call) }

func (o CallOption) keysDelete(c *call) { o.apply(c) }

// AuditEventsOption is an option of Audit.Events: a CallOption or WithLimit or WithKeyId or WithActorUserId or
// WithAction or WithSince or WithUntil.
type AuditEventsOption interface{ auditEvents(*call) }

func (o CallOption) auditEvents(c *call) { o.apply(c) }

// UsersListOption is an option of Users.List: a CallOption or WithUsername or WithLimit.
type UsersListOption interface{ usersList(*call) }

func (o CallOption) usersList(c *call) { o.apply(c) }

// UsersCreateOption is an option of Users.Create: a CallOption.
type UsersCreateOption interface{ usersCreate(*call) }

func (o CallOption) usersCreate(c *call) { o.apply(c) }

// UsersGetOption is an option of Users.Get: a CallOption.
type UsersGetOption interface{ usersGet(*call) }

func (o CallOption) usersGet(c *call) { o.apply(c) }

// UsersUpdateOption is an option of Users.Update: a CallOption.
type UsersUpdateOption interface{ usersUpdate(*call) }

func (o CallOption) usersUpdate(c *call) { o.apply(c) }

// UsersChangePasswordOption is an option of Users.ChangePassword: a CallOption.
type UsersChangePasswordOption interface{ usersChangePassword(*call) }

func (o CallOption) usersChangePassword(c *call) { o.apply(c) }

// IdempotencyKeyOption is the parameter `Idempotency-Key`.
type IdempotencyKeyOption struct{ value string }

// WithIdempotencyKey: A text that is unique to this request, such as a random UUID. For one hour the same request with
// the same text gets the same result, including the secret, which is stored encrypted for that time. A different
// request with the same text gets a 409.
func WithIdempotencyKey(value string) IdempotencyKeyOption {
	return IdempotencyKeyOption{value}
}

func (o IdempotencyKeyOption) apply(c *call) {
	c.header.Set("Idempotency-Key", text(o.value))
}

func (o IdempotencyKeyOption) keysCreate(c *call) { o.apply(c) }

func (o IdempotencyKeyOption) keysIssue(c *call) { o.apply(c) }

func (o IdempotencyKeyOption) keysRotate(c *call) { o.apply(c) }

// LimitOption is the parameter `limit`.
type LimitOption struct{ value int64 }

// WithLimit: The maximum number of items on a page.
func WithLimit(value int64) LimitOption {
	return LimitOption{value}
}

func (o LimitOption) apply(c *call) {
	c.query.Set("limit", text(o.value))
}

func (o LimitOption) keysList(c *call) { o.apply(c) }

func (o LimitOption) projectsList(c *call) { o.apply(c) }

func (o LimitOption) ownersList(c *call) { o.apply(c) }

func (o LimitOption) keysSearch(c *call) { o.apply(c) }

func (o LimitOption) membersList(c *call) { o.apply(c) }

func (o LimitOption) auditEvents(c *call) { o.apply(c) }

func (o LimitOption) usersList(c *call) { o.apply(c) }

// StatusOption is the parameter `status`.
type StatusOption struct{ value APIKeyStatus }

// WithStatus: Return only keys with this status.
func WithStatus(value APIKeyStatus) StatusOption {
	return StatusOption{value}
}

func (o StatusOption) apply(c *call) {
	c.query.Set("status", text(o.value))
}

func (o StatusOption) keysList(c *call) { o.apply(c) }

// IfMatchOption is the parameter `If-Match`.
type IfMatchOption struct{ value string }

// WithIfMatch: The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has changed
// since, nothing is done and the status is 412.
func WithIfMatch(value string) IfMatchOption {
	return IfMatchOption{value}
}

func (o IfMatchOption) apply(c *call) {
	c.header.Set("If-Match", text(o.value))
}

func (o IfMatchOption) projectsUpdate(c *call) { o.apply(c) }

func (o IfMatchOption) keysPolicySet(c *call) { o.apply(c) }

func (o IfMatchOption) keysMetadataSet(c *call) { o.apply(c) }

func (o IfMatchOption) keysDisable(c *call) { o.apply(c) }

func (o IfMatchOption) keysEnable(c *call) { o.apply(c) }

func (o IfMatchOption) keysRotate(c *call) { o.apply(c) }

func (o IfMatchOption) keysRevoke(c *call) { o.apply(c) }

func (o IfMatchOption) keysUpdate(c *call) { o.apply(c) }

func (o IfMatchOption) keysDelete(c *call) { o.apply(c) }

// ExternalIdOption is the parameter `external_id`.
type ExternalIdOption struct{ value string }

// WithExternalId: Return only the owner with this external id.
func WithExternalId(value string) ExternalIdOption {
	return ExternalIdOption{value}
}

func (o ExternalIdOption) apply(c *call) {
	c.query.Set("external_id", text(o.value))
}

func (o ExternalIdOption) ownersList(c *call) { o.apply(c) }

// WaitUntilEffectiveOption is the parameter `wait_until_effective`.
type WaitUntilEffectiveOption struct{ value bool }

// WithWaitUntilEffective: Whether the response waits, for about a second, until no node that reaches the database
// reports the key as valid any more. The change itself does not wait: it is made even if the client disconnects
// meanwhile.
func WithWaitUntilEffective(value bool) WaitUntilEffectiveOption {
	return WaitUntilEffectiveOption{value}
}

func (o WaitUntilEffectiveOption) apply(c *call) {
	c.query.Set("wait_until_effective", text(o.value))
}

func (o WaitUntilEffectiveOption) keysDisable(c *call) { o.apply(c) }

func (o WaitUntilEffectiveOption) keysRevoke(c *call) { o.apply(c) }

func (o WaitUntilEffectiveOption) keysDelete(c *call) { o.apply(c) }

// KeyIdOption is the parameter `key_id`.
type KeyIdOption struct{ value int64 }

// WithKeyId: Return only events of this API key.
func WithKeyId(value int64) KeyIdOption {
	return KeyIdOption{value}
}

func (o KeyIdOption) apply(c *call) {
	c.query.Set("key_id", text(o.value))
}

func (o KeyIdOption) auditEvents(c *call) { o.apply(c) }

// ActorUserIdOption is the parameter `actor_user_id`.
type ActorUserIdOption struct{ value int64 }

// WithActorUserId: Return only events that this principal caused.
func WithActorUserId(value int64) ActorUserIdOption {
	return ActorUserIdOption{value}
}

func (o ActorUserIdOption) apply(c *call) {
	c.query.Set("actor_user_id", text(o.value))
}

func (o ActorUserIdOption) auditEvents(c *call) { o.apply(c) }

// ActionOption is the parameter `action`.
type ActionOption struct{ value string }

// WithAction: Return only events with this action. It may be an action that this version does not know, because a later
// version may have written it.
func WithAction(value string) ActionOption {
	return ActionOption{value}
}

func (o ActionOption) apply(c *call) {
	c.query.Set("action", text(o.value))
}

func (o ActionOption) auditEvents(c *call) { o.apply(c) }

// SinceOption is the parameter `since`.
type SinceOption struct{ value time.Time }

// WithSince: Return only events that occurred at or after this time; RFC 3339 with an offset.
func WithSince(value time.Time) SinceOption {
	return SinceOption{value}
}

func (o SinceOption) apply(c *call) {
	c.query.Set("since", text(o.value))
}

func (o SinceOption) auditEvents(c *call) { o.apply(c) }

// UntilOption is the parameter `until`.
type UntilOption struct{ value time.Time }

// WithUntil: Return only events that occurred before this time; RFC 3339 with an offset.
func WithUntil(value time.Time) UntilOption {
	return UntilOption{value}
}

func (o UntilOption) apply(c *call) {
	c.query.Set("until", text(o.value))
}

func (o UntilOption) auditEvents(c *call) { o.apply(c) }

// UsernameOption is the parameter `username`.
type UsernameOption struct{ value string }

// WithUsername: Return only the user of this name.
func WithUsername(value string) UsernameOption {
	return UsernameOption{value}
}

func (o UsernameOption) apply(c *call) {
	c.query.Set("username", text(o.value))
}

func (o UsernameOption) usersList(c *call) { o.apply(c) }
