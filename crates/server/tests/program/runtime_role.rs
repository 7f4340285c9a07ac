//! Two database roles: one that migrates and owns the tables, and one that serves.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use latchkey_test_support::{
    database::{TestDatabase, rows},
    nodes::{PASSWORD, create_user, serve},
    postgres::PrivatePostgres,
    program::{ProcessOutput, Server, latchkey, run},
    wait::wait_until,
};

/// docs/OPERATIONS.md has the SQL that creates the roles.
const DOCUMENTATION: &str = include_str!("../../../../docs/OPERATIONS.md");
const DIRECTIVE: &str = "<!-- run by crates/server/tests/program/runtime_role.rs -->\n```sql\n";

fn migrate(url: &str, arguments: &[&str]) -> ProcessOutput {
    run(latchkey(["migrate"]).args(arguments).env("DATABASE_URL", url), "")
}

#[test]
fn the_documented_roles_migrate_and_serve() {
    let postgres = PrivatePostgres::start();
    let (_, recipe) = DOCUMENTATION.split_once(DIRECTIVE).unwrap();
    let (recipe, _) = recipe.split_once("```").unwrap();
    let binaries = rows(postgres.url(), "SELECT setting FROM pg_config WHERE name = 'BINDIR'").remove(0);
    let mut psql = Command::new(format!("{binaries}/psql"));
    psql.args(["--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--dbname", postgres.url()]);
    let mut psql = psql.stdin(Stdio::piped()).spawn().unwrap();
    psql.stdin.take().unwrap().write_all(recipe.as_bytes()).unwrap();
    assert!(psql.wait().unwrap().success());
    let database = format!("{}/latchkey", postgres.url().strip_suffix("/postgres").unwrap());
    let url_of = |role: &str| database.replace("postgres@", &format!("{role}@"));
    let (owner, server) = (url_of("latchkey_owner"), url_of("latchkey_server"));

    // A role that serves only does not migrate, and says who does.
    let error = migrate(&server, &[]).error();
    assert!(error.contains("run `latchkey migrate` with the role that owns the tables"), "{error}");
    let granted = migrate(&owner, &["--grant-to", "latchkey_server"]).success();
    assert!(granted.ends_with("granted the privileges of a server to the role\n"), "{granted}");
    let again = migrate(&owner, &["--grant-to", "latchkey_server"]).success();
    assert_eq!(again, "the database is up to date\ngranted the privileges of a server to the role\n");
    create_user(&owner, "alice", "member");

    for no_migrate in ["false", "true"] {
        let node = Server::spawn(serve(&server).env("LATCHKEY_NO_MIGRATE", no_migrate), None);
        let alice = node.client().logged_in("alice", PASSWORD);
        let (_, key) = alice.create_key("of the server");
        assert_eq!(node.client().with_key(&key).whoami().as_deref(), Ok("alice"));
        wait_until("the change feed", || node.client().get("/readyz").status == 200);
        node.stop();
    }
    // With the role of a server, the command does what the API does.
    create_user(&server, "bob", "admin");
    let node = Server::spawn(&mut serve(&server), None);
    assert_eq!(node.client().logged_in("bob", PASSWORD).get("/v1/users?limit=1").status, 200);
    node.stop();
}

#[test]
fn a_role_is_named_literally() {
    let postgres = PrivatePostgres::start();
    let name = "we\"ird; DROP TABLE users; --";
    rows(postgres.url(), "CREATE ROLE \"we\"\"ird; DROP TABLE users; --\" LOGIN");
    rows(postgres.url(), "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    migrate(postgres.url(), &["--grant-to", name]).success();
    let may_read = format!("SELECT has_table_privilege('{name}', 'principals', 'SELECT')");
    assert_eq!(rows(postgres.url(), &may_read), ["t"]);
}

#[test]
fn a_role_that_cannot_be_granted_is_refused() {
    let database = TestDatabase::empty_blocking();
    migrate(database.url(), &[]).success();
    for (role, reason) in [
        ("no such role", "there is no database role of this name; create it first: CREATE ROLE"),
        ("postgres", "the database role is a superuser"),
    ] {
        let output = migrate(database.url(), &["--grant-to", role]);
        assert_eq!(output.code, Some(1), "{output:?}");
        assert!(output.stderr.contains(reason), "{output:?}");
    }
}
