//! Statements that do not outlive their request.

use diesel_async::{AsyncPgConnection, pooled_connection::deadpool::Object};

use super::StoreError;

/// A connection of a pool within a transaction, or while a statement may hang. If the request is dropped half-way (its client
/// disconnected, or it timed out), the connection is closed, which rolls the transaction back. In the pool, it would hold its
/// locks until somebody took it, who would then wait for the same statement.
pub(super) struct TransactionGuard(Option<Object<AsyncPgConnection>>);

impl TransactionGuard {
    pub(super) fn new(connection: Object<AsyncPgConnection>) -> Self {
        Self(Some(connection))
    }

    pub(super) fn connection(&mut self) -> Result<&mut AsyncPgConnection, StoreError> {
        match &mut self.0 {
            Some(connection) => Ok(&mut *connection),
            None => Err(StoreError::internal("the transaction has ended")),
        }
    }

    /// Returns the connection to the pool, because the transaction was committed or rolled back, or the statements have ended.
    pub(super) fn release(&mut self) {
        self.0 = None;
    }
}

impl Drop for TransactionGuard {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            drop(Object::take(connection));
        }
    }
}
