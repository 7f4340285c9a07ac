//! `/v1/forward-auth`

use http::Method;
use insta::assert_snapshot;
use latchkey_domain::model::UserRole;
use latchkey_test_support::{
    app::{Options, TestApp},
    response::SendChecked,
};
use serde_json::json;

use crate::key_states::{STATES, bring_into, set_policy};

const PATH: &str = "/v1/forward-auth";

#[tokio::test]
async fn a_valid_key_is_identified_in_headers() {
    let app = TestApp::new().await;
    let (_, alice) = app.with_member("alice").await;
    let key = app.create_key(&alice).await;
    assert_snapshot!(app.get(PATH).header("x-api-key", &key.secret).send_checked().await, @"
    200 OK
    cache-control: no-store
    latchkey-version: <version>
    x-latchkey-key-id: 1
    x-latchkey-owner: 
    x-latchkey-project: default
    x-latchkey-scopes: *
    x-latchkey-user-id: 1
    x-latchkey-username: alice
    x-request-id: <id>
    ");
    set_policy(&app, &alice, &key, json!({ "scopes": ["a", "b"], "rate_limit": { "requests": 5, "seconds": 10 } }))
        .await;
    let response = app.get(PATH).bearer_auth(&key.secret).send_checked().await;
    assert_eq!(response.header("x-latchkey-scopes"), Some("a b"));
    assert_eq!(response.header("ratelimit"), Some("\"key\";r=4;t=2"));
}

#[tokio::test]
async fn each_state_of_a_key_has_its_status() {
    let app = TestApp::new().await;
    let (_, alice) = app.with_member("alice").await;
    for state in STATES {
        let key = app.create_key(&alice).await;
        bring_into(&app, &alice, &key, state).await;
        let response =
            app.get(&format!("{PATH}?scope=orders:read")).header("x-api-key", &key.secret).send_checked().await;
        let expected = match state {
            "valid" => 200,
            "insufficient_scope" | "network_not_allowed" => 403,
            _ => 401,
        };
        assert_eq!(response.status, expected, "{state}: {response}");
        if expected != 200 {
            let code = match state {
                "insufficient_scope" | "network_not_allowed" => state.to_owned(),
                "not_found" => "invalid_credentials".to_owned(),
                _ => format!("key_{state}"),
            };
            assert_eq!(response.json()["code"], code, "{state}");
        }
        let challenge = response.header("www-authenticate").unwrap_or_default();
        let expected = match expected {
            401 => "error=\"invalid_token\"",
            403 => "error=\"insufficient_scope\"",
            _ => "",
        };
        assert!(challenge.contains(expected), "{state}: {challenge}");
    }
}

#[tokio::test]
async fn a_request_without_a_key_is_challenged_without_an_error_code() {
    let app = TestApp::new().await;
    let response = app.get(PATH).send_checked().await;
    assert_eq!(response.status, 401);
    assert_eq!(response.header("www-authenticate"), Some("Bearer realm=\"latchkey\""));
}

#[tokio::test]
async fn any_method_and_subpath_is_equivalent_and_a_subpaths_query_is_ignored() {
    let app = TestApp::new().await;
    let (_, alice) = app.with_member("alice").await;
    let key = app.create_key(&alice).await;
    set_policy(&app, &alice, &key, json!({ "scopes": ["orders:read"] })).await;
    for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS, Method::HEAD, Method::PATCH]
    {
        for (path, status) in [
            ("", 200),
            ("?scope=orders:write", 403),
            ("?scope=orders:read+orders:write", 403),
            ("?scope=orders:read", 200),
            ("/orders/7?scope=orders:write", 200),
            ("/", 200),
            ("/v1/api-keys/1", 200),
        ] {
            let request = app.request(method.clone(), &format!("{PATH}{path}")).header("x-api-key", &key.secret);
            let response = request.body("a body").send().await.unwrap();
            assert_eq!(response.status(), status, "{method} {path}");
        }
    }
    let similar_path = app.get("/v1/forward-authority").header("x-api-key", &key.secret).send_checked().await;
    assert_eq!(similar_path.status, 404);
}

