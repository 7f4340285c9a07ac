//! The methods of a Latchkey, in groups. Generated; do not edit.

#![allow(clippy::field_reassign_with_default)]

use std::sync::Arc;

use chrono::{DateTime, FixedOffset};
use reqwest::Request;

use crate::{
    apis::{
        api_key_lifecycle_api, api_key_policies_api, api_key_search_api, api_keys_api, audit_api,
        configuration::Configuration, members_api, owners_api, projects_api, users_api, verification_api,
    },
    attempts::Retry,
    call::{Call, List, Operation, Params, Received, check_segment},
    client::Latchkey,
    error::Error,
    models,
    pages::{Page, linked_cursor},
    transport::Transport,
};

impl Latchkey {
    /// Methods: `create`, `list`, `issue`, `search`, `revoke_matching`, `usage`, `disable`, `enable`, `rotate`, `revoke`, `get`, `update`, `delete`.
    pub fn keys(&self) -> Keys {
        Keys { transport: self.transport.clone() }
    }

    /// Methods: `create`, `list`, `get`, `update`.
    pub fn projects(&self) -> Projects {
        Projects { transport: self.transport.clone() }
    }

    /// Methods: `upsert`, `list`, `get`, `delete`, `create_token`.
    pub fn owners(&self) -> Owners {
        Owners { transport: self.transport.clone() }
    }

    /// Methods: `list`, `set`, `remove`.
    pub fn members(&self) -> Members {
        Members { transport: self.transport.clone() }
    }

    /// Methods: `create`.
    pub fn service_accounts(&self) -> ServiceAccounts {
        ServiceAccounts { transport: self.transport.clone() }
    }

    /// Methods: `events`.
    pub fn audit(&self) -> Audit {
        Audit { transport: self.transport.clone() }
    }

    /// Methods: `list`, `create`, `get`, `update`, `change_password`.
    pub fn users(&self) -> Users {
        Users { transport: self.transport.clone() }
    }

    /// Get the current user.
    ///
    /// Returns the user that the credential of the request belongs to.
    pub fn whoami(&self) -> Call<users_api::GetCurrentUserParams> {
        let params = users_api::GetCurrentUserParams::default();
        Call::new(&self.transport, params)
    }

    /// Verify an API key.
    ///
    /// Decides whether a key is valid for a request. The status is 200 whenever a decision was made: `valid` is the
    /// decision, `code` its reason. At most one second after a key was revoked, disabled, deleted or restricted, no
    /// node reports it as valid on the old terms. `stale` is true when the database is unreachable and the decision was
    /// made from the key cache. Every verification counts towards the key's usage, and one that is otherwise valid
    /// towards its rate limit.
    pub fn verify(&self, key: impl Into<String>) -> Call<verification_api::VerifyApiKeyParams> {
        let mut params = verification_api::VerifyApiKeyParams::default();
        params.body.key = key.into();
        Call::new(&self.transport, params)
    }
}

/// Methods: `get`, `set`.
#[derive(Clone, Debug)]
pub struct KeysPolicy {
    transport: Arc<Transport>,
}

impl KeysPolicy {
    /// Get an API key's policy.
    ///
    /// Returns the restrictions of a key. A member that is `null` does not restrict the key.
    pub fn get(&self, item_id: i64) -> Call<api_key_policies_api::GetApiKeyPolicyParams> {
        let mut params = api_key_policies_api::GetApiKeyPolicyParams::default();
        params.item_id = item_id;
        Call::new(&self.transport, params)
    }

    /// Replace an API key's policy.
    ///
    /// Replaces the whole policy: a member that is absent or `null` no longer restricts the key. A key without a policy
    /// has the permissions of its user and every scope that does not begin with `latchkey:`. A policy that allows more
    /// than the caller has gets a 403, and so does any policy for a key that may do more than the caller.
    pub fn set(&self, item_id: i64) -> Call<api_key_policies_api::SetApiKeyPolicyParams> {
        let mut params = api_key_policies_api::SetApiKeyPolicyParams::default();
        params.item_id = item_id;
        Call::new(&self.transport, params)
    }
}

/// Methods: `get`, `set`.
#[derive(Clone, Debug)]
pub struct KeysMetadata {
    transport: Arc<Transport>,
}

impl KeysMetadata {
    /// Get an API key's metadata.
    ///
    /// Returns the strings that the deployer attached to a key.
    pub fn get(&self, item_id: i64) -> Call<api_keys_api::GetApiKeyMetadataParams> {
        let mut params = api_keys_api::GetApiKeyMetadataParams::default();
        params.item_id = item_id;
        Call::new(&self.transport, params)
    }

    /// Replace an API key's metadata.
    ///
    /// Replaces the metadata of a key. Verifications return it. Owners cannot: it is what the deployer says of a key.
    pub fn set(
        &self,
        item_id: i64,
        metadata: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> Call<api_keys_api::SetApiKeyMetadataParams> {
        let mut params = api_keys_api::SetApiKeyMetadataParams::default();
        params.item_id = item_id;
        params.body.metadata = metadata.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Call::new(&self.transport, params)
    }
}

/// Methods: `create`, `list`, `issue`, `search`, `revoke_matching`, `usage`, `disable`, `enable`, `rotate`, `revoke`, `get`, `update`, `delete`.
#[derive(Clone, Debug)]
pub struct Keys {
    transport: Arc<Transport>,
}

impl Keys {
    /// Methods: `get`, `set`.
    pub fn policy(&self) -> KeysPolicy {
        KeysPolicy { transport: self.transport.clone() }
    }

    /// Methods: `get`, `set`.
    pub fn metadata(&self) -> KeysMetadata {
        KeysMetadata { transport: self.transport.clone() }
    }

    /// Create an API key.
    ///
    /// Creates an API key that belongs to the caller. `full_key` in the response is the secret; it cannot be retrieved
    /// later. No credential may grant more than it has: a `policy` that allows more than the caller has gets a 403, and
    /// a key without a `policy` gets the restrictions of the credential that creates it. A key that is created with an
    /// API key expires no later than that key: a later `expires_at` gets a 403. Owners cannot give `metadata` (403).
    /// With `Idempotency-Key` the request can be repeated safely.
    pub fn create(&self) -> Call<api_keys_api::CreateApiKeyParams> {
        let params = api_keys_api::CreateApiKeyParams::default();
        Call::new(&self.transport, params)
    }

    /// List API keys.
    ///
    /// Lists the caller's API keys, newest first. Follow `Link: rel="next"` (RFC 8288) until it is absent. With a
    /// `status` filter a page may hold fewer records than `limit`, or none, while more pages follow.
    pub fn list(&self) -> Call<api_keys_api::ListApiKeysParams> {
        let params = api_keys_api::ListApiKeysParams::default();
        Call::new(&self.transport, params)
    }

    /// Issue an API key to an owner or a service account.
    ///
    /// Creates an API key that belongs to the owner with this external id, and the owner if there is none; or, by an
    /// admin of the project, to a service account. `full_key` in the response is the secret; it cannot be retrieved
    /// later. The key is managed: its owner can restrict it, and not extend it. Without scopes, it has the default
    /// scopes of the project. With `Idempotency-Key` the request can be repeated safely.
    pub fn issue(&self, project: impl Into<String>) -> Call<owners_api::IssueApiKeyParams> {
        let mut params = owners_api::IssueApiKeyParams::default();
        params.project = project.into();
        Call::new(&self.transport, params)
    }

