//! Forms for `/token`.

use http::Method;
use latchkey_test_support::app::PASSWORD;

use super::input::Input;

/// Inputs to `/token`.
pub fn inputs() -> Vec<Input> {
    let form = "application/x-www-form-urlencoded";
    let login =
        |name: &str, body: &[u8]| Input::new(Method::POST, "/token", name).with("content-type", form).body(body);
    let valid = format!("grant_type=password&username=alice&password={}", PASSWORD.replace(' ', "+"));
    let mut inputs: Vec<Input> = [
        ("nothing", String::new()),
        ("fields missing", "grant_type=password".to_owned()),
        ("no `grant_type`", "username=alice&password=tell-nobody".to_owned()),
        ("`grant_type` empty", "grant_type=&username=alice&password=tell-nobody".to_owned()),
        ("another `grant_type`", "grant_type=client_credentials&client_secret=tell-nobody".to_owned()),
        ("`grant_type` twice", "grant_type=password&grant_type=password&username=a&password=tell-nobody".to_owned()),
        ("`password` twice", "grant_type=password&username=a&password=tell-nobody&password=b".to_owned()),
        ("`username` empty", "grant_type=password&username=&password=tell-nobody".to_owned()),
        ("`username` with U+0000", "grant_type=password&username=a%00&password=tell-nobody".to_owned()),
        (
            "`username` of 256 characters",
            format!("grant_type=password&username={}&password=tell-nobody", "a".repeat(256)),
        ),
        ("`username` with bytes that are no UTF-8", "grant_type=password&username=%ff&password=tell-nobody".to_owned()),
        ("`password` empty", "grant_type=password&username=a&password=".to_owned()),
        ("`password` with U+0000", "grant_type=password&username=a&password=tell-nobody%00".to_owned()),
        ("`password` of 1025 characters", format!("grant_type=password&username=a&password={}", "a".repeat(1025))),
        ("a wrong password", "grant_type=password&username=alice&password=tell-nobody".to_owned()),
        ("an unknown name", "grant_type=password&username=tell-nobody&password=tell-nobody".to_owned()),
        ("`scope` unknown", format!("{valid}&scope=tell-nobody")),
        ("`scope` beyond the role", format!("{valid}&scope=latchkey:verify")),
        ("`scope` with U+0000", format!("{valid}&scope=%00")),
        ("`scope` of 1025 characters", format!("{valid}&scope={}", "a".repeat(1025))),
        ("`scope` twice", format!("{valid}&scope=&scope=")),
        ("unknown fields", format!("{valid}&client_id=tell-nobody&client_id=tell-nobody")),
        ("JSON in place of a form", r#"{"grant_type": "password", "password": "tell-nobody"}"#.to_owned()),
        ("a broken escape", "grant_type=password&username=%zz&password=tell-nobody".to_owned()),
        ("only separators", "&&&===".to_owned()),
        ("10 MB", format!("{valid}&x={}", "a".repeat(10_000_000))),
    ]
    .map(|(name, body)| login(name, body.as_bytes()))
    .into();
    inputs.push(login("bytes that are no UTF-8", b"grant_type=password&username=\xff&password=tell-nobody"));
    inputs.push(Input::new(Method::POST, "/token", "no content type").body(&valid));
    inputs.push(
        Input::new(Method::POST, "/token", "`application/json`")
            .with("content-type", "application/json")
            .body(r#"{"grant_type": "password", "username": "alice", "password": "tell-nobody"}"#),
    );
    let mut cut = login("a body cut short", valid.as_bytes());
    cut.declared_length = Some(valid.len() + 10);
    inputs.push(cut);
    inputs
}
