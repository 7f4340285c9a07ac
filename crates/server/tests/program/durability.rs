//! What was acknowledged survives a crash of Postgres, also if Postgres commits asynchronously by default.

use latchkey_test_support::{
    client::Client,
    database::rows,
    nodes::{PASSWORD, create_user, serve},
    pgbouncer::PgBouncer,
    postgres::{PrivatePostgres, StopMode},
    program::{Server, latchkey, run},
    wait::wait_until,
};
use reqwest::Method;
use serde_json::{Value, json};

/// A Postgres that loses what was committed in the last seconds before a crash, unless a transaction asks for more.
fn asynchronous_postgres() -> PrivatePostgres {
    let postgres = PrivatePostgres::start();
    // Each is a statement of its own, because none may run within a transaction.
    rows(postgres.url(), "ALTER SYSTEM SET synchronous_commit = off");
    rows(postgres.url(), "ALTER SYSTEM SET wal_writer_delay = '10s'");
    postgres.stop(StopMode::Fast);
    postgres.restart();
    postgres
}

/// A node with the user alice, both of which survive.
fn start_node(postgres: &PrivatePostgres, url: &str) -> Server {
    let node = Server::spawn(&mut serve(url), None);
    create_user(postgres.url(), "alice", "member");
    rows(postgres.url(), "CHECKPOINT");
    node
}

fn crash(postgres: &PrivatePostgres, node: &Server) {
    postgres.stop(StopMode::Immediate);
    postgres.restart();
    wait_until("the node to be ready", || node.client().get("/readyz").status == 200);
}

fn send(client: &Client, method: &Method, path: &str, body: &Value) -> Value {
    let response = client.send(client.request(method.clone(), path).json(body));
    assert!(response.status.is_success(), "{method} {path}: {response:?}");
    if response.status == 204 { Value::Null } else { response.json() }
}

#[test]
fn every_acknowledged_change_of_a_key_survives_a_crash() {
    let postgres = asynchronous_postgres();
    let node = start_node(&postgres, postgres.url());
    let client = node.client().logged_in("alice", PASSWORD);

    let (id, key) = client.create_key("created");
    crash(&postgres, &node);
    assert_eq!(node.client().with_key(&key).whoami().as_deref(), Ok("alice"), "create");

    let path = format!("/v1/api-keys/{id}");
    let changes = [
        (Method::PATCH, "", json!({ "description": "updated" })),
        (Method::PUT, "/policy", json!({ "scopes": ["orders:read"] })),
        (Method::POST, "/disable", json!({})),
        (Method::POST, "/enable", json!({})),
        (Method::POST, "/rotate", json!({ "grace_period_seconds": 3600 })),
        (Method::POST, "/revoke", json!({ "reason": "leaked" })),
        (Method::DELETE, "", json!({})),
    ];
    for (method, operation, body) in changes {
        let acknowledged = send(&client, &method, &format!("{path}{operation}"), &body);
        let state = || {
            let record = client.get(&path);
            let successor = acknowledged["full_key"].as_str().map(|key| node.client().with_key(key).whoami());
            (record.status, record.text().to_owned(), successor)
        };
        let before = state();
        crash(&postgres, &node);
        assert_eq!(state(), before, "{method} {operation}");
    }

    let create = || client.request(Method::POST, "/v1/api-keys/").header("Idempotency-Key", "1").json(&json!({}));
    let created = client.send(create());
    crash(&postgres, &node);
    assert_eq!(client.send(create()).json()["full_key"], created.json()["full_key"], "create with an Idempotency-Key");
}

#[test]
fn every_acknowledged_change_of_a_user_survives_a_crash() {
    let postgres = asynchronous_postgres();
    let node = start_node(&postgres, postgres.url());
    let user = |arguments: &[&str], input: &str| {
        let mut command = latchkey(["user"]);
        run(command.args(arguments).env("DATABASE_URL", postgres.url()), input).success()
    };
    let create = ["create", "bob", "--role", "member", "--password-stdin"];
    user(&create, "the first password\n");
    crash(&postgres, &node);
    let log_in = |password| node.client().log_in("bob", password).status.as_u16();
    assert_eq!(log_in("the first password"), 200);

    user(&["set-password", "bob", "--password-stdin"], "the second password\n");
    crash(&postgres, &node);
    assert_eq!((log_in("the first password"), log_in("the second password")), (400, 200));

    for (command, status) in [("disable", 400), ("enable", 200)] {
        user(&[command, "bob"], "");
        crash(&postgres, &node);
        assert_eq!(log_in("the second password"), status, "{command}");
    }
}

#[test]
fn a_revocation_through_a_pooler_survives_a_crash() {
    let postgres = asynchronous_postgres();
    let Some(pooler) = PgBouncer::start(postgres.url()) else {
        eprintln!("skipped: LATCHKEY_TEST_PGBOUNCER does not name a PgBouncer of version 1.21 or later");
        return;
    };
    run(latchkey(["migrate"]).env("DATABASE_URL", postgres.url()), "").success();
    let node = start_node(&postgres, pooler.url());
    let client = node.client().logged_in("alice", PASSWORD);
    let (id, key) = client.create_key("");
    send(&client, &Method::POST, &format!("/v1/api-keys/{id}/revoke"), &json!({}));
    crash(&postgres, &node);
    wait_until("a connection of the pooler", || client.get(&format!("/v1/api-keys/{id}")).status == 200);
    assert_eq!(client.get(&format!("/v1/api-keys/{id}")).json()["status"], "revoked");
    assert_eq!(node.client().with_key(&key).whoami(), Err(401));
}
