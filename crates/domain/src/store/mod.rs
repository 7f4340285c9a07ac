//! All SQL of Latchkey, the connections that it runs on, and what a node knows of changes.
//!
//! Reads share a few connections and are pipelined on them (`read_connections`); lookups of keys by their hash share
//! statements, too (`keys::lookup`). A write takes a connection of the pool for itself, because each commit waits for its own
//! flush. Every statement that acts for a caller carries the condition that the caller is still active (`active_caller`), so
//! that a disabled user's tokens end at once, without a second query.
//!
//! A write that changes whether a key is valid invalidates the caches of this node itself ([`Freshness`]). The caches of other
//! nodes learn of it from the change feed ([`change_feed`]).

mod active_caller;
pub mod audit_events;
pub mod change_feed;
mod connection;
mod error;
pub mod freshness;
pub mod idempotency_keys;
pub mod keys;
pub mod login_attempts;
pub mod migrations;
mod policy_binds;
mod read_connections;
mod rows;
pub(crate) mod schema;
mod sql;
mod transaction;
mod usage;
mod users;

use std::{sync::Arc, time::Duration};

use diesel_async::{
    AsyncPgConnection,
    pooled_connection::{
        AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod,
        deadpool::{Object, Pool},
    },
};
use futures_util::FutureExt;
use tokio::time::timeout;

pub use self::{
    connection::{ConnectionConfig, InvalidDatabaseUrl},
    error::StoreError,
    freshness::Freshness,
};
use self::{
    keys::lookup::KeyLoader,
    read_connections::{ReadConnections, SharedConnection},
};
use crate::model::Clock;

/// How the store connects.
pub struct StoreConfig {
    /// Where the database is, and the statement timeout.
    pub connection: ConnectionConfig,
    /// The most connections for writes.
    pub write_pool_size: usize,
    /// The number of shared connections for reads.
    pub read_connections: usize,
    /// How long a statement waits for a connection.
    pub acquire_timeout: Duration,
    /// Tells how old a cache entry is.
    pub clock: Clock,
}

/// Everything that Latchkey stores.
pub struct Store {
    connection: Arc<ConnectionConfig>,
    write_pool: Pool<AsyncPgConnection>,
    read_connections: Arc<ReadConnections>,
    key_loader: Arc<KeyLoader>,
    acquire_timeout: Duration,
    freshness: Freshness,
}

/// The state of the write pool.
#[derive(Debug, Clone, Copy)]
pub struct PoolStatus {
    /// The most connections.
    pub max: usize,
    /// Open connections.
    pub open: usize,
    /// Open connections that are not in use.
    pub idle: usize,
    /// Requests that wait for a connection.
    pub pending: usize,
}

impl Store {
    /// Does not connect yet: connections are opened when they are first needed, and again after they were lost.
    pub fn new(config: StoreConfig) -> Result<Self, StoreError> {
        let connection = Arc::new(config.connection);
        let mut manager = ManagerConfig::default();
        // The connection itself knows whether it was lost, so no query has to test it.
        manager.recycling_method = RecyclingMethod::Fast;
        manager.custom_setup = {
            let connection = Arc::clone(&connection);
            Box::new(move |_| {
                let connection = Arc::clone(&connection);
                async move { connection.connect().await }.boxed()
            })
        };
        let manager = AsyncDieselConnectionManager::new_with_config(String::new(), manager);
        let write_pool =
            Pool::builder(manager).max_size(config.write_pool_size).build().map_err(StoreError::internal)?;
        let read_connections =
            Arc::new(ReadConnections::new(Arc::clone(&connection), config.read_connections, config.acquire_timeout));
        Ok(Self {
            write_pool,
            key_loader: KeyLoader::new(Arc::clone(&read_connections)),
            read_connections,
            connection,
            acquire_timeout: config.acquire_timeout,
            freshness: Freshness::new(config.clock),
        })
    }

    /// The state of the write pool.
    pub fn pool_status(&self) -> PoolStatus {
        let status = self.write_pool.status();
        PoolStatus { max: status.max_size, open: status.size, idle: status.available, pending: status.waiting }
    }

    /// What this node knows of changes.
    pub fn freshness(&self) -> &Freshness {
        &self.freshness
    }

    async fn write_connection(&self) -> Result<Object<AsyncPgConnection>, StoreError> {
        timeout(self.acquire_timeout, self.write_pool.get())
            .await
            .map_err(StoreError::unavailable)?
            .map_err(StoreError::unavailable)
    }

    /// A connection that other reads use at the same time.
    async fn read_connection(&self) -> Result<Arc<SharedConnection>, StoreError> {
        self.read_connections.get().await
    }
}
