//! What the operations that mutate a key share.

use super::get;
use crate::{
    model::{ApiKey, Caller, Env, Error, Precondition},
    store::{
        Store,
        freshness::REVOCATION_BOUND,
        keys::{
            read::ReachedKey,
            write::{ExpectedKey, Mutation},
        },
    },
};

/// How often a statement is attempted if the key changes between the query that checks it and the statement.
pub(super) const MAX_ATTEMPTS: usize = 3;

/// What became of a mutation.
pub enum Outcome {
    /// The key is as it was asked for.
    Done(Box<ApiKey>),
    /// The caller does not reach such a key.
    NotFound,
    /// The key is revoked, so nothing was done. Only operations that do not mutate a revoked key have this outcome.
    Revoked(Box<ApiKey>),
    /// The key does not meet the precondition.
    PreconditionFailed,
}

/// The rules of a mutation, apart from its statement.
pub(super) struct Rules<U, R> {
    /// Whether it takes [`Caller::may_control`], or [`Caller::may_restrict`] if it only restricts the key.
    pub needs_control: bool,
    /// Whether the mutation restricts a key and does nothing else. Of a managed key, its principal may do only that. `None` for a
    /// mutation that restricts every key.
    pub restricts: Option<R>,
    /// The outcome for a key that the statement does not apply to; `None` to attempt the statement.
    pub unchanged: U,
}

impl<U, R: Fn(&ApiKey) -> bool> Rules<U, R> {
    /// Whether the mutation only restricts the key.
    fn restricts(&self, key: &ApiKey) -> bool {
        self.restricts.as_ref().is_none_or(|restricts| restricts(key))
    }
}

fn may_mutate<U, R: Fn(&ApiKey) -> bool>(
    caller: &Caller,
    ReachedKey { key, kind, .. }: &ReachedKey,
    rules: &Rules<U, R>,
) -> bool {
    if rules.restricts(key) { caller.may_restrict(key, *kind) } else { caller.may_control(key, *kind) }
}

/// The rules of a mutation that restricts every key.
pub(super) fn restricting<U>(unchanged: U) -> Rules<U, fn(&ApiKey) -> bool> {
    Rules { needs_control: true, restricts: None, unchanged }
}

/// Mutates a key that the caller reaches. Without a precondition, and without restrictions of the caller that matter, it is one
/// statement; otherwise the key is checked before, and the statement requires what was checked.
pub(super) async fn mutate<U: Fn(&ApiKey) -> Option<Outcome>, R: Fn(&ApiKey) -> bool>(
    store: &Store,
    env: &Env,
    caller: &Caller,
    id: i64,
    precondition: &Precondition,
    rules: Rules<U, R>,
    mutation: &impl Mutation,
) -> Result<Outcome, Error> {
    let needs_control = rules.needs_control && !caller.has_everything();
    let is_conditional = *precondition != Precondition::None;
    let mut needs_check = needs_control || is_conditional;
    for _ in 0..MAX_ATTEMPTS {
        let key = if needs_check { Some(find(store, env, caller, id).await?) } else { None };
        let expected = match &key {
            None => ExpectedKey { may_be_managed: rules.restricts.is_none(), ..ExpectedKey::default() },
            Some(None) => return Ok(Outcome::NotFound),
            Some(Some(found)) if needs_control && !may_mutate(caller, found, &rules) => {
                return Err(Error::InsufficientPermissions);
            }
            Some(Some(found)) if !precondition.matches(&found.key) => return Ok(Outcome::PreconditionFailed),
            Some(Some(ReachedKey { key, .. })) => {
                if let Some(outcome) = (rules.unchanged)(key) {
                    return Ok(outcome);
                }
                let is_managed = key.managed && caller.owns(key);
                if is_managed && !rules.restricts(key) {
                    return Err(Error::KeyManaged);
                }
                ExpectedKey {
                    version: (is_conditional || is_managed).then_some(key.version),
                    policy: needs_control.then_some(&key.policy),
                    may_be_managed: is_managed || rules.restricts.is_none(),
                }
            }
        };
        if let Some(key) = store.mutate_key(caller, env.clock.now(), id, expected, mutation).await? {
            return Ok(Outcome::Done(Box::new(key)));
        }
        // The next attempt finds out why.
        needs_check = true;
    }
    Err(Error::Contention)
}

/// Waits, if that is wanted, until a mutation that was committed is in effect on every node that reaches the database. It holds no
/// connection, and the time is that of this node's monotonic clock.
pub async fn wait_until_effective(is_wanted: bool) {
    if is_wanted {
        tokio::time::sleep(REVOCATION_BOUND).await;
    }
}

/// The key that is to be mutated. Unlike [`get::get`], it fails if the caller may only read the key, and if the caller's own key
/// became invalid while the request's body arrived: without that, a response would say something about the key that is not true, or
/// not for this caller.
pub(super) async fn find(store: &Store, env: &Env, caller: &Caller, id: i64) -> Result<Option<ReachedKey>, Error> {
    let found = get::find(store, env, caller, id).await?;
    store.ensure_key_active(caller, env.clock.now()).await?;
    match found {
        Some(found) if !found.may_write => Err(Error::InsufficientRole),
        found => Ok(found),
    }
}

/// [`Outcome::Revoked`] for a revoked key.
pub(super) fn if_revoked(key: &ApiKey) -> Option<Outcome> {
    key.revoked_at.is_some().then(|| Outcome::Revoked(Box::new(key.clone())))
}
