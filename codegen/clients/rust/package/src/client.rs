//! A client, and how it is configured.

use std::{env, fmt, sync::Arc, time::Duration};

use reqwest::{Url, redirect::Policy};

use crate::{
    apis::configuration::Configuration,
    credentials::Credential,
    error::Error,
    transport::{Transport, VERSION},
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// The server closes idle connections after 30 s, unless it is configured otherwise.
const IDLE_TIMEOUT: Duration = Duration::from_secs(15);

/// A Latchkey at a URL, called with one credential.
///
/// It has a pool of connections. Clone it, which is cheap, rather than to make another.
#[derive(Clone)]
pub struct Latchkey {
    pub(crate) transport: Arc<Transport>,
}

impl Latchkey {
    /// A client by `LATCHKEY_URL` and `LATCHKEY_API_KEY`.
    pub fn from_env() -> Result<Self, Error> {
        Self::builder().build()
    }

    pub fn builder() -> Builder {
        Builder { url: None, credential: None, timeout: Duration::from_secs(5), retries: 2, http_client: None }
    }
}

impl fmt::Debug for Latchkey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.transport.fmt(f)
    }
}

/// The settings of a [`Latchkey`]. The last credential counts.
#[derive(Clone)]
#[must_use]
pub struct Builder {
    url: Option<String>,
    credential: Option<Given>,
    timeout: Duration,
    retries: u32,
    http_client: Option<reqwest::Client>,
}

#[derive(Clone)]
enum Given {
    ApiKey(String),
    Token(String),
    Login { username: String, password: String },
}

impl Builder {
    /// The address; `LATCHKEY_URL` without it.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// An API key; `LATCHKEY_API_KEY` without any credential.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.credential = Some(Given::ApiKey(key.into()));
        self
    }

    /// A bearer token.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.credential = Some(Given::Token(token.into()));
        self
    }

    /// A user's name and password: the client logs in, and renews the token in time.
    pub fn login(mut self, username: impl Into<String>, password: impl Into<String>) -> Self {
        self.credential = Some(Given::Login { username: username.into(), password: password.into() });
        self
    }

    /// How long a call may take, with all that is repeated; 5 s by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How often a request is repeated at most; twice by default.
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// An HTTP client of your own. It should not follow redirects.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = Some(client);
        self
    }

    pub fn build(self) -> Result<Latchkey, Error> {
        let url = self.url.or_else(|| env::var("LATCHKEY_URL").ok());
        let url = url.ok_or_else(|| Error::argument("there is no URL of a Latchkey: give one, or set LATCHKEY_URL"))?;
        let credential = match self.credential {
            Some(Given::ApiKey(key)) => Credential::api_key(&key)?,
            Some(Given::Token(token)) => Credential::token(&token)?,
            Some(Given::Login { username, password }) => Credential::login(username, password),
            None => {
                let key = env::var("LATCHKEY_API_KEY");
                let missing = |_| Error::argument("there is no credential: give one, or set LATCHKEY_API_KEY");
                Credential::api_key(&key.map_err(missing)?)?
            }
        };
        let core = Configuration {
            base_path: checked_url(&url)?,
            user_agent: Some(format!("latchkey-rust/{VERSION}")),
            client: self.http_client.map_or_else(http_client, Ok)?,
            basic_auth: None,
            oauth_access_token: None,
            bearer_access_token: None,
            api_key: None,
        };
        Ok(Latchkey { transport: Arc::new(Transport::new(core, credential, self.timeout, self.retries)) })
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").field("url", &self.url).finish_non_exhaustive()
    }
}

fn checked_url(url: &str) -> Result<String, Error> {
    let is_valid = |parsed: &Url| {
        ["http", "https"].contains(&parsed.scheme())
            && parsed.has_host()
            && parsed.username().is_empty()
            && parsed.password().is_none()
            && parsed.query().is_none()
            && parsed.fragment().is_none()
    };
    match Url::parse(url) {
        Ok(parsed) if is_valid(&parsed) => Ok(url.trim_end_matches('/').to_owned()),
        _ => Err(Error::argument(
            "the URL of a Latchkey is like https://keys.example.com, without a user and a password",
        )),
    }
}

fn http_client() -> Result<reqwest::Client, Error> {
    reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .redirect(Policy::none())
        .build()
        .map_err(|error| Error::argument(format!("there can be no HTTP client: {error}")))
}
