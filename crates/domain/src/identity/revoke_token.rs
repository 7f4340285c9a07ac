//! Revokes a key for anyone who holds it, without another credential (RFC 7009).

use std::net::IpAddr;

use crate::{
    model::{Caller, Env, Error, PlainKey},
    store::{
        Store,
        keys::{
            lookup::FoundKey,
            write::{ExpectedKey, Revoke},
        },
    },
    verification::Verifier,
};

/// Ensures that no valid key has this text, and returns the caller who has the key, if there is one. A text that is no key, or no stored one, is ignored (RFC 7009, section 2.2).
#[tracing::instrument(name = "identity.revoke_token", level = "debug", skip_all)]
pub async fn revoke_token(
    store: &Store,
    verifier: &Verifier,
    env: &Env,
    text: &str,
    client_ip: Option<IpAddr>,
) -> Result<Option<Caller>, Error> {
    let Some(key) = PlainKey::parse(text) else {
        return Ok(None);
    };
    let Some(FoundKey { key, .. }) = verifier.read_key(&key, client_ip).await? else {
        return Ok(None);
    };
    let caller = Caller::with_key_possession(key.id, key.principal.id, client_ip);
    store
        .mutate_key(
            &caller,
            env.clock.now(),
            key.id,
            ExpectedKey { may_be_managed: true, ..ExpectedKey::default() },
            &Revoke(None),
        )
        .await?;
    Ok(Some(caller))
}
