//! Statements that mutate keys. Each is one round trip that mutates the key and writes its audit event, or does neither, and
//! then invalidates this node's cache entries of the key.
//!
//! All rows of a result are loaded, though there is at most one: Postgres streams `RETURNING` rows before the commit completes.
//! Only the end of the result proves that the statement was committed.

use chrono::{DateTime, Utc};
use diesel::{
    QueryResult,
    dsl::{AsSelect, SqlTypeOf},
    pg::Pg,
    sql_query,
    sql_types::{BigInt, Binary, Bool, Inet, Jsonb, Nullable, SmallInt, Text, Timestamptz},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use ipnet::IpNet;
use serde_json::json;

use crate::{
    model::{
        Actor, ApiKey, AuditAction, Caller, CredentialType, KeyAccess, KeyHash, KeyPatch, Metadata, Policy, Scope,
    },
    store::{
        Store, StoreError,
        active_caller::{AUDIT_CALLER_COLUMNS, CallerBinds},
        durability::ENSURE_DURABLE,
        freshness::Subject,
        owners::{OWNER_EVENT_SUBJECT, OWNER_SNAPSHOT},
        policy_binds::PolicyBinds,
        principals::PRINCIPAL_EVENT_COLUMNS,
        project_access::ProjectAccess,
        rows::{KEY_COLUMNS, KeyRow},
        sql::{Sql, SqlOut, Statement, push_template, unknown},
    },
};

/// A key to store.
pub struct NewKey {
    /// What the database stores of the key itself.
    pub hash: KeyHash,
    /// What is shown of the key.
    pub key_prefix: String,
    /// What the key is for.
    pub description: Option<String>,
    /// When the key was created.
    pub created_at: DateTime<Utc>,
    /// When the key expires.
    pub expires_at: Option<DateTime<Utc>>,
    /// What restricts the key.
    pub policy: Policy,
    /// What the deployer stores of the key.
    pub metadata: Metadata,
}

/// A key that a member issues.
pub struct IssuedKey<'a> {
    /// The slug of the project.
    pub project: &'a str,
    /// Whom the key belongs to.
    pub recipient: Recipient<'a>,
    /// The key.
    pub key: &'a NewKey,
}

/// Whom an issued key belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recipient<'a> {
    /// The owner of this external id, which is created if there is none.
    Owner(&'a str),
    /// The service account of this name.
    ServiceAccount(&'a str),
}

impl Recipient<'_> {
    /// The scope that issuing to it needs.
    pub fn scope(self) -> Scope {
        match self {
            Self::Owner(_) => Scope::OwnersWrite,
            Self::ServiceAccount(_) => Scope::ProjectAdmin,
        }
    }
}

/// The key that replaces another, from which it inherits everything else.
pub struct Successor {
    /// What the database stores of the key itself.
    pub hash: KeyHash,
    /// What is shown of the key.
    pub key_prefix: String,
    /// When the old key expires at the latest; `None` revokes it.
    pub old_expires_at: Option<DateTime<Utc>>,
}

/// What a statement requires of the key that it mutates.
#[derive(Default, Clone, Copy)]
pub struct ExpectedKey<'a> {
    /// The version of the key; `None` for any.
    pub version: Option<i64>,
    /// The policy whose permissions the key has; `None` for any.
    pub policy: Option<&'a Policy>,
    /// Whether the key may be a managed one of the caller itself.
    pub may_be_managed: bool,
}

impl Store {
    /// The mutated key; `None` if the caller does not reach such a key, it is not as expected, the mutation does not apply to it, or
    /// the caller is inactive.
    #[tracing::instrument(name = "store.mutate_key", level = "debug", skip_all)]
    pub(crate) async fn mutate_key<M: Mutation>(
        &self,
        caller: &Caller,
        now: DateTime<Utc>,
        id: i64,
        expected: ExpectedKey<'_>,
        mutation: &M,
    ) -> Result<Option<ApiKey>, StoreError> {
        let caller = CallerBinds::new(caller, now);
        let expected = ExpectedBinds::new(expected);
        let mut connection = self.write_connection().await?;
        let rows: Vec<KeyRow> = Sql(MutateKey { caller, now, id, expected, mutation }).load(&mut *connection).await?;
        let key = rows.into_iter().next().map(ApiKey::try_from);
        if key.is_some() && mutation.affects_validity() {
            self.freshness().invalidate([Subject::Key(id)]);
        }
        key.transpose()
    }
}

