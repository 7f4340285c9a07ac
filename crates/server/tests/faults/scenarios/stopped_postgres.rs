//! Postgres is stopped and started under load. Meanwhile each node responds as its `LATCHKEY_MAX_STALE` allows, and
//! afterwards it recovers by itself.

use std::{
    thread,
    time::{Duration, Instant},
};

use latchkey_test_support::{
    database::Session,
    load::Load,
    nodes::serve,
    postgres::{PrivatePostgres, StopMode},
    wait::{wait_for, wait_until},
};
use serde_json::json;

use crate::{
    fleet::{Fleet, Key, NODES, Turn},
    observer::{Observation, Observer},
    prober::{Credential, Outcome, Prober},
    report::{self, conclude},
    revocation_method::{RevocationMethod, SCOPE},
    stats::{REVOCATION_BOUND, Revocation, Stats},
};

/// One round takes as long as this many rounds of other scenarios.
const COST: usize = 50;
/// How long each node may serve stale keys.
const MAX_STALE: [&str; NODES] = ["0s", "2s", "60s"];
const MAX_STALE_OF_1: Duration = Duration::from_secs(2);
/// How long before the outage a node may last have been in sync.
const SLACK: Duration = Duration::from_millis(300);
const OUTAGE: Duration = Duration::from_millis(3_000);

#[test]
fn postgres_is_stopped_and_started_under_load() {
    let _turn = Turn::take();
    let postgres = PrivatePostgres::start();
    let url = postgres.url().to_owned();
    let fleet = Fleet::start(postgres.url(), move |node| {
        let mut command = serve(&url);
        command.env("LATCHKEY_MAX_STALE", MAX_STALE[node]);
        command
    });
    let mut stats = Stats::default();
    let mut slowest_recovery = Duration::ZERO;
    for round in 0..(report::rounds() / COST).max(2) {
        let mode = [StopMode::Fast, StopMode::Immediate][round % 2];
        let recovery = outage(&postgres, &fleet, mode, round / 2 % 2 == 0, &mut stats);
        slowest_recovery = slowest_recovery.max(recovery);
    }
    let notes = format!("all nodes ready within {slowest_recovery:.1?} once it accepted connections");
    conclude(80, "Postgres is stopped (fast, immediate) and started under load", &stats, &notes);
}

