//! The operations on bearer tokens, as the contract and RFC 6749 have them.

use std::net::{IpAddr, Ipv4Addr};

use axum::response::Response;
use http::{HeaderValue, request::Parts};
use latchkey_api::{
    apis::tokens::{IssueTokenResponse, Tokens},
    models,
};
use latchkey_request_validation::{Location, ValidationError};
use secrecy::ExposeSecret;

use super::{Service, client_address};
use crate::{
    answers::{token_error, token_error_model},
    error::Failure,
    identity::issue_token::{Attempt, Outcome, issue_token},
};

impl Tokens for Service {
    async fn issue_token(&self, request: Parts, body: models::TokenRequest) -> Result<IssueTokenResponse, Failure> {
        let models::TokenRequest { grant_type: models::GrantType::Password, username, password, scope } = body;
        let attempt = Attempt {
            name: username,
            password: password.into(),
            scope: scope.unwrap_or_default(),
            // Whoever serves the routes without an address has one client, as far as the limits are concerned.
            address: client_address(&request).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
        };
        let Self { store, passwords, tokens, surroundings, .. } = self;
        Ok(match issue_token(store, passwords, tokens, surroundings, attempt).await? {
            Outcome::Issued { token, scopes } => IssueTokenResponse::Status200 {
                body: models::TokenResponse {
                    access_token: token.expose_secret().to_owned(),
                    token_type: "bearer".to_owned(),
                    expires_in: i64::try_from(tokens.lifetime().as_secs()).map_err(Failure::internal)?,
                    scope: scopes.to_string(),
                },
                cache_control: HeaderValue::from_static("no-store"),
            },
            Outcome::Refused => IssueTokenResponse::Status400(token_error_model(
                "invalid_grant",
                "The username or the password is wrong, or the user is disabled.",
            )),
            Outcome::ScopeRefused => IssueTokenResponse::Status400(token_error_model(
                "invalid_scope",
                "A scope is unknown, or more than this user has.",
            )),
            Outcome::LimitReached { retry_after } => IssueTokenResponse::Status429 {
                body: token_error_model("temporarily_unavailable", "Too many failed attempts. Wait, then try again."),
                retry_after: HeaderValue::from(retry_after.as_secs()),
            },
        })
    }
}

/// A token request that breaks the contract, in the terms of RFC 6749, section 5.2.
pub(super) fn refuse(errors: &[ValidationError]) -> Response {
    let at_grant_type =
        |error: &ValidationError| matches!(error.loc.last(), Some(Location::Name(name)) if name == "grant_type");
    if errors.iter().any(|error| at_grant_type(error) && error.error_type == "enum") {
        return token_error("unsupported_grant_type", "The one grant of this service is `password`.");
    }
    let errors: Vec<String> = errors
        .iter()
        .map(|error| {
            let place: Vec<String> = error.loc.iter().map(place_name).collect();
            format!("{}: {}", place.join("."), error.msg)
        })
        .collect();
    token_error("invalid_request", &format!("{}.", errors.join("; ")))
}

fn place_name(place: &Location) -> String {
    match place {
        Location::Name(name) => name.clone(),
        Location::Index(index) => index.to_string(),
    }
}
