//! A rate limit is kept by each node for itself: how many requests pass when one key is used on all of them at once.

use std::{thread, time::Instant};

use serde_json::json;

use crate::{
    asker::{Answer, Asker, Credential},
    database::Database,
    fleet::{Fleet, NODES, Turn},
    report::conclude,
    tally::Tally,
};

const REQUESTS: usize = 30;
const SECONDS: usize = 60;
const ASKED: usize = 200;

#[test]
fn a_rate_limit_holds_on_each_node() {
    let _turn = Turn::take();
    let database = Database::create();
    let fleet = Fleet::on(&database);
    let mut tally = Tally::of_one_round();
    let key = fleet.create_key_with(0, json!({ "rate_limit": { "requests": REQUESTS, "seconds": SECONDS } }));
    let begin = Instant::now();
    let passed: Vec<usize> = thread::scope(|scope| {
        let clients: Vec<_> = (0..NODES)
            .map(|node| {
                let credential = Credential::Token(fleet.token.clone());
                let mut asker = Asker::new(fleet.nodes[node].address, &credential, &key.secret, &[]);
                scope.spawn(move || (0..ASKED).map(|_| asker.ask()).collect::<Vec<_>>())
            })
            .collect();
        clients
            .into_iter()
            .map(|client| {
                let answers = client.join().unwrap();
                let passed = answers.iter().filter(|answer| **answer == Answer::Valid).count();
                let refused =
                    answers.iter().filter(|answer| **answer == Answer::Refused("rate_limited".to_owned())).count();
                assert_eq!(passed + refused, ASKED, "{answers:?}");
                passed
            })
            .collect()
    });
    // The bucket fills meanwhile, by the one that is begun too.
    let filled = begin.elapsed().as_secs_f64() * REQUESTS as f64 / SECONDS as f64 + 1.0;
    for (node, passed) in passed.iter().enumerate() {
        assert!(*passed >= REQUESTS, "node {node} let {passed} of {REQUESTS} pass");
        if *passed as f64 > REQUESTS as f64 + filled {
            tally.wrong.push(format!("node {node} let {passed} pass"));
        }
    }
    let sum: usize = passed.iter().sum();
    let note = format!(
        "{sum} of {} asked pass a limit of {REQUESTS} for {SECONDS} s: each node counts for itself",
        NODES * ASKED
    );
    conclude(130, "a rate limit is met by three nodes at once", &tally, &note);
}
