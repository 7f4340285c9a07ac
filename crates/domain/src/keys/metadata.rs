//! Reads and replaces the metadata of a key that the caller reaches.

use super::mutation::{Outcome, Rules, mutate};
use crate::{
    model::{ApiKey, Caller, Env, Error, Metadata, Precondition},
    store::{Store, keys::write::SetMetadata},
};

/// The key and its metadata; `None` if there is none of this id, or the caller does not reach it.
#[tracing::instrument(name = "keys.get_metadata", level = "debug", skip_all)]
pub async fn get_metadata(
    store: &Store,
    env: &Env,
    caller: &Caller,
    id: i64,
) -> Result<Option<(ApiKey, Metadata)>, Error> {
    let now = env.clock.now();
    match store.find_key_metadata(caller, now, id).await? {
        Some(found) => Ok(Some(found)),
        None => store.ensure_caller_active(caller, now).await.map(|_| None),
    }
}

/// Replaces the metadata as a whole. Verifications report it, so that of a managed key is not its principal's to choose.
#[tracing::instrument(name = "keys.set_metadata", level = "debug", skip_all)]
pub async fn set_metadata(
    store: &Store,
    env: &Env,
    caller: &Caller,
    id: i64,
    precondition: &Precondition,
    metadata: &Metadata,
) -> Result<Outcome, Error> {
    let rules =
        Rules { needs_control: true, restricts: Some(|_: &ApiKey| false), unchanged: |_: &ApiKey| None::<Outcome> };
    mutate(store, env, caller, id, precondition, rules, &SetMetadata::from(metadata)).await
}
