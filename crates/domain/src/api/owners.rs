//! The operations on owners: the owners themselves, and what is issued to them.

use std::time::Duration;

use http::StatusCode;
use latchkey_api::{
    apis::{
        owners::{
            CreateOwnerTokenResponse, DeleteOwnerResponse, GetOwnerResponse, IssueApiKeyResponse, ListOwnersResponse,
            Owners, UpsertOwnerResponse,
        },
        responses,
    },
    models, types,
};
use latchkey_request_validation::Location;
use secrecy::ExposeSecret;

use super::{
    ApiError, Service,
    api_key_policies::parse_policy,
    members::{member_not_found, project_of_member_not_found},
    page_size,
    problem::{ProblemCode, problem},
    projects::project_not_found,
    responses::{KeyResponse, idempotency_key_reused, key_quota_exceeded, location},
    validation::{parse_metadata, policy_error, value_error},
};
use crate::{
    identity::issue_owner_token::{self, OwnerTokenParams, issue_owner_token},
    keys::issue::{self, IssueParams, issue},
    model::{Caller, Error, Owner, OwnerChange, Scope, Scopes, policy::parse_scopes},
    owners::{
        delete::delete,
        get::get,
        list::list,
        upsert::{self, upsert},
    },
    store::keys::write::Recipient,
};

/// How long an owner token is valid by default, in seconds.
const DEFAULT_TOKEN_SECONDS: i64 = 900;

impl Owners for Service {
    async fn upsert_owner(
        &self,
        caller: Caller,
        project: String,
        body: models::OwnerUpsert,
    ) -> Result<UpsertOwnerResponse, ApiError> {
        let metadata = match body.metadata.map(parse_metadata).transpose() {
            Ok(metadata) => metadata,
            Err(error) => return Ok(UpsertOwnerResponse::UnprocessableContent(error)),
        };
        let change = OwnerChange {
            external_id: body.external_id,
            display_name: body.display_name,
            metadata,
            disabled: body.disabled,
        };
        Ok(match upsert(&self.store, &self.env, &caller, &project, &change).await {
            Ok(upsert::Outcome::Created(owner)) => UpsertOwnerResponse::Created {
                location: format!("/v1/projects/{project}/owners/{}", owner.id),
                body: owner_model(owner),
            },
            Ok(upsert::Outcome::Existing(owner)) => UpsertOwnerResponse::Ok(owner_model(owner)),
            Err(Error::ProjectNotFound) => UpsertOwnerResponse::NotFound(project_not_found()),
            Err(error) => return Err(error.into()),
        })
    }

    async fn list_owners(
        &self,
        caller: Caller,
        project: String,
        query: models::ListOwnersQuery,
    ) -> Result<ListOwnersResponse, ApiError> {
        let models::ListOwnersQuery { limit, cursor, external_id } = query;
        let cursors = self.owner_cursors.within(&format!("{project} {}", external_id.as_deref().unwrap_or_default()));
        let after = match cursors.parse(&caller, cursor.as_deref()) {
            Ok(position) => position.map(|[id]| id),
            Err(error) => return Ok(ListOwnersResponse::UnprocessableContent(error)),
        };
        let limit = page_size(limit)?;
        match list(&self.store, &self.env, &caller, &project, external_id.as_deref(), limit, after).await {
            Ok(page) => Ok(ListOwnersResponse::Ok(models::OwnerPage {
                items: page.items.into_iter().map(owner_model).collect(),
                next_cursor: page.next.map(|id| cursors.encode(&caller, [id])),
            })),
            Err(Error::ProjectNotFound) => Ok(ListOwnersResponse::NotFound(project_not_found())),
            Err(error) => Err(error.into()),
        }
    }

