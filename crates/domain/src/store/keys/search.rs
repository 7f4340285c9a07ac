//! Statements that find the keys of a project by a filter, and revoke them.
//!
//! One ordered index drives each search: the most selective one that the filter permits. It is walked for 5,000 keys at most, so
//! that no filter costs more. A page that found less ends where the walk ended.

use std::marker::PhantomData;

use chrono::{DateTime, Utc};
use diesel::{
    OptionalExtension, QueryResult,
    dsl::{AsSelect, SqlTypeOf},
    pg::Pg,
    sql_types::{Array, BigInt, Binary, Bool, Jsonb, Nullable, Text, Timestamptz},
};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use serde_json::json;

use crate::{
    model::{
        ApiKey, AuditAction, Caller, KeyAccess, KeyFilter, KeyStatus, KeyText, Metadata, PrincipalKind, Role, Scope,
    },
    store::{
        Store, StoreError,
        active_caller::AUDIT_CALLER_COLUMNS,
        durability::ENSURE_DURABLE,
        freshness::Subject,
        keys::write::{EVENT_COLUMNS, EVENT_SUBJECT},
        project_access::ProjectAccess,
        rows::{KEY_COLUMNS, KeyRow, Named, metadata},
        sql::{Sql, SqlOut, Statement, push_template, unknown},
        transaction::TransactionGuard,
    },
};

/// The most keys that one statement examines.
const MAX_EXAMINED: &str = "5000";

/// For the rest of a transaction, has Postgres walk indexes in their order and look up what belongs to a key when it comes to that
/// key. It would otherwise read all keys that an index has, and sort them, in projects with less than a million keys. What is off
/// has a cost at which Postgres would compile the statement.
const WALK_INDEXES: &str = "SET LOCAL enable_bitmapscan = off; SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; \
    SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL jit = off";

/// A search in a project.
pub struct Search<'a> {
    /// The slug of the project.
    pub project: &'a str,
    /// The id of the project.
    pub project_id: i64,
    /// What is searched.
    pub filter: &'a KeyFilter,
    /// The digests of the whole key that is searched, if one is.
    pub digests: Vec<[u8; 32]>,
    /// The owner that the filter names.
    pub owner_id: Option<i64>,
    /// What the keys are searched for: to change them, only those that the caller may change and that are not revoked.
    pub access: KeyAccess,
    /// The highest id of a key that is found.
    pub newest: i64,
}

/// Where a page begins: after the key with this expiry, in microseconds since 1970, and this id. Only searches by the expiry have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchPosition {
    /// The expiry; 0 in other searches.
    pub expires_at: i64,
    /// The id.
    pub id: i64,
}

/// A key that was found.
pub struct FoundKey {
    /// The key.
    pub key: ApiKey,
    /// What it belongs to.
    pub kind: PrincipalKind,
    /// The external id of its owner, if an owner has it.
    pub owner_external_id: Option<String>,
    /// What the deployer stores of it.
    pub metadata: Metadata,
    /// When it was last used, as far as that was recorded.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A page of a search.
pub struct SearchPage {
    /// The keys.
    pub keys: Vec<FoundKey>,
    /// Where the next page begins; `None` if there is none.
    pub next: Option<SearchPosition>,
}

type SearchRow = (KeyRow, Named<PrincipalKind>, Option<String>, serde_json::Value, Option<DateTime<Utc>>, bool, bool);

impl Store {
    /// The page of at most `limit` keys after a position. It is empty if the caller may not search in the project.
    #[tracing::instrument(name = "store.search_keys", level = "debug", skip_all)]
    pub async fn search_keys(
        &self,
        caller: &Caller,
        now: DateTime<Utc>,
        search: &Search<'_>,
        after: Option<SearchPosition>,
        limit: usize,
    ) -> Result<SearchPage, StoreError> {
        let filter = search.filter;
        let is_by_expiry = filter.expires_after.is_some()
            || filter.expires_before.is_some()
            || filter.status == Some(KeyStatus::Expired);
        match (&filter.key, search.owner_id) {
            (Some(KeyText::Whole(_)), _) => self.walk::<ByDigest>(caller, now, search, after, limit).await,
            (_, Some(_)) => self.walk::<ByOwner>(caller, now, search, after, limit).await,
            (Some(KeyText::Beginning(_)), None) => self.walk::<ByBeginning>(caller, now, search, after, limit).await,
            (None, None) if is_by_expiry => self.walk::<ByExpiry>(caller, now, search, after, limit).await,
            (None, None) => self.walk::<Newest>(caller, now, search, after, limit).await,
        }
    }

