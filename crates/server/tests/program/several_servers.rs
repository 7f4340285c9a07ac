//! Servers beside one Postgres: with the same secrets, any of them answers for all. And the given database's absence.

use crate::{
    database::{Database, rows},
    nodes::{PASSWORD, SECRET, create_user, serve},
    server::Server,
    wait::wait_until,
};

fn start(database: &Database) -> Server {
    Server::start_by(&mut serve(&database.url), None)
}

fn create_alice(database: &Database) {
    create_user(&database.url, "alice", "member");
}

#[test]
fn what_one_server_issued_the_other_takes() {
    let database = Database::create();
    let (one, other) = (start(&database), start(&database));
    create_alice(&database);
    let token = one.client().token("alice", PASSWORD);
    let (id, key) = one.client().with_token(&token).create_key("made by one");
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
fn a_given_database_gets_no_admin() {
    let database = Database::create();
    let mut command = serve(&database.url);
    let server = Server::start_by(command.env("LATCHKEY_ADMIN_PASSWORD", "unused password"), None);
    assert_eq!(rows(&database.url, "SELECT name FROM users"), Vec::<String>::new());
    assert_eq!(server.stop().stderr, "");
}

#[test]
fn a_pepper_is_changed_without_losing_a_key() {
    let database = Database::create();
    let old = start(&database);
    create_alice(&database);
    let (_, key) = old.client().logged_in("alice", PASSWORD).create_key("");
    old.stop();

    let peppers = format!("1:{SECRET},2:{}", SECRET.replace("MDEy", "OTg3"));
    let both = Server::start_by(serve(&database.url).env("LATCHKEY_PEPPERS", &peppers), None);
    assert_eq!(both.client().with_key(&key).whoami().as_deref(), Ok("alice"));
    assert_eq!(rows(&database.url, "SELECT pepper FROM api_keys"), ["2"]);
    both.stop();

    // Once it was used, the old pepper can go.
    let (_, new) = peppers.split_once(',').unwrap();
    let server = Server::start_by(serve(&database.url).env("LATCHKEY_PEPPERS", new), None);
    assert_eq!(server.client().with_key(&key).whoami().as_deref(), Ok("alice"));
    server.stop();
}

#[test]
fn while_the_database_is_away_the_server_lives_and_says_so_and_needs_no_restart() {
    let database = Database::create();
    let server = start(&database);
    create_alice(&database);
    let client = server.client().logged_in("alice", PASSWORD);
    let (id, key) = client.create_key("before");
    let by_key = server.client().with_key(&key);
    assert_eq!(server.client().get("/readyz").status, 200);

    database.close();
    let answers = [
        server.client().get("/readyz"),
        client.get("/v1/users/me"),
        by_key.get("/v1/users/me"),
        client.get(&format!("/v1/api-keys/{id}")),
        client.describe_key(id, "meanwhile"),
        client.try_create_key("meanwhile").unwrap(),
        server.client().log_in("alice", PASSWORD),
    ];
    for answer in answers {
        assert!(answer.is_unavailable(), "{answer:?}");
    }
    // What needs no database is answered as always.
    assert_eq!(server.client().get("/livez").status, 200);
    assert_eq!(server.client().get("/metrics").status, 200);
    assert_eq!(server.client().with_key("lk_mistyped").whoami(), Err(401));

    database.open();
    wait_until("the server to be ready", || server.client().get("/readyz").status == 200);
    assert_eq!(by_key.whoami().as_deref(), Ok("alice"));
    assert_eq!(client.describe_key(id, "after").status, 200);
    let ended = server.stop();
    assert_eq!(ended.code, Some(0), "{ended:?}");
}

#[test]
fn a_server_stops_in_good_order_while_the_database_is_away() {
    let database = Database::create();
    let server = start(&database);
    database.close();
    assert_eq!(server.client().get("/readyz").status, 503);
    assert_eq!(server.stop().code, Some(0));
}

#[test]
fn a_database_that_lacks_a_migration_is_not_ready() {
    let database = Database::create();
    let server = start(&database);
    assert_eq!(server.client().get("/readyz").status, 200);
    database.execute("UPDATE __diesel_schema_migrations SET version = version || '0'");
    let answer = server.client().get("/readyz");
    assert!(answer.is_unavailable(), "{answer:?}");
    assert_eq!(answer.json()["detail"], "The database lacks migrations; run `latchkey migrate`.");
    server.stop();
}
