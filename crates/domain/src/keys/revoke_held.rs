//! Revokes a key for whoever holds it (RFC 7009), without another credential.

use std::net::IpAddr;

use super::{hash::Peppers, key::PlainKey};
use crate::{Surroundings, audit::Actor, error::Failure, store::Store};

/// Afterwards the key that `text` should be is not good; it may never have been one. Answers which it is.
pub async fn revoke_held(
    store: &Store,
    peppers: &Peppers,
    surroundings: &Surroundings,
    text: &str,
    address: Option<IpAddr>,
) -> Result<Option<i64>, Failure> {
    let Some(key) = PlainKey::parse(text) else {
        return Ok(None);
    };
    let Some(known) = store.find_known_key(&peppers.hashes(&key).collect::<Vec<_>>()).await? else {
        return Ok(None);
    };
    let actor = Actor::holder(known.id, known.user_id, address);
    store.revoke_key(&actor, surroundings.now(), known.id, None).await?;
    Ok(Some(known.id))
}