/// A new key of the caller; `None` if the caller is inactive.
pub(in crate::store) async fn insert_key(
    connection: &mut AsyncPgConnection,
    caller: &Caller,
    new: &NewKey,
) -> Result<Option<ApiKey>, StoreError> {
    let rows: Vec<KeyRow> = Sql(InsertKey::new(caller, new)).load(connection).await?;
    rows.into_iter().next().map(ApiKey::try_from).transpose()
}

/// A new key of an owner or a service account; `None` if the caller may not, the project or the principal is disabled, there is no such
/// service account, or another creates the owner at the same time.
pub(in crate::store) async fn issue_key(
    connection: &mut AsyncPgConnection,
    caller: &Caller,
    issued: &IssuedKey<'_>,
) -> Result<Option<ApiKey>, StoreError> {
    let scope = issued.recipient.scope();
    let access = ProjectAccess::new(caller, issued.key.created_at, issued.project, scope);
    let key = NewKeyBinds::new(issued.key);
    let rows: Vec<KeyRow> = match issued.recipient {
        Recipient::Owner(external_id) => Sql(IssueKey { access, external_id, key }).load(connection).await?,
        Recipient::ServiceAccount(name) => Sql(IssueToServiceAccount { access, name, key }).load(connection).await?,
    };
    rows.into_iter().next().map(ApiKey::try_from).transpose()
}

/// The successor of the key; `None` if the caller has no such key, it is not as expected, it cannot be rotated (it is revoked,
/// disabled, expired, or was rotated before), or the caller is inactive.
pub(in crate::store) async fn rotate_key(
    connection: &mut AsyncPgConnection,
    caller: &Caller,
    now: DateTime<Utc>,
    id: i64,
    expected: ExpectedKey<'_>,
    successor: &Successor,
) -> Result<Option<ApiKey>, StoreError> {
    let (caller, expected) = (CallerBinds::new(caller, now), ExpectedBinds::new(expected));
    let statement = RotateKey { caller, now, id, expected, successor };
    let rows: Vec<KeyRow> = Sql(statement).load(connection).await?;
    rows.into_iter().next().map(ApiKey::try_from).transpose()
}

/// Waits for the transactions that write keys, and keeps out others until the end of this one. A key that is being created is not
/// visible to this transaction otherwise, and the statement that creates it does not see what this transaction changes.
///
/// A request with an `Idempotency-Key` waits here with its record and its user's row locked: a transaction that calls this must
/// lock neither, nor the key of a usage counter exclusively.
pub(in crate::store) async fn lock_out_writes(connection: &mut AsyncPgConnection) -> QueryResult<()> {
    let lock = format!("LOCK TABLE api_keys IN SHARE ROW EXCLUSIVE MODE; SELECT {ENSURE_DURABLE}");
    connection.batch_execute(&lock).await
}

/// Revokes up to [`REVOCATION_BATCH`] keys of a user for an actor whose rights were checked, and returns how many. Expired keys as
/// well, because they can be extended.
pub(in crate::store) async fn revoke_keys_of_user(
    connection: &mut AsyncPgConnection,
    actor: Actor<'_>,
    user_id: i64,
    now: DateTime<Utc>,
) -> QueryResult<usize> {
    let caller = match actor {
        Actor::Caller(caller) => Some(caller),
        Actor::Command => None,
    };
    let credential_type = caller.map_or(CredentialType::Command, Caller::credential_type);
    let revoke = sql_query(REVOKE_KEYS_OF_USER)
        .bind::<BigInt, _>(user_id)
        .bind::<Timestamptz, _>(now)
        .bind::<Text, _>(REVOKED_WITH_USER)
        .bind::<Text, _>(AuditAction::Revoke.as_str())
        .bind::<Text, _>(credential_type.as_str())
        .bind::<BigInt, _>(i64::try_from(REVOCATION_BATCH).unwrap_or(i64::MAX))
        .bind::<Nullable<BigInt>, _>(caller.map(|caller| caller.user_id))
        .bind::<Nullable<BigInt>, _>(caller.and_then(Caller::key_id))
        .bind::<Nullable<Inet>, _>(caller.and_then(|caller| caller.client_ip).map(IpNet::from));
    revoke.execute(connection).await
}