    /// The id of the newest key.
    #[tracing::instrument(name = "store.newest_key_id", level = "debug", skip_all)]
    pub async fn newest_key_id(&self) -> Result<i64, StoreError> {
        let shared = self.read_connection().await?;
        Ok(Sql(NewestKeyId).get_result(&mut &shared.connection).await.optional()?.unwrap_or(0))
    }

    /// Revokes those of the keys that still match, and returns how many. Runs no statement without keys.
    #[tracing::instrument(name = "store.revoke_keys", level = "debug", skip_all)]
    pub async fn revoke_keys(
        &self,
        caller: &Caller,
        now: DateTime<Utc>,
        search: &Search<'_>,
        keys: &[FoundKey],
        reason: Option<&str>,
    ) -> Result<usize, StoreError> {
        if keys.is_empty() {
            return Ok(0);
        }
        let statement = RevokeKeys {
            search: SearchBinds::new(caller, now, search),
            ids: keys.iter().map(|found| found.key.id).collect(),
            versions: keys.iter().map(|found| found.key.version).collect(),
            may_have_changed: caller.has_everything(),
            reason,
        };
        let revoked: Vec<i64> = Sql(statement).load(&mut *self.write_connection().await?).await?;
        self.freshness().invalidate(revoked.iter().map(|id| Subject::Key(*id)));
        Ok(revoked.len())
    }

    async fn walk<D: Driver>(
        &self,
        caller: &Caller,
        now: DateTime<Utc>,
        search: &Search<'_>,
        after: Option<SearchPosition>,
        limit: usize,
    ) -> Result<SearchPage, StoreError> {
        let statement = SearchKeys::<D> {
            search: SearchBinds::new(caller, now, search),
            after_id: after.map_or(D::FIRST_ID, |after| after.id),
            after_expiry: match after {
                Some(after) => DateTime::from_timestamp_micros(after.expires_at),
                None => search.filter.expires_after,
            },
            limit: i64::try_from(limit + 1).map_err(StoreError::internal)?,
            driver: PhantomData,
        };
        let mut guard = TransactionGuard::new(self.write_connection().await?);
        let walk = async |connection: &mut AsyncPgConnection| {
            connection.batch_execute(WALK_INDEXES).await?;
            Sql(statement).load(connection).await
        };
        let rows: QueryResult<Vec<SearchRow>> = guard.connection()?.transaction(walk).await;
        guard.release();
        let rows = rows?;
        let mut page = SearchPage { keys: Vec::new(), next: None };
        for (row, Named(kind), owner_external_id, json, last_used_at, is_match, is_last_examined) in rows {
            let key = ApiKey::try_from(row)?;
            let position = position::<D>(&key);
            if is_match && page.keys.len() == limit {
                page.next = page.keys.last().map(|found| self::position::<D>(&found.key));
                break;
            }
            if is_match {
                page.keys.push(FoundKey { key, kind, owner_external_id, metadata: metadata(json)?, last_used_at });
            }
            page.next = is_last_examined.then_some(position);
        }
        Ok(page)
    }
}

fn position<D: Driver>(key: &ApiKey) -> SearchPosition {
    let expires_at = if D::IS_BY_EXPIRY { key.expires_at.map_or(0, |time| time.timestamp_micros()) } else { 0 };
    SearchPosition { expires_at, id: key.id }
}

/// The index that drives a search.
trait Driver: Send + Sync + 'static {
    /// The keys `k` that are walked.
    const CONDITION: &'static str;
    /// What they are ordered by before their ids.
    const PLACE: &'static str;
    /// Their order, by `place` and `id`.
    const ORDER: &'static str = "place, id DESC";
    /// The id that every key follows.
    const FIRST_ID: i64 = i64::MAX;
    const IS_BY_EXPIRY: bool = false;
}

