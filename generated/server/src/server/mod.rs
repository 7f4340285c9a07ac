//! The routes of the contract: each reads a request, and calls the operation's trait method.

use std::sync::Arc;

use axum::{
    RequestPartsExt, Router,
    body::Body,
    extract::{FromRequestParts, Path, Request, State},
    response::{IntoResponse, Response},
    routing::MethodRouter,
};
use bytes::Bytes;
use http::{HeaderName, StatusCode, header::CONTENT_TYPE, request::Parts};
use serde::de::DeserializeOwned;
use validator::Validate;

use crate::{
    apis::{self, Credentials, ErrorResponse, Hooks, Operation, operation},
    types::{self, Object, Respond},
};

/// The routes of the contract, served by `api`.
///
/// Bodies are read to their end; the HTTP layer must limit them.
pub fn router<A>(api: Arc<A>) -> Router
where
    A: apis::api_key_lifecycle::ApiKeyLifecycle
        + apis::api_key_policies::ApiKeyPolicies
        + apis::api_key_search::ApiKeySearch
        + apis::api_keys::ApiKeys
        + apis::audit::Audit
        + apis::members::Members
        + apis::owners::Owners
        + apis::projects::Projects
        + apis::tokens::Tokens
        + apis::users::Users
        + apis::verification::Verification,
{
    Router::new()
        .route("/token", MethodRouter::new().post(issue_token::<A>))
        .route("/v1/api-keys/", MethodRouter::new().get(list_api_keys::<A>).post(create_api_key::<A>))
        .route("/v1/api-keys/verify", MethodRouter::new().post(verify_api_key::<A>))
        .route(
            "/v1/api-keys/{item_id}",
            MethodRouter::new().delete(delete_api_key::<A>).get(get_api_key::<A>).patch(update_api_key::<A>),
        )
        .route("/v1/api-keys/{item_id}/disable", MethodRouter::new().post(disable_api_key::<A>))
        .route("/v1/api-keys/{item_id}/enable", MethodRouter::new().post(enable_api_key::<A>))
        .route(
            "/v1/api-keys/{item_id}/metadata",
            MethodRouter::new().get(get_api_key_metadata::<A>).put(set_api_key_metadata::<A>),
        )
        .route(
            "/v1/api-keys/{item_id}/policy",
            MethodRouter::new().get(get_api_key_policy::<A>).put(set_api_key_policy::<A>),
        )
        .route("/v1/api-keys/{item_id}/revoke", MethodRouter::new().post(revoke_api_key::<A>))
        .route("/v1/api-keys/{item_id}/rotate", MethodRouter::new().post(rotate_api_key::<A>))
        .route("/v1/api-keys/{item_id}/usage", MethodRouter::new().get(get_api_key_usage::<A>))
        .route("/v1/audit/events", MethodRouter::new().get(list_audit_events::<A>))
        .route("/v1/forward-auth", MethodRouter::new().get(forward_auth::<A>))
        .route("/v1/introspect", MethodRouter::new().post(introspect_token::<A>))
        .route("/v1/projects", MethodRouter::new().get(list_projects::<A>).post(create_project::<A>))
        .route("/v1/projects/{project}", MethodRouter::new().get(get_project::<A>).patch(update_project::<A>))
        .route("/v1/projects/{project}/api-keys", MethodRouter::new().post(issue_api_key::<A>))
        .route("/v1/projects/{project}/api-keys/revoke", MethodRouter::new().post(revoke_api_keys::<A>))
        .route("/v1/projects/{project}/api-keys/search", MethodRouter::new().post(search_api_keys::<A>))
        .route("/v1/projects/{project}/forward-auth", MethodRouter::new().get(project_forward_auth::<A>))
        .route("/v1/projects/{project}/members", MethodRouter::new().get(list_members::<A>))
        .route(
            "/v1/projects/{project}/members/{user_id}",
            MethodRouter::new().delete(remove_member::<A>).put(set_member::<A>),
        )
        .route("/v1/projects/{project}/owner-tokens", MethodRouter::new().post(create_owner_token::<A>))
        .route("/v1/projects/{project}/owners", MethodRouter::new().get(list_owners::<A>).post(upsert_owner::<A>))
        .route(
            "/v1/projects/{project}/owners/{owner_id}",
            MethodRouter::new().delete(delete_owner::<A>).get(get_owner::<A>),
        )
        .route("/v1/projects/{project}/service-accounts", MethodRouter::new().post(create_service_account::<A>))
        .route("/v1/revoke", MethodRouter::new().post(revoke_token::<A>))
        .route("/v1/users", MethodRouter::new().get(list_users::<A>).post(create_user::<A>))
        .route("/v1/users/me", MethodRouter::new().get(get_current_user::<A>))
        .route("/v1/users/me/password", MethodRouter::new().put(change_password::<A>))
        .route("/v1/users/{user_id}", MethodRouter::new().get(get_user::<A>).patch(update_user::<A>))
        .with_state(api)
}