    /// Find API keys.
    ///
    /// Finds the keys of a project that meet every condition of the filter, newest first. Without an `owner`, those of
    /// a beginning in `key` are in alphabetical order, and without either, those of a condition on the expiry in the
    /// order in which they expire. Pass `next_cursor` as `cursor` to get the next page, until it is `null`. A page may
    /// have fewer keys than `limit`, or none, and still not be the last: each request examines 5,000 keys at most.
    /// Deleted keys are not found. What is sent as `key` is neither logged nor returned.
    pub fn search(&self, project: impl Into<String>) -> Call<api_key_search_api::SearchApiKeysParams> {
        let mut params = api_key_search_api::SearchApiKeysParams::default();
        params.project = project.into();
        Call::new(&self.transport, params)
    }

    /// Revoke many API keys.
    ///
    /// Revokes the keys of a project that meet every condition of the filter, of those that the caller may revoke, up
    /// to `limit`, all of them or none. Keys that are not of owners take what `revokeApiKey` takes: the scope
    /// `latchkey:keys.manage`, and that they permit no more than the caller has. With `dry_run` it revokes none, and
    /// says how many it would. Pass `next_cursor` as `cursor` to go on, until it is `null`: keys that are created after
    /// the first request are spared, so disable an owner first if its keys are to be revoked. Revoked keys do not
    /// match.
    pub fn revoke_matching(
        &self,
        project: impl Into<String>,
        filter: models::ApiKeyFilter,
        dry_run: bool,
        limit: i64,
    ) -> Call<api_key_search_api::RevokeApiKeysParams> {
        let mut params = api_key_search_api::RevokeApiKeysParams::default();
        params.project = project.into();
        params.body.filter = filter;
        params.body.dry_run = dry_run;
        params.body.limit = limit;
        Call::new(&self.transport, params)
    }

    /// Get an API key's usage.
    ///
    /// Returns how often a key was verified, and when it was last used. Counts are at most one minute old; a node that
    /// crashes loses at most ten seconds of them.
    pub fn usage(&self, item_id: i64) -> Call<api_keys_api::GetApiKeyUsageParams> {
        let mut params = api_keys_api::GetApiKeyUsageParams::default();
        params.item_id = item_id;
        Call::new(&self.transport, params)
    }

    /// Disable an API key.
    ///
    /// The key is invalid until it is enabled again. Disabling a disabled key has no effect. A key that may do more
    /// than the caller gets a 403.
    pub fn disable(&self, item_id: i64) -> Call<api_key_lifecycle_api::DisableApiKeyParams> {
        let mut params = api_key_lifecycle_api::DisableApiKeyParams::default();
        params.item_id = item_id;
        Call::new(&self.transport, params)
    }

    /// Enable an API key.
    ///
    /// Makes a disabled key valid again, unless another reason makes it invalid. Enabling an enabled key has no effect.
    /// A key that may do more than the caller gets a 403.
    pub fn enable(&self, item_id: i64) -> Call<api_key_lifecycle_api::EnableApiKeyParams> {
        let mut params = api_key_lifecycle_api::EnableApiKeyParams::default();
        params.item_id = item_id;
        Call::new(&self.transport, params)
    }

    /// Rotate an API key.
    ///
    /// Creates a successor with the same description, policy and expiry, and a new secret, which is returned only in
    /// this response. The old key remains valid for `grace_period_seconds`, or until its own expiry if that is earlier;
    /// without a grace period it is revoked. Only an active or pending key without a successor can be rotated: of
    /// several concurrent rotations one gets a 201 and the others get a 409. A key that may do more than the caller
    /// gets a 403, and so does a key that expires later than the API key that rotates it. A key may rotate itself. With
    /// `Idempotency-Key` the request can be repeated safely.
    pub fn rotate(&self, item_id: i64) -> Call<api_key_lifecycle_api::RotateApiKeyParams> {
        let mut params = api_key_lifecycle_api::RotateApiKeyParams::default();
        params.item_id = item_id;
        Call::new(&self.transport, params)
    }

    /// Revoke an API key.
    ///
    /// Makes a key invalid permanently. Revoking a revoked key has no effect; the first reason is kept. A key that may
    /// do more than the caller gets a 403.
    pub fn revoke(&self, item_id: i64) -> Call<api_key_lifecycle_api::RevokeApiKeyParams> {
        let mut params = api_key_lifecycle_api::RevokeApiKeyParams::default();
        params.item_id = item_id;
        Call::new(&self.transport, params)
    }

    /// Get an API key.
    ///
    /// Returns a key of the caller, without its secret.
    pub fn get(&self, item_id: i64) -> Call<api_keys_api::GetApiKeyParams> {
        let mut params = api_keys_api::GetApiKeyParams::default();
        params.item_id = item_id;
        Call::new(&self.transport, params)
    }

    /// Update.
    ///
    /// Changes the expiry or the description of a key. A member that is absent does not change; `null` removes the
    /// value. `{}` changes nothing and returns the key. Unknown members are ignored. An expiry for a key that may do
    /// more than the caller gets a 403. An API key that expires can set no later expiry than its own, neither for
    /// itself nor for another key, and cannot remove one: that gets a 403.
    pub fn update(&self, item_id: i64) -> Call<api_keys_api::UpdateApiKeyParams> {
        let mut params = api_keys_api::UpdateApiKeyParams::default();
        params.item_id = item_id;
        Call::new(&self.transport, params)
    }

    /// Delete an API key.
    ///
    /// Makes a key invalid permanently and removes its record: later requests for it get a 404. The audit trail keeps
    /// it. A key that may do more than the caller gets a 403.
    pub fn delete(&self, item_id: i64) -> Call<api_keys_api::DeleteApiKeyParams> {
        let mut params = api_keys_api::DeleteApiKeyParams::default();
        params.item_id = item_id;
        Call::new(&self.transport, params)
    }
}

/// Methods: `create`, `list`, `get`, `update`.
#[derive(Clone, Debug)]
pub struct Projects {
    transport: Arc<Transport>,
}

impl Projects {
    /// Create a project.
    ///
    /// Creates a project. Its slug is immutable. Settings that are absent have their defaults.
    pub fn create(&self, slug: impl Into<String>) -> Call<projects_api::CreateProjectParams> {
        let mut params = projects_api::CreateProjectParams::default();
        params.body.slug = slug.into();
        Call::new(&self.transport, params)
    }

    /// List projects.
    ///
    /// Lists the projects in which the caller has a role, oldest first; an administrator lists all. Pass `next_cursor`
    /// as `cursor` to get the next page, until it is `null`.
    pub fn list(&self) -> Call<projects_api::ListProjectsParams> {
        let params = projects_api::ListProjectsParams::default();
        Call::new(&self.transport, params)
    }

    /// Get a project.
    ///
    /// Returns a project with its settings. A project that the caller does not belong to gets a 404.
    pub fn get(&self, project: impl Into<String>) -> Call<projects_api::GetProjectParams> {
        let mut params = projects_api::GetProjectParams::default();
        params.project = project.into();
        Call::new(&self.transport, params)
    }

