//! The connections to the change log are ended by the server, again and again, while keys end.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use crate::{
    database::{Database, Session},
    fleet::{Fleet, Turn},
    report::{conclude, rounds},
    rounds::Rounds,
    tally::Tally,
};

/// The last statement of such a connection is its `LISTEN`, or a question.
const TERMINATE: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() \
                         AND pid <> pg_backend_pid() AND query ~ 'LISTEN latchkey_changes|pg_current_snapshot'";

#[test]
fn the_connection_to_the_change_log_is_terminated_again_and_again() {
    let _turn = Turn::take();
    let database = Database::create();
    let fleet = Fleet::on(&database);
    let mut tally = Tally::default();
    let (is_over, terminated) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            let session = Session::open(&database.url);
            for turn in 0.. {
                if is_over.load(Ordering::Relaxed) {
                    return;
                }
                terminated.fetch_add(session.rows(TERMINATE).len(), Ordering::Relaxed);
                // Now and then long enough for a node to be sure again, so that ends meet every state.
                thread::sleep(Duration::from_millis(turn * 37 % 300));
            }
        });
        Rounds::on(&fleet).run(rounds(), &mut tally);
        is_over.store(true, Ordering::Relaxed);
    });
    let terminated = terminated.into_inner();
    assert!(terminated > 0, "no connection to the change log was found");
    conclude(
        20,
        "the change log's connections are terminated again and again",
        &tally,
        &format!("{terminated} terminated"),
    );
}
