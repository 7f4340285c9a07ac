//! What surrounds the operations: answers beside the contract, limits, faults of the server.

use std::time::Duration;

use http::Method;
use insta::assert_snapshot;
use serde_json::json;
use tokio::{io::AsyncWriteExt, net::TcpStream, time::timeout};

use crate::{
    answer::Answered,
    raw::read_answer,
    world::{NO_DATABASE, Options, PASSWORD, World},
};

/// Longer than anything here takes, so that a hang fails.
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn an_unknown_path_is_a_problem() {
    let world = World::new().await;
    assert_snapshot!(world.get("/v1/nothing").answer().await, @r#"
    404 Not Found
    cache-control: no-store
    content-type: application/problem+json
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Not Found",
      "status": 404,
      "detail": "There is no resource at this path; see /openapi.yaml for all paths."
    }
    "#);
    for path in ["/", "/v1", "/token/", "/v1/users/me/", "/v1/api-keys//", "/v1/api-keys/1/", "/V1/api-keys/"] {
        assert_eq!(world.get(path).answer().await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_method_that_a_path_does_not_know_is_a_problem_that_says_which_it_does() {
    let world = World::new().await;
    assert_snapshot!(world.request(Method::PUT, "/v1/api-keys/1").answer().await, @r#"
    405 Method Not Allowed
    allow: DELETE,GET,HEAD,PATCH
    cache-control: no-store
    content-type: application/problem+json
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Method Not Allowed",
      "status": 405,
      "detail": "This path does not support the method PUT."
    }
    "#);
    let allowed = async |path: &str| {
        let answer = world.request(Method::PUT, path).answer().await;
        let mut methods: Vec<String> = answer.header("allow").unwrap().split(',').map(str::to_owned).collect();
        methods.sort();
        format!("{} {}", answer.status.as_u16(), methods.join(" "))
    };
    assert_eq!(allowed("/v1/api-keys/").await, "405 GET HEAD POST");
    assert_eq!(allowed("/v1/api-keys").await, "405 GET HEAD POST");
    assert_eq!(allowed("/v1/api-keys/1").await, "405 DELETE GET HEAD PATCH");
    assert_eq!(allowed("/v1/users/me").await, "405 GET HEAD");
    assert_eq!(allowed("/token").await, "405 POST");
    assert_eq!(allowed("/livez").await, "405 GET HEAD");
}

#[tokio::test]
async fn head_answers_as_get_without_the_body() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    world.key(&token).await;
    for path in ["/v1/users/me", "/v1/api-keys/", "/v1/api-keys/1", "/v1/api-keys/2", "/livez"] {
        let get = world.get(path).bearer_auth(&token).answer().await;
        let head = world.request(Method::HEAD, path).bearer_auth(&token).answer().await;
        assert_eq!((head.status, head.body.len()), (get.status, 0), "{path}");
        for name in ["content-type", "content-length", "cache-control"] {
            assert_eq!(head.header(name), get.header(name), "{path}");
        }
    }
}

#[tokio::test]
async fn a_stalled_body_is_given_up() {
    let mut options = Options::default();
    options.limits.body_idle_timeout = Duration::from_millis(50);
    let world = World::with(options).await;
    let (_, token) = world.member("alice").await;
    for (method, path) in [(Method::POST, "/token"), (Method::POST, "/v1/api-keys/"), (Method::PATCH, "/v1/api-keys/1")]
    {
        let mut stream = TcpStream::connect(world.address).await.unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {token}\r\ncontent-length: 9\r\n\r\n{{"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let answer = timeout(PATIENCE, read_answer(&mut stream)).await.unwrap();
        answer.keeps_to_contract(&method, path);
        if path == "/token" {
            assert_snapshot!(answer, @r#"
            408 Request Timeout
            cache-control: no-store
            content-type: application/problem+json
            x-request-id: <id>

            {
              "type": "about:blank",
              "title": "Request Timeout",
              "status": 408,
              "detail": "The body did not arrive in time."
            }
            "#);
        }
        assert_eq!(answer.status, 408, "{path}");
    }
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_given_up() {
    let mut options = Options::default();
    options.limits.request_timeout = Duration::from_millis(100);
    let world = World::with(options).await;
    let (_, token) = world.member("alice").await;
    world.key(&token).await;
    let locker = world.database.connect().await;
    locker.batch_execute("BEGIN; LOCK TABLE api_keys").await.unwrap();
    let change = json!({ "description": "late" });
    let request = world.patch("/v1/api-keys/1").bearer_auth(&token).json(&change);
    assert_snapshot!(timeout(PATIENCE, request.answer()).await.unwrap(), @r#"
    503 Service Unavailable
    cache-control: no-store
    content-type: application/problem+json
    retry-after: 1
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Service Unavailable",
      "status": 503,
      "detail": "The request timed out. Try again."
    }
    "#);
    locker.batch_execute("ROLLBACK").await.unwrap();
    assert_eq!(world.patch("/v1/api-keys/1").bearer_auth(&token).json(&change).answer().await.status, 200);
}

#[tokio::test]
async fn a_panic_is_a_problem_and_the_server_lives_on() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    world.clock.break_down();
    let answer = world.get("/v1/users/me").bearer_auth(&token).answer().await;
    assert_snapshot!(answer, @r#"
    500 Internal Server Error
    cache-control: no-store
    content-type: application/problem+json
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Internal Server Error",
      "status": 500,
      "detail": "An internal error occurred; see the server's log."
    }
    "#);
    assert_eq!(world.get("/livez").answer().await.text(), "alive\n");
}

#[tokio::test]
async fn a_harmless_request_id_is_kept_and_another_is_replaced() {
    let world = World::new().await;
    let echoed = async |id: &str| {
        let answer = world.get("/livez").header("x-request-id", id).answer().await;
        answer.header("x-request-id").unwrap().to_owned()
    };
    for harmless in ["a", "9f-1_2.3", &"x".repeat(64)] {
        assert_eq!(echoed(harmless).await, harmless);
    }
    for harmful in ["", "a b", "a\tb", "a\"b", "{}", "a/b", &"x".repeat(65)] {
        let given = echoed(harmful).await;
        assert!(given.len() == 32 && given.bytes().all(|byte| byte.is_ascii_hexdigit()), "{given}");
    }
    let unasked = world.get("/livez").answer().await;
    assert_ne!(unasked.header("x-request-id"), world.get("/livez").answer().await.header("x-request-id"));
}

#[tokio::test]
async fn errors_carry_a_request_id_too() {
    let world = World::with(Options { database_url: Some(NO_DATABASE.to_owned()), ..Options::default() }).await;
    let (_, token) = world.member("alice").await;
    for path in ["/nothing", "/v1/users/me", "/token", "/readyz"] {
        let answer = world.get(path).bearer_auth(&token).header("x-request-id", "mine").answer().await;
        assert!(!answer.status.is_success());
        assert_eq!(answer.header("x-request-id"), Some("mine"), "{path}");
    }
}

#[tokio::test]
async fn no_answer_is_to_be_kept_by_a_cache() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    let answers = [
        world.post("/v1/api-keys/").bearer_auth(&token).json(&json!({})).answer().await,
        world.get("/v1/api-keys/1").bearer_auth(&token).answer().await,
        world.login("alice", PASSWORD).answer().await,
        world.login("alice", "wrong password").answer().await,
        world.get("/v1/users/me").answer().await,
        world.get("/nothing").answer().await,
    ];
    for answer in answers {
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{answer}");
    }
}

#[tokio::test]
async fn what_stands_beside_the_contract_asks_for_no_credential() {
    let world = World::new().await;
    let (_, token) = world.member("alice").await;
    world.key(&token).await;
    let get = async |path: &str| {
        let answer = world.get(path).answer().await;
        (answer.status.as_u16(), answer.header("content-type").unwrap().to_owned(), answer.text().to_owned())
    };
    assert_eq!(get("/livez").await.2, "alive\n");
    assert_eq!(get("/readyz").await.2, "ready\n");
    let (status, content_type, contract) = get("/openapi.json").await;
    assert_eq!(
        (status, content_type.as_str(), contract.as_str()),
        (200, "application/json", latchkey_domain::CONTRACT)
    );
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
async fn without_the_database_the_server_is_alive_but_not_ready() {
    let world = World::with(Options { database_url: Some(NO_DATABASE.to_owned()), ..Options::default() }).await;
    assert_eq!(world.get("/livez").answer().await.status, 200);
    assert_snapshot!(world.get("/readyz").answer().await, @r#"
    503 Service Unavailable
    cache-control: no-store
    content-type: application/problem+json
    retry-after: 1
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Service Unavailable",
      "status": 503,
      "detail": "The database is unavailable."
    }
    "#);
}

#[tokio::test]
async fn with_a_migration_missing_the_server_is_not_ready() {
    let world = World::new().await;
    world.database.execute("DELETE FROM __diesel_schema_migrations WHERE version LIKE '%0002'").await;
    assert_snapshot!(world.get("/readyz").answer().await, @r#"
    503 Service Unavailable
    cache-control: no-store
    content-type: application/problem+json
    retry-after: 1
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Service Unavailable",
      "status": 503,
      "detail": "The database lacks migrations; run `latchkey migrate`."
    }
    "#);
}
