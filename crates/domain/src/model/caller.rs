//! The caller of an operation, and the rule that no credential hands out more than it has.

use std::net::IpAddr;

use chrono::{DateTime, Utc};

use super::{
    ApiKey, CredentialType, KeySnapshot, Policy, PrincipalKind, Rights, Scope, Scopes, principal::DEFAULT_PROJECT,
};

/// The authenticated principal of a request, with its credential and restrictions.
///
/// Its credential was valid when it was authenticated. A statement that acts for a caller checks that the principal is still
/// active and that [`Caller::token_generation`] is still current.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The principal.
    pub user_id: i64,
    /// What the principal is.
    pub kind: PrincipalKind,
    /// The project that the principal belongs to.
    pub project_id: i64,
    /// The generation of the principal's tokens that the credential belongs to.
    pub token_generation: i64,
    /// What the credential may do in Latchkey itself, if the rights of the principal permit it.
    pub scopes: Scopes,
    /// What identified the caller; of two credentials, the key, which says more.
    pub credential: Credential,
    /// Who minted the owner token that is a credential, if one is.
    pub minter: Option<Minter>,
    /// Where the request came from, if known.
    pub client_ip: Option<IpAddr>,
    /// The rights of the principal, if they were read to authenticate it; otherwise none.
    pub rights: Rights,
    /// The policies of all credentials that have one. Each of them must permit what the caller grants.
    restrictions: Vec<Policy>,
}

/// What identified a caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// A bearer token.
    BearerToken,
    /// A bearer token of an owner, which a member minted.
    OwnerToken,
    /// An API key.
    ApiKey {
        /// The key's id.
        id: i64,
        /// The policy that the key had when it was authenticated.
        policy: Box<Policy>,
        /// When the key expired at the time of its authentication.
        expires_at: Option<DateTime<Utc>>,
    },
    /// The key that the operation is about, sent as its parameter (RFC 7009). It needs no active user.
    KeyPossession {
        /// The key's id.
        id: i64,
    },
}

/// The caller that minted an owner token. The token ends with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Minter {
    /// The principal.
    pub id: i64,
    /// The generation of its tokens.
    pub token_generation: i64,
    /// The key that was its credential, if one was.
    pub key_id: Option<i64>,
}

impl Caller {
    /// The caller with an unrestricted bearer token of a user.
    pub fn with_token(user_id: i64, token_generation: i64) -> Self {
        Self {
            user_id,
            kind: PrincipalKind::User,
            project_id: DEFAULT_PROJECT,
            token_generation,
            scopes: Scopes::all(),
            credential: Credential::BearerToken,
            minter: None,
            client_ip: None,
            rights: Rights::new(false, []),
            restrictions: Vec::new(),
        }
    }

    /// The caller with a bearer token that was requested with fewer scopes than its user has: the keys it creates have these
    /// scopes alone.
    pub fn with_restricted_token(user_id: i64, token_generation: i64, scopes: Scopes) -> Self {
        Self { scopes, restrictions: vec![of_scopes(scopes)], ..Self::with_token(user_id, token_generation) }
    }

    /// The caller with a token of an owner. `granted` is what restricts the keys that it creates, if the token says it.
    pub fn with_owner_token(
        owner_id: i64,
        token_generation: i64,
        scopes: Scopes,
        project_id: i64,
        minter: Minter,
        granted: Option<Policy>,
    ) -> Self {
        Self {
            kind: PrincipalKind::Owner,
            project_id,
            scopes,
            credential: Credential::OwnerToken,
            minter: Some(minter),
            restrictions: granted.into_iter().collect(),
            ..Self::with_token(owner_id, token_generation)
        }
    }

    /// The caller with a valid API key.
    pub fn with_key(key: &KeySnapshot) -> Self {
        let policy = key.policy();
        Self {
            kind: key.principal.kind,
            project_id: key.project_id,
            scopes: key.latchkey_scopes(),
            credential: Credential::ApiKey {
                id: key.id,
                policy: Box::new(policy.clone()),
                expires_at: key.state.expires_at,
            },
            restrictions: if policy.is_unrestricted() { Vec::new() } else { vec![policy.clone()] },
            ..Self::with_token(key.principal.id, key.principal.token_generation)
        }
    }

