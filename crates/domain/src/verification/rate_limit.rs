//! How often a key may be verified. Each node counts by itself, in memory: `n` nodes together let through at most `n` times
//! the limit. The count is a bucket that holds the limit and fills evenly (GCRA): after a pause the whole limit may be used at
//! once, and while it is, the bucket goes on filling.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock, MonotonicClock},
    middleware::StateInformationMiddleware,
    state::{InMemoryState, NotKeyed},
};

use crate::keys::policy::RateLimit;

/// From so many buckets on, those that are full again are forgotten now and then: a new one would be the same.
const MANY: usize = 10_000;

type Limiter = RateLimiter<NotKeyed, InMemoryState, MonotonicClock, StateInformationMiddleware>;

struct Bucket {
    limit: RateLimit,
    limiter: Limiter,
    /// When it was last taken from, in seconds since the process began.
    last_take: AtomicU64,
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
pub struct RateLimits {
    began: Instant,
    clock: MonotonicClock,
    buckets: RwLock<Buckets>,
}

struct Buckets {
    of_key: HashMap<i64, Arc<Bucket>>,
    /// At how many it is looked for full ones again.
    sweep_at: usize,
}

impl Default for RateLimits {
    fn default() -> Self {
        let buckets = RwLock::new(Buckets { of_key: HashMap::new(), sweep_at: MANY });
        Self { began: Instant::now(), clock: MonotonicClock, buckets }
    }
}

impl RateLimits {
    /// Takes one request of a key's limit.
    pub(super) fn take(&self, key_id: i64, limit: RateLimit) -> RateState {
        let bucket = self.bucket(key_id, limit);
        bucket.last_take.store(self.seconds(), Ordering::Relaxed);
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
        if let Some(bucket) = buckets.of_key.get(&key_id).filter(|bucket| bucket.limit == limit) {
            return Arc::clone(bucket);
        }
        drop(buckets);
        let mut buckets = self.buckets.write().unwrap_or_else(PoisonError::into_inner);
        if buckets.of_key.len() >= buckets.sweep_at {
            let now = self.seconds();
            buckets.of_key.retain(|_, bucket| !bucket.is_full(now));
            buckets.sweep_at = MANY.max(2 * buckets.of_key.len());
        }
        // Those who came at once for a new bucket share it, and a limit that was changed begins anew.
        match buckets.of_key.get(&key_id).filter(|bucket| bucket.limit == limit) {
            Some(bucket) => Arc::clone(bucket),
            None => {
                let last_take = AtomicU64::new(self.seconds());
                let bucket = Arc::new(Bucket { limit, limiter: limiter(limit), last_take });
                buckets.of_key.insert(key_id, Arc::clone(&bucket));
                bucket
            }
        }
    }

    fn seconds(&self) -> u64 {
        self.began.elapsed().as_secs()
    }
}

impl Bucket {
    /// It fills within its window. The limiter cannot be asked: that would take from it.
    fn is_full(&self, now: u64) -> bool {
        now.saturating_sub(self.last_take.load(Ordering::Relaxed)) > u64::from(self.limit.seconds)
    }
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
    fn buckets_that_are_full_again_are_forgotten_and_no_other_loses_a_request() {
        let limits = RateLimits::default();
        let short = RateLimit { requests: 1, seconds: 1 };
        for id in 1..MANY as i64 {
            limits.take(id, short);
        }
        limits.take(0, LIMIT);
        std::thread::sleep(Duration::from_millis(2_100));
        limits.take(-1, LIMIT);
        assert_eq!(limits.buckets.read().unwrap().of_key.len(), 2);
        assert_eq!(limits.take(0, LIMIT).remaining, 1);
    }
}
