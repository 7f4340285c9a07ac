//! The clock and the random source of the machine.

use std::time::Duration;

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

/// The time of the machine.
struct MachineTime;

impl TimeSource for MachineTime {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that is injected")]
    fn utc(&self) -> DateTime<Utc> {
        Utc::now()
    }

    // Unlike `Instant`, this clock does not stand still while the machine is suspended, and reading it costs the same.
    #[cfg(target_os = "linux")]
    fn monotonic(&self) -> Duration {
        use nix::time::{ClockId, clock_gettime};
        clock_gettime(ClockId::CLOCK_BOOTTIME).expect("Linux has this clock since 2.6.39").into()
    }

    // It starts one second before the first call, so that it is never zero.
    #[cfg(not(target_os = "linux"))]
    fn monotonic(&self) -> Duration {
        static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
        START.elapsed() + Duration::from_secs(1)
    }
}
