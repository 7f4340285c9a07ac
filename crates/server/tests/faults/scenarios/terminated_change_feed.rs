//! Postgres terminates the connections that follow the change feed, again and again, while keys are revoked.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use latchkey_test_support::database::TestDatabase;

use crate::{
    fleet::{Fleet, Turn},
    report::{conclude, rounds},
    rounds::Rounds,
    stats::Stats,
};

/// The last statement of such a connection is its `LISTEN` or a poll.
const TERMINATE: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() \
                         AND pid <> pg_backend_pid() AND query ~ 'LISTEN latchkey_changes|pg_current_snapshot'";

#[test]
fn the_change_feed_connections_are_terminated_repeatedly() {
    let _turn = Turn::take();
    let database = TestDatabase::empty_blocking();
    let fleet = Fleet::on(&database);
    let mut stats = Stats::default();
    let (is_over, terminated) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            let session = database.session();
            for turn in 0.. {
                if is_over.load(Ordering::Relaxed) {
                    return;
                }
                terminated.fetch_add(session.rows(TERMINATE).len(), Ordering::Relaxed);
                // Now and then long enough for a node to use its cache again, so that revocations meet every state.
                thread::sleep(Duration::from_millis(turn * 37 % 300));
            }
        });
        Rounds::on(&fleet).run(rounds(), &mut stats);
        is_over.store(true, Ordering::Relaxed);
    });
    let terminated = terminated.into_inner();
    assert!(terminated > 0, "no connection that follows the change feed was found");
    conclude(
        20,
        "the change feed's connections are terminated repeatedly",
        &stats,
        &format!("{terminated} connections terminated"),
    );
}
