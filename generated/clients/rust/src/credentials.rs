//! What a client authenticates with: an API key, a token, or a user's name and password, which tokens are issued for.

use std::{fmt, time::Duration};

use reqwest::{
    Request,
    header::{AUTHORIZATION, HeaderName, HeaderValue},
};
use tokio::{sync::Mutex, time::Instant};

use crate::{
    apis::{
        configuration::Configuration,
        tokens_api::{IssueTokenParams, issue_token_request},
    },
    error::Error,
    models::{GrantType, TokenResponse},
    transport::Reply,
};

/// A token is renewed so long before it ends, or at the last tenth of its lifetime.
const RENEWAL: Duration = Duration::from_secs(60);

pub enum Credential {
    ApiKey(HeaderValue),
    Token(HeaderValue),
    Login(Login),
}

/// A user's name and password, and the present token.
pub struct Login {
    username: String,
    password: String,
    pub state: Mutex<State>,
}

#[derive(Default)]
pub struct State {
    token: Option<Token>,
    refusal: Option<Error>,
}

struct Token {
    header: HeaderValue,
    renewed_at: Instant,
}

impl Credential {
    pub fn api_key(key: &str) -> Result<Self, Error> {
        let header =
            secret_header(key).ok_or_else(|| Error::argument("the API key has characters that cannot be sent"))?;
        Ok(Self::ApiKey(header))
    }

    pub fn token(token: &str) -> Result<Self, Error> {
        let header = bearer(token).ok_or_else(|| Error::argument("the token has characters that cannot be sent"))?;
        Ok(Self::Token(header))
    }

    pub fn login(username: String, password: String) -> Self {
        Self::Login(Login { username, password, state: Mutex::default() })
    }

    /// The name of the header that has the credential.
    pub fn header(&self) -> HeaderName {
        match self {
            Self::ApiKey(_) => HeaderName::from_static("x-api-key"),
            Self::Token(_) | Self::Login(_) => AUTHORIZATION,
        }
    }
}

impl Login {
    /// The request of a token.
    pub fn request(&self, core: &Configuration) -> Result<Request, Error> {
        let params = IssueTokenParams {
            grant_type: GrantType::Password,
            username: self.username.clone(),
            password: self.password.clone(),
            ..IssueTokenParams::default()
        };
        Ok(issue_token_request(core, params)?)
    }
}

impl State {
    /// The header with the token; `None` if one must be issued first. A refused login is not repeated.
    pub fn header(&self) -> Result<Option<HeaderValue>, Error> {
        if let Some(refusal) = &self.refusal {
            return Err(refusal.clone());
        }
        let token = self.token.as_ref().filter(|token| Instant::now() < token.renewed_at);
        Ok(token.map(|token| token.header.clone()))
    }

    /// The header with the token in the response to a request of one, which was sent at `requested_at`.
    pub fn accept(&mut self, reply: Reply, requested_at: Instant) -> Result<HeaderValue, Error> {
        let is_refusal = matches!(reply.status.as_u16(), 400 | 401 | 403);
        let token: TokenResponse = match reply.content() {
            Ok(token) => token,
            Err(error) if is_refusal => return Err(self.refusal.insert(error.refused_login()).clone()),
            Err(error) => return Err(error),
        };
        let header = bearer(&token.access_token).ok_or_else(|| reply.unreadable())?;
        let lifetime = Duration::from_secs(token.expires_in.try_into().unwrap_or_default());
        let renewed_at = requested_at + lifetime - RENEWAL.min(lifetime / 10);
        self.token = Some(Token { header: header.clone(), renewed_at });
        Ok(header)
    }

    /// Forgets the token that was rejected, unless it is another by now.
    pub fn forget(&mut self, rejected: &HeaderValue) {
        self.token = self.token.take().filter(|token| token.header != rejected);
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ApiKey(_) => f.write_str("API key"),
            Self::Token(_) => f.write_str("token"),
            Self::Login(login) => write!(f, "user {}", login.username),
        }
    }
}

fn bearer(token: &str) -> Option<HeaderValue> {
    secret_header(&format!("Bearer {token}"))
}

fn secret_header(text: &str) -> Option<HeaderValue> {
    let mut header = HeaderValue::from_str(text).ok().filter(|_| text.is_ascii())?;
    header.set_sensitive(true);
    Some(header)
}
