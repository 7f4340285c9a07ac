//! The operations that ask whether a key is good, and what they are answered from.

mod forward_auth;
mod introspect;
mod memory;
mod revoke_held;
mod verify;

use serde_json::json;

use crate::{
    answer::Answered,
    world::{Key, World},
};

/// Brings a key into a state by the operations that do so; the answer that `verify` gives then.
async fn bring_into(world: &World, token: &str, key: &Key, state: &str) {
    let path = format!("/v1/api-keys/{}", key.id);
    let answer = match state {
        "valid" => return,
        "not_found" => world.delete(&path).bearer_auth(token).answer().await,
        "disabled" => world.post(&format!("{path}/disable")).bearer_auth(token).answer().await,
        "revoked" => world.post(&format!("{path}/revoke")).bearer_auth(token).json(&json!({})).answer().await,
        "expired" => {
            let change = json!({ "expires_at": "2029-12-31T23:59:59Z" });
            world.patch(&path).bearer_auth(token).json(&change).answer().await
        }
        "pending" => set_policy(world, token, key, json!({ "not_before": "2030-01-01T00:00:01Z" })).await,
        "insufficient_scope" => set_policy(world, token, key, json!({ "scopes": ["orders:write"] })).await,
        "network_not_allowed" => set_policy(world, token, key, json!({ "networks": ["192.0.2.0/24"] })).await,
        other => panic!("nobody knows how to make a key {other}"),
    };
    assert!(answer.status.is_success(), "{state}: {answer}");
}

const STATES: [&str; 8] =
    ["valid", "not_found", "disabled", "revoked", "expired", "pending", "insufficient_scope", "network_not_allowed"];

pub async fn set_policy(world: &World, token: &str, key: &Key, policy: serde_json::Value) -> crate::answer::Answer {
    world.put(&format!("/v1/api-keys/{}/policy", key.id)).bearer_auth(token).json(&policy).answer().await
}
