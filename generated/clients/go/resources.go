// The methods of a client. Generated from the contract; do not edit.

package latchkey

import (
	"context"
	"iter"
)

// KeysPolicyService has Get, Set.
type KeysPolicyService struct {
	transport *transport
}

// Get: Get an API key's policy.
//
// Returns the restrictions of a key. A member that is `null` does not restrict the key.
func (s *KeysPolicyService) Get(ctx context.Context, itemId int64, options ...KeysPolicyGetOption) (*APIKeyPolicyRead, error) {
	c := newCall("GET", "/v1/api-keys/"+segment(itemId)+"/policy", repeatable)
	for _, option := range options {
		option.keysPolicyGet(c)
	}
	return result[APIKeyPolicyRead](ctx, s.transport, c)
}

// Set: Replace an API key's policy.
//
// Replaces the whole policy: a member that is absent or `null` no longer restricts the key. A key without a policy has
// the permissions of its user and every scope that does not begin with `latchkey:`. A policy that allows more than the
// caller has gets a 403, and so does any policy for a key that may do more than the caller.
func (s *KeysPolicyService) Set(ctx context.Context, itemId int64, body APIKeyPolicy, options ...KeysPolicySetOption) (*APIKeyPolicyRead, error) {
	c := newCall("PUT", "/v1/api-keys/"+segment(itemId)+"/policy", conditional)
	c.body = body
	for _, option := range options {
		option.keysPolicySet(c)
	}
	return result[APIKeyPolicyRead](ctx, s.transport, c)
}

// KeysMetadataService has Get, Set.
type KeysMetadataService struct {
	transport *transport
}

// Get: Get an API key's metadata.
//
// Returns the strings that the deployer attached to a key.
func (s *KeysMetadataService) Get(ctx context.Context, itemId int64, options ...KeysMetadataGetOption) (*APIKeyMetadataRead, error) {
	c := newCall("GET", "/v1/api-keys/"+segment(itemId)+"/metadata", repeatable)
	for _, option := range options {
		option.keysMetadataGet(c)
	}
	return result[APIKeyMetadataRead](ctx, s.transport, c)
}

// Set: Replace an API key's metadata.
//
// Replaces the metadata of a key. Verifications return it. Owners cannot: it is what the deployer says of a key.
func (s *KeysMetadataService) Set(ctx context.Context, itemId int64, body APIKeyMetadata, options ...KeysMetadataSetOption) (*APIKeyMetadataRead, error) {
	c := newCall("PUT", "/v1/api-keys/"+segment(itemId)+"/metadata", conditional)
	c.body = body
	for _, option := range options {
		option.keysMetadataSet(c)
	}
	return result[APIKeyMetadataRead](ctx, s.transport, c)
}

// KeysService has Create, List, Issue, Search, RevokeMatching, Usage, Disable, Enable, Rotate, Revoke, Get, Update,
// Delete, Policy, Metadata.
type KeysService struct {
	transport *transport
	Policy    *KeysPolicyService
	Metadata  *KeysMetadataService
}

// Create: Create an API key.
//
// Creates an API key that belongs to the caller. `full_key` in the response is the secret; it cannot be retrieved
// later. No credential may grant more than it has: a `policy` that allows more than the caller has gets a 403, and a
// key without a `policy` gets the restrictions of the credential that creates it. A key that is created with an API key
// expires no later than that key: a later `expires_at` gets a 403. Owners cannot give `metadata` (403). With
// `Idempotency-Key` the request can be repeated safely.
func (s *KeysService) Create(ctx context.Context, body APIKeyCreate, options ...KeysCreateOption) (*APIKeyRecordRead, error) {
	c := newCall("POST", "/v1/api-keys/", keyed)
	c.body = body
	for _, option := range options {
		option.keysCreate(c)
	}
	return result[APIKeyRecordRead](ctx, s.transport, c)
}

// List: List API keys.
//
// Lists the caller's API keys, newest first. Follow `Link: rel="next"` (RFC 8288) until it is absent. With a `status`
// filter a page may hold fewer records than `limit`, or none, while more pages follow.
func (s *KeysService) List(ctx context.Context, options ...KeysListOption) iter.Seq2[*APIKeyRecordRead, error] {
	build := func() *call {
		c := newCall("GET", "/v1/api-keys/", repeatable)
		for _, option := range options {
			option.keysList(c)
		}
		return c
	}
	return pages(ctx, s.transport, build, byLink[APIKeyRecordRead])
}

