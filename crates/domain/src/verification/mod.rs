//! Is this key good? What Latchkey is asked on every request of somebody else's API.
//!
//! A question is answered in three steps: the key is looked up ([`memory`]), what is known of it is held against the question
//! ([`judge`]), and the rate limit is asked ([`rate_limit`]). A node answers from memory as long as it is sure that nothing
//! has changed ([`freshness`]), which it is told by the change log ([`following`]). Usage is counted beside ([`usage`]);
//! every few seconds it is written, and what is over is removed (`housekeeping`).
//! `docs/REVOCATION.md` explains why a revoked key cannot be called good late.

pub mod following;
pub mod forwarded;
pub mod freshness;
mod housekeeping;
pub mod judge;
pub mod known_key;
pub mod memory;
pub mod rate_limit;
pub mod usage;
pub mod verify;

use std::time::Duration;

use self::{
    following::FollowingStatus, freshness::Freshness, memory::Memory, rate_limit::RateLimits, usage::UsageCounts,
};
use crate::{Surroundings, store::Store};

/// What a node keeps to answer questions about keys.
pub struct Verifier {
    pub(crate) memory: Memory,
    pub(crate) freshness: Freshness,
    pub(crate) rate_limits: RateLimits,
    pub(crate) usage: UsageCounts,
    pub(crate) following: FollowingStatus,
}

/// How a node verifies.
#[derive(Debug, Clone, Copy)]
pub struct VerifierSettings {
    /// How many keys are remembered.
    pub capacity: usize,
    /// For how long a remembered key still passes when the database is away; zero for not at all, [`freshness::AGE_LIMIT`] at
    /// most.
    pub stale_limit: Duration,
}

impl Verifier {
    /// Remembers nothing yet.
    pub fn new(settings: VerifierSettings) -> Self {
        Self {
            memory: Memory::new(settings.capacity, settings.stale_limit.min(freshness::AGE_LIMIT)),
            freshness: Freshness::new(),
            rate_limits: RateLimits::default(),
            usage: UsageCounts::default(),
            following: FollowingStatus::default(),
        }
    }

    /// What must go on beside the questions; never ends. Without it nothing is answered from memory, and no usage is written.
    pub async fn work(&self, store: &Store, surroundings: &Surroundings) {
        tokio::join!(self.follow(store, surroundings), self.keep_house(store, surroundings));
    }

    /// How memory serves.
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// How sure the node is.
    pub fn freshness(&self) -> &Freshness {
        &self.freshness
    }

    /// How the following of the change log goes.
    pub fn following(&self) -> &FollowingStatus {
        &self.following
    }
}