    /// The caller who has the key of this id, and may revoke it.
    pub fn with_key_possession(id: i64, user_id: i64, client_ip: Option<IpAddr>) -> Self {
        Self {
            client_ip,
            scopes: Scopes::default(),
            credential: Credential::KeyPossession { id },
            ..Self::with_token(user_id, 0)
        }
    }

    /// The caller with both credentials, who may do what both permit; `None` if they belong to different users or generations.
    pub fn with_both(token: Self, key: Self) -> Option<Self> {
        ((token.user_id, token.token_generation) == (key.user_id, key.token_generation)).then(|| Self {
            scopes: token.scopes.intersection(&key.scopes),
            minter: token.minter,
            restrictions: token.restrictions.into_iter().chain(key.restrictions).collect(),
            ..key
        })
    }

    /// The caller with one restriction more.
    #[must_use]
    pub fn restricted_by(mut self, policy: Policy) -> Self {
        self.restrictions.push(policy);
        self
    }

    /// The caller with these scopes at most, which restrict no key that it creates.
    #[must_use]
    pub fn with_scopes(self, scopes: Scopes) -> Self {
        Self { scopes: self.scopes.intersection(&scopes), ..self }
    }

    /// The caller, whose request came from this address.
    #[must_use]
    pub fn from_ip(self, client_ip: Option<IpAddr>) -> Self {
        Self { client_ip, ..self }
    }

    /// The caller with what its principal may do. A token that was requested with all scopes of its user restricts the keys that it
    /// creates as soon as the user has more.
    #[must_use]
    pub fn with_rights(mut self, rights: &Rights) -> Self {
        let of_user = rights.scopes();
        if self.may_be_outgrown() && !self.scopes.contains_all(&Scopes::of_unrestricted_key().intersection(&of_user)) {
            self.restrictions.push(of_scopes(self.scopes));
        }
        Self { scopes: self.scopes.intersection(&of_user), rights: rights.clone(), ..self }
    }

    /// Whether the caller has no restriction, but not all scopes that a user's unrestricted key may have.
    pub fn may_be_outgrown(&self) -> bool {
        self.kind == PrincipalKind::User
            && self.is_unrestricted()
            && !self.scopes.contains_all(&Scopes::of_unrestricted_key())
    }

    /// Whether no credential of the caller has a policy.
    pub fn is_unrestricted(&self) -> bool {
        self.restrictions.is_empty()
    }

    /// Whether the caller may give a key of its own this policy: all that the policy permits must be permitted to the caller.
    pub fn may_grant(&self, policy: &Policy) -> bool {
        let has_scope = |name: &String| Scope::parse(name).is_none_or(|_| self.scopes.contains_str(name));
        self.restrictions.iter().all(|restriction| restriction.permits_all_of(policy))
            && policy.scopes.iter().flatten().all(has_scope)
    }

    /// Whether a caller with the scope to change the keys of owners may give them this policy: scopes of the deployer, and those to
    /// manage keys.
    pub fn may_give_to_owner(policy: &Policy) -> bool {
        let is_allowed = |name: &String| Scope::parse(name).is_none_or(Scope::is_of_keys);
        policy.scopes.as_ref().is_some_and(|scopes| scopes.iter().all(is_allowed))
    }

    /// Whether the caller may do to a key of such a principal what changes who can use it and for how long, which is everything but
    /// to describe it. The key must not permit more than the caller has, except those of owners to callers that may change them.
    pub fn may_control(&self, key: &ApiKey, kind: PrincipalKind) -> bool {
        if kind == PrincipalKind::Owner && !self.owns(key) {
            return true;
        }
        let scopes = match &key.policy.scopes {
            Some(scopes) => scopes.iter().filter_map(|scope| Scope::parse(scope)).collect(),
            None if kind == PrincipalKind::User => Scopes::of_unrestricted_key(),
            None => Scopes::default(),
        };
        self.scopes.contains_all(&scopes)
            && self.restrictions.iter().all(|restriction| restriction.permits_all_of(&key.policy))
    }

    /// Whether the caller may restrict or end a key of such a principal. With an owner token, a customer can end each of its keys.
    pub fn may_restrict(&self, key: &ApiKey, kind: PrincipalKind) -> bool {
        self.credential == Credential::OwnerToken || self.may_control(key, kind)
    }

