//! Sends the requests of calls.

use std::{
    fmt,
    sync::Once,
    time::{Duration, Instant as Clock},
};

use reqwest::{
    Request, StatusCode,
    header::{HeaderMap, HeaderValue},
};
use serde::de::DeserializeOwned;
use tokio::{
    sync::Semaphore,
    time::{Instant, sleep, timeout_at},
};

use crate::{
    apis::configuration::Configuration,
    attempts::{Attempts, Retry},
    credentials::{Credential, Login},
    error::Error,
};

pub const VERSION: &str = env!("CARGO_PKG_VERSION");
/// So many connections are open at most. A process may often have no more than 1,024 files.
const CONNECTIONS: usize = 100;

pub struct Transport {
    /// Address, HTTP client and `User-Agent`, which the core makes requests with; without a credential.
    pub core: Configuration,
    credential: Credential,
    /// How long a call may take, unless the caller says otherwise.
    pub timeout: Duration,
    retries: u32,
    connections: Semaphore,
}

/// A response that was read as a whole.
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    body: Vec<u8>,
}

impl Transport {
    pub fn new(core: Configuration, credential: Credential, timeout: Duration, retries: u32) -> Self {
        Self { core, credential, timeout, retries, connections: Semaphore::new(CONNECTIONS) }
    }

    /// The response to a request, whatever its status, within the time limit of the call.
    pub async fn send(&self, request: Request, retry: Retry, timeout: Option<Duration>) -> Result<Reply, Error> {
        let timeout = timeout.unwrap_or(self.timeout);
        let end = Instant::now() + timeout;
        let attempts = Attempts::new(retry, self.retries, end);
        timeout_at(end, self.send_authenticated(request, attempts)).await.unwrap_or(Err(Error::timed_out(timeout)))
    }

    async fn send_authenticated(&self, mut request: Request, mut attempts: Attempts) -> Result<Reply, Error> {
        let login = match &self.credential {
            Credential::ApiKey(header) | Credential::Token(header) => {
                request.headers_mut().insert(self.credential.header(), header.clone());
                return self.repeat(&request, &mut attempts).await;
            }
            Credential::Login(login) => login,
        };
        let header = self.log_in(login, &attempts).await?;
        request.headers_mut().insert(self.credential.header(), header.clone());
        let reply = self.repeat(&request, &mut attempts).await?;
        if reply.status != StatusCode::UNAUTHORIZED {
            return Ok(reply);
        }
        // The server did not act. The token may have ended early: once, another may help.
        login.state.lock().await.forget(&header);
        let header = self.log_in(login, &attempts).await?;
        request.headers_mut().insert(self.credential.header(), header);
        self.repeat(&request, &mut attempts).await
    }

    /// The header with a valid token. One call logs in, and others wait for it.
    async fn log_in(&self, login: &Login, attempts: &Attempts) -> Result<HeaderValue, Error> {
        let mut state = login.state.lock().await;
        if let Some(header) = state.header()? {
            return Ok(header);
        }
        let requested_at = Instant::now();
        let request = login.request(&self.core)?;
        let reply = self.repeat(&request, &mut attempts.again(Retry::Rejected)).await?;
        state.accept(reply, requested_at)
    }

    async fn repeat(&self, request: &Request, attempts: &mut Attempts) -> Result<Reply, Error> {
        loop {
            let started = Clock::now();
            let result = self.attempt(request).await;
            log_attempt(request, &result, started);
            let wait = match &result {
                Ok(reply) => attempts.after_response(reply.status, &reply.headers),
                Err(failure) => attempts.after_failure(failure),
            };
            let Some(wait) = wait else { return result.map_err(Error::no_response) };
            sleep(wait).await;
        }
    }

    async fn attempt(&self, request: &Request) -> Result<Reply, reqwest::Error> {
        let _connection = self.connections.acquire().await.expect("the semaphore is never closed");
        let request = request.try_clone().expect("no body is a stream");
        let response = self.core.client.execute(request).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        Ok(Reply { status, headers, body: response.bytes().await?.into() })
    }
}

impl Reply {
    /// The content of a successful response, or the error that the response stands for.
    pub fn content<T: DeserializeOwned>(&self) -> Result<T, Error> {
        if !self.status.is_success() {
            return Err(Error::of_response(self.status, &self.headers, &self.body));
        }
        warn_of_version(&self.headers);
        // Methods that return nothing.
        let body = if self.status == StatusCode::NO_CONTENT { b"null" } else { &self.body[..] };
        serde_json::from_slice(body).map_err(|_| self.unreadable())
    }

    pub fn unreadable(&self) -> Error {
        let what = "the response is not what the contract says; is this the address of a Latchkey?";
        Error::unexpected(self.status, &self.headers, what)
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { core, credential, .. } = self;
        f.debug_struct("Latchkey").field("url", &core.base_path).field("credential", credential).finish()
    }
}

/// One line for each attempt, without headers, queries and bodies, which have secrets.
fn log_attempt(request: &Request, result: &Result<Reply, reqwest::Error>, started: Clock) {
    let (method, path, elapsed) = (request.method(), request.url().path(), started.elapsed());
    match result {
        Ok(Reply { status, headers, .. }) => {
            let request_id = headers.get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or("-");
            log::debug!("{method} {path}: {} in {elapsed:.3?}, request {request_id}", status.as_u16());
        }
        Err(_) => log::debug!("{method} {path}: no response in {elapsed:.3?}"),
    }
}

/// Warns once if the server has another major version than the contract of this client.
fn warn_of_version(headers: &HeaderMap) {
    static WARNED: Once = Once::new();
    let major = |version: &str| version.split('.').next().map(str::to_owned);
    if let Some(version) = headers.get("latchkey-version").and_then(|version| version.to_str().ok())
        && major(version) != major(VERSION)
    {
        WARNED.call_once(|| {
            log::warn!("the server has version {version} of Latchkey, this client is of version {VERSION}");
        });
    }
}
