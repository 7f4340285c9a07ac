//! The ways in which a key ends, or ceases to be good for what is asked.

use reqwest::Method;
use serde_json::json;

use crate::client::{Answer, Client};

/// The scope that is asked for, and that a key has which was not narrowed.
pub const SCOPE: &str = "orders:read";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    Revoke,
    Disable,
    Delete,
    /// Without overlap.
    Rotate,
    /// An expiry in the past.
    Expire,
    /// A policy without [`SCOPE`].
    Narrow,
}

impl Ending {
    pub const ALL: [Self; 6] = [Self::Revoke, Self::Disable, Self::Delete, Self::Rotate, Self::Expire, Self::Narrow];

    /// The node's answer to the request to end the key.
    pub fn ask(self, node: &Client, id: i64) -> reqwest::Result<Answer> {
        let (method, path, body) = match self {
            Self::Revoke => (Method::POST, "/revoke", json!({ "reason": "a test" })),
            Self::Disable => (Method::POST, "/disable", json!(null)),
            Self::Delete => (Method::DELETE, "", json!(null)),
            Self::Rotate => (Method::POST, "/rotate", json!({})),
            Self::Expire => (Method::PATCH, "", json!({ "expires_at": "2020-01-01T00:00:00Z" })),
            Self::Narrow => (Method::PUT, "/policy", json!({ "scopes": ["orders:write"] })),
        };
        let request = node.request(method, &format!("/v1/api-keys/{id}{path}"));
        let request = if body.is_null() { request } else { request.json(&body) };
        request.send().and_then(Answer::of)
    }

    /// Why the key is refused afterwards.
    pub fn code(self) -> &'static str {
        match self {
            Self::Revoke | Self::Rotate => "revoked",
            Self::Disable => "disabled",
            Self::Delete => "not_found",
            Self::Expire => "expired",
            Self::Narrow => "insufficient_scope",
        }
    }
}
