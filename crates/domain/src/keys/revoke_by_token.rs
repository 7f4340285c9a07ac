//! Revokes a key for anyone who holds it, without another credential (RFC 7009).

use std::net::IpAddr;

use crate::{
    model::{Caller, Env, Error, Peppers, PlainKey},
    store::{
        Store,
        keys::write::{ExpectedKey, Revoke},
    },
};

/// Ensures that no valid key has this text. A text that is no key, or no stored one, is ignored (RFC 7009, section 2.2).
#[tracing::instrument(name = "keys.revoke_by_token", level = "debug", skip_all)]
pub async fn revoke_by_token(
    store: &Store,
    peppers: &Peppers,
    env: &Env,
    text: &str,
    client_ip: Option<IpAddr>,
) -> Result<(), Error> {
    let Some(key) = PlainKey::parse(text) else {
        return Ok(());
    };
    let hashes: Vec<_> = peppers.previous(&key).chain([peppers.current(&key)]).collect();
    let Some(key) = store.find_key_by_hash(&hashes).await? else {
        return Ok(());
    };
    let caller = Caller::with_key_possession(key.id, key.user_id, client_ip);
    store.mutate_key(&caller, env.clock.now(), key.id, ExpectedKey::default(), &Revoke(None)).await?;
    Ok(())
}
