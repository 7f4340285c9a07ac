//! Statements that change keys. Each is one round trip that changes the key and writes its audit event, or does neither.
//!
//! diesel takes every `UPDATE` to have a text of its own and prepares it anew each time, which costs a round trip. The
//! ones here never vary, so they are written out, with a query id by which diesel finds the prepared statement again.
//!
//! All rows of an answer are loaded, though there is one at most: Postgres sends rows before it commits, and lets go of them
//! in the middle of that when it crashes. Only the end of the answer says that the statement is done.

use chrono::{DateTime, Utc};
use diesel::{
    QueryResult,
    dsl::{AsSelect, SqlTypeOf},
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::{Array, BigInt, Binary, Bool, Cidr, Inet, Nullable, SmallInt, Text, Timestamptz},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use ipnet::IpNet;

use super::{Store, error::StoreError};
use crate::{
    audit::{Action, Actor},
    keys::{hash::KeyHash, policy::Policy, record::KeyRecord, update::Change},
};

/// The columns of a [`KeyRecord`], in its order.
const RECORD: &str = "k.id, k.user_id, k.key_prefix, k.description, k.created_at, k.expires_at, k.disabled_at, \
                      k.revoked_at, k.version, k.predecessor_id, k.successor_id, k.scopes, k.networks, k.not_before, \
                      k.rate_limit_requests, k.rate_limit_seconds";
type RecordSqlType = SqlTypeOf<AsSelect<KeyRecord, Pg>>;

/// A key to be kept.
pub struct NewKey {
    /// What the database sees of it.
    pub hash: KeyHash,
    /// What a person sees of it.
    pub key_prefix: String,
    /// What it is for.
    pub description: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: Option<DateTime<Utc>>,
    /// What narrows it.
    pub policy: Policy,
}

/// The key that takes the place of another; the rest it has from that one.
pub struct Successor {
    /// What the database sees of it.
    pub hash: KeyHash,
    /// What a person sees of it.
    pub key_prefix: String,
    /// When the old key ends at the latest; `None` for now and for good.
    pub old_ends_at: Option<DateTime<Utc>>,
}

impl Store {
    /// The record after the change; `None` when there is no such key of the actor's, it has not this version, or the actor
    /// is gone.
    pub async fn update_key(
        &self,
        actor: &Actor,
        now: DateTime<Utc>,
        id: i64,
        version: Option<i64>,
        change: Change,
    ) -> Result<Option<KeyRecord>, StoreError> {
        let update = Update {
            sets_description: change.description.is_some(),
            description: change.description.flatten(),
            sets_expires_at: change.expires_at.is_some(),
            expires_at: change.expires_at.flatten(),
        };
        self.change_key(ChangeKey { actor, now, id, version, what: update }).await
    }

    /// The same, for a new policy; `None` also when the key is revoked.
    pub async fn set_policy(
        &self,
        actor: &Actor,
        now: DateTime<Utc>,
        id: i64,
        version: Option<i64>,
        policy: Policy,
    ) -> Result<Option<KeyRecord>, StoreError> {
        self.change_key(ChangeKey { actor, now, id, version, what: SetPolicy(policy) }).await
    }

    /// The record of the key that is switched off now; `None` also when it was already, or is revoked.
    pub async fn disable_key(
        &self,
        actor: &Actor,
        now: DateTime<Utc>,
        id: i64,
    ) -> Result<Option<KeyRecord>, StoreError> {
        self.change_key(ChangeKey { actor, now, id, version: None, what: Disable { now } }).await
    }

    /// The record of the key that is switched on now; `None` also when it was not off, or is revoked.
    pub async fn enable_key(
        &self,
        actor: &Actor,
        now: DateTime<Utc>,
        id: i64,
    ) -> Result<Option<KeyRecord>, StoreError> {
        self.change_key(ChangeKey { actor, now, id, version: None, what: Enable }).await
    }

    /// The record of the key that is withdrawn now; `None` also when it was already.
    pub async fn revoke_key(
        &self,
        actor: &Actor,
        now: DateTime<Utc>,
        id: i64,
        reason: Option<String>,
    ) -> Result<Option<KeyRecord>, StoreError> {
        self.change_key(ChangeKey { actor, now, id, version: None, what: Revoke { now, reason } }).await
    }

    /// Whether there was such a key of the actor's.
    pub async fn delete_key(&self, actor: &Actor, now: DateTime<Utc>, id: i64) -> Result<bool, StoreError> {
        let deleted = self.change_key(ChangeKey { actor, now, id, version: None, what: Delete { now } }).await?;
        Ok(deleted.is_some())
    }

    async fn change_key<W: What>(&self, change: ChangeKey<'_, W>) -> Result<Option<KeyRecord>, StoreError> {
        let mut writer = self.writer().await?;
        let rows: Vec<KeyRecord> = change.load(&mut *writer).await?;
        Ok(rows.into_iter().next())
    }
}

/// The record of the new key; `None` when the actor is gone.
pub(super) async fn insert_key(
    connection: &mut AsyncPgConnection,
    actor: &Actor,
    new: &NewKey,
) -> Result<Option<KeyRecord>, StoreError> {
    let rows: Vec<KeyRecord> = InsertKey { actor, new }.load(connection).await?;
    Ok(rows.into_iter().next())
}

/// The record of the successor; `None` when there is no such key of the actor's at this version, or it cannot be rotated:
/// it is revoked, disabled, expired, or was rotated before.
pub(super) async fn rotate_key(
    connection: &mut AsyncPgConnection,
    actor: &Actor,
    now: DateTime<Utc>,
    id: i64,
    version: i64,
    successor: &Successor,
) -> Result<Option<KeyRecord>, StoreError> {
    let rows: Vec<KeyRecord> = RotateKey { actor, now, id, version, successor }.load(connection).await?;
    Ok(rows.into_iter().next())
}

type Out<'a, 'b> = AstPass<'a, 'b, Pg>;

/// The condition that whoever acts still may; it wants `users` as `u`. A key that was the credential must still be good and
/// narrowed as it was when it was judged, before the request's body came. The holder of a key needs no account.
fn push_stands<'b>(out: &mut Out<'_, 'b>, actor: &'b Actor) -> QueryResult<()> {
    out.push_sql("u.id = ");
    out.push_bind_param::<BigInt, _>(&actor.user_id)?;
    out.push_sql(" AND (");
    out.push_bind_param::<Bool, _>(&actor.is_holder)?;
    out.push_sql(" OR u.token_generation = ");
    out.push_bind_param::<BigInt, _>(&actor.generation)?;
    out.push_sql(" AND u.disabled_at IS NULL AND (");
    out.push_bind_param::<Nullable<BigInt>, _>(&actor.key_id)?;
    out.push_sql(" IS NULL OR EXISTS (SELECT FROM api_keys c WHERE c.id = ");
    out.push_bind_param::<Nullable<BigInt>, _>(&actor.key_id)?;
    out.push_sql(
        " AND c.revoked_at IS NULL AND c.disabled_at IS NULL AND c.deleted_at IS NULL AND c.scopes IS NOT DISTINCT FROM ",
    );
    out.push_bind_param::<Nullable<Array<Text>>, _>(&actor.key_scopes)?;
    out.push_sql(" AND c.networks IS NOT DISTINCT FROM ");
    out.push_bind_param::<Nullable<Array<Cidr>>, Option<Vec<IpNet>>>(&actor.key_networks)?;
    out.push_sql(")))");
    Ok(())
}

