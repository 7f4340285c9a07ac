//! The checker as a whole: against the contract itself, and against a made-up one for the vocabulary that the contract
//! does not use yet.

use super::{Fault, Loc};

mod agreement;
mod contract;
mod date_time;
mod vocabulary;

/// A fault as a line of a table: `int_parsing path.item_id`.
fn line(fault: &Fault) -> String {
    let loc: Vec<String> = fault
        .loc
        .iter()
        .map(|step| match step {
            Loc::Name(name) => name.clone(),
            Loc::Index(index) => format!("[{index}]"),
        })
        .collect();
    format!("{} {}", fault.kind, loc.join("."))
}

fn lines(faults: &[Fault]) -> Vec<String> {
    faults.iter().map(line).collect()
}