    /// Update a project.
    ///
    /// Changes the settings of a project, and disables or enables it. A member that is absent does not change. No key
    /// of a disabled project is valid. The project `default` cannot be disabled.
    pub fn update(&self, project: impl Into<String>) -> Call<projects_api::UpdateProjectParams> {
        let mut params = projects_api::UpdateProjectParams::default();
        params.project = project.into();
        Call::new(&self.transport, params)
    }
}

/// Methods: `upsert`, `list`, `get`, `delete`, `create_token`.
#[derive(Clone, Debug)]
pub struct Owners {
    transport: Arc<Transport>,
}

impl Owners {
    /// Create or update an owner.
    ///
    /// Creates the owner with this external id, or changes it. Of an existing owner, members that are absent do not
    /// change. External ids are compared byte for byte. A disabled owner has no valid key.
    pub fn upsert(
        &self,
        project: impl Into<String>,
        external_id: impl Into<String>,
    ) -> Call<owners_api::UpsertOwnerParams> {
        let mut params = owners_api::UpsertOwnerParams::default();
        params.project = project.into();
        params.body.external_id = external_id.into();
        Call::new(&self.transport, params)
    }

    /// List owners.
    ///
    /// Lists the owners of a project, oldest first, or finds the one with an external id. Pass `next_cursor` as
    /// `cursor` to get the next page, until it is `null`.
    pub fn list(&self, project: impl Into<String>) -> Call<owners_api::ListOwnersParams> {
        let mut params = owners_api::ListOwnersParams::default();
        params.project = project.into();
        Call::new(&self.transport, params)
    }

    /// Get an owner.
    ///
    /// Returns an owner of the project.
    pub fn get(&self, project: impl Into<String>, owner_id: i64) -> Call<owners_api::GetOwnerParams> {
        let mut params = owners_api::GetOwnerParams::default();
        params.project = project.into();
        params.owner_id = owner_id;
        Call::new(&self.transport, params)
    }

    /// Delete an owner.
    ///
    /// Erases the owner's external id, display name and metadata, and the descriptions and metadata of its API keys,
    /// which are revoked. What remains is the id, which audit events name. It cannot be undone; the external id can
    /// then name a new owner. If it fails, some keys may not be revoked or erased yet, though none is valid: repeat it.
    pub fn delete(&self, project: impl Into<String>, owner_id: i64) -> Call<owners_api::DeleteOwnerParams> {
        let mut params = owners_api::DeleteOwnerParams::default();
        params.project = project.into();
        params.owner_id = owner_id;
        Call::new(&self.transport, params)
    }

    /// Create an owner token.
    ///
    /// Creates a bearer token that acts as an owner, for a page or a program of the customer: it manages the keys of
    /// the owner, and nothing else. It ends after `expires_in` seconds, and as soon as the owner, the project, the
    /// caller or the API key that created it is disabled, or the caller may no longer change owners. A browser may use
    /// it on pages of the allowed origins of the project.
    pub fn create_token(
        &self,
        project: impl Into<String>,
        external_id: impl Into<String>,
    ) -> Call<owners_api::CreateOwnerTokenParams> {
        let mut params = owners_api::CreateOwnerTokenParams::default();
        params.project = project.into();
        params.body.external_id = external_id.into();
        Call::new(&self.transport, params)
    }
}

/// Methods: `list`, `set`, `remove`.
#[derive(Clone, Debug)]
pub struct Members {
    transport: Arc<Transport>,
}

impl Members {
    /// List members.
    ///
    /// Lists the members of a project, oldest principals first. Pass `next_cursor` as `cursor` to get the next page,
    /// until it is `null`. Administrators reach every project and are not listed for it.
    pub fn list(&self, project: impl Into<String>) -> Call<members_api::ListMembersParams> {
        let mut params = members_api::ListMembersParams::default();
        params.project = project.into();
        Call::new(&self.transport, params)
    }

    /// Give a user a role.
    ///
    /// Makes a user a member with this role, or gives a member another role. It is in effect at once, also for tokens
    /// and API keys that exist. A service account that was removed cannot become a member again.
    pub fn set(
        &self,
        project: impl Into<String>,
        user_id: i64,
        role: models::MemberRole,
    ) -> Call<members_api::SetMemberParams> {
        let mut params = members_api::SetMemberParams::default();
        params.project = project.into();
        params.user_id = user_id;
        params.body.role = role;
        Call::new(&self.transport, params)
    }

    /// Remove a member.
    ///
    /// Takes a member's role in the project, at once. A service account is disabled, and its API keys are invalid. What
    /// is no member is 404.
    pub fn remove(&self, project: impl Into<String>, user_id: i64) -> Call<members_api::RemoveMemberParams> {
        let mut params = members_api::RemoveMemberParams::default();
        params.project = project.into();
        params.user_id = user_id;
        Call::new(&self.transport, params)
    }
}

/// Methods: `create`.
#[derive(Clone, Debug)]
pub struct ServiceAccounts {
    transport: Arc<Transport>,
}

impl ServiceAccounts {
    /// Create a service account.
    ///
    /// Creates a principal for a program, with a role in the project. It has no password: `issueApiKey` gives it API
    /// keys, which do what their scopes and the role permit.
    pub fn create(
        &self,
        project: impl Into<String>,
        name: impl Into<String>,
        role: models::MemberRole,
    ) -> Call<members_api::CreateServiceAccountParams> {
        let mut params = members_api::CreateServiceAccountParams::default();
        params.project = project.into();
        params.body.name = name.into();
        params.body.role = role;
        Call::new(&self.transport, params)
    }
}

/// Methods: `events`.
#[derive(Clone, Debug)]
pub struct Audit {
    transport: Arc<Transport>,
}

impl Audit {
    /// List audit events.
    ///
    /// Lists events, newest first: changes of API keys and users, logins, and operations that were denied for want of a
    /// scope. Administrators read all events, members those of the projects in which their role permits it. A change
    /// and its event are written in one transaction. Events cannot be changed or deleted. Pass `next_cursor` as
    /// `cursor` to get the next page, until it is `null`.
    pub fn events(&self) -> Call<audit_api::ListAuditEventsParams> {
        let params = audit_api::ListAuditEventsParams::default();
        Call::new(&self.transport, params)
    }
}

/// Methods: `list`, `create`, `get`, `update`, `change_password`.
#[derive(Clone, Debug)]
pub struct Users {
    transport: Arc<Transport>,
}

impl Users {
    /// List users.
    ///
    /// Lists users, oldest first. Pass `next_cursor` as `cursor` to get the next page, until it is `null`. Only
    /// administrators manage users.
    pub fn list(&self) -> Call<users_api::ListUsersParams> {
        let params = users_api::ListUsersParams::default();
        Call::new(&self.transport, params)
    }

    /// Create a user.
    ///
    /// Creates a user. Without a password nobody can log in as the user, until `updateUser` sets one; roles can be
    /// given before. `setMember` gives a user roles in projects.
    pub fn create(&self, username: impl Into<String>) -> Call<users_api::CreateUserParams> {
        let mut params = users_api::CreateUserParams::default();
        params.body.username = username.into();
        Call::new(&self.transport, params)
    }

