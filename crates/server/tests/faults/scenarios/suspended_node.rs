//! A node is suspended (SIGSTOP) while a key is revoked through another, and then resumed: it has missed every
//! notification, and its clients' requests are as old as its cache.

use std::{
    fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use latchkey_test_support::{database::TestDatabase, wait::wait_until};
use nix::{sys::signal::Signal, unistd::Pid};

use crate::{
    fleet::{Fleet, NODES, Turn},
    observer::Observer,
    prober::Outcome,
    report::{self, conclude},
    revocation_method::RevocationMethod,
    rounds::Rounds,
    stats::Stats,
};

/// One round takes as long as this many rounds of other scenarios.
const COST: usize = 50;
/// Just beyond the revocation bound, and much longer.
const SUSPENSIONS: [Duration; 2] = [Duration::from_millis(1_500), Duration::from_secs(5)];
/// Clients of the suspended node, so that it is suspended in the middle of requests.
const CLIENTS: usize = 4;

#[test]
fn a_key_revoked_during_a_suspension_is_invalid_after_the_resumption() {
    let _turn = Turn::take();
    let database = TestDatabase::empty_blocking();
    let fleet = Fleet::on(&database);
    let mut stats = Stats::default();
    let mut already_computed = 0;
    for round in 0..(report::rounds() / COST).max(SUSPENSIONS.len()) {
        let suspended = round / SUSPENSIONS.len() % NODES;
        let method = RevocationMethod::ALL[round % RevocationMethod::ALL.len()];
        let key = method.create_key(&fleet, suspended);
        let all_nodes = Observer::start(fleet.probers(&key));
        let suspended_node = Observer::start((0..CLIENTS).map(|_| fleet.prober(suspended, &key)));
        all_nodes.wait_until_valid();
        suspended_node.wait_until_valid();
        let signalled_at = Instant::now();
        fleet.nodes[suspended].signal(Signal::SIGSTOP);
        wait_until_stopped(fleet.nodes[suspended].pid());
        let suspended_at = Instant::now();
        let revocation = Rounds::on(&fleet).revoke((suspended + 1) % NODES, method, &key);
        thread::sleep(SUSPENSIONS[round % SUSPENSIONS.len()].saturating_sub(signalled_at.elapsed()));
        let resumed_at = Instant::now();
        fleet.nodes[suspended].signal(Signal::SIGCONT);
        thread::sleep(Duration::from_millis(1_500));
        let (all_nodes, mut suspended_node) = (all_nodes.stop(), suspended_node.stop());
        let (late, others): (Vec<_>, Vec<_>) = all_nodes
            .into_iter()
            .partition(|observation| observation.node == suspended && observation.received_at > resumed_at);
        stats.record(revocation, &others);
        suspended_node.retain(|observation| observation.received_at > resumed_at);
        for observation in late.iter().chain(&suspended_node) {
            match &observation.outcome {
                outcome if method.leads_to(outcome) => {}
                Outcome::Unavailable => stats.unavailable += 1,
                // The response was computed before the suspension; nothing can recall it.
                Outcome::Valid if observation.requested_at < suspended_at => already_computed += 1,
                outcome => {
                    let after = observation.received_at - resumed_at;
                    stats.wrong.push(format!("{outcome:?} {after:?} after the resumption"));
                }
            }
        }
    }
    let notes =
        format!("{already_computed} responses computed before the suspension said that the key is valid, no others");
    conclude(50, "a node is suspended for 1.5 s or 5 s", &stats, &notes);
}

/// Waits until all threads of a process have stopped: on a busy machine, some still respond for a moment after the signal.
fn wait_until_stopped(pid: Pid) {
    let is_stopped = |task: &Path| {
        let stat = fs::read_to_string(task.join("stat")).unwrap_or_default();
        stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('T'))
    };
    wait_until("the node is stopped", || {
        let mut tasks = fs::read_dir(format!("/proc/{pid}/task")).unwrap();
        tasks.all(|task| is_stopped(&task.unwrap().path()))
    });
}
