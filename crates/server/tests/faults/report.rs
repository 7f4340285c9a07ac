//! The table of faults: a row for each scenario, printed, and written to the file that `LATCHKEY_FAULT_REPORT` names.

use std::{
    collections::BTreeMap,
    env, fs,
    sync::{Mutex, PoisonError},
};

use crate::tally::Tally;

const HEAD: &str = "\
# Faults

Written by `make faults`, from the tests in `crates/server/tests/faults/`.

Three nodes on one Postgres, real processes and real HTTP. For each round a key is made, all nodes are asked about it without
pause, and one of them is told to end it: in turn by revocation, disabling, deletion, rotation without overlap, an expiry in
the past, a narrower policy. *Latest valid* is when the last answer that called the key good was received from any node,
counted from the acknowledgement; the promise is 1 s. An answer is *wrong* when it breaks the contract: good later than that,
refused before the end or for another reason, another status, or no answer at all. A write is *lost* when it was acknowledged
and is not so afterwards. *Away* counts the answers that said, by 503 or by `stale`, that the database is away or too slow.

";

const COLUMNS: &str = "\
| fault | rounds | latest valid: max | p99 | p50 | wrong answers | writes lost | away | |
|---|---|---|---|---|---|---|---|---|
";

/// By number.
static ROWS: Mutex<BTreeMap<usize, String>> = Mutex::new(BTreeMap::new());

/// How many keys a scenario ends.
pub fn rounds() -> usize {
    match env::var("LATCHKEY_FAULT_ROUNDS") {
        Ok(rounds) => rounds.parse().expect("LATCHKEY_FAULT_ROUNDS is a number"),
        Err(_) => 10,
    }
}

/// Puts a scenario's row into the table, and fails when it broke the contract.
pub fn conclude(number: usize, fault: &str, tally: &Tally, note: &str) {
    let latest = |percentile| match tally.latest(percentile) {
        Some(latest) => format!("{:.0} ms", latest.as_secs_f64() * 1_000.0),
        None => "–".to_owned(),
    };
    let (max, p99, p50) = (latest(100), latest(99), latest(50));
    let Tally { rounds, away, .. } = tally;
    let (wrong, lost) = (tally.wrong.len(), tally.lost.len());
    let row = format!("| {fault} | {rounds} | {max} | {p99} | {p50} | {wrong} | {lost} | {away} | {note} |");
    println!("{row}");
    let mut rows = ROWS.lock().unwrap_or_else(PoisonError::into_inner);
    rows.insert(number, row);
    if let Ok(path) = env::var("LATCHKEY_FAULT_REPORT") {
        let run = env::var("LATCHKEY_FAULT_RUN").map(|run| format!("{run}\n\n")).unwrap_or_default();
        let rows: String = rows.values().map(|row| format!("{row}\n")).collect();
        fs::write(path, format!("{HEAD}{run}{COLUMNS}{rows}")).unwrap();
    }
    tally.assert_good();
}