/// The most keys of a user or an owner that one statement revokes. For those of a user, the table is locked meanwhile.
pub const REVOCATION_BATCH: usize = 1_000;

const REVOKED_WITH_USER: &str = "all keys of the user were revoked";
// FOR UPDATE would wait for the foreign keys of usage counters, which lock keys in another order.
const REVOKE_KEYS_OF_USER: &str = "
    WITH old AS MATERIALIZED (
        SELECT k.id, api_key_snapshot(k) AS snapshot
        FROM api_keys k WHERE k.user_id = $1 AND k.deleted_at IS NULL AND k.revoked_at IS NULL
        LIMIT $6 FOR NO KEY UPDATE OF k
    ), new AS (
        UPDATE api_keys k SET version = k.version + 1, revoked_at = $2, revocation_reason = $3
        FROM old WHERE k.id = old.id
        RETURNING k.id, k.project_id, k.user_id, old.snapshot AS old_snapshot, api_key_snapshot(k) AS snapshot
    )
    INSERT INTO audit_events (occurred_at, action, subject_type, subject_id, key_id, project_id, principal_id, before, after,
        credential_type, actor_user_id, actor_key_id, client_ip)
    SELECT $2, $4, 'api_key', k.id, k.id, k.project_id, k.user_id, k.old_snapshot, k.snapshot, $5, $7, $8, $9 FROM new k";

/// The columns of an event of a key `k`, and their values after the time and the action.
pub(in crate::store) const EVENT_COLUMNS: &str =
    "occurred_at, action, subject_type, subject_id, key_id, project_id, principal_id";
pub(in crate::store) const EVENT_SUBJECT: &str = "'api_key', k.id, k.id, k.project_id, k.user_id";

/// Pushes the parts that all statements here have.
fn push_common<'b>(name: &str, caller: &'b CallerBinds, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
    match name {
        "key_columns" => out.push_sql(KEY_COLUMNS),
        "ensure_durable" => out.push_sql(ENSURE_DURABLE),
        "caller_is_active" => caller.push_is_active(out)?,
        "caller_is_active_for_key" => caller.push_is_active_for_key(out)?,
        "reaches_key" => caller.push_reaches_key(KeyAccess::Write, out)?,
        "user_id" => caller.push_user_id(out)?,
        "has_managed_key" => caller.push_has_managed_key(out)?,
        "event_columns" => out.push_sql(EVENT_COLUMNS),
        "event_subject" => out.push_sql(EVENT_SUBJECT),
        "audit_caller_columns" => out.push_sql(AUDIT_CALLER_COLUMNS),
        "audit_caller" => caller.push_audit_values(out)?,
        _ => return unknown(name),
    }
    Ok(())
}

/// A [`NewKey`], as statements bind it.
struct NewKeyBinds<'a> {
    new: &'a NewKey,
    policy: PolicyBinds,
    metadata: serde_json::Value,
}

impl<'a> NewKeyBinds<'a> {
    fn new(new: &'a NewKey) -> Self {
        Self { new, policy: PolicyBinds::new(Some(&new.policy)), metadata: json!(new.metadata) }
    }

    /// Pushes the columns of [`NEW_KEY_COLUMNS`], their values, and each of these.
    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        let NewKey { hash, key_prefix, description, created_at, expires_at, policy: _, metadata: _ } = self.new;
        match name {
            "new_key_columns" => {
                out.push_sql(NEW_KEY_COLUMNS);
                Ok(())
            }
            "new_key" => push_template(out, NEW_KEY_VALUES, |name, out| self.push(name, out)),
            "pepper" => out.push_bind_param::<SmallInt, _>(&hash.pepper),
            "digest" => out.push_bind_param::<Binary, _>(&hash.digest),
            "key_prefix" => out.push_bind_param::<Text, _>(key_prefix),
            "description" => out.push_bind_param::<Nullable<Text>, _>(description),
            "created_at" => out.push_bind_param::<Timestamptz, _>(created_at),
            "expires_at" => out.push_bind_param::<Nullable<Timestamptz>, _>(expires_at),
            "metadata" => out.push_bind_param::<Jsonb, _>(&self.metadata),
            _ => self.policy.push(name, out),
        }
    }
}

