//! Statements on usage counters. None of them is on the path of a verification.

use chrono::{DateTime, Utc};
use diesel::{
    OptionalExtension, QueryResult, sql_query,
    sql_types::{Array, BigInt, Nullable, Timestamptz},
};
use diesel_async::RunQueryDsl;

use super::{
    Store, StoreError,
    active_caller::CallerBinds,
    sql::{Sql, SqlOut, Statement, unknown},
};
use crate::model::{Caller, KeyAccess, UsageCount};

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

    /// The counters of the key of this id; `None` if the caller does not reach it.
    #[tracing::instrument(name = "store.find_usage", level = "debug", skip_all)]
    pub async fn find_usage(
        &self,
        caller: &Caller,
        now: DateTime<Utc>,
        id: i64,
    ) -> Result<Option<UsageCount>, StoreError> {
        type Row = (Option<i64>, Option<i64>, Option<DateTime<Utc>>);
        let shared = self.read_connection().await?;
        let statement = Sql(FindUsage { caller: CallerBinds::new(caller, now), id });
        let found: Option<Row> = statement.get_result(&mut &shared.connection).await.optional()?;
        Ok(found.map(|(valid, invalid, last_used_at)| UsageCount {
            valid: valid.unwrap_or_default(),
            invalid: invalid.unwrap_or_default(),
            last_used_at,
        }))
    }
}

struct FindUsage {
    caller: CallerBinds,
    id: i64,
}

impl Statement for FindUsage {
    type Id = Self;
    type Row = (Nullable<BigInt>, Nullable<BigInt>, Nullable<Timestamptz>);
    const SQL: &'static str = "
        SELECT c.valid_count, c.invalid_count, c.last_used_at
        FROM principals u INNER JOIN api_keys k ON k.id = {id} AND k.deleted_at IS NULL
        LEFT JOIN key_usage c ON c.key_id = k.id
        WHERE {principal_is_active} AND {may_read}";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "id" => out.push_bind_param::<BigInt, _>(&self.id)?,
            "principal_is_active" => self.caller.push_principal_is_active(out)?,
            "may_read" => self.caller.push_reaches_key(KeyAccess::Read, out)?,
            _ => unknown(name)?,
        }
        Ok(())
    }
}
