//! Who is calling, and what they may do: users, their passwords and tokens, and how a request's credentials are judged.

pub mod authentication;
pub mod issue_token;
pub mod password;
pub mod scope;
pub mod token;
pub mod user;

pub use scope::{Role, Scope, Scopes};

/// Who an operation acts for. Only a credential that was judged good makes one, but its user may have been disabled
/// since a bearer token was signed: every statement that acts for a caller checks that too, and [`Caller::generation`].
#[derive(Debug, Clone)]
pub struct Caller {
    /// The user.
    pub user_id: i64,
    /// The generation of the user's tokens that the credential belongs to.
    pub generation: i64,
    /// What the credential may do.
    pub scopes: Scopes,
}
