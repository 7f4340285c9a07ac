//! A transaction stays open: an unrelated one, which holds back the oldest active transaction, and the revoking one
//! itself.

use std::{
    thread,
    time::{Duration, Instant},
};

use latchkey_test_support::database::TestDatabase;

use crate::{
    fleet::{Fleet, Key, Turn},
    report::{conclude, rounds},
    revocation_method::RevocationMethod,
    rounds::Rounds,
    stats::{Revocation, Stats},
};

/// A change that does not concern the keys under test, so that the transaction has an id.
const OTHER_CHANGE: &str = "INSERT INTO users (name, role, password_hash, created_at) \
                            SELECT 'other', role, password_hash, created_at FROM users LIMIT 1";

#[test]
fn a_long_transaction_holds_back_the_oldest_active_one() {
    let _turn = Turn::take();
    let database = TestDatabase::empty_blocking();
    let fleet = Fleet::on(&database);
    let long = database.session();
    long.rows(&format!("BEGIN; {OTHER_CHANGE}; SELECT pg_current_xact_id()"));
    let mut stats = Stats::default();
    Rounds::on(&fleet).run(rounds(), &mut stats);
    long.rows("COMMIT");
    conclude(70, "a long transaction stays open all the time", &stats, "");
}

#[test]
fn the_revoking_transaction_commits_late() {
    let _turn = Turn::take();
    let database = TestDatabase::empty_blocking();
    let fleet = Fleet::on(&database);
    let mut stats = Stats::default();
    let revoke = |_, _, key: &Key| {
        let session = database.session();
        session.rows(&format!(
            "BEGIN; UPDATE api_keys SET revoked_at = clock_timestamp(), version = version + 1 WHERE id = {}",
            key.id
        ));
        // Meanwhile other transactions commit, and nodes poll the change feed several times.
        thread::sleep(Duration::from_millis(350));
        let requested_at = Instant::now();
        session.rows("COMMIT");
        Revocation { method: RevocationMethod::Revoke, requested_at, acknowledged_at: Instant::now() }
    };
    let all_by_sql = Rounds { methods: &[RevocationMethod::Revoke], ..Rounds::on(&fleet) };
    all_by_sql.run_with(rounds(), &mut stats, || {}, revoke);
    conclude(71, "the key is revoked by SQL in a transaction that commits late", &stats, "");
}
