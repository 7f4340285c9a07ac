//! Nothing goes wrong: what the others are compared with.

use crate::{
    database::Database,
    fleet::{Fleet, Turn},
    report::{conclude, rounds},
    rounds::Rounds,
    tally::Tally,
};

#[test]
fn nothing_wrong() {
    let _turn = Turn::take();
    let database = Database::create();
    let fleet = Fleet::on(&database);
    let mut tally = Tally::default();
    Rounds::on(&fleet).run(rounds(), &mut tally);
    conclude(10, "nothing", &tally, "");
}