/// Causes one outage; one key is revoked before or after it. Returns the time from when Postgres accepted connections
/// again until all nodes were ready.
fn outage(
    postgres: &PrivatePostgres,
    fleet: &Fleet,
    mode: StopMode,
    is_revoked_before: bool,
    stats: &mut Stats,
) -> Duration {
    let [kept, revoked, uncached] = [0, 1, 2].map(|node| fleet.create_key(node));
    let kept_observer = Observer::start(fleet.probers(&kept));
    let revoked_observer = Observer::start(fleet.probers(&revoked));
    // Gateways may authenticate by a key, too. One of these is disabled; a node cannot know whether it was enabled
    // again.
    let [gateway, disabled] = [0, 0].map(|node| fleet.create_key_with(node, &json!({})));
    let prober_with = |key: &str, node: usize| {
        Prober::new(fleet.nodes[node].address, &Credential::Key(key.to_owned()), &kept.secret, &[SCOPE])
    };
    let by_key = Observer::start((0..NODES).map(|node| prober_with(&gateway.secret, node)));
    RevocationMethod::Disable.apply(&fleet.clients[0], &disabled).unwrap();
    for node in 0..NODES {
        let outcome = prober_with(&disabled.secret, node).probe();
        assert_eq!(outcome, Outcome::Refused("invalid_credentials".to_owned()));
    }
    for observer in [&kept_observer, &revoked_observer, &by_key] {
        observer.wait_until_valid();
    }
    let load = Load::start(fleet.nodes[1].address, &fleet.token);
    load.wait_for_more(20);

    let mut revocation = is_revoked_before.then(|| revoke(&Session::open(postgres.url()), &revoked));
    let stopping = Instant::now();
    postgres.stop(mode);
    let stopped = Instant::now();
    thread::sleep(REVOCATION_BOUND);
    for node in 0..NODES {
        for (what, mut prober) in [
            ("for an uncached key", fleet.prober(node, &uncached)),
            ("for a disabled caller", prober_with(&disabled.secret, node)),
        ] {
            let outcome = prober.probe();
            if outcome != Outcome::Unavailable {
                stats.wrong.push(format!("{outcome:?} of node {node} {what}"));
            }
        }
    }
    thread::sleep(OUTAGE.saturating_sub(stopped.elapsed()));
    let starting = Instant::now();
    postgres.restart();
    let session = wait_for("Postgres to accept connections", || Session::try_open(postgres.url()).ok());
    let started = Instant::now();
    let revocation = *revocation.get_or_insert_with(|| revoke(&session, &revoked));
    let ready = [0, 1, 2].map(|node: usize| {
        wait_until("the node to be ready", || fleet.nodes[node].client().get("/readyz").status == 200);
        Instant::now()
    });
    thread::sleep(2 * REVOCATION_BOUND);

    let observations = revoked_observer.stop();
    for Observation { node, requested_at, outcome, .. } in &observations {
        let is_late = *requested_at > revocation.acknowledged_at.max(ready[*node]) + REVOCATION_BOUND;
        if is_late && *outcome != Outcome::Invalid("revoked".to_owned()) {
            stats.wrong.push(format!("{outcome:?} of node {node} long after it was ready"));
        }
    }
    stats.record(revocation, &observations);
    let outage = Outage { stopping, stopped, starting, ready };
    for observation in [kept_observer.stop(), by_key.stop()].concat() {
        outage.check(&observation, stats);
    }
    load.stop().assert_durable(&fleet.clients[0]);
    *ready.iter().max().unwrap() - started
}

/// The times of an outage.
struct Outage {
    stopping: Instant,
    stopped: Instant,
    starting: Instant,
    /// When each node was ready again.
    ready: [Instant; NODES],
}

impl Outage {
    /// Checks what a node said of a cached key that stays valid.
    fn check(&self, observation: &Observation, stats: &mut Stats) {
        let Observation { node, requested_at, received_at, outcome } = observation;
        let is_within = |from: Instant, to: Instant| *requested_at > from && *received_at < to;
        // From then on no cache entry is fresh.
        let not_fresh = self.stopped + REVOCATION_BOUND;
        let is_right = match (*node, outcome) {
            _ if *requested_at > self.ready[*node] + REVOCATION_BOUND => *outcome == Outcome::Valid,
            (0, _) if is_within(not_fresh, self.starting) => *outcome == Outcome::Unavailable,
            (1, _) if *requested_at > not_fresh && *received_at + SLACK < self.stopping + MAX_STALE_OF_1 => {
                *outcome == Outcome::Stale
            }
            (1, _) if is_within(self.stopped + MAX_STALE_OF_1 + SLACK, self.starting) => {
                *outcome == Outcome::Unavailable
            }
            (2, _) if is_within(not_fresh, self.starting) => *outcome == Outcome::Stale,
            (0, Outcome::Stale) => false,
            _ => matches!(outcome, Outcome::Valid | Outcome::Stale | Outcome::Unavailable),
        };
        if !is_right {
            let since = requested_at.saturating_duration_since(self.stopped);
            stats.wrong.push(format!("{outcome:?} of node {node} {since:?} after the stop"));
        }
        if matches!(outcome, Outcome::Stale | Outcome::Unavailable) {
            stats.unavailable += 1;
        }
    }
}

/// Revokes a key by SQL.
fn revoke(session: &Session, key: &Key) -> Revocation {
    let requested_at = Instant::now();
    session.rows(&format!("UPDATE api_keys SET revoked_at = now(), version = version + 1 WHERE id = {}", key.id));
    Revocation { method: RevocationMethod::Revoke, requested_at, acknowledged_at: Instant::now() }
}
