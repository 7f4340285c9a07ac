//! The limits on management requests, which read or write keys, users or audit events in the database. Each credential has
//! limits of its own: a leaked key cannot use up those of its owner, who has to revoke it.

use std::time::Duration;

use strum::{IntoStaticStr, VariantArray};

use crate::{
    model::{Caller, Clock, Counters, Credential, RateLimit},
    verification::rate_limit::RateLimits,
};

/// What a management request does. Both kinds are counted separately, so that none keeps the other from being sent.
///
/// The names are those in the metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum RequestKind {
    /// It changes nothing.
    Read,
    /// It may change something, which writes an audit event; or it searches keys, which costs as much.
    Write,
}

/// How many management requests one credential may send to one node.
#[derive(Debug, Clone, Copy, Default)]
pub struct ManagementLimitsConfig {
    /// The limit on those that read; `None` for no limit.
    pub read: Option<RateLimit>,
    /// The limit on those that write; `None` for no limit.
    pub write: Option<RateLimit>,
}

/// Whose requests are counted together.
#[derive(PartialEq, Eq, Hash)]
enum Counted {
    /// Those with a bearer token of this user and generation. A token that was revoked has a limit of its own, so that it cannot use
    /// up that of the user's new ones.
    Token(i64, i64),
    /// Those with this key.
    Key(i64),
}

/// Counts the management requests of one node.
pub struct ManagementLimits {
    config: ManagementLimitsConfig,
    limits: RateLimits<(RequestKind, Counted)>,
    refused: Counters<RequestKind>,
}

impl ManagementLimits {
    /// Nothing is counted yet.
    pub fn new(config: ManagementLimitsConfig, clock: Clock) -> Self {
        Self { config, limits: RateLimits::new(clock), refused: Counters::default() }
    }

    /// Counts a request. If it exceeds the limit, fails with the time after which the next one is allowed.
    pub fn check(&self, caller: &Caller, kind: RequestKind) -> Result<(), Duration> {
        let limit = match kind {
            RequestKind::Read => self.config.read,
            RequestKind::Write => self.config.write,
        };
        let Some(limit) = limit else { return Ok(()) };
        let counted = match caller.credential {
            Credential::ApiKey { id, .. } | Credential::KeyPossession { id } => Counted::Key(id),
            Credential::BearerToken | Credential::OwnerToken => Counted::Token(caller.user_id, caller.token_generation),
        };
        match self.limits.check((kind, counted), limit).retry_after {
            None => Ok(()),
            Some(retry_after) => {
                self.refused.increment(kind);
                Err(retry_after)
            }
        }
    }

    /// How many requests were refused.
    pub fn refused(&self) -> &Counters<RequestKind> {
        &self.refused
    }
}
