//! A walk through the contract: what it promises of every operation holds for each, the next one that is added too.

use std::collections::BTreeSet;

use http::Method;
use latchkey_domain::identity::{Role, Scopes};
use latchkey_test_support::{
    app::TestApp,
    openapi::{DOCUMENT, OPERATIONS, Operation, resolved},
    response::SendChecked,
};
use reqwest::RequestBuilder;
use serde_json::Value;

/// The operations that anyone may call: one makes a credential, the other is for whoever holds one, and takes it in its body.
/// This list may only shrink.
const WITHOUT_CREDENTIALS: [&str; 2] = ["issueToken", "revokeToken"];

/// A request for each example of an operation's body, or the one without a body.
fn requests(app: &TestApp, operation: &Operation) -> Vec<RequestBuilder> {
    let query: Vec<(&str, String)> = operation
        .parameters()
        .filter(|parameter| parameter["in"] == "query" && !parameter["example"].is_null())
        .map(|parameter| {
            let example = &parameter["example"];
            let text = example.as_str().map_or_else(|| example.to_string(), str::to_owned);
            (parameter["name"].as_str().unwrap(), text)
        })
        .collect();
    let query: Vec<String> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let path = match query.is_empty() {
        true => operation.example_path(),
        false => format!("{}?{}", operation.example_path(), query.join("&")),
    };
    let request = || app.request(operation.method.clone(), &path);
    let examples = bodies(operation).into_iter().map(|(media_type, body)| match media_type {
        "application/json" => request().json(body),
        "application/x-www-form-urlencoded" => request().form(body),
        _ => panic!("{}: no test knows how to send {media_type}", operation.id),
    });
    let examples: Vec<RequestBuilder> = examples.collect();
    if examples.is_empty() { vec![request()] } else { examples }
}

/// The examples of an operation's body with their media types.
fn bodies(operation: &Operation) -> Vec<(&'static str, &'static Value)> {
    let content = operation.description["requestBody"]["content"].as_object().into_iter().flatten();
    content
        .flat_map(|(media_type, content)| {
            let examples = content["examples"].as_object().into_iter().flatten();
            examples.map(|(_, example)| (media_type.as_str(), &example["value"]))
        })
        .collect()
}

#[tokio::test]
async fn every_operation_but_a_few_asks_for_a_credential() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await.secret;
    let unknown_key = app.create_key(&token).await.secret;
    app.database.execute("DELETE FROM api_keys WHERE id = 2").await;

    let mut open = BTreeSet::new();
    for operation in OPERATIONS.iter() {
        if !operation.is_secured() {
            open.insert(operation.id);
            continue;
        }
        for request in requests(&app, operation) {
            let with = |name: &str, value: &str| request.try_clone().unwrap().header(name, value).send_checked();
            let responses = [
                ("nothing", request.try_clone().unwrap().send_checked().await),
                ("a wrong token", with("authorization", "Bearer wrong").await),
                ("a token too many", with("authorization", &format!("Bearer {token} {token}")).await),
                ("a key as a token", with("authorization", &format!("Bearer {key}")).await),
                ("a password", with("authorization", "Basic YWxpY2U6cGFzc3dvcmQ=").await),
                ("a wrong key", with("x-api-key", "wrong").await),
                ("an unknown key", with("x-api-key", &unknown_key).await),
                ("a token as a key", with("x-api-key", &token).await),
            ];
            for (credential, response) in responses {
                if credential == "a key as a token" && operation.accepts("APIKeyBearer") {
                    assert_eq!(response.status, 200, "{} with {credential}: {response}", operation.id);
                    continue;
                }
                assert_eq!(response.status, 401, "{} with {credential}: {response}", operation.id);
                let challenge = response.header("www-authenticate").unwrap();
                let expected = if credential == "nothing" { "" } else { ", error=\"invalid_token\"" };
                assert_eq!(
                    challenge,
                    format!("Bearer realm=\"latchkey\"{expected}"),
                    "{} with {credential}",
                    operation.id
                );
            }
        }
    }
    assert_eq!(open, BTreeSet::from(WITHOUT_CREDENTIALS));
}

#[tokio::test]
async fn every_scope_that_an_operation_names_is_needed() {
    let app = TestApp::new().await;
    let admin = app.create_user("root", Role::Admin).await;
    let all = ["latchkey:keys.read", "latchkey:keys.write", "latchkey:verify", "latchkey:audit.read"];
    for operation in OPERATIONS.iter() {
        let schemes = operation.description["security"].as_array().unwrap();
        let scopes = schemes.iter().flat_map(|scheme| scheme.as_object().unwrap().values());
        let scopes: Vec<&str> =
            scopes.flat_map(|scopes| scopes.as_array().unwrap()).filter_map(Value::as_str).collect();
        for needed in scopes {
            let others = all.iter().filter(|scope| **scope != needed).copied().collect::<Vec<_>>().join(" ");
            let token = app.restricted_token(&admin, Scopes::parse(&others).unwrap()).await;
            for request in requests(&app, operation) {
                let response = request.bearer_auth(&token).send_checked().await;
                assert_eq!(response.status, 403, "{} without {needed}: {response}", operation.id);
            }
        }
    }
}

