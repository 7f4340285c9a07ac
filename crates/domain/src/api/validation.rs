//! The validation of rejected requests, validation errors in responses, and those that the contract's schemas cannot express.

use std::sync::Arc;

use axum::body::Bytes;
use http::request::Parts;
use latchkey_api::{
    apis::{Operation, responses},
    models,
    types::StringMap,
};
use latchkey_request_validation::{Location, RequestValidator, ValidationError};
use tokio::sync::Semaphore;

use crate::{
    model::{Error, Metadata, MetadataTooLarge, PolicyError, metadata::MAX_BYTES},
    offload,
};

/// The size of a body, in bytes, that is validated at once, which takes less than a millisecond.
const MAX_SMALL_BODY: usize = 8 * 1024;

/// Lists the validation errors of rejected requests. Large bodies take tens of milliseconds, so they are validated off the
/// request threads, and one at a time: clients that send only such bodies then occupy one processor at most.
pub(super) struct RejectedRequests {
    validator: Arc<RequestValidator>,
    large_body: Arc<Semaphore>,
}

impl RejectedRequests {
    pub(super) fn new(validator: RequestValidator) -> Self {
        Self { validator: Arc::new(validator), large_body: Arc::new(Semaphore::new(1)) }
    }

    /// The validation errors of a request.
    pub(super) async fn validate(
        &self,
        operation: &'static Operation,
        request: &Parts,
        body: &Bytes,
    ) -> Result<Vec<ValidationError>, Error> {
        if body.len() <= MAX_SMALL_BODY {
            return Ok(self.validator.validate(operation.id, request, body));
        }
        let permit = Arc::clone(&self.large_body).acquire_owned().await.map_err(Error::internal)?;
        let (validator, request, body) = (Arc::clone(&self.validator), request.clone(), body.clone());
        offload::run(move || {
            // Released when the work is done, also if the request has timed out meanwhile.
            let _permit = permit;
            validator.validate(operation.id, &request, &body)
        })
        .await
    }
}

/// The validation error of an API key that cannot be read.
pub(super) fn unreadable_api_key() -> ValidationError {
    let loc = ["header", "X-API-Key"].map(|name| Location::Name(name.to_owned())).to_vec();
    ValidationError { loc, msg: "Input should be a valid string".to_owned(), error_type: "string_type" }
}

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

/// 422 for a policy in a request's body, at the location `loc`. The schemas exclude all of its errors but an unknown
/// `latchkey:` scope.
pub(super) fn policy_error(loc: &[&str], error: PolicyError) -> responses::ValidationError {
    let (member, index, msg) = match error {
        PolicyError::InvalidScope(index) => {
            ("scopes", Some(index), "a scope that begins with latchkey: must be a scope of this service")
        }
        PolicyError::InvalidNetwork(index) => ("networks", Some(index), "a network must be in CIDR notation"),
        PolicyError::TooManyScopes => ("scopes", None, "there are too many scopes"),
        PolicyError::TooManyNetworks => ("networks", None, "there are too many networks"),
    };
    let names = loc.iter().chain([&member]).map(|name| Location::Name((*name).to_owned()));
    value_error(names.chain(index.map(Location::Index)).collect(), msg)
}

/// The metadata of a request's body, or 422 if it is too large.
pub(super) fn parse_metadata(map: StringMap) -> Result<Metadata, responses::ValidationError> {
    Metadata::parse(map.0).map_err(|MetadataTooLarge| {
        let location = ["body", "metadata"].map(|name| Location::Name(name.to_owned()));
        value_error(location.to_vec(), &format!("metadata has more than {MAX_BYTES} bytes as JSON"))
    })
}

#[cfg(test)]
mod tests {
    use std::{pin::pin, task::Poll};

    use futures_util::poll;
    use latchkey_api::apis::operation;
    use latchkey_request_validation::Formats;

    use super::*;

    #[tokio::test]
    async fn large_bodies_are_validated_one_at_a_time_and_off_this_thread() {
        let formats = Formats { date_time: |_| true, ip_address: |_| true, ip_network: |_| true };
        let requests = RejectedRequests::new(RequestValidator::new(crate::CONTRACT, formats).unwrap());
        let request = http::Request::post("/v1/api-keys/").header("content-type", "application/json");
        let (request, ()) = request.body(()).unwrap().into_parts();
        let large = Bytes::from(format!("{}1", " ".repeat(MAX_SMALL_BODY)));
        let small = Bytes::from("1");
        let validate = |body| requests.validate(&operation::CREATE_API_KEY, &request, body);

        let permit = Arc::clone(&requests.large_body).try_acquire_owned().unwrap();
        let mut waiting = pin!(validate(&large));
        assert!(poll!(waiting.as_mut()).is_pending());
        let Poll::Ready(Ok(errors)) = poll!(pin!(validate(&small))) else { panic!("a small body waits") };
        assert_eq!(errors[0].error_type, "model_attributes_type");
        drop(permit);
        assert_eq!(waiting.await.unwrap(), errors);
    }
}