// Issue: Issue an API key to an owner or a service account.
//
// Creates an API key that belongs to the owner with this external id, and the owner if there is none; or, by an admin
// of the project, to a service account. `full_key` in the response is the secret; it cannot be retrieved later. The key
// is managed: its owner can restrict it, and not extend it. Without scopes, it has the default scopes of the project.
// With `Idempotency-Key` the request can be repeated safely.
func (s *KeysService) Issue(ctx context.Context, project string, body APIKeyIssue, options ...KeysIssueOption) (*APIKeyRecordRead, error) {
	c := newCall("POST", "/v1/projects/"+segment(project)+"/api-keys", keyed)
	c.body = body
	for _, option := range options {
		option.keysIssue(c)
	}
	return result[APIKeyRecordRead](ctx, s.transport, c)
}

// Search: Find API keys.
//
// Finds the keys of a project that meet every condition of the filter, newest first. Without an `owner`, those of a
// beginning in `key` are in alphabetical order, and without either, those of a condition on the expiry in the order in
// which they expire. Pass `next_cursor` as `cursor` to get the next page, until it is `null`. A page may have fewer
// keys than `limit`, or none, and still not be the last: each request examines 5,000 keys at most. Deleted keys are not
// found. What is sent as `key` is neither logged nor returned.
func (s *KeysService) Search(ctx context.Context, project string, body APIKeyFilter, options ...KeysSearchOption) iter.Seq2[*FoundAPIKey, error] {
	build := func() *call {
		c := newCall("POST", "/v1/projects/"+segment(project)+"/api-keys/search", repeatable)
		c.body = body
		for _, option := range options {
			option.keysSearch(c)
		}
		return c
	}
	return pages(ctx, s.transport, build, byCursor[FoundAPIKey])
}

// RevokeMatching: Revoke many API keys.
//
// Revokes the keys of a project that meet every condition of the filter, of those that the caller may revoke, up to
// `limit`, all of them or none. Keys that are not of owners take what `revokeApiKey` takes: the scope
// `latchkey:keys.manage`, and that they permit no more than the caller has. With `dry_run` it revokes none, and says
// how many it would. Pass `next_cursor` as `cursor` to go on, until it is `null`: keys that are created after the first
// request are spared, so disable an owner first if its keys are to be revoked. Revoked keys do not match.
func (s *KeysService) RevokeMatching(ctx context.Context, project string, body APIKeyRevocation, options ...KeysRevokeMatchingOption) (*APIKeyRevocationResult, error) {
	c := newCall("POST", "/v1/projects/"+segment(project)+"/api-keys/revoke", rejected)
	c.body = body
	for _, option := range options {
		option.keysRevokeMatching(c)
	}
	return result[APIKeyRevocationResult](ctx, s.transport, c)
}

// Usage: Get an API key's usage.
//
// Returns how often a key was verified, and when it was last used. Counts are at most one minute old; a node that
// crashes loses at most ten seconds of them.
func (s *KeysService) Usage(ctx context.Context, itemId int64, options ...KeysUsageOption) (*APIKeyUsage, error) {
	c := newCall("GET", "/v1/api-keys/"+segment(itemId)+"/usage", repeatable)
	for _, option := range options {
		option.keysUsage(c)
	}
	return result[APIKeyUsage](ctx, s.transport, c)
}

// Disable: Disable an API key.
//
// The key is invalid until it is enabled again. Disabling a disabled key has no effect. A key that may do more than the
// caller gets a 403.
func (s *KeysService) Disable(ctx context.Context, itemId int64, options ...KeysDisableOption) (*APIKeyRecordRead, error) {
	c := newCall("POST", "/v1/api-keys/"+segment(itemId)+"/disable", conditional)
	for _, option := range options {
		option.keysDisable(c)
	}
	return result[APIKeyRecordRead](ctx, s.transport, c)
}

