//! Lists the caller's keys, newest first, in keyset pages.

use chrono::{DateTime, Utc};

use super::record::{KeyRecord, KeyStatus};
use crate::{error::Failure, identity::Caller, store::Store};

/// How many records a page looks at, at most, to find those of one status; a page of a rare status ends here, short.
pub const SCAN_LIMIT: usize = 10_000;
const BATCH: usize = 1_000;

/// A page of records.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Newest first.
    pub records: Vec<KeyRecord>,
    /// The id after which the next page begins; `None` on the last page.
    pub next: Option<i64>,
}

/// The page of at most `limit` records that follows the record `after`, or the first page.
pub async fn list(
    store: &Store,
    caller: &Caller,
    now: DateTime<Utc>,
    limit: usize,
    after: Option<i64>,
    status: Option<KeyStatus>,
) -> Result<Page, Failure> {
    let batch = if status.is_some() { BATCH.max(limit + 1) } else { limit + 1 };
    let mut page = Page { records: Vec::new(), next: after };
    let mut scanned = 0;
    loop {
        let found = store.keys_before(caller, page.next, batch).await?;
        if scanned == 0 && found.is_empty() {
            store.confirm(caller).await?;
        }
        scanned += found.len();
        let last_batch = found.len() < batch;
        let mut found = found.into_iter().peekable();
        while let Some(record) = found.next() {
            page.next = Some(record.id);
            if status.is_none_or(|status| record.status(now) == status) {
                page.records.push(record);
            }
            if page.records.len() == limit {
                // Another page only if there is another record: nobody should follow a link to an empty page.
                if last_batch && found.peek().is_none() {
                    page.next = None;
                }
                return Ok(page);
            }
        }
        if last_batch {
            page.next = None;
            return Ok(page);
        }
        if scanned >= SCAN_LIMIT {
            return Ok(page);
        }
    }
}
