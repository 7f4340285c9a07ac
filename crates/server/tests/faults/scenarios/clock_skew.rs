//! The clocks of two nodes are off by ten minutes, one ahead and one behind; those of the third and of the database are
//! right. And the clock of the database is set back, and ahead for a moment.

use std::{
    fs,
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

use latchkey_test_support::{
    database::{TestDatabase, rows},
    nodes::{PASSWORD, create_user, serve},
    postgres::{PrivatePostgres, StopMode},
    program::Server,
    tempdir::TempDir,
    wait::wait_until,
};
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

#[test]
fn a_node_does_not_follow_the_clock_of_the_database_back_nor_ahead_for_a_moment() {
    let _turn = Turn::take();
    // The offset of the clock of Postgres, which reads this file again and again.
    let directory = TempDir::new();
    let offset = directory.path().join("offset");
    let set_clock = |text: &str| {
        let new = directory.path().join("new");
        fs::write(&new, text).unwrap();
        fs::rename(new, &offset).unwrap();
    };
    set_clock("+0\n");
    let postgres = PrivatePostgres::start();
    postgres.stop(StopMode::Fast);
    let (library, file) = (faketime(), offset.to_str().unwrap());
    postgres.restart_with(&[
        ("LD_PRELOAD", library.to_str().unwrap()),
        ("FAKETIME_TIMESTAMP_FILE", file),
        ("FAKETIME_NO_CACHE", "1"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ("FAKETIME_DISABLE_SHM", "1"),
    ]);
    create_user(postgres.url(), "alice", "member");
    let node = Server::spawn(&mut serve(postgres.url()), None);
    let key = node.client().logged_in("alice", PASSWORD).with_new_key();
    let forward_auth = || u16::from(key.get("/v1/forward-auth").status);
    assert_eq!(forward_auth(), 200);
    rows(postgres.url(), "UPDATE api_keys SET expires_at = clock_timestamp()");
    wait_until("the expiry", || forward_auth() == 401);

    let metric = |name: &str| {
        let metrics = node.client().get("/metrics").text().to_owned();
        let line = metrics.lines().find_map(|line| line.strip_prefix(name));
        line.expect("the metric exists").parse::<f64>().unwrap()
    };
    let set_back = || metric("latchkey_clock_database_set_back_seconds ");
    assert!(set_back() < 1.0);
    set_clock("-1h\n");
    wait_until("the node to detect it", || set_back() > 3_590.0);
    assert_eq!((forward_auth(), key.whoami()), (401, Err(401)));
    // Log lines are written with a delay.
    wait_until("the log line", || node.stdout().iter().any(|line| line.contains("the database's clock was set back")));

    set_clock("+0\n");
    wait_until("the clock to be followed again", || set_back() < 1.0);
    assert_eq!(forward_auth(), 401);

    // An hour ahead for a moment.
    rows(postgres.url(), "UPDATE api_keys SET expires_at = clock_timestamp() + interval '10 min'");
    wait_until("the expiry to be extended", || forward_auth() == 200);
    let wait_for_polls = || {
        let polls = || metric("latchkey_change_feed_polls_total{result=\"success\"} ");
        let before = polls();
        wait_until("polls", || polls() > before + 5.0);
    };
    for offset in ["+1h\n", "+0\n"] {
        set_clock(offset);
        wait_for_polls();
        assert_eq!((forward_auth(), set_back() < 1.0), (200, true));
    }
    node.stop();
}

fn faketime() -> PathBuf {
    let directories = fs::read_dir("/usr/lib").unwrap().filter_map(Result::ok);
    let mut libraries = directories.map(|directory| directory.path().join("faketime/libfaketimeMT.so.1"));
    libraries.find(|library| library.exists()).expect("libfaketime is installed, as Debian's package `faketime` does")
}
