//! Members: users and service accounts with a role in a project.

use super::{PrincipalKind, Role};

/// A member of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The id of the principal.
    pub principal_id: i64,
    /// A user or a service account.
    pub kind: PrincipalKind,
    /// Its name.
    pub name: String,
    /// Its role in the project.
    pub role: Role,
}
