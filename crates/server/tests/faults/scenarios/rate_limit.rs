//! Each node enforces a rate limit by itself: how many requests pass when one key is used at all nodes at the same
//! time.

use std::{thread, time::Instant};

use latchkey_test_support::database::TestDatabase;
use serde_json::json;

use crate::{
    fleet::{Fleet, NODES, Turn},
    prober::{Credential, Outcome, Prober},
    report::conclude,
    stats::Stats,
};

/// The limit: this many requests in this many seconds.
const LIMIT: usize = 30;
const SECONDS: usize = 60;
/// The requests to each node.
const REQUESTS: usize = 200;

#[test]
fn each_node_enforces_a_rate_limit() {
    let _turn = Turn::take();
    let database = TestDatabase::empty_blocking();
    let fleet = Fleet::on(&database);
    let mut stats = Stats::of_one_round();
    let key = fleet.create_key_with(0, &json!({ "rate_limit": { "requests": LIMIT, "seconds": SECONDS } }));
    let started = Instant::now();
    let passed: Vec<usize> = thread::scope(|scope| {
        let threads: Vec<_> = (0..NODES)
            .map(|node| {
                let credential = Credential::Token(fleet.token.clone());
                let mut prober = Prober::new(fleet.nodes[node].address, &credential, &key.secret, &[]);
                scope.spawn(move || (0..REQUESTS).map(|_| prober.probe()).collect::<Vec<_>>())
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| {
                let outcomes = thread.join().unwrap();
                let limited = Outcome::Invalid("rate_limited".to_owned());
                let passed = outcomes.iter().filter(|outcome| **outcome == Outcome::Valid).count();
                let rejected = outcomes.iter().filter(|outcome| **outcome == limited).count();
                assert_eq!(passed + rejected, REQUESTS, "{outcomes:?}");
                passed
            })
            .collect()
    });
    // The bucket refills meanwhile; one request is added for the fraction that it holds at the end.
    let refilled = started.elapsed().as_secs_f64() * LIMIT as f64 / SECONDS as f64 + 1.0;
    for (node, passed) in passed.iter().enumerate() {
        assert!(*passed >= LIMIT, "node {node} let {passed} of {LIMIT} pass");
        if *passed as f64 > LIMIT as f64 + refilled {
            stats.wrong.push(format!("node {node} let {passed} pass"));
        }
    }
    let sum: usize = passed.iter().sum();
    let requests = NODES * REQUESTS;
    let notes =
        format!("{sum} of {requests} requests pass a limit of {LIMIT} in {SECONDS} s: each node counts its own");
    conclude(130, "a rate-limited key is used at three nodes concurrently", &stats, &notes);
}
