//! The clocks of two nodes are wrong by ten minutes, one ahead and one behind; the third and the database are right.

use std::{
    fs,
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::{
    asker::Answer,
    database::{Database, Session},
    fleet::{Fleet, NODES, Turn},
    nodes::serve,
    report::{self, conclude},
    rounds::Rounds,
    tally::{PROMISE, Tally},
    wait::wait_until,
    watch::Watch,
};

/// What is added to each node's clock.
const OFFSETS: [&str; NODES] = ["+10m", "-10m", "+0"];
/// How many rounds of other scenarios take as long as the expiry of a key.
const COST: usize = 50;
/// By so much the clocks of nodes may differ, see `clock.rs`.
const TOLERANCE: Duration = Duration::from_millis(600);

#[test]
fn the_clocks_of_two_nodes_are_wrong() {
    let _turn = Turn::take();
    let database = Database::create();
    let (url, library) = (database.url.clone(), faketime());
    let fleet = Fleet::start(&database.url, move |node| {
        let mut command = serve(&url);
        // The clock of timers and of memory runs on as it should: machines whose clock is wrong are right about durations.
        command.env("LD_PRELOAD", &library).env("FAKETIME", OFFSETS[node]).env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        command
    });
    for node in 0..2 {
        wait_until("the node to find its clock wrong", || {
            fleet.nodes[node].stdout().iter().any(|line| line.contains("clock and the database's differ"))
        });
    }
    let mut tally = Tally::default();
    Rounds::on(&fleet).run(report::rounds(), &mut tally);
    let expiries = (report::rounds() / COST).max(1);
    let latest = (0..expiries).map(|round| expire(&database, &fleet, round, &mut tally)).max().unwrap();
    let note = format!("{expiries} keys expired by themselves, valid for at most {} ms after", latest.as_millis());
    conclude(110, "the clocks of two nodes are 10 minutes off, ahead and behind", &tally, &note);
}

/// How long after its expiry a key was called good last.
fn expire(database: &Database, fleet: &Fleet, round: usize, tally: &mut Tally) -> Duration {
    const AHEAD: Duration = Duration::from_secs(2);
    let key = fleet.create_key(round % NODES);
    let now = Instant::now();
    let query =
        "SELECT to_char((clock_timestamp() + interval '2 s') AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')";
    let expires_at = Session::open(&database.url).rows(query).remove(0);
    let expiry = now + AHEAD;
    let client = &fleet.clients[round % NODES];
    let change = client.request(reqwest::Method::PATCH, &format!("/v1/api-keys/{}", key.id));
    let changed = client.send(change.json(&json!({ "expires_at": expires_at })));
    assert_eq!(changed.status, 200, "{changed:?}");
    let watch = Watch::start(fleet.askers(&key));
    watch.wait_until_valid();
    thread::sleep((expiry + PROMISE + PROMISE / 2).saturating_duration_since(Instant::now()));
    let mut latest = Duration::ZERO;
    for seen in watch.stop() {
        match &seen.answer {
            Answer::Valid => latest = latest.max(seen.answered.saturating_duration_since(expiry)),
            Answer::Refused(code) if code == "expired" && seen.answered + TOLERANCE > expiry => {}
            Answer::Unavailable | Answer::Stale => tally.away += 1,
            answer => tally.wrong.push(format!("{answer:?} of node {} before the expiry", seen.node)),
        }
    }
    if latest > PROMISE {
        tally.wrong.push(format!("valid {latest:?} after the expiry"));
    }
    latest
}

fn faketime() -> PathBuf {
    let directories = fs::read_dir("/usr/lib").unwrap().filter_map(Result::ok);
    let mut libraries = directories.map(|directory| directory.path().join("faketime/libfaketimeMT.so.1"));
    libraries.find(|library| library.exists()).expect("libfaketime is installed; `make test` does so, on Debian")
}