    /// Get a user.
    ///
    /// Returns a user, also a disabled one. Service accounts and owners are 404.
    pub fn get(&self, user_id: i64) -> Call<users_api::GetUserParams> {
        let mut params = users_api::GetUserParams::default();
        params.user_id = user_id;
        Call::new(&self.transport, params)
    }

    /// Change a user.
    ///
    /// Sets the members that are present; `{}` changes nothing. A new password and `disabled` end all bearer tokens of
    /// the user, and API keys are invalid while the user is disabled. With `revoke_keys` all API keys of the user are
    /// revoked for good, after everything else: if that fails, the rest is done, and the request can be repeated. The
    /// last administrator who is enabled can neither be disabled nor be made an ordinary user (409).
    pub fn update(&self, user_id: i64) -> Call<users_api::UpdateUserParams> {
        let mut params = users_api::UpdateUserParams::default();
        params.user_id = user_id;
        Call::new(&self.transport, params)
    }

    /// Change the password of the current user.
    ///
    /// Sets another password, and ends all bearer tokens of the user, also the one of this request. API keys stay
    /// valid. It takes a bearer token that was issued without `scope`, or with every scope of the user: API keys and
    /// restricted tokens get a 403. The current password is checked like that of `issueToken`, under the same limits on
    /// failed attempts.
    pub fn change_password(
        &self,
        current: impl Into<String>,
        new: impl Into<String>,
    ) -> Call<users_api::ChangePasswordParams> {
        let mut params = users_api::ChangePasswordParams::default();
        params.body.current = current.into();
        params.body.new = new.into();
        Call::new(&self.transport, params)
    }
}

impl Params for users_api::GetCurrentUserParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        Ok(users_api::get_current_user_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        Retry::Repeatable
    }
}

impl Operation for users_api::GetCurrentUserParams {
    type Output = models::UserRead;
}

impl Params for api_keys_api::CreateApiKeyParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        Ok(api_keys_api::create_api_key_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        Retry::Keyed
    }
}

impl Operation for api_keys_api::CreateApiKeyParams {
    type Output = models::ApiKeyRecordRead;
}

/// The optional arguments of `keys.create`.
impl Call<api_keys_api::CreateApiKeyParams> {
    /// When the key expires; RFC 3339 with an offset, microsecond precision, years 0001 to 9999 in UTC. A time in the
    /// past makes the key expired. Absent or `null`: when the API key that creates it expires; never, if that never
    /// expires or the key is created with a bearer token.
    pub fn expires_at(mut self, expires_at: impl Into<DateTime<FixedOffset>>) -> Self {
        self.params.body.expires_at = Some(Some(expires_at.into()));
        self
    }

    /// Sends `null` as `expires_at`: the value is removed, or there is none.
    pub fn clear_expires_at(mut self) -> Self {
        self.params.body.expires_at = Some(None);
        self
    }

    /// What the key is used for; any characters except U+0000.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.params.body.description = Some(Some(description.into()));
        self
    }

    /// Sends `null` as `description`: the value is removed, or there is none.
    pub fn clear_description(mut self) -> Self {
        self.params.body.description = Some(None);
        self
    }

    /// What restricts the key. Absent or `null`: it gets the restrictions of the credential that creates it.
    pub fn policy(mut self, policy: models::ApiKeyPolicy) -> Self {
        self.params.body.policy = Some(Some(policy));
        self
    }

    /// Sends `null` as `policy`: the value is removed, or there is none.
    pub fn clear_policy(mut self) -> Self {
        self.params.body.policy = Some(None);
        self
    }

    /// Strings that the deployer attaches to a key or an owner: at most 50, with names of 1 to 40 letters, digits, `_`,
    /// `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without spaces, all together have at
    /// most 4,096 bytes.
    pub fn metadata(mut self, metadata: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Self {
        self.params.body.metadata =
            Some(metadata.into_iter().map(|(name, value)| (name.into(), value.into())).collect());
        self
    }

    /// A text that is unique to this request, such as a random UUID. For one hour the same request with the same text
    /// gets the same result, including the secret, which is stored encrypted for that time. A different request with
    /// the same text gets a 409.
    pub fn idempotency_key(mut self, idempotency_key: impl Into<String>) -> Self {
        self.params.idempotency_key = Some(idempotency_key.into());
        self
    }
}

impl Params for api_keys_api::ListApiKeysParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        Ok(api_keys_api::list_api_keys_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        Retry::Repeatable
    }
}

impl List for api_keys_api::ListApiKeysParams {
    type Page = Vec<models::ApiKeyRecordRead>;
    type Item = models::ApiKeyRecordRead;

    fn start_at(&mut self, cursor: Option<String>) {
        self.cursor = cursor;
    }

    fn split(page: Received<Self::Page>) -> Page<Self::Item> {
        let cursor = linked_cursor(&page);
        (page.into_inner(), cursor)
    }
}

/// The optional arguments of `keys.list`.
impl Call<api_keys_api::ListApiKeysParams> {
    /// The maximum number of items on a page.
    pub fn limit(mut self, limit: i64) -> Self {
        self.params.limit = Some(limit);
        self
    }

    /// Return only keys with this status.
    pub fn status(mut self, status: models::ApiKeyStatus) -> Self {
        self.params.status = Some(status);
        self
    }
}

impl Params for verification_api::VerifyApiKeyParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        Ok(verification_api::verify_api_key_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        Retry::Rejected
    }
}

impl Operation for verification_api::VerifyApiKeyParams {
    type Output = models::ApiKeyVerification;
}

/// The optional arguments of `verify`.
impl Call<verification_api::VerifyApiKeyParams> {
    /// The scopes that the key must have.
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.params.body.scopes = Some(Some(scopes.into_iter().map(Into::into).collect()));
        self
    }

    /// Sends `null` as `scopes`: the value is removed, or there is none.
    pub fn clear_scopes(mut self) -> Self {
        self.params.body.scopes = Some(None);
        self
    }

    /// The client address. Without it a key that is restricted to networks is invalid.
    pub fn ip(mut self, ip: impl Into<String>) -> Self {
        self.params.body.ip = Some(Some(ip.into()));
        self
    }

    /// Sends `null` as `ip`: the value is removed, or there is none.
    pub fn clear_ip(mut self) -> Self {
        self.params.body.ip = Some(None);
        self
    }
}

impl Params for projects_api::CreateProjectParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        Ok(projects_api::create_project_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        Retry::Rejected
    }
}

impl Operation for projects_api::CreateProjectParams {
    type Output = models::Project;
}

/// The optional arguments of `projects.create`.
impl Call<projects_api::CreateProjectParams> {
    /// Settings of a project. A member that is absent does not change; `null` removes the value.
    pub fn settings(mut self, settings: models::ProjectSettingsUpdate) -> Self {
        self.params.body.settings = Some(settings);
        self
    }
}

impl Params for projects_api::ListProjectsParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        Ok(projects_api::list_projects_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        Retry::Repeatable
    }
}

impl List for projects_api::ListProjectsParams {
    type Page = models::ProjectPage;
    type Item = models::Project;

    fn start_at(&mut self, cursor: Option<String>) {
        self.cursor = cursor;
    }

    fn split(page: Received<Self::Page>) -> Page<Self::Item> {
        let page = page.into_inner();
        (page.items, page.next_cursor)
    }
}

