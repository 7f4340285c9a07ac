//! How many statements requests prepare and execute.

use latchkey_test_support::{
    app::{Options, PASSWORD, TestApp},
    response::SendChecked,
    tcp_proxy::TcpProxy,
};
use reqwest::RequestBuilder;
use serde_json::json;

#[tokio::test]
async fn warm_statements_are_not_prepared_again() {
    let app = TestApp::new().await;
    let proxy = TcpProxy::start(app.database.runtime_url());
    let node = app.second_node(Options { database_url: Some(proxy.url().to_owned()), ..Options::default() }).await;
    let (_, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await;
    // What is cached stays so: the clock of the tests stands still.
    node.service.store().freshness().mark_synced(node.service.store().freshness().now());
    let round = async |number: usize| {
        let change = json!({ "description": format!("round {number}") });
        let responses = [
            node.get("/v1/api-keys/1").bearer_auth(&token).send_checked().await,
            node.get("/v1/api-keys/1").header("x-api-key", &key.secret).send_checked().await,
            node.patch("/v1/api-keys/1").bearer_auth(&token).json(&change).send_checked().await,
            node.get("/v1/api-keys/?limit=1").bearer_auth(&token).send_checked().await,
            node.post("/v1/api-keys/").bearer_auth(&token).json(&change).send_checked().await,
            node.delete(&format!("/v1/api-keys/{}", number + 2)).bearer_auth(&token).send_checked().await,
            node.get("/v1/users/me").bearer_auth(&token).send_checked().await,
        ];
        assert!(responses.iter().all(|response| response.status.is_success()));
    };
    // A statement is prepared once on each connection that executes it: here on two read connections and, because the
    // requests are sequential, on one write connection.
    for number in 0..4 {
        round(number).await;
    }
    let warm = proxy.counts();
    assert!(warm.prepared > 0);
    for number in 4..54 {
        round(number).await;
    }
    let after = proxy.counts();
    assert_eq!(after.prepared, warm.prepared);
    // One statement for each request, and one more for the request that authenticates by a key.
    assert_eq!(after.executed - warm.executed, 50 * 8);
}

#[tokio::test]
async fn operations_on_users_execute_few_statements() {
    let app = TestApp::new().await;
    let proxy = TcpProxy::start(app.database.runtime_url());
    let node = app.second_node(Options { database_url: Some(proxy.url().to_owned()), ..Options::default() }).await;
    let (_, root) = app.with_admin("root").await;
    let (alice, _) = app.with_member("alice").await;
    node.service.store().freshness().mark_synced(node.service.store().freshness().now());
    let path = format!("/v1/users/{}", alice.id);
    // How many statements each operation executes, and how many it prepares.
    let round = async |number: usize| {
        let (own_token, passwords) = (app.token(&alice).await, json!({ "current": PASSWORD, "new": PASSWORD }));
        let counts = async |request: RequestBuilder, token: &str| {
            let before = proxy.counts();
            let response = request.bearer_auth(token).send_checked().await;
            assert!(response.status.is_success(), "{response}");
            let after = proxy.counts();
            (after.executed - before.executed, after.prepared - before.prepared)
        };
        let create = node.post("/v1/users").json(&json!({ "username": format!("bob {number}") }));
        let update = node.patch(&path).json(&json!({ "administrator": number.is_multiple_of(2) }));
        let change_password = node.put("/v1/users/me/password").json(&passwords);
        [
            counts(node.get("/v1/users?limit=1"), &root).await,
            counts(node.get(&path), &root).await,
            counts(create, &root).await,
            counts(update, &root).await,
            counts(change_password, &own_token).await,
        ]
    };
    for number in 0..4 {
        round(number).await;
    }
    for number in 4..8 {
        // What was written is read again. A change of a password is a login, of which three statements are never cached. The user is
        // not cached either, because the change before has ended all tokens.
        assert_eq!(round(number).await, [(1, 0), (1, 0), (2, 0), (2, 0), (9, 3)]);
    }
}

#[tokio::test]
async fn an_invalid_request_executes_no_statement() {
    let app = TestApp::new().await;
    let proxy = TcpProxy::start(app.database.runtime_url());
    let node = app.second_node(Options { database_url: Some(proxy.url().to_owned()), ..Options::default() }).await;
    let (_, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await.secret;
    let mistyped = key.replace(&key[20..], &key[20..].chars().rev().collect::<String>());
    node.get("/v1/users/me").header("x-api-key", mistyped).send_checked().await;
    node.get("/v1/users/me").bearer_auth("wrong").send_checked().await;
    node.get("/v1/users/me").send_checked().await;
    node.get("/v1/api-keys/one").bearer_auth(&token).send_checked().await;
    node.post("/v1/api-keys/").bearer_auth(&token).body("[]").send_checked().await;
    assert_eq!(proxy.counts().executed, 0);
}
