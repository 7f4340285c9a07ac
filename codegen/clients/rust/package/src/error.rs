//! What a call fails with.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime},
};

use chrono::{DateTime, Utc};
use reqwest::{
    StatusCode,
    header::{HeaderMap, RETRY_AFTER},
};
use serde_json::Value;

use crate::{
    apis,
    models::{LocationInner, ValidationError},
};

/// Why a call failed, or a client cannot be made.
#[derive(Clone)]
pub struct Error(Arc<Details>);

/// The meaning of an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// What was given cannot be sent: the address, the credential or an argument. Nothing was sent.
    Argument,
    /// 401: the credential is missing or invalid; or a login was refused.
    Authentication,
    /// 403: the credential does not permit the call.
    PermissionDenied,
    /// 404: what the call is about does not exist, or the caller may not see it.
    NotFound,
    /// 409: the call does not fit to the state of what it is about.
    Conflict,
    /// 412: what the call is about has changed since its ETag was read.
    PreconditionFailed,
    /// 422: the request violates the contract; [`Error::errors`] says where.
    Validation,
    /// 429: there were too many requests.
    RateLimited,
    /// 5xx: the server, or a proxy before it, cannot respond now.
    Server,
    /// There was no response: the server cannot be reached, or the connection was lost.
    Connection,
    /// There was no response within the time limit of the call.
    Timeout,
    /// Any other status, or a response that cannot be read.
    Other,
}

#[derive(Default)]
struct Details {
    kind: Option<ErrorKind>,
    message: String,
    status: Option<StatusCode>,
    code: Option<String>,
    title: Option<String>,
    detail: Option<String>,
    errors: Vec<ValidationError>,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    pub fn kind(&self) -> ErrorKind {
        self.0.kind.unwrap_or(ErrorKind::Other)
    }

    /// The status of the response; `None` if there was no response.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The cause, as `code` of a problem document has it.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    pub fn title(&self) -> Option<&str> {
        self.0.title.as_deref()
    }

    pub fn detail(&self) -> Option<&str> {
        self.0.detail.as_deref()
    }

    /// What is wrong with the request, of a 422.
    pub fn errors(&self) -> &[ValidationError] {
        &self.0.errors
    }

    /// The id that the server's log has for the request.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// After which time the server wants to be asked again.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    pub(crate) fn argument(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Argument, message)
    }

    pub(crate) fn timed_out(limit: Duration) -> Self {
        Self::new(ErrorKind::Timeout, format!("no response within {limit:?}"))
    }

    /// A request that got no response, or only a part of one.
    pub(crate) fn no_response(failure: reqwest::Error) -> Self {
        let kind = if failure.is_timeout() { ErrorKind::Timeout } else { ErrorKind::Connection };
        let message = format!("no response: {}", root_cause(&failure));
        let source = Some(failure.without_url().into());
        Self(Arc::new(Details { kind: Some(kind), message, source, ..Details::default() }))
    }

    /// A successful response that is not what the contract says.
    pub(crate) fn unexpected(status: StatusCode, headers: &HeaderMap, what: &str) -> Self {
        let message = format!("{}: {what}", status.as_u16());
        let request_id = text(headers, "x-request-id");
        let kind = Some(ErrorKind::Other);
        Self(Arc::new(Details { kind, message, status: Some(status), request_id, ..Details::default() }))
    }

    /// The error that a response stands for, from the server or a proxy.
    pub(crate) fn of_response(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Self {
        let content: Value = serde_json::from_slice(body).unwrap_or_default();
        let member = |name: &str| content[name].as_str().map(str::to_owned);
        // RFC 6749 names them otherwise.
        let code = member("code").or_else(|| member("error"));
        let detail = member("detail").or_else(|| member("error_description"));
        let title = member("title");
        let errors = validation_errors(&content["detail"]);
        let request_id = text(headers, "x-request-id");

        let mut message = status.as_u16().to_string();
        if let Some(code) = &code {
            message += &format!(" {code}");
        }
        let places: Vec<String> = errors.iter().map(place).collect();
        let places = (!places.is_empty()).then(|| places.join("; "));
        if let Some(what) = places.as_ref().or(detail.as_ref()).or(title.as_ref()) {
            message += &format!(": {what}");
        }
        if let Some(request_id) = &request_id {
            message += &format!(" (request {request_id})");
        }
        Self(Arc::new(Details {
            kind: Some(kind_of(status)),
            message,
            status: Some(status),
            code,
            title,
            detail,
            errors,
            request_id,
            retry_after: retry_after(headers),
            source: None,
        }))
    }

    /// The same as the error of a login, which the server has refused.
    pub(crate) fn refused_login(self) -> Self {
        let details = &*self.0;
        Self(Arc::new(Details {
            kind: Some(ErrorKind::Authentication),
            message: format!("the login was refused: {}", details.message),
            status: details.status,
            code: details.code.clone(),
            title: details.title.clone(),
            detail: details.detail.clone(),
            errors: details.errors.clone(),
            request_id: details.request_id.clone(),
            retry_after: details.retry_after,
            source: None,
        }))
    }

    fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Arc::new(Details { kind: Some(kind), message: message.into(), ..Details::default() }))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error").field("kind", &self.kind()).field("message", &self.0.message).finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(|source| &**source as _)
    }
}

/// A request that the core could not make of its arguments.
impl From<apis::Error> for Error {
    fn from(error: apis::Error) -> Self {
        Self::argument(format!("the request cannot be sent: {}", root_cause(&error)))
    }
}

/// `Retry-After` from now, of a number of seconds or a date (RFC 9110, section 10.2.3).
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let wait = DateTime::parse_from_rfc2822(value).ok()?.to_utc() - DateTime::<Utc>::from(SystemTime::now());
    Some(Duration::from_secs((wait.num_milliseconds().max(0) as u64).div_ceil(1000)))
}

fn kind_of(status: StatusCode) -> ErrorKind {
    match status.as_u16() {
        401 => ErrorKind::Authentication,
        403 => ErrorKind::PermissionDenied,
        404 => ErrorKind::NotFound,
        409 => ErrorKind::Conflict,
        412 => ErrorKind::PreconditionFailed,
        422 => ErrorKind::Validation,
        429 => ErrorKind::RateLimited,
        500.. => ErrorKind::Server,
        _ => ErrorKind::Other,
    }
}

/// What can be read of the errors of a 422.
fn validation_errors(detail: &Value) -> Vec<ValidationError> {
    let entries = detail.as_array().into_iter().flatten().filter(|entry| entry.is_object());
    let read = |entry: &Value| ValidationError {
        loc: entry["loc"].as_array().into_iter().flatten().filter_map(location).collect(),
        msg: entry["msg"].as_str().unwrap_or_default().to_owned(),
        r#type: entry["type"].as_str().unwrap_or_default().to_owned(),
    };
    entries.map(read).collect()
}

fn location(part: &Value) -> Option<LocationInner> {
    match part {
        Value::String(name) => Some(LocationInner::String(name.clone())),
        part => part.as_i64().map(LocationInner::Integer),
    }
}

fn place(error: &ValidationError) -> String {
    let parts = error.loc.iter().map(|part| match part {
        LocationInner::String(name) => name.clone(),
        LocationInner::Integer(index) => index.to_string(),
    });
    format!("{}: {}", parts.collect::<Vec<_>>().join("."), error.msg)
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}

fn root_cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