/// The columns of an audit event that say who, for a `SELECT` that goes on with `before` and `after`.
fn push_event<'b>(out: &mut Out<'_, 'b>, actor: &'b Actor, at: &'b DateTime<Utc>, action: Action) -> QueryResult<()> {
    out.push_sql("INSERT INTO audit_events (at, action, key_id, actor_user_id, actor_key_id, credential, address, before, after) SELECT ");
    out.push_bind_param::<Timestamptz, _>(at)?;
    out.push_sql(", '");
    out.push_sql(action.name());
    out.push_sql("', k.id, ");
    out.push_bind_param::<BigInt, _>(&actor.user_id)?;
    out.push_sql(", ");
    out.push_bind_param::<Nullable<BigInt>, _>(&actor.key_id)?;
    out.push_sql(", ");
    out.push_bind_param::<Text, _>(&actor.credential)?;
    out.push_sql(", ");
    out.push_bind_param::<Nullable<Inet>, _>(&actor.address)?;
    Ok(())
}

struct InsertKey<'a> {
    actor: &'a Actor,
    new: &'a NewKey,
}

impl QueryFragment<Pg> for InsertKey<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let new = self.new;
        out.push_sql(
            "WITH made AS (INSERT INTO api_keys AS k (user_id, pepper, hash, key_prefix, description, created_at, \
             expires_at, scopes, networks, not_before, rate_limit_requests, rate_limit_seconds) SELECT u.id, ",
        );
        out.push_bind_param::<SmallInt, _>(&new.hash.pepper)?;
        out.push_sql(", ");
        out.push_bind_param::<Binary, _>(&new.hash.digest)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&new.key_prefix)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<Text>, _>(&new.description)?;
        out.push_sql(", ");
        out.push_bind_param::<Timestamptz, _>(&new.created_at)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<Timestamptz>, _>(&new.expires_at)?;
        out.push_sql(", ");
        push_policy(&mut out, &new.policy, [", ", ", ", ", ", ", "])?;
        out.push_sql(" FROM users u WHERE ");
        push_stands(&mut out, self.actor)?;
        out.push_sql(" RETURNING k.*, audited_state(k) AS state), event AS (");
        push_event(&mut out, self.actor, &new.created_at, Action::Create)?;
        out.push_sql(", NULL, k.state FROM made k) SELECT ");
        out.push_sql(RECORD);
        out.push_sql(" FROM made k");
        Ok(())
    }
}

