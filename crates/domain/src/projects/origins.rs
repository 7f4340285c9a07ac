//! The origins of web pages that may use owner tokens of any project. Browsers ask before they send a token, so this takes no
//! credential: all requests together cost at most one query a second.

use std::{
    collections::HashSet,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use tokio::sync::Mutex;

use crate::{
    model::{Clock, MonotonicTime},
    store::Store,
};

/// How long a list is used.
const MAX_AGE: Duration = Duration::from_secs(1);
/// The most origins that a node knows.
const MAX_ORIGINS: i64 = 10_000;

/// Knows the origins.
pub struct AllowedOrigins {
    store: Arc<Store>,
    clock: Clock,
    known: RwLock<Known>,
    /// Held while the list is read, which one request does at a time.
    reading: Mutex<()>,
}

#[derive(Default)]
struct Known {
    origins: Arc<HashSet<String>>,
    read_at: Option<MonotonicTime>,
}

impl AllowedOrigins {
    /// Those of the projects in a store.
    pub fn new(store: Arc<Store>, clock: Clock) -> Self {
        Self { store, clock, known: RwLock::default(), reading: Mutex::default() }
    }

    /// Whether an enabled project allows this origin, as of a second ago at most while the database responds. It says nothing of who
    /// sends a request: what decides on a token is the project of the token.
    pub async fn contain(&self, origin: &str) -> bool {
        self.current().await.contains(origin)
    }

    /// While one request reads the list, others use the one before. Only the first list is waited for.
    async fn current(&self) -> Arc<HashSet<String>> {
        let (origins, read_at) = self.known();
        let _reading = match (read_at, self.reading.try_lock()) {
            (Some(read_at), _) if self.clock.monotonic().since(read_at) < MAX_AGE => return origins,
            (_, Ok(reading)) => reading,
            (Some(_), Err(_)) => return origins,
            (None, Err(_)) => {
                let reading = self.reading.lock().await;
                if let (origins, Some(_)) = self.known() {
                    return origins;
                }
                reading
            }
        };
        let origins = match self.store.list_origins(MAX_ORIGINS).await {
            Ok(origins) => {
                if i64::try_from(origins.len()) == Ok(MAX_ORIGINS) {
                    tracing::warn!(limit = MAX_ORIGINS, "the projects allow more origins than a node knows");
                }
                Arc::new(origins.into_iter().collect())
            }
            Err(error) => {
                tracing::debug!(cause = %error, "the allowed origins could not be read");
                origins
            }
        };
        // Also if it failed, so that not every request asks a database that does not respond.
        let known = Known { origins: Arc::clone(&origins), read_at: Some(self.clock.monotonic()) };
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = known;
        origins
    }

    fn known(&self) -> (Arc<HashSet<String>>, Option<MonotonicTime>) {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        (Arc::clone(&known.origins), known.read_at)
    }
}
