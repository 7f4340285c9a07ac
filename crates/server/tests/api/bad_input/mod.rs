//! Bad input, by name: what each operation answers to what it should not be sent. The answers are the table in
//! `docs/BAD_INPUT.md`, which `LATCHKEY_UPDATE=1` writes anew; the test holds them to the contract besides.

mod bodies;
mod credentials;
mod forms;
mod input;
mod parameters;

use std::{env, fs, path::Path};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use serde_json::Value;

use self::input::Input;
use crate::{
    answer::Answer,
    document::Operation,
    raw::{self, Then},
    world::{Options, World},
};

const INTRODUCTION: &str = "\
# Bad input, by name

What each operation answers to what it should not be sent, and to what only looks so. Written by
`LATCHKEY_UPDATE=1 make test`; `crates/server/tests/api/bad_input/` sends each input and fails when an answer is not
the one here. No answer is a 5xx, each is documented in `openapi.yaml`, and none repeats a secret that was sent.

| operation | input | status | answer |
|---|---|---|---|
";

/// What the answer says is wrong, or what became of the input.
fn told(input: &Input, answer: &Answer) -> String {
    let body = answer.json();
    if let Some(faults) = body["detail"].as_array() {
        let told = faults.iter().map(|fault| {
            let steps = fault["loc"].as_array().unwrap().iter();
            let loc: Vec<String> =
                steps.map(|step| step.as_str().map_or_else(|| step.to_string(), str::to_owned)).collect();
            format!("`{}` @ `{}`", fault["type"].as_str().unwrap(), loc.join("."))
        });
        return told.collect::<Vec<_>>().join(", ");
    }
    if answer.status.is_success() {
        // What became of a time is worth a look.
        let sets_expiry = input.body.windows(10).any(|window| window == b"expires_at");
        return match body.get("expires_at") {
            Some(Value::String(expires_at)) if sets_expiry => format!("good: `{expires_at}`"),
            _ => "good".to_owned(),
        };
    }
    match (answer.header("www-authenticate"), body["error"].as_str()) {
        (Some(challenge), _) => match challenge.split_once("error=") {
            Some((_, error)) => format!("`{}`", error.trim_matches('"')),
            None => "a challenge".to_owned(),
        },
        (None, Some(error)) => format!("`{error}`"),
        (None, None) => body["title"].as_str().unwrap().to_owned(),
    }
}

#[tokio::test]
async fn bad_input_by_name() {
    let world = World::new().await;
    let (alice, expired_token) = world.member("alice").await;
    world.clock.advance(TimeDelta::hours(1));
    let token = world.token(&alice).await;
    let (bob, token_of_another) = world.member("bob").await;
    let key = world.key(&token).await.secret;
    let key_of_another = world.key(&token_of_another).await.secret;
    world.many_keys(&bob, 1, &[]).await;
    let page = world.get("/v1/api-keys/?limit=1").bearer_auth(&token_of_another).send().await.unwrap();
    let link = page.headers()["link"].to_str().unwrap().to_owned();
    let cursor_of_another = link.split_once("cursor=").unwrap().1.split_once('>').unwrap().0;
    let stranger = world.beside(Options { token_secret: 2, ..Options::default() }).await;
    let header = BASE64_URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"none"}"#);
    let credentials = credentials::Credentials {
        unsigned_token: format!("{header}.{}.", token.split('.').nth(1).unwrap()),
        foreign_token: stranger.token(&alice).await,
        mistyped_key: format!("{}{}", &key[..key.len() - 1], if key.ends_with('x') { 'y' } else { 'x' }),
        token,
        expired_token,
        key,
        key_of_another,
    };

    let inputs = [
        bodies::inputs(&credentials),
        parameters::inputs(&credentials, cursor_of_another),
        credentials::inputs(&credentials),
        forms::inputs(),
    ];
    let mut table = INTRODUCTION.to_owned();
    for input in inputs.into_iter().flatten() {
        let then = if input.declared_length.is_some() { Then::Close } else { Then::Wait };
        let answer = raw::exchange(world.address, &input.bytes(), then).await;
        let path = input.path.split('?').next().unwrap();
        answer.keeps_to_contract(&input.method, path);
        assert!(!answer.status.is_server_error(), "{}: {answer}", input.name);
        let whole = format!("{answer}{:?}{}", answer.headers, answer.text());
        if !answer.status.is_success() {
            let leaked: Vec<String> = input.secrets().filter(|secret| whole.contains(secret)).collect();
            assert!(leaked.is_empty(), "{} comes back: {answer}", input.name);
        }
        let operation = Operation::of(&input.method, path).unwrap().id;
        table +=
            &format!("| {operation} | {} | {} | {} |\n", input.name, answer.status.as_u16(), told(&input, &answer));
    }
    println!("{table}");

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/BAD_INPUT.md");
    if env::var("LATCHKEY_UPDATE").is_ok_and(|value| value == "1") {
        fs::write(&path, &table).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    let stale: Vec<&str> = table.lines().filter(|line| !written.lines().any(|known| known == *line)).collect();
    assert!(
        written == table,
        "docs/BAD_INPUT.md is stale, LATCHKEY_UPDATE=1 writes it anew; new here:\n{}",
        stale.join("\n")
    );
}
