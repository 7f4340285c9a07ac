//! The program `latchkey`: configuration, the HTTP server around the domain, an embedded Postgres, telemetry, and the
//! commands. No rule about keys or users lives here; they are in `latchkey-domain`.

mod clock;
pub mod commands;
pub mod config;
pub mod http;
pub mod secrets;
pub mod telemetry;

use std::sync::Arc;

pub use latchkey_embedded_postgres as embedded;

use latchkey_domain::Surroundings;

/// The machine's own clock, put right by the database's, and its random source.
pub fn surroundings() -> Surroundings {
    let clock = Arc::new(clock::Clock::default());
    let compared = Arc::clone(&clock);
    Surroundings::new(move || clock.now(), fill_random).compared_by(move |database| compared.compare(database))
}

/// Fresh random bytes from the operating system.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    fill_random(&mut bytes);
    bytes
}

#[expect(clippy::disallowed_methods, reason = "here is where they are handed in")]
fn fill_random(bytes: &mut [u8]) {
    // There is nothing sensible to go on with: no key can be made without randomness.
    getrandom::fill(bytes).expect("the operating system gives randomness");
}
