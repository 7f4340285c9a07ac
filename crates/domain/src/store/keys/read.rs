//! Statements that read keys, and the one that stores a key under another pepper.

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, QueryableByName,
    dsl::{AsSelect, SqlTypeOf},
    pg::Pg,
    sql_query,
    sql_types::{BigInt, Bool, Jsonb, Text},
};
use diesel_async::RunQueryDsl;

use crate::{
    model::{ApiKey, Caller, KeyAccess, KeyHash, Metadata, PrincipalKind},
    store::{
        Store, StoreError,
        active_caller::CallerBinds,
        rows::{KEY_COLUMNS, KeyRow, Named, metadata},
        schema::api_keys,
        sql::{Sql, SqlOut, Statement, unknown},
    },
};

/// A key that the caller may read.
pub struct ReachedKey {
    /// The key.
    pub key: ApiKey,
    /// What it belongs to.
    pub kind: PrincipalKind,
    /// Whether the caller may change it, too.
    pub may_write: bool,
}

/// diesel's query builder has no subquery in `FROM`.
const COUNT: &str = "
    SELECT count(*) FROM (SELECT FROM api_keys WHERE user_id = $1 AND deleted_at IS NULL LIMIT $2) k";

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

impl Store {
    /// The key of this id, if the caller reaches it.
    #[tracing::instrument(name = "store.find_key", level = "debug", skip_all)]
    pub async fn find_key(
        &self,
        caller: &Caller,
        now: DateTime<Utc>,
        id: i64,
    ) -> Result<Option<ReachedKey>, StoreError> {
        let shared = self.read_connection().await?;
        let statement = Sql(FindKey { caller: CallerBinds::new(caller, now), id });
        let row: Option<(KeyRow, Named<PrincipalKind>, bool)> =
            statement.get_result(&mut &shared.connection).await.optional()?;
        row.map(|(key, Named(kind), may_write)| Ok(ReachedKey { key: key.try_into()?, kind, may_write })).transpose()
    }

    /// The key of this id with its metadata, if the caller reaches it.
    #[tracing::instrument(name = "store.find_key_metadata", level = "debug", skip_all)]
    pub async fn find_key_metadata(
        &self,
        caller: &Caller,
        now: DateTime<Utc>,
        id: i64,
    ) -> Result<Option<(ApiKey, Metadata)>, StoreError> {
        let shared = self.read_connection().await?;
        let statement = Sql(FindKeyMetadata { caller: CallerBinds::new(caller, now), id });
        let row: Option<(KeyRow, serde_json::Value)> =
            statement.get_result(&mut &shared.connection).await.optional()?;
        row.map(|(key, json)| Ok((key.try_into()?, metadata(json)?))).transpose()
    }

    /// The caller's own keys, newest first, from the one that follows the key `after`.
    #[tracing::instrument(name = "store.list_keys", level = "debug", skip_all)]
    pub async fn list_keys(
        &self,
        caller: &Caller,
        now: DateTime<Utc>,
        after: Option<i64>,
        limit: usize,
    ) -> Result<Vec<ApiKey>, StoreError> {
        let shared = self.read_connection().await?;
        let statement = ListKeys {
            caller: CallerBinds::new(caller, now),
            after: after.unwrap_or(i64::MAX),
            limit: i64::try_from(limit).unwrap_or(i64::MAX),
        };
        let rows: Vec<KeyRow> = Sql(statement).load(&mut &shared.connection).await?;
        rows.into_iter().map(ApiKey::try_from).collect()
    }

    /// How many keys the user has, deleted ones excepted; at most `max`. It takes a connection of the write pool, because it may
    /// take so long that other reads on a shared connection would wait for it.
    #[tracing::instrument(name = "store.count_keys", level = "debug", skip_all)]
    pub async fn count_keys(&self, user_id: i64, max: u32) -> Result<u32, StoreError> {
        let count = sql_query(COUNT).bind::<BigInt, _>(user_id).bind::<BigInt, _>(i64::from(max));
        let Count { count } = count.get_result(&mut *self.write_connection().await?).await?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// Stores a key under another pepper, unless that has been done meanwhile.
    #[tracing::instrument(name = "store.rehash_key", level = "debug", skip_all)]
    pub async fn rehash_key(&self, id: i64, old_pepper: i16, new: &KeyHash) -> Result<(), StoreError> {
        let key = api_keys::table.filter(api_keys::id.eq(id)).filter(api_keys::pepper.eq(old_pepper));
        let update = diesel::update(key).set((api_keys::pepper.eq(new.pepper), api_keys::hash.eq(&new.digest)));
        update.execute(&mut self.write_connection().await?).await?;
        Ok(())
    }
}

type KeyTypes = SqlTypeOf<AsSelect<KeyRow, Pg>>;

struct FindKey {
    caller: CallerBinds,
    id: i64,
}

impl Statement for FindKey {
    type Id = Self;
    type Row = (KeyTypes, Text, Bool);
    const SQL: &'static str = "
        SELECT {key_columns}, (SELECT t.kind FROM principals t WHERE t.id = k.user_id), {may_write}
        FROM principals u INNER JOIN api_keys k ON k.id = {id} AND k.deleted_at IS NULL
        WHERE {principal_is_active} AND {may_read}";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "key_columns" => out.push_sql(KEY_COLUMNS),
            "id" => out.push_bind_param::<BigInt, _>(&self.id)?,
            "principal_is_active" => self.caller.push_principal_is_active(out)?,
            "may_read" => self.caller.push_reaches_key(KeyAccess::Read, out)?,
            "may_write" => self.caller.push_reaches_key(KeyAccess::Write, out)?,
            _ => unknown(name)?,
        }
        Ok(())
    }
}

struct FindKeyMetadata {
    caller: CallerBinds,
    id: i64,
}

impl Statement for FindKeyMetadata {
    type Id = Self;
    type Row = (KeyTypes, Jsonb);
    const SQL: &'static str = "
        SELECT {key_columns}, k.metadata
        FROM principals u INNER JOIN api_keys k ON k.id = {id} AND k.deleted_at IS NULL
        WHERE {principal_is_active} AND {may_read}";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "key_columns" => out.push_sql(KEY_COLUMNS),
            "id" => out.push_bind_param::<BigInt, _>(&self.id)?,
            "principal_is_active" => self.caller.push_principal_is_active(out)?,
            "may_read" => self.caller.push_reaches_key(KeyAccess::Read, out)?,
            _ => unknown(name)?,
        }
        Ok(())
    }
}

struct ListKeys {
    caller: CallerBinds,
    after: i64,
    limit: i64,
}

impl Statement for ListKeys {
    type Id = Self;
    type Row = KeyTypes;
    // As a range, and not joined by the principal: if that is fixed, the planner knows that the order is by id alone and may walk
    // the primary key through all other principals' keys. Only `api_keys_user_id_id_idx` has this order.
    const SQL: &'static str = "
        SELECT {key_columns} FROM principals u, api_keys k
        WHERE {principal_is_active} AND k.user_id >= {user_id} AND k.user_id <= {user_id} AND k.id < {after}
            AND k.deleted_at IS NULL
        ORDER BY k.user_id, k.id DESC LIMIT {limit}";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "key_columns" => out.push_sql(KEY_COLUMNS),
            "principal_is_active" => self.caller.push_principal_is_active(out)?,
            "user_id" => self.caller.push_user_id(out)?,
            "after" => out.push_bind_param::<BigInt, _>(&self.after)?,
            "limit" => out.push_bind_param::<BigInt, _>(&self.limit)?,
            _ => unknown(name)?,
        }
        Ok(())
    }
}
