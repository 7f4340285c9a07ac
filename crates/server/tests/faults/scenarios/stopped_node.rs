//! A node stands still (SIGSTOP) while a key is revoked through another, and goes on: it has missed all notice, and its
//! clients' questions are as old as its memory.

use std::{
    thread,
    time::{Duration, Instant},
};

use nix::sys::signal::Signal;

use crate::{
    asker::Answer,
    database::Database,
    ending::Ending,
    fleet::{Fleet, NODES, Turn},
    report::{self, conclude},
    rounds::Rounds,
    tally::Tally,
    watch::Watch,
};

/// How many rounds of other scenarios take as long as one of these.
const COST: usize = 50;
const STOPPED_FOR: Duration = Duration::from_secs(5);
/// Clients of the node that stands still, so that it does so in the middle of something.
const CLIENTS: usize = 4;

#[test]
fn a_node_that_stood_still_does_not_call_a_key_good_that_ended_meanwhile() {
    let _turn = Turn::take();
    let database = Database::create();
    let fleet = Fleet::on(&database);
    let mut tally = Tally::default();
    for round in 0..(report::rounds() / COST).max(1) {
        let stopped = round % NODES;
        let key = fleet.create_key(stopped);
        let others = Watch::start(fleet.askers(&key));
        let of_the_stopped = Watch::start((0..CLIENTS).map(|_| fleet.asker(stopped, &key)));
        others.wait_until_valid();
        of_the_stopped.wait_until_valid();
        fleet.nodes[stopped].signal(Signal::SIGSTOP);
        let begin = Instant::now();
        let ending = Ending::ALL[round % Ending::ALL.len()];
        let end = Rounds::on(&fleet).end((stopped + 1) % NODES, ending, &key);
        thread::sleep(STOPPED_FOR.saturating_sub(begin.elapsed()));
        let resumed = Instant::now();
        fleet.nodes[stopped].signal(Signal::SIGCONT);
        thread::sleep(Duration::from_millis(1_500));
        let (others, mut of_the_stopped) = (others.stop(), of_the_stopped.stop());
        let (late, others): (Vec<_>, Vec<_>) =
            others.into_iter().partition(|seen| seen.node == stopped && seen.answered > resumed);
        tally.judge(end, &others);
        of_the_stopped.retain(|seen| seen.answered > resumed);
        for seen in late.iter().chain(&of_the_stopped) {
            match &seen.answer {
                Answer::Refused(code) if code == ending.code() => {}
                Answer::Unavailable => tally.away += 1,
                answer => tally.wrong.push(format!("{answer:?} {:?} after the node went on", seen.answered - resumed)),
            }
        }
    }
    conclude(50, "a node stands still for 5 s", &tally, "no answer after it goes on calls the key good");
}
