//! Invalid input: how each operation responds to it. The responses are the table in `docs/BAD_INPUT.md`, which
//! `UPDATE_SNAPSHOTS=1` rewrites; each is also validated against the contract.

mod bodies;
mod credentials;
mod forms;
mod input;
mod parameters;

use std::fmt::Write;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use latchkey_test_support::{
    app::{Options, TestApp},
    openapi::Operation,
    raw_http::{self, Then},
    response::Response,
};
use serde_json::Value;

use self::input::Input;
use crate::documents::assert_page;

const INTRODUCTION: &str = "\
# Invalid input

How each operation responds to invalid input, and to unusual input that is valid. Written by
`UPDATE_SNAPSHOTS=1 make test-rust`: the tests in `crates/server/tests/api/bad_input/` send each input, and fail when a
response differs from this table. No response is a 5xx, each is documented in `openapi.yaml`, and none repeats a secret
that was sent.

| operation | input | status | response |
|---|---|---|---|
";

/// The errors in the response, or the accepted value.
fn summary(input: &Input, response: &Response) -> String {
    let body = response.json();
    if let Some(errors) = body["detail"].as_array() {
        let errors = errors.iter().map(|error| {
            let steps = error["loc"].as_array().unwrap().iter();
            let loc: Vec<String> =
                steps.map(|step| step.as_str().map_or_else(|| step.to_string(), str::to_owned)).collect();
            format!("`{}` @ `{}`", error["type"].as_str().unwrap(), loc.join("."))
        });
        return errors.collect::<Vec<_>>().join(", ");
    }
    if response.status.is_success() {
        // A time is shown as it was understood.
        let sets_expiry = input.body.windows(10).any(|window| window == b"expires_at");
        return match body.get("expires_at") {
            Some(Value::String(expires_at)) if sets_expiry => format!("accepted: `{expires_at}`"),
            _ => "accepted".to_owned(),
        };
    }
    match (response.header("www-authenticate"), body["error"].as_str()) {
        (Some(challenge), _) => match challenge.split_once("error=") {
            Some((_, error)) => format!("`{}`", error.trim_matches('"')),
            None => "a challenge".to_owned(),
        },
        (None, Some(error)) => format!("`{error}`"),
        (None, None) => body["title"].as_str().unwrap().to_owned(),
    }
}

#[tokio::test]
async fn bad_input() {
    let app = TestApp::new().await;
    let (alice, expired_token) = app.with_member("alice").await;
    app.clock.advance(TimeDelta::hours(1));
    let token = app.token(&alice).await;
    let (bob, other_token) = app.with_member("bob").await;
    let key = app.create_key(&token).await.secret;
    let other_key = app.create_key(&other_token).await.secret;
    app.insert_keys(&bob, 1, &[]).await;
    let page = app.get("/v1/api-keys/?limit=1").bearer_auth(&other_token).send().await.unwrap();
    let link = page.headers()["link"].to_str().unwrap().to_owned();
    let other_cursor = link.split_once("cursor=").unwrap().1.split_once('>').unwrap().0;
    let other_secret = app.second_node(Options { token_secret: 2, ..Options::default() }).await;
    let header = BASE64_URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"none"}"#);
    let credentials = credentials::Credentials {
        unsigned_token: format!("{header}.{}.", token.split('.').nth(1).unwrap()),
        foreign_token: other_secret.token(&alice).await,
        mistyped_key: format!("{}{}", &key[..key.len() - 1], if key.ends_with('x') { 'y' } else { 'x' }),
        token,
        expired_token,
        key,
        other_key,
    };

    let inputs = [
        bodies::inputs(&credentials),
        parameters::inputs(&credentials, other_cursor),
        credentials::inputs(&credentials),
        forms::inputs(),
    ];
    let mut table = INTRODUCTION.to_owned();
    for input in inputs.into_iter().flatten() {
        let then = if input.declared_length.is_some() { Then::Close } else { Then::Wait };
        let response = raw_http::exchange(app.address, &input.bytes(), then).await;
        let path = input.path.split('?').next().unwrap();
        response.assert_documented(&input.method, path);
        assert!(!response.status.is_server_error(), "{}: {response}", input.name);
        let whole = format!("{response}{:?}{}", response.headers, response.text());
        if !response.status.is_success() {
            let leaked: Vec<String> = input.secrets().filter(|secret| whole.contains(secret)).collect();
            assert!(leaked.is_empty(), "{} is repeated: {response}", input.name);
        }
        let operation = Operation::find(&input.method, path).unwrap().id;
        let (status, summary) = (response.status.as_u16(), summary(&input, &response));
        writeln!(table, "| {operation} | {} | {status} | {summary} |", input.name).unwrap();
    }
    println!("{table}");

    assert_page("BAD_INPUT.md", &table);
}
