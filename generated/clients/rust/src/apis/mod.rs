use crate::models;
use std::error;
use std::fmt;

/// A successful response: its content, and its headers, such as `ETag` and `Link`.
#[derive(Debug, Clone)]
pub struct Response<T> {
    pub status: reqwest::StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub data: T,
}

/// An error response: its content as text, and as the contract's schema if it has one.
#[derive(Debug, Clone)]
pub struct ResponseContent {
    pub status: reqwest::StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub content: String,
    pub entity: Option<ErrorBody>,
}

/// The content of an error response, by the contract's schema for its status.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum ErrorBody {
    Problem(models::Problem),
    HttpValidationError(models::HttpValidationError),
    TokenError(models::TokenError),
    /// The contract does not describe the status.
    Unknown(serde_json::Value),
}

impl From<models::Problem> for ErrorBody {
    fn from(body: models::Problem) -> Self {
        Self::Problem(body)
    }
}

impl From<models::HttpValidationError> for ErrorBody {
    fn from(body: models::HttpValidationError) -> Self {
        Self::HttpValidationError(body)
    }
}

impl From<models::TokenError> for ErrorBody {
    fn from(body: models::TokenError) -> Self {
        Self::TokenError(body)
    }
}

#[derive(Debug)]
pub enum Error {
    Reqwest(reqwest::Error),
    Serde(serde_json::Error),
    Io(std::io::Error),
    ResponseError(ResponseContent),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (module, e) = match self {
            Error::Reqwest(e) => ("reqwest", e.to_string()),
            Error::Serde(e) => ("serde", e.to_string()),
            Error::Io(e) => ("IO", e.to_string()),
            Error::ResponseError(e) => ("response", format!("status code {}", e.status)),
        };
        write!(f, "error in {}: {}", module, e)
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        Some(match self {
            Error::Reqwest(e) => e,
            Error::Serde(e) => e,
            Error::Io(e) => e,
            Error::ResponseError(_) => return None,
        })
    }
}

impl From<reqwest::Error> for Error {
    fn from(e: reqwest::Error) -> Self {
        Error::Reqwest(e)
    }
}

impl From<serde_json::Error> for Error {
    fn from(e: serde_json::Error) -> Self {
        Error::Serde(e)
    }
}

impl From<std::io::Error> for Error {
    fn from(e: std::io::Error) -> Self {
        Error::Io(e)
    }
}

pub fn urlencode<T: AsRef<str>>(s: T) -> String {
    ::url::form_urlencoded::byte_serialize(s.as_ref().as_bytes()).collect()
}

/// Sends a request and reads its response; `entity` parses the content of an error response by its status.
async fn exchange(
    configuration: &configuration::Configuration,
    request: reqwest::Request,
    entity: fn(u16, &str) -> Option<ErrorBody>,
) -> Result<Response<String>, Error> {
    let response = configuration.client.execute(request).await?;
    let (status, headers) = (response.status(), response.headers().clone());
    let content = response.text().await?;
    if status.is_client_error() || status.is_server_error() {
        let entity = entity(status.as_u16(), &content);
        return Err(Error::ResponseError(ResponseContent { status, headers, content, entity }));
    }
    Ok(Response { status, headers, data: content })
}

/// The content of a successful response, which must be JSON.
fn parsed<T: serde::de::DeserializeOwned>(response: Response<String>) -> Result<Response<T>, Error> {
    let content_type = response.headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !(content_type.starts_with("application") && content_type.contains("json")) {
        let error: serde_json::Error = serde::de::Error::custom(format_args!("the content is `{content_type}`"));
        return Err(error.into());
    }
    let data = serde_json::from_str(&response.data)?;
    Ok(Response { status: response.status, headers: response.headers, data })
}

pub mod api_key_lifecycle_api;
pub mod api_key_policies_api;
pub mod api_key_search_api;
pub mod api_keys_api;
pub mod audit_api;
pub mod members_api;
pub mod owners_api;
pub mod projects_api;
pub mod tokens_api;
pub mod users_api;
pub mod verification_api;

pub mod configuration;