/// The one key that is stored under a digest. No other index has this order.
struct ByDigest;

impl Driver for ByDigest {
    const CONDITION: &'static str = "k.hash = ANY({digests}) AND k.project_id = {project_id} AND k.id < {after_id}";
    const PLACE: &'static str = "k.hash";
    const ORDER: &'static str = "place";
}

/// The keys of one owner, newest first. As a range: otherwise the planner may walk the primary key.
struct ByOwner;

impl Driver for ByOwner {
    const CONDITION: &'static str = "k.user_id >= {owner_id} AND k.user_id <= {owner_id} AND k.id < {after_id}";
    const PLACE: &'static str = "k.user_id";
}

/// The keys that begin alike, by how they begin.
struct ByBeginning;

impl Driver for ByBeginning {
    // The beginning of the key that the page follows never changes.
    const CONDITION: &'static str = "k.project_id = {project_id} AND k.key_prefix COLLATE \"C\" < {end} \
        AND k.key_prefix COLLATE \"C\" >= COALESCE((SELECT a.key_prefix FROM api_keys a WHERE a.id = {after_id}), {beginning}) \
        AND (k.key_prefix COLLATE \"C\" > (SELECT a.key_prefix FROM api_keys a WHERE a.id = {after_id}) OR k.id < {after_id})";
    const PLACE: &'static str = "k.key_prefix COLLATE \"C\"";
}

/// The keys that expire, by when they do.
struct ByExpiry;

impl Driver for ByExpiry {
    // With a second lower bound, Postgres may begin at the lower one of both.
    const CONDITION: &'static str = "k.project_id = {project_id} AND k.expires_at <= COALESCE({expiry_end}, 'infinity') \
        AND (k.expires_at, k.id) > (COALESCE({after_expiry}, '-infinity'), {after_id})";
    const PLACE: &'static str = "k.expires_at";
    const ORDER: &'static str = "place, id";
    const FIRST_ID: i64 = 0;
    const IS_BY_EXPIRY: bool = true;
}

/// All keys, newest first. As a range: otherwise the planner may walk the primary key through the keys of other projects.
struct Newest;

impl Driver for Newest {
    const CONDITION: &'static str =
        "k.project_id >= {project_id} AND k.project_id <= {project_id} AND k.id < {after_id}";
    const PLACE: &'static str = "k.project_id";
}

/// The condition that a key `k` matches, as far as its own row says.
const ROW_MATCHES: &str = "(({status} IS NULL OR {status} = CASE WHEN k.revoked_at IS NOT NULL THEN 'revoked' \
        WHEN k.expires_at <= {now} THEN 'expired' WHEN k.disabled_at IS NOT NULL THEN 'disabled' \
        WHEN k.not_before > {now} THEN 'pending' ELSE 'active' END) \
    AND ({description} IS NULL OR strpos(lower(k.description), lower({description})) > 0) \
    AND k.metadata @> {metadata} \
    AND ({expires_after} IS NULL OR k.expires_at > {expires_after}) \
    AND ({expires_before} IS NULL OR k.expires_at < {expires_before}) \
    AND ({created_before} IS NULL OR k.created_at < {created_before}) \
    AND ({unused_since} IS NULL OR k.created_at < {unused_since}) \
    AND ({owner_id} IS NULL OR k.user_id = {owner_id}) \
    AND ({beginning} IS NULL OR k.key_prefix COLLATE \"C\" >= {beginning} AND k.key_prefix COLLATE \"C\" < {end}) \
    AND (NOT {is_change} OR k.revoked_at IS NULL))";

