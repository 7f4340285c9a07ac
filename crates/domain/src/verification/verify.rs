//! Verifies a key, for every operation that does: verification by back ends, token introspection and forward authentication.

use super::{
    KeyLookup, Verifier,
    evaluate::{VerificationCode, VerificationRequest, evaluate},
    rate_limit::RateLimitState,
};
use crate::model::{Error, KeySnapshot, PlainKey, Project, Rights, Scope};

/// Which projects' keys a verification is about. Keys of others do not exist for it.
#[derive(Clone, Copy)]
pub enum Reach<'a> {
    /// Those in which the caller may verify.
    Rights(&'a Rights),
    /// The project of this slug.
    Project(&'a str),
}

impl Reach<'_> {
    fn covers(self, project: &Project) -> bool {
        match self {
            Self::Rights(rights) => rights.permits(Scope::Verify, project.id),
            Self::Project(slug) => project.slug == slug,
        }
    }
}

/// The result of a verification.
pub struct Verification {
    /// Whether the key is valid, and why not.
    pub code: VerificationCode,
    /// The state of the key's rate limit, if it has one and is valid otherwise.
    pub rate_limit: Option<RateLimitState>,
    known: Option<KeyLookup>,
}

impl Verification {
    /// The key and its project, if the key is valid.
    pub fn valid_key(&self) -> Option<(&KeySnapshot, &Project)> {
        let known = self.known.as_ref().filter(|_| self.code == VerificationCode::Valid)?;
        Some((&known.key, &known.project))
    }

    /// The id of the key, if it is known, whether it is valid or not.
    pub fn key_id(&self) -> Option<i64> {
        self.known.as_ref().map(|known| known.key.id)
    }

    /// Whether the database is unreachable and the result rests on a cache entry.
    pub fn is_stale(&self) -> bool {
        self.known.as_ref().is_some_and(|known| known.is_stale)
    }

    fn not_found() -> Self {
        Self { code: VerificationCode::NotFound, rate_limit: None, known: None }
    }
}

/// Whether the key of this text is valid for a request. It runs no query if the key is cached or cannot be one, otherwise one.
///
/// When the database is unreachable, a key that a cache entry says is valid still is. Other results might be outdated and fail
/// as [`Error::Unavailable`], so that an outage rejects nobody, except those that can never change.
#[tracing::instrument(name = "verification.verify", level = "debug", skip_all)]
pub async fn verify(
    verifier: &Verifier,
    text: &str,
    reach: Reach<'_>,
    request: &VerificationRequest<'_>,
) -> Result<Verification, Error> {
    let verification = find_and_evaluate(verifier, text, reach, request).await?;
    verifier.counts.increment(verification.code);
    Ok(verification)
}

async fn find_and_evaluate(
    verifier: &Verifier,
    text: &str,
    reach: Reach<'_>,
    request: &VerificationRequest<'_>,
) -> Result<Verification, Error> {
    let Some(key) = PlainKey::parse(text) else {
        return Ok(Verification::not_found());
    };
    let Some(known) = verifier.find_key(&key, request.client_ip).await? else {
        return Ok(Verification::not_found());
    };
    let KeyLookup { key, project, is_stale } = &known;
    if !reach.covers(project) {
        return Ok(Verification::not_found());
    }
    let now = verifier.clock.now();
    let mut code = evaluate(key, project, request, now);
    let is_final = matches!(code, VerificationCode::Valid | VerificationCode::Revoked | VerificationCode::NotFound);
    if *is_stale && !is_final {
        return Err(Error::unavailable("the cache entry of the key may be outdated"));
    }
    let mut rate_limit = None;
    if let Some(limit) = key.policy().rate_limit.filter(|_| code == VerificationCode::Valid) {
        let state = verifier.rate_limits.check(key.id, limit);
        if state.retry_after.is_some() {
            code = VerificationCode::RateLimited;
        }
        rate_limit = Some(state);
    }
    if !key.deleted {
        verifier.usage.count(key.id, code == VerificationCode::Valid, now);
    }
    Ok(Verification { code, rate_limit, known: Some(known) })
}
