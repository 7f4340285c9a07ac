//! An answer, and how a snapshot shows it: the status, the headers, the body, and nothing that changes from run to run.

use std::fmt;

use http::{HeaderMap, Method, StatusCode, header::CONTENT_TYPE};
use reqwest::RequestBuilder;
use serde_json::Value;

use crate::document;

/// What a server said.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// Sends a request, and holds the answer to the contract.
pub trait Answered {
    async fn answer(self) -> Answer;
}

impl Answered for RequestBuilder {
    async fn answer(self) -> Answer {
        let (client, request) = self.build_split();
        let request = request.unwrap();
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let response = client.execute(request).await.unwrap();
        let answer = Answer {
            status: response.status(),
            headers: response.headers().clone(),
            body: response.bytes().await.unwrap().into(),
        };
        answer.keeps_to_contract(&method, &path);
        answer
    }
}

impl Answer {
    /// Panics unless the contract documents this answer to such a request.
    pub fn keeps_to_contract(&self, method: &Method, path: &str) {
        if let Err(breach) = document::check(method, path, self) {
            panic!("{method} {path}: {breach}\n{self}");
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {self}"))
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The path in `Link: <…>; rel="next"`.
    pub fn next_page(&self) -> Option<&str> {
        let link = self.header("link")?;
        Some(link.strip_prefix('<').and_then(|rest| rest.strip_suffix(">; rel=\"next\"")).expect(link))
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", self.status)?;
        let mut headers: Vec<_> = self.headers.iter().map(|(name, value)| (name.as_str(), value)).collect();
        headers.sort_by_key(|(name, _)| *name);
        for (name, value) in headers {
            match name {
                "date" | "content-length" | "transfer-encoding" | "connection" => {}
                "x-request-id" => writeln!(formatter, "{name}: <id>")?,
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

/// Puts a mark in the place of what is random.
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