/// The condition that the use `s` of a key matches.
const USE_MATCHES: &str = "({unused_since} IS NULL OR COALESCE(s.last_used_at < {unused_since}, true))";

/// The condition that the principal `t` of a key matches.
const PRINCIPAL_MATCHES: &str = "(t.kind = 'owner' OR (SELECT r.is_administrator FROM reach r) \
    OR t.kind = 'service_account' AND (SELECT r.reaches_service_accounts FROM reach r))";

/// The project, if the caller may search in it; and which keys it reaches there besides those of owners.
const ACCESS: &str = "access AS MATERIALIZED ({access}), reach AS MATERIALIZED (
        SELECT u.is_administrator, EXISTS (SELECT FROM members m WHERE m.principal_id = u.id
            AND m.project_id = {project_id} AND m.role = ANY({service_account_roles})) AS reaches_service_accounts
        FROM principals u WHERE u.id = {user_id}
    )";

/// A [`Search`], as statements bind it.
struct SearchBinds<'a> {
    access: ProjectAccess,
    service_account_roles: Vec<&'static str>,
    now: DateTime<Utc>,
    search: &'a Search<'a>,
    metadata: serde_json::Value,
    status: Option<&'static str>,
    /// How the keys begin, and the first text after all that begin so.
    beginning: Option<&'a str>,
    end: Option<String>,
    /// Until when keys expire that match.
    expiry_end: Option<DateTime<Utc>>,
    is_change: bool,
}

impl<'a> SearchBinds<'a> {
    fn new(caller: &Caller, now: DateTime<Utc>, search: &'a Search<'a>) -> Self {
        let (scope, filter) = (scope_for(search.access), search.filter);
        let reaches = |role: &Role| role.reaches_keys_of(PrincipalKind::ServiceAccount, search.access);
        let beginning = match &filter.key {
            Some(KeyText::Beginning(text)) => Some(text.as_str()),
            Some(KeyText::Whole(_)) | None => None,
        };
        let is_expired = filter.status == Some(KeyStatus::Expired);
        Self {
            access: ProjectAccess::new(caller, now, search.project, scope),
            service_account_roles: Role::with_scope(scope).filter(reaches).map(Role::as_str).collect(),
            now,
            search,
            metadata: json!(filter.metadata),
            status: filter.status.map(KeyStatus::as_str),
            beginning,
            end: beginning.map(end_of),
            expiry_end: [filter.expires_before, is_expired.then_some(now)].into_iter().flatten().min(),
            is_change: search.access == KeyAccess::Write,
        }
    }

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        let Search { project_id, filter, digests, owner_id, newest, .. } = self.search;
        match name {
            "access" => self.access.push(out),
            "reach" => push_template(out, ACCESS, |name, out| self.push(name, out)),
            "use_matches" => push_template(out, USE_MATCHES, |name, out| self.push(name, out)),
            "principal_matches" => {
                out.push_sql(PRINCIPAL_MATCHES);
                Ok(())
            }
            "row_matches" => push_template(out, ROW_MATCHES, |name, out| self.push(name, out)),
            "user_id" => self.access.caller.push_user_id(out),
            "service_account_roles" => out.push_bind_param::<Array<Text>, _>(&self.service_account_roles),
            "project_id" => out.push_bind_param::<BigInt, _>(project_id),
            "digests" => out.push_bind_param::<Array<Binary>, _>(digests),
            "owner_id" => out.push_bind_param::<Nullable<BigInt>, _>(owner_id),
            "newest" => out.push_bind_param::<BigInt, _>(newest),
            "now" => out.push_bind_param::<Timestamptz, _>(&self.now),
            "status" => out.push_bind_param::<Nullable<Text>, _>(&self.status),
            "description" => out.push_bind_param::<Nullable<Text>, _>(&filter.description),
            "metadata" => out.push_bind_param::<Jsonb, _>(&self.metadata),
            "expires_after" => out.push_bind_param::<Nullable<Timestamptz>, _>(&filter.expires_after),
            "expires_before" => out.push_bind_param::<Nullable<Timestamptz>, _>(&filter.expires_before),
            "created_before" => out.push_bind_param::<Nullable<Timestamptz>, _>(&filter.created_before),
            "unused_since" => out.push_bind_param::<Nullable<Timestamptz>, _>(&filter.unused_since),
            "beginning" => out.push_bind_param::<Nullable<Text>, _>(&self.beginning),
            "end" => out.push_bind_param::<Nullable<Text>, _>(&self.end),
            "expiry_end" => out.push_bind_param::<Nullable<Timestamptz>, _>(&self.expiry_end),
            "is_change" => out.push_bind_param::<Bool, _>(&self.is_change),
            _ => unknown(name),
        }
    }
}

