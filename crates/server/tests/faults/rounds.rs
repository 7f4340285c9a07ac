//! Rounds: keys are created and probed at all nodes, and each is revoked through one of the nodes.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::{
    fleet::{Fleet, Key, NODES},
    observer::Observer,
    revocation_method::RevocationMethod,
    stats::{REVOCATION_BOUND, Revocation, Stats},
};

/// After the revocations, nodes are probed until no key has been valid for this long.
const QUIET: Duration = Duration::from_millis(400);
/// The probing ends after this time even if a key is still valid.
const TIMEOUT: Duration = Duration::from_secs(3);
/// One in this many keys is probed for longer than the revocation bound.
const LONG_OBSERVATION: usize = 4 * RevocationMethod::ALL.len();

/// The rounds of a scenario.
pub struct Rounds<'a> {
    pub fleet: &'a Fleet,
    /// The nodes through which keys are created, in turn.
    pub creators: &'a [usize],
    /// The ways to revoke the keys, in turn.
    pub methods: &'a [RevocationMethod],
}

impl<'a> Rounds<'a> {
    /// Rounds on all nodes.
    pub fn on(fleet: &'a Fleet) -> Self {
        Self { fleet, creators: &[0, 1, 2], methods: &RevocationMethod::ALL }
    }

    /// Revokes this many keys by each method and through each node in turn, one by each method at the same time.
    pub fn run(&self, count: usize, stats: &mut Stats) {
        self.run_with(count, stats, || {}, |node, method, key| self.revoke(node, method, key));
    }

    /// Does the same, but calls one function once the keys are being probed, and then another to revoke each.
    pub fn run_with(
        &self,
        count: usize,
        stats: &mut Stats,
        before_revocation: impl Fn(),
        revoke: impl Fn(usize, RevocationMethod, &Key) -> Revocation + Sync,
    ) {
        let numbers: Vec<usize> = (0..count).collect();
        for batch in numbers.chunks(RevocationMethod::ALL.len()) {
            self.batch(batch, stats, &before_revocation, &revoke);
        }
    }

    fn batch(
        &self,
        numbers: &[usize],
        stats: &mut Stats,
        before_revocation: impl Fn(),
        revoke: impl Fn(usize, RevocationMethod, &Key) -> Revocation + Sync,
    ) {
        let keys: Vec<(Key, Observer)> = numbers
            .iter()
            .map(|number| {
                let method = self.methods[number % self.methods.len()];
                let key = method.create_key(self.fleet, self.creators[number % self.creators.len()]);
                let observer = Observer::start(self.fleet.probers(&key));
                (key, observer)
            })
            .collect();
        for (_, observer) in &keys {
            observer.wait_until_valid();
        }
        before_revocation();
        let revocations: Vec<Revocation> = thread::scope(|scope| {
            let threads: Vec<_> = numbers
                .iter()
                .zip(&keys)
                .map(|(number, (key, _))| {
                    let method = self.methods[number % self.methods.len()];
                    // In time each method is used on each node.
                    let node = (number + number / RevocationMethod::ALL.len()) % NODES;
                    let revoke = &revoke;
                    scope.spawn(move || revoke(node, method, key))
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        // Now and then for longer than the bound: a revoked key must not become valid again.
        let is_long = numbers[0].is_multiple_of(LONG_OBSERVATION);
        thread::sleep(if is_long { REVOCATION_BOUND + QUIET } else { QUIET });
        let started = Instant::now();
        while started.elapsed() < TIMEOUT && keys.iter().any(|(_, key)| key.was_valid_within(QUIET)) {
            thread::sleep(QUIET / 4);
        }
        for ((key, observer), revocation) in keys.into_iter().zip(revocations) {
            stats.record(revocation, &observer.stop());
            self.check_write(&key, revocation.method, stats);
        }
    }

    /// Revokes a key through a node.
    pub fn revoke(&self, node: usize, method: RevocationMethod, key: &Key) -> Revocation {
        let requested_at = Instant::now();
        let response = method.apply(&self.fleet.clients[node], key).unwrap();
        let acknowledged_at = Instant::now();
        assert!(response.status.is_success(), "{method:?}: {response:?}");
        Revocation { method, requested_at, acknowledged_at }
    }

    /// Checks that the acknowledged revocation is in the record.
    fn check_write(&self, key: &Key, method: RevocationMethod, stats: &mut Stats) {
        if let (false, record) = method.is_written(&self.fleet.clients[0], key) {
            stats.lost.push(format!("{method:?}: {record:?}"));
        }
    }
}
