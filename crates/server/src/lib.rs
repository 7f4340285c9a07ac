//! The program `latchkey`: configuration, the HTTP server around the domain, an embedded Postgres, telemetry, and the
//! commands. No rule about keys or users lives here; they are in `latchkey-domain`.

pub mod commands;
pub mod config;
pub mod embedded;
pub mod http;
pub mod secrets;
pub mod telemetry;

use chrono::Utc;
use latchkey_domain::Surroundings;

/// The machine's own clock and random source.
#[expect(clippy::disallowed_methods, reason = "here is where they are handed in")]
pub fn surroundings() -> Surroundings {
    Surroundings::new(Utc::now, fill_random)
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