/// The scope that a search needs.
pub fn scope_for(access: KeyAccess) -> Scope {
    match access {
        KeyAccess::Read => Scope::OwnersRead,
        KeyAccess::Write => Scope::OwnersWrite,
    }
}

/// The first text, byte for byte, after all that begin with one of visible ASCII characters.
fn end_of(beginning: &str) -> String {
    let mut end = beginning.to_owned();
    if let Some(last) = end.pop() {
        end.push(char::from_u32(u32::from(last) + 1).unwrap_or(char::MAX));
    }
    end
}

struct SearchKeys<'a, D> {
    search: SearchBinds<'a>,
    after_id: i64,
    after_expiry: Option<DateTime<Utc>>,
    limit: i64,
    driver: PhantomData<D>,
}

impl<D: Driver> Statement for SearchKeys<'_, D> {
    type Id = SearchKeys<'static, D>;
    type Row = (SqlTypeOf<AsSelect<KeyRow, Pg>>, Text, Nullable<Text>, Jsonb, Nullable<Timestamptz>, Bool, Bool);
    // The last key that was examined is a row even if it does not match: there the next page begins. The walk carries little of
    // each key, and each condition is one of its own, so that Postgres checks it before it reads what the next one needs. Whole
    // keys are read when the page is known.
    const SQL: &'static str = "
        WITH {reach}
        SELECT {key_columns}, w.kind, w.external_id, k.metadata, w.last_used_at, w.is_match, w.number = {max_examined}
        FROM (
            SELECT w.place, w.id, w.number, t.kind, t.external_id, s.last_used_at,
                COALESCE(w.row_matches AND {use_matches} AND {principal_matches}, false) AS is_match
            FROM (
                SELECT w.*, row_number() OVER (ORDER BY {order}) AS number
                FROM (
                    SELECT {place} AS place, k.id, k.user_id, {row_matches} AS row_matches
                    FROM api_keys k
                    WHERE {condition} AND k.id <= {newest} AND k.deleted_at IS NULL
                    ORDER BY {order} LIMIT {max_examined}
                ) w
            ) w
            INNER JOIN principals t ON t.id = w.user_id LEFT JOIN key_usage s ON s.key_id = w.id
            WHERE EXISTS (SELECT FROM access a WHERE a.id = {project_id})
                AND (w.number = {max_examined} OR w.row_matches)
                AND (w.number = {max_examined} OR {use_matches})
                AND (w.number = {max_examined} OR {principal_matches})
            ORDER BY {order} LIMIT {limit}
        ) w
        INNER JOIN api_keys k ON k.id = w.id
        ORDER BY {order}";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "key_columns" => out.push_sql(KEY_COLUMNS),
            "place" => out.push_sql(D::PLACE),
            "order" => out.push_sql(D::ORDER),
            "max_examined" => out.push_sql(MAX_EXAMINED),
            "condition" => push_template(out, D::CONDITION, |name, out| self.push(name, out))?,
            "after_id" => out.push_bind_param::<BigInt, _>(&self.after_id)?,
            "after_expiry" => out.push_bind_param::<Nullable<Timestamptz>, _>(&self.after_expiry)?,
            "limit" => out.push_bind_param::<BigInt, _>(&self.limit)?,
            _ => self.search.push(name, out)?,
        }
        Ok(())
    }
}