impl QueryId for InsertKey<'_> {
    type QueryId = InsertKey<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl Query for InsertKey<'_> {
    type SqlType = RecordSqlType;
}

/// The parts of a policy, with what stands between them.
fn push_policy<'b>(out: &mut Out<'_, 'b>, policy: &'b Policy, between: [&str; 4]) -> QueryResult<()> {
    out.push_bind_param::<Nullable<Array<Text>>, _>(&policy.scopes)?;
    out.push_sql(between[0]);
    out.push_bind_param::<Nullable<Array<Cidr>>, Option<Vec<IpNet>>>(&policy.networks)?;
    out.push_sql(between[1]);
    out.push_bind_param::<Nullable<Timestamptz>, _>(&policy.not_before)?;
    out.push_sql(between[2]);
    out.push_bind_param::<Nullable<BigInt>, _>(&policy.rate_limit_requests)?;
    out.push_sql(between[3]);
    out.push_bind_param::<Nullable<BigInt>, _>(&policy.rate_limit_seconds)
}

/// One change of one key.
struct ChangeKey<'a, W> {
    actor: &'a Actor,
    now: DateTime<Utc>,
    id: i64,
    /// That the key must have; any when `None`.
    version: Option<i64>,
    what: W,
}

/// What becomes of the key.
trait What: Send + Sync + 'static {
    const ACTION: Action;
    /// Which keys it is for, as a condition on `k`.
    const CONDITION: &'static str;

    /// The assignments of the `UPDATE`.
    fn push<'b>(&'b self, out: &mut Out<'_, 'b>) -> QueryResult<()>;
}

