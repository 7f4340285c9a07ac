//! What the server's process may do on its machine.

use std::{collections::BTreeMap, fs, os::unix::fs::MetadataExt};

use latchkey_test_support::{
    database::TestDatabase,
    nodes::serve,
    program::{self, Server, run},
    tempdir::TempDir,
    wait::wait_until,
};
use nix::unistd::{Pid, User, geteuid};

/// The fields of `/proc/PID/status` of each thread.
fn threads(process: Pid) -> Vec<BTreeMap<String, String>> {
    let tasks = fs::read_dir(format!("/proc/{process}/task")).unwrap();
    let status = tasks.map(|task| fs::read_to_string(task.unwrap().path().join("status")).unwrap());
    let field = |line: &str| line.split_once(":\t").map(|(name, value)| (name.to_owned(), value.to_owned()));
    status.map(|status| status.lines().filter_map(field).collect()).collect()
}

#[track_caller]
fn assert_unprivileged(server: &Server, account: &str) {
    let account = User::from_name(account).unwrap().unwrap();
    let threads = threads(server.pid());
    assert!(threads.len() > 1);
    for thread in threads {
        for (field, id) in [("Uid", account.uid.as_raw()), ("Gid", account.gid.as_raw())] {
            assert_eq!(thread[field], [id; 4].map(|id| id.to_string()).join("\t"), "{field}");
        }
        assert!(thread["Groups"].split_whitespace().all(|group| group != "0"), "{}", thread["Groups"]);
        for capabilities in ["CapInh", "CapPrm", "CapEff", "CapAmb"] {
            assert_eq!(thread[capabilities], "0000000000000000", "{capabilities}");
        }
        assert_eq!(thread["NoNewPrivs"], "1");
    }
    assert_not_dumpable(server);
}

/// The kernel then gives what is secret in `/proc` to root.
fn assert_not_dumpable(server: &Server) {
    assert_eq!(fs::metadata(format!("/proc/{}/environ", server.pid())).unwrap().uid(), 0);
}

#[test]
fn root_becomes_an_unprivileged_account() {
    if !geteuid().is_root() {
        return;
    }
    let database = TestDatabase::empty_blocking();
    for (run_as, account) in [(None, "nobody"), (Some("postgres"), "postgres")] {
        let mut command = serve(database.url());
        command.envs(run_as.map(|account| ("LATCHKEY_RUN_AS", account)));
        let server = Server::spawn(&mut command, None);
        assert_unprivileged(&server, account);
        // Its connections are opened afterwards.
        wait_until("the change feed", || server.client().get("/readyz").status == 200);
        assert_unprivileged(&server, account);
        assert_eq!(server.stop().code, Some(0));
    }
}

#[test]
fn root_stays_root_only_if_it_is_told_to() {
    if !geteuid().is_root() {
        return;
    }
    let database = TestDatabase::empty_blocking();
    let server = Server::spawn(serve(database.url()).env("LATCHKEY_RUN_AS", "root"), None);
    assert!(server.stdout().iter().any(|line| line.contains("the server runs as root")));
    assert_eq!(threads(server.pid())[0]["NoNewPrivs"], "1");
    server.stop();
    let output = run(serve(database.url()).env("LATCHKEY_RUN_AS", "no-such-account"), "");
    assert!(output.error().contains("there is no account `no-such-account`"));
}

#[test]
fn only_root_can_choose_an_account() {
    if geteuid().is_root() {
        return;
    }
    let database = TestDatabase::empty_blocking();
    let output = run(serve(database.url()).env("LATCHKEY_RUN_AS", "nobody"), "");
    assert!(output.error().contains("only root can run the server as another account"));
}

#[test]
fn a_server_with_an_embedded_postgres_keeps_its_account_but_gains_nothing() {
    let directory = TempDir::new();
    let output = run(program::serve(&directory.data()).env("LATCHKEY_RUN_AS", "nobody"), "");
    assert!(output.error().contains("LATCHKEY_RUN_AS needs DATABASE_URL"));
    let server = Server::start(&directory.data());
    for thread in threads(server.pid()) {
        assert_eq!(thread["NoNewPrivs"], "1");
    }
    assert_not_dumpable(&server);
    server.stop();
}