/// `disableApiKey`: POST /v1/api-keys/{item_id}/disable
async fn disable_api_key<A: apis::api_key_lifecycle::ApiKeyLifecycle>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::DISABLE_API_KEY;
    let (mut call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let (item_id,): (i64,) = call.path().await?;
    let if_match = call.header("if-match", is_valid_if_match).await?;
    let query = call.query().await?;
    let result = api.disable_api_key(caller, item_id, if_match, query).await;
    Ok(call.respond(result))
}

/// `enableApiKey`: POST /v1/api-keys/{item_id}/enable
async fn enable_api_key<A: apis::api_key_lifecycle::ApiKeyLifecycle>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::ENABLE_API_KEY;
    let (mut call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let (item_id,): (i64,) = call.path().await?;
    let if_match = call.header("if-match", is_valid_if_match).await?;
    let result = api.enable_api_key(caller, item_id, if_match).await;
    Ok(call.respond(result))
}

/// `revokeApiKey`: POST /v1/api-keys/{item_id}/revoke
async fn revoke_api_key<A: apis::api_key_lifecycle::ApiKeyLifecycle>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::REVOKE_API_KEY;
    let (mut call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let (item_id,): (i64,) = call.path().await?;
    let if_match = call.header("if-match", is_valid_if_match).await?;
    let query = call.query().await?;
    let body = call.json().await?;
    let result = api.revoke_api_key(caller, item_id, if_match, query, body).await;
    Ok(call.respond(result))
}

/// `rotateApiKey`: POST /v1/api-keys/{item_id}/rotate
async fn rotate_api_key<A: apis::api_key_lifecycle::ApiKeyLifecycle>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::ROTATE_API_KEY;
    let (mut call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let (item_id,): (i64,) = call.path().await?;
    let if_match = call.header("if-match", is_valid_if_match).await?;
    let idempotency_key = call.header("idempotency-key", is_valid_idempotency_key).await?;
    let body = call.json().await?;
    let result = api.rotate_api_key(caller, item_id, if_match, idempotency_key, body).await;
    Ok(call.respond(result))
}

/// `getApiKeyPolicy`: GET /v1/api-keys/{item_id}/policy
async fn get_api_key_policy<A: apis::api_key_policies::ApiKeyPolicies>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::GET_API_KEY_POLICY;
    let (mut call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let (item_id,): (i64,) = call.path().await?;
    let result = api.get_api_key_policy(caller, item_id).await;
    Ok(call.respond(result))
}

/// `setApiKeyPolicy`: PUT /v1/api-keys/{item_id}/policy
async fn set_api_key_policy<A: apis::api_key_policies::ApiKeyPolicies>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::SET_API_KEY_POLICY;
    let (mut call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let (item_id,): (i64,) = call.path().await?;
    let if_match = call.header("if-match", is_valid_if_match).await?;
    let body = call.json().await?;
    let result = api.set_api_key_policy(caller, item_id, if_match, body).await;
    Ok(call.respond(result))
}

/// `revokeApiKeys`: POST /v1/projects/{project}/api-keys/revoke
async fn revoke_api_keys<A: apis::api_key_search::ApiKeySearch>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::REVOKE_API_KEYS;
    let (mut call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let (project,): (String,) = call.path().await?;
    if !types::pattern!("^[a-z][a-z0-9-]{0,62}$").is_match(&project) {
        return Err(call.invalid().await);
    }
    let body = call.json().await?;
    let result = api.revoke_api_keys(caller, project, body).await;
    Ok(call.respond(result))
}

