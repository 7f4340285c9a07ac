//! How often a key may be verified. Each node counts by itself, in memory: `n` nodes together let through at most `n` times
//! the limit. The count is a bucket that holds the limit and fills evenly (GCRA): after a pause the whole limit may be used at
//! once, and while it is, the bucket goes on filling.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock, MonotonicClock},
    middleware::StateInformationMiddleware,
    state::{InMemoryState, NotKeyed},
};

use crate::keys::policy::RateLimit;

/// Beyond so many buckets, those that are full again are forgotten: a new one would be the same.
const MANY: usize = 10_000;

type Limiter = RateLimiter<NotKeyed, InMemoryState, MonotonicClock, StateInformationMiddleware>;

struct Bucket {
    limit: RateLimit,
    limiter: Limiter,
}

/// How a key stands with its rate limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateState {
    /// The limit.
    pub limit: RateLimit,
    /// Requests that may come at once.
    pub remaining: u32,
    /// Until all of them may.
    pub full_in: Duration,
    /// How long the request that was refused has to wait; `None` when it was not.
    pub retry_in: Option<Duration>,
}

/// The buckets of one node.
#[derive(Default)]
pub struct RateLimits {
    clock: MonotonicClock,
    buckets: RwLock<HashMap<i64, Arc<Bucket>>>,
}

impl RateLimits {
    /// Takes one request of a key's limit.
    pub(super) fn take(&self, key_id: i64, limit: RateLimit) -> RateState {
        let bucket = self.bucket(key_id, limit);
        let each = Duration::from_secs(limit.seconds.into()) / limit.requests.max(1);
        match bucket.limiter.check() {
            Ok(left) => {
                let remaining = left.remaining_burst_capacity();
                RateState { limit, remaining, full_in: each * (limit.requests - remaining), retry_in: None }
            }
            Err(refused) => RateState {
                limit,
                remaining: 0,
                full_in: each * limit.requests,
                retry_in: Some(refused.wait_time_from(self.clock.now())),
            },
        }
    }

    fn bucket(&self, key_id: i64, limit: RateLimit) -> Arc<Bucket> {
        let buckets = self.buckets.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.get(&key_id).filter(|bucket| bucket.limit == limit) {
            return Arc::clone(bucket);
        }
        drop(buckets);
        let mut buckets = self.buckets.write().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MANY && !buckets.contains_key(&key_id) {
            // Asking a bucket takes from it, but one that has a request to give and none taken is full.
            buckets.retain(|_, bucket| Arc::strong_count(bucket) > 1 || !is_full(bucket));
        }
        // Those who came at once for a new bucket share it, and a limit that was changed begins anew.
        match buckets.get(&key_id).filter(|bucket| bucket.limit == limit) {
            Some(bucket) => Arc::clone(bucket),
            None => {
                let bucket = Arc::new(Bucket { limit, limiter: limiter(limit) });
                buckets.insert(key_id, Arc::clone(&bucket));
                bucket
            }
        }
    }
}

fn is_full(bucket: &Bucket) -> bool {
    bucket.limiter.check().is_ok_and(|left| left.remaining_burst_capacity() + 1 == bucket.limit.requests)
}

fn limiter(limit: RateLimit) -> Limiter {
    let burst = NonZeroU32::new(limit.requests).unwrap_or(NonZeroU32::MIN);
    let each = Duration::from_secs(limit.seconds.max(1).into()) / burst.get();
    let quota = Quota::with_period(each).unwrap_or(Quota::per_second(burst)).allow_burst(burst);
    RateLimiter::direct_with_clock(quota, MonotonicClock).with_middleware::<StateInformationMiddleware>()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: RateLimit = RateLimit { requests: 3, seconds: 3600 };

    #[test]
    fn so_many_requests_pass_and_the_next_is_told_when() {
        let limits = RateLimits::default();
        let left: Vec<u32> = (0..3).map(|_| limits.take(1, LIMIT).remaining).collect();
        assert_eq!(left, [2, 1, 0]);
        let refused = limits.take(1, LIMIT);
        let wait = refused.retry_in.unwrap();
        assert!(wait > Duration::from_secs(1190) && wait <= Duration::from_secs(1200), "{wait:?}");
        assert_eq!(limits.take(2, LIMIT).remaining, 2);
    }

    #[test]
    fn a_changed_limit_holds_at_once() {
        let limits = RateLimits::default();
        for _ in 0..4 {
            limits.take(1, LIMIT);
        }
        assert_eq!(limits.take(1, RateLimit { requests: 5, ..LIMIT }).remaining, 4);
    }

    #[test]
    fn buckets_that_are_full_again_are_forgotten() {
        let limits = RateLimits::default();
        let fast = RateLimit { requests: 1_000_000, seconds: 1 };
        limits.take(-1, LIMIT);
        for id in 0..(2 * MANY as i64) {
            limits.take(id, fast);
        }
        let buckets = limits.buckets.read().unwrap();
        assert!(buckets.len() <= MANY + 1, "{}", buckets.len());
        assert!(buckets.contains_key(&-1));
    }
}
