//! A node is killed under load, and another is stopped gracefully: how much of a key's usage is counted afterwards.

use std::{
    thread,
    time::{Duration, Instant},
};

use latchkey_test_support::{database::TestDatabase, program::Server};

use crate::{
    fleet::{Fleet, Key},
    prober::Outcome,
    report::conclude,
    stats::Stats,
};

/// How often a node flushes its usage counters.
const FLUSH_INTERVAL: Duration = Duration::from_secs(10);
/// The pause between requests, which leaves the processors to the scenarios that measure short times: they may run at
/// the same time.
const PAUSE: Duration = Duration::from_millis(5);
/// How long after the interval a flush may complete.
const SLACK: Duration = Duration::from_secs(1);

#[test]
fn a_killed_node_loses_the_last_usage_counts_and_a_stopped_one_loses_none() {
    let database = TestDatabase::empty_blocking();
    let mut fleet = Fleet::on(&database);
    let mut stats = Stats::of_one_round();

    let key = fleet.create_key(0);
    let uses = use_key(&fleet, 0, &key, FLUSH_INTERVAL + 3 * SLACK);
    let killed_at = Instant::now();
    fleet.replace(0, Server::kill);
    let counted = counted_uses(&fleet, &key);
    let flushed = uses.iter().filter(|at| killed_at - **at > FLUSH_INTERVAL + SLACK).count();
    assert!(flushed > 0, "no use was early enough to be flushed");
    if counted < flushed {
        stats.lost.push(format!("{flushed} uses were early enough to be flushed, and {counted} were counted"));
    }
    if counted > uses.len() {
        stats.wrong.push(format!("{counted} uses were counted of {}", uses.len()));
    }
    let lost = uses.len() - counted.min(uses.len());
    let notes = format!("{lost} of {} uses not counted, none older than the flush interval of 10 s", uses.len());
    conclude(120, "a node is killed: usage", &stats, &notes);

    let mut stats = Stats::of_one_round();
    let key = fleet.create_key(0);
    let uses = use_key(&fleet, 1, &key, SLACK);
    fleet.replace(1, |node| assert_eq!(node.stop().code, Some(0)));
    let counted = counted_uses(&fleet, &key);
    if counted != uses.len() {
        stats.lost.push(format!("{counted} uses were counted of {}", uses.len()));
    }
    conclude(121, "a node is stopped by SIGTERM: usage", &stats, &format!("all of {counted} uses counted"));
}

/// Verifies the key for this long, and returns the times of the responses.
fn use_key(fleet: &Fleet, node: usize, key: &Key, duration: Duration) -> Vec<Instant> {
    let mut prober = fleet.prober(node, key);
    let started = Instant::now();
    let mut uses = Vec::new();
    while started.elapsed() < duration {
        assert_eq!(prober.probe(), Outcome::Valid);
        uses.push(Instant::now());
        thread::sleep(PAUSE);
    }
    uses
}

/// How often the key was valid, according to another node.
fn counted_uses(fleet: &Fleet, key: &Key) -> usize {
    let usage = fleet.clients[2].get(&format!("/v1/api-keys/{}/usage", key.id));
    assert_eq!(usage.status, 200, "{usage:?}");
    usage.json()["valid_count"].as_u64().unwrap().try_into().unwrap()
}
