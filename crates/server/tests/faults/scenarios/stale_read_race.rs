//! The response to an uncached read is withheld while the key is revoked through another node. Neither the verification
//! that waits for it nor any later one may say that the key is valid.

use std::{thread, time::Duration};

use latchkey_test_support::{database::TestDatabase, wait::wait_until};

use crate::{
    fleet::{Fleet, Turn},
    observer::Observation,
    prober::Outcome,
    report::{self, conclude},
    revocation_method::RevocationMethod,
    rounds::Rounds,
    stats::Stats,
};

/// One round takes as long as this many rounds of other scenarios.
const COST: usize = 5;
/// How long after the acknowledgement the response passes: within the time that a read may take, and later.
const DELAYS: [Duration; 3] = [Duration::from_millis(60), Duration::from_millis(300), Duration::from_millis(1_300)];

#[test]
fn an_uncached_read_races_with_the_revocation() {
    let _turn = Turn::take();
    let database = TestDatabase::empty_blocking();
    let (proxy, fleet) = Fleet::behind_proxy(&database);
    let mut stats = Stats::default();
    for round in 0..(report::rounds() / COST).max(DELAYS.len()) {
        let key = fleet.create_key(1);
        // Caches the caller, so that the key is all that is read.
        fleet.prober(0, &fleet.create_key(1)).probe();
        let hash = database.session().rows(&format!("SELECT encode(hash, 'hex') FROM api_keys WHERE id = {}", key.id));
        proxy.withhold_response_to(decode_hex(&hash[0]));
        let (first, revocation) = thread::scope(|scope| {
            let first = scope.spawn(|| Observation::of(0, &mut fleet.prober(0, &key)));
            wait_until("the uncached read", || proxy.is_withholding());
            let revocation = Rounds::on(&fleet).revoke(1, RevocationMethod::Revoke, &key);
            thread::sleep(DELAYS[round % DELAYS.len()]);
            proxy.release();
            (first.join().unwrap(), revocation)
        });
        if first.outcome == Outcome::Valid {
            let after = first.received_at - revocation.acknowledged_at;
            stats.wrong.push(format!("valid {after:?} after the revocation"));
        }
        // After a failed read a node pauses before the next; what matters is that no response says valid.
        let later: Vec<Observation> = (0..5)
            .map(|_| {
                thread::sleep(Duration::from_millis(70));
                Observation::of(0, &mut fleet.prober(0, &key))
            })
            .collect();
        if later.iter().all(|observation| observation.outcome != Outcome::Invalid("revoked".to_owned())) {
            stats.wrong.push(format!("never revoked: {later:?}"));
        }
        stats.record(revocation, &[vec![first], later].concat());
    }
    conclude(60, "an uncached read of one node is withheld while the key is revoked", &stats, "");
}

fn decode_hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}