/// What the caller chooses of a new key.
const NEW_KEY_COLUMNS: &str = "pepper, hash, key_prefix, description, created_at, expires_at, metadata, scopes, networks, \
    not_before, rate_limit_requests, rate_limit_seconds";
const NEW_KEY_VALUES: &str = "{pepper}, {digest}, {key_prefix}, {description}, {created_at}, {expires_at}, {metadata}, \
    {scopes}, {networks}, {not_before}, {rate_limit_requests}, {rate_limit_seconds}";

struct InsertKey<'a> {
    caller: CallerBinds,
    key: NewKeyBinds<'a>,
}

impl<'a> InsertKey<'a> {
    fn new(caller: &Caller, new: &'a NewKey) -> Self {
        Self { caller: CallerBinds::new(caller, new.created_at), key: NewKeyBinds::new(new) }
    }
}

impl Statement for InsertKey<'_> {
    type Id = InsertKey<'static>;
    type Row = SqlTypeOf<AsSelect<KeyRow, Pg>>;
    const SQL: &'static str = "
        WITH created AS (
            INSERT INTO api_keys AS k (user_id, project_id, managed, {new_key_columns})
            SELECT u.id, u.project_id, {has_managed_key}, {new_key} FROM principals u WHERE {caller_is_active}
            RETURNING k.*, api_key_snapshot(k) AS snapshot, {ensure_durable}
        ), event AS (
            INSERT INTO audit_events ({event_columns}, before, after, {audit_caller_columns})
            SELECT {created_at}, 'create', {event_subject}, NULL, k.snapshot, {audit_caller} FROM created k
        )
        SELECT {key_columns} FROM created k";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "new_key_columns" | "new_key" | "created_at" => self.key.push(name, out),
            _ => push_common(name, &self.caller, out),
        }
    }
}

/// Creates a key of an owner, and the owner if there is none.
struct IssueKey<'a> {
    access: ProjectAccess,
    external_id: &'a str,
    key: NewKeyBinds<'a>,
}

impl Statement for IssueKey<'_> {
    type Id = IssueKey<'static>;
    type Row = SqlTypeOf<AsSelect<KeyRow, Pg>>;
    // A statement that disables the owner at the same time waits for this one, or this one for it.
    const SQL: &'static str = "
        WITH access AS MATERIALIZED ({access}), known AS MATERIALIZED (
            SELECT o.id, o.project_id, o.disabled_at
            FROM access a INNER JOIN principals o ON o.project_id = a.id AND o.external_id = {external_id}
            FOR KEY SHARE OF o
        ), created_owner AS (
            INSERT INTO principals AS o (kind, project_id, external_id, created_at)
            SELECT 'owner', a.id, {external_id}, {created_at} FROM access a
            WHERE a.disabled_at IS NULL AND NOT EXISTS (SELECT FROM known)
            ON CONFLICT DO NOTHING
            RETURNING o.*
        ), owner AS (
            SELECT o.id, o.project_id FROM known o, access a WHERE o.disabled_at IS NULL AND a.disabled_at IS NULL
            UNION ALL
            SELECT o.id, o.project_id FROM created_owner o
        ), created AS (
            INSERT INTO api_keys AS k (user_id, project_id, managed, {new_key_columns})
            SELECT o.id, o.project_id, true, {new_key} FROM owner o
            RETURNING k.*, api_key_snapshot(k) AS snapshot, {ensure_durable}
        ), owner_event AS (
            INSERT INTO audit_events ({owner_event_columns}, before, after, {audit_caller_columns})
            SELECT {created_at}, 'create', {owner_event_subject}, NULL, {owner_snapshot}, {audit_caller} FROM created_owner o
        ), event AS (
            INSERT INTO audit_events ({event_columns}, before, after, {audit_caller_columns})
            SELECT {created_at}, 'create', {event_subject}, NULL, k.snapshot, {audit_caller} FROM created k
        )
        SELECT {key_columns} FROM created k";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "access" => self.access.push(out)?,
            "external_id" => out.push_bind_param::<Text, _>(self.external_id)?,
            "owner_snapshot" => out.push_sql(OWNER_SNAPSHOT),
            "owner_event_columns" => out.push_sql(PRINCIPAL_EVENT_COLUMNS),
            "owner_event_subject" => out.push_sql(OWNER_EVENT_SUBJECT),
            "new_key_columns" | "new_key" | "created_at" => self.key.push(name, out)?,
            _ => push_common(name, &self.access.caller, out)?,
        }
        Ok(())
    }
}

