//! The change feed of one node is slow or stalls, while the node's other connections work.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use latchkey_test_support::{database::TestDatabase, tcp_proxy::ChangeFeed, wait::wait_until};

use crate::{
    fleet::{Fleet, Turn},
    report::{conclude, rounds},
    rounds::Rounds,
    stats::Stats,
};

/// One round takes as long as this many rounds of other scenarios.
const COST: usize = 4;
/// The keys that are revoked during one fault.
const BATCH: usize = 6;

fn revoke_during(number: usize, scenario: &str, fault: ChangeFeed) {
    let _turn = Turn::take();
    let database = TestDatabase::empty_blocking();
    let (proxy, fleet) = Fleet::behind_proxy(&database);
    let mut stats = Stats::default();
    let turn = AtomicUsize::new(0);
    let begin_fault = || {
        proxy.set_change_feed(fault);
        // Revocations fall into every moment of the time that a poll keeps the cache fresh, and after it.
        thread::sleep(Duration::from_millis(turn.fetch_add(1, Ordering::Relaxed) as u64 * 170 % 1_000));
    };
    let recover = || {
        // A stalled connection stays stalled: the node must recover by itself.
        proxy.set_change_feed(ChangeFeed::Normal);
        wait_until("the node to follow the change feed again", || staleness(&fleet) < 0.5);
    };
    let rounds_on_fleet = Rounds::on(&fleet);
    for _ in 0..rounds().div_ceil(BATCH * COST) {
        recover();
        let revoke = |node, method, key: &_| rounds_on_fleet.revoke(node, method, key);
        rounds_on_fleet.run_with(BATCH, &mut stats, begin_fault, revoke);
    }
    recover();
    conclude(number, scenario, &stats, "");
}

/// The seconds since the first node was last in sync with the change feed.
fn staleness(fleet: &Fleet) -> f64 {
    let metrics = fleet.nodes[0].client().get("/metrics");
    let name = "latchkey_change_feed_staleness_seconds ";
    metrics.text().lines().find_map(|line| line.strip_prefix(name)).unwrap().parse().unwrap()
}

#[test]
fn the_change_feed_responds_late() {
    revoke_during(30, "the change feed responds to one node 3 s late", ChangeFeed::Delayed(Duration::from_secs(3)));
}

#[test]
fn the_change_feed_stalls() {
    revoke_during(31, "the change feed of one node stalls; its connection stays open", ChangeFeed::Stalled);
}
