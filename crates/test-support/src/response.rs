//! A response, and its text form for snapshots: status, headers, body, with everything replaced that differs between
//! runs.

use std::fmt;

use http::{HeaderMap, Method, StatusCode, header::CONTENT_TYPE};
use reqwest::RequestBuilder;
use serde_json::Value;

use crate::openapi;

/// A complete response.
#[derive(Clone)]
pub struct Response {
    /// The status code.
    pub status: StatusCode,
    /// All headers.
    pub headers: HeaderMap,
    /// The body's bytes, empty when there is no body.
    pub body: Vec<u8>,
}

/// Sends a request, and validates the response against the contract.
#[expect(async_fn_in_trait, reason = "tests await it at once; no caller needs the future to be `Send`")]
pub trait SendChecked {
    /// Returns the whole response.
    ///
    /// # Panics
    /// When the request fails, or when the contract does not document the response.
    async fn send_checked(self) -> Response;
}

impl SendChecked for RequestBuilder {
    async fn send_checked(self) -> Response {
        let (client, request) = self.build_split();
        let request = request.unwrap();
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let received = client.execute(request).await.unwrap();
        let response = Response {
            status: received.status(),
            headers: received.headers().clone(),
            body: received.bytes().await.unwrap().into(),
        };
        response.assert_documented(&method, &path);
        response
    }
}

impl Response {
    /// Reads the whole response of the blocking client.
    ///
    /// # Errors
    /// When the connection breaks before the body is complete.
    pub fn read(response: reqwest::blocking::Response) -> reqwest::Result<Self> {
        let (status, headers) = (response.status(), response.headers().clone());
        Ok(Self { status, headers, body: response.bytes()?.into() })
    }

    /// Panics unless the contract documents this response to such a request.
    pub fn assert_documented(&self, method: &Method, path: &str) {
        if let Err(violation) = openapi::check(method, path, self) {
            panic!("{method} {path}: {violation}\n{self}");
        }
    }

    /// A header's first value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The body as JSON; panics when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("the body is not JSON ({error}): {self:?}"))
    }

    /// The body as text; panics when it is not UTF-8.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The path in `Link: <…>; rel="next"`.
    pub fn next_page(&self) -> Option<&str> {
        let link = self.header("link")?;
        Some(link.strip_prefix('<').and_then(|rest| rest.strip_suffix(">; rel=\"next\"")).expect(link))
    }

    /// Whether this is the 503 problem that the contract documents for a database that cannot be reached.
    pub fn is_unavailable(&self) -> bool {
        self.status == StatusCode::SERVICE_UNAVAILABLE
            && self.header("content-type") == Some("application/problem+json")
            && self.header("retry-after").is_some_and(|seconds| !seconds.is_empty())
            && self.json()["status"] == 503
    }
}

/// The text form that snapshots compare.
impl fmt::Display for Response {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", self.status)?;
        let mut headers: Vec<_> = self.headers.iter().map(|(name, value)| (name.as_str(), value)).collect();
        headers.sort_by_key(|(name, _)| *name);
        for (name, value) in headers {
            match name {
                "date" | "content-length" | "transfer-encoding" | "connection" | "x-content-type-options" => {}
                "x-request-id" => writeln!(formatter, "{name}: <id>")?,
                "latchkey-version" => writeln!(formatter, "{name}: <version>")?,
                _ => writeln!(formatter, "{name}: {}", String::from_utf8_lossy(value.as_bytes()))?,
            }
        }
        let content_type = self.header(CONTENT_TYPE.as_str()).unwrap_or_default();
        if content_type.ends_with("json") {
            let mut body = self.json();
            redact(&mut body);
            write!(formatter, "\n{body:#}")
        } else if self.body.is_empty() {
            Ok(())
        } else {
            write!(formatter, "\n{}", String::from_utf8_lossy(&self.body))
        }
    }
}

/// Everything as it was received, for messages of failed assertions.
impl fmt::Debug for Response {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = String::from_utf8_lossy(&self.body);
        let Self { status, headers, .. } = self;
        formatter
            .debug_struct("Response")
            .field("status", status)
            .field("headers", headers)
            .field("body", &body)
            .finish()
    }
}

/// Replaces what is random.
fn redact(body: &mut Value) {
    match body {
        Value::Object(members) => {
            for (name, value) in members {
                match (name.as_str(), &value) {
                    ("full_key" | "access_token", Value::String(_)) => *value = "<secret>".into(),
                    ("key_prefix", Value::String(text)) => {
                        assert_eq!((text.len(), &text[..3]), (12, "lk_"));
                        *value = "lk_<9>".into();
                    }
                    _ => redact(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(redact),
        _ => {}
    }
}