    /// Whether the only credential is a user's bearer token that was not requested with fewer scopes than the user has.
    pub fn has_full_token(&self) -> bool {
        self.credential == Credential::BearerToken && self.is_unrestricted()
    }

    /// Whether the caller has everything that its principal has, so that it controls each key that the principal reaches.
    pub fn has_everything(&self) -> bool {
        self.is_unrestricted() && self.scopes == Scopes::all()
    }

    /// Whether a key belongs to the caller itself.
    pub fn owns(&self, key: &ApiKey) -> bool {
        self.user_id == key.user_id
    }

    /// When the caller's own key expires; `None` if it never does or the credential is not a key. The lifetime of a bearer
    /// token limits no key.
    pub fn key_expires_at(&self) -> Option<DateTime<Utc>> {
        match self.credential {
            Credential::ApiKey { expires_at, .. } => expires_at,
            Credential::BearerToken | Credential::OwnerToken | Credential::KeyPossession { .. } => None,
        }
    }

    /// Whether the caller may let a key expire at this time, or never: no later than its own key.
    pub fn may_set_expiry(&self, expires_at: Option<DateTime<Utc>>) -> bool {
        self.key_expires_at().is_none_or(|own| expires_at.is_some_and(|expires_at| expires_at <= own))
    }

    /// The id of the key that is the credential, if one is.
    pub fn key_id(&self) -> Option<i64> {
        match self.credential {
            Credential::BearerToken | Credential::OwnerToken => None,
            Credential::ApiKey { id, .. } | Credential::KeyPossession { id } => Some(id),
        }
    }

    /// Whether the caller's credential is the key of this id.
    pub fn is_key(&self, key_id: i64) -> bool {
        matches!(self.credential, Credential::ApiKey { id, .. } if id == key_id)
    }

    /// The policy of a key that the caller creates without naming one: the most that it may grant, from now on.
    pub fn default_policy(&self) -> Policy {
        let policy = self.restrictions.iter().fold(Policy::default(), |policy, other| policy.intersect(other));
        Policy { not_before: None, ..policy }
    }

    /// The kind of credential, for the audit trail.
    pub fn credential_type(&self) -> CredentialType {
        match self.credential {
            Credential::BearerToken => CredentialType::BearerToken,
            Credential::OwnerToken => CredentialType::OwnerToken,
            Credential::ApiKey { .. } => CredentialType::ApiKey,
            Credential::KeyPossession { .. } => CredentialType::KeyHolder,
        }
    }
}

