//! Postgres is stopped and started under load. Meanwhile each node says what it may by its `LATCHKEY_MAX_STALE`, and
//! afterwards goes on by itself.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::{
    asker::{Answer, Asker, Credential},
    database::Session,
    ending::{Ending, SCOPE},
    fleet::{Fleet, Key, NODES, Turn},
    load::Load,
    nodes::serve,
    postgres::{Postgres, Stop},
    report::{self, conclude},
    tally::{End, PROMISE, Tally},
    wait::{wait_for, wait_until},
    watch::{Seen, Watch},
};

/// How many rounds of other scenarios take as long as one of these.
const COST: usize = 50;
const STALE_LIMITS: [&str; NODES] = ["0s", "2s", "60s"];
const LIMIT_OF_1: Duration = Duration::from_secs(2);
/// Between a node's last confirmation and the stop.
const SLACK: Duration = Duration::from_millis(300);
const OUTAGE: Duration = Duration::from_millis(3_000);

#[test]
fn postgres_is_stopped_and_started_under_load() {
    let _turn = Turn::take();
    let postgres = Postgres::start();
    let url = postgres.url.clone();
    let fleet = Fleet::start(&postgres.url, move |node| {
        let mut command = serve(&url);
        command.env("LATCHKEY_MAX_STALE", STALE_LIMITS[node]);
        command
    });
    let mut tally = Tally::default();
    let mut slowest_recovery = Duration::ZERO;
    for round in 0..(report::rounds() / COST).max(2) {
        let how = [Stop::Fast, Stop::Immediate][round % 2];
        let recovery = outage(&postgres, &fleet, how, round / 2 % 2 == 0, &mut tally);
        slowest_recovery = slowest_recovery.max(recovery);
    }
    let note = format!("all nodes ready within {slowest_recovery:.1?} once it answered");
    conclude(80, "Postgres is stopped (fast, immediate) and started under load", &tally, &note);
}

/// How long after Postgres answered again all nodes were ready.
fn outage(postgres: &Postgres, fleet: &Fleet, how: Stop, is_ended_before: bool, tally: &mut Tally) -> Duration {
    let [kept, ended, unknown] = [0, 1, 2].map(|node| fleet.create_key(node));
    let kept_watch = Watch::start(fleet.askers(&kept));
    let ended_watch = Watch::start(fleet.askers(&ended));
    // Gateways may ask by a key of their own, too; one of these is switched off, and may be on again without a node's knowing.
    let [gateway, disabled] = ["of a gateway", "of another"].map(|what| fleet.clients[0].create_key(what));
    let asker_by = |key: &str, node: usize| {
        Asker::new(fleet.nodes[node].address, &Credential::Key(key.to_owned()), &kept.secret, &[SCOPE])
    };
    let by_key = Watch::start((0..NODES).map(|node| asker_by(&gateway.1, node)));
    Ending::Disable.ask(&fleet.clients[0], disabled.0).unwrap();
    for node in 0..NODES {
        let answer = asker_by(&disabled.1, node).ask();
        assert!(matches!(&answer, Answer::Other(text) if text.starts_with("401")), "{answer:?}");
    }
    for watch in [&kept_watch, &ended_watch, &by_key] {
        watch.wait_until_valid();
    }
    let load = Load::start(fleet.nodes[1].address, &fleet.token);
    load.wait_for_more(20);

    let mut end = is_ended_before.then(|| revoke(&Session::open(&postgres.url), &ended));
    let stopping = Instant::now();
    postgres.stop(how);
    let gone = Instant::now();
    thread::sleep(PROMISE);
    for node in 0..NODES {
        for (what, mut asker) in
            [("about a key it does not know", fleet.asker(node, &unknown)), ("to a key", asker_by(&disabled.1, node))]
        {
            let answer = asker.ask();
            if answer != Answer::Unavailable {
                tally.wrong.push(format!("{answer:?} of node {node} {what}"));
            }
        }
    }
    thread::sleep(OUTAGE.saturating_sub(gone.elapsed()));
    let starting = Instant::now();
    postgres.start_again();
    let session = wait_for("Postgres to answer", || Session::try_open(&postgres.url).ok());
    let back = Instant::now();
    let end = *end.get_or_insert_with(|| revoke(&session, &ended));
    let ready = [0, 1, 2].map(|node: usize| {
        wait_until("the node to be ready", || fleet.nodes[node].client().get("/readyz").status == 200);
        Instant::now()
    });
    thread::sleep(2 * PROMISE);

    let ended_seen = ended_watch.stop();
    for seen in &ended_seen {
        let is_late = seen.asked > end.acknowledged.max(ready[seen.node]) + PROMISE;
        if is_late && seen.answer != Answer::Refused("revoked".to_owned()) {
            tally.wrong.push(format!("{:?} of node {} long after it was ready", seen.answer, seen.node));
        }
    }
    tally.judge(end, &ended_seen);
    let outage = Outage { stopping, gone, starting, ready };
    for seen in [kept_watch.stop(), by_key.stop()].concat() {
        outage.judge(&seen, tally);
    }
    let ledger = load.stop();
    ledger.assert_kept(&fleet.clients[0]);
    *ready.iter().max().unwrap() - back
}

/// The times of an outage.
struct Outage {
    stopping: Instant,
    gone: Instant,
    starting: Instant,
    /// Of each node.
    ready: [Instant; NODES],
}

impl Outage {
    /// What each node may say of a key that it remembers and that stays good.
    fn judge(&self, seen: &Seen, tally: &mut Tally) {
        let is_within = |from: Instant, to: Instant| seen.asked > from && seen.answered < to;
        // By then no confirmation holds any more that came before the stop.
        let unsure = self.gone + PROMISE;
        let is_right = match (seen.node, &seen.answer) {
            _ if seen.asked > self.ready[seen.node] + PROMISE => seen.answer == Answer::Valid,
            (0, answer) if is_within(unsure, self.starting) => *answer == Answer::Unavailable,
            (1, answer) if is_within(unsure, self.stopping + LIMIT_OF_1 - SLACK) => *answer == Answer::Stale,
            (1, answer) if is_within(self.gone + LIMIT_OF_1 + SLACK, self.starting) => *answer == Answer::Unavailable,
            (2, answer) if is_within(unsure, self.starting) => *answer == Answer::Stale,
            (0, Answer::Stale) => false,
            (_, answer) => matches!(answer, Answer::Valid | Answer::Stale | Answer::Unavailable),
        };
        if !is_right {
            let since = seen.asked.saturating_duration_since(self.gone);
            tally.wrong.push(format!("{:?} of node {} {since:?} after the stop", seen.answer, seen.node));
        }
        if matches!(seen.answer, Answer::Stale | Answer::Unavailable) {
            tally.away += 1;
        }
    }
}

/// As an operator would at a prompt.
fn revoke(session: &Session, key: &Key) -> End {
    let asked = Instant::now();
    session.rows(&format!("UPDATE api_keys SET revoked_at = now(), version = version + 1 WHERE id = {}", key.id));
    End { by: Ending::Revoke, asked, acknowledged: Instant::now() }
}
