//! Keyset pages of lists.

/// A page of a list.
#[derive(Debug, PartialEq, Eq)]
pub struct Page<T, P> {
    /// In the order of the list.
    pub items: Vec<T>,
    /// The position after which the next page begins; `None` on the last page.
    pub next: Option<P>,
}

impl<T, P> Page<T, P> {
    /// The page of at most `limit` items. If there is one more, another page follows.
    pub fn cut(mut items: Vec<T>, limit: usize, position: impl Fn(&T) -> P) -> Self {
        let has_more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| has_more).map(position);
        Self { items, next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_page_follows_if_there_is_one_more_item() {
        let page = |items: &[i64]| Page::cut(items.to_vec(), 2, |item| *item);
        assert_eq!(page(&[]), Page { items: vec![], next: None });
        assert_eq!(page(&[1, 2]), Page { items: vec![1, 2], next: None });
        assert_eq!(page(&[1, 2, 3]), Page { items: vec![1, 2], next: Some(2) });
    }
}
