//! Validation of requests: it lists errors exactly for those that the models of the contract do not accept.

use std::sync::LazyLock;

use http::{Request, Uri, request::Builder};
use latchkey_api::{
    models,
    types::{self, DateTime, Object},
};
use latchkey_domain::model::policy::{PolicyError, parse_networks, parse_scopes};
use latchkey_request_validation::{Formats, MAX_ERRORS, RequestValidator, ValidationError};
use libfuzzer_sys::Corpus;
use percent_encoding::percent_decode;
use serde::de::DeserializeOwned;
use validator::Validate;

static VALIDATOR: LazyLock<RequestValidator> = LazyLock::new(|| {
    let formats = Formats {
        date_time: |text| DateTime::parse(text).is_some(),
        ip_address: types::is_ip_address,
        ip_network: types::is_ip_network,
    };
    RequestValidator::new(latchkey_api::DOCUMENT, formats).expect("the contract compiles")
});

// The first line is the operation, the rest its body, query or path parameter.
pub fn fuzz(bytes: &[u8]) -> Corpus {
    let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else { return Corpus::Reject };
    let (operation, input) = (&bytes[..end], &bytes[end + 1..]);
    match operation {
        b"createApiKey" => _ = check_json::<models::ApiKeyCreate>("createApiKey", "/v1/api-keys/", input),
        b"updateApiKey" => _ = check_json::<models::ApiKeyRecordCreate>("updateApiKey", "/v1/api-keys/1", input),
        b"revokeApiKey" => _ = check_json::<models::ApiKeyRevoke>("revokeApiKey", "/v1/api-keys/1/revoke", input),
        b"rotateApiKey" => _ = check_json::<models::ApiKeyRotate>("rotateApiKey", "/v1/api-keys/1/rotate", input),
        b"verifyApiKey" => _ = check_json::<models::ApiKeyVerify>("verifyApiKey", "/v1/api-keys/verify", input),
        b"setApiKeyPolicy" => {
            let policy = check_json::<models::ApiKeyPolicy>("setApiKeyPolicy", "/v1/api-keys/1/policy", input);
            if let Some(policy) = policy {
                check_policy(policy);
            }
        }
        b"issueToken" => check_form::<models::TokenRequest>("issueToken", "/token", input),
        b"revokeToken" => check_form::<models::RevocationRequest>("revokeToken", "/v1/revoke", input),
        b"introspectToken" => check_form::<models::IntrospectionRequest>("introspectToken", "/v1/introspect", input),
        b"listApiKeys" => check_query::<models::ListApiKeysQuery>("listApiKeys", "/v1/api-keys/", input),
        b"listAuditEvents" => check_query::<models::ListAuditEventsQuery>("listAuditEvents", "/v1/audit/events", input),
        b"forwardAuth" => check_query::<models::ForwardAuthQuery>("forwardAuth", "/v1/forward-auth", input),
        b"deleteApiKey" => check_query::<models::DeleteApiKeyQuery>("deleteApiKey", "/v1/api-keys/1", input),
        b"getApiKey" => check_path(input),
        _ => return Corpus::Reject,
    }
    Corpus::Keep
}

fn check_json<T: DeserializeOwned + Validate>(operation: &str, path: &str, body: &[u8]) -> Option<T> {
    let request = Request::post(path).header("content-type", "application/json");
    let model = serde_json::from_slice::<Object<T>>(body).ok().map(|Object(model)| model);
    check(operation, request, body, model)
}

fn check_form<T: DeserializeOwned + Validate>(operation: &str, path: &str, body: &[u8]) {
    let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    check::<T>(operation, request, body, serde_html_form::from_bytes(body).ok());
}

fn check_query<T: DeserializeOwned + Validate>(operation: &str, path: &str, query: &[u8]) {
    let uri = [path.as_bytes(), b"?", query].concat();
    let Ok(uri) = Uri::try_from(uri) else { return };
    let model = serde_html_form::from_str(uri.query().unwrap_or_default()).ok();
    check::<T>(operation, Request::get(uri), b"", model);
}

fn check_path(segment: &[u8]) {
    // These bytes end the segment.
    if segment.iter().any(|byte| b"/?#".contains(byte)) {
        return;
    }
    let Ok(uri) = Uri::try_from([b"/v1/api-keys/", segment].concat()) else { return };
    let id = percent_decode(segment).decode_utf8().ok().and_then(|text| text.parse::<i64>().ok());
    assert_eq!(errors("getApiKey", Request::get(uri), b"").is_empty(), id.is_some());
}

/// Checks that there are errors unless a model accepts the request. Returns the valid model.
fn check<T: Validate>(operation: &str, request: Builder, body: &[u8], model: Option<T>) -> Option<T> {
    let model = model.filter(|model| model.validate().is_ok());
    let errors = errors(operation, request, body);
    assert_eq!(errors.is_empty(), model.is_some(), "{errors:?}");
    model
}

fn errors(operation: &str, request: Builder, body: &[u8]) -> Vec<ValidationError> {
    let (request, ()) = request.body(()).expect("the request is well-formed").into_parts();
    let errors = VALIDATOR.validate(operation, &request, body);
    assert!(errors.len() <= MAX_ERRORS);
    errors
}

/// Checks that the domain refuses nothing of a valid policy but an unknown scope of Latchkey itself.
fn check_policy(policy: models::ApiKeyPolicy) {
    let scopes = policy.scopes.flatten().unwrap_or_default();
    match parse_scopes(scopes.clone()) {
        Ok(parsed) => assert_eq!(parsed, scopes),
        Err(PolicyError::InvalidScope(index)) => assert!(scopes[index].starts_with("latchkey:")),
        Err(error) => panic!("the contract allows it: {error:?}"),
    }
    assert!(parse_networks(&policy.networks.flatten().unwrap_or_default()).is_ok());
}
