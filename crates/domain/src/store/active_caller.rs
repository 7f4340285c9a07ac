//! The conditions that a caller is still active and that it reaches a key, as parts of the statements that act for it.

use chrono::{DateTime, Utc};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, SelectableHelper,
    sql_types::{Array, BigInt, Bool, Inet, Nullable, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;
use ipnet::IpNet;

use super::{
    Store, StoreError,
    policy_binds::PolicyBinds,
    rows::PolicyRow,
    schema::api_keys,
    sql::{SqlOut, push_template, unknown},
};
use crate::model::{
    Actor, Caller, Credential, CredentialType, Error, KeyAccess, Policy, Principal, PrincipalKind, Role, Scope,
};

/// The condition that the caller's principal `u` is active, and that nothing has revoked its tokens. Users outlive projects, owners
/// and service accounts do not. An owner token ends with the caller that minted it.
const PRINCIPAL_IS_ACTIVE: &str = "u.id = {user_id} AND u.token_generation = {token_generation} AND u.disabled_at IS NULL \
    AND (u.kind = 'user' OR NOT EXISTS (SELECT FROM projects p WHERE p.id = u.project_id AND p.disabled_at IS NOT NULL)) \
    AND ({minter_id} IS NULL OR EXISTS (SELECT FROM principals a WHERE {minter_is_active}))";

/// The condition that the principal `a`, which minted the token of the owner `u`, still could.
const MINTER_IS_ACTIVE: &str = "a.id = {minter_id} AND a.token_generation = {minter_generation} AND a.disabled_at IS NULL \
    AND (a.is_administrator OR EXISTS (SELECT FROM members m WHERE m.principal_id = a.id AND m.project_id = u.project_id \
        AND m.role = ANY({minter_roles}))) \
    AND ({minter_key_id} IS NULL OR EXISTS (SELECT FROM api_keys c WHERE c.id = {minter_key_id} AND c.revoked_at IS NULL \
        AND c.disabled_at IS NULL AND c.deleted_at IS NULL AND (c.expires_at IS NULL OR c.expires_at > {now}) \
        AND {minter_scope} = ANY(c.scopes)))";

/// The condition that a caller is active; it needs `principals u` in the query. A key that was the credential must still be
/// active. Possession of the key that is to be revoked needs no active principal.
const CALLER_IS_ACTIVE: &str = "u.id = {user_id} AND ({has_possession} OR {principal_is_active} \
    AND ({key_id} IS NULL OR EXISTS (SELECT FROM api_keys c WHERE c.id = {key_id} AND {key_is_active})))";

/// The principal that acts, if it is active, with what it may do everywhere; a row of no principal for a command, which may do
/// everything.
const ACTOR: &str = "SELECT u.id, u.is_administrator FROM principals u WHERE {caller_is_active} \
    UNION ALL SELECT NULL, true WHERE {user_id} IS NULL";

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

/// The condition that the caller's credential is a managed key.
const HAS_MANAGED_KEY: &str = "EXISTS (SELECT FROM api_keys c WHERE c.id = {key_id} AND c.managed)";

/// The condition that the caller `u` reaches the key `k`: its own keys, and those of others as its scopes and its role in their
/// project permit (`Role::reaches_keys_of`).
const REACHES_KEY: &str = "(k.user_id = u.id OR {reaches_others} AND EXISTS (SELECT FROM principals t WHERE t.id = k.user_id \
    AND (u.is_administrator OR EXISTS (SELECT FROM members m WHERE m.principal_id = u.id AND m.project_id = k.project_id \
        AND (t.kind = 'owner' AND m.role = ANY({owner_roles}) \
            OR t.kind = 'service_account' AND m.role = ANY({service_account_roles}))))))";

/// The columns of an audit event that [`CallerBinds::push_audit_values`] has the values for.
pub(super) const AUDIT_CALLER_COLUMNS: &str = "actor_user_id, actor_key_id, credential_type, client_ip, minted_by";
const AUDIT_CALLER_VALUES: &str = "{user_id}, {key_id}, {credential_type}, {client_ip}, {minter_id}";

/// A caller, as statements bind it, or a command.
pub(super) struct CallerBinds {
    /// `None` for a command.
    user_id: Option<i64>,
    token_generation: i64,
    has_possession: bool,
    key_id: Option<i64>,
    key_policy: PolicyBinds,
    key_expires_at: Option<DateTime<Utc>>,
    minter_id: Option<i64>,
    minter_generation: Option<i64>,
    minter_key_id: Option<i64>,
    minter_roles: Vec<&'static str>,
    read: Reach,
    write: Reach,
    now: DateTime<Utc>,
    credential_type: &'static str,
    client_ip: Option<IpNet>,
}

/// Which keys of others a caller reaches with its scopes.
struct Reach {
    reaches_others: bool,
    owner_roles: Vec<&'static str>,
    service_account_roles: Vec<&'static str>,
}

impl Reach {
    /// That of a command, which reaches no key.
    fn nothing() -> Self {
        Self { reaches_others: false, owner_roles: Vec::new(), service_account_roles: Vec::new() }
    }

    fn new(caller: &Caller, access: KeyAccess) -> Self {
        let scope = match access {
            KeyAccess::Read => Scope::OwnersRead,
            KeyAccess::Write => Scope::OwnersWrite,
        };
        let roles = |kind: PrincipalKind| {
            Role::with_scope(scope).filter(|role| role.reaches_keys_of(kind, access)).map(Role::as_str).collect()
        };
        Self {
            // The scope to change keys of others includes to read them.
            reaches_others: caller.scopes.contains(scope) || caller.scopes.contains(Scope::OwnersWrite),
            owner_roles: roles(PrincipalKind::Owner),
            service_account_roles: roles(PrincipalKind::ServiceAccount),
        }
    }

    fn push<'b>(&'b self, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        push_template(out, REACHES_KEY, |name, out| match name {
            "reaches_others" => out.push_bind_param::<Bool, _>(&self.reaches_others),
            "owner_roles" => out.push_bind_param::<Array<Text>, _>(&self.owner_roles),
            "service_account_roles" => out.push_bind_param::<Array<Text>, _>(&self.service_account_roles),
            _ => unknown(name),
        })
    }
}

