//! Responses that operations on keys share.

use chrono::{DateTime, Utc};
use http::{HeaderValue, StatusCode};
use latchkey_api::{models, types};
use secrecy::{ExposeSecret, SecretString};

use super::{ApiError, etag::etag, problem::problem_model};
use crate::model::ApiKey;

/// A key in a response, with its headers.
pub(super) struct KeyResponse {
    pub(super) body: models::ApiKeyRecordRead,
    pub(super) e_tag: HeaderValue,
    pub(super) link: Option<HeaderValue>,
}

impl KeyResponse {
    /// The key as its user sees it at `now`; `secret` only in the response to its creation.
    pub(super) fn new(key: ApiKey, secret: Option<SecretString>, now: DateTime<Utc>) -> Result<Self, ApiError> {
        Ok(Self { e_tag: etag_header(&key, now)?, link: version_links(&key)?, body: key_model(key, secret, now) })
    }
}

/// The key as its user sees it at `now`.
pub(super) fn key_model(key: ApiKey, secret: Option<SecretString>, now: DateTime<Utc>) -> models::ApiKeyRecordRead {
    let status = key.status(now);
    models::ApiKeyRecordRead {
        id: key.id,
        key_prefix: key.key_prefix,
        user_id: key.user_id,
        status: Some(status.as_str().to_owned()),
        created_at: Some(types::DateTime(key.created_at)),
        expires_at: key.expires_at.map(types::DateTime),
        description: key.description,
        full_key: Some(secret.map(|secret| secret.expose_secret().to_owned())),
    }
}

/// The `ETag` header of a key at `now`.
pub(super) fn etag_header(key: &ApiKey, now: DateTime<Utc>) -> Result<HeaderValue, ApiError> {
    HeaderValue::try_from(etag(key, now)).map_err(ApiError::internal)
}

/// The `Location` header of a key.
pub(super) fn location(key: &ApiKey) -> Result<HeaderValue, ApiError> {
    HeaderValue::try_from(format!("/v1/api-keys/{}", key.id)).map_err(ApiError::internal)
}

/// The `Link` header to the keys that this one replaced and that replaced it (RFC 5829).
fn version_links(key: &ApiKey) -> Result<Option<HeaderValue>, ApiError> {
    let link = |id: Option<i64>, relation| id.map(|id| format!("</v1/api-keys/{id}>; rel=\"{relation}\""));
    let successor = link(key.successor_id, "successor-version");
    let predecessor = link(key.predecessor_id, "predecessor-version");
    let links: Vec<String> = successor.into_iter().chain(predecessor).collect();
    let links = (!links.is_empty()).then(|| HeaderValue::try_from(links.join(", ")));
    links.transpose().map_err(ApiError::internal)
}

/// 404. Another user's key has the same response.
pub(super) fn key_not_found() -> models::Problem {
    problem_model(StatusCode::NOT_FOUND, "There is no such API key.")
}

/// 409 for an operation that a revoked key does not allow.
pub(super) fn key_revoked() -> models::Problem {
    problem_model(StatusCode::CONFLICT, "The API key is revoked. Revocation cannot be undone.")
}

/// 412.
pub(super) fn precondition_failed() -> models::Problem {
    problem_model(
        StatusCode::PRECONDITION_FAILED,
        "The API key has changed since the version in If-Match. Read it again, then decide again.",
    )
}
