//! What an implementation of the contract provides: one trait per tag, and the hooks that all operations share.

use bytes::Bytes;
use http::{
    HeaderMap,
    header::{AUTHORIZATION, HeaderName},
    request::Parts,
};

use crate::types::{InvalidHeader, ResponseError, header};

pub mod api_key_lifecycle;
pub mod api_key_policies;
pub mod api_key_search;
pub mod api_keys;
pub mod audit;
pub mod members;
pub mod owners;
pub mod projects;
pub mod responses;
pub mod tokens;
pub mod users;
pub mod verification;

pub use responses::ErrorResponse;

/// An operation of the contract.
#[derive(Debug)]
pub struct Operation {
    /// The `operationId`.
    pub id: &'static str,
    /// The path template.
    pub path: &'static str,
    /// The method.
    pub method: http::Method,
    /// The credentials that the operation accepts, any one of which suffices; empty if none are needed.
    pub security: &'static [Requirement],
    /// How the caller is authenticated.
    pub authentication: Authentication,
    /// The form of the operation's errors.
    pub error_format: ErrorFormat,
    /// Whether requests have a body.
    pub has_body: bool,
}

impl Operation {
    /// The scopes that a credential of a scheme needs, all of them; `None` if the operation does not accept the scheme.
    pub fn scopes(&self, scheme: SecurityScheme) -> Option<&'static [&'static str]> {
        self.security.iter().find(|requirement| requirement.scheme == scheme).map(|requirement| requirement.scopes)
    }
}

/// A kind of credentials that an operation accepts.
#[derive(Debug)]
pub struct Requirement {
    /// The security scheme.
    pub scheme: SecurityScheme,
    /// The scopes that a credential of this scheme needs, all of them.
    pub scopes: &'static [&'static str],
}

/// A security scheme of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecurityScheme {
    /// A bearer token (RFC 6750) from `POST /token`.
    OAuth2PasswordBearer,
    /// An API key that this server issued. It has the scopes of its policy, as far as its principal has them; the scopes that an operation needs are those of the bearer token. A user's key without a policy has `latchkey:keys.read`, `latchkey:keys.write`, `latchkey:verify` and `latchkey:audit.read`.
    ApiKeyHeader,
    /// An API key in place of a bearer token (RFC 6750, section 2.1).
    ApiKeyBearer,
}

/// How the caller of an operation is authenticated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authentication {
    /// Not at all: anyone may call the operation.
    None,
    /// By stored data; the operation's own statements check that the caller is still active.
    Stored,
    /// By cached data, because the operation has no statement of its own (`x-cached-authentication`).
    Cached,
    /// By the operation itself, which gets the credentials (`x-custom-authentication`).
    Custom,
}

/// The form of an operation's errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorFormat {
    /// Problem documents (RFC 9457), and lists of validation errors.
    Problem,
    /// The error responses of OAuth 2.0 (RFC 6749, section 5.2) for invalid requests; otherwise problem documents.
    OAuth,
}

/// Every operation of the contract.
pub mod operation {
    use super::{Authentication, ErrorFormat, Operation, Requirement, SecurityScheme};

    /// `disableApiKey`: POST /v1/api-keys/{item_id}/disable
    pub static DISABLE_API_KEY: Operation = Operation {
        id: "disableApiKey",
        path: "/v1/api-keys/{item_id}/disable",
        method: http::Method::POST,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:keys.manage"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:keys.manage"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: false,
    };

    /// `enableApiKey`: POST /v1/api-keys/{item_id}/enable
    pub static ENABLE_API_KEY: Operation = Operation {
        id: "enableApiKey",
        path: "/v1/api-keys/{item_id}/enable",
        method: http::Method::POST,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:keys.manage"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:keys.manage"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: false,
    };

    /// `revokeApiKey`: POST /v1/api-keys/{item_id}/revoke
    pub static REVOKE_API_KEY: Operation = Operation {
        id: "revokeApiKey",
        path: "/v1/api-keys/{item_id}/revoke",
        method: http::Method::POST,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:keys.manage"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:keys.manage"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: true,
    };

    /// `rotateApiKey`: POST /v1/api-keys/{item_id}/rotate
    pub static ROTATE_API_KEY: Operation = Operation {
        id: "rotateApiKey",
        path: "/v1/api-keys/{item_id}/rotate",
        method: http::Method::POST,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:keys.manage"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:keys.manage"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: true,
    };

