//! The clock and the random source of the machine.

use std::{sync::LazyLock, time::Duration, time::Instant};

use chrono::{DateTime, Utc};
use latchkey_domain::{Clock, Env, Rng, TimeSource};

/// Returns the machine's clock, corrected by the database's, and the operating system's random number generator.
pub fn env() -> Env {
    Env { clock: Clock::new(MachineTime).corrected_by_database(), rng: Rng::new(fill_random) }
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

/// The time of the machine. Its monotonic time starts one second before the first call, so that it is never zero.
struct MachineTime;

impl TimeSource for MachineTime {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that is injected")]
    fn utc(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn monotonic(&self) -> Duration {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        START.elapsed() + Duration::from_secs(1)
    }
}
