//! Validation errors that the contract's schemas cannot express.

use latchkey_api::models;

use crate::model::policy::{MAX_POLICY_ITEMS, PolicyError};

/// One validation error, at the place of these names and, in a list, this index.
pub(super) fn validation_error(
    names: &[&str],
    index: Option<usize>,
    error_type: &str,
    msg: &str,
) -> models::HttpValidationError {
    let names = names.iter().map(|name| models::LocationInner::String((*name).to_owned()));
    let index = index.and_then(|index| i64::try_from(index).ok()).map(models::LocationInner::I64);
    models::HttpValidationError {
        detail: Some(vec![models::ValidationError {
            loc: names.chain(index).collect(),
            msg: msg.to_owned(),
            r_type: error_type.to_owned(),
        }]),
    }
}

/// The validation error of an invalid policy in a request's body.
pub(super) fn policy_error(error: PolicyError) -> models::HttpValidationError {
    let too_many = format!("List should have at most {MAX_POLICY_ITEMS} items");
    match error {
        PolicyError::InvalidScope(index) => validation_error(
            &["body", "scopes"],
            Some(index),
            "value_error",
            "Value error, a scope has 1 to 128 visible ASCII characters other than \" and \\, is not *, and one that begins \
             with latchkey: must be a scope of this service",
        ),
        PolicyError::InvalidNetwork(index) => validation_error(
            &["body", "networks"],
            Some(index),
            "ip_any_network",
            "value is not a valid IPv4 or IPv6 network",
        ),
        PolicyError::TooManyScopes => validation_error(&["body", "scopes"], None, "too_long", &too_many),
        PolicyError::TooManyNetworks => validation_error(&["body", "networks"], None, "too_long", &too_many),
    }
}

/// The validation error of an empty `Idempotency-Key`, if it is. It comes from a program that forgot to fill it in, whose
/// requests would all be one.
pub(super) fn empty_idempotency_key(key: Option<&str>) -> Option<models::HttpValidationError> {
    let msg = "Value error, an Idempotency-Key is not empty; send a random UUID, or leave the header out";
    key.is_some_and(|key| key.trim().is_empty())
        .then(|| validation_error(&["header", "Idempotency-Key"], None, "value_error", msg))
}

/// The validation error of an `Idempotency-Key` that was used for another request.
pub(super) fn idempotency_key_reused() -> models::HttpValidationError {
    let msg = "Value error, this Idempotency-Key was used within the last hour, for another request or for a key that is gone";
    validation_error(&["header", "Idempotency-Key"], None, "value_error", msg)
}
