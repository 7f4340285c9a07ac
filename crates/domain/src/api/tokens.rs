//! The operation on bearer tokens (RFC 6749).

use std::net::{IpAddr, Ipv4Addr};

use axum::response::Response;
use http::{HeaderValue, request::Parts};
use latchkey_api::{
    apis::tokens::{IssueTokenResponse, Tokens},
    models,
};
use latchkey_request_validation::{Location, ValidationError};
use secrecy::ExposeSecret;

use super::{
    ApiError, Service, client_ip,
    problem::{token_error, token_error_model},
};
use crate::identity::issue_token::{LoginAttempt, Outcome, issue_token};

impl Tokens for Service {
    async fn issue_token(&self, request: Parts, body: models::TokenRequest) -> Result<IssueTokenResponse, ApiError> {
        let models::TokenRequest { grant_type: models::GrantType::Password, username, password, scope } = body;
        let attempt = LoginAttempt {
            name: username,
            password: password.into(),
            scope: scope.unwrap_or_default(),
            // Clients of unknown address share one limit.
            client_ip: client_ip(&request).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
        };
        let tokens = self.authenticator.tokens();
        let Self { store, passwords, login_names, env, .. } = self;
        Ok(match issue_token(store, passwords, tokens, login_names, env, attempt).await? {
            Outcome::Issued { token, scopes } => IssueTokenResponse::Status200 {
                body: models::TokenResponse {
                    access_token: token.expose_secret().to_owned(),
                    token_type: "bearer".to_owned(),
                    expires_in: i64::try_from(tokens.ttl().as_secs()).map_err(ApiError::internal)?,
                    scope: scopes.to_string(),
                },
                cache_control: HeaderValue::from_static("no-store"),
            },
            Outcome::InvalidGrant => IssueTokenResponse::Status400(token_error_model(
                "invalid_grant",
                "The username or the password is wrong, or the user is disabled.",
            )),
            Outcome::InvalidScope => IssueTokenResponse::Status400(token_error_model(
                "invalid_scope",
                "A scope is unknown, or this user does not have it.",
            )),
            Outcome::RateLimited { retry_after } => IssueTokenResponse::Status429 {
                body: token_error_model("temporarily_unavailable", "Too many failed logins. Wait, then try again."),
                retry_after: HeaderValue::from(retry_after.as_secs()),
            },
        })
    }
}

/// The response to a token request that violates the contract (RFC 6749, section 5.2).
pub(super) fn invalid_request(errors: &[ValidationError]) -> Response {
    let is_grant_type =
        |error: &ValidationError| matches!(error.loc.last(), Some(Location::Name(name)) if name == "grant_type");
    if errors.iter().any(|error| is_grant_type(error) && error.error_type == "enum") {
        return token_error("unsupported_grant_type", "The only supported grant type is `password`.");
    }
    let errors: Vec<String> = errors
        .iter()
        .map(|error| {
            let location: Vec<String> = error.loc.iter().map(location_segment).collect();
            format!("{}: {}", location.join("."), error.msg)
        })
        .collect();
    token_error("invalid_request", &format!("{}.", errors.join("; ")))
}

fn location_segment(segment: &Location) -> String {
    match segment {
        Location::Name(name) => name.clone(),
        Location::Index(index) => index.to_string(),
    }
}
