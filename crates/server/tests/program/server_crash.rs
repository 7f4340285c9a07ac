//! SIGKILL of the server under load: after the next start every acknowledged write is there.

use latchkey_test_support::{
    load::Load,
    program::{ADMIN_PASSWORD, Server},
    tempdir::TempDir,
};

#[test]
fn a_killed_server_loses_no_acknowledged_write() {
    let directory = TempDir::new();
    let data = directory.data();
    let mut server = Server::start(&data);
    let token = server.client().token("admin", ADMIN_PASSWORD);
    for _ in 0..2 {
        let load = Load::start(server.address, &token);
        load.wait_for_more(200);
        let cluster = server.cluster().clone();
        server.kill();
        let ledger = load.stop();
        // At once, while the orphaned Postgres may still be shutting down.
        server = Server::start(&data);
        ledger.assert_durable(&server.client().with_token(&token));
        assert_eq!(ledger.unavailable, 0);
        assert!(cluster.postmaster().is_some());
    }
    server.stop();
}

#[test]
fn a_server_killed_together_with_its_postgres_loses_no_acknowledged_write() {
    let directory = TempDir::new();
    let data = directory.data();
    let mut server = Server::start(&data);
    let token = server.client().token("admin", ADMIN_PASSWORD);
    for _ in 0..2 {
        let load = Load::start(server.address, &token);
        load.wait_for_more(200);
        let cluster = server.cluster().clone();
        cluster.signal(nix::sys::signal::Signal::SIGKILL);
        server.kill();
        let ledger = load.stop();
        server = Server::start(&data);
        ledger.assert_durable(&server.client().with_token(&token));
    }
    server.stop();
}
