//! Statements on users. None of them is on the path of an ordinary request.

use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper};
use diesel_async::RunQueryDsl;

use super::{Store, StoreError, freshness::Subject, rows::UserRow, schema::users};
use crate::model::{Role, User, UserStatus};

impl Store {
    /// The user of this name.
    #[tracing::instrument(name = "store.find_user", level = "debug", skip_all)]
    pub async fn find_user(&self, name: &str) -> Result<Option<User>, StoreError> {
        let shared = self.read_connection().await?;
        let query = users::table.filter(users::name.eq(name)).select(UserRow::as_select());
        Ok(query.first(&mut &shared.connection).await.optional()?.map(User::from))
    }

    /// Whether the tokens of the user of this id are accepted.
    #[tracing::instrument(name = "store.find_user_status", level = "debug", skip_all)]
    pub async fn find_user_status(&self, id: i64) -> Result<Option<UserStatus>, StoreError> {
        let shared = self.read_connection().await?;
        let query = users::table.find(id).select((users::token_generation, users::disabled_at.is_not_null()));
        let found: Option<(i64, bool)> = query.first(&mut &shared.connection).await.optional()?;
        Ok(found.map(|(token_generation, disabled)| UserStatus { user_id: id, token_generation, disabled }))
    }

    /// All users, by name.
    #[tracing::instrument(name = "store.list_users", level = "debug", skip_all)]
    pub async fn list_users(&self) -> Result<Vec<User>, StoreError> {
        let shared = self.read_connection().await?;
        let query = users::table.order(users::name).select(UserRow::as_select());
        let rows: Vec<UserRow> = query.load(&mut &shared.connection).await?;
        Ok(rows.into_iter().map(User::from).collect())
    }

    /// The id of the new user; `None` if the name is taken.
    #[tracing::instrument(name = "store.insert_user", level = "debug", skip_all)]
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
                users::role.eq(role.as_str()),
                users::password_hash.eq(password_hash),
                users::created_at.eq(created_at),
            ))
            .returning(users::id);
        // All rows are loaded, see `keys::write`.
        match insert.get_results(&mut self.write_connection().await?).await.map_err(StoreError::from) {
            Ok(ids) => Ok(ids.into_iter().next()),
            Err(StoreError::UniqueViolation { constraint }) if constraint == "users_name_key" => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Sets a user's password and revokes the user's bearer tokens. Whether there is such a user.
    #[tracing::instrument(name = "store.set_password", level = "debug", skip_all)]
    pub async fn set_password(&self, name: &str, password_hash: &str) -> Result<bool, StoreError> {
        let update = diesel::update(users::table.filter(users::name.eq(name)))
            .set((users::password_hash.eq(password_hash), users::token_generation.eq(users::token_generation + 1)))
            .returning(users::id);
        let ids = update.get_results(&mut self.write_connection().await?).await?;
        Ok(self.invalidate_user(&ids))
    }

    /// Disables or enables a user, and revokes the user's bearer tokens. Whether there is such a user.
    #[tracing::instrument(name = "store.set_disabled", level = "debug", skip_all)]
    pub async fn set_disabled(&self, name: &str, disabled_at: Option<DateTime<Utc>>) -> Result<bool, StoreError> {
        let update = diesel::update(users::table.filter(users::name.eq(name)))
            .set((users::disabled_at.eq(disabled_at), users::token_generation.eq(users::token_generation + 1)))
            .returning(users::id);
        let ids = update.get_results(&mut self.write_connection().await?).await?;
        Ok(self.invalidate_user(&ids))
    }

    fn invalidate_user(&self, ids: &[i64]) -> bool {
        self.freshness().invalidate(ids.iter().map(|id| Subject::User(*id)));
        !ids.is_empty()
    }
}
