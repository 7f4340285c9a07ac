//! Keys in the states that the documented gateways tell apart.

use latchkey_test_support::client::Client;
use reqwest::Method;
use serde_json::{Value, json};

/// A valid, unrestricted key.
pub fn valid(client: &Client) -> String {
    client.create_key("valid").1
}

/// A key with a policy.
pub fn with_policy(client: &Client, policy: &Value) -> String {
    let body = json!({ "description": "restricted", "policy": policy });
    let response = client.send(client.request(Method::POST, "/v1/api-keys/").json(&body));
    assert_eq!(response.status, 201, "{response:?}");
    response.json()["full_key"].as_str().unwrap().to_owned()
}

/// A key after the operation `POST /v1/api-keys/{item_id}/…`.
pub fn after(client: &Client, operation: &str) -> String {
    let (id, key) = client.create_key(operation);
    let request = client.request(Method::POST, &format!("/v1/api-keys/{id}/{operation}")).json(&json!({}));
    let response = client.send(request);
    assert_eq!(response.status, 200, "{response:?}");
    key
}

/// A key whose expiry has passed.
pub fn expired(client: &Client) -> String {
    let body = json!({ "expires_at": "2001-01-01T00:00:00Z" });
    let response = client.send(client.request(Method::POST, "/v1/api-keys/").json(&body));
    assert_eq!(response.status, 201, "{response:?}");
    response.json()["full_key"].as_str().unwrap().to_owned()
}

/// A well-formed key that was deleted.
pub fn unknown(client: &Client) -> String {
    let (id, key) = client.create_key("unknown");
    let response = client.send(client.request(Method::DELETE, &format!("/v1/api-keys/{id}")));
    assert_eq!(response.status, 204, "{response:?}");
    key
}

/// A key with a wrong checksum.
pub fn mistyped(client: &Client) -> String {
    let mut key = valid(client);
    let last = if key.pop() == Some('0') { '1' } else { '0' };
    key.push(last);
    key
}
