//! Tests of the whole validator: with Latchkey's contract, and with small documents for the vocabulary that the
//! contract does not use.

use crate::{Location, ValidationError};

mod agreement;
mod contract;
mod date_time;
mod ip;
mod vocabulary;

/// A validation error as one line, such as `int_parsing path.item_id`.
fn line(error: &ValidationError) -> String {
    let loc: Vec<String> = error
        .loc
        .iter()
        .map(|step| match step {
            Location::Name(name) => name.clone(),
            Location::Index(index) => format!("[{index}]"),
        })
        .collect();
    format!("{} {}", error.error_type, loc.join("."))
}

fn lines(errors: &[ValidationError]) -> Vec<String> {
    errors.iter().map(line).collect()
}
