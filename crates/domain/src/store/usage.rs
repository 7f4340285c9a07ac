//! Statements on usage counters. None of them is on the path of a verification.

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, JoinOnDsl, NullableExpressionMethods, OptionalExtension, QueryDsl, sql_query,
    sql_types::{Array, BigInt, Nullable, Timestamptz},
};
use diesel_async::RunQueryDsl;

use super::{
    Store, StoreError,
    active_caller::caller_is_active,
    schema::{api_keys, key_usage, users},
};
use crate::model::{Caller, UsageCount};

/// diesel's query builder has no `INSERT … SELECT FROM unnest(…)`.
const ADD: &str = "
    INSERT INTO key_usage (key_id, valid_count, invalid_count, last_used_at)
    SELECT c.* FROM unnest($1, $2, $3, $4) AS c (key_id, valid_count, invalid_count, last_used_at)
    WHERE EXISTS (SELECT FROM api_keys k WHERE k.id = c.key_id) ORDER BY c.key_id
    ON CONFLICT (key_id) DO UPDATE SET
        valid_count = key_usage.valid_count + excluded.valid_count,
        invalid_count = key_usage.invalid_count + excluded.invalid_count,
        last_used_at = GREATEST(key_usage.last_used_at, excluded.last_used_at)";

impl Store {
    /// Adds to the counters of keys, by id.
    #[tracing::instrument(name = "store.add_usage", level = "debug", skip_all)]
    pub async fn add_usage(&self, counts: &[(i64, UsageCount)]) -> Result<(), StoreError> {
        let column = |of: fn(&UsageCount) -> i64| counts.iter().map(|(_, count)| of(count)).collect::<Vec<_>>();
        let last_used_at: Vec<Option<DateTime<Utc>>> = counts.iter().map(|(_, count)| count.last_used_at).collect();
        let add = sql_query(ADD)
            .bind::<Array<BigInt>, _>(counts.iter().map(|(id, _)| *id).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(column(|count| count.valid))
            .bind::<Array<BigInt>, _>(column(|count| count.invalid))
            .bind::<Array<Nullable<Timestamptz>>, _>(last_used_at);
        add.execute(&mut *self.write_connection().await?).await?;
        Ok(())
    }

    /// The counters of one of the caller's keys; `None` if there is no such key.
    #[tracing::instrument(name = "store.find_usage", level = "debug", skip_all)]
    pub async fn find_usage(&self, caller: &Caller, id: i64) -> Result<Option<UsageCount>, StoreError> {
        let shared = self.read_connection().await?;
        let query = api_keys::table
            .inner_join(users::table.on(users::id.eq(api_keys::user_id)))
            .left_join(key_usage::table.on(key_usage::key_id.eq(api_keys::id)))
            .filter(caller_is_active(caller))
            .filter(api_keys::id.eq(id))
            .filter(api_keys::deleted_at.is_null())
            .select((
                key_usage::valid_count.nullable(),
                key_usage::invalid_count.nullable(),
                key_usage::last_used_at.nullable(),
            ));
        type Row = (Option<i64>, Option<i64>, Option<DateTime<Utc>>);
        let found: Option<Row> = query.first(&mut &shared.connection).await.optional()?;
        Ok(found.map(|(valid, invalid, last_used_at)| UsageCount {
            valid: valid.unwrap_or_default(),
            invalid: invalid.unwrap_or_default(),
            last_used_at,
        }))
    }
}