/// Creates a key of a service account that has a role.
struct IssueToServiceAccount<'a> {
    access: ProjectAccess,
    name: &'a str,
    key: NewKeyBinds<'a>,
}

impl Statement for IssueToServiceAccount<'_> {
    type Id = IssueToServiceAccount<'static>;
    type Row = SqlTypeOf<AsSelect<KeyRow, Pg>>;
    const SQL: &'static str = "
        WITH access AS MATERIALIZED ({access}), account AS MATERIALIZED (
            SELECT t.id, t.project_id FROM access a
            INNER JOIN principals t ON t.project_id = a.id AND t.kind = 'service_account' AND t.name = {name}
            WHERE t.disabled_at IS NULL AND a.disabled_at IS NULL
            FOR KEY SHARE OF t
        ), created AS (
            INSERT INTO api_keys AS k (user_id, project_id, managed, {new_key_columns})
            SELECT t.id, t.project_id, true, {new_key} FROM account t
            RETURNING k.*, api_key_snapshot(k) AS snapshot, {ensure_durable}
        ), event AS (
            INSERT INTO audit_events ({event_columns}, before, after, {audit_caller_columns})
            SELECT {created_at}, 'create', {event_subject}, NULL, k.snapshot, {audit_caller} FROM created k
        )
        SELECT {key_columns} FROM created k";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "access" => self.access.push(out),
            "name" => out.push_bind_param::<Text, _>(self.name),
            "new_key_columns" | "new_key" | "created_at" => self.key.push(name, out),
            _ => push_common(name, &self.access.caller, out),
        }
    }
}

/// An [`ExpectedKey`], as statements bind it.
struct ExpectedBinds {
    version: Option<i64>,
    policy: PolicyBinds,
    may_be_managed: bool,
}

impl ExpectedBinds {
    fn new(expected: ExpectedKey<'_>) -> Self {
        Self {
            version: expected.version,
            policy: PolicyBinds::new(expected.policy),
            may_be_managed: expected.may_be_managed,
        }
    }

    /// Pushes the condition that a key `k` is as expected.
    fn push<'b>(&'b self, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        push_template(out, IS_AS_EXPECTED, |name, out| match name {
            "version" => out.push_bind_param::<Nullable<BigInt>, _>(&self.version),
            "may_be_managed" => out.push_bind_param::<Bool, _>(&self.may_be_managed),
            "permissions_unchanged" => self.policy.push_permissions_unchanged(out),
            _ => unknown(name),
        })
    }
}

/// The condition that a key `k` is as expected, which the principal `u` mutates.
const IS_AS_EXPECTED: &str = "k.version = COALESCE({version}, k.version) \
    AND ({may_be_managed} OR NOT k.managed OR k.user_id <> u.id) AND {permissions_unchanged}";

/// One mutation of one key.
struct MutateKey<'a, M> {
    caller: CallerBinds,
    now: DateTime<Utc>,
    id: i64,
    expected: ExpectedBinds,
    mutation: &'a M,
}

/// What is done to a key.
pub(crate) trait Mutation: Send + Sync + 'static {
    const ACTION: AuditAction;
    /// The condition on a key `k` that is not deleted.
    const APPLIES_IF: &'static str;
    /// The assignments of the `UPDATE`.
    const ASSIGNMENTS: &'static str;

    /// Whether it changes the response to a verification.
    fn affects_validity(&self) -> bool {
        true
    }

    /// Pushes the bind of this name; `{now}` is known to every mutation.
    fn push<'b>(&'b self, name: &str, _: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        unknown(name)
    }
}

