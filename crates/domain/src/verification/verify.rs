//! Answers a question about a key, whoever asks it and in whatever form: the back ends' own operation, token introspection,
//! and forward authentication all come here.

use super::{
    Verifier,
    judge::{Code, Question, judge},
    known_key::KnownKey,
    memory::Found,
    rate_limit::RateState,
};
use crate::{
    Surroundings,
    error::Failure,
    keys::{hash::Peppers, key::PlainKey},
    store::Store,
};

/// The answer.
pub struct Verification {
    /// Whether the key is good, and why not.
    pub code: Code,
    /// How it stands with its rate limit, when it has one and everything else was right.
    pub rate: Option<RateState>,
    found: Option<Found<KnownKey>>,
}

impl Verification {
    /// What is known of the key; only when it is good.
    pub fn valid(&self) -> Option<&KnownKey> {
        self.found.as_ref().filter(|_| self.code == Code::Valid).and_then(|found| found.value())
    }

    /// The database is away, and the answer is from memory.
    pub fn is_stale(&self) -> bool {
        self.found.as_ref().is_some_and(|found| found.stale)
    }

    fn not_found() -> Self {
        Self { code: Code::NotFound, rate: None, found: None }
    }
}

/// Whether the key that `text` should be is good for what is asked. Without a query when it is remembered, or cannot be a key
/// at all; otherwise with one.
///
/// When the database is away, a key that is good as far as is remembered still is, and whatever else would be said fails:
/// it may not be so any more, and nobody should be turned away for an outage. Only what can never become good is refused.
pub async fn verify(
    verifier: &Verifier,
    store: &Store,
    peppers: &Peppers,
    surroundings: &Surroundings,
    text: &str,
    question: &Question<'_>,
) -> Result<Verification, Failure> {
    let Some(key) = PlainKey::parse(text) else {
        return Ok(Verification::not_found());
    };
    let found = verifier.memory.key(store, &verifier.freshness, peppers, &key).await?;
    let Some(known) = found.value() else {
        return Ok(Verification::not_found());
    };
    let now = surroundings.now();
    let mut code = judge(known, question, now);
    if found.stale && !matches!(code, Code::Valid | Code::Revoked | Code::NotFound) {
        return Err(Failure::unavailable("what is remembered of the key may not hold any more"));
    }
    let mut rate = None;
    if let Some(limit) = known.policy().rate_limit().filter(|_| code == Code::Valid) {
        let state = verifier.rate_limits.take(known.id, limit);
        if state.retry_in.is_some() {
            code = Code::RateLimited;
        }
        rate = Some(state);
    }
    if !known.deleted {
        verifier.usage.count(known.id, code == Code::Valid, now);
    }
    Ok(Verification { code, rate, found: Some(found) })
}