/// `searchApiKeys`: POST /v1/projects/{project}/api-keys/search
async fn search_api_keys<A: apis::api_key_search::ApiKeySearch>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::SEARCH_API_KEYS;
    let (mut call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let (project,): (String,) = call.path().await?;
    if !types::pattern!("^[a-z][a-z0-9-]{0,62}$").is_match(&project) {
        return Err(call.invalid().await);
    }
    let query = call.query().await?;
    let body = call.json().await?;
    let result = api.search_api_keys(caller, project, query, body).await;
    Ok(call.respond(result))
}

/// `createApiKey`: POST /v1/api-keys/
async fn create_api_key<A: apis::api_keys::ApiKeys>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::CREATE_API_KEY;
    let (call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let idempotency_key = call.header("idempotency-key", is_valid_idempotency_key).await?;
    let body = call.json().await?;
    let result = api.create_api_key(caller, idempotency_key, body).await;
    Ok(call.respond(result))
}

/// `deleteApiKey`: DELETE /v1/api-keys/{item_id}
async fn delete_api_key<A: apis::api_keys::ApiKeys>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::DELETE_API_KEY;
    let (mut call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let (item_id,): (i64,) = call.path().await?;
    let if_match = call.header("if-match", is_valid_if_match).await?;
    let query = call.query().await?;
    let result = api.delete_api_key(caller, item_id, if_match, query).await;
    Ok(call.respond(result))
}

/// `getApiKey`: GET /v1/api-keys/{item_id}
async fn get_api_key<A: apis::api_keys::ApiKeys>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::GET_API_KEY;
    let (mut call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let (item_id,): (i64,) = call.path().await?;
    let result = api.get_api_key(caller, item_id).await;
    Ok(call.respond(result))
}

/// `getApiKeyMetadata`: GET /v1/api-keys/{item_id}/metadata
async fn get_api_key_metadata<A: apis::api_keys::ApiKeys>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::GET_API_KEY_METADATA;
    let (mut call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let (item_id,): (i64,) = call.path().await?;
    let result = api.get_api_key_metadata(caller, item_id).await;
    Ok(call.respond(result))
}

/// `getApiKeyUsage`: GET /v1/api-keys/{item_id}/usage
async fn get_api_key_usage<A: apis::api_keys::ApiKeys>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::GET_API_KEY_USAGE;
    let (mut call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let (item_id,): (i64,) = call.path().await?;
    let result = api.get_api_key_usage(caller, item_id).await;
    Ok(call.respond(result))
}

/// `listApiKeys`: GET /v1/api-keys/
async fn list_api_keys<A: apis::api_keys::ApiKeys>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::LIST_API_KEYS;
    let (call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let query = call.query().await?;
    let result = api.list_api_keys(caller, query).await;
    Ok(call.respond(result))
}

/// `setApiKeyMetadata`: PUT /v1/api-keys/{item_id}/metadata
async fn set_api_key_metadata<A: apis::api_keys::ApiKeys>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::SET_API_KEY_METADATA;
    let (mut call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let (item_id,): (i64,) = call.path().await?;
    let if_match = call.header("if-match", is_valid_if_match).await?;
    let body = call.json().await?;
    let result = api.set_api_key_metadata(caller, item_id, if_match, body).await;
    Ok(call.respond(result))
}

/// `updateApiKey`: PATCH /v1/api-keys/{item_id}
async fn update_api_key<A: apis::api_keys::ApiKeys>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::UPDATE_API_KEY;
    let (mut call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let (item_id,): (i64,) = call.path().await?;
    let if_match = call.header("if-match", is_valid_if_match).await?;
    let body = call.json().await?;
    let result = api.update_api_key(caller, item_id, if_match, body).await;
    Ok(call.respond(result))
}

/// `listAuditEvents`: GET /v1/audit/events
async fn list_audit_events<A: apis::audit::Audit>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::LIST_AUDIT_EVENTS;
    let (call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let query = call.query().await?;
    let result = api.list_audit_events(caller, query).await;
    Ok(call.respond(result))
}