// Enable: Enable an API key.
//
// Makes a disabled key valid again, unless another reason makes it invalid. Enabling an enabled key has no effect. A
// key that may do more than the caller gets a 403.
func (s *KeysService) Enable(ctx context.Context, itemId int64, options ...KeysEnableOption) (*APIKeyRecordRead, error) {
	c := newCall("POST", "/v1/api-keys/"+segment(itemId)+"/enable", conditional)
	for _, option := range options {
		option.keysEnable(c)
	}
	return result[APIKeyRecordRead](ctx, s.transport, c)
}

// Rotate: Rotate an API key.
//
// Creates a successor with the same description, policy and expiry, and a new secret, which is returned only in this
// response. The old key remains valid for `grace_period_seconds`, or until its own expiry if that is earlier; without a
// grace period it is revoked. Only an active or pending key without a successor can be rotated: of several concurrent
// rotations one gets a 201 and the others get a 409. A key that may do more than the caller gets a 403, and so does a
// key that expires later than the API key that rotates it. A key may rotate itself. With `Idempotency-Key` the request
// can be repeated safely.
func (s *KeysService) Rotate(ctx context.Context, itemId int64, body APIKeyRotate, options ...KeysRotateOption) (*APIKeyRecordRead, error) {
	c := newCall("POST", "/v1/api-keys/"+segment(itemId)+"/rotate", keyed)
	c.body = body
	for _, option := range options {
		option.keysRotate(c)
	}
	return result[APIKeyRecordRead](ctx, s.transport, c)
}

// Revoke: Revoke an API key.
//
// Makes a key invalid permanently. Revoking a revoked key has no effect; the first reason is kept. A key that may do
// more than the caller gets a 403.
func (s *KeysService) Revoke(ctx context.Context, itemId int64, body APIKeyRevoke, options ...KeysRevokeOption) (*APIKeyRecordRead, error) {
	c := newCall("POST", "/v1/api-keys/"+segment(itemId)+"/revoke", conditional)
	c.body = body
	for _, option := range options {
		option.keysRevoke(c)
	}
	return result[APIKeyRecordRead](ctx, s.transport, c)
}

// Get: Get an API key.
//
// Returns a key of the caller, without its secret.
func (s *KeysService) Get(ctx context.Context, itemId int64, options ...KeysGetOption) (*APIKeyRecordRead, error) {
	c := newCall("GET", "/v1/api-keys/"+segment(itemId), repeatable)
	for _, option := range options {
		option.keysGet(c)
	}
	return result[APIKeyRecordRead](ctx, s.transport, c)
}

// Update: Update.
//
// Changes the expiry or the description of a key. A member that is absent does not change; `null` removes the value.
// `{}` changes nothing and returns the key. Unknown members are ignored. An expiry for a key that may do more than the
// caller gets a 403. An API key that expires can set no later expiry than its own, neither for itself nor for another
// key, and cannot remove one: that gets a 403.
func (s *KeysService) Update(ctx context.Context, itemId int64, body APIKeyRecordCreate, options ...KeysUpdateOption) (*APIKeyRecordRead, error) {
	c := newCall("PATCH", "/v1/api-keys/"+segment(itemId), conditional)
	c.body = body
	for _, option := range options {
		option.keysUpdate(c)
	}
	return result[APIKeyRecordRead](ctx, s.transport, c)
}

// Delete: Delete an API key.
//
// Makes a key invalid permanently and removes its record: later requests for it get a 404. The audit trail keeps it. A
// key that may do more than the caller gets a 403.
func (s *KeysService) Delete(ctx context.Context, itemId int64, options ...KeysDeleteOption) error {
	c := newCall("DELETE", "/v1/api-keys/"+segment(itemId), conditional)
	for _, option := range options {
		option.keysDelete(c)
	}
	return nothing(ctx, s.transport, c)
}

// ProjectsService has Create, List, Get, Update.
type ProjectsService struct {
	transport *transport
}

// Create: Create a project.
//
// Creates a project. Its slug is immutable. Settings that are absent have their defaults.
func (s *ProjectsService) Create(ctx context.Context, body ProjectCreate, options ...ProjectsCreateOption) (*Project, error) {
	c := newCall("POST", "/v1/projects", rejected)
	c.body = body
	for _, option := range options {
		option.projectsCreate(c)
	}
	return result[Project](ctx, s.transport, c)
}

