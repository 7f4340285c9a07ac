//! The policy of a key: its scopes, networks, not-before time and rate limit.

use std::{fmt, net::IpAddr};

use chrono::{DateTime, Utc};
use ipnet::IpNet;

use super::{Scope, Scopes};

/// The prefix of the scopes that Latchkey itself defines; all others are the deployer's.
pub const RESERVED_SCOPE_PREFIX: &str = "latchkey:";
const SCOPE_MAX_LENGTH: usize = 128;
/// The most scopes, and the most networks, of a policy: each verification looks at all of them.
pub const MAX_POLICY_ITEMS: usize = 100;

/// What restricts a key. A part that is `None` does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// The scopes that the key has.
    pub scopes: Option<Vec<String>>,
    /// The networks that the key may be used from.
    pub networks: Option<Vec<IpNet>>,
    /// The instant from which on the key is valid.
    pub not_before: Option<DateTime<Utc>>,
    /// How often the key may be verified.
    pub rate_limit: Option<RateLimit>,
}

/// A number of requests in a number of seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// 1 to 1,000,000.
    pub requests: u32,
    /// 1 to 86,400.
    pub seconds: u32,
}

/// Why a policy is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyError {
    /// The scope at this index is malformed, or begins with `latchkey:` and is unknown.
    InvalidScope(usize),
    /// The network at this index is malformed.
    InvalidNetwork(usize),
    /// There are more than [`MAX_POLICY_ITEMS`] scopes.
    TooManyScopes,
    /// There are more than [`MAX_POLICY_ITEMS`] networks.
    TooManyNetworks,
}

impl Policy {
    /// About how many bytes of memory it takes besides itself.
    pub fn heap_bytes(&self) -> usize {
        let scopes = self.scopes.iter().flatten().map(|scope| size_of::<String>() + 16 + scope.len());
        scopes.sum::<usize>() + self.networks.iter().flatten().map(size_of_val).sum::<usize>()
    }

    /// Whether it restricts nothing.
    pub fn is_unrestricted(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a key with this policy has a scope. One of Latchkey itself counts only if the policy names it.
    pub fn has_scope(&self, scope: &str) -> bool {
        match &self.scopes {
            Some(scopes) => scopes.iter().any(|own| includes(own, scope)),
            None => !scope.starts_with(RESERVED_SCOPE_PREFIX),
        }
    }

    /// Whether the key may be used from an address. If there are networks, an unknown address is in none of them.
    pub fn allows_ip(&self, ip: Option<IpAddr>) -> bool {
        let Some(networks) = &self.networks else {
            return true;
        };
        ip.is_some_and(|ip| networks.iter().any(|network| network.contains(&ip.to_canonical())))
    }

    /// Whether this policy permits at least what `other` does. The not-before time is no permission and does not count.
    pub fn permits_all_of(&self, other: &Self) -> bool {
        let scopes = self.scopes.as_ref().map_or_else(
            || !other.names_more_than_implied(),
            |mine| {
                other
                    .scopes
                    .as_ref()
                    .is_some_and(|theirs| theirs.iter().all(|scope| mine.iter().any(|own| includes(own, scope))))
            },
        );
        let networks = self.networks.as_ref().is_none_or(|mine| {
            let within = |network: &IpNet| mine.iter().any(|own| own.contains(network));
            other.networks.as_ref().is_some_and(|theirs| theirs.iter().all(within))
        });
        let rate_limit =
            self.rate_limit.is_none_or(|mine| other.rate_limit.is_some_and(|theirs| mine.permits_all_of(theirs)));
        scopes && networks && rate_limit
    }

    /// Whether it names scopes of Latchkey that no key has without naming them.
    fn names_more_than_implied(&self) -> bool {
        let named = self.scopes.iter().flatten().filter_map(|scope| Scope::parse(scope));
        !Scopes::of_unrestricted_key().contains_all(&named.collect())
    }

    /// The policy that permits what both permit, from the later not-before time on.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        Self {
            scopes: both(self.scopes.as_deref(), other.scopes.as_deref(), |mine, theirs| {
                let has = |scopes: &[String], scope: &String| scopes.iter().any(|own| includes(own, scope));
                let mut scopes: Vec<String> = mine.iter().filter(|scope| has(theirs, scope)).cloned().collect();
                scopes.extend(theirs.iter().filter(|scope| !mine.contains(scope) && has(mine, scope)).cloned());
                scopes
            }),
            networks: both(self.networks.as_deref(), other.networks.as_deref(), |mine, theirs| {
                let inner = |one: IpNet, other: IpNet| match (one.contains(&other), other.contains(&one)) {
                    (true, _) => Some(other),
                    (_, true) => Some(one),
                    (false, false) => None,
                };
                mine.iter().flat_map(|one| theirs.iter().filter_map(|other| inner(*one, *other))).collect()
            }),
            not_before: self.not_before.max(other.not_before),
            rate_limit: match (self.rate_limit, other.rate_limit) {
                (Some(mine), Some(theirs)) => Some(mine.intersect(theirs)),
                (mine, theirs) => mine.or(theirs),
            },
        }
    }
}

