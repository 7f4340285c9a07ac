//! What an implementation of the contract provides: one trait per tag, and the hooks that surround every operation.

use std::future::Future;

use axum::response::Response;
use http::request::Parts;

pub mod api_keys;
pub mod tokens;
pub mod users;

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

    /// All of them.
    pub static ALL: &[&Operation] = &[
        &CREATE_API_KEY,
        &DELETE_API_KEY,
        &GET_API_KEY,
        &LIST_API_KEYS,
        &UPDATE_API_KEY,
        &ISSUE_TOKEN,
        &GET_CURRENT_USER,
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
