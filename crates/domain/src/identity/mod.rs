//! Who is calling, and what they may do: users, their passwords and tokens, and how a request's credentials are judged.

pub mod authentication;
pub mod issue_token;
pub mod password;
pub mod scope;
pub mod token;
pub mod user;

pub use scope::{Role, Scope, Scopes};

use std::net::IpAddr;

use crate::keys::policy::Policy;

/// Who an operation acts for. Only a credential that was judged good makes one, but its user may have been disabled
/// since a bearer token was signed: every statement that acts for a caller checks that too, and [`Caller::generation`].
#[derive(Debug, Clone)]
pub struct Caller {
    /// The user.
    pub user_id: i64,
    /// The generation of the user's tokens that the credential belongs to.
    pub generation: i64,
    /// What the credential may do here.
    pub scopes: Scopes,
    /// What narrows the credential, and so whatever is made with it.
    pub narrowing: Policy,
    /// What the credential is.
    pub credential: Credential,
    /// Where the request came from.
    pub address: Option<IpAddr>,
}

/// What a caller is known by. Of two, the key, which tells more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// A token of a user's.
    BearerToken,
    /// The key of this id, with the policy that it had when it was judged.
    ApiKey(i64, Box<Policy>),
}

impl Caller {
    /// A user with a bearer token for all, or fewer, of what the user's role may do.
    pub fn with_token(user_id: i64, generation: i64, scopes: Scopes, is_narrowed: bool) -> Self {
        let narrowing = match is_narrowed {
            true => Policy { scopes: Some(scopes.names().map(str::to_owned).collect()), ..Policy::default() },
            false => Policy::default(),
        };
        Self { user_id, generation, scopes, narrowing, credential: Credential::BearerToken, address: None }
    }
}
