//! The program `latchkey`: configuration, the HTTP server around the domain, an embedded Postgres, telemetry, and
//! commands. It contains no rules about keys or users; those are in `latchkey-domain`.

mod clock;
pub mod commands;
pub mod config;
pub mod http;
pub mod secrets;
pub mod telemetry;

use std::sync::Arc;

pub use latchkey_embedded_postgres as embedded;

use latchkey_domain::Surroundings;

/// Returns the machine's clock, corrected by the database's, and the operating system's random number generator.
pub fn surroundings() -> Surroundings {
    let clock = Arc::new(clock::Clock::default());
    let compared = Arc::clone(&clock);
    Surroundings::new(move || clock.now(), fill_random).compared_by(move |database| compared.compare(database))
}

/// Returns random bytes from the operating system.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    fill_random(&mut bytes);
    bytes
}

#[expect(clippy::disallowed_methods, reason = "this is the random number generator that is injected")]
fn fill_random(bytes: &mut [u8]) {
    // Without randomness no key, token or password hash can be created.
    getrandom::fill(bytes).expect("the operating system provides random bytes");
}
