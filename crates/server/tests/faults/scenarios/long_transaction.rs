//! A transaction stays open: beside the ends, so that it holds back the oldest running transaction; and as the end itself.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::{
    database::{Database, Session},
    ending::Ending,
    fleet::{Fleet, Turn},
    report::{conclude, rounds},
    rounds::Rounds,
    tally::{End, Tally},
};

/// Changes something that concerns no key of the test, and so has a transaction number.
const OTHER_CHANGE: &str = "INSERT INTO users (name, role, password_hash, created_at) \
                            SELECT 'other', role, password_hash, created_at FROM users LIMIT 1";

#[test]
fn a_long_transaction_holds_back_the_oldest_running_one() {
    let _turn = Turn::take();
    let database = Database::create();
    let fleet = Fleet::on(&database);
    let long = Session::open(&database.url);
    long.rows(&format!("BEGIN; {OTHER_CHANGE}; SELECT pg_current_xact_id()"));
    let mut tally = Tally::default();
    Rounds::on(&fleet).run(rounds(), &mut tally);
    long.rows("COMMIT");
    conclude(70, "a long transaction stays open all the time", &tally, "");
}

#[test]
fn the_revoking_transaction_itself_commits_late() {
    let _turn = Turn::take();
    let database = Database::create();
    let fleet = Fleet::on(&database);
    let rounds_on = Rounds::on(&fleet);
    let mut tally = Tally::default();
    let revoke = |_, _, key: &crate::fleet::Key| {
        let session = Session::open(&database.url);
        session.rows(&format!(
            "BEGIN; UPDATE api_keys SET revoked_at = clock_timestamp(), version = version + 1 WHERE id = {}",
            key.id
        ));
        // Others commit meanwhile, and nodes ask the change log several times.
        thread::sleep(Duration::from_millis(350));
        let asked = Instant::now();
        session.rows("COMMIT");
        End { by: Ending::Revoke, asked, acknowledged: Instant::now() }
    };
    rounds_on.run_with(rounds(), &mut tally, || {}, revoke);
    conclude(71, "the key is revoked by SQL in a transaction that commits late", &tally, "");
}
