//! What narrows a key: its scopes, the networks it may be used from, its beginning, how often it may be used. And the rule
//! that no credential can hand out more than it has.

use std::{fmt, net::IpAddr};

use chrono::{DateTime, Utc};
use diesel::{Queryable, Selectable};
use ipnet::IpNet;

use crate::{
    identity::{Role, Scope, Scopes},
    store::schema::api_keys,
};

/// What a scope of this service's own begins with; all others are the deployer's.
const OWN_SCOPES: &str = "latchkey:";
const SCOPE_MAX_LENGTH: usize = 128;
/// How many scopes, and how many networks, a policy may name: each is looked at on each verification.
pub const MAX_ITEMS: usize = 100;

/// What narrows a key; each part that is `None` does not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = api_keys, check_for_backend(diesel::pg::Pg))]
pub struct Policy {
    /// All that the key may do.
    pub scopes: Option<Vec<String>>,
    /// From where alone it may be used.
    pub networks: Option<Vec<IpNet>>,
    /// Before this instant it is not good yet.
    pub not_before: Option<DateTime<Utc>>,
    /// How often it may be verified; there or not together with the next.
    pub rate_limit_requests: Option<i64>,
    /// In which time.
    pub rate_limit_seconds: Option<i64>,
}

/// So many requests in so many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// 1 to 1,000,000.
    pub requests: u32,
    /// 1 to 86,400.
    pub seconds: u32,
}

impl fmt::Display for RateLimit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} in {} s", self.requests, self.seconds)
    }
}

/// What is wrong with a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyFault {
    /// The scope at this index is not one, or is of this service's own and unknown.
    Scope(usize),
    /// The network at this index is not one.
    Network(usize),
    /// More scopes than are looked at.
    TooManyScopes,
    /// More networks than are looked at.
    TooManyNetworks,
}

impl Policy {
    /// Whether it narrows nothing.
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// How often the key may be verified.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        Some(RateLimit {
            requests: u32::try_from(self.rate_limit_requests?).ok()?,
            seconds: u32::try_from(self.rate_limit_seconds?).ok()?,
        })
    }

    /// What of its owner's role the key has.
    pub fn own_scopes(&self, role: Role) -> Scopes {
        match &self.scopes {
            None => role.scopes(),
            Some(scopes) => role.scopes().shared_with(&scopes.iter().filter_map(|scope| Scope::named(scope)).collect()),
        }
    }

    /// Whether a key of an owner in this role has a scope.
    pub fn has_scope(&self, role: Role, scope: &str) -> bool {
        if scope.starts_with(OWN_SCOPES) {
            return self.own_scopes(role).contain_named(scope);
        }
        self.scopes.as_ref().is_none_or(|scopes| scopes.iter().any(|own| own == scope))
    }

    /// Whether the key may be used from an address; from none at all when none is known and the networks are narrowed.
    pub fn allows_address(&self, address: Option<IpAddr>) -> bool {
        let Some(networks) = &self.networks else {
            return true;
        };
        address.is_some_and(|address| networks.iter().any(|network| network.contains(&address.to_canonical())))
    }

    /// Whether whoever is narrowed so has at least what `other` allows. When a key begins to be good is no right, so it
    /// does not matter.
    pub fn covers(&self, other: &Self) -> bool {
        let scopes = self.scopes.as_ref().is_none_or(|mine| {
            other.scopes.as_ref().is_some_and(|theirs| theirs.iter().all(|scope| mine.contains(scope)))
        });
        let networks = self.networks.as_ref().is_none_or(|mine| {
            let within = |network: &IpNet| mine.iter().any(|own| own.contains(network));
            other.networks.as_ref().is_some_and(|theirs| theirs.iter().all(within))
        });
        let rate = self.rate_limit().is_none_or(|mine| {
            other.rate_limit().is_some_and(|theirs| {
                theirs.requests <= mine.requests
                    && u64::from(theirs.requests) * u64::from(mine.seconds)
                        <= u64::from(mine.requests) * u64::from(theirs.seconds)
            })
        });
        scopes && networks && rate
    }

    /// What whoever is narrowed both ways has.
    pub fn narrowed_by(self, other: &Self) -> Self {
        let scopes = match (self.scopes, &other.scopes) {
            (Some(mine), Some(theirs)) => Some(mine.into_iter().filter(|scope| theirs.contains(scope)).collect()),
            (mine, theirs) => mine.or_else(|| theirs.clone()),
        };
        Self { scopes, ..other.clone() }
    }
}

/// Whether this is a scope (RFC 6749, section 3.3); one of this service's own must be known.
pub fn is_scope(text: &str) -> bool {
    let allowed = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E);
    (1..=SCOPE_MAX_LENGTH).contains(&text.len())
        && text.bytes().all(allowed)
        // It stands for all scopes in forward authentication's answer.
        && text != "*"
        && (!text.starts_with(OWN_SCOPES) || Scope::named(text).is_some())
}