impl<W: What> QueryFragment<Pg> for ChangeKey<'_, W> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "WITH old AS MATERIALIZED (SELECT k.id, audited_state(k) AS state FROM api_keys k \
             INNER JOIN users u ON u.id = k.user_id WHERE k.id = ",
        );
        out.push_bind_param::<BigInt, _>(&self.id)?;
        out.push_sql(" AND k.deleted_at IS NULL AND ");
        out.push_sql(W::CONDITION);
        out.push_sql(" AND k.version = COALESCE(");
        out.push_bind_param::<Nullable<BigInt>, _>(&self.version)?;
        out.push_sql(", k.version) AND ");
        push_stands(&mut out, self.actor)?;
        out.push_sql(" FOR UPDATE OF k), new AS (UPDATE api_keys k SET version = k.version + 1, ");
        self.what.push(&mut out)?;
        out.push_sql(
            " FROM old WHERE k.id = old.id RETURNING k.*, old.state AS old_state, audited_state(k) AS state), event AS (",
        );
        push_event(&mut out, self.actor, &self.now, W::ACTION)?;
        out.push_sql(", k.old_state, k.state FROM new k) SELECT ");
        out.push_sql(RECORD);
        out.push_sql(" FROM new k");
        Ok(())
    }
}

impl<W: What> QueryId for ChangeKey<'_, W> {
    type QueryId = ChangeKey<'static, W>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<W: What> Query for ChangeKey<'_, W> {
    type SqlType = RecordSqlType;
}

/// Sets each column only when it is to change, so that two changes of different columns at once lose neither.
struct Update {
    sets_description: bool,
    description: Option<String>,
    sets_expires_at: bool,
    expires_at: Option<DateTime<Utc>>,
}

impl What for Update {
    const ACTION: Action = Action::Update;
    const CONDITION: &'static str = "true";

    fn push<'b>(&'b self, out: &mut Out<'_, 'b>) -> QueryResult<()> {
        out.push_sql("description = CASE WHEN ");
        out.push_bind_param::<Bool, _>(&self.sets_description)?;
        out.push_sql(" THEN ");
        out.push_bind_param::<Nullable<Text>, _>(&self.description)?;
        out.push_sql(" ELSE k.description END, expires_at = CASE WHEN ");
        out.push_bind_param::<Bool, _>(&self.sets_expires_at)?;
        out.push_sql(" THEN ");
        out.push_bind_param::<Nullable<Timestamptz>, _>(&self.expires_at)?;
        out.push_sql(" ELSE k.expires_at END");
        Ok(())
    }
}

struct SetPolicy(Policy);

impl What for SetPolicy {
    const ACTION: Action = Action::SetPolicy;
    const CONDITION: &'static str = "k.revoked_at IS NULL";

    fn push<'b>(&'b self, out: &mut Out<'_, 'b>) -> QueryResult<()> {
        out.push_sql("scopes = ");
        let between = [", networks = ", ", not_before = ", ", rate_limit_requests = ", ", rate_limit_seconds = "];
        push_policy(out, &self.0, between)
    }
}

struct Disable {
    now: DateTime<Utc>,
}

impl What for Disable {
    const ACTION: Action = Action::Disable;
    const CONDITION: &'static str = "k.revoked_at IS NULL AND k.disabled_at IS NULL";

    fn push<'b>(&'b self, out: &mut Out<'_, 'b>) -> QueryResult<()> {
        out.push_sql("disabled_at = ");
        out.push_bind_param::<Timestamptz, _>(&self.now)
    }
}

struct Enable;

impl What for Enable {
    const ACTION: Action = Action::Enable;
    const CONDITION: &'static str = "k.revoked_at IS NULL AND k.disabled_at IS NOT NULL";

    fn push<'b>(&'b self, out: &mut Out<'_, 'b>) -> QueryResult<()> {
        out.push_sql("disabled_at = NULL");
        Ok(())
    }
}

struct Revoke {
    now: DateTime<Utc>,
    reason: Option<String>,
}

impl What for Revoke {
    const ACTION: Action = Action::Revoke;
    const CONDITION: &'static str = "k.revoked_at IS NULL";