/// `createServiceAccount`: POST /v1/projects/{project}/service-accounts
async fn create_service_account<A: apis::members::Members>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::CREATE_SERVICE_ACCOUNT;
    let (mut call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let (project,): (String,) = call.path().await?;
    if !types::pattern!("^[a-z][a-z0-9-]{0,62}$").is_match(&project) {
        return Err(call.invalid().await);
    }
    let body = call.json().await?;
    let result = api.create_service_account(caller, project, body).await;
    Ok(call.respond(result))
}

/// `listMembers`: GET /v1/projects/{project}/members
async fn list_members<A: apis::members::Members>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::LIST_MEMBERS;
    let (mut call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let (project,): (String,) = call.path().await?;
    if !types::pattern!("^[a-z][a-z0-9-]{0,62}$").is_match(&project) {
        return Err(call.invalid().await);
    }
    let query = call.query().await?;
    let result = api.list_members(caller, project, query).await;
    Ok(call.respond(result))
}

/// `removeMember`: DELETE /v1/projects/{project}/members/{user_id}
async fn remove_member<A: apis::members::Members>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::REMOVE_MEMBER;
    let (mut call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let (project, user_id): (String, i64) = call.path().await?;
    if !types::pattern!("^[a-z][a-z0-9-]{0,62}$").is_match(&project) {
        return Err(call.invalid().await);
    }
    let result = api.remove_member(caller, project, user_id).await;
    Ok(call.respond(result))
}

/// `setMember`: PUT /v1/projects/{project}/members/{user_id}
async fn set_member<A: apis::members::Members>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::SET_MEMBER;
    let (mut call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let (project, user_id): (String, i64) = call.path().await?;
    if !types::pattern!("^[a-z][a-z0-9-]{0,62}$").is_match(&project) {
        return Err(call.invalid().await);
    }
    let body = call.json().await?;
    let result = api.set_member(caller, project, user_id, body).await;
    Ok(call.respond(result))
}

/// `createOwnerToken`: POST /v1/projects/{project}/owner-tokens
async fn create_owner_token<A: apis::owners::Owners>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::CREATE_OWNER_TOKEN;
    let (mut call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let (project,): (String,) = call.path().await?;
    if !types::pattern!("^[a-z][a-z0-9-]{0,62}$").is_match(&project) {
        return Err(call.invalid().await);
    }
    let body = call.json().await?;
    let result = api.create_owner_token(caller, project, body).await;
    Ok(call.respond(result))
}

/// `deleteOwner`: DELETE /v1/projects/{project}/owners/{owner_id}
async fn delete_owner<A: apis::owners::Owners>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::DELETE_OWNER;
    let (mut call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let (project, owner_id): (String, i64) = call.path().await?;
    if !types::pattern!("^[a-z][a-z0-9-]{0,62}$").is_match(&project) {
        return Err(call.invalid().await);
    }
    let result = api.delete_owner(caller, project, owner_id).await;
    Ok(call.respond(result))
}

/// `getOwner`: GET /v1/projects/{project}/owners/{owner_id}
async fn get_owner<A: apis::owners::Owners>(State(api): State<Arc<A>>, request: Request) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::GET_OWNER;
    let (mut call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let (project, owner_id): (String, i64) = call.path().await?;
    if !types::pattern!("^[a-z][a-z0-9-]{0,62}$").is_match(&project) {
        return Err(call.invalid().await);
    }
    let result = api.get_owner(caller, project, owner_id).await;
    Ok(call.respond(result))
}

/// `issueApiKey`: POST /v1/projects/{project}/api-keys
async fn issue_api_key<A: apis::owners::Owners>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::ISSUE_API_KEY;
    let (mut call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let (project,): (String,) = call.path().await?;
    if !types::pattern!("^[a-z][a-z0-9-]{0,62}$").is_match(&project) {
        return Err(call.invalid().await);
    }
    let idempotency_key = call.header("idempotency-key", is_valid_idempotency_key).await?;
    let body = call.json().await?;
    let result = api.issue_api_key(caller, project, idempotency_key, body).await;
    Ok(call.respond(result))
}

