//! What an operation of the contract can fail with beyond its own responses.

use crate::model::Error;

/// A failed operation.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// A domain error.
    #[error(transparent)]
    Domain(#[from] Error),
    /// The request that a gateway authorizes has no key.
    #[error("there is no key")]
    MissingCredentials,
    /// Its key is invalid; the sentence says why.
    #[error("the key is invalid: {0}")]
    InvalidKey(&'static str),
    /// Its key lacks one of these scopes.
    #[error("the key lacks a scope")]
    InsufficientScope(Vec<String>),
    /// Its key may not be used from the client's address.
    #[error("the key may not be used from this network")]
    NetworkNotAllowed,
}

impl ApiError {
    /// A defect of this program, with its cause.
    pub(super) fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Domain(Error::internal(cause))
    }
}
