//! This version and the program of the last release on one database: both at once, one after the other, and the migrations
//! between them under load. `make test-upgrade` builds that program; without it, the tests say that they did nothing.

mod migrations;
mod mixed_versions;

use std::path::PathBuf;

use latchkey_test_support::program::released_executable;

/// The program of the last release; `None`, with a message, if there is none.
fn released() -> Option<PathBuf> {
    let program = released_executable();
    if program.is_none() {
        eprintln!("NOT RUN: LATCHKEY_TEST_RELEASED_PROGRAM does not name a program; `make test-upgrade` builds it");
    }
    program
}
