//! Lists that are read page by page.

use std::{
    fmt,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, ready},
    vec,
};

use futures_core::Stream;
use reqwest::{Url, header::LINK};

use crate::{call::Received, error::Error};

/// The items of a page, and the cursor of the next one.
pub type Page<T> = (Vec<T>, Option<String>);
type Fetching<T> = Pin<Box<dyn Future<Output = Result<Page<T>, Error>> + Send>>;

/// The items of a list, as a [`Stream`] that requests a page when it needs one. It ends after the first error.
#[must_use = "a stream requests nothing until it is read"]
pub struct Pages<T> {
    fetch: Box<dyn Fn(Option<String>) -> Fetching<T> + Send>,
    items: vec::IntoIter<T>,
    next: Next<T>,
}

/// The page after the present one.
enum Next<T> {
    At(Option<String>),
    Fetching(Fetching<T>),
    End,
}

impl<T> Pages<T> {
    pub(crate) fn new(fetch: impl Fn(Option<String>) -> Fetching<T> + Send + 'static) -> Self {
        Self { fetch: Box::new(fetch), items: Vec::new().into_iter(), next: Next::At(None) }
    }

    /// The next item; `None` after the last. It does what `TryStreamExt::try_next` does, without its crate.
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        poll_fn(|context| self.poll_item(context)).await.transpose()
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        loop {
            if let Some(item) = self.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match &mut self.next {
                Next::End => return Poll::Ready(None),
                Next::At(cursor) => self.next = Next::Fetching((self.fetch)(cursor.take())),
                Next::Fetching(fetching) => {
                    let page = ready!(fetching.as_mut().poll(context));
                    self.next = Next::End;
                    match page {
                        Ok((items, cursor)) => {
                            self.items = items.into_iter();
                            if cursor.is_some() {
                                self.next = Next::At(cursor);
                            }
                        }
                        Err(error) => return Poll::Ready(Some(Err(error))),
                    }
                }
            }
        }
    }
}

impl<T> Unpin for Pages<T> {}

impl<T> Stream for Pages<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(context)
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").finish_non_exhaustive()
    }
}

/// The cursor of the page that a `Link` with `rel="next"` leads to (RFC 8288).
pub fn linked_cursor<T>(page: &Received<T>) -> Option<String> {
    let header = page.headers().get(LINK)?.to_str().ok()?;
    let target = header.split('<').skip(1).find_map(|link| {
        let (target, parameters) = link.split_once('>')?;
        let is_next = |parameter: &str| ["rel=\"next\"", "rel=next"].contains(&parameter.trim());
        parameters.split([';', ',']).any(is_next).then_some(target)
    })?;
    // Links are relative to the address of the server, whatever that is.
    let url = Url::parse("http://localhost").ok()?.join(target).ok()?;
    let cursor = url.query_pairs().find(|(name, _)| name == "cursor");
    // The server rejects an empty cursor: the list must not end as if it was complete.
    Some(cursor.map(|(_, cursor)| cursor.into_owned()).unwrap_or_default())
}
