//! The program `latchkey`.

use std::process::ExitCode;

use clap::Parser;
use latchkey_server::{
    commands,
    config::{Cli, Command},
    telemetry::logs::{self, Stream},
};

#[tokio::main]
async fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => match Cli::wrong_value(&error) {
            Some(line) => return failed(&line),
            None => error.exit(),
        },
    };
    let stream = if matches!(cli.command, Command::Serve(_)) { Stream::Output } else { Stream::Errors };
    logs::start(&cli.log, stream);
    match commands::run(cli.command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error.to_string()),
    }
}

fn failed(line: &str) -> ExitCode {
    eprintln!("latchkey: {line}");
    ExitCode::FAILURE
}