    /// `getApiKeyPolicy`: GET /v1/api-keys/{item_id}/policy
    pub static GET_API_KEY_POLICY: Operation = Operation {
        id: "getApiKeyPolicy",
        path: "/v1/api-keys/{item_id}/policy",
        method: http::Method::GET,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:keys.read"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:keys.read"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: false,
    };

    /// `setApiKeyPolicy`: PUT /v1/api-keys/{item_id}/policy
    pub static SET_API_KEY_POLICY: Operation = Operation {
        id: "setApiKeyPolicy",
        path: "/v1/api-keys/{item_id}/policy",
        method: http::Method::PUT,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:keys.manage"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:keys.manage"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: true,
    };

    /// `revokeApiKeys`: POST /v1/projects/{project}/api-keys/revoke
    pub static REVOKE_API_KEYS: Operation = Operation {
        id: "revokeApiKeys",
        path: "/v1/projects/{project}/api-keys/revoke",
        method: http::Method::POST,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:owners.write"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:owners.write"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: true,
    };

    /// `searchApiKeys`: POST /v1/projects/{project}/api-keys/search
    pub static SEARCH_API_KEYS: Operation = Operation {
        id: "searchApiKeys",
        path: "/v1/projects/{project}/api-keys/search",
        method: http::Method::POST,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:owners.read"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:owners.read"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: true,
    };

    /// `createApiKey`: POST /v1/api-keys/
    pub static CREATE_API_KEY: Operation = Operation {
        id: "createApiKey",
        path: "/v1/api-keys/",
        method: http::Method::POST,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:keys.write"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:keys.write"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: true,
    };

    /// `deleteApiKey`: DELETE /v1/api-keys/{item_id}
    pub static DELETE_API_KEY: Operation = Operation {
        id: "deleteApiKey",
        path: "/v1/api-keys/{item_id}",
        method: http::Method::DELETE,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:keys.manage"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:keys.manage"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: false,
    };

    /// `getApiKey`: GET /v1/api-keys/{item_id}
    pub static GET_API_KEY: Operation = Operation {
        id: "getApiKey",
        path: "/v1/api-keys/{item_id}",
        method: http::Method::GET,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:keys.read"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:keys.read"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: false,
    };

    /// `getApiKeyMetadata`: GET /v1/api-keys/{item_id}/metadata
    pub static GET_API_KEY_METADATA: Operation = Operation {
        id: "getApiKeyMetadata",
        path: "/v1/api-keys/{item_id}/metadata",
        method: http::Method::GET,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:keys.read"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:keys.read"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: false,
    };

    /// `getApiKeyUsage`: GET /v1/api-keys/{item_id}/usage
    pub static GET_API_KEY_USAGE: Operation = Operation {
        id: "getApiKeyUsage",
        path: "/v1/api-keys/{item_id}/usage",
        method: http::Method::GET,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:keys.read"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:keys.read"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: false,
    };

    /// `listApiKeys`: GET /v1/api-keys/
    pub static LIST_API_KEYS: Operation = Operation {
        id: "listApiKeys",
        path: "/v1/api-keys/",
        method: http::Method::GET,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:keys.read"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:keys.read"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: false,
    };

    /// `setApiKeyMetadata`: PUT /v1/api-keys/{item_id}/metadata
    pub static SET_API_KEY_METADATA: Operation = Operation {
        id: "setApiKeyMetadata",
        path: "/v1/api-keys/{item_id}/metadata",
        method: http::Method::PUT,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:owners.write"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:owners.write"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: true,
    };

    /// `updateApiKey`: PATCH /v1/api-keys/{item_id}
    pub static UPDATE_API_KEY: Operation = Operation {
        id: "updateApiKey",
        path: "/v1/api-keys/{item_id}",
        method: http::Method::PATCH,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:keys.manage"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:keys.manage"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: true,
    };

    /// `listAuditEvents`: GET /v1/audit/events
    pub static LIST_AUDIT_EVENTS: Operation = Operation {
        id: "listAuditEvents",
        path: "/v1/audit/events",
        method: http::Method::GET,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:audit.read"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:audit.read"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: false,
    };

