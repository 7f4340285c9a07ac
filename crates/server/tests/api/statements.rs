//! How many statements requests prepare and execute.

use latchkey_test_support::{
    app::{Options, TestApp},
    response::SendChecked,
    tcp_proxy::TcpProxy,
};
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