// List: List projects.
//
// Lists the projects in which the caller has a role, oldest first; an administrator lists all. Pass `next_cursor` as
// `cursor` to get the next page, until it is `null`.
func (s *ProjectsService) List(ctx context.Context, options ...ProjectsListOption) iter.Seq2[*Project, error] {
	build := func() *call {
		c := newCall("GET", "/v1/projects", repeatable)
		for _, option := range options {
			option.projectsList(c)
		}
		return c
	}
	return pages(ctx, s.transport, build, byCursor[Project])
}

// Get: Get a project.
//
// Returns a project with its settings. A project that the caller does not belong to gets a 404.
func (s *ProjectsService) Get(ctx context.Context, project string, options ...ProjectsGetOption) (*Project, error) {
	c := newCall("GET", "/v1/projects/"+segment(project), repeatable)
	for _, option := range options {
		option.projectsGet(c)
	}
	return result[Project](ctx, s.transport, c)
}

// Update: Update a project.
//
// Changes the settings of a project, and disables or enables it. A member that is absent does not change. No key of a
// disabled project is valid. The project `default` cannot be disabled.
func (s *ProjectsService) Update(ctx context.Context, project string, body ProjectUpdate, options ...ProjectsUpdateOption) (*Project, error) {
	c := newCall("PATCH", "/v1/projects/"+segment(project), conditional)
	c.body = body
	for _, option := range options {
		option.projectsUpdate(c)
	}
	return result[Project](ctx, s.transport, c)
}

// OwnersService has Upsert, List, Get, Delete, CreateToken.
type OwnersService struct {
	transport *transport
}

// Upsert: Create or update an owner.
//
// Creates the owner with this external id, or changes it. Of an existing owner, members that are absent do not change.
// External ids are compared byte for byte. A disabled owner has no valid key.
func (s *OwnersService) Upsert(ctx context.Context, project string, body OwnerUpsert, options ...OwnersUpsertOption) (*Owner, error) {
	c := newCall("POST", "/v1/projects/"+segment(project)+"/owners", repeatable)
	c.body = body
	for _, option := range options {
		option.ownersUpsert(c)
	}
	return result[Owner](ctx, s.transport, c)
}

// List: List owners.
//
// Lists the owners of a project, oldest first, or finds the one with an external id. Pass `next_cursor` as `cursor` to
// get the next page, until it is `null`.
func (s *OwnersService) List(ctx context.Context, project string, options ...OwnersListOption) iter.Seq2[*Owner, error] {
	build := func() *call {
		c := newCall("GET", "/v1/projects/"+segment(project)+"/owners", repeatable)
		for _, option := range options {
			option.ownersList(c)
		}
		return c
	}
	return pages(ctx, s.transport, build, byCursor[Owner])
}

// Get: Get an owner.
//
// Returns an owner of the project.
func (s *OwnersService) Get(ctx context.Context, project string, ownerId int64, options ...OwnersGetOption) (*Owner, error) {
	c := newCall("GET", "/v1/projects/"+segment(project)+"/owners/"+segment(ownerId), repeatable)
	for _, option := range options {
		option.ownersGet(c)
	}
	return result[Owner](ctx, s.transport, c)
}

// Delete: Delete an owner.
//
// Erases the owner's external id, display name and metadata, and the descriptions and metadata of its API keys, which
// are revoked. What remains is the id, which audit events name. It cannot be undone; the external id can then name a
// new owner. If it fails, some keys may not be revoked or erased yet, though none is valid: repeat it.
func (s *OwnersService) Delete(ctx context.Context, project string, ownerId int64, options ...OwnersDeleteOption) error {
	c := newCall("DELETE", "/v1/projects/"+segment(project)+"/owners/"+segment(ownerId), repeatable)
	for _, option := range options {
		option.ownersDelete(c)
	}
	return nothing(ctx, s.transport, c)
}