    async fn get_owner(&self, caller: Caller, project: String, owner_id: i64) -> Result<GetOwnerResponse, ApiError> {
        Ok(match get(&self.store, &self.env, &caller, &project, owner_id).await {
            Ok(Some(owner)) => GetOwnerResponse::Ok(owner_model(owner)),
            Ok(None) => GetOwnerResponse::NotFound(owner_not_found()),
            Err(Error::ProjectNotFound) => GetOwnerResponse::NotFound(project_of_owner_not_found()),
            Err(error) => return Err(error.into()),
        })
    }

    async fn delete_owner(
        &self,
        caller: Caller,
        project: String,
        owner_id: i64,
    ) -> Result<DeleteOwnerResponse, ApiError> {
        Ok(match delete(&self.store, &self.env, &caller, &project, owner_id).await {
            Ok(true) => DeleteOwnerResponse::NoContent,
            Ok(false) => DeleteOwnerResponse::NotFound(owner_not_found()),
            Err(Error::ProjectNotFound) => DeleteOwnerResponse::NotFound(project_of_owner_not_found()),
            Err(error) => return Err(error.into()),
        })
    }

    async fn issue_api_key(
        &self,
        caller: Caller,
        project: String,
        idempotency_key: Option<String>,
        body: models::ApiKeyIssue,
    ) -> Result<IssueApiKeyResponse, ApiError> {
        let policy = match body.policy.flatten().map(parse_policy).transpose()?.transpose() {
            Ok(policy) => policy,
            Err(error) => {
                return Ok(IssueApiKeyResponse::UnprocessableContent(policy_error(&["body", "policy"], error)));
            }
        };
        let metadata = match body.metadata.map(parse_metadata).transpose() {
            Ok(metadata) => metadata.unwrap_or_default(),
            Err(error) => return Ok(IssueApiKeyResponse::UnprocessableContent(error)),
        };
        let recipient = match (&body.external_id, &body.service_account) {
            (Some(external_id), None) => Recipient::Owner(external_id),
            (None, Some(_)) if !caller.scopes.contains(Scope::ProjectAdmin) => {
                return Err(ApiError::InsufficientScope(&["latchkey:project.admin"]));
            }
            (None, Some(name)) => Recipient::ServiceAccount(name),
            (None, None) | (Some(_), Some(_)) => {
                let location = vec![Location::Name("body".to_owned())];
                let error = value_error(location, "name either an owner by external_id, or a service_account");
                return Ok(IssueApiKeyResponse::UnprocessableContent(error));
            }
        };
        let params = IssueParams {
            recipient,
            description: body.description.flatten(),
            expires_at: body.expires_at.flatten().map(|time| time.0),
            policy,
            metadata,
        };
        let Self { store, issuer, env, .. } = self;
        let outcome = async {
            let project = self.find_project(&caller, &project, recipient.scope()).await?;
            issue(store, issuer, env, &caller, &project, params, idempotency_key.as_deref()).await
        };
        let conflict = |body| IssueApiKeyResponse::Conflict(responses::IssueConflict { body });
        Ok(match outcome.await {
            Ok(issue::Outcome::Issued(key, secret)) => {
                let location = location(&key);
                let KeyResponse { body, etag, .. } = KeyResponse::new(*key, Some(secret), env.clock.now());
                IssueApiKeyResponse::Created { body, location, etag }
            }
            Ok(issue::Outcome::ProjectDisabled) => conflict(project_disabled()),
            Ok(issue::Outcome::OwnerDisabled) => conflict(owner_disabled()),
            Ok(issue::Outcome::IdempotencyKeyReused) => conflict(idempotency_key_reused()),
            Ok(issue::Outcome::QuotaExceeded) => conflict(key_quota_exceeded(issuer.quota())),
            Ok(issue::Outcome::ServiceAccountNotFound) => IssueApiKeyResponse::NotFound(member_not_found()),
            Err(Error::ProjectNotFound) => IssueApiKeyResponse::NotFound(project_of_member_not_found()),
            Err(error) => return Err(error.into()),
        })
    }