#[tokio::test]
async fn a_rate_limited_request_says_when_to_retry() {
    let app = TestApp::new().await;
    let (_, alice) = app.with_member("alice").await;
    let key = app.create_key(&alice).await;
    set_policy(&app, &alice, &key, json!({ "rate_limit": { "requests": 1, "seconds": 3600 } })).await;
    assert_eq!(app.get(PATH).header("x-api-key", &key.secret).send_checked().await.status, 200);
    let response = app.get(PATH).header("x-api-key", &key.secret).send_checked().await;
    assert_eq!(response.status, 429);
    assert_eq!(response.header("retry-after"), Some("3600"));
    assert_eq!(response.header("ratelimit"), Some("\"key\";r=0;t=3600"));
}

#[tokio::test]
async fn the_network_is_that_of_the_client_as_the_trusted_proxy_reports_it() {
    let mut options = Options::default();
    options.limits.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    let app = TestApp::with(options).await;
    let (_, alice) = app.with_member("alice").await;
    let key = app.create_key(&alice).await;
    set_policy(&app, &alice, &key, json!({ "networks": ["192.0.2.0/24"] })).await;
    for (forwarded, status) in
        [("192.0.2.1", 200), ("198.51.100.1", 403), ("192.0.2.1, 198.51.100.1", 403), ("6.6.6.6, 192.0.2.9", 200)]
    {
        let request = app.get(PATH).header("x-api-key", &key.secret).header("x-forwarded-for", forwarded);
        assert_eq!(request.send_checked().await.status, status, "{forwarded}");
    }
}

#[tokio::test]
async fn a_name_that_is_not_a_header_value_is_percent_encoded() {
    let app = TestApp::new().await;
    let user = app.create_user("Åsa 100%", UserRole::Member).await;
    let token = app.token(&user).await;
    let key = app.create_key(&token).await;
    let response = app.get(PATH).header("x-api-key", &key.secret).send_checked().await;
    assert_eq!(response.header("x-latchkey-username"), Some("%C3%85sa%20100%25"));
}

#[tokio::test]
async fn a_disabled_users_key_is_denied_with_a_code_of_its_own() {
    let app = TestApp::new().await;
    let (alice, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await;
    app.disable_user(&alice).await;
    let response = app.get(PATH).header("x-api-key", &key.secret).send_checked().await;
    assert_eq!((response.status.as_u16(), &response.json()["code"]), (401, &json!("principal_disabled")));
}

#[tokio::test]
async fn a_scope_that_no_key_can_have_is_denied() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await;
    set_policy(&app, &token, &key, json!({ "scopes": ["a"] })).await;
    for scope in ["%0A", "%00", "%22", "%5C", "a%09b", "%C3%A4", "latchkey:all"] {
        let response = app.get(&format!("{PATH}?scope={scope}")).header("x-api-key", &key.secret).send_checked().await;
        assert_eq!(response.status, 403, "{scope}: {response}");
        assert_eq!(response.json()["code"], "insufficient_scope", "{scope}");
        // The value of an attribute of a challenge has no quote or control character (RFC 6750, section 3).
        let challenge = response.header("www-authenticate").unwrap();
        assert_eq!(challenge.matches('"').count(), 6, "{challenge}");
    }
}

#[tokio::test]
async fn two_keys_are_no_credential() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await;
    for name in ["x-api-key", "authorization"] {
        let value = if name == "authorization" { format!("Bearer {}", key.secret) } else { key.secret.clone() };
        let response = app.get(PATH).header(name, &value).header(name, &value).send_checked().await;
        assert_eq!(
            (response.status.as_u16(), &response.json()["code"]),
            (401, &json!("invalid_credentials")),
            "{name}"
        );
    }
    // X-API-Key takes precedence over what the client sends to another service.
    let response = app.get(PATH).header("x-api-key", &key.secret).bearer_auth("another").send_checked().await;
    assert_eq!(response.status, 200);
}
