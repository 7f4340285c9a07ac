//! The connection to the change log alone is slow, or a hole into which everything falls, for one node; its other
//! connections are well.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use crate::{
    database::Database,
    fleet::{Fleet, Turn},
    relay::ChangeLog,
    report::{conclude, rounds},
    rounds::Rounds,
    tally::Tally,
    wait::wait_until,
};

/// How many rounds of other scenarios take as long as one of these.
const COST: usize = 4;

fn end_keys_while(number: usize, fault: &str, treatment: ChangeLog) {
    let _turn = Turn::take();
    let database = Database::create();
    let (relay, fleet) = Fleet::behind_relay(&database);
    let mut tally = Tally::default();
    let turn = AtomicUsize::new(0);
    let begin_fault = || {
        relay.treat_change_log(treatment);
        // The ends come at every moment of a confirmation's life, and after it.
        thread::sleep(Duration::from_millis(turn.fetch_add(1, Ordering::Relaxed) as u64 * 170 % 1_000));
    };
    for _ in 0..rounds().div_ceil(6 * COST) {
        // What is cut stays cut: the node must find the way back by itself.
        relay.treat_change_log(ChangeLog::Prompt);
        wait_until("the node to follow the change log again", || confirmed_ago(&fleet) < 0.5);
        Rounds::on(&fleet)
            .run_with(6, &mut tally, begin_fault, |node, ending, key| Rounds::on(&fleet).end(node, ending, key));
    }
    relay.treat_change_log(ChangeLog::Prompt);
    wait_until("the node to follow the change log again", || confirmed_ago(&fleet) < 0.5);
    conclude(number, fault, &tally, "");
}

/// How many seconds ago the first node last knew all changes.
fn confirmed_ago(fleet: &Fleet) -> f64 {
    let metrics = fleet.nodes[0].client().get("/metrics").body;
    let value = metrics.lines().find_map(|line| line.strip_prefix("latchkey_change_feed_staleness_seconds "));
    // Absent before the first time.
    value.map_or(f64::INFINITY, |seconds| seconds.parse().unwrap())
}

#[test]
fn the_change_log_answers_late() {
    end_keys_while(30, "the change log answers one node 3 s late", ChangeLog::Late(Duration::from_secs(3)));
}

#[test]
fn the_change_log_is_cut_off() {
    end_keys_while(31, "the change log of one node is cut off, without a word", ChangeLog::Cut);
}