/// The scopes, or the first that is not one.
pub fn read_scopes(scopes: Vec<String>) -> Result<Vec<String>, PolicyFault> {
    if scopes.len() > MAX_ITEMS {
        return Err(PolicyFault::TooManyScopes);
    }
    match scopes.iter().position(|scope| !is_scope(scope)) {
        Some(index) => Err(PolicyFault::Scope(index)),
        None => Ok(scopes),
    }
}

/// The networks, without the bits that stand for hosts, or the first that is not one.
pub fn read_networks(networks: &[String]) -> Result<Vec<IpNet>, PolicyFault> {
    if networks.len() > MAX_ITEMS {
        return Err(PolicyFault::TooManyNetworks);
    }
    let read = |(index, text): (usize, &String)| {
        let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        network.map(|network| network.trunc()).map_err(|_| PolicyFault::Network(index))
    };
    networks.iter().enumerate().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scopes(scopes: &[&str]) -> Policy {
        Policy { scopes: Some(scopes.iter().map(|scope| (*scope).to_owned()).collect()), ..Policy::default() }
    }

    fn networks(texts: &[&str]) -> Policy {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        Policy { networks: Some(read_networks(&texts).unwrap()), ..Policy::default() }
    }

    fn rate(requests: i64, seconds: i64) -> Policy {
        Policy { rate_limit_requests: Some(requests), rate_limit_seconds: Some(seconds), ..Policy::default() }
    }

    #[test]
    fn a_key_that_is_not_narrowed_has_its_owners_rights_and_every_scope_of_the_deployers() {
        let open = Policy::default();
        assert!(open.has_scope(Role::Member, "orders:read"));
        assert!(open.has_scope(Role::Member, "latchkey:keys.read"));
        assert!(!open.has_scope(Role::Member, "latchkey:verify"));
        assert!(open.allows_address(None));
    }

    #[test]
    fn a_scope_narrows_and_never_widens() {
        let narrow = scopes(&["orders:read", "latchkey:keys.read", "latchkey:audit.read"]);
        assert!(narrow.has_scope(Role::Member, "orders:read"));
        assert!(!narrow.has_scope(Role::Member, "orders:write"));
        assert!(narrow.has_scope(Role::Member, "latchkey:keys.read"));
        assert!(!narrow.has_scope(Role::Member, "latchkey:keys.write"));
        assert!(!narrow.has_scope(Role::Member, "latchkey:audit.read"));
    }

    #[test]
    fn networks_hold_for_both_families_and_for_addresses_of_one_written_as_the_other() {
        let narrow = networks(&["192.0.2.0/24", "2001:db8::/32", "198.51.100.7"]);
        let allows = |address: &str| narrow.allows_address(Some(address.parse().unwrap()));
        assert!(allows("192.0.2.200") && allows("2001:db8:1::1") && allows("198.51.100.7"));
        assert!(allows("::ffff:192.0.2.1"));
        assert!(!allows("192.0.3.1") && !allows("2001:db9::1") && !allows("198.51.100.8"));
        assert!(!narrow.allows_address(None));
        assert!(!networks(&[]).allows_address(Some("192.0.2.1".parse().unwrap())));
    }

    #[test]
    fn nobody_covers_more_than_they_have() {
        let open = Policy::default();
        for narrow in [scopes(&["a", "b"]), networks(&["10.0.0.0/8"]), rate(10, 60)] {
            assert!(open.covers(&narrow) && narrow.covers(&narrow) && !narrow.covers(&open));
        }
        assert!(scopes(&["a", "b"]).covers(&scopes(&["b"])) && !scopes(&["b"]).covers(&scopes(&["a"])));
        assert!(networks(&["10.0.0.0/8"]).covers(&networks(&["10.1.0.0/16"])));
        assert!(!networks(&["10.1.0.0/16"]).covers(&networks(&["10.0.0.0/8"])));
        assert!(!networks(&["10.0.0.0/8"]).covers(&networks(&["10.1.0.0/16", "::/0"])));
        assert!(rate(10, 60).covers(&rate(5, 60)) && rate(10, 60).covers(&rate(10, 120)));
        assert!(!rate(10, 60).covers(&rate(11, 120)) && !rate(10, 60).covers(&rate(10, 59)));
    }

    #[test]
    fn what_is_no_scope_or_network_is_named_by_its_place() {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        for bad in ["", "*", "a b", "a\"", "a\\", "ä", "latchkey:everything", &"x".repeat(129)] {
            assert_eq!(read_scopes(texts(&["ok", bad])), Err(PolicyFault::Scope(1)), "{bad}");
        }
        for bad in ["", "10.0.0.0/33", "10.0.0", "example.com", "10.0.0.0/8 "] {
            assert_eq!(read_networks(&texts(&["::1", bad])), Err(PolicyFault::Network(1)), "{bad}");
        }
        assert_eq!(read_networks(&texts(&["10.1.2.3/8"])).unwrap(), ["10.0.0.0/8".parse::<IpNet>().unwrap()]);
        assert_eq!(read_scopes(vec!["a".into(); 101]), Err(PolicyFault::TooManyScopes));
    }
}