impl<M: Mutation> Statement for MutateKey<'_, M> {
    type Id = MutateKey<'static, M>;
    type Row = SqlTypeOf<AsSelect<KeyRow, Pg>>;
    const SQL: &'static str = "
        WITH old AS MATERIALIZED (
            SELECT k.id, api_key_snapshot(k) AS snapshot
            FROM api_keys k, principals u
            WHERE k.id = {id} AND k.deleted_at IS NULL AND {applies_if} AND {is_as_expected} AND {caller_is_active_for_key}
                AND {reaches_key}
            FOR UPDATE OF k
        ), new AS (
            UPDATE api_keys k SET version = k.version + 1, managed = k.managed OR k.user_id <> {user_id}, {assignments}
            FROM old WHERE k.id = old.id
            RETURNING k.*, old.snapshot AS old_snapshot, api_key_snapshot(k) AS snapshot, {ensure_durable}
        ), event AS (
            INSERT INTO audit_events ({event_columns}, before, after, {audit_caller_columns})
            SELECT {now}, '{action}', {event_subject}, changed_members(k.old_snapshot, k.snapshot),
                changed_members(k.snapshot, k.old_snapshot), {audit_caller} FROM new k
        )
        SELECT {key_columns} FROM new k";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "id" => out.push_bind_param::<BigInt, _>(&self.id)?,
            "applies_if" => push_template(out, M::APPLIES_IF, |name, out| self.mutation.push(name, out))?,
            "is_as_expected" => self.expected.push(out)?,
            "assignments" => push_template(out, M::ASSIGNMENTS, |name, out| match name {
                "now" => out.push_bind_param::<Timestamptz, _>(&self.now),
                _ => self.mutation.push(name, out),
            })?,
            "now" => out.push_bind_param::<Timestamptz, _>(&self.now)?,
            "action" => out.push_sql(M::ACTION.as_str()),
            _ => push_common(name, &self.caller, out)?,
        }
        Ok(())
    }
}

/// Sets each column only if the patch names it, so that two concurrent updates of different columns lose neither.
pub(crate) struct Update {
    affects_validity: bool,
    sets_description: bool,
    description: Option<String>,
    sets_expires_at: bool,
    expires_at: Option<DateTime<Utc>>,
}

impl From<KeyPatch> for Update {
    fn from(patch: KeyPatch) -> Self {
        Self {
            affects_validity: patch.sets_expiry(),
            sets_description: patch.description.is_some(),
            description: patch.description.flatten(),
            sets_expires_at: patch.expires_at.is_some(),
            expires_at: patch.expires_at.flatten(),
        }
    }
}

impl Mutation for Update {
    const ACTION: AuditAction = AuditAction::Update;
    // No key outlives the maximum of its project.
    const APPLIES_IF: &'static str = "(NOT {sets_expires_at} OR NOT EXISTS (SELECT FROM projects p WHERE p.id = k.project_id \
        AND NOT COALESCE({expires_at} <= k.created_at + make_interval(secs => p.max_lifetime_seconds), \
            p.max_lifetime_seconds IS NULL)))";
    const ASSIGNMENTS: &'static str = "
        description = CASE WHEN {sets_description} THEN {description} ELSE k.description END,
        expires_at = CASE WHEN {sets_expires_at} THEN {expires_at} ELSE k.expires_at END";

    fn affects_validity(&self) -> bool {
        self.affects_validity
    }

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "sets_description" => out.push_bind_param::<Bool, _>(&self.sets_description),
            "description" => out.push_bind_param::<Nullable<Text>, _>(&self.description),
            "sets_expires_at" => out.push_bind_param::<Bool, _>(&self.sets_expires_at),
            "expires_at" => out.push_bind_param::<Nullable<Timestamptz>, _>(&self.expires_at),
            _ => unknown(name),
        }
    }
}

/// Replaces the policy as a whole.
pub(crate) struct SetPolicy(PolicyBinds);

impl From<&Policy> for SetPolicy {
    fn from(policy: &Policy) -> Self {
        Self(PolicyBinds::new(Some(policy)))
    }
}

impl Mutation for SetPolicy {
    const ACTION: AuditAction = AuditAction::SetPolicy;
    const APPLIES_IF: &'static str = "k.revoked_at IS NULL";
    const ASSIGNMENTS: &'static str = "
        scopes = {scopes}, networks = {networks}, not_before = {not_before},
        rate_limit_requests = {rate_limit_requests}, rate_limit_seconds = {rate_limit_seconds}";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        self.0.push(name, out)
    }
}

/// Replaces the metadata. Its event does not say what it is, because it may name persons.
pub(crate) struct SetMetadata(serde_json::Value);

impl From<&Metadata> for SetMetadata {
    fn from(metadata: &Metadata) -> Self {
        Self(json!(metadata))
    }
}