/// Whether a scope is another one, or implies it.
fn includes(own: &str, scope: &str) -> bool {
    own == scope || Scope::parse(own).and_then(Scope::implied).is_some_and(|implied| implied.as_str() == scope)
}

/// The list of what is in both lists; an absent list has everything.
fn both<T: Clone>(mine: Option<&[T]>, theirs: Option<&[T]>, combine: impl Fn(&[T], &[T]) -> Vec<T>) -> Option<Vec<T>> {
    match (mine, theirs) {
        (Some(mine), Some(theirs)) => Some(combine(mine, theirs)),
        (mine, theirs) => mine.or(theirs).map(<[T]>::to_vec),
    }
}

impl RateLimit {
    /// Whether this limit permits at least as many requests as `other`, at once and in the long run.
    fn permits_all_of(self, other: Self) -> bool {
        other.requests <= self.requests
            && u64::from(other.requests) * u64::from(self.seconds)
                <= u64::from(self.requests) * u64::from(other.seconds)
    }

    /// A limit that both permit: the stricter one, or, if neither is stricter in both respects, the fewer requests in the
    /// longer time.
    fn intersect(self, other: Self) -> Self {
        if self.permits_all_of(other) {
            return other;
        }
        if other.permits_all_of(self) {
            return self;
        }
        Self { requests: self.requests.min(other.requests), seconds: self.seconds.max(other.seconds) }
    }
}

impl fmt::Display for RateLimit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} in {} s", self.requests, self.seconds)
    }
}

/// Whether this is a scope token (RFC 6749, section 3.3). One that begins with `latchkey:` must be known.
fn is_valid_scope(text: &str) -> bool {
    let allowed = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E);
    (1..=SCOPE_MAX_LENGTH).contains(&text.len())
        && text.bytes().all(allowed)
        // Forward authentication reports an unrestricted key by it.
        && text != "*"
        && (!text.starts_with(RESERVED_SCOPE_PREFIX) || Scope::parse(text).is_some())
}

/// The scopes, if all of them are valid.
pub fn parse_scopes(scopes: Vec<String>) -> Result<Vec<String>, PolicyError> {
    if scopes.len() > MAX_POLICY_ITEMS {
        return Err(PolicyError::TooManyScopes);
    }
    match scopes.iter().position(|scope| !is_valid_scope(scope)) {
        Some(index) => Err(PolicyError::InvalidScope(index)),
        None => Ok(scopes),
    }
}

