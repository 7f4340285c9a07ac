//! A few connections that all reads share. Postgres answers in order, so many requests can be under way on one
//! connection, and go out and come back in one packet together: twice the rate of a connection for each request.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use diesel_async::AsyncPgConnection;
use tokio::{sync::Mutex, time::timeout};

use super::{connection::ConnectionSettings, error::StoreError};

/// A shared connection; statements run on `&connection`.
pub(super) struct Reader {
    pub(super) connection: AsyncPgConnection,
    lost: Arc<AtomicBool>,
}

pub(super) struct Readers {
    settings: Arc<ConnectionSettings>,
    slots: Box<[Mutex<Option<Arc<Reader>>>]>,
    next: AtomicUsize,
    patience: Duration,
}

impl Readers {
    /// `patience`: how long to wait for a connection.
    pub(super) fn new(settings: Arc<ConnectionSettings>, count: usize, patience: Duration) -> Self {
        let slots = (0..count.max(1)).map(|_| Mutex::new(None)).collect();
        Self { settings, slots, next: AtomicUsize::new(0), patience }
    }

    /// How many connections there are.
    pub(super) fn count(&self) -> usize {
        self.slots.len()
    }

    /// How long to wait for a connection.
    pub(super) fn patience(&self) -> Duration {
        self.patience
    }

    /// The next connection in turn.
    pub(super) async fn get(&self) -> Result<Arc<Reader>, StoreError> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        timeout(self.patience, self.get_at(turn)).await.map_err(StoreError::unavailable)?
    }

    /// A certain connection, made anew when it was lost. Those who come meanwhile wait for the one that is being made.
    pub(super) async fn get_at(&self, place: usize) -> Result<Arc<Reader>, StoreError> {
        let mut slot = self.slots[place % self.slots.len()].lock().await;
        if let Some(reader) = slot.as_ref().filter(|reader| !reader.lost.load(Ordering::Relaxed)) {
            return Ok(Arc::clone(reader));
        }
        *slot = None;
        let reader = Arc::new(self.open().await?);
        *slot = Some(Arc::clone(&reader));
        Ok(reader)
    }

    async fn open(&self) -> Result<Reader, StoreError> {
        let (client, run) = self.settings.open_raw().await.map_err(StoreError::unavailable)?;
        let lost = Arc::new(AtomicBool::new(false));
        tokio::spawn({
            let lost = Arc::clone(&lost);
            async move {
                run.await;
                lost.store(true, Ordering::Relaxed);
            }
        });
        let connection = AsyncPgConnection::try_from(client).await.map_err(StoreError::unavailable)?;
        Ok(Reader { connection, lost })
    }
}
