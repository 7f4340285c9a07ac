//! Usage counters.

use chrono::{DateTime, Utc};

/// How often a key was verified.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UsageCount {
    /// Verifications that found the key valid.
    pub valid: i64,
    /// Verifications that found it invalid.
    pub invalid: i64,
    /// When it was last found valid.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl UsageCount {
    /// Adds the counts of `other`, and keeps the later time.
    pub fn add(&mut self, other: &Self) {
        self.valid += other.valid;
        self.invalid += other.invalid;
        self.last_used_at = self.last_used_at.max(other.last_used_at);
    }
}