    /// `createServiceAccount`: POST /v1/projects/{project}/service-accounts
    pub static CREATE_SERVICE_ACCOUNT: Operation = Operation {
        id: "createServiceAccount",
        path: "/v1/projects/{project}/service-accounts",
        method: http::Method::POST,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:project.admin"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:project.admin"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: true,
    };

    /// `listMembers`: GET /v1/projects/{project}/members
    pub static LIST_MEMBERS: Operation = Operation {
        id: "listMembers",
        path: "/v1/projects/{project}/members",
        method: http::Method::GET,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:project.admin"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:project.admin"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: false,
    };

    /// `removeMember`: DELETE /v1/projects/{project}/members/{user_id}
    pub static REMOVE_MEMBER: Operation = Operation {
        id: "removeMember",
        path: "/v1/projects/{project}/members/{user_id}",
        method: http::Method::DELETE,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:project.admin"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:project.admin"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: false,
    };

    /// `setMember`: PUT /v1/projects/{project}/members/{user_id}
    pub static SET_MEMBER: Operation = Operation {
        id: "setMember",
        path: "/v1/projects/{project}/members/{user_id}",
        method: http::Method::PUT,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:project.admin"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:project.admin"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: true,
    };

    /// `createOwnerToken`: POST /v1/projects/{project}/owner-tokens
    pub static CREATE_OWNER_TOKEN: Operation = Operation {
        id: "createOwnerToken",
        path: "/v1/projects/{project}/owner-tokens",
        method: http::Method::POST,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:owners.write"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:owners.write"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: true,
    };

    /// `deleteOwner`: DELETE /v1/projects/{project}/owners/{owner_id}
    pub static DELETE_OWNER: Operation = Operation {
        id: "deleteOwner",
        path: "/v1/projects/{project}/owners/{owner_id}",
        method: http::Method::DELETE,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:owners.write"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:owners.write"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: false,
    };

    /// `getOwner`: GET /v1/projects/{project}/owners/{owner_id}
    pub static GET_OWNER: Operation = Operation {
        id: "getOwner",
        path: "/v1/projects/{project}/owners/{owner_id}",
        method: http::Method::GET,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:owners.read"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:owners.read"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: false,
    };

    /// `issueApiKey`: POST /v1/projects/{project}/api-keys
    pub static ISSUE_API_KEY: Operation = Operation {
        id: "issueApiKey",
        path: "/v1/projects/{project}/api-keys",
        method: http::Method::POST,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:owners.write"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:owners.write"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: true,
    };

    /// `listOwners`: GET /v1/projects/{project}/owners
    pub static LIST_OWNERS: Operation = Operation {
        id: "listOwners",
        path: "/v1/projects/{project}/owners",
        method: http::Method::GET,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:owners.read"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:owners.read"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: false,
    };

    /// `upsertOwner`: POST /v1/projects/{project}/owners
    pub static UPSERT_OWNER: Operation = Operation {
        id: "upsertOwner",
        path: "/v1/projects/{project}/owners",
        method: http::Method::POST,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:owners.write"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:owners.write"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: true,
    };

    /// `createProject`: POST /v1/projects
    pub static CREATE_PROJECT: Operation = Operation {
        id: "createProject",
        path: "/v1/projects",
        method: http::Method::POST,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:instance.admin"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:instance.admin"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: true,
    };

    /// `getProject`: GET /v1/projects/{project}
    pub static GET_PROJECT: Operation = Operation {
        id: "getProject",
        path: "/v1/projects/{project}",
        method: http::Method::GET,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:owners.read"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:owners.read"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: false,
    };

    /// `listProjects`: GET /v1/projects
    pub static LIST_PROJECTS: Operation = Operation {
        id: "listProjects",
        path: "/v1/projects",
        method: http::Method::GET,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &[] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &[] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: false,
    };

    /// `updateProject`: PATCH /v1/projects/{project}
    pub static UPDATE_PROJECT: Operation = Operation {
        id: "updateProject",
        path: "/v1/projects/{project}",
        method: http::Method::PATCH,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:project.admin"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:project.admin"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: true,
    };

    /// `issueToken`: POST /token
    pub static ISSUE_TOKEN: Operation = Operation {
        id: "issueToken",
        path: "/token",
        method: http::Method::POST,
        security: &[],
        authentication: Authentication::None,
        error_format: ErrorFormat::OAuth,
        has_body: true,
    };

