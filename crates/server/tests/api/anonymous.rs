//! What a client without a valid credential can make the server do: little, whatever it sends.

use std::time::Duration;

use http::Method;
use latchkey_test_support::{
    app::TestApp,
    openapi::{OPERATIONS, Operation},
    raw_http::read_response,
    response::{Response, SendChecked},
};
use reqwest::RequestBuilder;
use serde_json::json;
use tokio::{io::AsyncWriteExt, net::TcpStream, time::timeout};

/// Longer than anything here takes, so that a test that hangs fails.
const PATIENCE: Duration = Duration::from_secs(20);
/// The largest response to a request without a valid credential, with its head.
const MAX_RESPONSE_BYTES: usize = 8 * 1024;

/// Bodies with as many errors as fit, for each media type.
fn bodies() -> [(&'static str, String); 5] {
    let form = "application/x-www-form-urlencoded";
    let numbers = "0,".repeat(30_000);
    [
        ("application/json", format!(r#"{{"key":1,"scopes":[{numbers}0],"networks":[0]}}"#)),
        ("application/json", format!("{{{}\"x\":1}}", (0..6_000).map(|n| format!("\"m{n}\":1,")).collect::<String>())),
        (form, "scope=&username=&grant_type=&token=&".repeat(1_700)),
        (form, "scope=&username=&grant_type=&token=&".repeat(600)),
        (form, "%00=%ff&".repeat(3_000)),
    ]
}

/// A request with every way to have no valid credential.
fn without_valid_credential(request: &RequestBuilder) -> Vec<RequestBuilder> {
    let clone = || request.try_clone().unwrap();
    vec![
        clone(),
        clone().bearer_auth("x".repeat(8_000)),
        clone().header("x-api-key", "x".repeat(8_000)),
        clone().header("x-api-key", "one").header("x-api-key", "two"),
        clone().header("authorization", "Basic x").header("authorization", "Bearer x"),
    ]
}

fn size(response: &Response) -> usize {
    let headers = response.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4);
    response.body.len() + headers.sum::<usize>()
}

fn path(operation: &Operation) -> String {
    let query = "scope=x&scope=&limit=x&cursor=&status=x&key_id=x&".repeat(150);
    format!("{}?{query}", operation.example_path())
}

#[tokio::test]
async fn the_response_is_small_whatever_is_sent() {
    let app = TestApp::new().await;
    for operation in OPERATIONS.iter() {
        for (media_type, body) in bodies() {
            let request = app.request(operation.method.clone(), &path(operation));
            let request = request.header("content-type", media_type).body(body);
            for request in without_valid_credential(&request) {
                let response = request.send_checked().await;
                // Revocation succeeds whatever the token is (RFC 7009, section 2.2).
                assert!(response.status.is_client_error() || operation.id == "revokeToken", "{}", operation.id);
                let size = size(&response);
                assert!(size < MAX_RESPONSE_BYTES, "{}: {size} bytes: {response}", operation.id);
            }
        }
    }
    let unknown_method = Method::from_bytes("X".repeat(20_000).as_bytes()).unwrap();
    let response = app.request(unknown_method, "/v1/users/me").send_checked().await;
    assert_eq!(response.status, 405);
    assert!(size(&response) < MAX_RESPONSE_BYTES, "{response}");
}

#[tokio::test]
async fn a_request_without_a_readable_credential_is_rejected_before_its_body_is_sent() {
    let app = TestApp::new().await;
    let credentials = [
        ("", 401),
        ("x-api-key: wrong\r\n", 401),
        ("x-api-key: one\r\nx-api-key: two\r\n", 422),
        ("x-api-key: \u{e9}\r\n", 422),
        ("authorization: Bearer one\r\nauthorization: Bearer two\r\n", 401),
    ];
    // Those whose credential is a key of the caller's client respond otherwise.
    let is_of_callers = |operation: &&Operation| operation.is_secured() && !operation.accepts("APIKeyBearer");
    for operation in OPERATIONS.iter().filter(is_of_callers) {
        for (credential, status) in credentials {
            let mut stream = TcpStream::connect(app.address).await.unwrap();
            // None of the body follows.
            let head = format!(
                "{} {} HTTP/1.1\r\nhost: test\r\n{credential}content-type: application/json\r\n\
                 content-length: 50000\r\n\r\n",
                operation.method,
                operation.example_path(),
            );
            stream.write_all(head.as_bytes()).await.unwrap();
            let response = timeout(PATIENCE, read_response(&mut stream)).await.expect("the body is not awaited");
            assert_eq!(response.status, status, "{} with {credential:?}: {response}", operation.id);
            if status == 422 {
                let error = json!({
                    "loc": ["header", "X-API-Key"], "msg": "Input should be a valid string", "type": "string_type",
                });
                assert_eq!(response.json(), json!({ "detail": [error] }), "{}", operation.id);
            }
        }
    }
}

#[tokio::test]
async fn the_body_of_an_operation_without_credentials_has_a_lower_limit() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let form = |path: &str, length: usize| {
        let request = app.post(path).header("content-type", "application/x-www-form-urlencoded");
        request.body("x=".to_owned() + &"y".repeat(length))
    };
    for path in ["/token", "/v1/revoke"] {
        assert_eq!(form(path, 20_000).send_checked().await.status, 400, "{path}");
        assert_eq!(form(path, 30_000).send_checked().await.status, 413, "{path}");
    }
    let long = app.post("/v1/api-keys/").bearer_auth(&token).json(&json!({ "x": "y".repeat(30_000) }));
    assert_eq!(long.send_checked().await.status, 422);
}
