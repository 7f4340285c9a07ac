//! `POST /v1/api-keys/verify`

use std::time::Duration;

use chrono::TimeDelta;
use insta::assert_snapshot;
use latchkey_test_support::{
    app::{Options, TestApp},
    response::SendChecked,
};
use serde_json::json;

use crate::key_states::{STATES, bring_into, set_policy};

const PATH: &str = "/v1/api-keys/verify";

#[tokio::test]
async fn a_valid_key_is_returned_with_its_user_and_scopes() {
    let app = TestApp::new().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    let key = app.create_key_with(&alice, json!({ "expires_at": "2031-01-01T00:00:00Z" })).await;
    let policy =
        json!({ "scopes": ["orders:read", "latchkey:keys.read"], "rate_limit": { "requests": 10, "seconds": 60 } });
    assert_eq!(set_policy(&app, &alice, &key, policy).await.status, 200);
    let body = json!({ "key": key.secret, "scopes": ["orders:read"], "ip": "192.0.2.7" });
    assert_snapshot!(app.post(PATH).bearer_auth(&gateway).json(&body).send_checked().await, @r#"
    200 OK
    cache-control: no-store
    content-type: application/json
    latchkey-version: <version>
    ratelimit: "key";r=9;t=6
    ratelimit-policy: "key";q=10;w=60
    x-request-id: <id>

    {
      "valid": true,
      "code": "valid",
      "stale": false,
      "unrestricted": false,
      "key_id": 1,
      "user_id": 1,
      "username": "alice",
      "project": "default",
      "scopes": [
        "orders:read",
        "latchkey:keys.read"
      ],
      "expires_at": "2031-01-01T00:00:00Z"
    }
    "#);
}

#[tokio::test]
async fn each_state_of_a_key_has_its_code_cached_or_not() {
    for change_feed in [false, true] {
        let app = TestApp::with(Options { change_feed, ..Options::default() }).await;
        let (_, alice) = app.with_member("alice").await;
        let (_, gateway) = app.with_verifier("gateway").await;
        for state in STATES {
            let key = app.create_key(&alice).await;
            assert_eq!(app.verify(&gateway, &key.secret).await["code"], "valid");
            bring_into(&app, &alice, &key, state).await;
            let body = json!({ "key": key.secret, "scopes": ["orders:read"], "ip": "198.51.100.1" });
            let response = app.post(PATH).bearer_auth(&gateway).json(&body).send_checked().await.json();
            assert_eq!(response["code"], state);
            assert_eq!(response["valid"], state == "valid");
            // The user and the scopes are returned for valid keys only.
            assert_eq!(response.get("key_id").is_some(), state == "valid", "{response}");
        }
    }
}

#[tokio::test]
async fn disabling_a_user_makes_the_keys_invalid_until_it_is_enabled() {
    let app = TestApp::new().await;
    let (alice, token) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    let key = app.create_key(&token).await;
    app.disable_user(&alice).await;
    assert_eq!(app.verify(&gateway, &key.secret).await["code"], "principal_disabled");
    app.enable_user(&alice).await;
    assert_eq!(app.verify(&gateway, &key.secret).await["code"], "valid");
}

#[tokio::test]
async fn a_malformed_key_is_not_found_without_a_query() {
    let app = TestApp::new().await;
    let (_, gateway) = app.with_verifier("gateway").await;
    for text in ["", "lk_", "password", "lk_1B5vSVXMv6XQWTgVUg4yLkcJbV0q0a2UIZXbZ1Pt0000000", "\u{0}", "🔑"] {
        let response = app.verify(&gateway, text).await;
        assert_eq!(
            response,
            json!({ "valid": false, "code": "not_found", "stale": false, "unrestricted": false }),
            "{text}"
        );
    }
    assert_eq!(app.service.verifier().cache_stats().entries, 0);
}

#[tokio::test]
async fn a_cached_key_expires_at_the_exact_instant() {
    let app = TestApp::with(Options { change_feed: true, ..Options::default() }).await;
    app.wait_for_poll().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    let key = app.create_key_with(&alice, json!({ "expires_at": "2030-01-01T00:00:10Z" })).await;
    app.clock.advance(TimeDelta::microseconds(9_999_999));
    assert_eq!(app.verify(&gateway, &key.secret).await["code"], "valid");
    let reads = app.service.verifier().cache_stats().misses;
    app.clock.advance(TimeDelta::microseconds(1));
    assert_eq!(app.verify(&gateway, &key.secret).await["code"], "expired");
    assert_eq!(app.service.verifier().cache_stats().misses, reads);
}

#[tokio::test]
async fn a_rate_limit_counts_valid_requests_only() {
    let app = TestApp::new().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    let key = app.create_key(&alice).await;
    let policy = json!({ "scopes": ["a"], "rate_limit": { "requests": 2, "seconds": 3600 } });
    set_policy(&app, &alice, &key, policy).await;
    // A request that is rejected for another reason consumes nothing.
    let body = json!({ "key": key.secret, "scopes": ["b"] });
    let response = app.post(PATH).bearer_auth(&gateway).json(&body).send_checked().await;
    assert_eq!(response.json()["code"], "insufficient_scope");
    assert_eq!(response.header("ratelimit"), None);
    let mut codes = Vec::new();
    for _ in 0..3 {
        codes.push(app.verify(&gateway, &key.secret).await["code"].as_str().unwrap().to_owned());
    }
    assert_eq!(codes, ["valid", "valid", "rate_limited"]);
    let response = app.post(PATH).bearer_auth(&gateway).json(&json!({ "key": key.secret })).send_checked().await;
    assert_eq!(response.header("ratelimit"), Some("\"key\";r=0;t=3600"));
}

#[tokio::test]
async fn a_rate_limited_verification_says_when_to_retry() {
    let app = TestApp::new().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    let key = app.create_key(&alice).await;
    set_policy(&app, &alice, &key, json!({ "rate_limit": { "requests": 2, "seconds": 3600 } })).await;
    let verify = async || app.verify(&gateway, &key.secret).await;
    for _ in 0..2 {
        assert_eq!(verify().await.get("retry_after_seconds"), None);
    }
    // The bucket refills by one request each half an hour. The wait is rounded up to whole seconds.
    for (seconds_passed, retry_after) in [(0, 1800), (600, 1200), (1199, 1)] {
        app.clock.advance_monotonic(Duration::from_secs(seconds_passed));
        let response = verify().await;
        assert_eq!((&response["code"], &response["valid"]), (&json!("rate_limited"), &json!(false)));
        assert_eq!(response["retry_after_seconds"], retry_after);
    }
    app.clock.advance_monotonic(Duration::from_secs(1));
    let response = verify().await;
    assert_eq!((&response["code"], response.get("retry_after_seconds")), (&json!("valid"), None));
}

#[tokio::test]
async fn unrestricted_says_whether_a_valid_key_has_all_scopes() {
    let app = TestApp::new().await;
    let (_, alice) = app.with_member("alice").await;
    let (_, gateway) = app.with_verifier("gateway").await;
    let key = app.create_key(&alice).await;
    for (policy, unrestricted, scopes) in [
        (json!({}), true, None),
        (json!({ "rate_limit": { "requests": 9, "seconds": 9 } }), true, None),
        (json!({ "scopes": ["a"] }), false, Some(json!(["a"]))),
        (json!({ "scopes": [] }), false, Some(json!([]))),
        // Of a key that is not valid nothing is known.
        (json!({ "not_before": "2031-01-01T00:00:00Z" }), false, None),
    ] {
        set_policy(&app, &alice, &key, policy.clone()).await;
        let response = app.verify(&gateway, &key.secret).await;
        assert_eq!(response["unrestricted"], unrestricted, "{policy}: {response}");
        assert_eq!(response.get("scopes"), scopes.as_ref(), "{policy}: {response}");
    }
}

#[tokio::test]
async fn an_invalid_request_is_rejected_with_the_location() {
    let app = TestApp::new().await;
    let (_, gateway) = app.with_verifier("gateway").await;
    let cases = [
        (json!({ "key": "x", "ip": "localhost" }), json!(["body", "ip"]), "ip_any_address"),
        (json!({ "key": "x", "scopes": ["a", ""] }), json!(["body", "scopes", 1]), "string_pattern_mismatch"),
        (json!({ "key": "x", "scopes": "a" }), json!(["body", "scopes"]), "list_type"),
        (json!({ "key": "x", "scopes": [1] }), json!(["body", "scopes", 0]), "string_type"),
        (json!({ "key": 1 }), json!(["body", "key"]), "string_type"),
        (json!({ "key": "x".repeat(1025) }), json!(["body", "key"]), "string_too_long"),
        (json!({ "key": "x", "scopes": vec!["a"; 101] }), json!(["body", "scopes"]), "too_long"),
        (json!({ "key": "x", "scope": "a" }), json!(["body", "scope"]), "extra_forbidden"),
        (json!({ "key": "x", "scopes": ["latchkey:all"] }), json!(["body", "scopes", 0]), "value_error"),
        (json!({}), json!(["body", "key"]), "missing"),
    ];
    for (body, loc, kind) in cases {
        let response = app.post(PATH).bearer_auth(&gateway).json(&body).send_checked().await;
        assert_eq!(response.status, 422, "{body}");
        let error = &response.json()["detail"][0];
        assert_eq!((&error["loc"], error["type"].as_str().unwrap()), (&loc, kind), "{body}");
    }
}

#[tokio::test]
async fn the_caller_must_be_authorized_and_active() {
    let app = TestApp::with(Options { change_feed: true, ..Options::default() }).await;
    let (_, member) = app.with_member("alice").await;
    let key = app.create_key(&member).await;
    let (gateway, token) = app.with_verifier("gateway").await;
    let by_key = app.create_key(&token).await;
    let verify = || app.post(PATH).json(&json!({ "key": key.secret }));
    assert_eq!(verify().bearer_auth(&member).send_checked().await.status, 403);
    assert_eq!(verify().header("x-api-key", &by_key.secret).send_checked().await.status, 200);
    assert_eq!(verify().bearer_auth(&token).send_checked().await.status, 200);
    assert_eq!(verify().bearer_auth(&token).header("x-api-key", &by_key.secret).send_checked().await.status, 200);
    assert_eq!(verify().bearer_auth(&member).header("x-api-key", &by_key.secret).send_checked().await.status, 401);
    app.disable_user(&gateway).await;
    app.wait_for_poll().await;
    assert_eq!(verify().bearer_auth(&token).send_checked().await.status, 401);
    assert_eq!(verify().header("x-api-key", &by_key.secret).send_checked().await.status, 401);
}

#[tokio::test]
async fn a_restricted_key_of_a_verifier_cannot_verify() {
    let app = TestApp::new().await;
    let (_, token) = app.with_verifier("gateway").await;
    let key = app.create_key(&token).await;
    set_policy(&app, &token, &key, json!({ "scopes": ["latchkey:keys.read"] })).await;
    let response = app.post(PATH).header("x-api-key", &key.secret).json(&json!({ "key": "x" })).send_checked().await;
    assert_eq!(response.status, 403);
    assert!(response.header("www-authenticate").unwrap().contains("scope=\"latchkey:verify\""), "{response}");
}
