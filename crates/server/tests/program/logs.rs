//! When standard output is not a terminal, every line is JSON, and every request is logged as one line.

use std::collections::BTreeMap;

use latchkey_test_support::{
    program::{ADMIN_PASSWORD, Server, serve},
    response::Response,
    tempdir::TempDir,
};
use reqwest::Method;
use serde_json::Value;

/// The parsed lines of a log.
fn events(stdout: &str) -> Vec<Value> {
    let parse = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    stdout.lines().map(parse).collect()
}

#[test]
fn each_request_is_one_line_with_its_id_operation_status_and_duration() {
    let directory = TempDir::new();
    let server = Server::start(&directory.data());
    let nobody = server.client();
    let token = nobody.log_in("admin", ADMIN_PASSWORD);
    let client = nobody.with_token(token.json()["access_token"].as_str().unwrap());
    let created = client.try_create_key("logged").unwrap();
    let path = format!("/v1/api-keys/{}", created.json()["id"]);
    let send = |method: Method, path: &str| client.send(client.request(method, path));

    let requests: Vec<(&str, &str, Response)> = vec![
        ("issueToken", "POST", token),
        ("createApiKey", "POST", created),
        ("issueToken", "POST", nobody.log_in("admin", "a wrong password")),
        ("getCurrentUser", "GET", client.get("/v1/users/me")),
        ("getCurrentUser", "GET", nobody.get("/v1/users/me")),
        ("listApiKeys", "GET", client.get("/v1/api-keys?limit=1")),
        ("listApiKeys", "GET", client.get("/v1/api-keys/?limit=none")),
        ("updateApiKey", "PATCH", client.describe_key(1, "logged again")),
        ("getApiKey", "GET", client.get(&path)),
        ("getApiKey", "GET", client.get("/v1/api-keys/twelve")),
        ("deleteApiKey", "DELETE", send(Method::DELETE, &path)),
        ("getApiKey", "GET", client.get(&path)),
        ("none", "GET", nobody.get("/livez")),
        ("none", "GET", nobody.get("/readyz")),
        ("none", "GET", nobody.get("/metrics")),
        ("none", "GET", nobody.get("/nowhere")),
        ("none", "PUT", send(Method::PUT, "/v1/users/me")),
    ];
    let own_id = nobody.send(nobody.request(Method::GET, "/livez").header("x-request-id", "own-id.1_2"));
    assert_eq!(own_id.header("x-request-id"), Some("own-id.1_2"));
    let unsafe_id = nobody.send(nobody.request(Method::GET, "/livez").header("x-request-id", "\"unsafe\""));
    assert_ne!(unsafe_id.header("x-request-id"), Some("\"unsafe\""));
    let output = server.stop();

    let mut lines: BTreeMap<String, Value> = BTreeMap::new();
    for event in events(&output.stdout).into_iter().filter(|event| event["message"] == "request") {
        let id = event["request_id"].as_str().unwrap().to_owned();
        assert!(lines.insert(id.clone(), event).is_none(), "two lines for {id}");
    }
    assert_eq!(lines.len(), requests.len() + 2);
    for (operation, method, response) in requests {
        let line = &lines[response.header("x-request-id").unwrap()];
        assert_eq!(line["operation"], operation, "{line}");
        assert_eq!(line["method"], method, "{line}");
        assert_eq!(line["status"], response.status.as_u16(), "{line}");
        assert_eq!(line["client"], "127.0.0.1", "{line}");
        assert!(line["milliseconds"].as_f64().unwrap() > 0.0, "{line}");
    }
    assert!(lines.contains_key("own-id.1_2"));
}

#[test]
fn every_line_has_a_timestamp_a_level_and_a_target() {
    let directory = TempDir::new();
    let data = directory.data();
    let mut command = serve(&data);
    let server = Server::spawn(command.env("LATCHKEY_LOG", "trace"), Some(&data));
    server.client().get("/readyz");
    let output = server.stop();
    let events = events(&output.stdout);
    for event in &events {
        assert!(["timestamp", "level", "target"].iter().all(|member| event[member].is_string()), "{event}");
    }
    let messages: Vec<&str> = events.iter().filter_map(|event| event["message"].as_str()).collect();
    for message in ["embedded Postgres started", "applied migration", "serving", "request", "stopped"] {
        assert!(messages.contains(&message), "{message} is missing from {messages:?}");
    }
}

#[test]
fn a_line_about_a_request_has_its_id() {
    let directory = TempDir::new();
    let data = directory.data();
    let mut command = serve(&data);
    command.env("LATCHKEY_ADMIN_PASSWORD", ADMIN_PASSWORD).env("LATCHKEY_DB_STATEMENT_TIMEOUT", "500ms");
    let server = Server::spawn(&mut command, Some(&data));
    let client = server.admin();
    let (id, _) = client.create_key("");
    let url = latchkey_server::embedded::EmbeddedPostgres::running_database_url(&data).unwrap();
    let response =
        latchkey_test_support::database::while_locked(&url, "api_keys", || client.describe_key(id, "locked"));
    assert!(response.is_unavailable(), "{response:?}");
    let output = server.stop();
    let warning = events(&output.stdout).into_iter().find(|event| event["level"] == "WARN").expect("a warning");
    assert_eq!(warning["request_id"].as_str(), response.header("x-request-id"), "{warning}");
    assert_eq!(warning["operation"], "updateApiKey");
    assert!(warning["cause"].as_str().unwrap().contains("canceling statement due to statement timeout"), "{warning}");
}
