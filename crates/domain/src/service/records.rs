//! How records stand in answers, and the answers that operations on records share.

use http::{HeaderValue, StatusCode};
use latchkey_api::{models, types};
use secrecy::{ExposeSecret, SecretString};

use super::Service;
use crate::{
    answers,
    error::Failure,
    keys::{etag::etag, record::KeyRecord},
};

/// A record in an answer, with its headers.
pub(super) struct Answer {
    pub(super) body: models::ApiKeyRecordRead,
    pub(super) e_tag: HeaderValue,
    pub(super) link: Option<HeaderValue>,
}

impl Service {
    /// The record as its owner sees it; `key` only in the answer that made it.
    pub(super) fn answer(&self, record: KeyRecord, key: Option<SecretString>) -> Result<Answer, Failure> {
        Ok(Answer { e_tag: self.e_tag(&record)?, link: version_links(&record)?, body: self.read_model(record, key) })
    }

    pub(super) fn e_tag(&self, record: &KeyRecord) -> Result<HeaderValue, Failure> {
        HeaderValue::try_from(etag(record, self.surroundings.now())).map_err(Failure::internal)
    }

    pub(super) fn read_model(&self, record: KeyRecord, key: Option<SecretString>) -> models::ApiKeyRecordRead {
        let status = record.status(self.surroundings.now());
        models::ApiKeyRecordRead {
            id: record.id,
            key_prefix: record.key_prefix,
            user_id: record.user_id,
            status: Some(status.name().to_owned()),
            created_at: Some(types::DateTime(record.created_at)),
            expires_at: record.expires_at.map(types::DateTime),
            description: record.description,
            full_key: Some(key.map(|key| key.expose_secret().to_owned())),
        }
    }
}

/// Where a record stands.
pub(super) fn location(record: &KeyRecord) -> Result<HeaderValue, Failure> {
    HeaderValue::try_from(format!("/v1/api-keys/{}", record.id)).map_err(Failure::internal)
}

/// Which key took the place of which (RFC 5829).
fn version_links(record: &KeyRecord) -> Result<Option<HeaderValue>, Failure> {
    let link = |id: Option<i64>, relation| id.map(|id| format!("</v1/api-keys/{id}>; rel=\"{relation}\""));
    let successor = link(record.successor_id, "successor-version");
    let predecessor = link(record.predecessor_id, "predecessor-version");
    let links: Vec<String> = successor.into_iter().chain(predecessor).collect();
    let links = (!links.is_empty()).then(|| HeaderValue::try_from(links.join(", ")));
    links.transpose().map_err(Failure::internal)
}

/// Another user's key is answered exactly so as well.
pub(super) fn no_such_key() -> models::Problem {
    answers::problem_model(StatusCode::NOT_FOUND, "There is no such key.")
}

pub(super) fn changed_since() -> models::Problem {
    answers::problem_model(
        StatusCode::PRECONDITION_FAILED,
        "The record has changed since the version in If-Match. Read it again, then decide again.",
    )
}

/// One fault that the contract's schemas cannot see.
pub(super) fn fault(names: &[&str], index: Option<usize>, kind: &str, msg: &str) -> models::HttpValidationError {
    let names = names.iter().map(|name| models::LocationInner::String((*name).to_owned()));
    let index = index.and_then(|index| i64::try_from(index).ok()).map(models::LocationInner::I64);
    models::HttpValidationError {
        detail: Some(vec![models::ValidationError {
            loc: names.chain(index).collect(),
            msg: msg.to_owned(),
            r_type: kind.to_owned(),
        }]),
    }
}

pub(super) fn scope_fault(index: usize) -> models::HttpValidationError {
    let msg = "Value error, a scope has 1 to 128 visible ASCII characters other than \" and \\, is not *, and one that begins with \
               latchkey: is one of this service's own";
    fault(&["body", "scopes"], Some(index), "value_error", msg)
}

/// An empty `Idempotency-Key` comes from a program that forgot to fill it in: it would make all its requests one.
pub(super) fn idempotency_key_empty(key: Option<&str>) -> Option<models::HttpValidationError> {
    let msg = "Value error, an Idempotency-Key is not empty; send a random UUID, or leave the header out";
    key.is_some_and(|key| key.trim().is_empty())
        .then(|| fault(&["header", "Idempotency-Key"], None, "value_error", msg))
}

pub(super) fn idempotency_key_reused() -> models::HttpValidationError {
    let msg = "Value error, this Idempotency-Key was used within the last hour, for another request or for a key that is gone";
    fault(&["header", "Idempotency-Key"], None, "value_error", msg)
}
