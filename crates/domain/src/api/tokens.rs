//! The operations that issue bearer tokens (RFC 6749) and revoke keys by possession (RFC 7009).

use latchkey_api::{
    apis::{
        responses,
        tokens::{IssueTokenResponse, RevokeTokenResponse, Tokens},
    },
    models,
};
use latchkey_request_validation::{Location, ValidationError};
use secrecy::ExposeSecret;

use super::{ApiError, Attribution, RequestContext, Service};
use crate::identity::{
    issue_token::{LoginAttempt, Outcome, Refusal, issue_token},
    revoke_token::revoke_token,
};

impl Tokens for Service {
    async fn issue_token(
        &self,
        context: RequestContext,
        body: models::TokenRequest,
    ) -> Result<IssueTokenResponse, ApiError> {
        if context.is_cross_origin_login {
            return Ok(IssueTokenResponse::BadRequest(token_error(
                "invalid_request",
                "Pages of another origin cannot request a token.",
            )));
        }
        let models::TokenRequest { grant_type: models::GrantType::Password, username, password, scope } = body;
        let attempt = LoginAttempt {
            name: username,
            password: password.into(),
            scope: scope.unwrap_or_default(),
            client_ip: context.client_ip,
        };
        let tokens = self.authenticator.tokens();
        Ok(match issue_token(&self.store, &self.logins, tokens, &self.env, attempt).await? {
            Outcome::Issued { token, user_id, scopes } => {
                Attribution::set_user(user_id);
                IssueTokenResponse::Ok(models::TokenResponse {
                    access_token: token.expose_secret().to_owned(),
                    token_type: "bearer".to_owned(),
                    expires_in: i64::try_from(tokens.ttl().as_secs()).map_err(ApiError::internal)?,
                    scope: scopes.to_string(),
                })
            }
            Outcome::Refused(Refusal::WrongPassword) => IssueTokenResponse::BadRequest(token_error(
                "invalid_grant",
                "The username or the password is wrong, or the user is disabled.",
            )),
            Outcome::InvalidScope => IssueTokenResponse::BadRequest(token_error(
                "invalid_scope",
                "A scope is unknown, or this user does not have it.",
            )),
            Outcome::Refused(Refusal::RateLimited { retry_after }) => {
                let body =
                    token_error_model("temporarily_unavailable", "Too many failed logins. Wait, then try again.");
                let retry_after = i64::try_from(retry_after.as_secs()).map_err(ApiError::internal)?;
                IssueTokenResponse::TooManyRequests(responses::TooManyAttempts { body, retry_after })
            }
            Outcome::Refused(Refusal::Overloaded) => return Err(ApiError::TooManyLogins),
        })
    }

    async fn revoke_token(
        &self,
        context: RequestContext,
        body: models::RevocationRequest,
    ) -> Result<RevokeTokenResponse, ApiError> {
        if self.authenticator.tokens().verify(&body.token, self.env.clock.now()).is_some() {
            return Ok(RevokeTokenResponse::BadRequest(token_error(
                "unsupported_token_type",
                "A bearer token cannot be revoked alone. It expires by itself; setting the user's password or disabling the \
                 user revokes all tokens of the user.",
            )));
        }
        let holder = revoke_token(&self.store, &self.verifier, &self.env, &body.token, context.client_ip).await?;
        if let Some(holder) = holder {
            Attribution::set_caller(&holder);
        }
        Ok(RevokeTokenResponse::Ok)
    }
}

/// The response to a token request that violates the contract (RFC 6749, section 5.2).
pub(super) fn invalid_request(errors: &[ValidationError], body: &[u8]) -> responses::TokenError {
    let is_grant_type = |error: &ValidationError| match error.loc.last() {
        Some(Location::Name(name)) => name == "grant_type" && error.error_type == "enum",
        _ => false,
    };
    if errors.iter().any(is_grant_type) {
        // No parameter may be sent more than once, whatever its values (section 3.2).
        return match form_urlencoded::parse(body).filter(|(name, _)| name == "grant_type").nth(1) {
            None => token_error("unsupported_grant_type", "The only supported grant type is `password`."),
            Some(_) => token_error("invalid_request", "`grant_type` is sent more than once."),
        };
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
