//! What must hold for every operation of the contract, including those that are added later.

use std::collections::BTreeSet;

use http::{HeaderValue, Method, StatusCode};
use latchkey_domain::model::{Scopes, UserRole};
use latchkey_test_support::{
    app::TestApp,
    openapi::{self, DOCUMENT, OPERATIONS, Operation, resolved},
    response::{Response, SendChecked},
};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::key_states::set_policy;

/// The operations without authentication: one issues a credential, the other takes the credential in its body.
/// This list may only shrink.
const WITHOUT_CREDENTIALS: [&str; 2] = ["issueToken", "revokeToken"];

/// A request for each example of an operation's body, or one without a body.
fn requests(app: &TestApp, operation: &Operation) -> Vec<RequestBuilder> {
    let query: Vec<(&str, String)> = operation
        .parameters()
        .filter(|parameter| parameter["in"] == "query")
        .filter(|parameter| parameter["required"] == true || !parameter["example"].is_null())
        .map(|parameter| {
            let example = &parameter["example"];
            assert!(!example.is_null(), "{}: {} has no example", operation.id, parameter["name"]);
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
        _ => panic!("{}: this test cannot send {media_type}", operation.id),
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
async fn every_operation_but_a_few_requires_a_credential() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await.secret;
    let unknown_key = app.create_key(&token).await.secret;
    app.database.execute("DELETE FROM api_keys WHERE id = 2").await;

    let mut unsecured = BTreeSet::new();
    for operation in OPERATIONS.iter() {
        if !operation.is_secured() {
            unsecured.insert(operation.id);
            continue;
        }
        for request in requests(&app, operation) {
            let with = |name: &str, value: &str| request.try_clone().unwrap().header(name, value).send_checked();
            let responses = [
                ("no credential", request.try_clone().unwrap().send_checked().await),
                ("an invalid token", with("authorization", "Bearer wrong").await),
                ("two tokens", with("authorization", &format!("Bearer {token} {token}")).await),
                ("a key as a token", with("authorization", &format!("Bearer {key}")).await),
                ("a password", with("authorization", "Basic YWxpY2U6cGFzc3dvcmQ=").await),
                ("an invalid key", with("x-api-key", "wrong").await),
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
                let expected = if credential == "no credential" { "" } else { ", error=\"invalid_token\"" };
                assert_eq!(
                    challenge,
                    format!("Bearer realm=\"latchkey\"{expected}"),
                    "{} with {credential}",
                    operation.id
                );
            }
        }
    }
    assert_eq!(unsecured, BTreeSet::from(WITHOUT_CREDENTIALS));
}

/// The scopes that an operation requires of a credential of a scheme.
fn scopes(operation: &Operation, scheme: &str) -> Vec<&'static str> {
    let schemes = operation.description["security"].as_array().unwrap();
    let scopes = schemes.iter().filter_map(|schemes| schemes[scheme].as_array()).flatten();
    scopes.filter_map(Value::as_str).collect()
}

#[tokio::test]
async fn every_scope_that_an_operation_names_is_required_of_tokens_and_keys() {
    let app = TestApp::new().await;
    let admin = app.create_user("root", UserRole::Admin).await;
    let all = ["latchkey:keys.read", "latchkey:keys.write", "latchkey:verify", "latchkey:audit.read"];
    let unrestricted = app.token(&admin).await;
    let mut required = BTreeSet::new();
    for missing in all {
        let others: Vec<&str> = all.iter().filter(|scope| **scope != missing).copied().collect();
        let token = app.restricted_token(&admin, Scopes::parse(&others.join(" ")).unwrap()).await;
        let key = app.create_key(&unrestricted).await;
        set_policy(&app, &unrestricted, &key, json!({ "scopes": others })).await;
        for operation in OPERATIONS.iter() {
            for request in requests(&app, operation) {
                if scopes(operation, "OAuth2PasswordBearer").contains(&missing) {
                    let response = request.try_clone().unwrap().bearer_auth(&token).send_checked().await;
                    assert_eq!(response.status, 403, "{} without {missing}: {response}", operation.id);
                    assert_eq!(response.json()["code"], "insufficient_scope");
                    required.insert(("token", missing));
                }
                if scopes(operation, "APIKeyHeader").contains(&missing) {
                    let by_key = || request.try_clone().unwrap().header("x-api-key", &key.secret);
                    for request in [by_key(), by_key().bearer_auth(&unrestricted)] {
                        let response = request.send_checked().await;
                        assert_eq!(response.status, 403, "{} without {missing}: {response}", operation.id);
                        assert_eq!(response.json()["code"], "insufficient_scope");
                    }
                    required.insert(("key", missing));
                }
            }
        }
    }
    assert_eq!(required.len(), 2 * all.len(), "{required:?}");
}

#[tokio::test]
async fn no_scope_that_an_operation_does_not_name_is_required() {
    let app = TestApp::new().await;
    let admin = app.create_user("root", UserRole::Admin).await;
    let unrestricted = app.token(&admin).await;
    for operation in OPERATIONS.iter().filter(|operation| operation.is_secured()) {
        let scopes = scopes(operation, "APIKeyHeader");
        assert!(
            !operation.accepts("OAuth2PasswordBearer") || scopes == self::scopes(operation, "OAuth2PasswordBearer")
        );
        let key = app.create_key(&unrestricted).await;
        set_policy(&app, &unrestricted, &key, json!({ "scopes": scopes })).await;
        for request in requests(&app, operation) {
            let response = request.header("x-api-key", &key.secret).send_checked().await;
            // The scopes suffice, though the key may not do this to that key, or an example asks for a scope of its own.
            let is_permitted = response.status != 403
                || operation.accepts("APIKeyBearer")
                || response.json()["code"] == "insufficient_permissions";
            assert!(is_permitted, "{} with {scopes:?}: {response}", operation.id);
        }
    }
}

#[tokio::test]
async fn a_key_header_that_is_sent_twice_is_a_validation_error() {
    let app = TestApp::new().await;
    let (_, token) = app.with_member("alice").await;
    let key = app.create_key(&token).await.secret;
    for operation in OPERATIONS.iter().filter(|operation| operation.accepts("OAuth2PasswordBearer")) {
        for request in requests(&app, operation) {
            let response = request.header("x-api-key", &key).header("x-api-key", &key).send_checked().await;
            assert_eq!(response.status, 422, "{}: {response}", operation.id);
            let error = &response.json()["detail"][0];
            assert_eq!((&error["loc"], &error["type"]), (&json!(["header", "X-API-Key"]), &json!("string_type")));
        }
    }
}

#[tokio::test]
async fn every_json_body_but_the_frozen_one_rejects_unknown_members() {
    let app = TestApp::new().await;
    let (_, token) = app.with_admin("admin").await;
    app.create_key(&token).await;
    let mut lenient = BTreeSet::new();
    for operation in OPERATIONS.iter() {
        for (media_type, body) in bodies(operation) {
            if media_type != "application/json" {
                continue;
            }
            let mut body = body.clone();
            body["unknown"] = json!(1);
            let path = operation.example_path();
            let request = app.request(operation.method.clone(), &path).bearer_auth(&token).json(&body);
            let response = request.send_checked().await;
            if response.status == 422 {
                let detail = response.json()["detail"].take();
                assert_eq!(
                    (&detail[0]["loc"], &detail[0]["type"]),
                    (&json!(["body", "unknown"]), &json!("extra_forbidden"))
                );
                assert_eq!(detail.as_array().unwrap().len(), 1, "{}", operation.id);
            } else {
                lenient.insert(operation.id);
            }
        }
    }
    assert_eq!(lenient, BTreeSet::from(["updateApiKey"]));
}

#[tokio::test]
async fn a_body_may_have_any_json_media_type() {
    let app = TestApp::new().await;
    let (_, token) = app.with_admin("admin").await;
    app.create_key(&token).await;
    for operation in OPERATIONS.iter() {
        for (media_type, body) in bodies(operation) {
            if media_type != "application/json" {
                continue;
            }
            let path = operation.example_path();
            for (content_type, is_json) in [
                ("application/vnd.example.v2+json", true),
                ("application/merge-patch+json; charset=utf-8", true),
                ("APPLICATION/JSON", true),
                ("application/jsonp", false),
                ("text/plain", false),
            ] {
                let request = app.request(operation.method.clone(), &path).bearer_auth(&token);
                let request = request.header("content-type", content_type).body(body.to_string());
                let response = request.send_checked().await;
                assert_eq!(response.status == 422, !is_json, "{} {content_type}: {response}", operation.id);
            }
        }
    }
}

#[tokio::test]
async fn the_examples_succeed_on_a_new_server_in_the_order_of_the_contract() {
    let app = TestApp::new().await;
    let admin = app.create_user("admin", UserRole::Admin).await;
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
fn undocumented_responses_are_detected() {
    let response = |status: u16, headers: &[(&'static str, &'static str)], body: &str| Response {
        status: StatusCode::from_u16(status).unwrap(),
        headers: headers.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value))).collect(),
        body: body.into(),
    };
    let json = ("content-type", "application/json");
    let (id, version) = (("x-request-id", "1"), ("latchkey-version", "1"));
    let user = r#"{"id": 1, "username": "alice", "role": "admin", "kind": "user", "project": "default", "roles": [],
                   "created_at": "2030-01-01T00:00:00Z"}"#;
    let get_user = |response| openapi::check(&Method::GET, "/v1/users/me", &response);
    assert_eq!(get_user(response(200, &[json, id, version], user)), Ok(()));
    for (response, violation) in [
        (response(418, &[], ""), "418 is not documented"),
        (response(401, &[id, version], ""), "the header WWW-Authenticate is missing"),
        (response(200, &[json, id], user), "the header Latchkey-Version is missing"),
        (response(200, &[json, version], user), "the header X-Request-Id is missing"),
        (response(200, &[("content-type", "text/plain"), id, version], user), "text/plain is not documented"),
        (response(200, &[id, version], user), "no content type is not documented"),
        (response(200, &[json, id, version], "{}"), "the body: "),
    ] {
        let found = get_user(response).unwrap_err();
        assert!(found.starts_with(violation), "{found}");
    }
    let delete_key = |body| openapi::check(&Method::DELETE, "/v1/api-keys/1", &response(204, &[id, version], body));
    assert_eq!(delete_key(""), Ok(()));
    assert_eq!(delete_key("x"), Err("there is a body, and none is documented".to_owned()));
}

