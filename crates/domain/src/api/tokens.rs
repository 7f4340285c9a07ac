//! The operations that issue bearer tokens (RFC 6749) and revoke keys by possession (RFC 7009).

use std::net::{IpAddr, Ipv4Addr};

use latchkey_api::{
    apis::{
        responses,
        tokens::{IssueTokenResponse, RevokeTokenResponse, Tokens},
    },
    models,
};
use latchkey_request_validation::{Location, ValidationError};
use secrecy::ExposeSecret;

use super::{ApiError, ClientIp, Service};
use crate::{
    identity::issue_token::{LoginAttempt, Outcome, issue_token},
    keys::revoke_by_token::revoke_by_token,
};

impl Tokens for Service {
    async fn issue_token(
        &self,
        client: Option<ClientIp>,
        body: models::TokenRequest,
    ) -> Result<IssueTokenResponse, ApiError> {
        let models::TokenRequest { grant_type: models::GrantType::Password, username, password, scope } = body;
        let attempt = LoginAttempt {
            name: username,
            password: password.into(),
            scope: scope.unwrap_or_default(),
            // Clients of unknown address share one limit.
            client_ip: client.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |client| client.0),
        };
        let tokens = self.authenticator.tokens();
        let Self { store, passwords, login_names, env, .. } = self;
        Ok(match issue_token(store, passwords, tokens, login_names, env, attempt).await? {
            Outcome::Issued { token, scopes } => IssueTokenResponse::Ok(models::TokenResponse {
                access_token: token.expose_secret().to_owned(),
                token_type: "bearer".to_owned(),
                expires_in: i64::try_from(tokens.ttl().as_secs()).map_err(ApiError::internal)?,
                scope: scopes.to_string(),
            }),
            Outcome::InvalidGrant => IssueTokenResponse::BadRequest(token_error(
                "invalid_grant",
                "The username or the password is wrong, or the user is disabled.",
            )),
            Outcome::InvalidScope => IssueTokenResponse::BadRequest(token_error(
                "invalid_scope",
                "A scope is unknown, or this user does not have it.",
            )),
            Outcome::RateLimited { retry_after } => {
                let body =
                    token_error_model("temporarily_unavailable", "Too many failed logins. Wait, then try again.");
                let retry_after = i64::try_from(retry_after.as_secs()).map_err(ApiError::internal)?;
                IssueTokenResponse::TooManyRequests(responses::TooManyAttempts { body, retry_after })
            }
        })
    }

    async fn revoke_token(
        &self,
        client: Option<ClientIp>,
        body: models::RevocationRequest,
    ) -> Result<RevokeTokenResponse, ApiError> {
        let client_ip = client.map(|client| client.0);
        revoke_by_token(&self.store, self.issuer.peppers(), &self.env, &body.token, client_ip).await?;
        Ok(RevokeTokenResponse::Ok)
    }
}

/// The response to a token request that violates the contract (RFC 6749, section 5.2).
pub(super) fn invalid_request(errors: &[ValidationError]) -> responses::TokenError {
    let is_grant_type = |error: &ValidationError| match error.loc.last() {
        Some(Location::Name(name)) => name == "grant_type" && error.error_type == "enum",
        _ => false,
    };
    if errors.iter().any(is_grant_type) {
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

fn token_error(error: &'static str, description: &str) -> responses::TokenError {
    responses::TokenError { body: token_error_model(error, description) }
}

fn token_error_model(error: &'static str, description: &str) -> models::TokenError {
    models::TokenError { error: error.into(), error_description: description.to_owned() }
}

fn location_segment(segment: &Location) -> String {
    match segment {
        Location::Name(name) => name.clone(),
        Location::Index(index) => index.to_string(),
    }
}