/// `listOwners`: GET /v1/projects/{project}/owners
async fn list_owners<A: apis::owners::Owners>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::LIST_OWNERS;
    let (mut call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let (project,): (String,) = call.path().await?;
    if !types::pattern!("^[a-z][a-z0-9-]{0,62}$").is_match(&project) {
        return Err(call.invalid().await);
    }
    let query = call.query().await?;
    let result = api.list_owners(caller, project, query).await;
    Ok(call.respond(result))
}

/// `upsertOwner`: POST /v1/projects/{project}/owners
async fn upsert_owner<A: apis::owners::Owners>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::UPSERT_OWNER;
    let (mut call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let (project,): (String,) = call.path().await?;
    if !types::pattern!("^[a-z][a-z0-9-]{0,62}$").is_match(&project) {
        return Err(call.invalid().await);
    }
    let body = call.json().await?;
    let result = api.upsert_owner(caller, project, body).await;
    Ok(call.respond(result))
}

/// `createProject`: POST /v1/projects
async fn create_project<A: apis::projects::Projects>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::CREATE_PROJECT;
    let (call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let body = call.json().await?;
    let result = api.create_project(caller, body).await;
    Ok(call.respond(result))
}

/// `getProject`: GET /v1/projects/{project}
async fn get_project<A: apis::projects::Projects>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::GET_PROJECT;
    let (mut call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let (project,): (String,) = call.path().await?;
    if !types::pattern!("^[a-z][a-z0-9-]{0,62}$").is_match(&project) {
        return Err(call.invalid().await);
    }
    let result = api.get_project(caller, project).await;
    Ok(call.respond(result))
}

/// `listProjects`: GET /v1/projects
async fn list_projects<A: apis::projects::Projects>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::LIST_PROJECTS;
    let (call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let query = call.query().await?;
    let result = api.list_projects(caller, query).await;
    Ok(call.respond(result))
}

/// `updateProject`: PATCH /v1/projects/{project}
async fn update_project<A: apis::projects::Projects>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::UPDATE_PROJECT;
    let (mut call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let (project,): (String,) = call.path().await?;
    if !types::pattern!("^[a-z][a-z0-9-]{0,62}$").is_match(&project) {
        return Err(call.invalid().await);
    }
    let if_match = call.header("if-match", is_valid_if_match).await?;
    let body = call.json().await?;
    let result = api.update_project(caller, project, if_match, body).await;
    Ok(call.respond(result))
}

/// `issueToken`: POST /token
async fn issue_token<A: apis::tokens::Tokens>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::ISSUE_TOKEN;
    let (call, context) = Call::open(api.as_ref(), OPERATION, request).await?;
    let body = call.form().await?;
    let result = api.issue_token(context, body).await;
    Ok(call.respond(result))
}

/// `revokeToken`: POST /v1/revoke
async fn revoke_token<A: apis::tokens::Tokens>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::REVOKE_TOKEN;
    let (call, context) = Call::open(api.as_ref(), OPERATION, request).await?;
    let body = call.form().await?;
    let result = api.revoke_token(context, body).await;
    Ok(call.respond(result))
}

/// `changePassword`: PUT /v1/users/me/password
async fn change_password<A: apis::users::Users>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::CHANGE_PASSWORD;
    let (call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let body = call.json().await?;
    let result = api.change_password(caller, body).await;
    Ok(call.respond(result))
}

/// `createUser`: POST /v1/users
async fn create_user<A: apis::users::Users>(State(api): State<Arc<A>>, request: Request) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::CREATE_USER;
    let (call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let body = call.json().await?;
    let result = api.create_user(caller, body).await;
    Ok(call.respond(result))
}

/// `getCurrentUser`: GET /v1/users/me
async fn get_current_user<A: apis::users::Users>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::GET_CURRENT_USER;
    let (call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let result = api.get_current_user(caller).await;
    Ok(call.respond(result))
}

/// `getUser`: GET /v1/users/{user_id}
async fn get_user<A: apis::users::Users>(State(api): State<Arc<A>>, request: Request) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::GET_USER;
    let (mut call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let (user_id,): (i64,) = call.path().await?;
    let result = api.get_user(caller, user_id).await;
    Ok(call.respond(result))
}

