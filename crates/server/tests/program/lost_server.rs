//! `kill -9` of the server under load: the next start has every write that was acknowledged.

use crate::{
    load::Load,
    scratch::Scratch,
    server::{ADMIN_PASSWORD, Server},
};

#[test]
fn a_killed_server_loses_no_acknowledged_write() {
    let scratch = Scratch::new();
    let data = scratch.data();
    let mut server = Server::start(&data);
    let token = server.client().token("admin", ADMIN_PASSWORD);
    for _ in 0..2 {
        let load = Load::start(server.address, &token);
        load.wait_for_more(200);
        let cluster = server.cluster().clone();
        server.kill();
        let ledger = load.stop();
        // At once, while the orphaned Postgres may still be ending.
        server = Server::start(&data);
        ledger.assert_kept(&server.client().with_token(&token));
        assert_eq!(ledger.unavailable, 0);
        assert!(cluster.postmaster().is_some());
    }
    server.stop();
}

#[test]
fn a_server_killed_together_with_its_postgres_loses_no_acknowledged_write() {
    let scratch = Scratch::new();
    let data = scratch.data();
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
        ledger.assert_kept(&server.client().with_token(&token));
    }
    server.stop();
}