// CreateToken: Create an owner token.
//
// Creates a bearer token that acts as an owner, for a page or a program of the customer: it manages the keys of the
// owner, and nothing else. It ends after `expires_in` seconds, and as soon as the owner, the project, the caller or the
// API key that created it is disabled, or the caller may no longer change owners. A browser may use it on pages of the
// allowed origins of the project.
func (s *OwnersService) CreateToken(ctx context.Context, project string, body OwnerTokenCreate, options ...OwnersCreateTokenOption) (*TokenResponse, error) {
	c := newCall("POST", "/v1/projects/"+segment(project)+"/owner-tokens", repeatable)
	c.body = body
	for _, option := range options {
		option.ownersCreateToken(c)
	}
	return result[TokenResponse](ctx, s.transport, c)
}

// MembersService has List, Set, Remove.
type MembersService struct {
	transport *transport
}

// List: List members.
//
// Lists the members of a project, oldest principals first. Pass `next_cursor` as `cursor` to get the next page, until
// it is `null`. Administrators reach every project and are not listed for it.
func (s *MembersService) List(ctx context.Context, project string, options ...MembersListOption) iter.Seq2[*Member, error] {
	build := func() *call {
		c := newCall("GET", "/v1/projects/"+segment(project)+"/members", repeatable)
		for _, option := range options {
			option.membersList(c)
		}
		return c
	}
	return pages(ctx, s.transport, build, byCursor[Member])
}

// Set: Give a user a role.
//
// Makes a user a member with this role, or gives a member another role. It is in effect at once, also for tokens and
// API keys that exist. A service account that was removed cannot become a member again.
func (s *MembersService) Set(ctx context.Context, project string, userId int64, body MemberSet, options ...MembersSetOption) (*Member, error) {
	c := newCall("PUT", "/v1/projects/"+segment(project)+"/members/"+segment(userId), repeatable)
	c.body = body
	for _, option := range options {
		option.membersSet(c)
	}
	return result[Member](ctx, s.transport, c)
}

// Remove: Remove a member.
//
// Takes a member's role in the project, at once. A service account is disabled, and its API keys are invalid. What is
// no member is 404.
func (s *MembersService) Remove(ctx context.Context, project string, userId int64, options ...MembersRemoveOption) error {
	c := newCall("DELETE", "/v1/projects/"+segment(project)+"/members/"+segment(userId), repeatable)
	for _, option := range options {
		option.membersRemove(c)
	}
	return nothing(ctx, s.transport, c)
}

// ServiceAccountsService has Create.
type ServiceAccountsService struct {
	transport *transport
}

// Create: Create a service account.
//
// Creates a principal for a program, with a role in the project. It has no password: `issueApiKey` gives it API keys,
// which do what their scopes and the role permit.
func (s *ServiceAccountsService) Create(ctx context.Context, project string, body ServiceAccountCreate, options ...ServiceAccountsCreateOption) (*Member, error) {
	c := newCall("POST", "/v1/projects/"+segment(project)+"/service-accounts", rejected)
	c.body = body
	for _, option := range options {
		option.serviceAccountsCreate(c)
	}
	return result[Member](ctx, s.transport, c)
}

// AuditService has Events.
type AuditService struct {
	transport *transport
}

// Events: List audit events.
//
// Lists events, newest first: changes of API keys and users, logins, and operations that were denied for want of a
// scope. Administrators read all events, members those of the projects in which their role permits it. A change and its
// event are written in one transaction. Events cannot be changed or deleted. Pass `next_cursor` as `cursor` to get the
// next page, until it is `null`.
func (s *AuditService) Events(ctx context.Context, options ...AuditEventsOption) iter.Seq2[*AuditEvent, error] {
	build := func() *call {
		c := newCall("GET", "/v1/audit/events", repeatable)
		for _, option := range options {
			option.auditEvents(c)
		}
		return c
	}
	return pages(ctx, s.transport, build, byCursor[AuditEvent])
}

// UsersService has List, Create, Get, Update, ChangePassword.
type UsersService struct {
	transport *transport
}

// List: List users.
//
// Lists users, oldest first. Pass `next_cursor` as `cursor` to get the next page, until it is `null`. Only
// administrators manage users.
func (s *UsersService) List(ctx context.Context, options ...UsersListOption) iter.Seq2[*User, error] {
	build := func() *call {
		c := newCall("GET", "/v1/users", repeatable)
		for _, option := range options {
			option.usersList(c)
		}
		return c
	}
	return pages(ctx, s.transport, build, byCursor[User])
}

