//! What any operation may fail with beyond the answers that it declares.

use std::error::Error;

/// A failed operation. The cause goes to the log, never to the client.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The credential was good, but its user is disabled, gone, or has ended their tokens.
    #[error("the credential is no longer good")]
    CallerGone,
    /// The credential was good, but may not hand out so much.
    #[error("the credential may not hand out more than it has")]
    NotCovered,
    /// The request that a gateway asks about has no key.
    #[error("there is no key")]
    KeyMissing,
    /// Its key is not good; the sentence says why.
    #[error("the key is not good: {0}")]
    KeyRefused(&'static str),
    /// Its key lacks one of these scopes.
    #[error("the key lacks a scope")]
    ScopeMissing(Vec<String>),
    /// Its key may not be used from there.
    #[error("the key may not be used from there")]
    NetworkNotAllowed,
    /// The database does not answer, or not in time: worth another try.
    #[error("the database does not answer")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// A fault of this program.
    #[error("internal error")]
    Internal(#[source] Box<dyn Error + Send + Sync>),
}

/// An error and what caused it, in one line for the log or for an operator; never for a client.
pub fn in_one_line(error: &(dyn Error + 'static)) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        line = format!("{line}: {error}");
        cause = error.source();
    }
    line
}

impl Failure {
    /// A fault of this program, with its cause.
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }

    /// A want of something that may be there again soon, with its cause.
    pub fn unavailable(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Unavailable(cause.into())
    }
}