    async fn create_owner_token(
        &self,
        caller: Caller,
        project: String,
        body: models::OwnerTokenCreate,
    ) -> Result<CreateOwnerTokenResponse, ApiError> {
        let models::OwnerTokenCreate { external_id, scopes, key_scopes, expires_in } = body;
        let expires_in = expires_in.unwrap_or(DEFAULT_TOKEN_SECONDS);
        let is_of_keys = |name: &String| Scope::parse(name).is_some_and(Scope::is_of_keys);
        let is_allowed = |name: &String| Scope::parse(name).is_none_or(Scope::is_of_keys);
        for (member, wrong) in [
            ("scopes", scopes.iter().flatten().position(|name| !is_of_keys(name))),
            ("key_scopes", key_scopes.iter().flatten().position(|name| !is_allowed(name))),
        ] {
            let Some(index) = wrong else { continue };
            let location =
                vec![Location::Name("body".to_owned()), Location::Name(member.to_owned()), Location::Index(index)];
            let error = value_error(
                location,
                "of the scopes of this service, owner tokens and their keys have latchkey:keys alone",
            );
            return Ok(CreateOwnerTokenResponse::UnprocessableContent(error));
        }
        let key_scopes = match key_scopes.map(parse_scopes).transpose() {
            Ok(scopes) => scopes,
            Err(error) => return Ok(CreateOwnerTokenResponse::UnprocessableContent(policy_error(&["body"], error))),
        };
        let params = OwnerTokenParams {
            external_id,
            scopes: scopes.map(|names| names.iter().filter_map(|name| Scope::parse(name)).collect::<Scopes>()),
            key_scopes,
            lifetime: Duration::from_secs(u64::try_from(expires_in).map_err(ApiError::internal)?),
        };
        let tokens = self.authenticator.tokens();
        let conflict = |body| CreateOwnerTokenResponse::Conflict(responses::OwnerConflict { body });
        Ok(match issue_owner_token(&self.store, tokens, &self.env, &caller, &project, params).await {
            Ok(issue_owner_token::Outcome::Issued(token, scopes)) => {
                CreateOwnerTokenResponse::Created(models::TokenResponse {
                    access_token: token.expose_secret().to_owned(),
                    token_type: "bearer".to_owned(),
                    expires_in,
                    scope: scopes.to_string(),
                })
            }
            Ok(issue_owner_token::Outcome::OwnerNotFound) => CreateOwnerTokenResponse::NotFound(owner_not_found()),
            Ok(issue_owner_token::Outcome::OwnerDisabled) => conflict(owner_disabled()),
            Ok(issue_owner_token::Outcome::ProjectDisabled) => conflict(project_disabled()),
            Err(Error::ProjectNotFound) => CreateOwnerTokenResponse::NotFound(project_of_owner_not_found()),
            Err(error) => return Err(error.into()),
        })
    }
}

fn owner_model(owner: Owner) -> models::Owner {
    models::Owner {
        id: owner.id,
        external_id: owner.external_id,
        display_name: owner.display_name,
        metadata: types::StringMap(owner.metadata.into()),
        disabled: owner.disabled,
        created_at: types::DateTime(owner.created_at),
    }
}

/// 404.
fn owner_not_found() -> responses::OwnerNotFound {
    let detail = "There is no such owner in the project.";
    responses::OwnerNotFound { body: problem(StatusCode::NOT_FOUND, ProblemCode::OwnerNotFound, detail) }
}

/// 404, of a project.
fn project_of_owner_not_found() -> responses::OwnerNotFound {
    responses::OwnerNotFound { body: project_not_found().body }
}

/// 409: nothing is issued to a disabled owner.
fn owner_disabled() -> models::Problem {
    problem(StatusCode::CONFLICT, ProblemCode::OwnerDisabled, "The owner is disabled.")
}

/// 409: nothing is issued in a disabled project.
fn project_disabled() -> models::Problem {
    problem(StatusCode::CONFLICT, ProblemCode::ProjectDisabled, "The project is disabled.")
}