// Create: Create a user.
//
// Creates a user. Without a password nobody can log in as the user, until `updateUser` sets one; roles can be given
// before. `setMember` gives a user roles in projects.
func (s *UsersService) Create(ctx context.Context, body UserCreate, options ...UsersCreateOption) (*User, error) {
	c := newCall("POST", "/v1/users", rejected)
	c.body = body
	for _, option := range options {
		option.usersCreate(c)
	}
	return result[User](ctx, s.transport, c)
}

// Get: Get a user.
//
// Returns a user, also a disabled one. Service accounts and owners are 404.
func (s *UsersService) Get(ctx context.Context, userId int64, options ...UsersGetOption) (*User, error) {
	c := newCall("GET", "/v1/users/"+segment(userId), repeatable)
	for _, option := range options {
		option.usersGet(c)
	}
	return result[User](ctx, s.transport, c)
}

// Update: Change a user.
//
// Sets the members that are present; `{}` changes nothing. A new password and `disabled` end all bearer tokens of the
// user, and API keys are invalid while the user is disabled. With `revoke_keys` all API keys of the user are revoked
// for good, after everything else: if that fails, the rest is done, and the request can be repeated. The last
// administrator who is enabled can neither be disabled nor be made an ordinary user (409).
func (s *UsersService) Update(ctx context.Context, userId int64, body UserUpdate, options ...UsersUpdateOption) (*User, error) {
	c := newCall("PATCH", "/v1/users/"+segment(userId), repeatable)
	c.body = body
	for _, option := range options {
		option.usersUpdate(c)
	}
	return result[User](ctx, s.transport, c)
}

// ChangePassword: Change the password of the current user.
//
// Sets another password, and ends all bearer tokens of the user, also the one of this request. API keys stay valid. It
// takes a bearer token that was issued without `scope`, or with every scope of the user: API keys and restricted tokens
// get a 403. The current password is checked like that of `issueToken`, under the same limits on failed attempts.
func (s *UsersService) ChangePassword(ctx context.Context, body PasswordChange, options ...UsersChangePasswordOption) error {
	c := newCall("PUT", "/v1/users/me/password", rejected)
	c.body = body
	for _, option := range options {
		option.usersChangePassword(c)
	}
	return nothing(ctx, s.transport, c)
}

// Client calls a Latchkey with one credential. New makes one.
type Client struct {
	transport       *transport
	Keys            *KeysService
	Projects        *ProjectsService
	Owners          *OwnersService
	Members         *MembersService
	ServiceAccounts *ServiceAccountsService
	Audit           *AuditService
	Users           *UsersService
}

func newClient(t *transport) *Client {
	return &Client{
		transport:       t,
		Keys:            &KeysService{transport: t, Policy: &KeysPolicyService{transport: t}, Metadata: &KeysMetadataService{transport: t}},
		Projects:        &ProjectsService{transport: t},
		Owners:          &OwnersService{transport: t},
		Members:         &MembersService{transport: t},
		ServiceAccounts: &ServiceAccountsService{transport: t},
		Audit:           &AuditService{transport: t},
		Users:           &UsersService{transport: t},
	}
}

// Whoami: Get the current user.
//
// Returns the user that the credential of the request belongs to.
func (s *Client) Whoami(ctx context.Context, options ...WhoamiOption) (*UserRead, error) {
	c := newCall("GET", "/v1/users/me", repeatable)
	for _, option := range options {
		option.whoami(c)
	}
	return result[UserRead](ctx, s.transport, c)
}

// Verify: Verify an API key.
//
// Decides whether a key is valid for a request. The status is 200 whenever a decision was made: `valid` is the
// decision, `code` its reason. At most one second after a key was revoked, disabled, deleted or restricted, no node
// reports it as valid on the old terms. `stale` is true when the database is unreachable and the decision was made from
// the key cache. Every verification counts towards the key's usage, and one that is otherwise valid towards its rate
// limit.
func (s *Client) Verify(ctx context.Context, body APIKeyVerify, options ...VerifyOption) (*APIKeyVerification, error) {
	c := newCall("POST", "/v1/api-keys/verify", rejected)
	c.body = body
	for _, option := range options {
		option.verify(c)
	}
	return result[APIKeyVerification](ctx, s.transport, c)
}