#[test]
fn every_documented_operation_is_served() {
    let documented: BTreeSet<&str> = OPERATIONS.iter().map(|operation| operation.id).collect();
    let served: BTreeSet<&str> = latchkey_domain::operation::ALL.iter().map(|operation| operation.id).collect();
    assert_eq!(served, documented);
}

// The linter checks the style of the contract; the tests below check what its rules leave open.

#[test]
fn every_tag_is_used() {
    let tags = DOCUMENT["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]);
    let used = OPERATIONS.iter().flat_map(|operation| operation.description["tags"].as_array().unwrap());
    let name = |tag: &'static Value| tag.as_str().unwrap();
    assert_eq!(used.map(name).collect::<BTreeSet<_>>(), tags.map(name).collect());
}

#[test]
fn every_operation_on_one_resource_documents_404() {
    // To a gateway, keys of a project that does not exist are invalid.
    let is_on_resource = |operation: &&Operation| operation.path.contains('{') && !operation.accepts("APIKeyBearer");
    for operation in OPERATIONS.iter().filter(is_on_resource) {
        assert!(operation.responses().any(|(status, _)| status == "404"), "{}", operation.id);
    }
}

#[test]
fn only_oauth_operations_return_oauth_errors() {
    let mut found = BTreeSet::new();
    for operation in OPERATIONS.iter() {
        for (status, response) in operation.responses().filter(|(status, _)| *status >= "400") {
            let content = response["content"].as_object().unwrap().values();
            if content.into_iter().any(|content| content["schema"]["$ref"] == "#/components/schemas/TokenError") {
                found.insert((operation.id, status));
            }
        }
    }
    assert_eq!(found, BTreeSet::from([("issueToken", "400"), ("issueToken", "429"), ("revokeToken", "400")]));
}

#[test]
fn every_link_leads_to_an_operation_and_fills_its_parameters() {
    for operation in OPERATIONS.iter() {
        let links = operation.responses().flat_map(|(_, response)| response["links"].as_object().into_iter().flatten());
        for (name, link) in links.map(|(name, link)| (name, resolved(link))) {
            let target = OPERATIONS.iter().find(|target| link["operationId"] == target.id);
            let target = target.unwrap_or_else(|| panic!("{}: {name} leads to no operation", operation.id));
            let filled: BTreeSet<&str> =
                link["parameters"].as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
            for parameter in target.parameters().filter(|parameter| parameter["required"] == true) {
                let parameter = parameter["name"].as_str().unwrap();
                assert!(filled.contains(parameter), "{}: {name} leaves out {parameter}", operation.id);
            }
            for parameter in filled {
                let is_known = target.parameters().any(|known| known["name"] == parameter);
                assert!(is_known, "{}: {name} fills {parameter}, which {} does not have", operation.id, target.id);
            }
        }
    }
}
