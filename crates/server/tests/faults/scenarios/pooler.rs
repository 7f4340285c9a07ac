//! All nodes reach Postgres through PgBouncer in transaction mode, where notifications get lost without a word.

use crate::{
    database::Database,
    fleet::{Fleet, Turn},
    nodes::serve,
    pgbouncer::PgBouncer,
    report::{conclude, rounds},
    rounds::Rounds,
    server::{latchkey, run},
    tally::Tally,
};

#[test]
fn all_nodes_are_behind_a_pooler_in_transaction_mode() {
    let _turn = Turn::take();
    let database = Database::create();
    let Some(pooler) = PgBouncer::before(&database.url) else {
        eprintln!(
            "not tested: LATCHKEY_TEST_PGBOUNCER names no PgBouncer of version 1.21 or later; `make test` sets it"
        );
        return;
    };
    // Migrations need a session of their own.
    let ended = run(latchkey(["migrate"]).env("DATABASE_URL", &database.url), "");
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let url = pooler.url.clone();
    let fleet = Fleet::start(&database.url, move |_| serve(&url));
    let mut tally = Tally::default();
    Rounds::on(&fleet).run(rounds(), &mut tally);
    conclude(40, "all nodes behind PgBouncer in transaction mode", &tally, "no notifications: the asking alone");
}
