//! The states of a key that verification tells apart.

use latchkey_test_support::{
    app::{Key, TestApp},
    response::SendChecked,
};
use serde_json::json;

/// Brings a key into a state, which is named after the code that verification returns for it.
pub async fn bring_into(app: &TestApp, token: &str, key: &Key, state: &str) {
    let path = format!("/v1/api-keys/{}", key.id);
    let response = match state {
        "valid" => return,
        "not_found" => app.delete(&path).bearer_auth(token).send_checked().await,
        "disabled" => app.post(&format!("{path}/disable")).bearer_auth(token).send_checked().await,
        "revoked" => app.post(&format!("{path}/revoke")).bearer_auth(token).json(&json!({})).send_checked().await,
        "expired" => {
            let change = json!({ "expires_at": "2029-12-31T23:59:59Z" });
            app.patch(&path).bearer_auth(token).json(&change).send_checked().await
        }
        "pending" => set_policy(app, token, key, json!({ "not_before": "2030-01-01T00:00:01Z" })).await,
        "insufficient_scope" => set_policy(app, token, key, json!({ "scopes": ["orders:write"] })).await,
        "network_not_allowed" => set_policy(app, token, key, json!({ "networks": ["192.0.2.0/24"] })).await,
        other => panic!("{other} is not a state of a key"),
    };
    assert!(response.status.is_success(), "{state}: {response}");
}

/// Every state that [`bring_into`] knows.
pub const STATES: [&str; 8] =
    ["valid", "not_found", "disabled", "revoked", "expired", "pending", "insufficient_scope", "network_not_allowed"];

/// Replaces the policy of a key.
pub async fn set_policy(
    app: &TestApp,
    token: &str,
    key: &Key,
    policy: serde_json::Value,
) -> latchkey_test_support::response::Response {
    app.put(&format!("/v1/api-keys/{}/policy", key.id)).bearer_auth(token).json(&policy).send_checked().await
}