struct NewestKeyId;

impl Statement for NewestKeyId {
    type Id = Self;
    type Row = BigInt;
    const SQL: &'static str = "SELECT k.id FROM api_keys k ORDER BY k.id DESC LIMIT 1";

    fn push<'b>(&'b self, name: &str, _: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        unknown(name)
    }
}

/// Locks the keys in the order of their ids, as every statement that locks several does.
struct RevokeKeys<'a> {
    search: SearchBinds<'a>,
    ids: Vec<i64>,
    /// Those of the keys when they were found, and the caller was found to control them.
    versions: Vec<i64>,
    /// Whether the caller controls the keys whatever they permit. It always controls those of owners.
    may_have_changed: bool,
    reason: Option<&'a str>,
}

impl Statement for RevokeKeys<'_> {
    type Id = RevokeKeys<'static>;
    type Row = BigInt;
    const SQL: &'static str = "
        WITH {reach}, old AS MATERIALIZED (
            SELECT k.id, api_key_snapshot(k) AS snapshot
            FROM api_keys k INNER JOIN principals t ON t.id = k.user_id LEFT JOIN key_usage s ON s.key_id = k.id
            WHERE k.id = ANY({ids}) AND k.project_id = {project_id} AND k.deleted_at IS NULL AND k.id <= {newest}
                AND EXISTS (SELECT FROM access a WHERE a.id = {project_id}) AND {row_matches} AND {use_matches}
                AND {principal_matches} AND (t.kind = 'owner' OR {may_have_changed}
                    OR k.version = ({versions}::bigint[])[array_position({ids}, k.id)])
            ORDER BY k.id FOR NO KEY UPDATE OF k
        ), new AS (
            UPDATE api_keys k SET version = k.version + 1, managed = k.managed OR k.user_id <> {user_id}, revoked_at = {now},
                revocation_reason = {reason}
            FROM old WHERE k.id = old.id
            RETURNING k.*, old.snapshot AS old_snapshot, api_key_snapshot(k) AS snapshot, {ensure_durable}
        ), event AS (
            INSERT INTO audit_events ({event_columns}, before, after, {audit_caller_columns})
            SELECT {now}, '{action}', {event_subject}, changed_members(k.old_snapshot, k.snapshot),
                changed_members(k.snapshot, k.old_snapshot), {audit_caller} FROM new k ORDER BY k.id
        )
        SELECT k.id FROM new k";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "ids" => out.push_bind_param::<Array<BigInt>, _>(&self.ids)?,
            "versions" => out.push_bind_param::<Array<BigInt>, _>(&self.versions)?,
            "may_have_changed" => out.push_bind_param::<Bool, _>(&self.may_have_changed)?,
            "reason" => out.push_bind_param::<Nullable<Text>, _>(&self.reason)?,
            "action" => out.push_sql(AuditAction::Revoke.as_str()),
            "ensure_durable" => out.push_sql(ENSURE_DURABLE),
            "event_columns" => out.push_sql(EVENT_COLUMNS),
            "event_subject" => out.push_sql(EVENT_SUBJECT),
            "audit_caller_columns" => out.push_sql(AUDIT_CALLER_COLUMNS),
            "audit_caller" => self.search.access.caller.push_audit_values(out)?,
            _ => self.search.push(name, out)?,
        }
        Ok(())
    }
}
