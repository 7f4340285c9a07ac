//! The only connection for writes of a node waits for a lock. Its answers about keys need none, and ends come through the
//! other nodes.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
};

use crate::{
    database::{Database, Session},
    ending::Ending,
    fleet::{Fleet, Turn},
    nodes::serve,
    report::{self, conclude},
    rounds::Rounds,
    tally::Tally,
    wait::wait_until,
};

/// How many rounds of other scenarios take as long as one of these.
const COST: usize = 5;

#[test]
fn a_node_whose_pool_is_exhausted_still_verifies() {
    let _turn = Turn::take();
    let database = Database::create();
    let url = database.url.clone();
    let fleet = Fleet::start(&database.url, move |_| {
        let mut command = serve(&url);
        command.env("LATCHKEY_DB_WRITE_POOL_SIZE", "1");
        command
    });
    let mut tally = Tally::default();
    let (locked, refused) = (fleet.create_key(1), fleet.create_key(1));
    let session = Session::open(&database.url);
    session.rows(&format!("BEGIN; SELECT FROM api_keys WHERE id = {} FOR UPDATE", locked.id));
    let (is_over, waited) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                let answer = fleet.clients[0].describe_key(locked.id, "waits for the lock");
                assert!(answer.is_unavailable() || is_over.load(Ordering::Relaxed), "{answer:?}");
                waited.fetch_add(1, Ordering::Relaxed);
            }
        });
        wait_until("the pool to be exhausted", || {
            let metrics = fleet.nodes[0].client().get("/metrics").body;
            metrics.contains("latchkey_db_pool_connections{state=\"used\"} 1")
        });
        // A key that no node remembers.
        assert_eq!(fleet.asker(0, &refused).ask(), crate::asker::Answer::Valid);
        let answer = Ending::Revoke.ask(&fleet.clients[0], refused.id).unwrap();
        assert!(answer.is_unavailable(), "{answer:?}");
        assert_eq!(fleet.asker(0, &refused).ask(), crate::asker::Answer::Valid);
        let count = (report::rounds() / COST).max(6);
        let rounds = Rounds { makers: &[1, 2], fleet: &fleet };
        rounds.run_with(count, &mut tally, || {}, |node, ending, key| rounds.end(1 + node % 2, ending, key));
        is_over.store(true, Ordering::Relaxed);
        session.rows("ROLLBACK");
    });
    conclude(90, "the only connection for writes of one node waits for a lock", &tally, "");
}
