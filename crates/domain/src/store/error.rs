//! What a statement may fail with, told apart once, by kind and never by text where there is a kind.

use std::error::Error;

use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::error::Failure;

/// A statement that failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The constraint of this name was violated.
    #[error("the constraint {0} was violated")]
    Unique(String),
    /// The database does not answer, or not in time.
    #[error("the database does not answer")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// Anything else: a fault of this program, or of the database's.
    #[error("a statement failed")]
    Internal(#[source] Box<dyn Error + Send + Sync>),
}

impl StoreError {
    pub(crate) fn unavailable(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Unavailable(cause.into())
    }

    pub(crate) fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        match &error {
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, information) => {
                Self::Unique(information.constraint_name().unwrap_or("unknown").to_owned())
            }
            DieselError::DatabaseError(
                DatabaseErrorKind::UnableToSendCommand
                | DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::ReadOnlyTransaction,
                _,
            )
            | DieselError::BrokenTransactionManager => Self::unavailable(error),
            // diesel keeps no SQLSTATE of these, so the text must do: a shutdown, a crash, and a statement timeout.
            DieselError::DatabaseError(DatabaseErrorKind::Unknown, information)
                if [
                    "terminating connection",
                    "the database system is",
                    "canceling statement due to statement timeout",
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

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(cause) => Self::Unavailable(cause),
            StoreError::Internal(cause) => Self::Internal(cause),
            // Who expects a violation has handled it before it becomes a failure.
            StoreError::Unique(_) => Self::internal(error),
        }
    }
}
