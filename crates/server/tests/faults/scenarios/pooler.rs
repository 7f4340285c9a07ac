//! All nodes reach Postgres through PgBouncer in transaction mode, which loses notifications silently.

use latchkey_test_support::{
    database::TestDatabase,
    nodes::serve,
    pgbouncer::PgBouncer,
    program::{latchkey, run},
};

use crate::{
    fleet::{Fleet, Turn},
    report::{conclude, rounds},
    rounds::Rounds,
    stats::Stats,
};

#[test]
fn all_nodes_are_behind_a_pooler_in_transaction_mode() {
    let _turn = Turn::take();
    let database = TestDatabase::empty_blocking();
    let Some(pooler) = PgBouncer::start(database.url()) else {
        eprintln!("skipped: LATCHKEY_TEST_PGBOUNCER does not name a PgBouncer of version 1.21 or later");
        return;
    };
    // Migrations need a connection that is not pooled.
    run(latchkey(["migrate"]).env("DATABASE_URL", database.url()), "").success();
    let url = pooler.url().to_owned();
    let fleet = Fleet::start(database.url(), move |_| serve(&url));
    let mut stats = Stats::default();
    Rounds::on(&fleet).run(rounds(), &mut stats);
    conclude(40, "all nodes behind PgBouncer in transaction mode", &stats, "no notifications: polling alone");
}
