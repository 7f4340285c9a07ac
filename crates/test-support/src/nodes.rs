//! Nodes of one service: servers that share a database and its secrets.

use std::process::Command;

use crate::program::{latchkey, run};

/// 32 bytes in base64: the token secret and the pepper of all nodes.
pub const SECRET: &str = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

/// The password of every user that [`create_user`] creates.
pub const PASSWORD: &str = "the user's own password";

/// `latchkey serve` on a database, on a free port.
pub fn serve(url: &str) -> Command {
    let mut command = latchkey(["serve"]);
    command.env("LATCHKEY_LISTEN", "127.0.0.1:0").env("DATABASE_URL", url);
    command.env("LATCHKEY_TOKEN_SECRET", SECRET).env("LATCHKEY_PEPPERS", format!("1:{SECRET}"));
    command
}

/// Creates a user with [`PASSWORD`] on the command line.
pub fn create_user(url: &str, name: &str, role: &str) {
    let mut command = latchkey(["user", "create", name, "--role", role, "--password-stdin"]);
    run(command.env("DATABASE_URL", url), &format!("{PASSWORD}\n")).success();
}
