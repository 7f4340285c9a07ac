//! When standard output is not a terminal, every line is JSON, and every request is logged as one line.

use std::collections::BTreeMap;

use latchkey_test_support::{
    app::client,
    client::Client,
    database::{Session, while_locked},
    program::{ADMIN_PASSWORD, Server, serve},
    response::Response,
    tempdir::TempDir,
    wait::{wait_for, wait_until},
};
use reqwest::{ClientBuilder as Builder, Method};
use serde_json::{Value, json};

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
fn the_line_of_a_request_names_its_caller_and_its_keys_and_nothing_that_was_typed() {
    let directory = TempDir::new();
    let server = Server::start(&directory.data());
    let nobody = server.client();
    let token = nobody.token("admin", ADMIN_PASSWORD);
    let by_token = nobody.with_token(&token);
    let (key_id, key) = by_token.create_key("the caller's");
    let (other_id, other) = by_token.create_key("verified");
    let by_key = nobody.with_key(&key);
    let verify = |key: &str| {
        let body = json!({ "key": key });
        by_key.send(by_key.request(Method::POST, "/v1/api-keys/verify").json(&body))
    };
    let form = |client: &Client, path: &str, token: &str| {
        client.send(client.request(Method::POST, path).form(&[("token", token)]))
    };
    let admin = Some(1);
    let (key_id, other_id) = (Some(key_id), Some(other_id));
    // The response, and the ids of the user, of the user's key and of the verified key.
    let requests: Vec<(Response, [Option<i64>; 3])> = vec![
        (nobody.log_in("admin", ADMIN_PASSWORD), [admin, None, None]),
        (nobody.log_in("a typed password", "a wrong password"), [None; 3]),
        (by_token.get("/v1/users/me"), [admin, None, None]),
        (by_key.get("/v1/users/me"), [admin, key_id, None]),
        (by_key.send(by_key.request(Method::GET, "/v1/users/me").bearer_auth(&token)), [admin, key_id, None]),
        (nobody.get("/v1/users/me"), [None; 3]),
        (verify(&other), [admin, key_id, other_id]),
        (verify("lk_unknown"), [admin, key_id, None]),
        (form(&by_key, "/v1/introspect", &other), [admin, key_id, other_id]),
        (nobody.with_key(&other).get("/v1/forward-auth"), [None, None, other_id]),
        (nobody.with_key(&other).get("/v1/forward-auth"), [None, None, other_id]),
        (nobody.get("/v1/forward-auth"), [None; 3]),
        (form(&nobody, "/v1/revoke", &other), [admin, other_id, None]),
        (form(&nobody, "/v1/revoke", "lk_unknown"), [None; 3]),
        // A key that is no longer valid is found, too.
        (nobody.with_key(&other).get("/v1/forward-auth"), [None, None, other_id]),
    ];
    let output = server.stop();

    let lines = events(&output.stdout).into_iter().filter(|event| event["message"] == "request");
    let lines: BTreeMap<String, Value> =
        lines.map(|line| (line["request_id"].as_str().unwrap().to_owned(), line)).collect();
    for (response, ids) in requests {
        let line = &lines[response.header("x-request-id").unwrap()];
        let logged = ["user_id", "key_id", "verified_key_id"].map(|member| line[member].as_i64());
        assert_eq!(logged, ids, "{line}");
    }
    for typed in ["typed password", "wrong password", ADMIN_PASSWORD, &key[3..], &other[3..]] {
        assert!(!output.stdout.contains(typed), "{typed}");
    }
}

