//! The routes of the contract: each reads a request, and calls the operation's trait method.

use std::sync::Arc;

use axum::{
    RequestPartsExt, Router,
    body::Body,
    extract::{Path, Request, State},
    response::{IntoResponse, Response},
    routing::*,
};
use bytes::Bytes;
use http::{HeaderMap, header::CONTENT_TYPE, request::Parts};
use serde::de::DeserializeOwned;
use validator::Validate;

use crate::{
    apis::{self, Hooks, Operation, operation},
    models,
    types::Object,
};

/// The contract's routes in front of its implementation.
///
/// Bodies are read to their end: whoever serves the routes limits them.
pub fn router<A>(api: Arc<A>) -> Router
where
    A: apis::api_keys::ApiKeys
        + apis::audit::Audit
        + apis::lifecycle::Lifecycle
        + apis::tokens::Tokens
        + apis::users::Users
        + apis::verification::Verification,
{
    Router::new()
        .route("/token", post(issue_token::<A>))
        .route("/v1/api-keys/", get(list_api_keys::<A>).post(create_api_key::<A>))
        .route("/v1/api-keys/verify", post(verify_api_key::<A>))
        .route("/v1/api-keys/{item_id}", delete(delete_api_key::<A>).get(get_api_key::<A>).patch(update_api_key::<A>))
        .route("/v1/api-keys/{item_id}/disable", post(disable_api_key::<A>))
        .route("/v1/api-keys/{item_id}/enable", post(enable_api_key::<A>))
        .route("/v1/api-keys/{item_id}/policy", get(get_api_key_policy::<A>).put(set_api_key_policy::<A>))
        .route("/v1/api-keys/{item_id}/revoke", post(revoke_api_key::<A>))
        .route("/v1/api-keys/{item_id}/rotate", post(rotate_api_key::<A>))
        .route("/v1/api-keys/{item_id}/usage", get(get_api_key_usage::<A>))
        .route("/v1/audit/events", get(list_audit_events::<A>))
        .route("/v1/forward-auth", get(forward_auth::<A>))
        .route("/v1/introspect", post(introspect_token::<A>))
        .route("/v1/revoke", post(revoke_token::<A>))
        .route("/v1/users/me", get(get_current_user::<A>))
        .with_state(api)
}

/// `createApiKey`: POST /v1/api-keys/
async fn create_api_key<A: apis::api_keys::ApiKeys>(State(api): State<Arc<A>>, request: Request) -> Response {
    const OPERATION: &Operation = &operation::CREATE_API_KEY;
    let (parts, body) = request.into_parts();
    if header(&parts.headers, "X-API-Key").is_err() {
        return refuse(api.as_ref(), OPERATION, &parts, body).await;
    }
    let caller = match api.authenticate(OPERATION, &parts).await {
        Ok(caller) => caller,
        Err(response) => return response,
    };
    let body = match read(body).await {
        Ok(body) => body,
        Err(error) => return api.unreadable(OPERATION, &parts, error),
    };
    let Ok(idempotency_key) = header(&parts.headers, "Idempotency-Key") else {
        return api.reject(OPERATION, &parts, &body);
    };
    let Some(body) = json::<models::ApiKeyRecordCreate>(&parts, &body) else {
        return api.reject(OPERATION, &parts, &body);
    };
    match api.create_api_key(caller, idempotency_key, body).await {
        Ok(response) => response.into_response(),
        Err(error) => api.failed(OPERATION, error),
    }
}

/// `deleteApiKey`: DELETE /v1/api-keys/{item_id}
async fn delete_api_key<A: apis::api_keys::ApiKeys>(State(api): State<Arc<A>>, request: Request) -> Response {
    const OPERATION: &Operation = &operation::DELETE_API_KEY;
    let (mut parts, _) = request.into_parts();
    if header(&parts.headers, "X-API-Key").is_err() {
        return api.reject(OPERATION, &parts, &[]);
    }
    let caller = match api.authenticate(OPERATION, &parts).await {
        Ok(caller) => caller,
        Err(response) => return response,
    };
    let Ok(Path((item_id,))) = parts.extract::<Path<(i64,)>>().await else {
        return api.reject(OPERATION, &parts, &[]);
    };
    match api.delete_api_key(caller, item_id).await {
        Ok(response) => response.into_response(),
        Err(error) => api.failed(OPERATION, error),
    }
}

