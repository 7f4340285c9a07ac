//! Whom a request is attributed to in its log line.

use std::cell::Cell;

use crate::model::Caller;

tokio::task_local! {
    /// Set while the task handles a request. Unlike an extension of the request, it needs no allocation.
    static ATTRIBUTION: Cell<Attribution>;
}

/// Who sent a request, and about which key, as far as known. All members are ids: a secret or a typed name cannot get into it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Attribution {
    /// The user that the request was authenticated as, by a credential or a login.
    pub user_id: Option<i64>,
    /// The API key that authenticated the request.
    pub key_id: Option<i64>,
    /// The API key that was verified, whether it is valid or not.
    pub verified_key_id: Option<i64>,
}

impl Attribution {
    /// Runs the handler of a request, which [`Attribution::current`] is about meanwhile.
    pub async fn scope<F: Future>(handler: F) -> F::Output {
        ATTRIBUTION.scope(Cell::default(), handler).await
    }

    /// What is known so far of the request that this task handles.
    pub fn current() -> Self {
        ATTRIBUTION.try_with(Cell::get).unwrap_or_default()
    }

    pub(super) fn set_caller(caller: &Caller) {
        let (user_id, key_id) = (Some(caller.user_id), caller.key_id());
        Self::update(|attribution| Self { user_id, key_id, ..attribution });
    }

    pub(super) fn set_user(user_id: i64) {
        Self::update(|attribution| Self { user_id: Some(user_id), ..attribution });
    }

    pub(super) fn set_verified_key(key_id: Option<i64>) {
        Self::update(|attribution| Self { verified_key_id: key_id, ..attribution });
    }

    /// Does nothing outside of a request.
    fn update(change: impl FnOnce(Self) -> Self) {
        let _ = ATTRIBUTION.try_with(|attribution| attribution.set(change(attribution.get())));
    }
}
