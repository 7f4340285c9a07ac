//! The only write connection of a node waits for a lock. Verification does not need it, and keys are revoked through
//! the other nodes.

use std::thread;

use latchkey_test_support::{database::TestDatabase, nodes::serve, wait::wait_until};

use crate::{
    fleet::{Fleet, Turn},
    prober::Outcome,
    report::{self, conclude},
    revocation_method::RevocationMethod,
    rounds::Rounds,
    stats::Stats,
};

/// One round takes as long as this many rounds of other scenarios.
const COST: usize = 5;

#[test]
fn a_node_whose_write_pool_is_exhausted_still_verifies() {
    let _turn = Turn::take();
    let database = TestDatabase::empty_blocking();
    let url = database.url().to_owned();
    let fleet = Fleet::start(database.url(), move |_| {
        let mut command = serve(&url);
        command.env("LATCHKEY_DB_WRITE_POOL_SIZE", "1");
        command
    });
    let mut stats = Stats::default();
    let (locked, uncached) = (fleet.create_key(1), fleet.create_key(1));
    let session = database.session();
    session.rows(&format!("BEGIN; SELECT FROM api_keys WHERE id = {} FOR UPDATE", locked.id));
    thread::scope(|scope| {
        let running = scope.spawn(|| {
            wait_until("the pool to be exhausted", || {
                let metrics = fleet.nodes[0].client().get("/metrics");
                metrics.text().contains("latchkey_db_pool_connections{state=\"used\"} 1")
            });
            assert_eq!(fleet.prober(0, &uncached).probe(), Outcome::Valid);
            let response = RevocationMethod::Revoke.apply(&fleet.clients[0], &uncached).unwrap();
            assert!(response.is_unavailable(), "{response:?}");
            assert_eq!(fleet.prober(0, &uncached).probe(), Outcome::Valid);
            let count = (report::rounds() / COST).max(6);
            let rounds = Rounds { creators: &[1, 2], ..Rounds::on(&fleet) };
            rounds.run_with(count, &mut stats, || {}, |node, method, key| rounds.revoke(1 + node % 2, method, key));
        });
        while !running.is_finished() {
            let response = fleet.clients[0].describe_key(locked.id, "waits for the lock");
            assert!(response.is_unavailable(), "{response:?}");
        }
    });
    session.rows("ROLLBACK");
    conclude(90, "the only write connection of one node waits for a lock", &stats, "");
}
