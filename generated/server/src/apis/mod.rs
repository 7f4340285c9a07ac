//! What an implementation of the contract provides: one trait per tag, and the hooks that surround every operation.

use std::future::Future;

use axum::response::Response;
use http::request::Parts;

pub mod api_keys;
pub mod audit;
pub mod lifecycle;
pub mod tokens;
pub mod users;
pub mod verification;

/// An operation of the contract, for what surrounds it.
#[derive(Debug, PartialEq, Eq)]
pub struct Operation {
    /// Its `operationId`.
    pub id: &'static str,
    /// The path template that routes to it.
    pub path: &'static str,
    /// The method that routes to it.
    pub method: http::Method,
    /// The security schemes of which any one will do; none where anybody may call.
    pub schemes: &'static [Scheme],
}

/// A security scheme that an operation names, with the scopes that it asks for.
#[derive(Debug, PartialEq, Eq)]
pub struct Scheme {
    /// Its name in the contract.
    pub name: &'static str,
    /// All of these are needed.
    pub scopes: &'static [&'static str],
}

/// Every operation of the contract.
pub mod operation {
    use super::{Operation, Scheme};

    /// `createApiKey`: POST /v1/api-keys/
    pub static CREATE_API_KEY: Operation = Operation {
        id: "createApiKey",
        path: "/v1/api-keys/",
        method: http::Method::POST,
        schemes: &[
            Scheme { name: "APIKeyHeader", scopes: &[] },
            Scheme { name: "OAuth2PasswordBearer", scopes: &["latchkey:keys.write"] },
        ],
    };

    /// `deleteApiKey`: DELETE /v1/api-keys/{item_id}
    pub static DELETE_API_KEY: Operation = Operation {
        id: "deleteApiKey",
        path: "/v1/api-keys/{item_id}",
        method: http::Method::DELETE,
        schemes: &[
            Scheme { name: "APIKeyHeader", scopes: &[] },
            Scheme { name: "OAuth2PasswordBearer", scopes: &["latchkey:keys.write"] },
        ],
    };

    /// `getApiKey`: GET /v1/api-keys/{item_id}
    pub static GET_API_KEY: Operation = Operation {
        id: "getApiKey",
        path: "/v1/api-keys/{item_id}",
        method: http::Method::GET,
        schemes: &[
            Scheme { name: "APIKeyHeader", scopes: &[] },
            Scheme { name: "OAuth2PasswordBearer", scopes: &["latchkey:keys.read"] },
        ],
    };

    /// `listApiKeys`: GET /v1/api-keys/
    pub static LIST_API_KEYS: Operation = Operation {
        id: "listApiKeys",
        path: "/v1/api-keys/",
        method: http::Method::GET,
        schemes: &[
            Scheme { name: "APIKeyHeader", scopes: &[] },
            Scheme { name: "OAuth2PasswordBearer", scopes: &["latchkey:keys.read"] },
        ],
    };

    /// `updateApiKey`: PATCH /v1/api-keys/{item_id}
    pub static UPDATE_API_KEY: Operation = Operation {
        id: "updateApiKey",
        path: "/v1/api-keys/{item_id}",
        method: http::Method::PATCH,
        schemes: &[
            Scheme { name: "APIKeyHeader", scopes: &[] },
            Scheme { name: "OAuth2PasswordBearer", scopes: &["latchkey:keys.write"] },
        ],
    };

    /// `listAuditEvents`: GET /v1/audit/events
    pub static LIST_AUDIT_EVENTS: Operation = Operation {
        id: "listAuditEvents",
        path: "/v1/audit/events",
        method: http::Method::GET,
        schemes: &[
            Scheme { name: "APIKeyHeader", scopes: &[] },
            Scheme { name: "OAuth2PasswordBearer", scopes: &["latchkey:audit.read"] },
        ],
    };

    /// `disableApiKey`: POST /v1/api-keys/{item_id}/disable
    pub static DISABLE_API_KEY: Operation = Operation {
        id: "disableApiKey",
        path: "/v1/api-keys/{item_id}/disable",
        method: http::Method::POST,
        schemes: &[
            Scheme { name: "APIKeyHeader", scopes: &[] },
            Scheme { name: "OAuth2PasswordBearer", scopes: &["latchkey:keys.write"] },
        ],
    };

    /// `enableApiKey`: POST /v1/api-keys/{item_id}/enable
    pub static ENABLE_API_KEY: Operation = Operation {
        id: "enableApiKey",
        path: "/v1/api-keys/{item_id}/enable",
        method: http::Method::POST,
        schemes: &[
            Scheme { name: "APIKeyHeader", scopes: &[] },
            Scheme { name: "OAuth2PasswordBearer", scopes: &["latchkey:keys.write"] },
        ],
    };

    /// `getApiKeyPolicy`: GET /v1/api-keys/{item_id}/policy
    pub static GET_API_KEY_POLICY: Operation = Operation {
        id: "getApiKeyPolicy",
        path: "/v1/api-keys/{item_id}/policy",
        method: http::Method::GET,
        schemes: &[
            Scheme { name: "APIKeyHeader", scopes: &[] },
            Scheme { name: "OAuth2PasswordBearer", scopes: &["latchkey:keys.read"] },
        ],
    };

    /// `getApiKeyUsage`: GET /v1/api-keys/{item_id}/usage
    pub static GET_API_KEY_USAGE: Operation = Operation {
        id: "getApiKeyUsage",
        path: "/v1/api-keys/{item_id}/usage",
        method: http::Method::GET,
        schemes: &[
            Scheme { name: "APIKeyHeader", scopes: &[] },
            Scheme { name: "OAuth2PasswordBearer", scopes: &["latchkey:keys.read"] },
        ],
    };

