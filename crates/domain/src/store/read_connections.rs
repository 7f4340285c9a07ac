//! A few connections that all reads share. Postgres responds in order, so many requests can be in flight on one connection, and
//! their packets travel together: twice the rate of a connection for each request.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use diesel::QueryResult;
use diesel_async::AsyncPgConnection;
use tokio::{sync::Mutex, time::timeout};

use super::{
    ConnectionConfig, StoreError,
    server::{CurrentServer, ServerRun},
};

/// A shared connection; statements run on `&connection`.
pub(super) struct SharedConnection {
    pub(super) connection: AsyncPgConnection,
    is_lost: Arc<AtomicBool>,
    /// The number of resets before it was opened.
    generation: u64,
}

impl SharedConnection {
    /// The result of a statement on this connection. If it takes longer than `limit`, the connection is given up, so that no
    /// further statement waits behind it.
    pub(super) async fn within<T>(
        &self,
        limit: Duration,
        statement: impl Future<Output = QueryResult<T>>,
    ) -> Result<T, StoreError> {
        let result = timeout(limit, statement).await;
        let result = result.inspect_err(|_| self.is_lost.store(true, Ordering::Relaxed));
        Ok(result.map_err(StoreError::unavailable)??)
    }
}

pub(super) struct ReadConnections {
    config: Arc<ConnectionConfig>,
    server: Arc<CurrentServer>,
    generation: AtomicU64,
    slots: Box<[Mutex<Option<Arc<SharedConnection>>>]>,
    next_slot: AtomicUsize,
    acquire_timeout: Duration,
}

impl ReadConnections {
    /// `acquire_timeout` is how long a read waits for a connection to be opened.
    pub(super) fn new(
        config: Arc<ConnectionConfig>,
        server: Arc<CurrentServer>,
        count: usize,
        acquire_timeout: Duration,
    ) -> Self {
        let slots = (0..count.max(1)).map(|_| Mutex::new(None)).collect();
        let (generation, next_slot) = (AtomicU64::new(0), AtomicUsize::new(0));
        Self { config, server, generation, slots, next_slot, acquire_timeout }
    }

    /// Closes all connections, as soon as nothing runs on them. They are opened again when they are next needed.
    pub(super) fn reset(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
        for slot in &self.slots {
            // Who holds the lock opens a connection, which the generation makes unusable.
            if let Ok(mut slot) = slot.try_lock() {
                *slot = None;
            }
        }
    }

    /// Fails if a statement on a connection was served by another server than the change feed, and gives the connection up.
    pub(super) fn check(&self, shared: &SharedConnection, server: Option<ServerRun>) -> Result<(), StoreError> {
        self.server.check(server).inspect_err(|_| shared.is_lost.store(true, Ordering::Relaxed))
    }

    /// The number of connections.
    pub(super) fn count(&self) -> usize {
        self.slots.len()
    }

    /// How long a read waits for a connection.
    pub(super) fn acquire_timeout(&self) -> Duration {
        self.acquire_timeout
    }

    /// The next connection in turn.
    pub(super) async fn get(&self) -> Result<Arc<SharedConnection>, StoreError> {
        let slot = self.next_slot.fetch_add(1, Ordering::Relaxed);
        timeout(self.acquire_timeout, self.get_slot(slot)).await.map_err(StoreError::unavailable)?
    }

    /// The connection of a slot (modulo their number), which is opened again if it was lost. Concurrent callers wait for one
    /// attempt.
    pub(super) async fn get_slot(&self, index: usize) -> Result<Arc<SharedConnection>, StoreError> {
        let mut slot = self.slots[index % self.slots.len()].lock().await;
        let generation = self.generation.load(Ordering::Acquire);
        let is_usable = |shared: &&Arc<SharedConnection>| {
            shared.generation == generation && !shared.is_lost.load(Ordering::Relaxed)
        };
        if let Some(shared) = slot.as_ref().filter(is_usable) {
            return Ok(Arc::clone(shared));
        }
        *slot = None;
        let shared = Arc::new(self.open(generation).await?);
        *slot = Some(Arc::clone(&shared));
        Ok(shared)
    }

    async fn open(&self, generation: u64) -> Result<SharedConnection, StoreError> {
        let (client, connection) = self.config.connect_client().await.map_err(StoreError::unavailable)?;
        let is_lost = Arc::new(AtomicBool::new(false));
        tokio::spawn({
            let is_lost = Arc::clone(&is_lost);
            async move {
                connection.await;
                is_lost.store(true, Ordering::Relaxed);
            }
        });
        let connection = AsyncPgConnection::try_from(client).await.map_err(StoreError::unavailable)?;
        self.server.check_connection(&connection).await?;
        Ok(SharedConnection { connection, is_lost, generation })
    }
}
