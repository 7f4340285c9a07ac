//! The responses to requests that are not let through, which are those of Latchkey's forward authentication.

use http::{
    HeaderValue, Response, StatusCode,
    header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
};

use crate::models::{ApiKeyVerification, Problem};

/// How many seconds later a request is worth repeating when Latchkey did not answer.
const RETRY_AFTER_SECONDS: i64 = 1;

/// Why a request is not let through.
pub struct Refusal {
    status: StatusCode,
    code: &'static str,
    detail: String,
    challenge: Option<String>,
    retry_after: Option<i64>,
}

impl Refusal {
    /// The request has no key. Its challenge has no error (RFC 6750, section 3.1).
    pub fn missing() -> Self {
        let detail = "Send an API key, in X-API-Key or as a bearer token.";
        Self { challenge: Some(challenge("")), ..Self::new(StatusCode::UNAUTHORIZED, "missing_credentials", detail) }
    }

    /// The request has something else than one key.
    pub fn malformed() -> Self {
        Self::unauthorized("invalid_credentials", "Send one API key, in X-API-Key or as a bearer token.")
    }

    /// Latchkey did not answer.
    pub fn unavailable() -> Self {
        Self::unverified("temporarily_unavailable", "The API key cannot be verified now. Try again.")
    }

    /// Latchkey has decided without its database.
    pub fn stale() -> Self {
        Self::unverified("database_unavailable", "The API key was verified without the database. Try again.")
    }

    /// The key is not valid for a request that needs these scopes.
    pub fn of(verification: &ApiKeyVerification, scopes: &[String]) -> Self {
        match &*verification.code {
            "insufficient_scope" => {
                // Latchkey accepts no scope that a challenge cannot have.
                let scopes = scopes.join(" ");
                let challenge = challenge(&format!(", error=\"insufficient_scope\", scope=\"{scopes}\""));
                Self::forbidden(
                    "insufficient_scope",
                    format!("The API key lacks a required scope: {scopes}."),
                    challenge,
                )
            }
            "network_not_allowed" => Self::forbidden(
                "network_not_allowed",
                "The API key may not be used from this address.",
                challenge(", error=\"insufficient_scope\""),
            ),
            "rate_limited" => {
                let detail = "The API key is over its rate limit. Wait, then try again.";
                let retry_after = verification.retry_after_seconds.unwrap_or(RETRY_AFTER_SECONDS);
                let refusal = Self::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", detail);
                Self { retry_after: Some(retry_after), ..refusal }
            }
            "pending" => Self::unauthorized("key_pending", "The API key is not valid yet."),
            "disabled" => Self::unauthorized("key_disabled", "The API key is disabled."),
            "revoked" => Self::unauthorized("key_revoked", "The API key is revoked."),
            "expired" => Self::unauthorized("key_expired", "The API key is expired."),
            "principal_disabled" => {
                Self::unauthorized("principal_disabled", "The principal that the API key belongs to is disabled.")
            }
            "project_disabled" => Self::unauthorized("project_disabled", "The project of the API key is disabled."),
            _ => Self::unauthorized("invalid_credentials", "The API key is invalid."),
        }
    }

    fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), challenge: None, retry_after: None }
    }

    fn unverified(code: &'static str, detail: &str) -> Self {
        let refusal = Self::new(StatusCode::SERVICE_UNAVAILABLE, code, detail);
        Self { retry_after: Some(RETRY_AFTER_SECONDS), ..refusal }
    }

    fn unauthorized(code: &'static str, detail: &str) -> Self {
        let challenge = challenge(", error=\"invalid_token\"");
        Self { challenge: Some(challenge), ..Self::new(StatusCode::UNAUTHORIZED, code, detail) }
    }

    fn forbidden(code: &'static str, detail: impl Into<String>, challenge: String) -> Self {
        Self { challenge: Some(challenge), ..Self::new(StatusCode::FORBIDDEN, code, detail) }
    }

    /// A problem document (RFC 9457), with its headers.
    pub fn response<B: From<String>>(self) -> Response<B> {
        let problem = Problem {
            r#type: "about:blank".to_owned(),
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16().into(),
            detail: self.detail,
            code: self.code.to_owned(),
        };
        let body = serde_json::to_string(&problem).expect("text and numbers are JSON");
        let mut response = Response::new(B::from(body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.extend(self.retry_after.map(|seconds| (RETRY_AFTER, HeaderValue::from(seconds))));
        let challenge = self.challenge.and_then(|challenge| HeaderValue::try_from(challenge).ok());
        headers.extend(challenge.map(|challenge| (WWW_AUTHENTICATE, challenge)));
        response
    }
}

fn challenge(parameters: &str) -> String {
    format!("Bearer realm=\"latchkey\"{parameters}")
}
