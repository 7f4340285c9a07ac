//! The network between the nodes and Postgres drops all packets silently. Each node detects it by itself, and recovers
//! once packets are delivered again.

use std::{
    thread,
    time::{Duration, Instant},
};

use latchkey_test_support::{database::TestDatabase, nodes::serve, tcp_proxy::TcpProxy, wait::wait_until};
use nix::unistd::geteuid;

use crate::{
    fleet::{Fleet, NODES, Turn},
    network::Network,
    prober::Outcome,
    report::conclude,
    stats::Stats,
};

/// Three times as long as data may stay unacknowledged (`store/connection.rs`), for the timers of the system and of
/// reads.
const MAX_DETECTION: Duration = Duration::from_secs(15);

#[test]
fn nodes_detect_a_network_that_drops_packets() {
    if !geteuid().is_root() {
        eprintln!("skipped: only root can create a network that drops packets");
        return;
    }
    let _turn = Turn::take();
    let database = TestDatabase::empty_blocking();
    let network = Network::create();
    let proxy = TcpProxy::start_on(network.listen(), database.url());
    let url = proxy.url().to_owned();
    let fleet = Fleet::start(database.url(), move |_| serve(&url));
    let mut stats = Stats::of_one_round();
    let keys = [0, 1, 2].map(|node| fleet.create_key(node));
    let read = &|node: usize| fleet.clients[node].get(&format!("/v1/api-keys/{}", keys[node].id));
    for node in 0..NODES {
        assert_eq!(read(node).status, 200);
    }
    wait_until("a keepalive timer", || network.timers().iter().any(|timer| timer.contains("timer:(keepalive,2")));

    network.drop_packets();
    let dropped_at = Instant::now();
    thread::scope(|scope| {
        for (node, server) in fleet.nodes.iter().enumerate() {
            scope.spawn(move || {
                wait_until("the node to give a connection up", || {
                    // This read either sends on the lost connection or tries to open another.
                    let response = read(node);
                    assert!(response.is_unavailable(), "{response:?}");
                    let is_lost = |line: &String| line.contains("lost a connection to the database");
                    server.stdout().iter().any(is_lost)
                });
            });
        }
    });
    let detection = dropped_at.elapsed();
    if detection > MAX_DETECTION {
        stats.wrong.push(format!("a lost connection was detected after {detection:?}"));
    }

    network.deliver_packets();
    let delivered_at = Instant::now();
    for node in 0..NODES {
        wait_until("the node to be ready", || fleet.nodes[node].client().get("/readyz").status == 200);
    }
    let recovery = delivered_at.elapsed();
    thread::sleep(Duration::from_secs(1));
    for (node, key) in keys.iter().enumerate() {
        let outcome = fleet.prober(node, key).probe();
        if outcome != Outcome::Valid {
            stats.wrong.push(format!("{outcome:?} of node {node} after the recovery"));
        }
    }
    let notes =
        format!("detected after {detection:.1?}, all nodes ready {recovery:.1?} after packets were delivered again");
    conclude(85, "the network between the nodes and Postgres drops packets", &stats, &notes);
}