    /// `revokeToken`: POST /v1/revoke
    pub static REVOKE_TOKEN: Operation = Operation {
        id: "revokeToken",
        path: "/v1/revoke",
        method: http::Method::POST,
        security: &[],
        authentication: Authentication::None,
        error_format: ErrorFormat::OAuth,
        has_body: true,
    };

    /// `changePassword`: PUT /v1/users/me/password
    pub static CHANGE_PASSWORD: Operation = Operation {
        id: "changePassword",
        path: "/v1/users/me/password",
        method: http::Method::PUT,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &[] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &[] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: true,
    };

    /// `createUser`: POST /v1/users
    pub static CREATE_USER: Operation = Operation {
        id: "createUser",
        path: "/v1/users",
        method: http::Method::POST,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:instance.admin"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:instance.admin"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: true,
    };

    /// `getCurrentUser`: GET /v1/users/me
    pub static GET_CURRENT_USER: Operation = Operation {
        id: "getCurrentUser",
        path: "/v1/users/me",
        method: http::Method::GET,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &[] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &[] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: false,
    };

    /// `getUser`: GET /v1/users/{user_id}
    pub static GET_USER: Operation = Operation {
        id: "getUser",
        path: "/v1/users/{user_id}",
        method: http::Method::GET,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:instance.admin"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:instance.admin"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: false,
    };

    /// `listUsers`: GET /v1/users
    pub static LIST_USERS: Operation = Operation {
        id: "listUsers",
        path: "/v1/users",
        method: http::Method::GET,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:instance.admin"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:instance.admin"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: false,
    };

    /// `updateUser`: PATCH /v1/users/{user_id}
    pub static UPDATE_USER: Operation = Operation {
        id: "updateUser",
        path: "/v1/users/{user_id}",
        method: http::Method::PATCH,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:instance.admin"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:instance.admin"] },
        ],
        authentication: Authentication::Stored,
        error_format: ErrorFormat::Problem,
        has_body: true,
    };

    /// `forwardAuth`: GET /v1/forward-auth
    pub static FORWARD_AUTH: Operation = Operation {
        id: "forwardAuth",
        path: "/v1/forward-auth",
        method: http::Method::GET,
        security: &[
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &[] },
            Requirement { scheme: SecurityScheme::ApiKeyBearer, scopes: &[] },
        ],
        authentication: Authentication::Custom,
        error_format: ErrorFormat::Problem,
        has_body: false,
    };

    /// `introspectToken`: POST /v1/introspect
    pub static INTROSPECT_TOKEN: Operation = Operation {
        id: "introspectToken",
        path: "/v1/introspect",
        method: http::Method::POST,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:verify"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:verify"] },
        ],
        authentication: Authentication::Cached,
        error_format: ErrorFormat::Problem,
        has_body: true,
    };

    /// `projectForwardAuth`: GET /v1/projects/{project}/forward-auth
    pub static PROJECT_FORWARD_AUTH: Operation = Operation {
        id: "projectForwardAuth",
        path: "/v1/projects/{project}/forward-auth",
        method: http::Method::GET,
        security: &[
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &[] },
            Requirement { scheme: SecurityScheme::ApiKeyBearer, scopes: &[] },
        ],
        authentication: Authentication::Custom,
        error_format: ErrorFormat::Problem,
        has_body: false,
    };

    /// `verifyApiKey`: POST /v1/api-keys/verify
    pub static VERIFY_API_KEY: Operation = Operation {
        id: "verifyApiKey",
        path: "/v1/api-keys/verify",
        method: http::Method::POST,
        security: &[
            Requirement { scheme: SecurityScheme::OAuth2PasswordBearer, scopes: &["latchkey:verify"] },
            Requirement { scheme: SecurityScheme::ApiKeyHeader, scopes: &["latchkey:verify"] },
        ],
        authentication: Authentication::Cached,
        error_format: ErrorFormat::Problem,
        has_body: true,
    };

    /// All operations.
    pub static ALL: &[&Operation] = &[
        &DISABLE_API_KEY,
        &ENABLE_API_KEY,
        &REVOKE_API_KEY,
        &ROTATE_API_KEY,
        &GET_API_KEY_POLICY,
        &SET_API_KEY_POLICY,
        &REVOKE_API_KEYS,
        &SEARCH_API_KEYS,
        &CREATE_API_KEY,
        &DELETE_API_KEY,
        &GET_API_KEY,
        &GET_API_KEY_METADATA,
        &GET_API_KEY_USAGE,
        &LIST_API_KEYS,
        &SET_API_KEY_METADATA,
        &UPDATE_API_KEY,
        &LIST_AUDIT_EVENTS,
        &CREATE_SERVICE_ACCOUNT,
        &LIST_MEMBERS,
        &REMOVE_MEMBER,
        &SET_MEMBER,
        &CREATE_OWNER_TOKEN,
        &DELETE_OWNER,
        &GET_OWNER,
        &ISSUE_API_KEY,
        &LIST_OWNERS,
        &UPSERT_OWNER,
        &CREATE_PROJECT,
        &GET_PROJECT,
        &LIST_PROJECTS,
        &UPDATE_PROJECT,
        &ISSUE_TOKEN,
        &REVOKE_TOKEN,
        &CHANGE_PASSWORD,
        &CREATE_USER,
        &GET_CURRENT_USER,
        &GET_USER,
        &LIST_USERS,
        &UPDATE_USER,
        &FORWARD_AUTH,
        &INTROSPECT_TOKEN,
        &PROJECT_FORWARD_AUTH,
        &VERIFY_API_KEY,
    ];
}

