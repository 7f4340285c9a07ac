//! The ways to make a key invalid, in general or for what is verified.

use latchkey_test_support::{client::Client, response::Response};
use reqwest::Method;
use serde_json::json;

use crate::fleet::{Fleet, Key};

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
    /// Disable the owner of the key.
    DisableOwner,
    /// Disable the project of the key.
    DisableProject,
}

impl RevocationMethod {
    pub const ALL: [Self; 8] = [
        Self::Revoke,
        Self::Disable,
        Self::Delete,
        Self::Rotate,
        Self::Expire,
        Self::Restrict,
        Self::DisableOwner,
        Self::DisableProject,
    ];

    /// Creates a key that this method can revoke, through a node.
    pub fn create_key(self, fleet: &Fleet, node: usize) -> Key {
        match self {
            Self::DisableOwner | Self::DisableProject => fleet.issue_key(node),
            _ => fleet.create_key(node),
        }
    }

    /// Sends the request to a node.
    pub fn apply(self, node: &Client, key: &Key) -> reqwest::Result<Response> {
        let of_key = |rest: &str| format!("/v1/api-keys/{}{rest}", key.id);
        let of_project = |rest: &str| format!("/v1/projects/{}{rest}", key.owner.as_ref().unwrap().0);
        let (method, path, body) = match self {
            Self::Revoke => (Method::POST, of_key("/revoke"), json!({ "reason": "a test" })),
            Self::Disable => (Method::POST, of_key("/disable"), json!(null)),
            Self::Delete => (Method::DELETE, of_key(""), json!(null)),
            Self::Rotate => (Method::POST, of_key("/rotate"), json!({})),
            Self::Expire => (Method::PATCH, of_key(""), json!({ "expires_at": "2020-01-01T00:00:00Z" })),
            Self::Restrict => (Method::PUT, of_key("/policy"), json!({ "scopes": ["orders:write"] })),
            Self::DisableOwner => {
                let external_id = key.owner.as_ref().unwrap().1;
                (Method::POST, of_project("/owners"), json!({ "external_id": external_id, "disabled": true }))
            }
            Self::DisableProject => (Method::PATCH, of_project(""), json!({ "disabled": true })),
        };
        let request = node.request(method, &path);
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
            Self::DisableOwner => "principal_disabled",
            Self::DisableProject => "project_disabled",
        }
    }

    /// Whether the revocation is in the record of what was revoked, which is returned as well.
    pub fn is_written(self, node: &Client, key: &Key) -> (bool, Response) {
        let path = match (self, &key.owner) {
            (Self::DisableOwner, Some((project, owner))) => {
                format!("/v1/projects/{project}/owners?external_id={owner}")
            }
            (Self::DisableProject, Some((project, _))) => format!("/v1/projects/{project}"),
            _ => format!("/v1/api-keys/{}", key.id),
        };
        let record = node.get(&path);
        let is_found = record.status == 200;
        let is_written = match self {
            Self::Delete => record.status == 404,
            Self::Restrict => is_found,
            Self::DisableOwner => is_found && record.json()["items"][0]["disabled"] == true,
            Self::DisableProject => is_found && record.json()["disabled"] == true,
            _ => is_found && record.json()["status"] == self.code(),
        };
        (is_written, record)
    }
}
