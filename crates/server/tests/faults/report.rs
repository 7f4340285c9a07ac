//! The table of scenarios: printed row by row, and written to the file that `LATCHKEY_FAULT_REPORT` names.

use std::{
    collections::BTreeMap,
    env, fs,
    sync::{Mutex, PoisonError},
};

use crate::stats::Stats;

const INTRODUCTION: &str = "\
# Fault injection

Written by `make faults`, from the tests in `crates/server/tests/faults/`.

Three nodes run on one Postgres, as processes that are reached over HTTP. In each round a key is created, all nodes
verify it without pause, and one node revokes it: in turn by revoking, disabling, deleting or rotating it without a
grace period, by an expiry in the past, by a policy without the verified scope, and by disabling its owner or project.
Keys of service accounts verify themselves, until their account gets a role that verifies no keys, or is no longer a
member. *Last valid* is the time from the acknowledgement until the last response from any node that said that the key
is valid; the bound is 1 s. A response is *wrong* when it breaks the contract: valid later than that, invalid before the
revocation or with another code, another status, or no response at all. A write is *lost* when it was acknowledged and
is not in the record afterwards.
*Unavailable* counts the responses that said, by 503 or by `stale`, that the database is unavailable or too slow.
";

const COLUMNS: &str = "\
| scenario | rounds | last valid: max | p99 | p50 | wrong responses | lost writes | unavailable | notes |
|---|---|---|---|---|---|---|---|---|
";

/// By number.
static ROWS: Mutex<BTreeMap<usize, String>> = Mutex::new(BTreeMap::new());

/// How many keys a scenario revokes.
pub fn rounds() -> usize {
    match env::var("LATCHKEY_FAULT_ROUNDS") {
        Ok(rounds) => rounds.parse().expect("LATCHKEY_FAULT_ROUNDS is a number"),
        Err(_) => 10,
    }
}

/// Adds a scenario's row to the table, which is ordered by `number`, and panics when the scenario failed.
pub fn conclude(number: usize, scenario: &str, stats: &Stats, notes: &str) {
    let last_valid = |percentile| match stats.last_valid(percentile) {
        Some(duration) => format!("{:.0} ms", duration.as_secs_f64() * 1_000.0),
        None => "–".to_owned(),
    };
    let (max, p99, p50) = (last_valid(100), last_valid(99), last_valid(50));
    let Stats { rounds, unavailable, .. } = stats;
    let (wrong, lost) = (stats.wrong.len(), stats.lost.len());
    let row = format!("| {scenario} | {rounds} | {max} | {p99} | {p50} | {wrong} | {lost} | {unavailable} | {notes} |");
    println!("{row}");
    let mut rows = ROWS.lock().unwrap_or_else(PoisonError::into_inner);
    rows.insert(number, row);
    if let Ok(path) = env::var("LATCHKEY_FAULT_REPORT") {
        let run = env::var("LATCHKEY_FAULT_RUN").map(|run| format!("{run}\n\n")).unwrap_or_default();
        let rows: Vec<&str> = rows.values().map(String::as_str).collect();
        fs::write(path, format!("{INTRODUCTION}{run}{COLUMNS}{}\n", rows.join("\n"))).unwrap();
    }
    stats.assert_correct();
}