impl Mutation for SetMetadata {
    const ACTION: AuditAction = AuditAction::SetMetadata;
    const APPLIES_IF: &'static str = "true";
    const ASSIGNMENTS: &'static str = "metadata = {metadata}";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "metadata" => out.push_bind_param::<Jsonb, _>(&self.0),
            _ => unknown(name),
        }
    }
}

/// Disables an enabled key, or has another principal disable one that its own has disabled.
pub(crate) struct Disable {
    pub(crate) by: i64,
}

impl Mutation for Disable {
    const ACTION: AuditAction = AuditAction::Disable;
    const APPLIES_IF: &'static str =
        "k.revoked_at IS NULL AND (k.disabled_at IS NULL OR NOT k.managed AND k.user_id <> {by})";
    const ASSIGNMENTS: &'static str = "disabled_at = COALESCE(k.disabled_at, {now})";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "by" => out.push_bind_param::<BigInt, _>(&self.by),
            _ => unknown(name),
        }
    }
}

/// Enables a disabled key.
pub(crate) struct Enable;

impl Mutation for Enable {
    const ACTION: AuditAction = AuditAction::Enable;
    const APPLIES_IF: &'static str = "k.revoked_at IS NULL AND k.disabled_at IS NOT NULL";
    const ASSIGNMENTS: &'static str = "disabled_at = NULL";
}

/// Revokes a key, for this reason.
pub(crate) struct Revoke(pub(crate) Option<String>);

impl Mutation for Revoke {
    const ACTION: AuditAction = AuditAction::Revoke;
    const APPLIES_IF: &'static str = "k.revoked_at IS NULL";
    const ASSIGNMENTS: &'static str = "revoked_at = {now}, revocation_reason = {reason}";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "reason" => out.push_bind_param::<Nullable<Text>, _>(&self.0),
            _ => unknown(name),
        }
    }
}

/// Deletes a key. Its row stays, so that its hash is never issued again.
pub(crate) struct Delete;

impl Mutation for Delete {
    const ACTION: AuditAction = AuditAction::Delete;
    const APPLIES_IF: &'static str = "true";
    const ASSIGNMENTS: &'static str = "deleted_at = {now}";
}

/// Creates the successor and ends the old key together. Of two at once, the second waits for the row and then finds it rotated.
struct RotateKey<'a> {
    caller: CallerBinds,
    now: DateTime<Utc>,
    id: i64,
    expected: ExpectedBinds,
    successor: &'a Successor,
}

impl Statement for RotateKey<'_> {
    type Id = RotateKey<'static>;
    type Row = SqlTypeOf<AsSelect<KeyRow, Pg>>;
    // LEAST ignores nulls.
    const SQL: &'static str = "
        WITH old AS MATERIALIZED (
            SELECT k.*, api_key_snapshot(k) AS snapshot
            FROM api_keys k, principals u
            WHERE k.id = {id} AND k.deleted_at IS NULL AND k.revoked_at IS NULL AND k.disabled_at IS NULL
                AND k.successor_id IS NULL AND {is_as_expected}
                AND (k.expires_at IS NULL OR k.expires_at > {now}) AND {caller_is_active_for_key} AND {reaches_key}
            FOR UPDATE OF k
        ), created AS (
            INSERT INTO api_keys AS k (user_id, pepper, hash, key_prefix, description, created_at, expires_at,
                scopes, networks, not_before, rate_limit_requests, rate_limit_seconds, predecessor_id, project_id, metadata,
                managed)
            SELECT old.user_id, {pepper}, {digest}, {key_prefix}, old.description, {now},
                LEAST(old.expires_at, (SELECT {now} + make_interval(secs => p.max_lifetime_seconds) FROM projects p
                    WHERE p.id = old.project_id)),
                old.scopes, old.networks, old.not_before, old.rate_limit_requests, old.rate_limit_seconds, old.id,
                old.project_id, old.metadata, old.managed OR old.user_id <> {user_id}
            FROM old
            RETURNING k.*, api_key_snapshot(k) AS snapshot, {ensure_durable}
        ), ended AS (
            UPDATE api_keys k SET version = k.version + 1, successor_id = created.id,
                expires_at = LEAST(k.expires_at, {old_expires_at}),
                revoked_at = CASE WHEN {old_expires_at} IS NULL THEN {now} END
            FROM old, created WHERE k.id = old.id
            RETURNING k.id, k.project_id, k.user_id, old.snapshot AS old_snapshot, api_key_snapshot(k) AS snapshot
        ), rotate_event AS (
            INSERT INTO audit_events ({event_columns}, before, after, {audit_caller_columns})
            SELECT {now}, 'rotate', {event_subject}, changed_members(k.old_snapshot, k.snapshot),
                changed_members(k.snapshot, k.old_snapshot), {audit_caller} FROM ended k
        ), create_event AS (
            INSERT INTO audit_events ({event_columns}, before, after, {audit_caller_columns})
            SELECT {now}, 'create', {event_subject}, NULL, k.snapshot, {audit_caller} FROM created k
        )
        SELECT {key_columns} FROM created k";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        let Successor { hash, key_prefix, old_expires_at } = self.successor;
        match name {
            "id" => out.push_bind_param::<BigInt, _>(&self.id),
            "is_as_expected" => self.expected.push(out),
            "now" => out.push_bind_param::<Timestamptz, _>(&self.now),
            "pepper" => out.push_bind_param::<SmallInt, _>(&hash.pepper),
            "digest" => out.push_bind_param::<Binary, _>(&hash.digest),
            "key_prefix" => out.push_bind_param::<Text, _>(key_prefix),
            "old_expires_at" => out.push_bind_param::<Nullable<Timestamptz>, _>(old_expires_at),
            _ => push_common(name, &self.caller, out),
        }
    }
}

