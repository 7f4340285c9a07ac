//! Rate limits. Each node counts by itself, in memory: `n` nodes together allow at most `n` times the limit.
//!
//! The limiter is a bucket that holds the limit and refills evenly (GCRA): after a pause the whole limit may be used at once,
//! and meanwhile the bucket refills.

use std::{
    collections::HashMap,
    hash::Hash,
    num::NonZeroU32,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    clock::Clock as GovernorClock,
    middleware::StateInformationMiddleware,
    nanos::Nanos,
    state::{InMemoryState, NotKeyed},
};

use crate::model::{Clock, RateLimit};

/// The number of buckets from which on idle ones are removed. A new bucket would be the same.
const SWEEP_THRESHOLD: usize = 10_000;

type Limiter = RateLimiter<NotKeyed, InMemoryState, LimiterClock, StateInformationMiddleware>;

/// The injected monotonic clock, for the limiter.
#[derive(Clone)]
struct LimiterClock(Clock);

impl GovernorClock for LimiterClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        Nanos::from(self.0.monotonic().as_nanos())
    }
}

struct Bucket {
    limit: RateLimit,
    limiter: Limiter,
    /// When it was last used, in seconds of the monotonic clock.
    last_used: AtomicU64,
}

/// The state of a rate limit after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimitState {
    /// The limit.
    pub limit: RateLimit,
    /// How many requests are allowed at once now.
    pub remaining: u32,
    /// How long until the whole limit is allowed at once.
    pub reset_after: Duration,
    /// How long until the next request is allowed; `None` if this one was.
    pub retry_after: Option<Duration>,
}

/// The buckets of one node, one for each `K` that was counted within its window, and at most as many idle ones again, or
/// 10,000 of them.
pub struct RateLimits<K> {
    clock: LimiterClock,
    buckets: RwLock<Buckets<K>>,
}

struct Buckets<K> {
    by_key: HashMap<K, Arc<Bucket>>,
    /// The number of buckets at which idle ones are removed next.
    sweep_at: usize,
}

impl<K: Eq + Hash> RateLimits<K> {
    /// Counts by this clock's monotonic time.
    pub fn new(clock: Clock) -> Self {
        let buckets = RwLock::new(Buckets { by_key: HashMap::new(), sweep_at: SWEEP_THRESHOLD });
        Self { clock: LimiterClock(clock), buckets }
    }

    /// Counts one request against the limit of a key.
    pub fn check(&self, key: K, limit: RateLimit) -> RateLimitState {
        let bucket = self.bucket(key, limit);
        bucket.last_used.store(self.seconds(), Ordering::Relaxed);
        let refill_interval = Duration::from_secs(limit.seconds.into()) / limit.requests.max(1);
        match bucket.limiter.check() {
            Ok(snapshot) => {
                let remaining = snapshot.remaining_burst_capacity();
                let reset_after = refill_interval * (limit.requests - remaining);
                RateLimitState { limit, remaining, reset_after, retry_after: None }
            }
            Err(not_until) => RateLimitState {
                limit,
                remaining: 0,
                reset_after: refill_interval * limit.requests,
                retry_after: Some(not_until.wait_time_from(self.clock.now())),
            },
        }
    }

    fn bucket(&self, key: K, limit: RateLimit) -> Arc<Bucket> {
        let buckets = self.buckets.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.by_key.get(&key).filter(|bucket| bucket.limit == limit) {
            return Arc::clone(bucket);
        }
        drop(buckets);
        let mut buckets = self.buckets.write().unwrap_or_else(PoisonError::into_inner);
        if buckets.by_key.len() >= buckets.sweep_at {
            let now = self.seconds();
            buckets.by_key.retain(|_, bucket| !bucket.is_idle(now));
            buckets.sweep_at = SWEEP_THRESHOLD.max(2 * buckets.by_key.len());
        }
        // Concurrent requests share a new bucket, and a changed limit starts with a full one.
        match buckets.by_key.get(&key).filter(|bucket| bucket.limit == limit) {
            Some(bucket) => Arc::clone(bucket),
            None => {
                let limiter = limiter(limit, self.clock.clone());
                let bucket = Arc::new(Bucket { limit, limiter, last_used: AtomicU64::new(self.seconds()) });
                buckets.by_key.insert(key, Arc::clone(&bucket));
                bucket
            }
        }
    }

    fn seconds(&self) -> u64 {
        self.clock.now().as_u64() / 1_000_000_000
    }
}

impl Bucket {
    /// Whether it has refilled, which it does within its window. The limiter cannot be asked without using it.
    fn is_idle(&self, now: u64) -> bool {
        now.saturating_sub(self.last_used.load(Ordering::Relaxed)) > u64::from(self.limit.seconds)
    }
}

fn limiter(limit: RateLimit, clock: LimiterClock) -> Limiter {
    let burst = NonZeroU32::new(limit.requests).unwrap_or(NonZeroU32::MIN);
    let refill_interval = Duration::from_secs(limit.seconds.max(1).into()) / burst.get();
    let quota = Quota::with_period(refill_interval).unwrap_or(Quota::per_second(burst)).allow_burst(burst);
    RateLimiter::direct_with_clock(quota, clock).with_middleware::<StateInformationMiddleware>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::env::test::ManualTime;

    const LIMIT: RateLimit = RateLimit { requests: 3, seconds: 3600 };
    const SECOND: Duration = Duration::from_secs(1);

    fn limits() -> (ManualTime, RateLimits<i64>) {
        let time = ManualTime::default();
        let limits = RateLimits::new(time.clock());
        (time, limits)
    }

    #[test]
    fn the_limit_may_be_used_at_once_and_then_refills_evenly() {
        let (time, limits) = limits();
        let remaining: Vec<u32> = (0..3).map(|_| limits.check(1, LIMIT).remaining).collect();
        assert_eq!(remaining, [2, 1, 0]);
        let refused = limits.check(1, LIMIT);
        assert_eq!(refused.retry_after, Some(1200 * SECOND));
        assert_eq!(refused.reset_after, 3600 * SECOND);
        assert_eq!(limits.check(2, LIMIT).remaining, 2);
        time.advance(1199 * SECOND);
        assert_eq!(limits.check(1, LIMIT).retry_after, Some(SECOND));
        time.advance(SECOND);
        assert_eq!(limits.check(1, LIMIT).retry_after, None);
    }

    #[test]
    fn a_changed_limit_takes_effect_at_once() {
        let (_, limits) = limits();
        for _ in 0..4 {
            limits.check(1, LIMIT);
        }
        assert_eq!(limits.check(1, RateLimit { requests: 5, ..LIMIT }).remaining, 4);
    }

    #[test]
    fn idle_buckets_are_removed_and_no_other_loses_a_request() {
        let (time, limits) = limits();
        let short = RateLimit { requests: 1, seconds: 1 };
        for id in 1..SWEEP_THRESHOLD as i64 {
            limits.check(id, short);
        }
        limits.check(0, LIMIT);
        time.advance(SECOND);
        limits.check(-1, LIMIT);
        assert_eq!(limits.buckets.read().unwrap().by_key.len(), SWEEP_THRESHOLD + 1);
        limits.buckets.write().unwrap().sweep_at = 0;
        time.advance(SECOND);
        limits.check(-2, LIMIT);
        assert_eq!(limits.buckets.read().unwrap().by_key.len(), 3);
        assert_eq!(limits.check(0, LIMIT).remaining, 1);
    }
}