    /// `revokeApiKey`: POST /v1/api-keys/{item_id}/revoke
    pub static REVOKE_API_KEY: Operation = Operation {
        id: "revokeApiKey",
        path: "/v1/api-keys/{item_id}/revoke",
        method: http::Method::POST,
        schemes: &[
            Scheme { name: "APIKeyHeader", scopes: &[] },
            Scheme { name: "OAuth2PasswordBearer", scopes: &["latchkey:keys.write"] },
        ],
    };

    /// `rotateApiKey`: POST /v1/api-keys/{item_id}/rotate
    pub static ROTATE_API_KEY: Operation = Operation {
        id: "rotateApiKey",
        path: "/v1/api-keys/{item_id}/rotate",
        method: http::Method::POST,
        schemes: &[
            Scheme { name: "APIKeyHeader", scopes: &[] },
            Scheme { name: "OAuth2PasswordBearer", scopes: &["latchkey:keys.write"] },
        ],
    };

    /// `setApiKeyPolicy`: PUT /v1/api-keys/{item_id}/policy
    pub static SET_API_KEY_POLICY: Operation = Operation {
        id: "setApiKeyPolicy",
        path: "/v1/api-keys/{item_id}/policy",
        method: http::Method::PUT,
        schemes: &[
            Scheme { name: "APIKeyHeader", scopes: &[] },
            Scheme { name: "OAuth2PasswordBearer", scopes: &["latchkey:keys.write"] },
        ],
    };

    /// `issueToken`: POST /token
    pub static ISSUE_TOKEN: Operation =
        Operation { id: "issueToken", path: "/token", method: http::Method::POST, schemes: &[] };

    /// `getCurrentUser`: GET /v1/users/me
    pub static GET_CURRENT_USER: Operation = Operation {
        id: "getCurrentUser",
        path: "/v1/users/me",
        method: http::Method::GET,
        schemes: &[Scheme { name: "APIKeyHeader", scopes: &[] }, Scheme { name: "OAuth2PasswordBearer", scopes: &[] }],
    };

    /// `forwardAuth`: GET /v1/forward-auth
    pub static FORWARD_AUTH: Operation = Operation {
        id: "forwardAuth",
        path: "/v1/forward-auth",
        method: http::Method::GET,
        schemes: &[Scheme { name: "APIKeyBearer", scopes: &[] }, Scheme { name: "APIKeyHeader", scopes: &[] }],
    };

    /// `introspectToken`: POST /v1/introspect
    pub static INTROSPECT_TOKEN: Operation = Operation {
        id: "introspectToken",
        path: "/v1/introspect",
        method: http::Method::POST,
        schemes: &[
            Scheme { name: "APIKeyHeader", scopes: &[] },
            Scheme { name: "OAuth2PasswordBearer", scopes: &["latchkey:verify"] },
        ],
    };

    /// `revokeToken`: POST /v1/revoke
    pub static REVOKE_TOKEN: Operation =
        Operation { id: "revokeToken", path: "/v1/revoke", method: http::Method::POST, schemes: &[] };

    /// `verifyApiKey`: POST /v1/api-keys/verify
    pub static VERIFY_API_KEY: Operation = Operation {
        id: "verifyApiKey",
        path: "/v1/api-keys/verify",
        method: http::Method::POST,
        schemes: &[
            Scheme { name: "APIKeyHeader", scopes: &[] },
            Scheme { name: "OAuth2PasswordBearer", scopes: &["latchkey:verify"] },
        ],
    };

    /// All of them.
    pub static ALL: &[&Operation] = &[
        &CREATE_API_KEY,
        &DELETE_API_KEY,
        &GET_API_KEY,
        &LIST_API_KEYS,
        &UPDATE_API_KEY,
        &LIST_AUDIT_EVENTS,
        &DISABLE_API_KEY,
        &ENABLE_API_KEY,
        &GET_API_KEY_POLICY,
        &GET_API_KEY_USAGE,
        &REVOKE_API_KEY,
        &ROTATE_API_KEY,
        &SET_API_KEY_POLICY,
        &ISSUE_TOKEN,
        &GET_CURRENT_USER,
        &FORWARD_AUTH,
        &INTROSPECT_TOKEN,
        &REVOKE_TOKEN,
        &VERIFY_API_KEY,
    ];
}

/// What surrounds every operation: who is calling, and the answers that are not the operation's own.
pub trait Hooks: Send + Sync + 'static {
    /// Who an operation acts for.
    type Caller: Send + Sync;
    /// What an operation may fail with beyond the answers that it declares.
    type Error: Send;

    /// Decides who is calling an operation that names security schemes; `Err` is the answer to send.
    ///
    /// Runs before anything of the request is judged, and before its body is read.
    fn authenticate(
        &self,
        operation: &'static Operation,
        request: &Parts,
    ) -> impl Future<Output = Result<Self::Caller, Response>> + Send;

    /// The answer to a request that breaks the contract somewhere. The fast path says only *that* it does: what is
    /// wrong is for this hook to find.
    fn reject(&self, operation: &'static Operation, request: &Parts, body: &[u8]) -> Response;

    /// The answer to a request whose body could not be read to its end.
    fn unreadable(&self, operation: &'static Operation, request: &Parts, error: axum::Error) -> Response;

    /// The answer to a failed operation.
    fn failed(&self, operation: &'static Operation, error: Self::Error) -> Response;
}