/// The optional arguments of `projects.list`.
impl Call<projects_api::ListProjectsParams> {
    /// The maximum number of items on a page.
    pub fn limit(mut self, limit: i64) -> Self {
        self.params.limit = Some(limit);
        self
    }
}

impl Params for projects_api::GetProjectParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        check_segment("project", &self.project)?;
        Ok(projects_api::get_project_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        Retry::Repeatable
    }
}

impl Operation for projects_api::GetProjectParams {
    type Output = models::Project;
}

impl Params for projects_api::UpdateProjectParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        check_segment("project", &self.project)?;
        Ok(projects_api::update_project_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        if self.if_match.is_some() { Retry::Rejected } else { Retry::Repeatable }
    }
}

impl Operation for projects_api::UpdateProjectParams {
    type Output = models::Project;
}

/// The optional arguments of `projects.update`.
impl Call<projects_api::UpdateProjectParams> {
    /// Settings of a project. A member that is absent does not change; `null` removes the value.
    pub fn settings(mut self, settings: models::ProjectSettingsUpdate) -> Self {
        self.params.body.settings = Some(settings);
        self
    }

    /// Whether no key of the project is valid.
    pub fn disabled(mut self, disabled: bool) -> Self {
        self.params.body.disabled = Some(disabled);
        self
    }

    /// The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has changed since,
    /// nothing is done and the status is 412.
    pub fn if_match(mut self, if_match: impl Into<String>) -> Self {
        self.params.if_match = Some(if_match.into());
        self
    }
}

impl Params for owners_api::UpsertOwnerParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        check_segment("project", &self.project)?;
        Ok(owners_api::upsert_owner_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        Retry::Repeatable
    }
}

impl Operation for owners_api::UpsertOwnerParams {
    type Output = models::Owner;
}

/// The optional arguments of `owners.upsert`.
impl Call<owners_api::UpsertOwnerParams> {
    /// A name for people; `null` for none. Absent: unchanged.
    pub fn display_name(mut self, display_name: impl Into<String>) -> Self {
        self.params.body.display_name = Some(Some(display_name.into()));
        self
    }

    /// Sends `null` as `display_name`: the value is removed, or there is none.
    pub fn clear_display_name(mut self) -> Self {
        self.params.body.display_name = Some(None);
        self
    }

    /// Strings that the deployer attaches to a key or an owner: at most 50, with names of 1 to 40 letters, digits, `_`,
    /// `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without spaces, all together have at
    /// most 4,096 bytes.
    pub fn metadata(mut self, metadata: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Self {
        self.params.body.metadata =
            Some(metadata.into_iter().map(|(name, value)| (name.into(), value.into())).collect());
        self
    }

    /// Whether no key of the owner is valid. Absent: unchanged.
    pub fn disabled(mut self, disabled: bool) -> Self {
        self.params.body.disabled = Some(disabled);
        self
    }
}

impl Params for owners_api::ListOwnersParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        check_segment("project", &self.project)?;
        Ok(owners_api::list_owners_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        Retry::Repeatable
    }
}

impl List for owners_api::ListOwnersParams {
    type Page = models::OwnerPage;
    type Item = models::Owner;

    fn start_at(&mut self, cursor: Option<String>) {
        self.cursor = cursor;
    }

    fn split(page: Received<Self::Page>) -> Page<Self::Item> {
        let page = page.into_inner();
        (page.items, page.next_cursor)
    }
}

/// The optional arguments of `owners.list`.
impl Call<owners_api::ListOwnersParams> {
    /// The maximum number of items on a page.
    pub fn limit(mut self, limit: i64) -> Self {
        self.params.limit = Some(limit);
        self
    }

    /// Return only the owner with this external id.
    pub fn external_id(mut self, external_id: impl Into<String>) -> Self {
        self.params.external_id = Some(external_id.into());
        self
    }
}

impl Params for owners_api::GetOwnerParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        check_segment("project", &self.project)?;
        Ok(owners_api::get_owner_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        Retry::Repeatable
    }
}

impl Operation for owners_api::GetOwnerParams {
    type Output = models::Owner;
}

impl Params for owners_api::DeleteOwnerParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        check_segment("project", &self.project)?;
        Ok(owners_api::delete_owner_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        Retry::Repeatable
    }
}

impl Operation for owners_api::DeleteOwnerParams {
    type Output = ();
}

impl Params for owners_api::IssueApiKeyParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        check_segment("project", &self.project)?;
        Ok(owners_api::issue_api_key_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        Retry::Keyed
    }
}

impl Operation for owners_api::IssueApiKeyParams {
    type Output = models::ApiKeyRecordRead;
}

/// The optional arguments of `keys.issue`.
impl Call<owners_api::IssueApiKeyParams> {
    /// The external id of the owner, which is created if there is none.
    pub fn external_id(mut self, external_id: impl Into<String>) -> Self {
        self.params.body.external_id = Some(external_id.into());
        self
    }

    /// The name of the service account, in place of `external_id`.
    pub fn service_account(mut self, service_account: impl Into<String>) -> Self {
        self.params.body.service_account = Some(service_account.into());
        self
    }

    /// When the key expires; RFC 3339 with an offset, microsecond precision, years 0001 to 9999 in UTC. Absent or
    /// `null`: after the default lifetime of the project, if it has one.
    pub fn expires_at(mut self, expires_at: impl Into<DateTime<FixedOffset>>) -> Self {
        self.params.body.expires_at = Some(Some(expires_at.into()));
        self
    }

    /// Sends `null` as `expires_at`: the value is removed, or there is none.
    pub fn clear_expires_at(mut self) -> Self {
        self.params.body.expires_at = Some(None);
        self
    }

    /// What the key is used for; any characters except U+0000.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.params.body.description = Some(Some(description.into()));
        self
    }

    /// Sends `null` as `description`: the value is removed, or there is none.
    pub fn clear_description(mut self) -> Self {
        self.params.body.description = Some(None);
        self
    }

    /// What restricts the key. Absent or `null` for the default policy of the project.
    pub fn policy(mut self, policy: models::ApiKeyPolicy) -> Self {
        self.params.body.policy = Some(Some(policy));
        self
    }

    /// Sends `null` as `policy`: the value is removed, or there is none.
    pub fn clear_policy(mut self) -> Self {
        self.params.body.policy = Some(None);
        self
    }

    /// Strings that the deployer attaches to a key or an owner: at most 50, with names of 1 to 40 letters, digits, `_`,
    /// `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without spaces, all together have at
    /// most 4,096 bytes.
    pub fn metadata(mut self, metadata: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Self {
        self.params.body.metadata =
            Some(metadata.into_iter().map(|(name, value)| (name.into(), value.into())).collect());
        self
    }

    /// A text that is unique to this request, such as a random UUID. For one hour the same request with the same text
    /// gets the same result, including the secret, which is stored encrypted for that time. A different request with
    /// the same text gets a 409.
    pub fn idempotency_key(mut self, idempotency_key: impl Into<String>) -> Self {
        self.params.idempotency_key = Some(idempotency_key.into());
        self
    }
}

impl Params for api_key_search_api::SearchApiKeysParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        check_segment("project", &self.project)?;
        Ok(api_key_search_api::search_api_keys_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        Retry::Repeatable
    }
}

