//! A call before it is sent, and what it returns.

use std::{fmt, ops::Deref, pin::Pin, sync::Arc, time::Duration};

use reqwest::{
    Request, StatusCode,
    header::{ETAG, HeaderMap, HeaderValue},
};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::{
    apis::configuration::Configuration,
    attempts::Retry,
    error::Error,
    pages::{Page, Pages},
    transport::{Reply, Transport},
};

const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// A call that is sent when it is awaited. Its methods set optional arguments.
///
/// To cancel it, drop its future.
#[derive(Clone, Debug)]
#[must_use = "a call is sent when it is awaited, or its stream is read"]
pub struct Call<P> {
    pub(crate) transport: Arc<Transport>,
    pub(crate) params: P,
    retry: Option<bool>,
    timeout: Option<Duration>,
}

/// The parameters of an operation.
pub trait Params: Send + Sync + 'static {
    fn request(self, core: &Configuration) -> Result<Request, Error>;

    /// When the request may be repeated, unless the caller says otherwise.
    fn retry(&self) -> Retry;
}

/// The parameters of an operation that returns one thing, or nothing.
pub trait Operation: Params {
    type Output: DeserializeOwned;
}

/// The parameters of an operation that returns a list in pages.
pub trait List: Params + Clone {
    type Page: DeserializeOwned + Send;
    type Item: Send + 'static;

    fn start_at(&mut self, cursor: Option<String>);

    /// The items of a page, and the cursor of the next one.
    fn split(page: Received<Self::Page>) -> Page<Self::Item>;
}

impl<P: Params> Call<P> {
    pub(crate) fn new(transport: &Arc<Transport>, params: P) -> Self {
        Self { transport: transport.clone(), params, retry: None, timeout: None }
    }

    /// Whether the request is repeated even if the server may have acted on it, or not repeated at all.
    pub fn retry(mut self, retry: bool) -> Self {
        self.retry = Some(retry);
        self
    }

    /// How long the call may take, with all that is repeated; of a list, how long each page may.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    async fn send(self) -> Result<Reply, Error> {
        let policy = self.params.retry();
        let retry = match self.retry {
            None => policy,
            Some(true) => Retry::Repeatable,
            Some(false) => Retry::Never,
        };
        let mut request = self.params.request(&self.transport.core)?;
        if policy == Retry::Keyed && !request.headers().contains_key(IDEMPOTENCY_KEY) {
            let key = HeaderValue::from_str(&Uuid::new_v4().to_string()).expect("a UUID is ASCII");
            request.headers_mut().insert(IDEMPOTENCY_KEY, key);
        }
        self.transport.send(request, retry, self.timeout).await
    }
}

impl<P: Operation> IntoFuture for Call<P> {
    type Output = Result<Received<P::Output>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async { Received::of(self.send().await?) })
    }
}

impl<P: List> Call<P> {
    /// The items of all pages. A page is requested when its first item is needed.
    pub fn stream(self) -> Pages<P::Item> {
        Pages::new(move |cursor| {
            let Self { transport, mut params, retry, timeout } = self.clone();
            params.start_at(cursor.clone());
            let call = Self { transport, params, retry, timeout };
            Box::pin(async move {
                let received = Received::of(call.send().await?)?;
                let (status, headers) = (received.status, received.headers.clone());
                let (items, next) = P::split(received);
                if next.is_some() && next == cursor {
                    let what = "the list does not end: the next page is the same one";
                    return Err(Error::unexpected(status, &headers, what));
                }
                Ok((items, next))
            })
        })
    }
}

/// What a call returned, and the headers of the response.
#[derive(Clone)]
pub struct Received<T> {
    data: T,
    status: StatusCode,
    headers: HeaderMap,
}

impl<T> Received<T> {
    pub fn into_inner(self) -> T {
        self.data
    }

    /// The status of the response, such as 201 if something was created.
    pub fn http_status(&self) -> StatusCode {
        self.status
    }

    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The version of what was returned, for `if_match`.
    pub fn etag(&self) -> Option<&str> {
        self.headers.get(ETAG)?.to_str().ok()
    }

    /// The id that the server's log has for the request.
    pub fn request_id(&self) -> Option<&str> {
        self.headers.get("x-request-id")?.to_str().ok()
    }
}

impl<T: DeserializeOwned> Received<T> {
    fn of(reply: Reply) -> Result<Self, Error> {
        let data = reply.content()?;
        Ok(Self { data, status: reply.status, headers: reply.headers })
    }
}

impl<T> Deref for Received<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.data
    }
}

impl<T: fmt::Debug> fmt::Debug for Received<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.data.fmt(f)
    }
}

/// Checks a text that becomes a segment of a path, which may not lead to another path.
pub fn check_segment(name: &str, text: &str) -> Result<(), Error> {
    match text {
        "" | "." | ".." => Err(Error::argument(format!("{name} cannot be {text:?}"))),
        _ => Ok(()),
    }
}