/// `getApiKey`: GET /v1/api-keys/{item_id}
async fn get_api_key<A: apis::api_keys::ApiKeys>(State(api): State<Arc<A>>, request: Request) -> Response {
    const OPERATION: &Operation = &operation::GET_API_KEY;
    let (mut parts, _) = request.into_parts();
    if header(&parts.headers, "X-API-Key").is_err() {
        return api.reject(OPERATION, &parts, &[]);
    }
    let caller = match api.authenticate(OPERATION, &parts).await {
        Ok(caller) => caller,
        Err(response) => return response,
    };
    let Ok(Path((item_id,))) = parts.extract::<Path<(i64,)>>().await else {
        return api.reject(OPERATION, &parts, &[]);
    };
    match api.get_api_key(caller, item_id).await {
        Ok(response) => response.into_response(),
        Err(error) => api.failed(OPERATION, error),
    }
}

/// `listApiKeys`: GET /v1/api-keys/
async fn list_api_keys<A: apis::api_keys::ApiKeys>(State(api): State<Arc<A>>, request: Request) -> Response {
    const OPERATION: &Operation = &operation::LIST_API_KEYS;
    let (parts, _) = request.into_parts();
    if header(&parts.headers, "X-API-Key").is_err() {
        return api.reject(OPERATION, &parts, &[]);
    }
    let caller = match api.authenticate(OPERATION, &parts).await {
        Ok(caller) => caller,
        Err(response) => return response,
    };
    let Some(query) = query::<models::ListApiKeysQuery>(&parts) else {
        return api.reject(OPERATION, &parts, &[]);
    };
    match api.list_api_keys(caller, query).await {
        Ok(response) => response.into_response(),
        Err(error) => api.failed(OPERATION, error),
    }
}

/// `updateApiKey`: PATCH /v1/api-keys/{item_id}
async fn update_api_key<A: apis::api_keys::ApiKeys>(State(api): State<Arc<A>>, request: Request) -> Response {
    const OPERATION: &Operation = &operation::UPDATE_API_KEY;
    let (mut parts, body) = request.into_parts();
    if header(&parts.headers, "X-API-Key").is_err() {
        return refuse(api.as_ref(), OPERATION, &parts, body).await;
    }
    let caller = match api.authenticate(OPERATION, &parts).await {
        Ok(caller) => caller,
        Err(response) => return response,
    };
    let body = match read(body).await {
        Ok(body) => body,
        Err(error) => return api.unreadable(OPERATION, &parts, error),
    };
    let Ok(Path((item_id,))) = parts.extract::<Path<(i64,)>>().await else {
        return api.reject(OPERATION, &parts, &body);
    };
    let Ok(if_match) = header(&parts.headers, "If-Match") else {
        return api.reject(OPERATION, &parts, &body);
    };
    let Some(body) = json::<models::ApiKeyRecordCreate>(&parts, &body) else {
        return api.reject(OPERATION, &parts, &body);
    };
    match api.update_api_key(caller, item_id, if_match, body).await {
        Ok(response) => response.into_response(),
        Err(error) => api.failed(OPERATION, error),
    }
}

/// `listAuditEvents`: GET /v1/audit/events
async fn list_audit_events<A: apis::audit::Audit>(State(api): State<Arc<A>>, request: Request) -> Response {
    const OPERATION: &Operation = &operation::LIST_AUDIT_EVENTS;
    let (parts, _) = request.into_parts();
    if header(&parts.headers, "X-API-Key").is_err() {
        return api.reject(OPERATION, &parts, &[]);
    }
    let caller = match api.authenticate(OPERATION, &parts).await {
        Ok(caller) => caller,
        Err(response) => return response,
    };
    let Some(query) = query::<models::ListAuditEventsQuery>(&parts) else {
        return api.reject(OPERATION, &parts, &[]);
    };
    match api.list_audit_events(caller, query).await {
        Ok(response) => response.into_response(),
        Err(error) => api.failed(OPERATION, error),
    }
}

/// `disableApiKey`: POST /v1/api-keys/{item_id}/disable
async fn disable_api_key<A: apis::lifecycle::Lifecycle>(State(api): State<Arc<A>>, request: Request) -> Response {
    const OPERATION: &Operation = &operation::DISABLE_API_KEY;
    let (mut parts, _) = request.into_parts();
    if header(&parts.headers, "X-API-Key").is_err() {
        return api.reject(OPERATION, &parts, &[]);
    }
    let caller = match api.authenticate(OPERATION, &parts).await {
        Ok(caller) => caller,
        Err(response) => return response,
    };
    let Ok(Path((item_id,))) = parts.extract::<Path<(i64,)>>().await else {
        return api.reject(OPERATION, &parts, &[]);
    };
    match api.disable_api_key(caller, item_id).await {
        Ok(response) => response.into_response(),
        Err(error) => api.failed(OPERATION, error),
    }
}

