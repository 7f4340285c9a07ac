//! The operations on users, as the contract has them.

use latchkey_api::{
    apis::users::{GetCurrentUserResponse, Users},
    models, types,
};

use super::Service;
use crate::{
    error::Failure,
    identity::{Caller, Role},
};

impl Users for Service {
    async fn get_current_user(&self, caller: Caller) -> Result<GetCurrentUserResponse, Failure> {
        let user = self.store.find_caller(&caller).await?.ok_or(Failure::CallerGone)?;
        let role = Role::stored(&user.role)?;
        Ok(GetCurrentUserResponse::Status200(models::UserRead {
            id: user.id,
            username: user.name,
            role: role_model(role),
            created_at: types::DateTime(user.created_at),
        }))
    }
}

fn role_model(role: Role) -> models::Role {
    match role {
        Role::Admin => models::Role::Admin,
        Role::Verifier => models::Role::Verifier,
        Role::Member => models::Role::Member,
    }
}
