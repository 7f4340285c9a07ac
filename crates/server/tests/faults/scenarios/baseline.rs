//! Nothing fails: what the other scenarios are compared with.

use latchkey_test_support::database::TestDatabase;

use crate::{
    fleet::{Fleet, Turn},
    report::{conclude, rounds},
    rounds::Rounds,
    stats::Stats,
};

#[test]
fn baseline() {
    let _turn = Turn::take();
    let database = TestDatabase::empty_blocking();
    let fleet = Fleet::on(&database);
    let mut stats = Stats::default();
    Rounds::on(&fleet).run(rounds(), &mut stats);
    conclude(10, "baseline: no fault", &stats, "");
}
