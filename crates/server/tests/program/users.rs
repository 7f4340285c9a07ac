//! `latchkey user`: while the server runs, without it, and on an external database.

use std::path::Path;

use latchkey_test_support::{
    database::TestDatabase,
    program::{ProcessOutput, Server, latchkey, run},
    tempdir::TempDir,
};

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

#[test]
fn users_are_created_on_an_external_database() {
    let database = TestDatabase::empty_blocking();
    let user =
        |arguments: &[&str], input| run(latchkey(["user"]).args(arguments).env("DATABASE_URL", database.url()), input);
    assert_eq!(user(&CREATE_ALICE, "alice's password").success(), "created user 1\n");
    assert_eq!(user(&["list"], "").success(), "1\talice\tmember\tenabled\n");
}
