//! The program `latchkey`.

use std::process::ExitCode;

use clap::Parser;
use latchkey_server::{commands, config::Cli, telemetry::logs};

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    logs::start(&cli.log);
    match commands::run(cli.command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("latchkey: {error}");
            ExitCode::FAILURE
        }
    }
}