/// `listUsers`: GET /v1/users
async fn list_users<A: apis::users::Users>(State(api): State<Arc<A>>, request: Request) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::LIST_USERS;
    let (call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let query = call.query().await?;
    let result = api.list_users(caller, query).await;
    Ok(call.respond(result))
}

/// `updateUser`: PATCH /v1/users/{user_id}
async fn update_user<A: apis::users::Users>(State(api): State<Arc<A>>, request: Request) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::UPDATE_USER;
    let (mut call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let (user_id,): (i64,) = call.path().await?;
    let body = call.json().await?;
    let result = api.update_user(caller, user_id, body).await;
    Ok(call.respond(result))
}

/// `forwardAuth`: GET /v1/forward-auth
async fn forward_auth<A: apis::verification::Verification>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::FORWARD_AUTH;
    let (call, context) = Call::open(api.as_ref(), OPERATION, request).await?;
    let query = call.query().await?;
    let result = api.forward_auth(context, call.credentials(), query).await;
    Ok(call.respond(result))
}

/// `introspectToken`: POST /v1/introspect
async fn introspect_token<A: apis::verification::Verification>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::INTROSPECT_TOKEN;
    let (call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let body = call.form().await?;
    let result = api.introspect_token(caller, body).await;
    Ok(call.respond(result))
}

/// `projectForwardAuth`: GET /v1/projects/{project}/forward-auth
async fn project_forward_auth<A: apis::verification::Verification>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::PROJECT_FORWARD_AUTH;
    let (mut call, context) = Call::open(api.as_ref(), OPERATION, request).await?;
    let (project,): (String,) = call.path().await?;
    if !types::pattern!("^[a-z][a-z0-9-]{0,62}$").is_match(&project) {
        return Err(call.invalid().await);
    }
    let query = call.query().await?;
    let result = api.project_forward_auth(context, call.credentials(), project, query).await;
    Ok(call.respond(result))
}

/// `verifyApiKey`: POST /v1/api-keys/verify
async fn verify_api_key<A: apis::verification::Verification>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Result<Response, Response> {
    const OPERATION: &Operation = &operation::VERIFY_API_KEY;
    let (call, caller) = Call::authenticated(api.as_ref(), OPERATION, request).await?;
    let body = call.json().await?;
    let result = api.verify_api_key(caller, body).await;
    Ok(call.respond(result))
}

/// A request on its way to its operation. Each step yields what it read, or the response to send instead.
struct Call<'a, A> {
    api: &'a A,
    operation: &'static Operation,
    parts: Parts,
    body: Bytes,
}

impl<'a, A: Hooks> Call<'a, A> {
    /// Authenticates and authorizes the caller, then reads the body.
    async fn authenticated(
        api: &'a A,
        operation: &'static Operation,
        request: Request,
    ) -> Result<(Self, A::Caller), Response> {
        let (parts, body) = request.into_parts();
        let credentials = Credentials::read(&parts.headers);
        if credentials.api_key.is_err() {
            return Err(send(api, operation, api.on_unreadable_api_key(operation)));
        }
        let context = api.context(&parts);
        let caller = api.authenticate(operation, &context, credentials).await;
        let caller = caller.map_err(|error| failed(api, operation, error))?;
        api.authorize(operation, &caller).await.map_err(|error| failed(api, operation, error))?;
        Ok((Self::read(api, operation, parts, body).await?, caller))
    }

    /// Reads the body of a request that is not authenticated, or by its operation.
    async fn open(api: &'a A, operation: &'static Operation, request: Request) -> Result<(Self, A::Context), Response> {
        let (parts, body) = request.into_parts();
        let context = api.context(&parts);
        Ok((Self::read(api, operation, parts, body).await?, context))
    }

    async fn read(api: &'a A, operation: &'static Operation, parts: Parts, body: Body) -> Result<Self, Response> {
        let body = match operation.has_body {
            true => axum::body::to_bytes(body, usize::MAX).await,
            false => Ok(Bytes::new()),
        };
        match body {
            Ok(body) => Ok(Self { api, operation, parts, body }),
            Err(error) => Err(send(api, operation, api.on_body_error(operation, error))),
        }
    }

