//! The rule that no credential hands out more than it has, where that depends on the roles of its principal.

use crate::{
    model::{Caller, Env, Error, Policy, Scope},
    store::Store,
};

/// Whether the caller may give a key this policy, see [`Caller::may_grant`]. Only scopes that not every principal has take a query,
/// for its roles.
pub(super) async fn may_grant(store: &Store, env: &Env, caller: &Caller, policy: &Policy) -> Result<bool, Error> {
    let needs_role = |name: &String| Scope::parse(name).is_some_and(|scope| !scope.is_of_keys());
    if !caller.may_grant(policy) || !policy.scopes.iter().flatten().any(needs_role) {
        return Ok(caller.may_grant(policy));
    }
    let principal = store.ensure_caller_active(caller, env.clock.now()).await?;
    Ok(caller.clone().with_rights(&principal.rights).may_grant(policy))
}
