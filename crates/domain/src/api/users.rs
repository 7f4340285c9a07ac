//! The operation on the caller's own principal.

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
        let principal = current_user(&self.store, &self.env, &caller).await?;
        let role = |(project, role): (String, Role)| models::ProjectRole { project, role: role.as_str().into() };
        Ok(GetCurrentUserResponse::Ok(models::UserRead {
            id: principal.id,
            role: principal.role().as_str().into(),
            username: principal.name,
            kind: principal.kind.as_str().into(),
            project: principal.project,
            roles: principal.roles.into_iter().map(role).collect(),
            created_at: types::DateTime(principal.created_at),
        }))
    }
}
