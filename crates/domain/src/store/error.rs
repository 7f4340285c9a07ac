//! What a statement can fail with. Errors of the database are translated once, by kind, and by text only where diesel has no
//! kind.

use std::error::Error as StdError;

use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::model::Error;

/// A failed statement.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A row violates the unique constraint of this name.
    #[error("the constraint {constraint} was violated")]
    UniqueViolation {
        /// The name of the constraint.
        constraint: String,
    },
    /// The database does not respond, or not in time, or the statement lost a conflict with another and can be repeated.
    #[error("the database does not respond")]
    Unavailable(#[source] Box<dyn StdError + Send + Sync>),
    /// Anything else: a defect of this program or of the database.
    #[error("a statement failed")]
    Internal(#[source] Box<dyn StdError + Send + Sync>),
}

impl StoreError {
    pub(crate) fn unavailable(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Unavailable(cause.into())
    }

    pub(crate) fn internal(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        match &error {
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, information) => {
                Self::UniqueViolation { constraint: information.constraint_name().unwrap_or("unknown").to_owned() }
            }
            DieselError::DatabaseError(
                DatabaseErrorKind::UnableToSendCommand
                | DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::ReadOnlyTransaction
                | DatabaseErrorKind::SerializationFailure,
                _,
            )
            | DieselError::BrokenTransactionManager => Self::unavailable(error),
            // diesel does not keep the SQLSTATE of a shutdown, a crash, a statement timeout or a deadlock.
            DieselError::DatabaseError(DatabaseErrorKind::Unknown, information)
                if [
                    "terminating connection",
                    "the database system is",
                    "canceling statement due to statement timeout",
                    "deadlock detected",
                ]
                .iter()
                .any(|start| information.message().starts_with(start)) =>
            {
                Self::unavailable(error)
            }
            _ => Self::internal(error),
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(cause) => Self::Unavailable(cause),
            StoreError::Internal(cause) => Self::Internal(cause),
            // A caller that expects a violation handles it before this conversion.
            StoreError::UniqueViolation { .. } => Self::internal(error),
        }
    }
}
