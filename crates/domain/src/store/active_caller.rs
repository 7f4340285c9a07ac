//! The condition that a caller is still active, as part of the statements that act for it.

use chrono::{DateTime, Utc};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, SelectableHelper,
    dsl::auto_type,
    sql_types::{BigInt, Bool, Inet, Nullable, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;
use ipnet::IpNet;

use super::{
    Store, StoreError,
    policy_binds::PolicyBinds,
    rows::{PolicyRow, UserRow},
    schema::{api_keys, users},
    sql::{SqlOut, push_template},
};
use crate::model::{Caller, Credential, Error, Policy, User};

/// The condition for diesel's query builder; it needs `users` in the query.
#[auto_type(no_type_alias)]
pub(super) fn caller_is_active(caller: &Caller) -> _ {
    let user_id: i64 = caller.user_id;
    let token_generation: i64 = caller.token_generation;
    users::id.eq(user_id).and(users::token_generation.eq(token_generation)).and(users::disabled_at.is_null())
}

/// The condition as SQL; it needs `users u` in the query. A key that was the credential must still be active. Possession of
/// the key that is to be revoked needs no active user.
const CALLER_IS_ACTIVE: &str = "u.id = {user_id} AND ({has_possession} OR u.token_generation = {token_generation} \
    AND u.disabled_at IS NULL \
    AND ({key_id} IS NULL OR EXISTS (SELECT FROM api_keys c WHERE c.id = {key_id} AND {key_is_active})))";

/// The condition that a key `k`, which is mutated, is active if it is the credential itself. A statement that has waited for
/// its lock evaluates conditions on the latest row of `k`, but those on other tables on the rows as they were before.
const MUTATED_CREDENTIAL_IS_ACTIVE: &str = "({has_possession} OR k.id IS DISTINCT FROM {key_id} \
    OR EXISTS (SELECT FROM (SELECT k.*) c WHERE {key_is_active}))";

/// The condition that a key `c` is valid, with the policy and the expiry that it had when it was authenticated, before the
/// request's body arrived.
const KEY_IS_ACTIVE: &str = "c.revoked_at IS NULL AND c.disabled_at IS NULL AND c.deleted_at IS NULL \
    AND (c.expires_at IS NULL OR c.expires_at > {now}) AND c.expires_at IS NOT DISTINCT FROM {key_expires_at} \
    AND c.not_before IS NOT DISTINCT FROM {key_not_before} \
    AND c.scopes IS NOT DISTINCT FROM {key_scopes} AND c.networks IS NOT DISTINCT FROM {key_networks} \
    AND c.rate_limit_requests IS NOT DISTINCT FROM {key_rate_limit_requests} \
    AND c.rate_limit_seconds IS NOT DISTINCT FROM {key_rate_limit_seconds}";

/// The columns of an audit event that [`CallerBinds::push_audit_values`] has the values for.
pub(super) const AUDIT_CALLER_COLUMNS: &str = "actor_user_id, actor_key_id, credential_type, client_ip";
const AUDIT_CALLER_VALUES: &str = "{user_id}, {key_id}, {credential_type}, {client_ip}";

/// A caller, as statements bind it.
pub(super) struct CallerBinds {
    user_id: i64,
    token_generation: i64,
    has_possession: bool,
    key_id: Option<i64>,
    key_policy: PolicyBinds,
    key_expires_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    credential_type: &'static str,
    client_ip: Option<IpNet>,
}

impl CallerBinds {
    pub(super) fn new(caller: &Caller, now: DateTime<Utc>) -> Self {
        let (key_id, policy) = match &caller.credential {
            Credential::BearerToken => (None, None),
            Credential::ApiKey { id, policy, .. } => (Some(*id), Some(&**policy)),
            Credential::KeyPossession { id } => (Some(*id), None),
        };
        Self {
            user_id: caller.user_id,
            token_generation: caller.token_generation,
            has_possession: matches!(caller.credential, Credential::KeyPossession { .. }),
            key_id,
            key_policy: PolicyBinds::new(policy),
            key_expires_at: caller.key_expires_at(),
            now,
            credential_type: caller.credential_type().as_str(),
            client_ip: caller.client_ip.map(IpNet::from),
        }
    }

    /// Pushes the condition that the caller is active.
    pub(super) fn push_is_active<'b>(&'b self, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        push_template(out, CALLER_IS_ACTIVE, |name, out| self.push(name, out))
    }

    /// Pushes the condition that the caller is active, for a statement that locks and mutates a key `k`.
    pub(super) fn push_is_active_for_key<'b>(&'b self, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        self.push_is_active(out)?;
        out.push_sql(" AND ");
        push_template(out, MUTATED_CREDENTIAL_IS_ACTIVE, |name, out| self.push(name, out))
    }

    /// Pushes the values of [`AUDIT_CALLER_COLUMNS`].
    pub(super) fn push_audit_values<'b>(&'b self, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        push_template(out, AUDIT_CALLER_VALUES, |name, out| self.push(name, out))
    }

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "user_id" => out.push_bind_param::<BigInt, _>(&self.user_id),
            "token_generation" => out.push_bind_param::<BigInt, _>(&self.token_generation),
            "has_possession" => out.push_bind_param::<Bool, _>(&self.has_possession),
            "key_id" => out.push_bind_param::<Nullable<BigInt>, _>(&self.key_id),
            "key_expires_at" => out.push_bind_param::<Nullable<Timestamptz>, _>(&self.key_expires_at),
            "key_is_active" => push_template(out, KEY_IS_ACTIVE, |name, out| self.push(name, out)),
            "now" => out.push_bind_param::<Timestamptz, _>(&self.now),
            "credential_type" => out.push_bind_param::<Text, _>(&self.credential_type),
            "client_ip" => out.push_bind_param::<Nullable<Inet>, _>(&self.client_ip),
            _ => self.key_policy.push(name.trim_start_matches("key_"), out),
        }
    }
}

