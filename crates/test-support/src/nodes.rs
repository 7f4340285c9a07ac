//! Nodes of one service: servers that share a database and its secrets.

use std::{path::Path, process::Command};

use crate::program::{executable, run, version_of_latchkey};

/// 32 bytes in base64: the token secret and the pepper of all nodes.
pub const SECRET: &str = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

/// The password of every user that [`create_user`] creates.
pub const PASSWORD: &str = "the user's own password";

/// `latchkey serve` on a database, on a free port.
pub fn serve(url: &str) -> Command {
    serve_version(&executable(), url)
}

/// Like [`serve`], with the program at this path.
pub fn serve_version(program: &Path, url: &str) -> Command {
    let mut command = version_of_latchkey(program, ["serve"]);
    command.env("LATCHKEY_LISTEN", "127.0.0.1:0").env("DATABASE_URL", url);
    // Tests send as many requests with one credential as they can.
    command.env("LATCHKEY_WRITE_RATE_LIMIT", "none").env("LATCHKEY_READ_RATE_LIMIT", "none");
    command.env("LATCHKEY_TOKEN_SECRET", SECRET).env("LATCHKEY_PEPPERS", format!("1:{SECRET}"));
    command
}

/// Creates a user with [`PASSWORD`] on the command line.
pub fn create_user(url: &str, name: &str, role: &str) {
    create_user_by_version(&executable(), url, name, role);
}

/// Like [`create_user`], with the program at this path.
pub fn create_user_by_version(program: &Path, url: &str, name: &str, role: &str) {
    let mut command = version_of_latchkey(program, ["user", "create", name, "--role", role, "--password-stdin"]);
    run(command.env("DATABASE_URL", url), &format!("{PASSWORD}\n")).success();
}