impl List for api_key_search_api::SearchApiKeysParams {
    type Page = models::FoundApiKeyPage;
    type Item = models::FoundApiKey;

    fn start_at(&mut self, cursor: Option<String>) {
        self.cursor = cursor;
    }

    fn split(page: Received<Self::Page>) -> Page<Self::Item> {
        let page = page.into_inner();
        (page.items, page.next_cursor)
    }
}

/// The optional arguments of `keys.search`.
impl Call<api_key_search_api::SearchApiKeysParams> {
    /// A whole key, or how it begins: 4 characters or more. Of what is not a whole key, the first 12 characters count.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.params.body.key = Some(key.into());
        self
    }

    /// The external id of the owner.
    pub fn owner(mut self, owner: impl Into<String>) -> Self {
        self.params.body.owner = Some(owner.into());
        self
    }

    /// The status of a key: `active`; `pending` before its `not_before`; `disabled`; `revoked`; `expired`. Of several,
    /// the one that cannot be undone is reported first.
    pub fn status(mut self, status: models::ApiKeyStatus) -> Self {
        self.params.body.status = Some(status);
        self
    }

    /// What the description contains, in upper or lower case.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.params.body.description = Some(description.into());
        self
    }

    /// Strings that the deployer attaches to a key or an owner: at most 50, with names of 1 to 40 letters, digits, `_`,
    /// `.` and `-`, and values of at most 500 characters, any but U+0000. As JSON without spaces, all together have at
    /// most 4,096 bytes.
    pub fn metadata(mut self, metadata: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Self {
        self.params.body.metadata =
            Some(metadata.into_iter().map(|(name, value)| (name.into(), value.into())).collect());
        self
    }

    /// The key expires after this time. Keys that never expire do not.
    pub fn expires_after(mut self, expires_after: impl Into<DateTime<FixedOffset>>) -> Self {
        self.params.body.expires_after = Some(expires_after.into());
        self
    }

    /// The key expires before this time.
    pub fn expires_before(mut self, expires_before: impl Into<DateTime<FixedOffset>>) -> Self {
        self.params.body.expires_before = Some(expires_before.into());
        self
    }

    /// The key was created before this time.
    pub fn created_before(mut self, created_before: impl Into<DateTime<FixedOffset>>) -> Self {
        self.params.body.created_before = Some(created_before.into());
        self
    }

    /// The key was created before this time, and was not used since.
    pub fn unused_since(mut self, unused_since: impl Into<DateTime<FixedOffset>>) -> Self {
        self.params.body.unused_since = Some(unused_since.into());
        self
    }

    /// The maximum number of items on a page.
    pub fn limit(mut self, limit: i64) -> Self {
        self.params.limit = Some(limit);
        self
    }
}

impl Params for api_key_search_api::RevokeApiKeysParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        check_segment("project", &self.project)?;
        Ok(api_key_search_api::revoke_api_keys_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        Retry::Rejected
    }
}

impl Operation for api_key_search_api::RevokeApiKeysParams {
    type Output = models::ApiKeyRevocationResult;
}

/// The optional arguments of `keys.revoke_matching`.
impl Call<api_key_search_api::RevokeApiKeysParams> {
    /// Why the keys are revoked, for the audit trail.
    pub fn reason(mut self, reason: impl Into<String>) -> Self {
        self.params.body.reason = Some(reason.into());
        self
    }

    /// The `next_cursor` of the request before.
    pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
        self.params.body.cursor = Some(cursor.into());
        self
    }
}

impl Params for members_api::ListMembersParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        check_segment("project", &self.project)?;
        Ok(members_api::list_members_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        Retry::Repeatable
    }
}

impl List for members_api::ListMembersParams {
    type Page = models::MemberPage;
    type Item = models::Member;

    fn start_at(&mut self, cursor: Option<String>) {
        self.cursor = cursor;
    }

    fn split(page: Received<Self::Page>) -> Page<Self::Item> {
        let page = page.into_inner();
        (page.items, page.next_cursor)
    }
}

/// The optional arguments of `members.list`.
impl Call<members_api::ListMembersParams> {
    /// The maximum number of items on a page.
    pub fn limit(mut self, limit: i64) -> Self {
        self.params.limit = Some(limit);
        self
    }
}

impl Params for members_api::SetMemberParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        check_segment("project", &self.project)?;
        Ok(members_api::set_member_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        Retry::Repeatable
    }
}

impl Operation for members_api::SetMemberParams {
    type Output = models::Member;
}

impl Params for members_api::RemoveMemberParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        check_segment("project", &self.project)?;
        Ok(members_api::remove_member_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        Retry::Repeatable
    }
}

impl Operation for members_api::RemoveMemberParams {
    type Output = ();
}

impl Params for members_api::CreateServiceAccountParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        check_segment("project", &self.project)?;
        Ok(members_api::create_service_account_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        Retry::Rejected
    }
}

impl Operation for members_api::CreateServiceAccountParams {
    type Output = models::Member;
}

impl Params for owners_api::CreateOwnerTokenParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        check_segment("project", &self.project)?;
        Ok(owners_api::create_owner_token_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        Retry::Repeatable
    }
}

impl Operation for owners_api::CreateOwnerTokenParams {
    type Output = models::TokenResponse;
}

/// The optional arguments of `owners.create_token`.
impl Call<owners_api::CreateOwnerTokenParams> {
    /// The scopes of the token, of `latchkey:keys.read`, `latchkey:keys.manage` and `latchkey:keys.write`. Absent: the
    /// first two.
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.params.body.scopes = Some(scopes.into_iter().map(Into::into).collect());
        self
    }

    /// The scopes that keys may have which the token creates or restricts. Absent: the default scopes of the project.
    pub fn key_scopes(mut self, key_scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.params.body.key_scopes = Some(key_scopes.into_iter().map(Into::into).collect());
        self
    }

    /// How long the token is valid, in seconds; 900 if absent.
    pub fn expires_in(mut self, expires_in: i64) -> Self {
        self.params.body.expires_in = Some(expires_in);
        self
    }
}

impl Params for api_key_policies_api::GetApiKeyPolicyParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        Ok(api_key_policies_api::get_api_key_policy_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        Retry::Repeatable
    }
}

impl Operation for api_key_policies_api::GetApiKeyPolicyParams {
    type Output = models::ApiKeyPolicyRead;
}

impl Params for api_key_policies_api::SetApiKeyPolicyParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        Ok(api_key_policies_api::set_api_key_policy_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        if self.if_match.is_some() { Retry::Rejected } else { Retry::Repeatable }
    }
}

impl Operation for api_key_policies_api::SetApiKeyPolicyParams {
    type Output = models::ApiKeyPolicyRead;
}

