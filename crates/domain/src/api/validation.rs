//! Validation errors in responses, and those that the contract's schemas cannot express.

use latchkey_api::{apis::responses, models};
use latchkey_request_validation::{Location, ValidationError};

use crate::model::PolicyError;

/// The body of a response with these validation errors.
pub(super) fn validation_errors(errors: Vec<ValidationError>) -> models::HttpValidationError {
    let location = |location| match location {
        Location::Name(name) => models::LocationInner::String(name),
        Location::Index(index) => models::LocationInner::I64(i64::try_from(index).unwrap_or(i64::MAX)),
    };
    let error = |error: ValidationError| models::ValidationError {
        loc: error.loc.into_iter().map(location).collect(),
        msg: error.msg,
        type_: error.error_type.to_owned(),
    };
    models::HttpValidationError { detail: Some(errors.into_iter().map(error).collect()) }
}

/// 422 with one `value_error`, for a rule that no schema expresses.
pub(super) fn value_error(loc: Vec<Location>, msg: &str) -> responses::ValidationError {
    let error = ValidationError { loc, msg: format!("Value error, {msg}"), error_type: "value_error" };
    responses::ValidationError { body: validation_errors(vec![error]) }
}

/// 422 for a policy in a request's body. The schemas exclude all of its errors but an unknown `latchkey:` scope.
pub(super) fn policy_error(error: PolicyError) -> responses::ValidationError {
    let (member, index, msg) = match error {
        PolicyError::InvalidScope(index) => {
            ("scopes", Some(index), "a scope that begins with latchkey: must be a scope of this service")
        }
        PolicyError::InvalidNetwork(index) => ("networks", Some(index), "a network must be in CIDR notation"),
        PolicyError::TooManyScopes => ("scopes", None, "there are too many scopes"),
        PolicyError::TooManyNetworks => ("networks", None, "there are too many networks"),
    };
    let names = ["body", member].map(|name| Location::Name(name.to_owned()));
    value_error(names.into_iter().chain(index.map(Location::Index)).collect(), msg)
}