/// The header that carries an API key.
static API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// The credentials in a request's headers.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    /// The token of `Authorization: Bearer` (RFC 6750, section 2.1); invalid if the header has another scheme.
    pub bearer: Result<Option<&'a str>, InvalidHeader>,
    /// The value of `x-api-key`. Always `Ok` in [`Hooks::authenticate`], as the contract describes the header.
    pub api_key: Result<Option<&'a str>, InvalidHeader>,
}

impl<'a> Credentials<'a> {
    /// Reads the credentials from a request's headers.
    pub fn read(headers: &'a HeaderMap) -> Self {
        Self { bearer: bearer_token(headers), api_key: header(headers, &API_KEY) }
    }
}

fn bearer_token(headers: &HeaderMap) -> Result<Option<&str>, InvalidHeader> {
    let Some(value) = header(headers, &AUTHORIZATION)? else {
        return Ok(None);
    };
    match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token.trim_matches(' '))),
        _ => Err(InvalidHeader),
    }
}

/// What all operations share: the caller, and the error responses.
pub trait Hooks: Send + Sync + 'static {
    /// What is known of a request apart from its parameters, such as the client address.
    type Context: Send + Sync;
    /// The authenticated principal that an operation acts for.
    type Caller: Send + Sync;
    /// Why a request failed, apart from the error responses that its operation declares.
    type Error: From<ResponseError> + Send;

    /// Builds the context of a request, before anything else is read.
    fn context(&self, request: &Parts) -> Self::Context;

    /// Authenticates the caller of an operation. Runs before the body is read.
    fn authenticate(
        &self,
        operation: &'static Operation,
        context: &Self::Context,
        credentials: Credentials<'_>,
    ) -> impl Future<Output = Result<Self::Caller, Self::Error>> + Send;

    /// Checks that the caller has the scopes that the operation needs ([`Operation::scopes`]). Runs before the body is read.
    fn authorize(
        &self,
        operation: &'static Operation,
        caller: &Self::Caller,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// The response to a request whose API key cannot be read: its header is repeated, or not visible ASCII. Nothing else of
    /// the request is looked at.
    fn on_unreadable_api_key(&self, operation: &'static Operation) -> ErrorResponse;

    /// The response to a request that violates the contract. Its cause is not known yet: the request was only found
    /// invalid, and this hook finds every validation error.
    fn on_invalid_request(
        &self,
        operation: &'static Operation,
        request: &Parts,
        body: &Bytes,
    ) -> impl Future<Output = ErrorResponse> + Send;

    /// The response to a request whose body could not be read to its end.
    fn on_body_error(&self, operation: &'static Operation, error: axum::Error) -> ErrorResponse;

    /// The response to a request that failed.
    fn on_error(&self, operation: &'static Operation, error: Self::Error) -> ErrorResponse;
}
