//! The clocks of two nodes are off by ten minutes, one ahead and one behind; those of the third and of the database are
//! right.

use std::{
    fs,
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

use latchkey_test_support::{database::TestDatabase, nodes::serve, wait::wait_until};
use serde_json::json;

use crate::{
    fleet::{Fleet, NODES, Turn},
    observer::Observer,
    prober::Outcome,
    report::{self, conclude},
    rounds::Rounds,
    stats::{REVOCATION_BOUND, Stats},
};

/// What is added to each node's clock.
const OFFSETS: [&str; NODES] = ["+10m", "-10m", "+0"];
/// The expiry of a key takes as long as this many rounds of other scenarios.
const COST: usize = 50;
/// By how much the nodes' clocks may differ, see `clock.rs`.
const TOLERANCE: Duration = Duration::from_millis(600);

#[test]
fn the_clocks_of_two_nodes_are_wrong() {
    let _turn = Turn::take();
    let database = TestDatabase::empty_blocking();
    let (url, library) = (database.url().to_owned(), faketime());
    let fleet = Fleet::start(database.url(), move |node| {
        let mut command = serve(&url);
        // The monotonic clock is right: on machines with a wrong time, durations are right too.
        command.env("LD_PRELOAD", &library).env("FAKETIME", OFFSETS[node]).env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        command
    });
    for node in 0..2 {
        wait_until("the node to detect that its clock is wrong", || {
            fleet.nodes[node].stdout().iter().any(|line| line.contains("clock differs from the database's"))
        });
    }
    let mut stats = Stats::default();
    Rounds::on(&fleet).run(report::rounds(), &mut stats);
    let expiries = (report::rounds() / COST).max(1);
    let latest = (0..expiries).map(|round| expire(&database, &fleet, round, &mut stats)).max().unwrap();
    let notes = format!("{expiries} keys expired, valid for at most {} ms after their expiry", latest.as_millis());
    conclude(110, "the clocks of two nodes are 10 minutes off, ahead and behind", &stats, &notes);
}

/// Lets a key expire, and returns for how long after its expiry it was valid.
fn expire(database: &TestDatabase, fleet: &Fleet, round: usize, stats: &mut Stats) -> Duration {
    const LIFETIME: Duration = Duration::from_secs(2);
    let key = fleet.create_key(round % NODES);
    let now = Instant::now();
    let query =
        "SELECT to_char((clock_timestamp() + interval '2 s') AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')";
    let expires_at = database.session().rows(query).remove(0);
    let expiry = now + LIFETIME;
    let client = &fleet.clients[round % NODES];
    let request = client.request(reqwest::Method::PATCH, &format!("/v1/api-keys/{}", key.id));
    let response = client.send(request.json(&json!({ "expires_at": expires_at })));
    assert_eq!(response.status, 200, "{response:?}");
    let observer = Observer::start(fleet.probers(&key));
    observer.wait_until_valid();
    thread::sleep((expiry + REVOCATION_BOUND + REVOCATION_BOUND / 2).saturating_duration_since(Instant::now()));
    let mut latest = Duration::ZERO;
    for observation in observer.stop() {
        match &observation.outcome {
            Outcome::Valid => latest = latest.max(observation.received_at.saturating_duration_since(expiry)),
            Outcome::Invalid(code) if code == "expired" && observation.received_at + TOLERANCE > expiry => {}
            Outcome::Unavailable | Outcome::Stale => stats.unavailable += 1,
            outcome => stats.wrong.push(format!("{outcome:?} of node {} before the expiry", observation.node)),
        }
    }
    if latest > REVOCATION_BOUND {
        stats.wrong.push(format!("valid {latest:?} after the expiry"));
    }
    latest
}

fn faketime() -> PathBuf {
    let directories = fs::read_dir("/usr/lib").unwrap().filter_map(Result::ok);
    let mut libraries = directories.map(|directory| directory.path().join("faketime/libfaketimeMT.so.1"));
    libraries.find(|library| library.exists()).expect("libfaketime is installed, as Debian's package `faketime` does")
}