/// The networks, with their host bits cleared. A single address is the network of that address.
pub fn parse_networks(networks: &[String]) -> Result<Vec<IpNet>, PolicyError> {
    if networks.len() > MAX_POLICY_ITEMS {
        return Err(PolicyError::TooManyNetworks);
    }
    let parse = |(index, text): (usize, &String)| {
        let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        network.map(|network| network.trunc()).map_err(|_| PolicyError::InvalidNetwork(index))
    };
    networks.iter().enumerate().map(parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scopes(scopes: &[&str]) -> Policy {
        Policy { scopes: Some(scopes.iter().map(|scope| (*scope).to_owned()).collect()), ..Policy::default() }
    }

    fn networks(networks: &[&str]) -> Policy {
        Policy { networks: Some(networks.iter().map(|text| text.parse().unwrap()).collect()), ..Policy::default() }
    }

    fn rate_limit(requests: u32, seconds: u32) -> Policy {
        Policy { rate_limit: Some(RateLimit { requests, seconds }), ..Policy::default() }
    }

    #[test]
    fn any_restriction_makes_a_policy_restricted() {
        assert!(Policy::default().is_unrestricted());
        for restricted in [
            scopes(&[]),
            networks(&["192.0.2.0/24"]),
            rate_limit(1, 1),
            Policy { not_before: Some(DateTime::UNIX_EPOCH), ..Policy::default() },
        ] {
            assert!(!restricted.is_unrestricted(), "{restricted:?}");
        }
    }

    #[test]
    fn a_latchkey_scope_counts_only_if_the_policy_names_it() {
        assert!(Policy::default().has_scope("orders"));
        assert!(!Policy::default().has_scope("latchkey:keys.read"));
        let restricted = scopes(&["orders", "latchkey:keys.write"]);
        for scope in ["orders", "latchkey:keys.write", "latchkey:keys.manage"] {
            assert!(restricted.has_scope(scope), "{scope}");
        }
        for other in ["order", "latchkey:keys.read", "latchkey:verify", "latchkey:keys"] {
            assert!(!restricted.has_scope(other), "{other}");
        }
    }

    #[test]
    fn to_write_keys_includes_to_manage_them() {
        let (write, manage) = (scopes(&["latchkey:keys.write", "a"]), scopes(&["latchkey:keys.manage"]));
        assert!(write.permits_all_of(&manage) && !manage.permits_all_of(&write));
        assert_eq!(write.intersect(&manage), manage);
        assert_eq!(manage.intersect(&write), manage);
    }

    #[test]
    fn networks_contain_addresses_of_both_families() {
        let policy = networks(&["192.0.2.0/24", "2001:db8::/32", "198.51.100.7/32"]);
        let allows = |text: &str| policy.allows_ip(Some(text.parse().unwrap()));
        assert!(allows("192.0.2.255") && allows("2001:db8::1") && allows("198.51.100.7"));
        assert!(allows("::ffff:192.0.2.1"));
        assert!(!allows("192.0.3.1") && !allows("2001:db9::1") && !allows("198.51.100.8"));
        assert!(!policy.allows_ip(None));
        assert!(Policy::default().allows_ip(None));
        assert!(!networks(&[]).allows_ip(Some("192.0.2.1".parse().unwrap())));
    }

    #[test]
    fn a_policy_permits_all_of_a_stricter_one_and_nothing_wider() {
        let unrestricted = Policy::default();
        for restricted in [scopes(&["a", "b"]), networks(&["10.0.0.0/8"]), rate_limit(10, 60)] {
            assert!(unrestricted.permits_all_of(&restricted) && restricted.permits_all_of(&restricted));
            assert!(!restricted.permits_all_of(&unrestricted));
        }
        assert!(scopes(&["a", "b"]).permits_all_of(&scopes(&["b"])));
        assert!(!scopes(&["b"]).permits_all_of(&scopes(&["a"])));
        assert!(networks(&["10.0.0.0/8"]).permits_all_of(&networks(&["10.1.0.0/16"])));
        assert!(!networks(&["10.1.0.0/16"]).permits_all_of(&networks(&["10.0.0.0/8"])));
        assert!(!networks(&["10.0.0.0/8"]).permits_all_of(&networks(&["10.1.0.0/16", "::/0"])));
        assert!(rate_limit(10, 60).permits_all_of(&rate_limit(5, 60)));
        assert!(rate_limit(10, 60).permits_all_of(&rate_limit(10, 120)));
        assert!(!rate_limit(10, 60).permits_all_of(&rate_limit(11, 120)));
        assert!(!rate_limit(10, 60).permits_all_of(&rate_limit(10, 59)));
        let later = Policy { not_before: Some(DateTime::UNIX_EPOCH), ..scopes(&["a"]) };
        assert!(later.permits_all_of(&scopes(&["a"])) && scopes(&["a"]).permits_all_of(&later));
    }

    #[test]
    fn the_intersection_is_within_both_and_keeps_every_restriction() {
        let mine = Policy { scopes: scopes(&["a", "b"]).scopes, ..networks(&["10.0.0.0/8", "2001:db8::/64"]) };
        let theirs = Policy { networks: networks(&["10.1.0.0/16", "2001:db8::/32"]).networks, ..rate_limit(5, 60) };
        let expected = Policy {
            scopes: scopes(&["a", "b"]).scopes,
            networks: networks(&["10.1.0.0/16", "2001:db8::/64"]).networks,
            rate_limit: rate_limit(5, 60).rate_limit,
            not_before: None,
        };
        assert_eq!(mine.intersect(&theirs), expected);
        assert_eq!(theirs.intersect(&mine).rate_limit, expected.rate_limit);
        for policy in [&mine, &theirs] {
            assert!(policy.permits_all_of(&mine.intersect(&theirs)) && policy.permits_all_of(&theirs.intersect(&mine)));
        }
        assert_eq!(scopes(&["a", "b"]).intersect(&scopes(&["b", "c"])), scopes(&["b"]));
        assert_eq!(networks(&["10.0.0.0/8"]).intersect(&networks(&["192.0.2.0/24"])), networks(&[]));
        assert_eq!(Policy::default().intersect(&Policy::default()), Policy::default());
    }

    #[test]
    fn the_intersection_of_rate_limits_is_the_stricter_one() {
        for (mine, theirs, expected) in [
            (rate_limit(10, 60), rate_limit(5, 60), rate_limit(5, 60)),
            (rate_limit(5, 60), rate_limit(10, 60), rate_limit(5, 60)),
            // Fewer at once, but more in the long run.
            (rate_limit(10, 60), rate_limit(5, 1), rate_limit(5, 60)),
        ] {
            assert_eq!(mine.intersect(&theirs), expected);
            assert!(mine.permits_all_of(&expected) && theirs.permits_all_of(&expected));
        }
    }

    #[test]
    fn the_later_not_before_counts() {
        let at = |seconds| Policy { not_before: DateTime::from_timestamp(seconds, 0), ..Policy::default() };
        assert_eq!(at(1).intersect(&at(2)), at(2));
        assert_eq!(at(1).intersect(&Policy::default()), at(1));
    }

    #[test]
    fn an_invalid_scope_or_network_is_reported_by_its_index() {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        for invalid in ["", "*", "a b", "a\"", "a\\", "ä", "latchkey:everything", &"x".repeat(129)] {
            assert_eq!(parse_scopes(texts(&["ok", invalid])), Err(PolicyError::InvalidScope(1)), "{invalid}");
        }
        for valid in ["latchkey:verify", "orders:read", "**", &"x".repeat(128)] {
            assert!(parse_scopes(texts(&[valid])).is_ok(), "{valid}");
        }
        for invalid in ["", "10.0.0.0/33", "10.0.0", "example.com", "10.0.0.0/8 "] {
            assert_eq!(parse_networks(&texts(&["::1", invalid])), Err(PolicyError::InvalidNetwork(1)), "{invalid}");
        }
        assert_eq!(parse_networks(&texts(&["10.1.2.3/8"])).unwrap(), ["10.0.0.0/8".parse::<IpNet>().unwrap()]);
    }

    #[test]
    fn a_policy_has_at_most_a_hundred_of_each() {
        assert!(parse_scopes(vec!["a".into(); 100]).is_ok());
        assert_eq!(parse_scopes(vec!["a".into(); 101]), Err(PolicyError::TooManyScopes));
        assert!(parse_networks(&vec!["::1".into(); 100]).is_ok());
        assert_eq!(parse_networks(&vec!["::1".into(); 101]), Err(PolicyError::TooManyNetworks));
    }
}
