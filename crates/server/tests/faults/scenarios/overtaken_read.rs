//! The answer to a cold read is held back while the key is revoked through another node. Neither what is said of that
//! answer, nor anything later, may call the key good once the node knows better.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::{
    asker::Answer,
    database::{Database, rows},
    ending::Ending,
    fleet::{Fleet, Turn},
    report::{self, conclude},
    rounds::Rounds,
    tally::Tally,
    wait::wait_until,
    watch::Seen,
};

/// How many rounds of other scenarios take as long as one of these.
const COST: usize = 5;
/// How long after the acknowledgement the answer is let through; within the time that a read may take, and beyond.
const HELD_FOR: [Duration; 3] = [Duration::from_millis(60), Duration::from_millis(300), Duration::from_millis(1_300)];

#[test]
fn a_cold_read_is_overtaken_by_the_revocation() {
    let _turn = Turn::take();
    let database = Database::create();
    let (relay, fleet) = Fleet::behind_relay(&database);
    let mut tally = Tally::default();
    for round in 0..(report::rounds() / COST).max(HELD_FOR.len()) {
        let key = fleet.create_key(1);
        // The node remembers the asker's own standing, so that the key is all that is read.
        fleet.asker(0, &fleet.create_key(1)).ask();
        let hash = rows(&database.url, &format!("SELECT encode(hash, 'hex') FROM api_keys WHERE id = {}", key.id));
        relay.hold(unhex(&hash[0]));
        let (first, end) = thread::scope(|scope| {
            let asker = scope.spawn(|| {
                let asked = Instant::now();
                let answer = fleet.asker(0, &key).ask();
                Seen { node: 0, asked, answered: Instant::now(), answer }
            });
            wait_until("the cold read", || relay.holds());
            let end = Rounds::on(&fleet).end(1, Ending::Revoke, &key);
            thread::sleep(HELD_FOR[round % HELD_FOR.len()]);
            relay.release();
            (asker.join().unwrap(), end)
        });
        if first.answer == Answer::Valid {
            tally.wrong.push(format!("valid {:?} after the revocation", first.answered - end.acknowledged));
        }
        // A failed read keeps others from being tried for a moment; what matters is that none says valid.
        let later: Vec<Seen> = (0..5)
            .map(|_| {
                thread::sleep(Duration::from_millis(70));
                let asked = Instant::now();
                let answer = fleet.asker(0, &key).ask();
                Seen { node: 0, asked, answered: Instant::now(), answer }
            })
            .collect();
        if later.iter().all(|seen| seen.answer != Answer::Refused("revoked".to_owned())) {
            tally.wrong.push(format!("never refused: {later:?}"));
        }
        tally.judge(end, &[vec![first], later].concat());
    }
    conclude(60, "a cold read of one node is held while the key is revoked", &tally, "");
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}
