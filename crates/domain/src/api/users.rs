//! The operation on the caller's own user.

use latchkey_api::{
    apis::users::{GetCurrentUserResponse, Users},
    models, types,
};

use super::{ApiError, Service};
use crate::{
    identity::current_user::current_user,
    model::{Caller, Role},
};

impl Users for Service {
    async fn get_current_user(&self, caller: Caller) -> Result<GetCurrentUserResponse, ApiError> {
        let user = current_user(&self.store, &caller).await?;
        Ok(GetCurrentUserResponse::Status200(models::UserRead {
            id: user.id,
            username: user.name,
            role: role_model(user.role),
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
