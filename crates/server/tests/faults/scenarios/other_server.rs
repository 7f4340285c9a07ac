//! Connections can lead to another server than the primary: a standby in the URL, or an old primary that was replaced and does not
//! know it. A node must not mix what it reads there with the changes of the primary.

use std::{thread, time::Duration};

use latchkey_test_support::{
    database::Session,
    nodes::serve,
    postgres::{PrivatePostgres, StopMode},
    program::run,
    tcp_proxy::TcpProxy,
    wait::wait_until,
};

use crate::{
    fleet::{Fleet, NODES, Turn, terminate_change_feed},
    observer::Observer,
    prober::Outcome,
    report::{self, conclude},
    revocation_method::RevocationMethod,
    rounds::Rounds,
    stats::{REVOCATION_BOUND, Stats},
};

/// One round takes as long as this many rounds of other scenarios.
const COST: usize = 50;
const PAUSE_REPLAY: &str = "SELECT pg_wal_replay_pause()";
const CONNECTIONS_OF_NODES: &str = "SELECT application_name FROM pg_stat_activity WHERE application_name = 'latchkey'";

#[test]
fn a_node_does_not_start_on_a_standby() {
    let _turn = Turn::take();
    let primary = PrivatePostgres::start();
    let standby = primary.start_standby();
    let error = run(&mut serve(standby.url()), "").error();
    assert!(error.contains("does not allow writes"), "{error}");
}

#[test]
fn the_url_also_names_a_standby_that_lags_and_the_primary_restarts() {
    let _turn = Turn::take();
    let primary = PrivatePostgres::start();
    let standby = primary.start_standby();
    let urls = [primary.url_with(&standby), standby.url_with(&primary)];
    let fleet = Fleet::start(primary.url(), move |node| serve(&urls[node % 2]));
    let mut stats = Stats::default();
    wait_until_caught_up(&primary, &standby);
    Session::open(standby.url()).rows(PAUSE_REPLAY);
    for round in 0..(report::rounds() / COST).max(2) {
        primary.stop([StopMode::Fast, StopMode::Immediate][round % 2]);
        // Long enough for each node to look for another server.
        thread::sleep(REVOCATION_BOUND);
        for node in 0..NODES {
            let response = fleet.nodes[node].client().get("/readyz");
            assert!(response.is_unavailable(), "{response:?}");
        }
        primary.restart();
        wait_until_ready(&fleet);
        Rounds::on(&fleet).run(RevocationMethod::ALL.len(), &mut stats);
    }
    conclude(82, "the URL also names a standby that lags, and the primary restarts", &stats, "");
}

#[test]
fn a_standby_is_promoted_and_the_old_primary_goes_on() {
    let _turn = Turn::take();
    let mut stats = Stats::default();
    for _ in 0..(report::rounds() / COST).max(1) {
        promote(&mut stats);
    }
    conclude(84, "a standby is promoted, and only the change feed notices", &stats, "");
}

/// All nodes reach the database at one address, which moves to a promoted standby. The old primary goes on, and of each node only
/// the change feed loses its connection.
fn promote(stats: &mut Stats) {
    let old = PrivatePostgres::start();
    let new = old.start_standby();
    let address = TcpProxy::start(old.url());
    let url = address.url().to_owned();
    let fleet = Fleet::start(old.url(), move |_| serve(&url));
    let [kept, uncached] = [0, 1].map(|node| fleet.create_key(node));
    let observer = Observer::start(fleet.probers(&kept));
    observer.wait_until_valid();
    wait_until_caught_up(&old, &new);
    new.promote();
    address.redirect(new.url());
    let session = Session::open(old.url());
    terminate_change_feed(&session);
    // Until a node has noticed, it writes to the old primary.
    wait_until("the nodes to leave the old primary", || session.rows(CONNECTIONS_OF_NODES).is_empty());
    wait_until_ready(&fleet);
    // Through the nodes, so on the new primary.
    Rounds::on(&fleet).run(RevocationMethod::ALL.len(), stats);
    let rounds = Rounds::on(&fleet);
    for key in [&kept, &uncached] {
        rounds.revoke(0, RevocationMethod::Revoke, key);
    }
    thread::sleep(REVOCATION_BOUND + Duration::from_millis(100));
    for node in 0..NODES {
        for key in [&kept, &uncached] {
            let outcome = fleet.prober(node, key).probe();
            if outcome != Outcome::Invalid("revoked".to_owned()) {
                stats.wrong.push(format!("{outcome:?} of node {node} after the promotion"));
            }
        }
    }
    observer.stop();
}

fn wait_until_caught_up(primary: &PrivatePostgres, standby: &PrivatePostgres) {
    let position = Session::open(primary.url()).rows("SELECT pg_current_wal_lsn()").remove(0);
    let has_caught_up = format!("SELECT pg_last_wal_replay_lsn() >= '{position}'");
    wait_until("the standby to catch up", || Session::open(standby.url()).rows(&has_caught_up) == ["t"]);
}

fn wait_until_ready(fleet: &Fleet) {
    for node in 0..NODES {
        wait_until("the node to be ready", || fleet.nodes[node].client().get("/readyz").status == 200);
    }
}
