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
/// Just beyond the promise, and long.
const STOPPED_FOR: [Duration; 2] = [Duration::from_millis(1_500), Duration::from_secs(5)];
/// Clients of the node that stands still, so that it does so in the middle of something.
const CLIENTS: usize = 4;

#[test]
fn a_node_that_stood_still_does_not_call_a_key_good_that_ended_meanwhile() {
    let _turn = Turn::take();
    let database = Database::create();
    let fleet = Fleet::on(&database);
    let mut tally = Tally::default();
    let mut under_way = 0;
    for round in 0..(report::rounds() / COST).max(STOPPED_FOR.len()) {
        let stopped = round / STOPPED_FOR.len() % NODES;
        let key = fleet.create_key(stopped);
        let others = Watch::start(fleet.askers(&key));
        let of_the_stopped = Watch::start((0..CLIENTS).map(|_| fleet.asker(stopped, &key)));
        others.wait_until_valid();
        of_the_stopped.wait_until_valid();
        let begin = Instant::now();
        fleet.nodes[stopped].signal(Signal::SIGSTOP);
        let ending = Ending::ALL[round % Ending::ALL.len()];
        let end = Rounds::on(&fleet).end((stopped + 1) % NODES, ending, &key);
        thread::sleep(STOPPED_FOR[round % STOPPED_FOR.len()].saturating_sub(begin.elapsed()));
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
                // It had been judged, and was on its way out: nobody can call it back.
                Answer::Valid if seen.asked < begin => under_way += 1,
                answer => tally.wrong.push(format!("{answer:?} {:?} after the node went on", seen.answered - resumed)),
            }
        }
    }
    let note =
        format!("{under_way} answers that were on their way out when it stopped called the key good, none other did");
    conclude(50, "a node stands still for 1.5 s or 5 s", &tally, &note);
}
