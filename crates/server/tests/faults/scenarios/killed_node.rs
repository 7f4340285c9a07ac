//! A node is killed under load, and another is stopped in good order: what is counted of a key's use afterwards.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::{
    asker::Answer,
    database::Database,
    fleet::{Fleet, Key},
    report::conclude,
    server::Server,
    tally::Tally,
};

/// How often a node writes what it counted.
const FLUSH_INTERVAL: Duration = Duration::from_secs(10);
/// Between questions, to leave the machine to the scenarios that look at short times: this one runs beside them.
const PAUSE: Duration = Duration::from_millis(5);
/// A batch is written after the interval, not at it.
const SLACK: Duration = Duration::from_secs(1);

#[test]
fn a_killed_node_loses_what_it_counted_last_and_a_stopped_one_nothing() {
    let database = Database::create();
    let mut fleet = Fleet::on(&database);
    let mut tally = Tally::of_one_round();

    let key = fleet.create_key(0);
    let answered = ask_for(&fleet, 0, &key, FLUSH_INTERVAL + 3 * SLACK);
    let killed = Instant::now();
    fleet.replace(0, Server::kill);
    let counted = counted(&fleet, &key);
    let old = answered.iter().filter(|at| killed - **at > FLUSH_INTERVAL + SLACK).count();
    assert!(old > 0, "nothing was asked early enough");
    if counted < old {
        tally.lost.push(format!("{old} answers were old enough to be counted, and {counted} were"));
    }
    if counted > answered.len() {
        tally.wrong.push(format!("{counted} uses were counted of {}", answered.len()));
    }
    let lost = answered.len() - counted.min(answered.len());
    let note = format!("{lost} of {} uses not counted, none older than the 10 s of a batch", answered.len());
    conclude(120, "a node is killed: usage", &tally, &note);

    let mut tally = Tally::of_one_round();
    let key = fleet.create_key(0);
    let answered = ask_for(&fleet, 1, &key, SLACK);
    fleet.replace(1, |node| assert_eq!(node.stop().code, Some(0)));
    let counted = self::counted(&fleet, &key);
    if counted != answered.len() {
        tally.lost.push(format!("{counted} uses were counted of {}", answered.len()));
    }
    conclude(121, "a node is stopped by SIGTERM: usage", &tally, &format!("all of {counted} uses counted"));
}

/// When a node answered, asked for so long.
fn ask_for(fleet: &Fleet, node: usize, key: &Key, time: Duration) -> Vec<Instant> {
    let mut asker = fleet.asker(node, key);
    let begin = Instant::now();
    let mut answered = Vec::new();
    while begin.elapsed() < time {
        assert_eq!(asker.ask(), Answer::Valid);
        answered.push(Instant::now());
        thread::sleep(PAUSE);
    }
    answered
}

/// How often the key was good, by what another node says.
fn counted(fleet: &Fleet, key: &Key) -> usize {
    let usage = fleet.clients[2].get(&format!("/v1/api-keys/{}/usage", key.id));
    assert_eq!(usage.status, 200, "{usage:?}");
    usage.json()["valid_count"].as_u64().unwrap().try_into().unwrap()
}
