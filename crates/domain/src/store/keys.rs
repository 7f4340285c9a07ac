//! Statements on keys.
//!
//! diesel takes every `UPDATE` to have a text of its own and prepares it anew each time, which costs a round trip. The
//! ones here never vary, so they are written out, with a query id by which diesel finds the prepared statement again.

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, QueryResult, SelectableHelper,
    dsl::{AsSelect, SqlTypeOf},
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::{BigInt, Binary, Bool, Nullable, SmallInt, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;

use super::{
    Store,
    callers::stands,
    error::StoreError,
    schema::{api_keys, users},
};
use crate::{
    identity::Caller,
    keys::{hash::KeyHash, record::KeyRecord, update::Change},
};

/// The columns of a [`KeyRecord`], in its order, for the statements that are written out.
const RECORD: &str = "k.id, k.user_id, k.key_prefix, k.description, k.created_at, \
                      k.expires_at, k.not_before, k.disabled_at, k.revoked_at";
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
}

/// A key found by its hash, with what is needed of its owner.
pub struct FoundKey {
    /// The key.
    pub key: KeyRecord,
    /// The number of the pepper under which it was found.
    pub pepper: i16,
    /// The name of the owner's role.
    pub role: String,
    /// The generation of the owner's tokens.
    pub token_generation: i64,
}

impl Store {
    /// One of the caller's keys.
    pub async fn find_key(&self, caller: &Caller, id: i64) -> Result<Option<KeyRecord>, StoreError> {
        let reader = self.reader().await?;
        let query = api_keys::table
            .inner_join(users::table)
            .filter(stands(caller))
            .filter(api_keys::id.eq(id))
            .filter(api_keys::deleted_at.is_null())
            .select(KeyRecord::as_select());
        Ok(query.get_result(&mut &reader.connection).await.optional()?)
    }

    /// The caller's keys, newest first, of which the first follows the key `after`.
    pub async fn keys_before(
        &self,
        caller: &Caller,
        after: Option<i64>,
        limit: usize,
    ) -> Result<Vec<KeyRecord>, StoreError> {
        let reader = self.reader().await?;
        let query = api_keys::table
            .inner_join(users::table.on(users::id.eq(api_keys::user_id)))
            .filter(stands(caller))
            .filter(api_keys::user_id.eq(caller.user_id))
            .filter(api_keys::id.lt(after.unwrap_or(i64::MAX)))
            .filter(api_keys::deleted_at.is_null())
            .order(api_keys::id.desc())
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .select(KeyRecord::as_select());
        Ok(query.load(&mut &reader.connection).await?)
    }

    /// The key that was kept under one of these hashes, unless it was deleted or its owner is disabled.
    pub async fn find_key_by_hash(&self, hashes: &[KeyHash]) -> Result<Option<FoundKey>, StoreError> {
        let reader = self.reader().await?;
        let digests: Vec<&[u8]> = hashes.iter().map(|hash| hash.digest.as_slice()).collect();
        let query = api_keys::table
            .inner_join(users::table)
            .filter(api_keys::hash.eq_any(digests))
            .filter(api_keys::deleted_at.is_null())
            .filter(users::disabled_at.is_null())
            .select((KeyRecord::as_select(), api_keys::pepper, users::role, users::token_generation));
        let found: Option<(KeyRecord, i16, String, i64)> =
            query.get_result(&mut &reader.connection).await.optional()?;
        Ok(found.map(|(key, pepper, role, token_generation)| FoundKey { key, pepper, role, token_generation }))
    }

    /// The record of the new key; `None` when the caller is gone.
    pub async fn insert_key(&self, caller: &Caller, new: NewKey) -> Result<Option<KeyRecord>, StoreError> {
        let mut writer = self.writer().await?;
        Ok(InsertKey { caller, new }.get_result(&mut writer).await.optional()?)
    }

    /// The record after the change; `None` when the caller has no such key, or is gone.
    pub async fn update_key(&self, caller: &Caller, id: i64, change: Change) -> Result<Option<KeyRecord>, StoreError> {
        let update = UpdateKey {
            caller,
            id,
            sets_description: change.description.is_some(),
            description: change.description.flatten(),
            sets_expires_at: change.expires_at.is_some(),
            expires_at: change.expires_at.flatten(),
        };
        let mut writer = self.writer().await?;
        Ok(update.get_result(&mut writer).await.optional()?)
    }

