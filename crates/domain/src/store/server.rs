//! Which database server the node works with.
//!
//! The change feed knows of the changes on one server, so it vouches only for what was read from the same one. A URL with several
//! hosts, a pooler or a virtual address can lead a connection to another server: a standby that lags behind, or an old primary
//! that does not know yet that it was replaced. The change feed therefore decides which server the node works with, each new
//! connection is checked against it, and each read that the cache may keep names the server that it came from.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use diesel::{
    dsl::sql,
    expression::SqlLiteral,
    sql_types::{Nullable, Timestamptz},
};
use diesel_async::AsyncPgConnection;

use super::StoreError;

/// The SQL expression for the server that evaluates it: when it was started; null on a standby. The time has microseconds, and
/// changes when a server is restarted. It stays the same when a standby is promoted, but nothing was read from it before.
pub(super) const SERVER_RUN: &str = "CASE WHEN NOT pg_is_in_recovery() THEN pg_postmaster_start_time() END";

/// One run of a database server that is a primary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServerRun(i64);

impl ServerRun {
    /// The run that [`SERVER_RUN`] has evaluated to; `None` for a standby.
    pub(super) fn new(started_at: Option<DateTime<Utc>>) -> Option<Self> {
        started_at.map(|started_at| Self(started_at.timestamp_micros()))
    }
}

#[cfg(test)]
impl ServerRun {
    pub(crate) fn of_test() -> Self {
        Self(1)
    }
}

/// The server of the change feed.
#[derive(Debug, Default)]
pub(super) struct CurrentServer {
    /// Microseconds; 0 if there is none.
    started_at: AtomicI64,
}

impl CurrentServer {
    /// Sets the server, and returns whether it was another one before.
    pub(super) fn set(&self, server: Option<ServerRun>) -> bool {
        let started_at = server.map_or(0, |run| run.0);
        self.started_at.swap(started_at, Ordering::AcqRel) != started_at
    }

    /// Fails if something was read from another server. Without a change feed every primary is right.
    pub(super) fn check(&self, read_from: Option<ServerRun>) -> Result<(), StoreError> {
        let current = self.started_at.load(Ordering::Acquire);
        match read_from {
            None => Err(StoreError::unavailable("the database server is a standby")),
            Some(run) if current == 0 || current == run.0 => Ok(()),
            Some(_) => Err(StoreError::unavailable("the database server is not the one of the change feed")),
        }
    }

    /// Fails if a connection leads to another server.
    pub(super) async fn check_connection(&self, mut connection: &AsyncPgConnection) -> Result<(), StoreError> {
        // In scope, it would hide the methods of the atomic number.
        use diesel_async::RunQueryDsl;
        let server: SqlLiteral<Nullable<Timestamptz>> = sql(SERVER_RUN);
        self.check(ServerRun::new(diesel::select(server).get_result(&mut connection).await?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(seconds: i64) -> Option<ServerRun> {
        ServerRun::new(DateTime::from_timestamp(seconds, 0))
    }

    #[test]
    fn only_the_server_of_the_change_feed_is_right() {
        let current = CurrentServer::default();
        assert!(current.check(run(1)).is_ok() && current.check(run(2)).is_ok() && current.check(None).is_err());
        assert!(current.set(run(1)));
        assert!(!current.set(run(1)));
        assert!(current.check(run(1)).is_ok() && current.check(run(2)).is_err() && current.check(None).is_err());
        assert!(current.set(run(2)));
        assert!(current.check(run(1)).is_err() && current.check(run(2)).is_ok());
        assert!(current.set(None));
        assert!(current.check(run(1)).is_ok());
    }
}
