//! The check that the user of a credential still stands, as part of the statements that act for them.

use diesel::{BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper, dsl::auto_type};
use diesel_async::RunQueryDsl;

use ipnet::IpNet;

use super::{
    Store,
    error::StoreError,
    schema::{api_keys, users},
};
use crate::{
    error::Failure,
    identity::{Caller, Credential, user::User},
};

/// The condition, for diesel's queries; it wants `users` in the query.
#[auto_type(no_type_alias)]
pub(super) fn stands(caller: &Caller) -> _ {
    let user_id: i64 = caller.user_id;
    let generation: i64 = caller.generation;
    users::id.eq(user_id).and(users::token_generation.eq(generation)).and(users::disabled_at.is_null())
}

impl Store {
    /// The caller's user, if it still stands.
    pub async fn find_caller(&self, caller: &Caller) -> Result<Option<User>, StoreError> {
        let reader = self.reader().await?;
        let query = users::table.filter(stands(caller)).select(User::as_select());
        Ok(query.first(&mut &reader.connection).await.optional()?)
    }

    /// Tells why a statement for a caller found nothing: fails when it is the caller who is gone, or their key.
    pub async fn confirm(&self, caller: &Caller) -> Result<(), Failure> {
        self.find_caller(caller).await?.ok_or(Failure::CallerGone)?;
        if let Credential::ApiKey(id, policy) = &caller.credential {
            let reader = self.reader().await?;
            let key = api_keys::table
                .find(id)
                .filter(api_keys::revoked_at.is_null())
                .filter(api_keys::disabled_at.is_null())
                .filter(api_keys::deleted_at.is_null())
                .select((api_keys::scopes, api_keys::networks));
            type Narrowed = (Option<Vec<String>>, Option<Vec<IpNet>>);
            let key: Option<Narrowed> =
                key.first(&mut &reader.connection).await.optional().map_err(StoreError::from)?;
            key.filter(|(scopes, networks)| *scopes == policy.scopes && *networks == policy.networks)
                .ok_or(Failure::CallerGone)?;
        }
        Ok(())
    }
}
