//! Statements on users. None of them is on the path of an ordinary request.

use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper};
use diesel_async::RunQueryDsl;

use super::{Store, error::StoreError, schema::users};
use crate::identity::{
    Role,
    user::{Standing, User},
};

impl Store {
    /// The user of this name.
    pub async fn find_user(&self, name: &str) -> Result<Option<User>, StoreError> {
        let reader = self.reader().await?;
        let query = users::table.filter(users::name.eq(name)).select(User::as_select());
        Ok(query.first(&mut &reader.connection).await.optional()?)
    }

    /// How the user of this id stands.
    pub async fn find_standing(&self, id: i64) -> Result<Option<Standing>, StoreError> {
        let reader = self.reader().await?;
        let query = users::table.find(id).select((users::token_generation, users::disabled_at.is_not_null()));
        let found: Option<(i64, bool)> = query.first(&mut &reader.connection).await.optional()?;
        Ok(found.map(|(token_generation, disabled)| Standing { user_id: id, token_generation, disabled }))
    }

    /// Every user, by name.
    pub async fn users(&self) -> Result<Vec<User>, StoreError> {
        let reader = self.reader().await?;
        Ok(users::table.order(users::name).select(User::as_select()).load(&mut &reader.connection).await?)
    }

    /// The id of the new user; `None` when the name is taken.
    pub async fn insert_user(
        &self,
        name: &str,
        role: Role,
        password_hash: &str,
        created_at: DateTime<Utc>,
    ) -> Result<Option<i64>, StoreError> {
        let insert = diesel::insert_into(users::table)
            .values((
                users::name.eq(name),
                users::role.eq(role.name()),
                users::password_hash.eq(password_hash),
                users::created_at.eq(created_at),
            ))
            .returning(users::id);
        // To the end of the answer: see `key_changes`.
        match insert.get_results(&mut self.writer().await?).await.map_err(StoreError::from) {
            Ok(ids) => Ok(ids.into_iter().next()),
            Err(StoreError::Unique(constraint)) if constraint == "users_name_key" => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Also ends the user's bearer tokens. Whether there is such a user.
    pub async fn set_password(&self, name: &str, password_hash: &str) -> Result<bool, StoreError> {
        let update = diesel::update(users::table.filter(users::name.eq(name)))
            .set((users::password_hash.eq(password_hash), users::token_generation.eq(users::token_generation + 1)));
        Ok(update.execute(&mut self.writer().await?).await? == 1)
    }

    /// Also ends the user's bearer tokens. Whether there is such a user.
    pub async fn set_disabled(&self, name: &str, disabled_at: Option<DateTime<Utc>>) -> Result<bool, StoreError> {
        let update = diesel::update(users::table.filter(users::name.eq(name)))
            .set((users::disabled_at.eq(disabled_at), users::token_generation.eq(users::token_generation + 1)));
        Ok(update.execute(&mut self.writer().await?).await? == 1)
    }
}
