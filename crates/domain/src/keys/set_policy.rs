//! Replaces the policy of a key that the caller reaches.

use super::{
    grant::may_grant,
    mutation::{Outcome, Rules, find, if_revoked, mutate},
};
use crate::{
    model::{ApiKey, Caller, Env, Error, Policy, Precondition, PrincipalKind, Scope},
    store::{Store, keys::write::SetPolicy},
};

/// Replaces the policy as a whole. Of the caller's own key, neither the old nor the new policy may permit more than the caller has.
#[tracing::instrument(name = "keys.set_policy", level = "debug", skip_all)]
pub async fn set_policy(
    store: &Store,
    env: &Env,
    caller: &Caller,
    id: i64,
    precondition: &Precondition,
    policy: Policy,
) -> Result<Outcome, Error> {
    let Some(target) = Target::find(store, env, caller, id).await? else {
        return Ok(Outcome::NotFound);
    };
    let policy = target.complete(store, policy).await?;
    let may_give = match target.kind {
        PrincipalKind::Owner if !target.is_own => Caller::may_give_to_owner(&policy),
        _ => may_grant(store, env, caller, &policy).await?,
    };
    if !may_give {
        store.ensure_caller_active(caller, env.clock.now()).await?;
        return Err(Error::InsufficientPermissions);
    }
    let restricts = |key: &ApiKey| key.policy.permits_all_of(&policy) && key.policy.not_before <= policy.not_before;
    let rules = Rules { needs_control: true, restricts: Some(restricts), unchanged: if_revoked };
    mutate(store, env, caller, id, precondition, rules, &SetPolicy::from(&policy)).await
}

/// What the key belongs to.
struct Target {
    kind: PrincipalKind,
    project_id: i64,
    is_own: bool,
}

impl Target {
    /// Without the scope for others' keys, the caller reaches its own alone: that takes no query.
    async fn find(store: &Store, env: &Env, caller: &Caller, id: i64) -> Result<Option<Self>, Error> {
        if !caller.scopes.contains(Scope::OwnersWrite) {
            return Ok(Some(Self { kind: caller.kind, project_id: caller.project_id, is_own: true }));
        }
        let found = find(store, env, caller, id).await?;
        Ok(found.map(|found| Self {
            kind: found.kind,
            project_id: found.key.project_id,
            is_own: caller.owns(&found.key),
        }))
    }

    async fn complete(&self, store: &Store, policy: Policy) -> Result<Policy, Error> {
        if self.kind == PrincipalKind::User || policy.scopes.is_some() {
            return Ok(policy);
        }
        Ok(store.project_of(self.project_id).await?.settings.complete(policy, self.kind))
    }
}