#[cfg(test)]
mod tests {
    use diesel::debug_query;

    use super::*;
    use crate::model::RateLimit;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn mutation(mutation: &impl Mutation) -> String {
        let caller = CallerBinds::new(&Caller::with_token(1, 1), NOW);
        let expected = ExpectedBinds::new(ExpectedKey::default());
        debug_query::<Pg, _>(&Sql(MutateKey { caller, now: NOW, id: 7, expected, mutation })).to_string()
    }

    #[test]
    fn every_statement_has_all_its_parts() {
        let caller = Caller::with_token(1, 1);
        let hash = || KeyHash { pepper: 1, digest: [0; 32] };
        let policy = || Policy { rate_limit: Some(RateLimit { requests: 1, seconds: 2 }), ..Policy::default() };
        let new = NewKey {
            hash: hash(),
            key_prefix: "lk_123456789".to_owned(),
            description: None,
            created_at: NOW,
            expires_at: None,
            policy: policy(),
            metadata: Metadata::default(),
        };
        let successor = Successor { hash: hash(), key_prefix: "lk_123456789".to_owned(), old_expires_at: None };
        let rotate = RotateKey {
            caller: CallerBinds::new(&caller, NOW),
            now: NOW,
            id: 7,
            expected: ExpectedBinds::new(ExpectedKey::default()),
            successor: &successor,
        };
        let issue = IssueKey {
            access: ProjectAccess::new(&caller, NOW, "default", Scope::OwnersWrite),
            external_id: "acme",
            key: NewKeyBinds::new(&new),
        };
        let to_account = IssueToServiceAccount {
            access: ProjectAccess::new(&caller, NOW, "default", Scope::ProjectAdmin),
            name: "back end",
            key: NewKeyBinds::new(&new),
        };
        for text in [
            debug_query::<Pg, _>(&Sql(to_account)).to_string(),
            debug_query::<Pg, _>(&Sql(InsertKey::new(&caller, &new))).to_string(),
            debug_query::<Pg, _>(&Sql(rotate)).to_string(),
            debug_query::<Pg, _>(&Sql(issue)).to_string(),
            mutation(&Update::from(KeyPatch::default())),
            mutation(&SetPolicy::from(&policy())),
            mutation(&SetMetadata::from(&Metadata::default())),
            mutation(&Disable { by: 1 }),
            mutation(&Enable),
            mutation(&Revoke(None)),
            mutation(&Delete),
        ] {
            let (sql, _binds) = text.split_once("-- binds").unwrap();
            assert!(sql.contains("INSERT INTO audit_events") && sql.contains("u.token_generation = $"), "{sql}");
            assert!(!sql.contains('{'), "{sql}");
        }
    }
}
