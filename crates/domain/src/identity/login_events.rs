//! What is recorded of logins, and what became of them, apart from the limits on them.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use strum::{IntoStaticStr, VariantArray};

use crate::model::MonotonicTime;

const WINDOW: Duration = Duration::from_secs(60);
/// The most failed logins within the window, on each node, that become audit events: on all names that no user has, and on the
/// name of each user. The limits of [`login_limits`] bound each network, but an attacker may have very many, and events are kept
/// for long. Apart from each other, so that neither invented names nor other users leave out the events about a user.
///
/// [`login_limits`]: super::login_limits
const MAX_EVENTS_OF_NOBODY: u32 = 100;
const MAX_EVENTS_PER_USER: u32 = 30;

/// Bounds the audit events of failed logins.
#[derive(Default)]
pub(super) struct FailedLoginEvents(Mutex<Option<Window>>);

struct Window {
    began: MonotonicTime,
    /// By the id of the user who was named, or `None`. Each entry is of a password that was hashed, so they are few.
    events: HashMap<Option<i64>, u32>,
}

impl FailedLoginEvents {
    /// Whether one more event may be written now about this user, or about nobody. If so, it counts.
    pub(super) fn admits_one(&self, user_id: Option<i64>, now: MonotonicTime) -> bool {
        let mut window = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let current = window.take().filter(|window| now.since(window.began) < WINDOW);
        let current = window.insert(current.unwrap_or_else(|| Window { began: now, events: HashMap::new() }));
        let most = if user_id.is_some() { MAX_EVENTS_PER_USER } else { MAX_EVENTS_OF_NOBODY };
        let events = current.events.entry(user_id).or_default();
        let is_admitted = *events < most;
        *events += u32::from(is_admitted);
        is_admitted
    }
}

/// What became of a login that did not fail with an error. The names are those in the metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum LoginResult {
    /// The password was right.
    Success,
    /// The name or the password was wrong, or the user is disabled.
    Failure,
    /// There were too many failed logins.
    RateLimited,
    /// There were too many logins at the same time.
    Overloaded,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_events_of_a_minute_are_bounded_for_nobody_and_for_each_user() {
        let events = FailedLoginEvents::default();
        let at = |seconds: u64| MonotonicTime::from_nanos(seconds * 1_000_000_000).unwrap();
        let admitted = |user_id, now| (0..200).filter(|_| events.admits_one(user_id, now)).count();
        for (now, [nobody, alice, bob]) in [(at(1), [100, 30, 30]), (at(60), [0; 3]), (at(61), [100, 30, 30])] {
            assert_eq!(admitted(None, now), nobody);
            assert_eq!(admitted(Some(1), now), alice);
            assert_eq!(admitted(Some(2), now), bob);
        }
    }
}