    /// The credentials of the request, for an operation that authenticates the caller itself.
    fn credentials(&self) -> Credentials<'_> {
        Credentials::read(&self.parts.headers)
    }

    /// The path parameters.
    async fn path<T>(&mut self) -> Result<T, Response>
    where
        T: DeserializeOwned + Send + 'static,
        Path<T>: FromRequestParts<()>,
    {
        match self.parts.extract::<Path<T>>().await {
            Ok(Path(values)) => Ok(values),
            Err(_) => Err(self.invalid().await),
        }
    }

    /// The value of a header that may be absent.
    async fn header(&self, name: &'static str, is_valid: fn(&str) -> bool) -> Result<Option<String>, Response> {
        match types::header(&self.parts.headers, &HeaderName::from_static(name)) {
            Ok(None) => Ok(None),
            Ok(Some(value)) if is_valid(value) => Ok(Some(value.to_owned())),
            _ => Err(self.invalid().await),
        }
    }

    /// The query parameters.
    async fn query<T: DeserializeOwned + Validate + Send>(&self) -> Result<T, Response> {
        let query = self.parts.uri.query().unwrap_or_default();
        self.valid(serde_html_form::from_str(query).ok()).await
    }

    /// The body, which is a JSON object.
    async fn json<T: DeserializeOwned + Validate + Send>(&self) -> Result<T, Response> {
        let is_json = self.media_type().is_some_and(types::is_json);
        let object = is_json.then(|| serde_json::from_slice::<Object<T>>(&self.body).ok()).flatten();
        self.valid(object.map(|Object(value)| value)).await
    }

    /// The body, which is a form.
    async fn form<T: DeserializeOwned + Validate + Send>(&self) -> Result<T, Response> {
        let is_form = self.media_type().is_some_and(types::is_form);
        self.valid(is_form.then(|| serde_html_form::from_bytes(&self.body).ok()).flatten()).await
    }

    /// The media type of the body, without parameters.
    fn media_type(&self) -> Option<&str> {
        let value = self.parts.headers.get(CONTENT_TYPE)?.to_str().ok()?;
        value.split(';').next().map(str::trim)
    }

    async fn valid<T: Validate + Send>(&self, value: Option<T>) -> Result<T, Response> {
        match value.filter(|value| value.validate().is_ok()) {
            Some(value) => Ok(value),
            None => Err(self.invalid().await),
        }
    }

    async fn invalid(&self) -> Response {
        let Self { api, operation, parts, body } = self;
        // Boxed, so that the future of a valid request has no room for it.
        let response = Box::pin(api.on_invalid_request(operation, parts, body)).await;
        send(*api, operation, response)
    }

    fn respond(&self, result: Result<impl Respond, A::Error>) -> Response {
        let response = result.and_then(|response| response.respond().map_err(A::Error::from));
        response.unwrap_or_else(|error| failed(self.api, self.operation, error))
    }
}

fn is_valid_if_match(value: &str) -> bool {
    #[derive(Validate)]
    struct Header<'a> {
        #[validate(length(max = 255))]
        #[validate(regex(path = types::pattern!("^[!-~]([ -~]*[!-~])?$")))]
        value: &'a str,
    }
    Header { value }.validate().is_ok()
}

fn is_valid_idempotency_key(value: &str) -> bool {
    #[derive(Validate)]
    struct Header<'a> {
        #[validate(length(max = 255))]
        #[validate(regex(path = types::pattern!("^[!-~]([ -~]*[!-~])?$")))]
        value: &'a str,
    }
    Header { value }.validate().is_ok()
}

fn failed<A: Hooks>(api: &A, operation: &'static Operation, error: A::Error) -> Response {
    send(api, operation, api.on_error(operation, error))
}

/// Writes a response of the hooks. If that fails, so does the request, and `on_error` decides again.
fn send<A: Hooks>(api: &A, operation: &'static Operation, response: ErrorResponse) -> Response {
    response.respond().unwrap_or_else(|error| {
        let response = api.on_error(operation, error.into()).respond();
        response.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
    })
}
