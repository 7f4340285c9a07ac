//! `latchkey user`: while the server runs, without it, and on an external database.

use std::{
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use insta::assert_snapshot;
use latchkey_test_support::{
    client::Client,
    database::{Session, TestDatabase, rows},
    nodes::{PASSWORD, create_user, serve},
    program::{ProcessOutput, Server, latchkey, run},
    tempdir::TempDir,
    wait::wait_until,
};
use reqwest::Method;
use serde_json::{Value, json};

/// `latchkey user …` on a data directory.
fn user(data: &Path, arguments: &[&str], input: &str) -> ProcessOutput {
    run(latchkey(["user"]).args(arguments).env("LATCHKEY_DATA_DIR", data), input)
}

const CREATE_ALICE: [&str; 5] = ["create", "alice", "--role", "member", "--password-stdin"];

#[test]
fn users_are_managed_while_the_server_runs() {
    let directory = TempDir::new();
    let data = directory.data();
    let server = Server::start(&data);
    let client = server.client();

    assert_eq!(user(&data, &CREATE_ALICE, "alice's password\n").success(), "created user 2\n");
    let token = client.token("alice", "alice's password");
    let me = client.with_token(&token).get("/v1/users/me").json();
    assert_eq!((&me["id"], &me["role"]), (&2.into(), &"member".into()));
    assert_eq!(user(&data, &["list"], "").success(), "1\tadmin\tadmin\tenabled\n2\talice\tmember\tenabled\n");

    let set = user(&data, &["set-password", "alice", "--password-stdin"], "alice's other password");
    assert_eq!(set.success(), "set the password and revoked all bearer tokens of the user\n");
    assert_eq!(client.with_token(&token).whoami(), Err(401));
    assert_eq!(client.log_in("alice", "alice's password").status, 400);
    assert_eq!(client.log_in("alice", "alice's other password").status, 200);
    server.stop();
}

#[test]
fn a_disabled_users_tokens_and_keys_are_invalid_at_once() {
    let directory = TempDir::new();
    let data = directory.data();
    let server = Server::start(&data);
    user(&data, &CREATE_ALICE, "alice's password\n").success();
    let token = server.client().logged_in("alice", "alice's password");
    let key = server.client().with_key(&token.create_key("").1);
    let admin = server.admin();
    assert_eq!((token.whoami().as_deref(), key.whoami().as_deref()), (Ok("alice"), Ok("alice")));

    assert_eq!(user(&data, &["disable", "alice"], "").success(), "disabled the user\n");
    for client in [&token, &key] {
        let response = client.get("/v1/users/me");
        assert_eq!(response.status, 401);
        assert_eq!(response.header("www-authenticate"), Some("Bearer realm=\"latchkey\", error=\"invalid_token\""));
        assert_eq!(client.try_create_key("").unwrap().status, 401);
        assert_eq!(client.get("/v1/api-keys/").status, 401);
    }
    assert_eq!(server.client().log_in("alice", "alice's password").status, 400);
    assert!(user(&data, &["list"], "").success().contains("2\talice\tmember\tdisabled\n"));
    assert_eq!(admin.whoami().as_deref(), Ok("admin"));

    assert_eq!(user(&data, &["enable", "alice"], "").success(), "enabled the user\n");
    assert_eq!((token.whoami(), key.whoami().as_deref()), (Err(401), Ok("alice")));
    assert_eq!(server.client().logged_in("alice", "alice's password").whoami().as_deref(), Ok("alice"));
    server.stop();
}

#[test]
fn every_change_of_a_user_is_an_audit_event() {
    let directory = TempDir::new();
    let data = directory.data();
    let server = Server::start(&data);
    user(&data, &CREATE_ALICE, "alice's password").success();
    user(&data, &["set-password", "alice", "--password-stdin"], "alice's other password").success();
    user(&data, &["disable", "alice"], "").success();
    user(&data, &["enable", "alice"], "").success();
    user(&data, &["set-role", "alice", "verifier"], "").success();
    user(&data, &["disable", "nobody"], "").error();
    user(&data, &CREATE_ALICE, "alice's password").error();
    let events = server.admin().get("/v1/audit/events").json();
    let line = |event: &Value| {
        assert_eq!((&event["subject_type"], &event["credential_type"]), (&"user".into(), &"command".into()));
        assert_eq!((&event["actor_user_id"], &event["client_ip"]), (&Value::Null, &Value::Null));
        format!("{} {} {}", event["action"], event["subject_id"], event["changes"])
    };
    let events = events["items"].as_array().unwrap().iter().rev().filter(|event| event["action"] != "login");
    assert_snapshot!(events.map(line).collect::<Vec<String>>().join("\n"), @r#"
    "create" 1 {"username":{"before":null,"after":"admin"},"role":{"before":null,"after":"admin"}}
    "create" 2 {"username":{"before":null,"after":"alice"},"role":{"before":null,"after":"member"}}
    "set_password" 2 {}
    "disable" 2 {"disabled":{"before":false,"after":true}}
    "enable" 2 {"disabled":{"before":true,"after":false}}
    "set_role" 2 {"role":{"before":"member","after":"verifier"}}
    "#);
    server.stop();
}

#[test]
fn users_are_managed_without_a_server() {
    let directory = TempDir::new();
    let data = directory.data();
    assert_eq!(user(&data, &CREATE_ALICE, "alice's password\r\nnot part of it").success(), "created user 1\n");
    assert_eq!(user(&data, &["list"], "").success(), "1\talice\tmember\tenabled\n");

    // A user exists, so no admin is created.
    let server = Server::start(&data);
    assert_eq!(server.client().log_in("admin", latchkey_test_support::program::ADMIN_PASSWORD).status, 400);
    let token = server.client().token("alice", "alice's password");
    assert_eq!(server.stop().stderr, "");

    user(&data, &["disable", "alice"], "").success();
    let server = Server::start(&data);
    assert_eq!(server.client().with_token(&token).whoami(), Err(401));
    server.stop();
}

#[test]
fn an_error_is_one_line() {
    let directory = TempDir::new();
    let data = directory.data();
    let server = Server::start(&data);
    let create = |name: &str, password: &str| {
        user(&data, &["create", "--role", "member", "--password-stdin", "--", name], password).error()
    };
    assert_eq!(create("admin", "long enough"), "there is already a user of this name");
    assert_eq!(create("bob", "short"), "a password has 8 to 1024 characters");
    assert_eq!(create("bob", ""), "a password has 8 to 1024 characters");
    assert_eq!(create("bob", &"x".repeat(1025)), "a password has 8 to 1024 characters");
    let name = "a user's name has 1 to 255 characters, none of them a control character";
    assert_eq!(create("", "long enough"), name);
    assert_eq!(create("b\nob", "long enough"), name);
    assert_eq!(create(&"b".repeat(256), "long enough"), name);

    let unknown = "there is no user of this name";
    for command in ["disable", "enable"] {
        assert_eq!(user(&data, &[command, "bob"], "").error(), unknown);
    }
    let set = |name, password| user(&data, &["set-password", name, "--password-stdin"], password).error();
    assert_eq!(set("bob", "long enough"), unknown);
    assert_eq!(set("admin", "short"), "a password has 8 to 1024 characters");
    let role = user(&data, &["create", "bob", "--role", "king", "--password-stdin"], "long enough").error();
    assert_eq!(role, "invalid value for --role <ROLE>: a role is one of admin, verifier, member");

    assert_eq!(user(&data, &["list"], "").success(), "1\tadmin\tadmin\tenabled\n");
    assert_eq!(server.admin().whoami().as_deref(), Ok("admin"));
    server.stop();
}

#[test]
fn a_password_comes_from_standard_input_only() {
    let directory = TempDir::new();
    let output = user(&directory.data(), &["create", "alice", "--role", "member"], "alice's password\n");
    assert_eq!(output.code, Some(2), "{output:?}");
    assert!(output.stderr.contains("--password-stdin"), "{output:?}");
    let output = user(&directory.data(), &["create", "alice", "--role", "member", "--password", "x"], "");
    assert_eq!(output.code, Some(2), "{output:?}");
    assert!(!directory.data().exists());
}

/// `latchkey user …` on a database.
fn user_on(database: &TestDatabase, arguments: &[&str], input: &str) -> ProcessOutput {
    run(latchkey(["user"]).args(arguments).env("DATABASE_URL", database.url()), input)
}

#[test]
fn users_are_created_on_an_external_database() {
    let database = TestDatabase::empty_blocking();
    let user = |arguments: &[&str], input| user_on(&database, arguments, input);
    assert_eq!(user(&CREATE_ALICE, "alice's password").success(), "created user 1\n");
    assert_eq!(user(&["list"], "").success(), "1\talice\tmember\tenabled\n");
}

/// What a gateway decides about the client's key, from the cache.
fn forward_auth(client: &Client) -> u16 {
    client.get("/v1/forward-auth").status.into()
}

#[test]
fn the_keys_of_a_user_are_revoked_together_with_the_password() {
    let database = TestDatabase::empty_blocking();
    create_user(database.url(), "alice", "member");
    create_user(database.url(), "bob", "admin");
    let nodes = [(); 2].map(|()| Server::spawn(&mut serve(database.url()), None));
    let alice = nodes[0].client().logged_in("alice", PASSWORD);
    let bob = nodes[0].client().logged_in("bob", PASSWORD);
    let keys = [(); 2].map(|()| alice.create_key("").1);
    let (revoked, _) = alice.create_key("");
    alice.send(alice.request(Method::POST, &format!("/v1/api-keys/{revoked}/revoke")).json(&json!({})));
    let (deleted, _) = alice.create_key("");
    alice.send(alice.request(Method::DELETE, &format!("/v1/api-keys/{deleted}")));
    let of_bob = bob.create_key("").1;
    let with_key = |key: &str| nodes.each_ref().map(|node| node.client().with_key(key));
    for client in keys.iter().flat_map(|key| with_key(key)) {
        assert_eq!(forward_auth(&client), 200);
    }

    let set = user_on(&database, &["set-password", "alice", "--revoke-keys", "--password-stdin"], "another password");
    assert_eq!(
        set.success(),
        "set the password and revoked all bearer tokens of the user\nrevoked 2 API keys of the user\n"
    );
    for client in keys.iter().flat_map(|key| with_key(key)) {
        wait_until("the revocation", || forward_auth(&client) == 401);
        assert_eq!(client.whoami(), Err(401));
    }
    assert_eq!(with_key(&of_bob).map(|client| forward_auth(&client)), [200, 200]);

    // Each has an audit event, which names no user: anyone with access to the database can have done it.
    let events = bob.get("/v1/audit/events?action=revoke").json();
    let events: Vec<&Value> = events["items"].as_array().unwrap().iter().collect();
    let by_operator = |event: &&&Value| event["credential_type"] == "command";
    assert_eq!((events.len(), events.iter().filter(by_operator).count()), (3, 2));
    for event in events.iter().filter(by_operator) {
        assert_eq!(
            (&event["actor_user_id"], &event["actor_key_id"], &event["client_ip"]),
            (&Value::Null, &Value::Null, &Value::Null)
        );
        let reason = "all keys of the user were revoked";
        assert_eq!(event["changes"]["revocation_reason"], json!({ "before": null, "after": reason }));
    }

    let disable = user_on(&database, &["disable", "bob", "--revoke-keys"], "");
    assert_eq!(disable.success(), "disabled the user\nrevoked 1 API keys of the user\n");
    user_on(&database, &["enable", "bob"], "").success();
    assert_eq!(with_key(&of_bob).map(|client| client.whoami()), [Err(401), Err(401)]);
    for node in nodes {
        node.stop();
    }
}

#[test]
fn a_key_that_is_being_created_is_revoked_too() {
    let database = TestDatabase::empty_blocking();
    create_user(database.url(), "alice", "member");
    let node = Server::spawn(&mut serve(database.url()), None);
    let (_, key) = node.client().logged_in("alice", PASSWORD).create_key("");
    rows(database.url(), "UPDATE api_keys SET deleted_at = now()");

    // A node has created a key, and its statement is about to be committed.
    let creating = Session::open(database.url());
    creating.rows(
        "BEGIN; INSERT INTO api_keys (user_id, pepper, hash, key_prefix, created_at)
         SELECT user_id, pepper, sha256(hash), key_prefix, created_at FROM api_keys",
    );
    thread::scope(|scope| {
        let revoking = scope.spawn(|| user_on(&database, &["disable", "alice", "--revoke-keys"], "").success());
        let waits = "SELECT count(*) FROM pg_locks l WHERE NOT l.granted AND l.relation = 'api_keys'::regclass";
        wait_until("the command", || revoking.is_finished() || rows(database.url(), waits) == ["1"]);
        creating.rows("COMMIT");
        assert_eq!(revoking.join().unwrap(), "disabled the user\nrevoked 1 API keys of the user\n");
    });
    let valid = "SELECT count(*) FROM api_keys WHERE revoked_at IS NULL AND deleted_at IS NULL";
    assert_eq!(rows(database.url(), valid), ["0"]);
    assert_eq!(node.client().with_key(&key).whoami(), Err(401));
    node.stop();
}

#[test]
fn keys_are_revoked_while_others_are_created() {
    const CREATORS: usize = 4;
    let database = TestDatabase::empty_blocking();
    create_user(database.url(), "alice", "member");
    let node = Server::spawn(&mut serve(database.url()), None);
    for round in 0..10 {
        let alice = node.client().logged_in("alice", PASSWORD);
        let has_ended = AtomicBool::new(false);
        // Creates keys until the token is revoked, and returns how many.
        let create = |creator: usize| {
            let mut created = 0;
            while !has_ended.load(Ordering::Relaxed) {
                let idempotency_key = format!("{round} {creator} {created}");
                let request = alice.request(Method::POST, "/v1/api-keys/").header("Idempotency-Key", idempotency_key);
                let response = alice.send(request.json(&json!({ "description": null })));
                match response.status.as_u16() {
                    201 => created += 1,
                    401 => break,
                    _ => panic!("{response:?}"),
                }
            }
            created
        };
        let (output, created) = thread::scope(|scope| {
            let create = &create;
            let creators: Vec<_> = (0..CREATORS).map(|creator| scope.spawn(move || create(creator))).collect();
            let count = "SELECT count(*) >= 8 FROM api_keys WHERE revoked_at IS NULL";
            wait_until("keys", || rows(database.url(), count) == ["t"]);
            let output = user_on(&database, &["disable", "alice", "--revoke-keys"], "");
            has_ended.store(true, Ordering::Relaxed);
            let created: u32 = creators.into_iter().map(|creator| creator.join().unwrap()).sum();
            (output.success(), created)
        });
        assert_eq!(output, format!("disabled the user\nrevoked {created} API keys of the user\n"));
        user_on(&database, &["enable", "alice"], "").success();
    }
    node.stop();
}

#[test]
fn a_user_is_locked_out_though_the_keys_cannot_be_revoked_yet() {
    let database = TestDatabase::empty_blocking();
    create_user(database.url(), "alice", "member");
    let node = Server::spawn(&mut serve(database.url()), None);
    let alice = node.client().logged_in("alice", PASSWORD);
    let (_, key) = alice.create_key("");
    let insert = "INSERT INTO api_keys (user_id, pepper, hash, key_prefix, created_at)
        SELECT user_id, pepper, sha256(hash || n::text::bytea), key_prefix, created_at FROM api_keys, generate_series(1, 2500) n";
    rows(database.url(), insert);

    // A long transaction writes keys of the user.
    let writing = Session::open(database.url());
    writing.rows(
        "BEGIN; INSERT INTO api_keys (user_id, pepper, hash, key_prefix, created_at)
        SELECT user_id, pepper, sha256(hash), key_prefix, created_at FROM api_keys LIMIT 1",
    );
    let output = user_on(&database, &["--db-statement-timeout", "500ms", "disable", "alice", "--revoke-keys"], "");
    assert_eq!((output.code, output.stdout.as_str()), (Some(1), "disabled the user\n"), "{output:?}");
    let repeat = "not all API keys of the user are revoked, repeat the same command: the database does not respond";
    assert!(output.stderr.contains(repeat), "{output:?}");
    assert_eq!((alice.whoami(), node.client().with_key(&key).whoami()), (Err(401), Err(401)));

    // More keys than one statement revokes.
    writing.rows("COMMIT");
    let again = user_on(&database, &["disable", "alice", "--revoke-keys"], "");
    assert_eq!(again.success(), "disabled the user\nrevoked 2502 API keys of the user\n");
    node.stop();
}

#[test]
fn another_role_takes_effect_at_once_for_tokens_and_keys() {
    let database = TestDatabase::empty_blocking();
    create_user(database.url(), "alice", "admin");
    create_user(database.url(), "carol", "admin");
    let node = Server::spawn(&mut serve(database.url()), None);
    let by_command = || user_on(&database, &["set-role", "alice", "member"], "").success();
    let by_sql = || {
        rows(database.url(), "UPDATE principals SET is_administrator = false WHERE name = 'carol'");
        "set the role\n".to_owned()
    };
    let change_role: [(&str, &dyn Fn() -> String); 2] = [("alice", &by_command), ("carol", &by_sql)];
    for (name, change_role) in change_role {
        let token = node.client().logged_in(name, PASSWORD);
        let key = token.with_new_key();
        let verify = |client: &Client| {
            let request = client.request(Method::POST, "/v1/api-keys/verify").json(&json!({ "key": "x" }));
            u16::from(client.send(request).status)
        };
        let list_events = |client: &Client| u16::from(client.get("/v1/audit/events").status);
        assert_eq!([verify(&token), list_events(&token), verify(&key), list_events(&key)], [200; 4]);

        assert_eq!(change_role(), "set the role\n");
        wait_until("the role", || [verify(&token), verify(&key), list_events(&token), list_events(&key)] == [403; 4]);
        assert_eq!(token.get("/v1/api-keys/").status, 200);

        // A token has what its user has when it is used.
        user_on(&database, &["set-role", name, "verifier"], "").success();
        wait_until("another role", || [verify(&token), verify(&key)] == [200; 2]);
        assert_eq!([list_events(&token), list_events(&key)], [403; 2]);
        assert_eq!(token.get("/v1/users/me").json()["roles"], json!([{ "project": "default", "role": "verifier" }]));
        assert_eq!(node.client().logged_in(name, PASSWORD).get("/v1/users/me").json()["role"], "verifier");
    }
    let unknown = user_on(&database, &["set-role", "dave", "member"], "").error();
    assert_eq!(unknown, "there is no user of this name");
    node.stop();
}
