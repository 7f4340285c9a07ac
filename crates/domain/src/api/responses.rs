//! Responses that operations on keys share.

use std::num::NonZeroU32;

use chrono::{DateTime, Utc};
use http::StatusCode;
use latchkey_api::{apis::responses, models, types};
use secrecy::{ExposeSecret, SecretString};

use super::{
    etag::etag,
    problem::{ProblemCode, problem},
};
use crate::model::ApiKey;

/// A key in a response, with its headers.
pub(super) struct KeyResponse {
    pub(super) body: models::ApiKeyRecordRead,
    pub(super) etag: String,
    pub(super) link: Option<String>,
}

impl KeyResponse {
    /// The key as its user sees it at `now`; `secret` only in the response to its creation.
    pub(super) fn new(key: ApiKey, secret: Option<SecretString>, now: DateTime<Utc>) -> Self {
        Self { etag: etag(&key, now), link: version_links(&key), body: key_model(key, secret, now) }
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

/// The path of a key.
pub(super) fn location(key: &ApiKey) -> String {
    format!("/v1/api-keys/{}", key.id)
}

/// Links to the keys that this one replaced and that replaced it (RFC 5829).
fn version_links(key: &ApiKey) -> Option<String> {
    let link = |id: Option<i64>, relation| id.map(|id| format!("</v1/api-keys/{id}>; rel=\"{relation}\""));
    let successor = link(key.successor_id, "successor-version");
    let predecessor = link(key.predecessor_id, "predecessor-version");
    let links: Vec<String> = successor.into_iter().chain(predecessor).collect();
    (!links.is_empty()).then(|| links.join(", "))
}

/// 404. Another user's key has the same response.
pub(super) fn key_not_found() -> responses::NotFound {
    let detail = "There is no such API key.";
    responses::NotFound { body: problem(StatusCode::NOT_FOUND, ProblemCode::KeyNotFound, detail) }
}

/// 409 for an operation that a revoked key does not allow.
pub(super) fn key_revoked() -> responses::KeyRevoked {
    let detail = "The API key is revoked. Revocation cannot be undone.";
    responses::KeyRevoked { body: problem(StatusCode::CONFLICT, ProblemCode::KeyRevoked, detail) }
}

/// 409 for an `Idempotency-Key` that was used for another request.
pub(super) fn idempotency_key_reused() -> models::Problem {
    let detail =
        "This Idempotency-Key was used within the last hour for another request, or for a key that was deleted.";
    problem(StatusCode::CONFLICT, ProblemCode::IdempotencyKeyReused, detail)
}

/// 409 for a user who has as many keys as is allowed.
pub(super) fn key_quota_exceeded(max: NonZeroU32) -> models::Problem {
    let detail = format!(
        "The user has {max} API keys, the most that this server allows. Delete keys that are no longer used, or ask the \
         operator to raise LATCHKEY_MAX_KEYS_PER_USER."
    );
    problem(StatusCode::CONFLICT, ProblemCode::KeyQuotaExceeded, detail)
}

/// 412.
pub(super) fn precondition_failed(what: &str) -> responses::PreconditionFailed {
    let detail = format!("The {what} has changed since the version in If-Match. Read it again, then decide again.");
    let body = problem(StatusCode::PRECONDITION_FAILED, ProblemCode::PreconditionFailed, detail);
    responses::PreconditionFailed { body }
}