#[tokio::test]
async fn the_examples_work_on_a_fresh_server_in_the_order_of_the_document() {
    let app = TestApp::new().await;
    let admin = app.create_user("admin", Role::Admin).await;
    app.set_password(&admin, "latchkey-demo").await;
    let (mut token, mut key) = (String::new(), String::new());
    for operation in OPERATIONS.iter() {
        for request in requests(&app, operation) {
            let request = if operation.accepts("OAuth2PasswordBearer") {
                request.bearer_auth(&token)
            } else if operation.is_secured() {
                request.header("x-api-key", &key)
            } else {
                request
            };
            let response = request.send_checked().await;
            assert!(response.status.is_success(), "{}: {response}", operation.id);
            match operation.id {
                "issueToken" => token = response.json()["access_token"].as_str().unwrap().to_owned(),
                "createApiKey" => key = response.json()["full_key"].as_str().unwrap().to_owned(),
                _ => {}
            }
        }
    }
}

#[test]
fn every_operation_has_a_name_of_its_own_and_one_tag() {
    let tags: BTreeSet<&str> =
        DOCUMENT["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    let mut ids = BTreeSet::new();
    let mut used = BTreeSet::new();
    for operation in OPERATIONS.iter() {
        let id = operation.id;
        assert!(id.starts_with(|first: char| first.is_ascii_lowercase()), "{id}");
        assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{id}");
        assert!(ids.insert(id), "{id} is there twice");
        let [tag] = operation.description["tags"].as_array().unwrap().as_slice() else {
            panic!("{id} has not one tag");
        };
        used.insert(tag.as_str().unwrap());
    }
    assert_eq!(used, tags);
    let served: BTreeSet<&str> = latchkey_domain::operation::ALL.iter().map(|operation| operation.id).collect();
    assert_eq!(served, ids);
}

#[test]
fn every_operation_documents_what_may_befall_it() {
    for operation in OPERATIONS.iter() {
        let statuses: BTreeSet<&str> = operation.responses().map(|(status, _)| status).collect();
        let mut due = vec!["500", "503"];
        if operation.is_secured() {
            due.extend(["401", "422"]);
        }
        if !operation.description["requestBody"].is_null() {
            due.extend(["408", "413"]);
        }
        if operation.path.contains('{') {
            due.push("404");
        }
        for status in due {
            assert!(statuses.contains(status), "{} does not document {status}", operation.id);
        }
    }
}

#[test]
fn every_error_is_a_problem_but_for_those_that_an_older_standard_shapes() {
    for operation in OPERATIONS.iter() {
        for (status, response) in operation.responses().filter(|(status, _)| *status >= "400") {
            let content = response["content"].as_object().unwrap();
            let shapes: Vec<String> = content
                .iter()
                .map(|(media_type, content)| format!("{media_type} {}", content["schema"]["$ref"]))
                .collect();
            let expected = match (operation.id, status) {
                ("issueToken" | "revokeToken", "400") | ("issueToken", "429") => {
                    "application/json \"#/components/schemas/TokenError\""
                }
                (_, "422") => "application/json \"#/components/schemas/HTTPValidationError\"",
                _ => "application/problem+json \"#/components/schemas/Problem\"",
            };
            assert_eq!(shapes, [expected], "{} {status}", operation.id);
        }
    }
}

#[test]
fn every_operation_has_an_example_or_nothing_to_send() {
    for operation in OPERATIONS.iter() {
        let has_body = !operation.description["requestBody"].is_null();
        assert!(!has_body || !bodies(operation).is_empty(), "{} has no example of its body", operation.id);
        for parameter in operation.parameters().filter(|parameter| parameter["required"] == true) {
            assert!(!parameter["example"].is_null(), "{}: {} has no example", operation.id, parameter["name"]);
        }
    }
}

#[test]
fn every_link_leads_to_an_operation_and_fills_its_parameters() {
    for operation in OPERATIONS.iter() {
        let links = operation.responses().flat_map(|(_, response)| response["links"].as_object().into_iter().flatten());
        let links: Vec<(&String, &Value)> = links.map(|(name, link)| (name, resolved(link))).collect();
        // The response of every operation leads on to another.
        assert!(!links.is_empty(), "{} has no link", operation.id);
        for (name, link) in links {
            let target = OPERATIONS.iter().find(|target| link["operationId"] == target.id);
            let target = target.unwrap_or_else(|| panic!("{}: {name} leads nowhere", operation.id));
            let filled: BTreeSet<&str> =
                link["parameters"].as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
            let required = target.parameters().filter(|parameter| parameter["required"] == true);
            let required: BTreeSet<&str> = required.map(|parameter| parameter["name"].as_str().unwrap()).collect();
            assert_eq!(filled, required, "{}: {name}", operation.id);
        }
    }
}

#[tokio::test]
async fn no_operation_changes_users() {
    // They are an operator's, on the machine; what the contract does to them is to read.
    let app = TestApp::new().await;
    let (_, token) = app.with_admin("admin").await;
    let rows = async || app.database.query("SELECT u::text FROM users u").await[0].get::<_, String>(0);
    let before = rows().await;
    for operation in OPERATIONS.iter().filter(|operation| operation.method != Method::GET) {
        for request in requests(&app, operation) {
            request.bearer_auth(&token).send_checked().await;
        }
    }
    assert_eq!(rows().await, before);
}
