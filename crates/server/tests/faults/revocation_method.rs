//! The ways to make a key invalid, in general or for what is verified.

use latchkey_test_support::{client::Client, response::Response};
use reqwest::Method;
use serde_json::json;

use crate::{
    fleet::{Fleet, Key, OWNER, Principal},
    prober::Outcome,
};

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
    /// Give the service account that the key belongs to a role that verifies no keys.
    ChangeRole,
    /// Remove the service account that the key belongs to from the members of its project.
    RemoveMember,
}

/// The role after [`RevocationMethod::ChangeRole`].
const OTHER_ROLE: &str = "auditor";

impl RevocationMethod {
    pub const ALL: [Self; 10] = [
        Self::Revoke,
        Self::Disable,
        Self::Delete,
        Self::Rotate,
        Self::Expire,
        Self::Restrict,
        Self::DisableOwner,
        Self::DisableProject,
        Self::ChangeRole,
        Self::RemoveMember,
    ];

    /// Creates a key that this method can revoke, through a node.
    pub fn create_key(self, fleet: &Fleet, node: usize) -> Key {
        match self {
            Self::DisableOwner | Self::DisableProject => fleet.issue_owner_key(node),
            Self::ChangeRole | Self::RemoveMember => fleet.issue_service_account_key(node),
            _ => fleet.create_key(node),
        }
    }

    /// Sends the request to a node.
    pub fn apply(self, node: &Client, key: &Key) -> reqwest::Result<Response> {
        let of_key = |rest: &str| format!("/v1/api-keys/{}{rest}", key.id);
        let (method, path, body) = match self {
            Self::Revoke => (Method::POST, of_key("/revoke"), json!({ "reason": "a test" })),
            Self::Disable => (Method::POST, of_key("/disable"), json!(null)),
            Self::Delete => (Method::DELETE, of_key(""), json!(null)),
            Self::Rotate => (Method::POST, of_key("/rotate"), json!({})),
            Self::Expire => (Method::PATCH, of_key(""), json!({ "expires_at": "2020-01-01T00:00:00Z" })),
            Self::Restrict => (Method::PUT, of_key("/policy"), json!({ "scopes": ["orders:write"] })),
            Self::DisableOwner => {
                (Method::POST, key.path_of_project("/owners"), json!({ "external_id": OWNER, "disabled": true }))
            }
            Self::DisableProject => (Method::PATCH, key.path_of_project(""), json!({ "disabled": true })),
            Self::ChangeRole => (Method::PUT, key.path_of_member(), json!({ "role": OTHER_ROLE })),
            Self::RemoveMember => (Method::DELETE, key.path_of_member(), json!(null)),
        };
        let request = node.request(method, &path);
        let request = if body.is_null() { request } else { request.json(&body) };
        request.send().and_then(Response::read)
    }

    /// Whether this is what a verification of the key leads to afterwards.
    pub fn leads_to(self, outcome: &Outcome) -> bool {
        match outcome {
            Outcome::Invalid(code) => self.codes().contains(&code.as_str()),
            Outcome::Refused(code) => self.problems().contains(&code.as_str()),
            _ => false,
        }
    }

    /// The verification codes of the key afterwards. A key that verifies itself may become invalid between the
    /// authentication and the verification.
    fn codes(self) -> &'static [&'static str] {
        match self {
            Self::Revoke | Self::Rotate => &["revoked"],
            Self::Disable => &["disabled"],
            Self::Delete => &["not_found"],
            Self::Expire => &["expired"],
            Self::Restrict => &["insufficient_scope"],
            Self::DisableOwner | Self::RemoveMember => &["principal_disabled"],
            Self::DisableProject => &["project_disabled"],
            Self::ChangeRole => &[],
        }
    }

    /// The codes of the problems with which a key that verifies itself is refused afterwards. The second is that of an
    /// account which is disabled between the authentication and a statement.
    fn problems(self) -> &'static [&'static str] {
        match self {
            Self::ChangeRole => &["insufficient_scope"],
            Self::RemoveMember => &["invalid_credentials", "principal_disabled"],
            _ => &[],
        }
    }

    /// Whether the revocation is in the record of what was revoked, which is returned as well.
    pub fn is_written(self, node: &Client, key: &Key) -> (bool, Response) {
        let path = match self {
            Self::DisableOwner => key.path_of_project(&format!("/owners?external_id={OWNER}")),
            Self::DisableProject => key.path_of_project(""),
            Self::ChangeRole | Self::RemoveMember => key.path_of_project("/members"),
            _ => format!("/v1/api-keys/{}", key.id),
        };
        let record = node.get(&path);
        let is_found = record.status == 200;
        let is_written = match self {
            Self::Delete => record.status == 404,
            Self::Restrict => is_found,
            Self::DisableOwner => is_found && record.json()["items"][0]["disabled"] == true,
            Self::DisableProject => is_found && record.json()["disabled"] == true,
            Self::ChangeRole => is_found && record.json()["items"][0]["role"] == OTHER_ROLE,
            Self::RemoveMember => is_found && record.json()["items"] == json!([]),
            _ => is_found && record.json()["status"] == self.codes()[0],
        };
        (is_written, record)
    }
}

impl Key {
    /// A path below that of the project of the owner or service account.
    fn path_of_project(&self, rest: &str) -> String {
        match &self.principal {
            Principal::Owner { project } | Principal::ServiceAccount { project, .. } => {
                format!("/v1/projects/{project}{rest}")
            }
            Principal::Administrator => unreachable!("{self:?} has no project of its own"),
        }
    }

    /// The path of the service account as a member.
    fn path_of_member(&self) -> String {
        match &self.principal {
            Principal::ServiceAccount { id, .. } => self.path_of_project(&format!("/members/{id}")),
            _ => unreachable!("{self:?} does not belong to a service account"),
        }
    }
}
