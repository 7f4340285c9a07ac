//! Statements that read keys for their user, and the one that stores a key under another pepper.

use diesel::{
    ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, QueryableByName, SelectableHelper, sql_query,
    sql_types::BigInt,
};
use diesel_async::RunQueryDsl;

use crate::{
    model::{ApiKey, Caller, KeyHash},
    store::{
        Store, StoreError,
        active_caller::caller_is_active,
        rows::KeyRow,
        schema::{api_keys, users},
    },
};

/// diesel's query builder has no subquery in `FROM`.
const COUNT: &str = "
    SELECT count(*) FROM (SELECT FROM api_keys WHERE user_id = $1 AND deleted_at IS NULL LIMIT $2) k";

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

impl Store {
    /// One of the caller's keys.
    #[tracing::instrument(name = "store.find_key", level = "debug", skip_all)]
    pub async fn find_key(&self, caller: &Caller, id: i64) -> Result<Option<ApiKey>, StoreError> {
        let shared = self.read_connection().await?;
        let query = api_keys::table
            .inner_join(users::table)
            .filter(caller_is_active(caller))
            .filter(api_keys::id.eq(id))
            .filter(api_keys::deleted_at.is_null())
            .select(KeyRow::as_select());
        query.get_result::<KeyRow>(&mut &shared.connection).await.optional()?.map(ApiKey::try_from).transpose()
    }

    /// The caller's keys, newest first, from the one that follows the key `after`.
    #[tracing::instrument(name = "store.list_keys", level = "debug", skip_all)]
    pub async fn list_keys(
        &self,
        caller: &Caller,
        after: Option<i64>,
        limit: usize,
    ) -> Result<Vec<ApiKey>, StoreError> {
        let shared = self.read_connection().await?;
        // As a range, and not joined by the user: if the user is fixed, the planner knows that the order is by id alone and may
        // walk the primary key through all other users' keys. Only `api_keys_user_id_id_idx` has this order.
        let query = api_keys::table
            .inner_join(users::table.on(caller_is_active(caller)))
            .filter(api_keys::user_id.ge(caller.user_id))
            .filter(api_keys::user_id.le(caller.user_id))
            .filter(api_keys::id.lt(after.unwrap_or(i64::MAX)))
            .filter(api_keys::deleted_at.is_null())
            .order((api_keys::user_id.asc(), api_keys::id.desc()))
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .select(KeyRow::as_select());
        let rows: Vec<KeyRow> = query.load(&mut &shared.connection).await?;
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
