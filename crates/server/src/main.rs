//! The program `latchkey`.

use std::process::ExitCode;

use clap::Parser;
use latchkey_server::{
    commands,
    config::{Cli, Command},
    privileges,
    telemetry::logs::{self, LogDestination},
};
use tokio::runtime::Builder;

/// A request allocates dozens of times, and frees on other threads; with glibc's allocator that was an eighth of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // The allocator requests huge pages and uses little of them, which wastes ten megabytes. An embedded Postgres inherits
    // the setting, and requests none.
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_thp_disable(true);
    privileges::restrict();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => match Cli::describe_invalid_value(&error) {
            Some(line) => return failed(&line),
            None => error.exit(),
        },
    };
    let (destination, threads) = match &cli.command {
        Command::Serve(serve) => (LogDestination::Stdout, serve.resources.worker_threads().get()),
        _ => (LogDestination::Stderr, 1),
    };
    let _flush_guard = logs::init(&cli.log, destination);
    let runtime = Builder::new_multi_thread().worker_threads(threads).enable_all().build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(commands::run(cli.command)),
        Err(error) => Err(error.into()),
    };
    match result {
        Ok(code) => code,
        Err(error) => failed(&error.to_string()),
    }
}

fn failed(line: &str) -> ExitCode {
    eprintln!("latchkey: {line}");
    ExitCode::FAILURE
}
