//! The first start creates a database, secrets and a user; later starts keep them.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use latchkey_test_support::{
    program::{ADMIN_PASSWORD, Server, run, secret_files, serve},
    tempdir::TempDir,
    wait::wait_for,
};

#[test]
fn the_first_start_creates_the_admin_with_the_configured_password() {
    let directory = TempDir::new();
    let server = Server::start(&directory.data());
    let me = server.admin().get("/v1/users/me").json();
    assert_eq!((&me["username"], &me["role"]), (&"admin".into(), &"admin".into()));
    assert_eq!(server.client().log_in("admin", "another password").status, 400);
    let output = server.stop();
    assert_eq!(output.stderr, "Created the user `admin` with the password in LATCHKEY_ADMIN_PASSWORD.");

    // The password is used on the first start only.
    let mut again = serve(&directory.data());
    let server = Server::spawn(again.env("LATCHKEY_ADMIN_PASSWORD", "yet another password"), Some(&directory.data()));
    assert_eq!(server.client().log_in("admin", "yet another password").status, 400);
    assert_eq!(server.client().log_in("admin", ADMIN_PASSWORD).status, 200);
    assert_eq!(server.stop().stderr, "");
}

#[test]
fn a_generated_password_is_printed_once_with_a_curl_command_that_works() {
    let directory = TempDir::new();
    let data = directory.data();
    let server = Server::spawn(&mut serve(&data), Some(&data));
    let curl = wait_for("a line with curl", || server.stderr().into_iter().find(|line| line.contains("curl ")));
    let response = run(Command::new("sh").args(["-c", curl.trim()]), "");
    assert_eq!(response.code, Some(0), "{response:?}");
    let response: serde_json::Value = serde_json::from_str(&response.stdout).expect("curl prints the response");
    let token = response["access_token"].as_str().expect("the response has a token");
    let client = server.client().with_token(token);
    assert_eq!(client.whoami().as_deref(), Ok("admin"));
    let (id, key) = client.create_key("from before the stop");
    let first = server.stop();
    let password = first.stderr.lines().nth(3).expect("the password is alone on the fourth line").trim();
    assert_eq!(password.len(), 32);
    assert!(curl.contains(password));
    assert!(!first.stdout.contains(password), "the password is in the log");

    let server = Server::spawn(&mut serve(&data), Some(&data));
    assert_eq!(server.client().with_token(token).whoami().as_deref(), Ok("admin"));
    assert_eq!(server.client().with_key(&key).whoami().as_deref(), Ok("admin"));
    let record = server.client().with_token(token).get(&format!("/v1/api-keys/{id}")).json();
    assert_eq!(record["description"], "from before the stop");
    assert_eq!(server.client().log_in("admin", password).status, 200);
    let second = server.stop();
    assert_eq!(second.stderr, "");
    assert!(!second.stdout.contains(password));
}

#[test]
fn other_accounts_cannot_read_the_data_directory() {
    let directory = TempDir::new();
    let server = Server::start(&directory.data());
    let others_may = |path: &Path| fs::symlink_metadata(path).unwrap().permissions().mode() & 0o077 != 0;
    for file in files_below(&directory.data()) {
        let is_socket = file.starts_with(directory.data().join("socket"));
        assert!(is_socket || !others_may(&file), "other accounts may use {}", file.display());
    }
    for closed in ["postgres", "socket"] {
        assert!(!others_may(&directory.data().join(closed)), "other accounts may enter {closed}");
    }
    for secret in secret_files(&directory.data()) {
        assert_eq!(fs::metadata(&secret).unwrap().permissions().mode() & 0o777, 0o600, "{}", secret.display());
    }
    server.stop();
}

fn files_below(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}
