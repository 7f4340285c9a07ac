//! All SQL of Latchkey, and the connections that it runs on.
//!
//! Reads go over a few shared connections, pipelined (`readers`), and look-ups of keys by their hash many in one statement
//! (`known_keys`); writes take a connection of the pool for themselves, because each commit waits for its own flush. Every
//! statement that acts for a caller carries the check that the caller's user still stands (`callers`), so that a disabled
//! user's tokens end at once, without a second query.

pub mod audit_events;
mod callers;
pub mod changes;
mod connection;
mod error;
pub mod failed_logins;
pub mod idempotent_answers;
pub mod key_changes;
pub mod keys;
mod known_keys;
pub mod migrations;
mod readers;
pub(crate) mod schema;
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
use secrecy::SecretSlice;
use tokio::time::timeout;

pub use self::connection::{ConnectionSettings, InvalidUrl};
pub use self::error::StoreError;
use self::{
    known_keys::KnownKeys,
    readers::{Reader, Readers},
};

/// How the store connects.
pub struct StoreSettings {
    /// Where the database is, and how long a statement may take.
    pub connection: ConnectionSettings,
    /// How many connections for writes, at most.
    pub pool_size: usize,
    /// How many shared connections for reads.
    pub readers: usize,
    /// How long a statement waits for a connection.
    pub pool_timeout: Duration,
    /// Under which names of failed logins are hashed.
    pub name_secret: SecretSlice<u8>,
}

/// Everything that Latchkey keeps.
pub struct Store {
    connection: Arc<ConnectionSettings>,
    pool: Pool<AsyncPgConnection>,
    readers: Arc<Readers>,
    known_keys: Arc<KnownKeys>,
    pool_timeout: Duration,
    name_secret: SecretSlice<u8>,
}

/// How busy the connections for writes are.
#[derive(Debug, Clone, Copy)]
pub struct PoolStatus {
    /// How many there may be.
    pub max: usize,
    /// How many are open.
    pub open: usize,
    /// How many of the open ones nobody uses.
    pub idle: usize,
    /// How many requests wait for one.
    pub waiting: usize,
}

/// A connection of the pool in the middle of a transaction. When the request is given up on the way (its client went away,
/// its time was over), the connection is closed, and so the transaction undone: back in the pool, it would keep its locks
/// until somebody took it.
struct UntilDone(Option<Object<AsyncPgConnection>>);

impl UntilDone {
    fn new(writer: Object<AsyncPgConnection>) -> Self {
        Self(Some(writer))
    }

    fn connection(&mut self) -> Result<&mut AsyncPgConnection, StoreError> {
        match &mut self.0 {
            Some(writer) => Ok(&mut *writer),
            None => Err(StoreError::internal("the transaction is done")),
        }
    }

    /// The transaction has ended, one way or the other: back to the pool.
    fn done(&mut self) {
        self.0 = None;
    }
}

impl Drop for UntilDone {
    fn drop(&mut self) {
        if let Some(writer) = self.0.take() {
            drop(Object::take(writer));
        }
    }
}

impl Store {
    /// Connects nowhere yet: connections are made when they are first needed, and again when they were lost.
    pub fn new(settings: StoreSettings) -> Result<Self, StoreError> {
        let connection = Arc::new(settings.connection);
        let mut manager = ManagerConfig::default();
        // Whether a connection was lost is known without asking the database each time.
        manager.recycling_method = RecyclingMethod::Fast;
        manager.custom_setup = {
            let connection = Arc::clone(&connection);
            Box::new(move |_| {
                let connection = Arc::clone(&connection);
                async move { connection.open().await }.boxed()
            })
        };
        let manager = AsyncDieselConnectionManager::new_with_config(String::new(), manager);
        let pool = Pool::builder(manager).max_size(settings.pool_size).build().map_err(StoreError::internal)?;
        let readers = Arc::new(Readers::new(Arc::clone(&connection), settings.readers, settings.pool_timeout));
        Ok(Self {
            pool,
            known_keys: KnownKeys::new(Arc::clone(&readers)),
            readers,
            connection,
            pool_timeout: settings.pool_timeout,
            name_secret: settings.name_secret,
        })
    }

    /// How busy the connections for writes are.
    pub fn pool_status(&self) -> PoolStatus {
        let status = self.pool.status();
        PoolStatus { max: status.max_size, open: status.size, idle: status.available, waiting: status.waiting }
    }

    /// A connection to write on.
    async fn writer(&self) -> Result<Object<AsyncPgConnection>, StoreError> {
        timeout(self.pool_timeout, self.pool.get())
            .await
            .map_err(StoreError::unavailable)?
            .map_err(StoreError::unavailable)
    }

    /// A connection to read on, which others read on at the same time.
    async fn reader(&self) -> Result<Arc<Reader>, StoreError> {
        self.readers.get().await
    }
}
