//! The program `latchkey`.

use std::process::ExitCode;

use clap::Parser;
use latchkey_server::{
    commands,
    config::{Cli, Command},
    telemetry::logs::{self, Stream},
};
use tokio::runtime::Builder;

/// A request allocates dozens of times, and frees on other threads; glibc's allocator took an eighth of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // The allocator asks for huge pages, and fills little of them: ten megabytes for nothing. An embedded Postgres inherits
    // this, and asks for none.
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_thp_disable(true);
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => match Cli::wrong_value(&error) {
            Some(line) => return failed(&line),
            None => error.exit(),
        },
    };
    let stream = if matches!(cli.command, Command::Serve(_)) { Stream::Output } else { Stream::Errors };
    let _waiting = logs::start(&cli.log, stream);
    let runtime = Builder::new_multi_thread().worker_threads(cli.worker_threads().get()).enable_all().build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(commands::run(cli.command)),
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error.to_string()),
    }
}

fn failed(line: &str) -> ExitCode {
    eprintln!("latchkey: {line}");
    ExitCode::FAILURE
}
