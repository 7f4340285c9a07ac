//! What any operation can fail with beyond its own outcomes.

use std::error::Error as StdError;

/// A failed operation. Its cause goes to the log, never to the client.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The credential was valid when it was authenticated, but its user is disabled or revoked it.
    #[error("the caller is inactive")]
    CallerInactive,
    /// The API key was valid when it was authenticated, but is no longer, or has another policy.
    #[error("the key of the caller is inactive")]
    KeyInactive,
    /// The key that the operation is about, or the expiry of the caller's own key, changed during each attempt.
    #[error("the key changed during each attempt")]
    Contention,
    /// The operation would hand out more than the caller has, or is about a key that has more, see
    /// [`Caller`](super::Caller).
    #[error("the caller has insufficient permissions")]
    InsufficientPermissions,
    /// The role of the caller's principal does not permit the operation.
    #[error("the role of the caller does not permit it")]
    InsufficientRole,
    /// There is no such project, or the caller does not belong to it.
    #[error("there is no such project")]
    ProjectNotFound,
    /// The project limits how long its keys are valid, and the key would expire later, or never.
    #[error("the key would be valid for longer than its project allows")]
    ExpiresTooLate,
    /// A member manages the key, so that its principal may only restrict it.
    #[error("the key is managed")]
    KeyManaged,
    /// The address has sent many keys that do not exist, and another of its keys is being looked up.
    #[error("too many lookups of keys that do not exist")]
    TooManyLookups,
    /// The database does not respond, or not in time. The request may succeed later.
    #[error("the database does not respond")]
    Unavailable(#[source] Box<dyn StdError + Send + Sync>),
    /// A defect of this program or of the database.
    #[error("internal error")]
    Internal(#[source] Box<dyn StdError + Send + Sync>),
}

impl Error {
    /// An [`Error::Internal`] with this cause.
    pub fn internal(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }

    /// An [`Error::Unavailable`] with this cause.
    pub fn unavailable(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Unavailable(cause.into())
    }
}

/// An error and its causes in one line, for the log or an operator; never for a client.
pub fn error_chain(error: &(dyn StdError + 'static)) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        line = format!("{line}: {error}");
        cause = error.source();
    }
    line
}
