//! Forged keys: texts with the form and the checksum of a key, which anyone can make. What they cost is bounded.

use http::Method;
use latchkey_domain::model::{KeyPrefix, PlainKey};
use latchkey_test_support::{
    app::{Options, TestApp},
    response::SendChecked,
    tcp_proxy::TcpProxy,
};
use reqwest::RequestBuilder;
use secrecy::ExposeSecret;
use tokio::time::{Duration, sleep, timeout};

fn forge() -> String {
    let key = PlainKey::generate(&KeyPrefix::new("lk").unwrap(), &latchkey_server::env().rng);
    key.into_secret().expose_secret().to_owned()
}

/// Requests without another credential that look a key up.
fn lookups(app: &TestApp, key: &str) -> [RequestBuilder; 3] {
    [
        app.get("/v1/forward-auth").header("x-api-key", key),
        app.post("/v1/revoke").form(&[("token", key)]),
        app.request(Method::GET, "/v1/users/me").header("x-api-key", key),
    ]
}

#[tokio::test]
async fn a_key_that_does_not_exist_is_looked_up_once_by_all_operations() {
    let app = TestApp::new().await;
    let proxy = TcpProxy::start(app.database.url());
    let node = app.second_node(Options { database_url: Some(proxy.url().to_owned()), ..Options::default() }).await;
    let key = forge();
    for request in lookups(&node, &key) {
        request.send_checked().await;
    }
    let first = proxy.counts().executed;
    for _ in 0..5 {
        for request in lookups(&node, &key) {
            request.send_checked().await;
        }
    }
    assert_eq!(proxy.counts().executed, first);
}

#[tokio::test]
async fn an_address_that_sends_forged_keys_has_one_lookup_at_a_time() {
    let mut options = Options::default();
    options.limits.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    let app = TestApp::with(options).await;
    let (_, alice) = app.with_member("alice").await;
    let key = app.create_key(&alice).await;
    for number in 0..21 {
        let request = lookups(&app, &forge()).into_iter().nth(number % 3).unwrap();
        let status = request.header("x-forwarded-for", "192.0.2.1").send_checked().await.status.as_u16();
        assert!(matches!(status, 200 | 401), "{status}");
    }

    let other = app.database.connect().await;
    other.batch_execute("BEGIN; LOCK TABLE api_keys").await.unwrap();
    let from =
        |request: RequestBuilder, address: &str| request.header("x-forwarded-for", address.to_owned()).send_checked();
    // These wait longer than verifications do.
    let [.., first] = lookups(&app, &forge());
    let [.., valid] = lookups(&app, &key.secret);
    let attacker = async {
        let running = from(first, "192.0.2.1");
        tokio::join!(running, async {
            sleep(Duration::from_millis(100)).await;
            for request in lookups(&app, &forge()) {
                let response = timeout(Duration::from_secs(10), from(request, "192.0.2.1")).await.unwrap();
                assert_eq!(response.status, 503, "{response}");
                assert_eq!(response.json()["code"], "temporarily_unavailable");
                assert_eq!(response.header("retry-after"), Some("1"));
            }
            other.batch_execute("COMMIT").await.unwrap();
        })
        .0
    };
    let (running, valid) = tokio::join!(attacker, from(valid, "192.0.2.2"));
    assert_eq!((running.status.as_u16(), valid.status.as_u16()), (401, 200));
    let metrics = app.get("/metrics").send_checked().await;
    assert!(metrics.text().contains("\nlatchkey_key_lookups_refused_total 3\n"), "{}", metrics.text());
}