/// The policy that permits these scopes alone.
fn of_scopes(scopes: Scopes) -> Policy {
    Policy { scopes: Some(scopes.names().map(str::to_owned).collect()), ..Policy::default() }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::model::{KeyState, Membership, RateLimit, Role};

    fn policy(scopes: Option<&[&str]>, networks: Option<&[&str]>, rate_limit: Option<(u32, u32)>) -> Policy {
        Policy {
            scopes: scopes.map(|scopes| scopes.iter().map(|scope| (*scope).to_owned()).collect()),
            networks: networks.map(|networks| networks.iter().map(|text| text.parse().unwrap()).collect()),
            rate_limit: rate_limit.map(|(requests, seconds)| RateLimit { requests, seconds }),
            not_before: None,
        }
    }

    fn snapshot(user_id: i64, token_generation: i64, policy: Policy) -> KeySnapshot {
        KeySnapshot::example().with_policy(policy).with_principal(|principal| {
            principal.id = user_id;
            principal.token_generation = token_generation;
        })
    }

    fn key_caller(policy: Policy) -> Caller {
        Caller::with_key(&snapshot(1, 1, policy))
    }

    #[test]
    fn an_unrestricted_caller_grants_all_deployer_scopes_and_its_own_latchkey_scopes() {
        let caller = Caller::with_token(1, 1).with_rights(&Rights::new(false, []));
        assert!(caller.is_unrestricted());
        assert!(caller.may_grant(&Policy::default()));
        assert!(caller.may_grant(&policy(Some(&["orders", "latchkey:keys.read"]), None, None)));
        assert!(!caller.may_grant(&policy(Some(&["orders", "latchkey:verify"]), None, None)));
    }

    #[test]
    fn a_caller_keeps_the_address_of_its_request() {
        let address = Some(IpAddr::from([192, 0, 2, 1]));
        assert_eq!(Caller::with_token(1, 1).from_ip(address).client_ip, address);
    }

    #[test]
    fn each_restriction_of_two_credentials_counts() {
        let token = Caller::with_restricted_token(1, 1, Scopes::parse("latchkey:keys.write").unwrap());
        let key = key_caller(policy(None, Some(&["10.0.0.0/8"]), Some((10, 60))));
        let both = Caller::with_both(token, key).unwrap();
        let scopes: Option<&[&str]> = Some(&["latchkey:keys.write"]);
        assert!(both.may_grant(&policy(scopes, Some(&["10.1.0.0/16"]), Some((10, 60)))));
        assert!(!both.may_grant(&policy(None, Some(&["10.1.0.0/16"]), Some((10, 60)))));
        assert!(!both.may_grant(&policy(scopes, None, Some((10, 60)))));
        assert!(!both.may_grant(&policy(scopes, Some(&["10.1.0.0/16"]), None)));
        assert_eq!(both.default_policy(), policy(scopes, Some(&["10.0.0.0/8"]), Some((10, 60))));
        assert_eq!(both.credential_type(), CredentialType::ApiKey);

        // The order in which the restrictions came does not matter.
        let token = Caller::with_restricted_token(1, 1, Scopes::parse("latchkey:keys.read").unwrap());
        let key = key_caller(policy(Some(&["latchkey:keys.write"]), None, None));
        assert!(Caller::with_both(token, key).unwrap().scopes.is_empty());
    }

    #[test]
    fn two_credentials_must_belong_to_one_user_and_generation() {
        let token = || Caller::with_token(1, 1);
        assert!(Caller::with_both(token(), Caller::with_key(&snapshot(1, 1, Policy::default()))).is_some());
        assert!(Caller::with_both(token(), Caller::with_key(&snapshot(2, 1, Policy::default()))).is_none());
        assert!(Caller::with_both(token(), Caller::with_key(&snapshot(1, 2, Policy::default()))).is_none());
    }

    #[test]
    fn a_restricted_caller_controls_keys_within_its_own_policy() {
        let key = |policy| ApiKey { policy, ..ApiKey::example() };
        let caller = key_caller(policy(Some(&["a", "b"]), None, None));
        assert!(caller.may_control(&key(policy(Some(&["a"]), None, None)), PrincipalKind::User));
        assert!(!caller.may_control(&key(policy(Some(&["c"]), None, None)), PrincipalKind::User));
        // Keys of owners are controlled by what the caller may do in their project, those of others by what it has.
        let others = || ApiKey { user_id: 2, ..key(Policy::default()) };
        assert!(caller.may_control(&others(), PrincipalKind::Owner));
        assert!(!caller.may_control(&others(), PrincipalKind::User));
        assert!(!caller.may_control(&others(), PrincipalKind::ServiceAccount));
        assert!(!caller.may_control(&key(Policy::default()), PrincipalKind::User));
        assert!(Caller::with_token(1, 1).may_control(&key(Policy::default()), PrincipalKind::User));
    }

    #[test]
    fn an_unrestricted_key_controls_no_key_with_scopes_that_it_lacks() {
        let key = |scopes: &[&str]| ApiKey { policy: policy(Some(scopes), None, None), ..ApiKey::example() };
        let networks = policy(None, Some(&["10.0.0.0/8"]), None);
        for own in [Policy::default(), networks] {
            let caller = key_caller(own);
            for scope in ["latchkey:owners.write", "latchkey:instance.admin"] {
                assert!(!caller.may_control(&key(&[scope]), PrincipalKind::User), "{scope}");
            }
        }
        assert!(key_caller(Policy::default()).may_control(&key(&["latchkey:verify", "orders"]), PrincipalKind::User));
        assert!(!key_caller(Policy::default()).has_everything() && Caller::with_token(1, 1).has_everything());
    }

    #[test]
    fn a_key_controls_itself() {
        let own = policy(Some(&["a"]), Some(&["10.0.0.0/8"]), Some((10, 60)));
        let key = ApiKey { policy: own.clone(), ..ApiKey::example() };
        assert!(key_caller(own).may_control(&key, PrincipalKind::User));
    }

    #[test]
    fn a_key_sets_no_expiry_after_its_own() {
        let at = |seconds| DateTime::from_timestamp(seconds, 0);
        let key = |expires_at| {
            let snapshot = snapshot(1, 1, Policy::default());
            Caller::with_key(&KeySnapshot { state: KeyState { expires_at, ..snapshot.state }, ..snapshot })
        };
        assert!(key(at(5)).may_set_expiry(at(4)));
        assert!(key(at(5)).may_set_expiry(at(5)));
        assert!(!key(at(5)).may_set_expiry(at(6)));
        assert!(!key(at(5)).may_set_expiry(None));
        assert!(key(None).may_set_expiry(at(6)));
        assert!(key(None).may_set_expiry(None));

        let token = || Caller::with_token(1, 1);
        assert!(token().may_set_expiry(None));
        assert!(!Caller::with_both(token(), key(at(5))).unwrap().may_set_expiry(None));
        assert!(Caller::with_key_possession(7, 1, None).may_set_expiry(None));
    }

    #[test]
    fn a_caller_is_its_own_key_alone() {
        assert!(key_caller(Policy::default()).is_key(7));
        assert!(!key_caller(Policy::default()).is_key(8));
        assert!(!Caller::with_token(7, 1).is_key(7));
    }

    #[test]
    fn a_created_key_begins_at_once() {
        let start = Some(DateTime::UNIX_EPOCH);
        let restricted = Policy { not_before: start, ..policy(Some(&["a"]), None, None) };
        assert_eq!(key_caller(restricted).default_policy(), policy(Some(&["a"]), None, None));
    }

    #[test]
    fn the_rights_of_the_principal_limit_its_credentials() {
        let rights = Rights::new(false, [Membership { project_id: 2, role: Role::Manager }]);
        let caller = Caller::with_token(1, 1).with_rights(&rights);
        assert!(caller.scopes.contains(Scope::OwnersWrite) && !caller.scopes.contains(Scope::ProjectAdmin));
        // An unrestricted key has the scopes that there were before roles alone.
        let caller = key_caller(Policy::default()).with_rights(&rights);
        assert!(caller.scopes.contains(Scope::AuditRead) && !caller.scopes.contains(Scope::OwnersRead));
        // Rights that were not read permit nothing.
        assert!(!Caller::with_token(1, 1).rights.permits(Scope::OwnersWrite, 2));
    }

    #[test]
    fn an_owner_token_grants_what_it_was_granted_and_ends_every_key() {
        let minter = Minter { id: 2, token_generation: 1, key_id: None };
        let granted = policy(Some(&["a"]), Some(&["10.0.0.0/8"]), None);
        let caller = Caller::with_owner_token(1, 1, Scopes::all(), 3, minter, Some(granted.clone()));
        assert!(caller.may_grant(&granted));
        assert!(!caller.may_grant(&policy(Some(&["a", "b"]), Some(&["10.0.0.0/8"]), None)));
        assert!(!caller.may_grant(&policy(Some(&["a"]), None, None)));
        assert_eq!(caller.default_policy(), granted);
        assert_eq!(caller.credential_type(), CredentialType::OwnerToken);
        // It can end every key of the owner, and do nothing else to one that permits more than it may grant.
        let wider = ApiKey { policy: policy(Some(&["b"]), None, None), ..ApiKey::example() };
        assert!(caller.may_restrict(&wider, PrincipalKind::Owner) && !caller.may_control(&wider, PrincipalKind::Owner));
        let within = ApiKey { policy: granted, ..ApiKey::example() };
        assert!(caller.may_control(&within, PrincipalKind::Owner));
        // Beside a key, it ends with its minter as well.
        let both = Caller::with_both(caller, key_caller(Policy::default())).unwrap();
        assert_eq!(both.minter, Some(minter));
        assert!(!both.may_restrict(&wider, PrincipalKind::Owner));
    }

    #[test]
    fn possession_of_a_key_permits_nothing_else() {
        let caller = Caller::with_key_possession(7, 1, None);
        assert!(caller.scopes.is_empty());
        assert_eq!(caller.credential_type(), CredentialType::KeyHolder);
    }
}