/// `enableApiKey`: POST /v1/api-keys/{item_id}/enable
async fn enable_api_key<A: apis::lifecycle::Lifecycle>(State(api): State<Arc<A>>, request: Request) -> Response {
    const OPERATION: &Operation = &operation::ENABLE_API_KEY;
    let (mut parts, _) = request.into_parts();
    if header(&parts.headers, "X-API-Key").is_err() {
        return api.reject(OPERATION, &parts, &[]);
    }
    let caller = match api.authenticate(OPERATION, &parts).await {
        Ok(caller) => caller,
        Err(response) => return response,
    };
    let Ok(Path((item_id,))) = parts.extract::<Path<(i64,)>>().await else {
        return api.reject(OPERATION, &parts, &[]);
    };
    match api.enable_api_key(caller, item_id).await {
        Ok(response) => response.into_response(),
        Err(error) => api.failed(OPERATION, error),
    }
}

/// `getApiKeyPolicy`: GET /v1/api-keys/{item_id}/policy
async fn get_api_key_policy<A: apis::lifecycle::Lifecycle>(State(api): State<Arc<A>>, request: Request) -> Response {
    const OPERATION: &Operation = &operation::GET_API_KEY_POLICY;
    let (mut parts, _) = request.into_parts();
    if header(&parts.headers, "X-API-Key").is_err() {
        return api.reject(OPERATION, &parts, &[]);
    }
    let caller = match api.authenticate(OPERATION, &parts).await {
        Ok(caller) => caller,
        Err(response) => return response,
    };
    let Ok(Path((item_id,))) = parts.extract::<Path<(i64,)>>().await else {
        return api.reject(OPERATION, &parts, &[]);
    };
    match api.get_api_key_policy(caller, item_id).await {
        Ok(response) => response.into_response(),
        Err(error) => api.failed(OPERATION, error),
    }
}

/// `getApiKeyUsage`: GET /v1/api-keys/{item_id}/usage
async fn get_api_key_usage<A: apis::lifecycle::Lifecycle>(State(api): State<Arc<A>>, request: Request) -> Response {
    const OPERATION: &Operation = &operation::GET_API_KEY_USAGE;
    let (mut parts, _) = request.into_parts();
    if header(&parts.headers, "X-API-Key").is_err() {
        return api.reject(OPERATION, &parts, &[]);
    }
    let caller = match api.authenticate(OPERATION, &parts).await {
        Ok(caller) => caller,
        Err(response) => return response,
    };
    let Ok(Path((item_id,))) = parts.extract::<Path<(i64,)>>().await else {
        return api.reject(OPERATION, &parts, &[]);
    };
    match api.get_api_key_usage(caller, item_id).await {
        Ok(response) => response.into_response(),
        Err(error) => api.failed(OPERATION, error),
    }
}

/// `revokeApiKey`: POST /v1/api-keys/{item_id}/revoke
async fn revoke_api_key<A: apis::lifecycle::Lifecycle>(State(api): State<Arc<A>>, request: Request) -> Response {
    const OPERATION: &Operation = &operation::REVOKE_API_KEY;
    let (mut parts, body) = request.into_parts();
    if header(&parts.headers, "X-API-Key").is_err() {
        return refuse(api.as_ref(), OPERATION, &parts, body).await;
    }
    let caller = match api.authenticate(OPERATION, &parts).await {
        Ok(caller) => caller,
        Err(response) => return response,
    };
    let body = match read(body).await {
        Ok(body) => body,
        Err(error) => return api.unreadable(OPERATION, &parts, error),
    };
    let Ok(Path((item_id,))) = parts.extract::<Path<(i64,)>>().await else {
        return api.reject(OPERATION, &parts, &body);
    };
    let Some(body) = json::<models::ApiKeyRevoke>(&parts, &body) else {
        return api.reject(OPERATION, &parts, &body);
    };
    match api.revoke_api_key(caller, item_id, body).await {
        Ok(response) => response.into_response(),
        Err(error) => api.failed(OPERATION, error),
    }
}

