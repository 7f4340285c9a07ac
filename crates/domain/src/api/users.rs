//! The operations on users, and on the caller's own principal.

use http::StatusCode;
use latchkey_api::{
    apis::{
        responses,
        users::{
            ChangePasswordResponse, CreateUserResponse, GetCurrentUserResponse, GetUserResponse, ListUsersResponse,
            UpdateUserResponse, Users,
        },
    },
    models, types,
};

use super::{
    ApiError, Service, page_size,
    problem::{ProblemCode, forbidden, problem},
    verification::seconds_rounded_up,
};
use crate::{
    identity::{
        change_password::{Outcome, change_password},
        current_user::current_user,
        issue_token::Refusal,
        users::{self, UserError},
    },
    model::{Actor, Caller, Error, NewUser, Role, User, UserChange},
};

impl Users for Service {
    async fn get_current_user(&self, caller: Caller) -> Result<GetCurrentUserResponse, ApiError> {
        let principal = current_user(&self.store, &self.env, &caller).await?;
        Ok(GetCurrentUserResponse::Ok(models::UserRead {
            id: principal.id,
            role: principal.role().as_str().into(),
            username: principal.name,
            kind: principal.kind.as_str().into(),
            project: principal.project,
            roles: role_models(principal.roles),
            created_at: types::DateTime(principal.created_at),
        }))
    }

    async fn change_password(
        &self,
        caller: Caller,
        body: models::PasswordChange,
    ) -> Result<ChangePasswordResponse, ApiError> {
        let models::PasswordChange { current, new } = body;
        let outcome = change_password(&self.store, &self.logins, &self.env, &caller, current.into(), new.into());
        Ok(match outcome.await? {
            Outcome::Changed => ChangePasswordResponse::NoContent,
            Outcome::NoFullToken => ChangePasswordResponse::Forbidden(forbidden(
                ProblemCode::InsufficientPermissions,
                "Only a bearer token with all scopes of its user changes the password.",
            )),
            Outcome::Refused(Refusal::WrongPassword) => ChangePasswordResponse::Forbidden(forbidden(
                ProblemCode::WrongPassword,
                "The current password is wrong.",
            )),
            Outcome::Refused(Refusal::RateLimited { retry_after }) => {
                let detail = "Too many wrong passwords. Retry after the time in Retry-After.";
                ChangePasswordResponse::TooManyRequests(responses::TooManyRequests {
                    body: problem(StatusCode::TOO_MANY_REQUESTS, ProblemCode::RateLimited, detail),
                    retry_after: seconds_rounded_up(retry_after),
                })
            }
            Outcome::Refused(Refusal::Overloaded) => return Err(ApiError::TooManyLogins),
        })
    }

    async fn list_users(&self, caller: Caller, query: models::ListUsersQuery) -> Result<ListUsersResponse, ApiError> {
        let name = query.username.as_deref();
        let cursors = self.user_cursors.within(name.unwrap_or_default());
        let after = match cursors.parse(&caller, query.cursor.as_deref()) {
            Ok(position) => position.map(|[id]| id),
            Err(error) => return Ok(ListUsersResponse::UnprocessableContent(error)),
        };
        let limit = page_size(query.limit)?;
        let page = users::list(&self.store, &self.env, Actor::Caller(&caller), name, limit, after).await?;
        Ok(ListUsersResponse::Ok(models::UserPage {
            items: page.items.into_iter().map(user_model).collect(),
            next_cursor: page.next.map(|id| cursors.encode(&caller, [id])),
        }))
    }

    async fn create_user(&self, caller: Caller, body: models::UserCreate) -> Result<CreateUserResponse, ApiError> {
        let new = NewUser {
            name: body.username,
            password_hash: self.hash_password(&caller, body.password).await?,
            is_administrator: body.administrator.unwrap_or(false),
            is_verifier: false,
        };
        Ok(match users::create(&self.store, &self.env, Actor::Caller(&caller), new).await {
            Ok(user) => CreateUserResponse::Created {
                location: format!("/v1/users/{}", user.principal.id),
                body: user_model(user),
            },
            Err(UserError::NameTaken) => {
                CreateUserResponse::Conflict(conflict(ProblemCode::UserExists, "There is a user of this name."))
            }
            Err(error) => return Err(unexpected(error)),
        })
    }

    async fn get_user(&self, caller: Caller, user_id: i64) -> Result<GetUserResponse, ApiError> {
        Ok(match users::get(&self.store, &self.env, Actor::Caller(&caller), user_id).await {
            Ok(user) => GetUserResponse::Ok(user_model(user)),
            Err(UserError::NotFound) => GetUserResponse::NotFound(user_not_found()),
            Err(error) => return Err(unexpected(error)),
        })
    }

    async fn update_user(
        &self,
        caller: Caller,
        user_id: i64,
        body: models::UserUpdate,
    ) -> Result<UpdateUserResponse, ApiError> {
        let change = UserChange {
            password_hash: self.hash_password(&caller, body.password).await?,
            is_administrator: body.administrator,
            is_verifier: None,
            disabled: body.disabled,
        };
        let actor = Actor::Caller(&caller);
        let user = match users::update(&self.store, &self.env, actor, user_id, &change).await {
            Ok(user) => user,
            Err(UserError::NotFound) => return Ok(UpdateUserResponse::NotFound(user_not_found())),
            Err(UserError::LastAdministrator) => {
                let detail = "No other administrator is enabled, so that nobody could manage the instance any more.";
                return Ok(UpdateUserResponse::Conflict(conflict(ProblemCode::LastAdministrator, detail)));
            }
            Err(error) => return Err(unexpected(error)),
        };
        if body.revoke_keys == Some(true) {
            users::revoke_keys(&self.store, &self.env, actor, user_id).await.map_err(unexpected)?;
        }
        Ok(UpdateUserResponse::Ok(user_model(user)))
    }
}

impl Service {
    /// The hash of a password that an administrator sets, if there is one. The contract has limited its length.
    async fn hash_password(&self, caller: &Caller, password: Option<String>) -> Result<Option<String>, ApiError> {
        let Some(password) = password else { return Ok(None) };
        let hash = self.logins.hash(password.into(), caller.client_ip, &self.env.rng).await?;
        hash.map(Some).ok_or(ApiError::TooManyLogins)
    }
}

/// What the contract prevents, or operations have no response of their own for.
fn unexpected(error: UserError) -> ApiError {
    match error {
        UserError::Failed(error) => error.into(),
        error => Error::internal(error).into(),
    }
}

fn user_model(user: User) -> models::User {
    let User { principal, has_password } = user;
    models::User {
        id: principal.id,
        username: principal.name,
        administrator: principal.rights.is_administrator(),
        disabled: principal.disabled_at.is_some(),
        has_password,
        roles: role_models(principal.roles),
        created_at: types::DateTime(principal.created_at),
    }
}

fn role_models(roles: Vec<(String, Role)>) -> Vec<models::ProjectRole> {
    roles.into_iter().map(|(project, role)| models::ProjectRole { project, role: role.as_str().into() }).collect()
}

fn user_not_found() -> responses::UserNotFound {
    let detail = "There is no such user.";
    responses::UserNotFound { body: problem(StatusCode::NOT_FOUND, ProblemCode::UserNotFound, detail) }
}

fn conflict(code: ProblemCode, detail: &str) -> responses::UserConflict {
    responses::UserConflict { body: problem(StatusCode::CONFLICT, code, detail) }
}
