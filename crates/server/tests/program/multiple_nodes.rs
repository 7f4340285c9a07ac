//! Nodes on one database: with the same secrets, each accepts what another issued. And outages of the database.

use std::{io::Write, net::TcpStream, thread, time::Duration};

use latchkey_test_support::{
    database::{TestDatabase, rows},
    nodes::{PASSWORD, SECRET, create_user, serve},
    program::Server,
    tcp_proxy::{ChangeFeed, TcpProxy},
    wait::wait_until,
};
use reqwest::Method;
use serde_json::json;

fn start(database: &TestDatabase) -> Server {
    Server::spawn(&mut serve(database.url()), None)
}

fn create_alice(database: &TestDatabase) {
    create_user(database.url(), "alice", "member");
}

#[test]
fn a_credential_issued_by_one_node_is_accepted_by_another() {
    let database = TestDatabase::empty_blocking();
    let (one, other) = (start(&database), start(&database));
    create_alice(&database);
    let token = one.client().token("alice", PASSWORD);
    let (id, key) = one.client().with_token(&token).create_key("created by one");
    assert_eq!(other.client().with_token(&token).whoami().as_deref(), Ok("alice"));
    let by_key = other.client().with_key(&key);
    assert_eq!(by_key.describe_key(id, "changed by the other").status, 200);
    let record = one.client().with_token(&token).get(&format!("/v1/api-keys/{id}")).json();
    assert_eq!(record["description"], "changed by the other");

    let delete = by_key.request(reqwest::Method::DELETE, &format!("/v1/api-keys/{id}"));
    assert_eq!(by_key.send(delete).status, 204);
    assert_eq!(one.client().with_key(&key).whoami(), Err(401));
}

#[test]
fn an_external_database_gets_no_admin() {
    let database = TestDatabase::empty_blocking();
    let mut command = serve(database.url());
    let server = Server::spawn(command.env("LATCHKEY_ADMIN_PASSWORD", "unused password"), None);
    assert_eq!(rows(database.url(), "SELECT name FROM users"), Vec::<String>::new());
    assert_eq!(server.stop().stderr, "");
}

#[test]
fn a_pepper_is_replaced_without_losing_a_key() {
    let database = TestDatabase::empty_blocking();
    let old = start(&database);
    create_alice(&database);
    let (_, key) = old.client().logged_in("alice", PASSWORD).create_key("");
    old.stop();

    let peppers = format!("1:{SECRET},2:{}", SECRET.replace("MDEy", "OTg3"));
    let both = Server::spawn(serve(database.url()).env("LATCHKEY_PEPPERS", &peppers), None);
    assert_eq!(both.client().with_key(&key).whoami().as_deref(), Ok("alice"));
    both.stop();
    assert_eq!(rows(database.url(), "SELECT pepper FROM api_keys"), ["2"]);

    // Once every key was used, the old pepper can be removed.
    let (_, new) = peppers.split_once(',').unwrap();
    let server = Server::spawn(serve(database.url()).env("LATCHKEY_PEPPERS", new), None);
    assert_eq!(server.client().with_key(&key).whoami().as_deref(), Ok("alice"));
    server.stop();
}

#[test]
fn a_node_survives_a_database_outage_and_recovers() {
    let database = TestDatabase::empty_blocking();
    let server = start(&database);
    create_alice(&database);
    let client = server.client().logged_in("alice", PASSWORD);
    let (id, key) = client.create_key("before");
    let by_key = server.client().with_key(&key);
    wait_until("the server to be ready", || server.client().get("/readyz").status == 200);

    database.block_connections();
    let responses = [
        server.client().get("/readyz"),
        client.get("/v1/users/me"),
        by_key.get("/v1/users/me"),
        client.get(&format!("/v1/api-keys/{id}")),
        client.describe_key(id, "meanwhile"),
        client.try_create_key("meanwhile").unwrap(),
        server.client().log_in("alice", PASSWORD),
    ];
    for response in responses {
        assert!(response.is_unavailable(), "{response:?}");
    }
    // Requests that need no database are unaffected.
    assert_eq!(server.client().get("/livez").status, 200);
    assert_eq!(server.client().get("/metrics").status, 200);
    assert_eq!(server.client().with_key("lk_mistyped").whoami(), Err(401));

    database.allow_connections();
    wait_until("the server to be ready", || server.client().get("/readyz").status == 200);
    assert_eq!(by_key.whoami().as_deref(), Ok("alice"));
    assert_eq!(client.describe_key(id, "after").status, 200);
    let output = server.stop();
    assert_eq!(output.code, Some(0), "{output:?}");
}

#[test]
fn a_node_stops_gracefully_during_a_database_outage() {
    let database = TestDatabase::empty_blocking();
    let server = start(&database);
    database.block_connections();
    assert_eq!(server.client().get("/readyz").status, 503);
    assert_eq!(server.stop().code, Some(0));
}

#[test]
fn a_node_whose_database_lacks_a_migration_is_not_ready() {
    let database = TestDatabase::empty_blocking();
    let server = start(&database);
    wait_until("the server to be ready", || server.client().get("/readyz").status == 200);
    database.session().rows("UPDATE __diesel_schema_migrations SET version = version || '0'");
    let response = server.client().get("/readyz");
    assert!(response.is_unavailable(), "{response:?}");
    assert_eq!(response.json()["detail"], "The database lacks migrations; run `latchkey migrate`.");
    server.stop();
}

#[test]
fn a_change_that_waited_is_in_effect_on_every_node() {
    let database = TestDatabase::empty_blocking();
    let one = start(&database);
    let proxy = TcpProxy::start(database.url());
    let other = Server::spawn(&mut serve(proxy.url()), None);
    create_alice(&database);
    let client = one.client().logged_in("alice", PASSWORD);
    // The other node learns of each change late, but soon enough to use its cache.
    proxy.set_change_feed(ChangeFeed::Delayed(Duration::from_millis(300)));
    let operations = [(Method::POST, "/revoke"), (Method::POST, "/disable"), (Method::DELETE, "")];
    for _ in 0..3 {
        thread::scope(|scope| {
            for (method, operation) in operations.iter().cycle().take(12) {
                let (client, other) = (&client, &other);
                scope.spawn(move || {
                    let (id, key) = client.create_key("");
                    let by_key = other.client().with_key(&key);
                    assert_eq!(by_key.get("/v1/forward-auth").status, 200);
                    let path = format!("/v1/api-keys/{id}{operation}?wait_until_effective=true");
                    let response = client.send(client.request(method.clone(), &path).json(&json!({})));
                    assert!(response.status.is_success(), "{response:?}");
                    assert_eq!(by_key.get("/v1/forward-auth").status, 401, "{method} {operation}");
                });
            }
        });
    }
}

#[test]
fn a_client_that_disconnects_while_it_waits_does_not_undo_the_change() {
    let database = TestDatabase::empty_blocking();
    let server = start(&database);
    create_alice(&database);
    let token = server.client().token("alice", PASSWORD);
    let client = server.client().with_token(&token);
    let (id, _) = client.create_key("");
    let path = format!("/v1/api-keys/{id}");
    let status = || client.get(&path).json()["status"].clone();
    let mut stream = TcpStream::connect(server.address).unwrap();
    let request = format!(
        "POST {path}/revoke?wait_until_effective=true HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: 2\r\n\r\n{{}}"
    );
    stream.write_all(request.as_bytes()).unwrap();
    wait_until("the key to be revoked", || status() == "revoked");
    drop(stream);
    assert_eq!(status(), "revoked");
}