/// `rotateApiKey`: POST /v1/api-keys/{item_id}/rotate
async fn rotate_api_key<A: apis::lifecycle::Lifecycle>(State(api): State<Arc<A>>, request: Request) -> Response {
    const OPERATION: &Operation = &operation::ROTATE_API_KEY;
    let (mut parts, body) = request.into_parts();
    if header(&parts.headers, "X-API-Key").is_err() {
        return refuse(api.as_ref(), OPERATION, &parts, body).await;
    }
    let caller = match api.authenticate(OPERATION, &parts).await {
        Ok(caller) => caller,
        Err(response) => return response,
    };
    let body = match read(body).await {
        Ok(body) => body,
        Err(error) => return api.unreadable(OPERATION, &parts, error),
    };
    let Ok(Path((item_id,))) = parts.extract::<Path<(i64,)>>().await else {
        return api.reject(OPERATION, &parts, &body);
    };
    let Ok(idempotency_key) = header(&parts.headers, "Idempotency-Key") else {
        return api.reject(OPERATION, &parts, &body);
    };
    let Some(body) = json::<models::ApiKeyRotate>(&parts, &body) else {
        return api.reject(OPERATION, &parts, &body);
    };
    match api.rotate_api_key(caller, item_id, idempotency_key, body).await {
        Ok(response) => response.into_response(),
        Err(error) => api.failed(OPERATION, error),
    }
}

/// `setApiKeyPolicy`: PUT /v1/api-keys/{item_id}/policy
async fn set_api_key_policy<A: apis::lifecycle::Lifecycle>(State(api): State<Arc<A>>, request: Request) -> Response {
    const OPERATION: &Operation = &operation::SET_API_KEY_POLICY;
    let (mut parts, body) = request.into_parts();
    if header(&parts.headers, "X-API-Key").is_err() {
        return refuse(api.as_ref(), OPERATION, &parts, body).await;
    }
    let caller = match api.authenticate(OPERATION, &parts).await {
        Ok(caller) => caller,
        Err(response) => return response,
    };
    let body = match read(body).await {
        Ok(body) => body,
        Err(error) => return api.unreadable(OPERATION, &parts, error),
    };
    let Ok(Path((item_id,))) = parts.extract::<Path<(i64,)>>().await else {
        return api.reject(OPERATION, &parts, &body);
    };
    let Ok(if_match) = header(&parts.headers, "If-Match") else {
        return api.reject(OPERATION, &parts, &body);
    };
    let Some(body) = json::<models::ApiKeyPolicy>(&parts, &body) else {
        return api.reject(OPERATION, &parts, &body);
    };
    match api.set_api_key_policy(caller, item_id, if_match, body).await {
        Ok(response) => response.into_response(),
        Err(error) => api.failed(OPERATION, error),
    }
}

/// `issueToken`: POST /token
async fn issue_token<A: apis::tokens::Tokens>(State(api): State<Arc<A>>, request: Request) -> Response {
    const OPERATION: &Operation = &operation::ISSUE_TOKEN;
    let (parts, body) = request.into_parts();
    let body = match read(body).await {
        Ok(body) => body,
        Err(error) => return api.unreadable(OPERATION, &parts, error),
    };
    let Some(body) = form::<models::TokenRequest>(&parts, &body) else {
        return api.reject(OPERATION, &parts, &body);
    };
    match api.issue_token(parts, body).await {
        Ok(response) => response.into_response(),
        Err(error) => api.failed(OPERATION, error),
    }
}

/// `getCurrentUser`: GET /v1/users/me
async fn get_current_user<A: apis::users::Users>(State(api): State<Arc<A>>, request: Request) -> Response {
    const OPERATION: &Operation = &operation::GET_CURRENT_USER;
    let (parts, _) = request.into_parts();
    if header(&parts.headers, "X-API-Key").is_err() {
        return api.reject(OPERATION, &parts, &[]);
    }
    let caller = match api.authenticate(OPERATION, &parts).await {
        Ok(caller) => caller,
        Err(response) => return response,
    };
    match api.get_current_user(caller).await {
        Ok(response) => response.into_response(),
        Err(error) => api.failed(OPERATION, error),
    }
}

/// `forwardAuth`: GET /v1/forward-auth
async fn forward_auth<A: apis::verification::Verification>(State(api): State<Arc<A>>, request: Request) -> Response {
    const OPERATION: &Operation = &operation::FORWARD_AUTH;
    let (parts, _) = request.into_parts();
    let Some(query) = query::<models::ForwardAuthQuery>(&parts) else {
        return api.reject(OPERATION, &parts, &[]);
    };
    match api.forward_auth(parts, query).await {
        Ok(response) => response.into_response(),
        Err(error) => api.failed(OPERATION, error),
    }
}

