//! Records that callers were denied operations for want of a scope.
//!
//! A caller can be denied as often as it likes, and events are kept for long. So each credential is recorded once a minute for
//! each operation, and each user a bounded number of times, on each node.

use std::{
    collections::{HashMap, HashSet},
    convert::identity,
    mem,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use crate::{
    model::{Caller, Clock, MonotonicTime, audit::AccessEvent, error_chain},
    store::{Store, StoreError},
};

const WINDOW: Duration = Duration::from_secs(60);
/// The most events of one user within the window. The contract has fewer operations, so one credential cannot exceed it.
const MAX_PER_USER: usize = 30;

/// Writes the events of denied access, and remembers which it has written.
pub struct DeniedAccess {
    store: Arc<Store>,
    clock: Clock,
    window: Mutex<Window>,
}

/// What was recorded since `began`, by user: the key that was the credential, if one was, and the operation.
struct Window {
    began: MonotonicTime,
    recorded: HashMap<i64, HashSet<(Option<i64>, &'static str)>>,
}

impl DeniedAccess {
    /// Nothing was recorded yet.
    pub fn new(store: Arc<Store>, clock: Clock) -> Self {
        let window = Window { began: clock.monotonic(), recorded: HashMap::new() };
        Self { store, clock, window: Mutex::new(window) }
    }

    /// Records that a caller lacks a scope for an operation, unless that was recorded within the last minute. If the event cannot
    /// be written, the caller is denied all the same, and the log says so.
    #[tracing::instrument(name = "audit.record_denied_access", level = "debug", skip_all)]
    pub async fn record(&self, caller: &Caller, operation: &'static str) {
        let event = AccessEvent::denied(caller, operation, self.clock.now());
        if !self.admits(&event, operation) {
            return;
        }
        let store = Arc::clone(&self.store);
        // In a task of its own: a client that disconnects must not prevent the event.
        let written = tokio::spawn(async move { store.record_denied_access(&event).await });
        if let Err(error) = written.await.map_err(StoreError::internal).and_then(identity) {
            tracing::warn!(operation, cause = error_chain(&error), "failed to record denied access");
        }
    }

    fn admits(&self, event: &AccessEvent, operation: &'static str) -> bool {
        let Some(user_id) = event.actor_user_id else { return false };
        let now = self.clock.monotonic();
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        if now.since(window.began) >= WINDOW {
            window.began = now;
            mem::take(&mut window.recorded);
        }
        let of_user = window.recorded.entry(user_id).or_default();
        of_user.len() < MAX_PER_USER && of_user.insert((event.actor_key_id, operation))
    }
}
