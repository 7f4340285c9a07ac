//! `latchkey project`, `latchkey member` and `latchkey service-account`, beside a server.

use insta::assert_snapshot;
use latchkey_test_support::{
    database::TestDatabase,
    nodes::{PASSWORD, create_user, serve},
    program::{ProcessOutput, Server, latchkey, run},
    wait::wait_until,
};
use serde_json::Value;

/// `latchkey …` on a database.
fn command(database: &TestDatabase, arguments: &[&str]) -> ProcessOutput {
    run(latchkey([arguments[0]]).args(&arguments[1..]).env("DATABASE_URL", database.url()), "")
}

#[test]
fn projects_and_members_are_managed_while_the_server_runs() {
    let database = TestDatabase::empty_blocking();
    create_user(database.url(), "root", "admin");
    create_user(database.url(), "alice", "member");
    let server = Server::spawn(&mut serve(database.url()), None);
    let (root, alice) = (server.client().logged_in("root", PASSWORD), server.client().logged_in("alice", PASSWORD));
    let success = |arguments: &[&str]| command(&database, arguments).success();

    assert_eq!(success(&["project", "create", "shop"]), "created project shop\n");
    assert_eq!(success(&["project", "list"]), "default\tenabled\nshop\tenabled\n");
    let owners = || u16::from(alice.get("/v1/projects/shop/owners").status);
    assert_eq!(owners(), 403);
    assert_eq!(success(&["member", "set", "shop", "alice", "auditor"]), "set the role\n");
    wait_until("the role", || owners() == 200);
    assert_eq!(
        success(&["service-account", "create", "shop", "back end", "--role", "verifier"]),
        "created service account 3\n"
    );
    assert_eq!(success(&["member", "set", "shop", "back end", "manager", "--service-account"]), "set the role\n");
    assert_eq!(
        success(&["member", "list", "shop"]),
        "2\tuser\talice\tauditor\n3\tservice_account\tback end\tmanager\n"
    );
    assert_eq!(success(&["member", "remove", "shop", "alice"]), "removed the member\n");
    wait_until("the removal", || owners() == 403);
    assert_eq!(success(&["member", "remove", "shop", "back end", "--service-account"]), "removed the member\n");
    assert_eq!(success(&["member", "list", "shop"]), "");

    // They are audited as what they are.
    let events = root.get("/v1/audit/events").json();
    let line = |event: &Value| {
        assert_eq!((&event["actor_user_id"], &event["client_ip"]), (&Value::Null, &Value::Null));
        format!("{} {} {} {}", event["action"], event["subject_type"], event["project"], event["changes"])
    };
    let events = events["items"].as_array().unwrap().iter().rev();
    // The first two created the users.
    let by_command = events.filter(|event| event["credential_type"] == "command").skip(2);
    assert_snapshot!(by_command.map(line).collect::<Vec<String>>().join("\n"), @r#"
    "create" "project" "shop" {"scopes":{"before":null,"after":[]},"allowed_origins":{"before":null,"after":[]}}
    "set_role" "user" "shop" {"role":{"before":null,"after":"auditor"}}
    "create" "service_account" "shop" {"username":{"before":null,"after":"back end"},"role":{"before":null,"after":"verifier"}}
    "set_role" "service_account" "shop" {"role":{"before":"verifier","after":"manager"}}
    "set_role" "user" "shop" {"role":{"before":"auditor","after":null}}
    "set_role" "service_account" "shop" {"disabled":{"before":false,"after":true},"role":{"before":"manager","after":null}}
    "#);
    server.stop();
}

#[test]
fn an_error_is_one_line() {
    let database = TestDatabase::empty_blocking();
    create_user(database.url(), "alice", "member");
    let error = |arguments: &[&str]| command(&database, arguments).error();
    assert_eq!(error(&["project", "create", "default"]), "there is already a project with this slug");
    let slug =
        "invalid value for <SLUG>: a slug is a lower-case letter, then up to 62 lower-case letters, digits and hyphens";
    for invalid in ["Shop", "1shop", "", "a_b", &"a".repeat(64)] {
        assert_eq!(error(&["project", "create", invalid]), slug);
    }
    for arguments in [
        &["member", "set", "shop", "alice", "admin"][..],
        &["member", "remove", "shop", "alice"],
        &["member", "list", "shop"],
        &["member", "set", "shop", "x", "admin", "--service-account"],
        &["service-account", "create", "shop", "x", "--role", "admin"],
    ] {
        assert_eq!(error(arguments), "there is no such project");
    }
    let unknown = "there is no user of this name; a service account is named with --service-account";
    assert_eq!(error(&["member", "set", "default", "bob", "admin"]), unknown);
    let unknown = "there is no service account of this name in the project";
    assert_eq!(error(&["member", "set", "default", "alice", "admin", "--service-account"]), unknown);
    assert_eq!(error(&["member", "remove", "default", "alice"]), "there is no member of this name in the project");
    let role = "invalid value for <ROLE>: a role is one of admin, manager, auditor, verifier";
    assert_eq!(error(&["member", "set", "default", "alice", "king"]), role);
    command(&database, &["service-account", "create", "default", "alice", "--role", "verifier"]).success();
    let taken = "there is already a service account of this name in the project";
    assert_eq!(error(&["service-account", "create", "default", "alice", "--role", "admin"]), taken);
    let name = "a name has 1 to 255 characters, none of them a control character";
    assert_eq!(error(&["service-account", "create", "default", "", "--role", "admin"]), name);
}
