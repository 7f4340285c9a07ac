//! The ways to make a key invalid, in general or for what is verified.

use latchkey_test_support::{client::Client, response::Response};
use reqwest::Method;
use serde_json::json;

/// The scope that is verified. An unrestricted key has it.
pub const SCOPE: &str = "orders:read";

/// An operation after which a key is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevocationMethod {
    Revoke,
    Disable,
    Delete,
    /// Rotate without a grace period.
    Rotate,
    /// Set an expiry in the past.
    Expire,
    /// Replace the policy by one without [`SCOPE`].
    Restrict,
}

impl RevocationMethod {
    pub const ALL: [Self; 6] = [Self::Revoke, Self::Disable, Self::Delete, Self::Rotate, Self::Expire, Self::Restrict];

    /// Sends the request to a node.
    pub fn apply(self, node: &Client, id: i64) -> reqwest::Result<Response> {
        let (method, path, body) = match self {
            Self::Revoke => (Method::POST, "/revoke", json!({ "reason": "a test" })),
            Self::Disable => (Method::POST, "/disable", json!(null)),
            Self::Delete => (Method::DELETE, "", json!(null)),
            Self::Rotate => (Method::POST, "/rotate", json!({})),
            Self::Expire => (Method::PATCH, "", json!({ "expires_at": "2020-01-01T00:00:00Z" })),
            Self::Restrict => (Method::PUT, "/policy", json!({ "scopes": ["orders:write"] })),
        };
        let request = node.request(method, &format!("/v1/api-keys/{id}{path}"));
        let request = if body.is_null() { request } else { request.json(&body) };
        request.send().and_then(Response::read)
    }

    /// The verification code of the key afterwards.
    pub fn code(self) -> &'static str {
        match self {
            Self::Revoke | Self::Rotate => "revoked",
            Self::Disable => "disabled",
            Self::Delete => "not_found",
            Self::Expire => "expired",
            Self::Restrict => "insufficient_scope",
        }
    }
}