    /// Whether there was such a key of the caller's.
    pub async fn delete_key(&self, caller: &Caller, id: i64, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut writer = self.writer().await?;
        Ok(DeleteKey { caller, id, now }.execute(&mut writer).await? == 1)
    }

    /// Keeps a key under another pepper, unless somebody else did so in between.
    pub async fn rehash_key(&self, id: i64, old_pepper: i16, new: &KeyHash) -> Result<(), StoreError> {
        let update =
            diesel::update(api_keys::table.filter(api_keys::id.eq(id)).filter(api_keys::pepper.eq(old_pepper)))
                .set((api_keys::pepper.eq(new.pepper), api_keys::hash.eq(&new.digest)));
        update.execute(&mut self.writer().await?).await?;
        Ok(())
    }
}

/// The condition of [`stands`] for the statements that are written out; it wants `users` as `u`.
fn push_stands<'b>(out: &mut AstPass<'_, 'b, Pg>, caller: &'b Caller) -> QueryResult<()> {
    out.push_sql("u.id = ");
    out.push_bind_param::<BigInt, _>(&caller.user_id)?;
    out.push_sql(" AND u.token_generation = ");
    out.push_bind_param::<BigInt, _>(&caller.generation)?;
    out.push_sql(" AND u.disabled_at IS NULL");
    Ok(())
}

struct InsertKey<'a> {
    caller: &'a Caller,
    new: NewKey,
}

impl QueryFragment<Pg> for InsertKey<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "INSERT INTO api_keys AS k (user_id, pepper, hash, key_prefix, description, created_at, expires_at) \
             SELECT u.id, ",
        );
        out.push_bind_param::<SmallInt, _>(&self.new.hash.pepper)?;
        out.push_sql(", ");
        out.push_bind_param::<Binary, _>(&self.new.hash.digest)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&self.new.key_prefix)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<Text>, _>(&self.new.description)?;
        out.push_sql(", ");
        out.push_bind_param::<Timestamptz, _>(&self.new.created_at)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<Timestamptz>, _>(&self.new.expires_at)?;
        out.push_sql(" FROM users u WHERE ");
        push_stands(&mut out, self.caller)?;
        out.push_sql(" RETURNING ");
        out.push_sql(RECORD);
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

/// Sets each column only when it is to change, so that two changes of different columns at once lose neither.
struct UpdateKey<'a> {
    caller: &'a Caller,
    id: i64,
    sets_description: bool,
    description: Option<String>,
    sets_expires_at: bool,
    expires_at: Option<DateTime<Utc>>,
}

impl QueryFragment<Pg> for UpdateKey<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("UPDATE api_keys k SET description = CASE WHEN ");
        out.push_bind_param::<Bool, _>(&self.sets_description)?;
        out.push_sql(" THEN ");
        out.push_bind_param::<Nullable<Text>, _>(&self.description)?;
        out.push_sql(" ELSE k.description END, expires_at = CASE WHEN ");
        out.push_bind_param::<Bool, _>(&self.sets_expires_at)?;
        out.push_sql(" THEN ");
        out.push_bind_param::<Nullable<Timestamptz>, _>(&self.expires_at)?;
        out.push_sql(" ELSE k.expires_at END FROM users u WHERE k.id = ");
        out.push_bind_param::<BigInt, _>(&self.id)?;
        out.push_sql(" AND k.user_id = u.id AND k.deleted_at IS NULL AND ");
        push_stands(&mut out, self.caller)?;
        out.push_sql(" RETURNING ");
        out.push_sql(RECORD);
        Ok(())
    }
}

impl QueryId for UpdateKey<'_> {
    type QueryId = UpdateKey<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl Query for UpdateKey<'_> {
    type SqlType = RecordSqlType;
}

struct DeleteKey<'a> {
    caller: &'a Caller,
    id: i64,
    now: DateTime<Utc>,
}

impl QueryFragment<Pg> for DeleteKey<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("UPDATE api_keys k SET deleted_at = ");
        out.push_bind_param::<Timestamptz, _>(&self.now)?;
        out.push_sql(" FROM users u WHERE k.id = ");
        out.push_bind_param::<BigInt, _>(&self.id)?;
        out.push_sql(" AND k.user_id = u.id AND k.deleted_at IS NULL AND ");
        push_stands(&mut out, self.caller)
    }
}

impl QueryId for DeleteKey<'_> {
    type QueryId = DeleteKey<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}
