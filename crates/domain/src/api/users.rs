//! The operation on the caller's own user.

use latchkey_api::{
    apis::users::{GetCurrentUserResponse, Users},
    models, types,
};

use super::{ApiError, Service};
use crate::{identity::current_user::current_user, model::Caller};

impl Users for Service {
    async fn get_current_user(&self, caller: Caller) -> Result<GetCurrentUserResponse, ApiError> {
        let user = current_user(&self.store, &caller).await?;
        Ok(GetCurrentUserResponse::Ok(models::UserRead {
            id: user.id,
            username: user.name,
            role: user.role.as_str().into(),
            created_at: types::DateTime(user.created_at),
        }))
    }
}