impl Store {
    /// The caller's user, if the caller is still active.
    #[tracing::instrument(name = "store.find_active_user", level = "debug", skip_all)]
    pub async fn find_active_user(&self, caller: &Caller) -> Result<Option<User>, StoreError> {
        let shared = self.read_connection().await?;
        let query = users::table.filter(caller_is_active(caller)).select(UserRow::as_select());
        Ok(query.first(&mut &shared.connection).await.optional()?.map(User::from))
    }

    /// Fails if a statement for a caller found nothing because the caller is inactive: its user, or its key.
    #[tracing::instrument(name = "store.ensure_caller_active", level = "debug", skip_all)]
    pub async fn ensure_caller_active(&self, caller: &Caller, now: DateTime<Utc>) -> Result<(), Error> {
        self.find_active_user(caller).await?.ok_or(Error::CallerInactive)?;
        self.ensure_key_active(caller, now).await
    }

    /// Fails if the caller's credential is a key that is no longer valid, or has another policy. Another expiry is no reason,
    /// unlike in statements: a key that has rotated itself expires earlier, and its request must still be replayed. Runs no
    /// query for a token.
    #[tracing::instrument(name = "store.ensure_key_active", level = "debug", skip_all)]
    pub async fn ensure_key_active(&self, caller: &Caller, now: DateTime<Utc>) -> Result<(), Error> {
        let Credential::ApiKey { id, policy, .. } = &caller.credential else {
            return Ok(());
        };
        let shared = self.read_connection().await?;
        let key = api_keys::table
            .find(id)
            .filter(api_keys::revoked_at.is_null())
            .filter(api_keys::disabled_at.is_null())
            .filter(api_keys::deleted_at.is_null())
            .filter(api_keys::expires_at.is_null().or(api_keys::expires_at.gt(now)))
            .select(PolicyRow::as_select());
        let row: Option<PolicyRow> = key.first(&mut &shared.connection).await.optional().map_err(StoreError::from)?;
        let current = row.map(Policy::try_from).transpose()?;
        if current.as_ref() == Some(&**policy) { Ok(()) } else { Err(Error::KeyInactive) }
    }
}