    fn push<'b>(&'b self, out: &mut Out<'_, 'b>) -> QueryResult<()> {
        out.push_sql("revoked_at = ");
        out.push_bind_param::<Timestamptz, _>(&self.now)?;
        out.push_sql(", revocation_reason = ");
        out.push_bind_param::<Nullable<Text>, _>(&self.reason)
    }
}

struct Delete {
    now: DateTime<Utc>,
}

impl What for Delete {
    const ACTION: Action = Action::Delete;
    const CONDITION: &'static str = "true";

    fn push<'b>(&'b self, out: &mut Out<'_, 'b>) -> QueryResult<()> {
        out.push_sql("deleted_at = ");
        out.push_bind_param::<Timestamptz, _>(&self.now)
    }
}

/// Makes the successor and ends the old key together. Of two at once the second waits for the row, and then finds it rotated.
struct RotateKey<'a> {
    actor: &'a Actor,
    now: DateTime<Utc>,
    id: i64,
    version: i64,
    successor: &'a Successor,
}

impl QueryFragment<Pg> for RotateKey<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "WITH old AS MATERIALIZED (SELECT k.*, audited_state(k) AS state FROM api_keys k \
             INNER JOIN users u ON u.id = k.user_id WHERE k.id = ",
        );
        out.push_bind_param::<BigInt, _>(&self.id)?;
        out.push_sql(
            " AND k.deleted_at IS NULL AND k.revoked_at IS NULL AND k.disabled_at IS NULL AND k.successor_id IS NULL \
             AND k.version = ",
        );
        out.push_bind_param::<BigInt, _>(&self.version)?;
        out.push_sql(" AND (k.expires_at IS NULL OR k.expires_at > ");
        out.push_bind_param::<Timestamptz, _>(&self.now)?;
        out.push_sql(") AND ");
        push_stands(&mut out, self.actor)?;
        out.push_sql(
            " FOR UPDATE OF k), made AS (INSERT INTO api_keys AS k (user_id, pepper, hash, key_prefix, description, \
             created_at, expires_at, scopes, networks, not_before, rate_limit_requests, rate_limit_seconds, \
             predecessor_id) SELECT old.user_id, ",
        );
        out.push_bind_param::<SmallInt, _>(&self.successor.hash.pepper)?;
        out.push_sql(", ");
        out.push_bind_param::<Binary, _>(&self.successor.hash.digest)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&self.successor.key_prefix)?;
        out.push_sql(", old.description, ");
        out.push_bind_param::<Timestamptz, _>(&self.now)?;
        out.push_sql(
            ", old.expires_at, old.scopes, old.networks, old.not_before, old.rate_limit_requests, \
             old.rate_limit_seconds, old.id FROM old RETURNING k.*, audited_state(k) AS state), \
             ended AS (UPDATE api_keys k SET version = k.version + 1, successor_id = made.id, \
             expires_at = LEAST(k.expires_at, ",
        );
        // LEAST passes nulls over.
        out.push_bind_param::<Nullable<Timestamptz>, _>(&self.successor.old_ends_at)?;
        out.push_sql("), revoked_at = CASE WHEN ");
        out.push_bind_param::<Nullable<Timestamptz>, _>(&self.successor.old_ends_at)?;
        out.push_sql(" IS NULL THEN ");
        out.push_bind_param::<Timestamptz, _>(&self.now)?;
        out.push_sql(
            " END FROM old, made WHERE k.id = old.id RETURNING k.id, old.state AS old_state, audited_state(k) AS state), \
             rotate_event AS (",
        );
        push_event(&mut out, self.actor, &self.now, Action::Rotate)?;
        out.push_sql(", k.old_state, k.state FROM ended k), create_event AS (");
        push_event(&mut out, self.actor, &self.now, Action::Create)?;
        out.push_sql(", NULL, k.state FROM made k) SELECT ");
        out.push_sql(RECORD);
        out.push_sql(" FROM made k");
        Ok(())
    }
}

impl QueryId for RotateKey<'_> {
    type QueryId = RotateKey<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl Query for RotateKey<'_> {
    type SqlType = RecordSqlType;
}
