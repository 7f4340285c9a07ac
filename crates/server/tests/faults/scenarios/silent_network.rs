//! The network between the nodes and Postgres swallows all packets, and no side is told. Each node notices by itself, and goes
//! on once packets pass again.

use std::{
    thread,
    time::{Duration, Instant},
};

use nix::unistd::geteuid;

use crate::{
    asker::Answer,
    database::Database,
    fleet::{Fleet, NODES, Turn},
    network::Network,
    nodes::serve,
    relay::Relay,
    report::conclude,
    tally::Tally,
    wait::wait_until,
};

/// Three times as long as packets may stay unacknowledged (`store/connection.rs`), for the timers of the system and of the reads.
const NOTICED: Duration = Duration::from_secs(15);

#[test]
fn a_network_that_swallows_packets_is_noticed() {
    if !geteuid().is_root() {
        eprintln!("not tested: only root can make a network that swallows packets");
        return;
    }
    let _turn = Turn::take();
    let database = Database::create();
    let network = Network::create();
    let relay = Relay::listening(network.listen(), &database.url);
    let url = relay.url.clone();
    let fleet = Fleet::start(&database.url, move |_| serve(&url));
    let mut tally = Tally::of_one_round();
    let keys = [0, 1, 2].map(|node| fleet.create_key(node));
    let read = &|node: usize| fleet.clients[node].get(&format!("/v1/api-keys/{}", keys[node].id));
    for node in 0..NODES {
        assert_eq!(read(node).status, 200);
    }
    // An idle connection is looked after: the system has a timer for it.
    wait_until("idle connections", || network.timers().iter().any(|timer| timer.contains("timer:(keepalive,2")));

    network.swallow();
    let swallowed = Instant::now();
    thread::scope(|scope| {
        for (node, server) in fleet.nodes.iter().enumerate() {
            scope.spawn(move || {
                wait_until("a shared connection to be given up", || {
                    // It has something to send now, unless this read tries to make another one.
                    let answer = read(node);
                    assert!(answer.is_unavailable(), "{answer:?}");
                    let is_lost = |line: &String| line.contains("a connection to the database was lost");
                    server.stdout().iter().any(is_lost)
                });
            });
        }
    });
    let noticed = swallowed.elapsed();
    if noticed > NOTICED {
        tally.wrong.push(format!("a lost connection was noticed after {noticed:?}"));
    }

    network.pass();
    let passing = Instant::now();
    for node in 0..NODES {
        wait_until("the node to be ready", || fleet.nodes[node].client().get("/readyz").status == 200);
    }
    let ready = passing.elapsed();
    thread::sleep(Duration::from_secs(1));
    for (node, key) in keys.iter().enumerate() {
        let answer = fleet.asker(node, key).ask();
        if answer != Answer::Valid {
            tally.wrong.push(format!("{answer:?} of node {node} once packets passed again"));
        }
    }
    let note =
        format!("connections given up after {noticed:.1?}, all nodes ready {ready:.1?} after packets passed again");
    conclude(85, "the network between the nodes and Postgres swallows packets", &tally, &note);
}
