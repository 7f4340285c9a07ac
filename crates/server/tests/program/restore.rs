//! A dump of the database, restored into another cluster.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use latchkey_test_support::{
    database::rows,
    nodes::{PASSWORD, create_user, serve},
    postgres::PrivatePostgres,
    program::Server,
    wait::wait_until,
};
use reqwest::Method;
use serde_json::json;

/// docs/OPERATIONS.md has the options of the dump, and the SQL that revokes keys again.
const DOCUMENTATION: &str = include_str!("../../../../docs/OPERATIONS.md");
/// Entries of the change log that each poll would return again.
const NOT_YET_BEGUN: &str =
    "SELECT count(*) FROM change_log WHERE transaction >= pg_snapshot_xmax(pg_current_snapshot())";

/// A client program of the installed Postgres, connected to a database.
fn program(name: &str, url: &str) -> Command {
    let directory = rows(url, "SELECT setting FROM pg_config WHERE name = 'BINDIR'").remove(0);
    let mut command = Command::new(Path::new(&directory).join(name));
    command.arg("--dbname").arg(url);
    command
}

fn dump(url: &str, options: &[&str]) -> Vec<u8> {
    let output = program("pg_dump", url).args(options).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    output.stdout
}

fn restore(url: &str, dump: &[u8]) {
    let mut command = program("psql", url);
    command.args(["--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1"]);
    let mut psql = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    psql.stdin.take().unwrap().write_all(dump).unwrap();
    assert!(psql.wait().unwrap().success());
}

/// The value of a metric without labels, or of one with the given ones.
fn metric(node: &Server, name: &str) -> u64 {
    let metrics = node.client().get("/metrics");
    let value = metrics.text().lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
    value.unwrap_or_else(|| panic!("no {name}"))
}

#[test]
fn a_restored_dump_works_at_once_and_costs_nothing_afterwards() {
    let source = PrivatePostgres::start();
    let node = Server::spawn(&mut serve(source.url()), None);
    create_user(source.url(), "alice", "member");
    // The clusters have different histories, and so different transaction ids.
    rows(source.url(), "DO $$ BEGIN FOR n IN 1..2000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$");
    let client = node.client().logged_in("alice", PASSWORD);
    let (id, key) = client.create_key("changed before the backup");
    for scope in ["one", "two", "three"] {
        let policy = client.request(Method::PUT, &format!("/v1/api-keys/{id}/policy"));
        assert_eq!(client.send(policy.json(&json!({ "scopes": [scope] }))).status, 200);
    }
    let (revoked_id, revoked) = client.create_key("revoked after the backup");
    let full = dump(source.url(), &[]);
    let option = "--exclude-table-data=change_log";
    assert!(DOCUMENTATION.contains(option));
    let documented = dump(source.url(), &[option]);
    let revoke = client.request(Method::POST, &format!("/v1/api-keys/{revoked_id}/revoke")).json(&json!({}));
    assert_eq!(client.send(revoke).status, 200);
    node.stop();

    let (_, recipe) = DOCUMENTATION.split_once("restore.rs -->\n   ```sql\n").unwrap();
    let (recipe, _) = recipe.split_once("```").unwrap();
    let recipe = recipe.replace("12, 57", &revoked_id.to_string());
    for (dump, entries) in [(full, "3"), (documented, "0")] {
        let target = PrivatePostgres::start();
        restore(target.url(), &dump);
        assert_eq!(rows(target.url(), NOT_YET_BEGUN), [entries]);
        rows(target.url(), &recipe);

        let node = Server::spawn(&mut serve(target.url()), None);
        let verify = |key| node.client().with_key(key).get("/v1/forward-auth").status.as_u16();
        assert_eq!((verify(&key), verify(&revoked)), (200, 401));
        wait_until("the log to be pruned", || rows(target.url(), NOT_YET_BEGUN) == ["0"]);
        let polls = || metric(&node, "latchkey_change_feed_polls_total{result=\"success\"}");
        let wait_for_polls = || {
            let before = polls();
            wait_until("the change feed to be polled", || polls() > before + 5);
        };
        wait_for_polls();
        let entries = metric(&node, "latchkey_change_feed_entries_total");
        assert_eq!(verify(&key), 200);
        let hits = metric(&node, "latchkey_cache_requests_total{result=\"hit\"}");
        wait_for_polls();
        assert_eq!(verify(&key), 200);
        assert_eq!(metric(&node, "latchkey_cache_requests_total{result=\"hit\"}"), hits + 1);
        assert_eq!(metric(&node, "latchkey_change_feed_entries_total"), entries);

        let client = node.client().logged_in("alice", PASSWORD);
        assert!(client.create_key("after the restore").0 >= 1000, "an id is issued again");
    }
}
