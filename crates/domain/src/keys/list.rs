//! Lists the caller's keys, newest first, in keyset pages.

use chrono::{DateTime, Utc};

use crate::{
    model::{ApiKey, Caller, Error, KeyStatus},
    store::Store,
};

/// The most keys that a page examines to find those of one status. A page of a rare status ends here and is short.
pub const SCAN_LIMIT: usize = 10_000;
const SCAN_BATCH: usize = 1_000;

/// A page of keys.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Newest first.
    pub keys: Vec<ApiKey>,
    /// The id after which the next page begins; `None` on the last page.
    pub next: Option<i64>,
}

/// The page of at most `limit` keys that follows the key `after`, or the first page. `now` decides on the status of each.
#[tracing::instrument(name = "keys.list", level = "debug", skip_all)]
pub async fn list(
    store: &Store,
    caller: &Caller,
    now: DateTime<Utc>,
    limit: usize,
    after: Option<i64>,
    status: Option<KeyStatus>,
) -> Result<Page, Error> {
    let batch = if status.is_some() { SCAN_BATCH.max(limit + 1) } else { limit + 1 };
    let mut page = Page { keys: Vec::new(), next: after };
    let mut scanned = 0;
    loop {
        let found = store.list_keys(caller, now, page.next, batch).await?;
        if scanned == 0 && found.is_empty() {
            store.ensure_caller_active(caller, now).await?;
        }
        scanned += found.len();
        let is_last_batch = found.len() < batch;
        let mut found = found.into_iter().peekable();
        while let Some(key) = found.next() {
            page.next = Some(key.id);
            if status.is_none_or(|status| key.status(now) == status) {
                page.keys.push(key);
            }
            if page.keys.len() == limit {
                // Another page only if there is another key: no link leads to an empty page.
                if is_last_batch && found.peek().is_none() {
                    page.next = None;
                }
                return Ok(page);
            }
        }
        if is_last_batch {
            page.next = None;
            return Ok(page);
        }
        if scanned >= SCAN_LIMIT {
            return Ok(page);
        }
    }
}