#[test]
fn a_request_whose_client_goes_away_is_a_line_with_status_499() {
    let directory = TempDir::new();
    let data = directory.data();
    let server = Server::start(&data);
    let token = server.client().token("admin", ADMIN_PASSWORD);
    let url = latchkey_server::embedded::EmbeddedPostgres::running_database_url(&data).unwrap();
    let session = Session::open(&url);
    let waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let clients = [Builder::http1_only, Builder::http2_prior_knowledge].map(|version| client(version(Builder::new())));
    for (client, id) in clients.iter().zip(["over-http-1", "over-http-2"]) {
        let path = format!("http://{}/v1/users/me", server.address);
        let request = client.get(path).bearer_auth(&token).header("x-request-id", id);
        let line = while_locked(&url, "users", || {
            let request = runtime.spawn(request.send());
            wait_until("the request to wait for a lock", || session.rows(waiting).len() == 1);
            // The HTTP/2 connection stays open: its stream is reset.
            request.abort();
            wait_for("the line of the request", || {
                events(&server.stdout().join("\n")).into_iter().find(|event| event["request_id"] == id)
            })
        });
        let members = ["message", "method", "operation", "status", "client", "user_id"].map(|member| &line[member]);
        assert_eq!(json!(members), json!(["request", "GET", "getCurrentUser", 499, "127.0.0.1", 1]));
        assert!(line["milliseconds"].as_f64().unwrap() > 0.0, "{line}");
    }
    let output = server.stop();
    let lines = events(&output.stdout).into_iter().filter(|event| event["status"] == 499);
    assert_eq!(lines.count(), 2);
}

#[test]
fn a_forwarded_address_from_a_peer_that_is_not_trusted_is_warned_of_once() {
    let directory = TempDir::new();
    let server = Server::start(&directory.data());
    let client = server.client();
    for header in ["x-forwarded-for", "x-forwarded-for", "forwarded"] {
        client.send(client.request(Method::GET, "/livez").header(header, "for=203.0.113.77"));
    }
    let output = server.stop();
    let names_variable =
        |event: &Value| event["message"].as_str().is_some_and(|text| text.contains("LATCHKEY_TRUSTED_PROXIES"));
    let warnings: Vec<Value> = events(&output.stdout).into_iter().filter(names_variable).collect();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert_eq!((&warnings[0]["level"], &warnings[0]["peer"]), (&"WARN".into(), &"127.0.0.1".into()));
    assert!(!output.stdout.contains("203.0.113.77"));
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
    let response = while_locked(&url, "api_keys", || client.describe_key(id, "locked"));
    assert!(response.is_unavailable(), "{response:?}");
    let output = server.stop();
    let warning = events(&output.stdout).into_iter().find(|event| event["level"] == "WARN").expect("a warning");
    assert_eq!(warning["request_id"].as_str(), response.header("x-request-id"), "{warning}");
    assert_eq!(warning["operation"], "updateApiKey");
    assert!(warning["cause"].as_str().unwrap().contains("canceling statement due to statement timeout"), "{warning}");
}

#[test]
fn a_log_that_nobody_reads_does_not_stop_the_server() {
    let directory = TempDir::new();
    let data = directory.data();
    let mut command = serve(&data);
    let server = Server::spawn(command.env("LATCHKEY_LOG", "trace"), Some(&data));
    let client = server.client();
    let metric = || {
        let metrics = client.get("/metrics");
        let line = metrics.text().lines().find(|line| line.starts_with("latchkey_log_dropped_lines_total "));
        line.and_then(|line| line.rsplit_once(' ')).unwrap().1.parse::<u64>().unwrap()
    };
    assert_eq!(metric(), 0);
    let dropped = server.while_stdout_is_not_read(|| {
        // Each request is answered, though its lines fill the pipe and then the queue, until even the shortest finds no room.
        wait_for("log lines to be dropped", || {
            for _ in 0..50 {
                assert_eq!(client.get("/livez").status, 200);
            }
            Some(metric()).filter(|dropped| *dropped > 200)
        })
    });
    // One line, or several if the output stopped again in between.
    wait_for("lines about all dropped lines", || {
        let output = server.stdout();
        let reports = output.iter().filter(|line| line.contains("log lines were dropped"));
        let lines = reports.map(|line| serde_json::from_str::<Value>(line).unwrap()["lines"].as_u64().unwrap());
        Some(()).filter(|()| lines.sum::<u64>() >= dropped)
    });
    let output = server.stop();
    assert!(events(&output.stdout).iter().any(|event| event["message"] == "stopped"));
}
