//! Servers beside one given Postgres, with the same secrets: nodes of one service.

use std::process::Command;

use crate::server::{latchkey, run};

/// 32 bytes in base64.
pub const SECRET: &str = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

/// Of every user that [`create_user`] makes.
pub const PASSWORD: &str = "the user's own password";

/// `latchkey serve` on a database, on a port that the system chooses.
pub fn serve(url: &str) -> Command {
    let mut command = latchkey(["serve"]);
    command.env("LATCHKEY_LISTEN", "127.0.0.1:0").env("DATABASE_URL", url);
    command.env("LATCHKEY_TOKEN_SECRET", SECRET).env("LATCHKEY_PEPPERS", format!("1:{SECRET}"));
    command
}

/// Makes a user beside the nodes, with [`PASSWORD`].
pub fn create_user(url: &str, name: &str, role: &str) {
    let mut command = latchkey(["user", "create", name, "--role", role, "--password-stdin"]);
    let ended = run(command.env("DATABASE_URL", url), &format!("{PASSWORD}\n"));
    assert_eq!(ended.code, Some(0), "{ended:?}");
}