impl CallerBinds {
    pub(super) fn new<'a>(actor: impl Into<Actor<'a>>, now: DateTime<Utc>) -> Self {
        match actor.into() {
            Actor::Caller(caller) => Self::of_caller(caller, now),
            Actor::Command => Self::of_command(now),
        }
    }

    /// No principal is this caller.
    fn of_command(now: DateTime<Utc>) -> Self {
        Self {
            user_id: None,
            token_generation: 0,
            has_possession: false,
            key_id: None,
            key_policy: PolicyBinds::new(None),
            key_expires_at: None,
            minter_id: None,
            minter_generation: None,
            minter_key_id: None,
            minter_roles: Vec::new(),
            read: Reach::nothing(),
            write: Reach::nothing(),
            now,
            credential_type: CredentialType::Command.as_str(),
            client_ip: None,
        }
    }

    fn of_caller(caller: &Caller, now: DateTime<Utc>) -> Self {
        let (key_id, policy) = match &caller.credential {
            Credential::BearerToken | Credential::OwnerToken => (None, None),
            Credential::ApiKey { id, policy, .. } => (Some(*id), Some(&**policy)),
            Credential::KeyPossession { id } => (Some(*id), None),
        };
        let minter = caller.minter;
        Self {
            user_id: Some(caller.user_id),
            token_generation: caller.token_generation,
            has_possession: matches!(caller.credential, Credential::KeyPossession { .. }),
            key_id,
            key_policy: PolicyBinds::new(policy),
            key_expires_at: caller.key_expires_at(),
            minter_id: minter.map(|minter| minter.id),
            minter_generation: minter.map(|minter| minter.token_generation),
            minter_key_id: minter.and_then(|minter| minter.key_id),
            // Without a minter, nothing is compared with them.
            minter_roles: minter
                .map_or_else(Vec::new, |_| Role::with_scope(Scope::OwnersWrite).map(Role::as_str).collect()),
            read: Reach::new(caller, KeyAccess::Read),
            write: Reach::new(caller, KeyAccess::Write),
            now,
            credential_type: caller.credential_type().as_str(),
            client_ip: caller.client_ip.map(IpNet::from),
        }
    }

    /// Whether a command acts.
    pub(super) fn is_command(&self) -> bool {
        self.user_id.is_none()
    }

    /// Pushes the condition that the caller's principal is active, for statements that change nothing.
    pub(super) fn push_principal_is_active<'b>(&'b self, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        push_template(out, PRINCIPAL_IS_ACTIVE, |name, out| self.push(name, out))
    }

    /// Pushes the condition that the caller is active.
    pub(super) fn push_is_active<'b>(&'b self, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        push_template(out, CALLER_IS_ACTIVE, |name, out| self.push(name, out))
    }

    /// Pushes the query of the principal that acts: its `id`, and whether it `is_administrator`. A command has a row as well.
    pub(super) fn push_actor<'b>(&'b self, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        push_template(out, ACTOR, |name, out| match name {
            "caller_is_active" => self.push_is_active(out),
            _ => self.push(name, out),
        })
    }

    /// Pushes the condition that the caller is active, for a statement that locks and mutates a key `k`.
    pub(super) fn push_is_active_for_key<'b>(&'b self, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        self.push_is_active(out)?;
        out.push_sql(" AND ");
        push_template(out, MUTATED_CREDENTIAL_IS_ACTIVE, |name, out| self.push(name, out))
    }

    /// Pushes the condition that the caller reaches the key `k`.
    pub(super) fn push_reaches_key<'b>(&'b self, access: KeyAccess, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match access {
            KeyAccess::Read => self.read.push(out),
            KeyAccess::Write => self.write.push(out),
        }
    }

    /// Pushes the condition that the credential is a managed key.
    pub(super) fn push_has_managed_key<'b>(&'b self, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        push_template(out, HAS_MANAGED_KEY, |name, out| self.push(name, out))
    }

    /// Pushes the id of the caller's principal.
    pub(super) fn push_user_id<'b>(&'b self, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        self.push("user_id", out)
    }

    /// Pushes the values of [`AUDIT_CALLER_COLUMNS`].
    pub(super) fn push_audit_values<'b>(&'b self, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        push_template(out, AUDIT_CALLER_VALUES, |name, out| self.push(name, out))
    }

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "user_id" => out.push_bind_param::<Nullable<BigInt>, _>(&self.user_id),
            "token_generation" => out.push_bind_param::<BigInt, _>(&self.token_generation),
            "has_possession" => out.push_bind_param::<Bool, _>(&self.has_possession),
            "key_id" => out.push_bind_param::<Nullable<BigInt>, _>(&self.key_id),
            "key_expires_at" => out.push_bind_param::<Nullable<Timestamptz>, _>(&self.key_expires_at),
            "key_is_active" => push_template(out, KEY_IS_ACTIVE, |name, out| self.push(name, out)),
            "principal_is_active" => self.push_principal_is_active(out),
            "minter_is_active" => push_template(out, MINTER_IS_ACTIVE, |name, out| self.push(name, out)),
            "minter_id" => out.push_bind_param::<Nullable<BigInt>, _>(&self.minter_id),
            "minter_generation" => out.push_bind_param::<Nullable<BigInt>, _>(&self.minter_generation),
            "minter_key_id" => out.push_bind_param::<Nullable<BigInt>, _>(&self.minter_key_id),
            "minter_scope" => out.push_bind_param::<Text, _>(Scope::OwnersWrite.as_str()),
            "minter_roles" => out.push_bind_param::<Array<Text>, _>(&self.minter_roles),
            "now" => out.push_bind_param::<Timestamptz, _>(&self.now),
            "credential_type" => out.push_bind_param::<Text, _>(&self.credential_type),
            "client_ip" => out.push_bind_param::<Nullable<Inet>, _>(&self.client_ip),
            _ => self.key_policy.push(name.trim_start_matches("key_"), out),
        }
    }
}

impl Store {
    /// The caller's principal. Fails if a statement for a caller found nothing because the caller is inactive: its principal, or its
    /// key.
    #[tracing::instrument(name = "store.ensure_caller_active", level = "debug", skip_all)]
    pub async fn ensure_caller_active(&self, caller: &Caller, now: DateTime<Utc>) -> Result<Principal, Error> {
        let principal = self.find_active_principal(caller, now).await?.ok_or(Error::CallerInactive)?;
        self.ensure_key_active(caller, now).await?;
        Ok(principal)
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