/// The optional arguments of `keys.policy.set`.
impl Call<api_key_policies_api::SetApiKeyPolicyParams> {
    /// The only scopes that the key has.
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.params.body.scopes = Some(Some(scopes.into_iter().map(Into::into).collect()));
        self
    }

    /// Sends `null` as `scopes`: the value is removed, or there is none.
    pub fn clear_scopes(mut self) -> Self {
        self.params.body.scopes = Some(None);
        self
    }

    /// The only networks that the key may be used from; bits beyond the prefix are ignored.
    pub fn networks(mut self, networks: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.params.body.networks = Some(Some(networks.into_iter().map(Into::into).collect()));
        self
    }

    /// Sends `null` as `networks`: the value is removed, or there is none.
    pub fn clear_networks(mut self) -> Self {
        self.params.body.networks = Some(None);
        self
    }

    /// When the key becomes valid; before this time it is pending. RFC 3339 with an offset.
    pub fn not_before(mut self, not_before: impl Into<DateTime<FixedOffset>>) -> Self {
        self.params.body.not_before = Some(Some(not_before.into()));
        self
    }

    /// Sends `null` as `not_before`: the value is removed, or there is none.
    pub fn clear_not_before(mut self) -> Self {
        self.params.body.not_before = Some(None);
        self
    }

    /// How often the key may be verified.
    pub fn rate_limit(mut self, rate_limit: models::RateLimit) -> Self {
        self.params.body.rate_limit = Some(Some(rate_limit));
        self
    }

    /// Sends `null` as `rate_limit`: the value is removed, or there is none.
    pub fn clear_rate_limit(mut self) -> Self {
        self.params.body.rate_limit = Some(None);
        self
    }

    /// The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has changed since,
    /// nothing is done and the status is 412.
    pub fn if_match(mut self, if_match: impl Into<String>) -> Self {
        self.params.if_match = Some(if_match.into());
        self
    }
}

impl Params for api_keys_api::GetApiKeyMetadataParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        Ok(api_keys_api::get_api_key_metadata_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        Retry::Repeatable
    }
}

impl Operation for api_keys_api::GetApiKeyMetadataParams {
    type Output = models::ApiKeyMetadataRead;
}

impl Params for api_keys_api::SetApiKeyMetadataParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        Ok(api_keys_api::set_api_key_metadata_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        if self.if_match.is_some() { Retry::Rejected } else { Retry::Repeatable }
    }
}

impl Operation for api_keys_api::SetApiKeyMetadataParams {
    type Output = models::ApiKeyMetadataRead;
}

/// The optional arguments of `keys.metadata.set`.
impl Call<api_keys_api::SetApiKeyMetadataParams> {
    /// The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has changed since,
    /// nothing is done and the status is 412.
    pub fn if_match(mut self, if_match: impl Into<String>) -> Self {
        self.params.if_match = Some(if_match.into());
        self
    }
}

impl Params for api_keys_api::GetApiKeyUsageParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        Ok(api_keys_api::get_api_key_usage_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        Retry::Repeatable
    }
}

impl Operation for api_keys_api::GetApiKeyUsageParams {
    type Output = models::ApiKeyUsage;
}

impl Params for api_key_lifecycle_api::DisableApiKeyParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        Ok(api_key_lifecycle_api::disable_api_key_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        if self.if_match.is_some() { Retry::Rejected } else { Retry::Repeatable }
    }
}

impl Operation for api_key_lifecycle_api::DisableApiKeyParams {
    type Output = models::ApiKeyRecordRead;
}

/// The optional arguments of `keys.disable`.
impl Call<api_key_lifecycle_api::DisableApiKeyParams> {
    /// Whether the response waits, for about a second, until no node that reaches the database reports the key as valid
    /// any more. The change itself does not wait: it is made even if the client disconnects meanwhile.
    pub fn wait_until_effective(mut self, wait_until_effective: bool) -> Self {
        self.params.wait_until_effective = Some(wait_until_effective);
        self
    }

    /// The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has changed since,
    /// nothing is done and the status is 412.
    pub fn if_match(mut self, if_match: impl Into<String>) -> Self {
        self.params.if_match = Some(if_match.into());
        self
    }
}

impl Params for api_key_lifecycle_api::EnableApiKeyParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        Ok(api_key_lifecycle_api::enable_api_key_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        if self.if_match.is_some() { Retry::Rejected } else { Retry::Repeatable }
    }
}

impl Operation for api_key_lifecycle_api::EnableApiKeyParams {
    type Output = models::ApiKeyRecordRead;
}

/// The optional arguments of `keys.enable`.
impl Call<api_key_lifecycle_api::EnableApiKeyParams> {
    /// The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has changed since,
    /// nothing is done and the status is 412.
    pub fn if_match(mut self, if_match: impl Into<String>) -> Self {
        self.params.if_match = Some(if_match.into());
        self
    }
}

impl Params for api_key_lifecycle_api::RotateApiKeyParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        Ok(api_key_lifecycle_api::rotate_api_key_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        Retry::Keyed
    }
}

impl Operation for api_key_lifecycle_api::RotateApiKeyParams {
    type Output = models::ApiKeyRecordRead;
}

/// The optional arguments of `keys.rotate`.
impl Call<api_key_lifecycle_api::RotateApiKeyParams> {
    /// How long the old key remains valid, in seconds; 0 if absent.
    pub fn grace_period_seconds(mut self, grace_period_seconds: i64) -> Self {
        self.params.body.grace_period_seconds = Some(grace_period_seconds);
        self
    }

    /// The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has changed since,
    /// nothing is done and the status is 412.
    pub fn if_match(mut self, if_match: impl Into<String>) -> Self {
        self.params.if_match = Some(if_match.into());
        self
    }

    /// A text that is unique to this request, such as a random UUID. For one hour the same request with the same text
    /// gets the same result, including the secret, which is stored encrypted for that time. A different request with
    /// the same text gets a 409.
    pub fn idempotency_key(mut self, idempotency_key: impl Into<String>) -> Self {
        self.params.idempotency_key = Some(idempotency_key.into());
        self
    }
}

impl Params for api_key_lifecycle_api::RevokeApiKeyParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        Ok(api_key_lifecycle_api::revoke_api_key_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        if self.if_match.is_some() { Retry::Rejected } else { Retry::Repeatable }
    }
}

impl Operation for api_key_lifecycle_api::RevokeApiKeyParams {
    type Output = models::ApiKeyRecordRead;
}

/// The optional arguments of `keys.revoke`.
impl Call<api_key_lifecycle_api::RevokeApiKeyParams> {
    /// The reason, for the audit trail. It must not contain secrets.
    pub fn reason(mut self, reason: impl Into<String>) -> Self {
        self.params.body.reason = Some(Some(reason.into()));
        self
    }

    /// Sends `null` as `reason`: the value is removed, or there is none.
    pub fn clear_reason(mut self) -> Self {
        self.params.body.reason = Some(None);
        self
    }

    /// Whether the response waits, for about a second, until no node that reaches the database reports the key as valid
    /// any more. The change itself does not wait: it is made even if the client disconnects meanwhile.
    pub fn wait_until_effective(mut self, wait_until_effective: bool) -> Self {
        self.params.wait_until_effective = Some(wait_until_effective);
        self
    }

    /// The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has changed since,
    /// nothing is done and the status is 412.
    pub fn if_match(mut self, if_match: impl Into<String>) -> Self {
        self.params.if_match = Some(if_match.into());
        self
    }
}

impl Params for api_keys_api::GetApiKeyParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        Ok(api_keys_api::get_api_key_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        Retry::Repeatable
    }
}

impl Operation for api_keys_api::GetApiKeyParams {
    type Output = models::ApiKeyRecordRead;
}

impl Params for api_keys_api::UpdateApiKeyParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        Ok(api_keys_api::update_api_key_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        if self.if_match.is_some() { Retry::Rejected } else { Retry::Repeatable }
    }
}

