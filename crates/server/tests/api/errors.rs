//! Errors that no operation defines: unknown paths and methods, timeouts, panics; and the endpoints outside the
//! contract.

use std::time::Duration;

use http::Method;
use insta::assert_snapshot;
use latchkey_test_support::{
    app::{Options, PASSWORD, TestApp},
    openapi,
    raw_http::{Then, exchange, read_response},
    response::SendChecked,
};
use serde_json::json;
use tokio::{io::AsyncWriteExt, net::TcpStream, time::timeout};

/// Longer than anything here takes, so that a test that hangs fails.
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn an_unknown_path_is_a_problem() {
    let app = TestApp::new().await;
    assert_snapshot!(app.get("/v1/nothing").send_checked().await, @r#"
    404 Not Found
    cache-control: no-store
    content-type: application/problem+json
    latchkey-version: <version>
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Not Found",
      "status": 404,
      "detail": "There is no resource at this path; see /openapi.yaml for all paths.",
      "code": "path_not_found"
    }
    "#);
    for path in ["/", "/v1", "/token/", "/v1/users/me/", "/v1/api-keys//", "/v1/api-keys/1/", "/V1/api-keys/"] {
        assert_eq!(app.get(path).send_checked().await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn an_unsupported_method_is_a_problem_with_an_allow_header() {
    let app = TestApp::new().await;
    assert_snapshot!(app.request(Method::PUT, "/v1/api-keys/1").send_checked().await, @r#"
    405 Method Not Allowed
    allow: DELETE,GET,HEAD,PATCH
    cache-control: no-store
    content-type: application/problem+json
    latchkey-version: <version>
    vary: Origin
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Method Not Allowed",
      "status": 405,
      "detail": "This path does not support the method PUT.",
      "code": "method_not_allowed"
    }
    "#);
    let allowed = async |path: &str| {
        let response = app.request(Method::PUT, path).send_checked().await;
        let mut methods: Vec<String> = response.header("allow").unwrap().split(',').map(str::to_owned).collect();
        methods.sort();
        format!("{} {}", response.status.as_u16(), methods.join(" "))
    };
    assert_eq!(allowed("/v1/api-keys/").await, "405 GET HEAD POST");
    assert_eq!(allowed("/v1/api-keys").await, "405 GET HEAD POST");
    assert_eq!(allowed("/v1/api-keys/1").await, "405 DELETE GET HEAD PATCH");
    assert_eq!(allowed("/v1/users/me").await, "405 GET HEAD");
    assert_eq!(allowed("/token").await, "405 POST");
    assert_eq!(allowed("/livez").await, "405 GET HEAD");
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    app.create_key(&token).await;
    for path in ["/v1/users/me", "/v1/api-keys/", "/v1/api-keys/1", "/v1/api-keys/2", "/livez"] {
        let get = app.get(path).bearer_auth(&token).send_checked().await;
        let head = app.request(Method::HEAD, path).bearer_auth(&token).send_checked().await;
        assert_eq!((head.status, head.body.len()), (get.status, 0), "{path}");
        for name in ["content-type", "content-length", "cache-control"] {
            assert_eq!(head.header(name), get.header(name), "{path}");
        }
    }
}

#[tokio::test]
async fn a_stalled_body_times_out() {
    let mut options = Options::default();
    options.limits.body_idle_timeout = Duration::from_millis(50);
    let app = TestApp::with(options).await;
    let (_, token) = app.with_member("alice").await;
    for (method, path) in [(Method::POST, "/token"), (Method::POST, "/v1/api-keys/"), (Method::PATCH, "/v1/api-keys/1")]
    {
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {token}\r\ncontent-length: 9\r\n\r\n{{"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let response = timeout(PATIENCE, read_response(&mut stream)).await.unwrap();
        response.assert_documented(&method, path);
        if path == "/token" {
            assert_snapshot!(response, @r#"
            408 Request Timeout
            cache-control: no-store
            content-type: application/problem+json
            latchkey-version: <version>
            x-request-id: <id>

            {
              "type": "about:blank",
              "title": "Request Timeout",
              "status": 408,
              "detail": "The body did not arrive in time.",
              "code": "request_timeout"
            }
            "#);
        }
        assert_eq!(response.status, 408, "{path}");
    }
}

#[tokio::test]
async fn a_request_that_takes_too_long_times_out() {
    let mut options = Options::default();
    options.limits.request_timeout = Duration::from_millis(100);
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    app.create_key(&token).await;
    let node = app.second_node(options).await;
    let locker = app.database.connect().await;
    locker.batch_execute("BEGIN; LOCK TABLE api_keys").await.unwrap();
    let change = json!({ "description": "late" });
    let request = node.patch("/v1/api-keys/1").bearer_auth(&token).json(&change);
    assert_snapshot!(timeout(PATIENCE, request.send_checked()).await.unwrap(), @r#"
    503 Service Unavailable
    cache-control: no-store
    content-type: application/problem+json
    latchkey-version: <version>
    retry-after: 1
    vary: Origin
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Service Unavailable",
      "status": 503,
      "detail": "The request timed out. Try again.",
      "code": "processing_timeout"
    }
    "#);
    locker.batch_execute("ROLLBACK").await.unwrap();
    assert_eq!(app.patch("/v1/api-keys/1").bearer_auth(&token).json(&change).send_checked().await.status, 200);
}

#[tokio::test]
async fn a_panic_is_a_problem_and_the_server_keeps_running() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    app.clock.poison();
    let response = app.get("/v1/users/me").bearer_auth(&token).send_checked().await;
    assert_snapshot!(response, @r#"
    500 Internal Server Error
    cache-control: no-store
    content-type: application/problem+json
    latchkey-version: <version>
    vary: Origin
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Internal Server Error",
      "status": 500,
      "detail": "An internal error occurred; see the server's log.",
      "code": "internal_error"
    }
    "#);
    assert_eq!(app.get("/livez").send_checked().await.text(), "alive\n");
}

#[tokio::test]
async fn a_safe_request_id_is_kept_and_any_other_is_replaced() {
    let app = TestApp::new().await;
    let echoed = async |id: &str| {
        let response = app.get("/livez").header("x-request-id", id).send_checked().await;
        response.header("x-request-id").unwrap().to_owned()
    };
    for harmless in [
        "a",
        "9f-1_2.3",
        "2c1b8f4e-6a0d-4a3e-9f57-0d8f6f3f2b11",
        "01JX3QZ5V8W2M4N6P8R0T2V4X6",
        "4bf92f3577b34da6a3ce929d0e0e4736",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        &"x.".repeat(32),
    ] {
        assert_eq!(echoed(harmless).await, harmless);
    }
    let (_, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await.secret;
    let (_, secret) = key.split_once('_').unwrap();
    let in_text = format!("id-{key}.1");
    let harmful = ["", "a b", "a\tb", "a\"b", "{}", "a/b", &"x.".repeat(33), &key, secret, &secret[..40], &in_text];
    for harmful in harmful {
        let given = echoed(harmful).await;
        assert!(given.len() == 32 && given.bytes().all(|byte| byte.is_ascii_hexdigit()), "{given}");
    }
    let unasked = app.get("/livez").send_checked().await;
    assert_ne!(unasked.header("x-request-id"), app.get("/livez").send_checked().await.header("x-request-id"));
}

#[tokio::test]
async fn error_responses_have_a_request_id() {
    let app = TestApp::with(Options::without_database()).await;
    let (_, token) = app.with_member("alice").await;
    for path in ["/nothing", "/v1/users/me", "/token", "/readyz"] {
        let response = app.get(path).bearer_auth(&token).header("x-request-id", "mine").send_checked().await;
        assert!(!response.status.is_success());
        assert_eq!(response.header("x-request-id"), Some("mine"), "{path}");
    }
}

#[tokio::test]
async fn every_response_has_a_request_id_and_the_version_of_the_contract() {
    let app = TestApp::new().await;
    let version = openapi::DOCUMENT["info"]["version"].as_str();
    let paths =
        ["/livez", "/readyz", "/metrics", "/docs", "/openapi.json", "/openapi.yaml", "/nothing", "/v1/users/me"];
    for path in paths {
        for method in [Method::GET, Method::HEAD, Method::DELETE] {
            let response = app.request(method.clone(), path).send_checked().await;
            assert_eq!(response.header("latchkey-version"), version, "{method} {path}");
            assert_eq!(response.headers.get_all("x-request-id").iter().count(), 1, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn no_browser_may_guess_the_type_of_a_response() {
    let app = TestApp::new().await;
    for path in ["/livez", "/metrics", "/docs", "/openapi.yaml", "/nothing", "/v1/users/me", "/v1/forward-auth"] {
        let response = app.get(path).send_checked().await;
        let values: Vec<_> = response.headers.get_all("x-content-type-options").iter().collect();
        assert_eq!(values, ["nosniff"], "{path}");
    }
}

#[tokio::test]
async fn a_request_needs_one_host() {
    let app = TestApp::new().await;
    for (head, status) in [
        ("GET /livez HTTP/1.1\r\nhost: a\r\n", 200),
        ("GET /livez HTTP/1.1\r\n", 400),
        ("GET http://a/livez HTTP/1.1\r\n", 400),
        ("GET /livez HTTP/1.1\r\nhost: a\r\nhost: a\r\n", 400),
        ("GET /v1/users/me HTTP/1.1\r\nhost: a\r\nhost: b\r\n", 400),
        ("GET /livez HTTP/1.0\r\n", 200),
        ("GET /livez HTTP/1.0\r\nhost: a\r\nhost: b\r\n", 400),
    ] {
        let response = exchange(app.address, format!("{head}connection: close\r\n\r\n").as_bytes(), Then::Wait).await;
        assert_eq!(response.status, status, "{head:?}");
    }
}

#[tokio::test]
async fn no_response_may_be_stored_by_a_cache() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let responses = [
        app.post("/v1/api-keys/").bearer_auth(&token).json(&json!({})).send_checked().await,
        app.get("/v1/api-keys/1").bearer_auth(&token).send_checked().await,
        app.login("alice", PASSWORD).send_checked().await,
        app.login("alice", "wrong password").send_checked().await,
        app.get("/v1/users/me").send_checked().await,
        app.get("/nothing").send_checked().await,
    ];
    for response in responses {
        assert_eq!(response.header("cache-control"), Some("no-store"), "{response}");
    }
}

#[tokio::test]
async fn endpoints_outside_the_contract_need_no_credential() {
    let app = TestApp::with(Options { change_feed: true, ..Options::default() }).await;
    app.wait_for_poll().await;
    let (_, token) = app.with_member("alice").await;
    app.create_key(&token).await;
    let get = async |path: &str| {
        let response = app.get(path).send_checked().await;
        (response.status.as_u16(), response.header("content-type").unwrap().to_owned(), response.text().to_owned())
    };
    assert_eq!(get("/livez").await.2, "alive\n");
    assert_eq!(get("/readyz").await.2, "ready\n");
    let (status, content_type, contract) = get("/openapi.json").await;
    assert_eq!(
        (status, content_type.as_str(), contract.as_str()),
        (200, "application/json", latchkey_domain::CONTRACT)
    );
    let (status, content_type, contract) = get("/openapi.json?for=clients").await;
    assert_eq!((status, content_type.as_str()), (200, "application/json"));
    assert_eq!(contract, include_str!("../../../../generated/openapi.sdk.json"));
    for query in ["for=servers", "for=clients&for=clients", "for="] {
        let response = app.get(&format!("/openapi.json?{query}")).send_checked().await;
        assert_eq!((response.status.as_u16(), &response.json()["code"]), (404, &"path_not_found".into()), "{query}");
    }
    let (status, content_type, contract) = get("/openapi.yaml").await;
    assert_eq!((status, content_type.as_str()), (200, "application/yaml"));
    assert_eq!(contract, include_str!("../../../../openapi.yaml"));
    let (status, content_type, metrics) = get("/metrics").await;
    assert_eq!((status, content_type.as_str()), (200, "text/plain; version=0.0.4"));
    assert!(
        metrics.contains("latchkey_http_requests_total{operation=\"createApiKey\",status=\"201\"} 1\n"),
        "{metrics}"
    );
}

#[tokio::test]
async fn without_a_database_the_server_is_alive_but_not_ready() {
    let app = TestApp::with(Options::without_database()).await;
    assert_eq!(app.get("/livez").send_checked().await.status, 200);
    assert_snapshot!(app.get("/readyz").send_checked().await, @r#"
    503 Service Unavailable
    cache-control: no-store
    content-type: application/problem+json
    latchkey-version: <version>
    retry-after: 1
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Service Unavailable",
      "status": 503,
      "detail": "The database is unavailable.",
      "code": "database_unavailable"
    }
    "#);
}

#[tokio::test]
async fn with_a_migration_missing_the_server_is_not_ready() {
    let app = TestApp::new().await;
    app.database.execute("DELETE FROM __diesel_schema_migrations WHERE version LIKE '%0002'").await;
    assert_snapshot!(app.get("/readyz").send_checked().await, @r#"
    503 Service Unavailable
    cache-control: no-store
    content-type: application/problem+json
    latchkey-version: <version>
    retry-after: 1
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Service Unavailable",
      "status": 503,
      "detail": "The database lacks migrations; run `latchkey migrate`.",
      "code": "database_unavailable"
    }
    "#);
}