/// `introspectToken`: POST /v1/introspect
async fn introspect_token<A: apis::verification::Verification>(
    State(api): State<Arc<A>>,
    request: Request,
) -> Response {
    const OPERATION: &Operation = &operation::INTROSPECT_TOKEN;
    let (parts, body) = request.into_parts();
    if header(&parts.headers, "X-API-Key").is_err() {
        return refuse(api.as_ref(), OPERATION, &parts, body).await;
    }
    let caller = match api.authenticate(OPERATION, &parts).await {
        Ok(caller) => caller,
        Err(response) => return response,
    };
    let body = match read(body).await {
        Ok(body) => body,
        Err(error) => return api.unreadable(OPERATION, &parts, error),
    };
    let Some(body) = form::<models::IntrospectionRequest>(&parts, &body) else {
        return api.reject(OPERATION, &parts, &body);
    };
    match api.introspect_token(caller, body).await {
        Ok(response) => response.into_response(),
        Err(error) => api.failed(OPERATION, error),
    }
}

/// `revokeToken`: POST /v1/revoke
async fn revoke_token<A: apis::verification::Verification>(State(api): State<Arc<A>>, request: Request) -> Response {
    const OPERATION: &Operation = &operation::REVOKE_TOKEN;
    let (parts, body) = request.into_parts();
    let body = match read(body).await {
        Ok(body) => body,
        Err(error) => return api.unreadable(OPERATION, &parts, error),
    };
    let Some(body) = form::<models::RevocationRequest>(&parts, &body) else {
        return api.reject(OPERATION, &parts, &body);
    };
    match api.revoke_token(parts, body).await {
        Ok(response) => response.into_response(),
        Err(error) => api.failed(OPERATION, error),
    }
}

/// `verifyApiKey`: POST /v1/api-keys/verify
async fn verify_api_key<A: apis::verification::Verification>(State(api): State<Arc<A>>, request: Request) -> Response {
    const OPERATION: &Operation = &operation::VERIFY_API_KEY;
    let (parts, body) = request.into_parts();
    if header(&parts.headers, "X-API-Key").is_err() {
        return refuse(api.as_ref(), OPERATION, &parts, body).await;
    }
    let caller = match api.authenticate(OPERATION, &parts).await {
        Ok(caller) => caller,
        Err(response) => return response,
    };
    let body = match read(body).await {
        Ok(body) => body,
        Err(error) => return api.unreadable(OPERATION, &parts, error),
    };
    let Some(body) = json::<models::ApiKeyVerify>(&parts, &body) else {
        return api.reject(OPERATION, &parts, &body);
    };
    match api.verify_api_key(caller, body).await {
        Ok(response) => response.into_response(),
        Err(error) => api.failed(OPERATION, error),
    }
}

/// Reads a body to its end.
async fn read(body: Body) -> Result<Bytes, axum::Error> {
    axum::body::to_bytes(body, usize::MAX).await
}

/// Answers a request that breaks the contract before its body was read.
async fn refuse<A: Hooks>(api: &A, operation: &'static Operation, parts: &Parts, body: Body) -> Response {
    match read(body).await {
        Ok(body) => api.reject(operation, parts, &body),
        Err(error) => api.unreadable(operation, parts, error),
    }
}

/// A header's value; `Err` when it is given twice or is not visible ASCII.
fn header(headers: &HeaderMap, name: &str) -> Result<Option<String>, ()> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(|text| Some(text.to_owned())).map_err(drop),
        (Some(_), Some(_)) => Err(()),
    }
}

/// Whether the content is of this media type, whatever its parameters.
fn is_content_type(parts: &Parts, media_type: &str) -> bool {
    let value = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    value.and_then(|value| value.split(';').next()).is_some_and(|value| value.trim().eq_ignore_ascii_case(media_type))
}

/// A JSON object that keeps to the contract.
fn json<T: DeserializeOwned + Validate>(parts: &Parts, body: &[u8]) -> Option<T> {
    if !is_content_type(parts, "application/json") {
        return None;
    }
    let Object(value) = serde_json::from_slice::<Object<T>>(body).ok()?;
    value.validate().is_ok().then_some(value)
}

/// A form that keeps to the contract.
fn form<T: DeserializeOwned + Validate>(parts: &Parts, body: &[u8]) -> Option<T> {
    if !is_content_type(parts, "application/x-www-form-urlencoded") {
        return None;
    }
    let value: T = serde_html_form::from_bytes(body).ok()?;
    value.validate().is_ok().then_some(value)
}

/// A query that keeps to the contract.
fn query<T: DeserializeOwned + Validate>(parts: &Parts) -> Option<T> {
    let value: T = serde_html_form::from_str(parts.uri.query().unwrap_or_default()).ok()?;
    value.validate().is_ok().then_some(value)
}
