//! A few connections that all reads share. Postgres responds in order, so many requests can be in flight on one connection, and
//! their packets travel together: twice the rate of a connection for each request.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use diesel_async::AsyncPgConnection;
use tokio::{sync::Mutex, time::timeout};

use super::{ConnectionConfig, StoreError};

/// A shared connection; statements run on `&connection`.
pub(super) struct SharedConnection {
    pub(super) connection: AsyncPgConnection,
    is_lost: Arc<AtomicBool>,
}

pub(super) struct ReadConnections {
    config: Arc<ConnectionConfig>,
    slots: Box<[Mutex<Option<Arc<SharedConnection>>>]>,
    next_slot: AtomicUsize,
    acquire_timeout: Duration,
}

impl ReadConnections {
    /// `acquire_timeout` is how long a read waits for a connection to be opened.
    pub(super) fn new(config: Arc<ConnectionConfig>, count: usize, acquire_timeout: Duration) -> Self {
        let slots = (0..count.max(1)).map(|_| Mutex::new(None)).collect();
        Self { config, slots, next_slot: AtomicUsize::new(0), acquire_timeout }
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
        if let Some(shared) = slot.as_ref().filter(|shared| !shared.is_lost.load(Ordering::Relaxed)) {
            return Ok(Arc::clone(shared));
        }
        *slot = None;
        let shared = Arc::new(self.open().await?);
        *slot = Some(Arc::clone(&shared));
        Ok(shared)
    }

    async fn open(&self) -> Result<SharedConnection, StoreError> {
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
        Ok(SharedConnection { connection, is_lost })
    }
}
