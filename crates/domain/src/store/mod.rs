//! All SQL of Latchkey, the connections that it runs on, and what a node knows of changes.
//!
//! Reads share a few connections and are pipelined on them (`read_connections`). Lookups of keys by their hash share statements,
//! too (`keys::lookup`), and have connections of their own, because Postgres responds in order: on one connection, each list that
//! takes long would delay verifications. A write takes a connection of the pool for itself, because each commit waits for its own
//! flush. Every statement that acts for a caller carries the condition that the caller is still active (`active_caller`), so
//! that a disabled user's tokens end at once, without a second query. Logins, which anyone can attempt, have connections of
//! their own (`login_attempts`).
//!
//! A write that changes whether a key is valid invalidates the caches of this node itself ([`Freshness`]). The caches of other
//! nodes learn of it from the change feed ([`change_feed`]).

mod active_caller;
pub mod audit_events;
pub mod change_feed;
mod connection;
mod durability;
mod error;
pub mod freshness;
pub mod idempotency_keys;
pub mod keys;
pub mod login_attempts;
pub mod members;
pub mod migrations;
pub mod owners;
mod policy_binds;
pub mod principals;
mod project_access;
pub mod projects;
mod read_connections;
mod rows;
pub mod runtime_role;
pub(crate) mod schema;
mod server;
mod sql;
mod tls;
mod transaction;
mod usage;
pub mod users;
mod write_pool;

use std::{sync::Arc, time::Duration};

use diesel_async::{AsyncPgConnection, pooled_connection::deadpool::Object};

pub use self::{
    connection::{ConnectionConfig, InvalidDatabaseUrl},
    error::StoreError,
    freshness::Freshness,
    server::ServerRun,
    write_pool::PoolStatus,
};
use self::{
    keys::lookup::KeyLoader,
    read_connections::{ReadConnections, SharedConnection},
    server::CurrentServer,
    write_pool::WritePool,
};
use crate::model::Clock;

/// The most connections for writes of logins. No more logins write at once than passwords are hashed.
const LOGIN_POOL_SIZE: usize = 2;

/// How the store connects.
pub struct StoreConfig {
    /// Where the database is, and the statement timeout.
    pub connection: ConnectionConfig,
    /// The most connections for writes.
    pub write_pool_size: usize,
    /// The number of shared connections for lookups, and of those for all other reads.
    pub read_connections: usize,
    /// How long a statement waits for a connection.
    pub acquire_timeout: Duration,
    /// Tells how old a cache entry is.
    pub clock: Clock,
}

/// Everything that Latchkey stores.
pub struct Store {
    connection: Arc<ConnectionConfig>,
    server: Arc<CurrentServer>,
    write_pool: WritePool,
    login_pool: WritePool,
    lookup_connections: Arc<ReadConnections>,
    read_connections: ReadConnections,
    login_reads: ReadConnections,
    acquire_timeout: Duration,
    key_loader: Arc<KeyLoader>,
    freshness: Freshness,
}

impl Store {
    /// Does not connect yet: connections are opened when they are first needed, and again after they were lost.
    pub fn new(config: StoreConfig) -> Result<Self, StoreError> {
        let (connection, server) = (Arc::new(config.connection), Arc::new(CurrentServer::default()));
        let timeout = config.acquire_timeout;
        let pool = |size| WritePool::new(Arc::clone(&connection), Arc::clone(&server), size, timeout);
        let reads = |count| ReadConnections::new(Arc::clone(&connection), Arc::clone(&server), count, timeout);
        let (write_pool, login_pool) = (pool(config.write_pool_size)?, pool(LOGIN_POOL_SIZE)?);
        let lookup_connections = Arc::new(reads(config.read_connections));
        let (read_connections, login_reads) = (reads(config.read_connections), reads(1));
        Ok(Self {
            key_loader: KeyLoader::new(Arc::clone(&lookup_connections)),
            connection,
            server,
            write_pool,
            login_pool,
            lookup_connections,
            read_connections,
            login_reads,
            acquire_timeout: timeout,
            freshness: Freshness::new(config.clock),
        })
    }

    /// The state of the write pool.
    pub fn pool_status(&self) -> PoolStatus {
        self.write_pool.status()
    }

    /// What this node knows of changes.
    pub fn freshness(&self) -> &Freshness {
        &self.freshness
    }

    /// Works with the server of the change feed from now on. If it is another one than before, no cache entry may be used any
    /// more, and all connections are closed. With `None`, any primary will do.
    pub fn follow_server(&self, server: Option<ServerRun>) -> Result<(), StoreError> {
        if self.server.set(server) {
            self.freshness.invalidate_all();
            self.lookup_connections.reset();
            self.read_connections.reset();
            self.login_reads.reset();
            self.write_pool.reset()?;
            self.login_pool.reset()?;
        }
        Ok(())
    }

    /// Fails if a poll of the change feed reached another server than the one that is followed.
    pub fn ensure_server(&self, server: ServerRun) -> Result<(), StoreError> {
        self.server.check(Some(server))
    }

    async fn write_connection(&self) -> Result<Object<AsyncPgConnection>, StoreError> {
        self.write_pool.get().await
    }

    /// How long a login may take to read or to write. A statement that Postgres itself cancels in time ends before, and its error
    /// is more precise. But Postgres may hang while its connection stays open.
    fn login_timeout(&self) -> Duration {
        self.acquire_timeout.saturating_add(self.connection.statement_timeout())
    }

    /// A connection that other reads use at the same time.
    async fn read_connection(&self) -> Result<Arc<SharedConnection>, StoreError> {
        self.read_connections.get().await
    }
}
