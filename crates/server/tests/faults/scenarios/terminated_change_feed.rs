//! Postgres terminates the connections that follow the change feed, again and again, while keys are revoked.

use std::{thread, time::Duration};

use latchkey_test_support::database::TestDatabase;

use crate::{
    fleet::{Fleet, Turn, terminate_change_feed},
    report::{conclude, rounds},
    rounds::Rounds,
    stats::Stats,
};

#[test]
fn the_change_feed_connections_are_terminated_repeatedly() {
    let _turn = Turn::take();
    let database = TestDatabase::empty_blocking();
    let fleet = Fleet::on(&database);
    let mut stats = Stats::default();
    let mut terminated = 0;
    thread::scope(|scope| {
        let running = scope.spawn(|| Rounds::on(&fleet).run(rounds(), &mut stats));
        let session = database.session();
        for turn in 0.. {
            // Also when a round has failed, which then fails the test.
            if running.is_finished() {
                return;
            }
            terminated += terminate_change_feed(&session);
            // Now and then long enough for a node to use its cache again, so that revocations meet every state.
            thread::sleep(Duration::from_millis(turn * 37 % 300));
        }
    });
    assert!(terminated > 0, "no connection that follows the change feed was found");
    conclude(
        20,
        "the change feed's connections are terminated repeatedly",
        &stats,
        &format!("{terminated} connections terminated"),
    );
}
