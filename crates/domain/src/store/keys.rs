//! Statements that read records of keys, and the one that keeps a key under another pepper. Those that change keys are in
//! `key_changes`; the one that finds a key by its hash is in `known_keys`.

use diesel::{ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, SelectableHelper};
use diesel_async::RunQueryDsl;

use super::{
    Store,
    callers::stands,
    error::StoreError,
    schema::{api_keys, users},
};
use crate::{
    identity::Caller,
    keys::{hash::KeyHash, record::KeyRecord},
};

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
        // As a range, and not joined by the owner: of an equal owner the planner knows that the order is by id alone, and may walk
        // the primary key through all other users' keys. This order only `api_keys_of_user` has.
        let query = api_keys::table
            .inner_join(users::table.on(stands(caller)))
            .filter(api_keys::user_id.ge(caller.user_id))
            .filter(api_keys::user_id.le(caller.user_id))
            .filter(api_keys::id.lt(after.unwrap_or(i64::MAX)))
            .filter(api_keys::deleted_at.is_null())
            .order((api_keys::user_id.asc(), api_keys::id.desc()))
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .select(KeyRecord::as_select());
        Ok(query.load(&mut &reader.connection).await?)
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