impl Operation for api_keys_api::UpdateApiKeyParams {
    type Output = models::ApiKeyRecordRead;
}

/// The optional arguments of `keys.update`.
impl Call<api_keys_api::UpdateApiKeyParams> {
    /// When the key expires; RFC 3339 with an offset, microsecond precision, years 0001 to 9999 in UTC. A time in the
    /// past makes the key expired.
    pub fn expires_at(mut self, expires_at: impl Into<DateTime<FixedOffset>>) -> Self {
        self.params.body.expires_at = Some(Some(expires_at.into()));
        self
    }

    /// Sends `null` as `expires_at`: the value is removed, or there is none.
    pub fn clear_expires_at(mut self) -> Self {
        self.params.body.expires_at = Some(None);
        self
    }

    /// What the key is used for; any characters except U+0000.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.params.body.description = Some(Some(description.into()));
        self
    }

    /// Sends `null` as `description`: the value is removed, or there is none.
    pub fn clear_description(mut self) -> Self {
        self.params.body.description = Some(None);
        self
    }

    /// The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has changed since,
    /// nothing is done and the status is 412.
    pub fn if_match(mut self, if_match: impl Into<String>) -> Self {
        self.params.if_match = Some(if_match.into());
        self
    }
}

impl Params for api_keys_api::DeleteApiKeyParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        Ok(api_keys_api::delete_api_key_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        if self.if_match.is_some() { Retry::Rejected } else { Retry::Repeatable }
    }
}

impl Operation for api_keys_api::DeleteApiKeyParams {
    type Output = ();
}

/// The optional arguments of `keys.delete`.
impl Call<api_keys_api::DeleteApiKeyParams> {
    /// Whether the response waits, for about a second, until no node that reaches the database reports the key as valid
    /// any more. The change itself does not wait: it is made even if the client disconnects meanwhile.
    pub fn wait_until_effective(mut self, wait_until_effective: bool) -> Self {
        self.params.wait_until_effective = Some(wait_until_effective);
        self
    }

    /// The `ETag` of the record as it was read, or `*` (RFC 9110, section 13.1.1). If the record has changed since,
    /// nothing is done and the status is 412.
    pub fn if_match(mut self, if_match: impl Into<String>) -> Self {
        self.params.if_match = Some(if_match.into());
        self
    }
}

impl Params for audit_api::ListAuditEventsParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        Ok(audit_api::list_audit_events_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        Retry::Repeatable
    }
}

impl List for audit_api::ListAuditEventsParams {
    type Page = models::AuditEventPage;
    type Item = models::AuditEvent;

    fn start_at(&mut self, cursor: Option<String>) {
        self.cursor = cursor;
    }

    fn split(page: Received<Self::Page>) -> Page<Self::Item> {
        let page = page.into_inner();
        (page.items, page.next_cursor)
    }
}

/// The optional arguments of `audit.events`.
impl Call<audit_api::ListAuditEventsParams> {
    /// The maximum number of items on a page.
    pub fn limit(mut self, limit: i64) -> Self {
        self.params.limit = Some(limit);
        self
    }

    /// Return only events of this API key.
    pub fn key_id(mut self, key_id: i64) -> Self {
        self.params.key_id = Some(key_id);
        self
    }

    /// Return only events that this principal caused.
    pub fn actor_user_id(mut self, actor_user_id: i64) -> Self {
        self.params.actor_user_id = Some(actor_user_id);
        self
    }

    /// Return only events with this action. It may be an action that this version does not know, because a later
    /// version may have written it.
    pub fn action(mut self, action: impl Into<String>) -> Self {
        self.params.action = Some(action.into());
        self
    }

    /// Return only events that occurred at or after this time; RFC 3339 with an offset.
    pub fn since(mut self, since: impl Into<DateTime<FixedOffset>>) -> Self {
        self.params.since = Some(since.into());
        self
    }

    /// Return only events that occurred before this time; RFC 3339 with an offset.
    pub fn until(mut self, until: impl Into<DateTime<FixedOffset>>) -> Self {
        self.params.until = Some(until.into());
        self
    }
}

impl Params for users_api::ListUsersParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        Ok(users_api::list_users_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        Retry::Repeatable
    }
}

impl List for users_api::ListUsersParams {
    type Page = models::UserPage;
    type Item = models::User;

    fn start_at(&mut self, cursor: Option<String>) {
        self.cursor = cursor;
    }

    fn split(page: Received<Self::Page>) -> Page<Self::Item> {
        let page = page.into_inner();
        (page.items, page.next_cursor)
    }
}

/// The optional arguments of `users.list`.
impl Call<users_api::ListUsersParams> {
    /// Return only the user of this name.
    pub fn username(mut self, username: impl Into<String>) -> Self {
        self.params.username = Some(username.into());
        self
    }

    /// The maximum number of items on a page.
    pub fn limit(mut self, limit: i64) -> Self {
        self.params.limit = Some(limit);
        self
    }
}

impl Params for users_api::CreateUserParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        Ok(users_api::create_user_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        Retry::Rejected
    }
}

impl Operation for users_api::CreateUserParams {
    type Output = models::User;
}

/// The optional arguments of `users.create`.
impl Call<users_api::CreateUserParams> {
    /// The password. Without one, nobody can log in as the user.
    pub fn password(mut self, password: impl Into<String>) -> Self {
        self.params.body.password = Some(password.into());
        self
    }

    /// Whether the user may do everything in the instance; by default not.
    pub fn administrator(mut self, administrator: bool) -> Self {
        self.params.body.administrator = Some(administrator);
        self
    }
}

impl Params for users_api::GetUserParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        Ok(users_api::get_user_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        Retry::Repeatable
    }
}

impl Operation for users_api::GetUserParams {
    type Output = models::User;
}

impl Params for users_api::UpdateUserParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        Ok(users_api::update_user_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        Retry::Repeatable
    }
}

impl Operation for users_api::UpdateUserParams {
    type Output = models::User;
}

/// The optional arguments of `users.update`.
impl Call<users_api::UpdateUserParams> {
    /// Another password. It ends all bearer tokens of the user.
    pub fn password(mut self, password: impl Into<String>) -> Self {
        self.params.body.password = Some(password.into());
        self
    }

    /// Whether the user may do everything in the instance.
    pub fn administrator(mut self, administrator: bool) -> Self {
        self.params.body.administrator = Some(administrator);
        self
    }

    /// Whether the user is disabled. Keys are valid again when the user is enabled, unless they were revoked; bearer
    /// tokens are not.
    pub fn disabled(mut self, disabled: bool) -> Self {
        self.params.body.disabled = Some(disabled);
        self
    }

    /// If true, all API keys that the user has are revoked.
    pub fn revoke_keys(mut self, revoke_keys: bool) -> Self {
        self.params.body.revoke_keys = Some(revoke_keys);
        self
    }
}

impl Params for users_api::ChangePasswordParams {
    fn request(self, core: &Configuration) -> Result<Request, Error> {
        Ok(users_api::change_password_request(core, self)?)
    }

    fn retry(&self) -> Retry {
        Retry::Rejected
    }
}

impl Operation for users_api::ChangePasswordParams {
    type Output = ();
}
