//! Keys that are good for the scope that the documented gateways ask for, or not.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::Client;

/// Good for everything that is its owner's.
pub fn good(client: &Client) -> String {
    client.create_key("good").1
}

/// Narrowed by a policy.
pub fn with_policy(client: &Client, policy: &Value) -> String {
    let (id, key) = client.create_key("narrowed");
    let set = client.request(Method::PUT, &format!("/v1/api-keys/{id}/policy")).json(policy);
    let answer = client.send(set);
    assert_eq!(answer.status, 200, "{answer:?}");
    key
}

/// Ended by an operation of that name.
pub fn ended_by(client: &Client, operation: &str) -> String {
    let (id, key) = client.create_key("ended");
    let answer = client.send(client.request(Method::POST, &format!("/v1/api-keys/{id}/{operation}")).json(&json!({})));
    assert_eq!(answer.status, 200, "{answer:?}");
    key
}

pub fn expired(client: &Client) -> String {
    let body = json!({ "expires_at": "2001-01-01T00:00:00Z" });
    let answer = client.send(client.request(Method::POST, "/v1/api-keys/").json(&body));
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.json()["full_key"].as_str().unwrap().to_owned()
}

/// Well-formed, and not there any more.
pub fn unknown(client: &Client) -> String {
    let (id, key) = client.create_key("unknown");
    let answer = client.send(client.request(Method::DELETE, &format!("/v1/api-keys/{id}")));
    assert_eq!(answer.status, 204, "{answer:?}");
    key
}

/// A key with a slip in it.
pub fn mistyped(client: &Client) -> String {
    let mut key = good(client);
    let last = if key.pop() == Some('0') { '1' } else { '0' };
    key.push(last);
    key
}
