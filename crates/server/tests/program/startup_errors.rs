//! A start that cannot succeed fails at once, with one line that gives the reason and repeats no secret.

use std::{net::TcpListener, process::Command};

use latchkey_test_support::{
    database::TestDatabase,
    nodes::SECRET,
    program::{Server, latchkey, run, serve},
    tempdir::TempDir,
};

/// The error of a command.
fn error_of(command: &mut Command) -> String {
    run(command, "").error()
}

/// The error of `serve` with this variable. The data directory must not be created.
fn serve_error(variable: &str, value: &str) -> String {
    let directory = TempDir::new();
    let error = error_of(serve(&directory.data()).env(variable, value));
    assert!(!directory.data().exists(), "the failed start created its data directory");
    error
}

#[test]
fn an_invalid_value_is_reported_with_its_flag_variable_and_reason() {
    let prefix = "a prefix has 1 to 8 lowercase letters and digits, and starts with a letter";
    let limit = "a limit is a number of requests and a time from 1s to 24h, such as 600/10s, or `none`";
    let twice = format!("1:{SECRET},1:{SECRET}");
    let numbered_by_word = format!("one:{SECRET}");
    for (name, value, reason) in [
        ("LISTEN", "localhost", "invalid socket address syntax"),
        ("KEY_PREFIX", "Lk", prefix),
        ("KEY_PREFIX", "", prefix),
        ("KEY_PREFIX", "ninechars", prefix),
        ("TOKEN_SECRET", "c2hvcnQ=", "a secret has 5 bytes, but needs at least 32"),
        ("TOKEN_SECRET", "not base64!", "a secret is not valid base64"),
        ("PEPPERS", SECRET, "a pepper must be written as NUMBER:SECRET"),
        ("PEPPERS", &numbered_by_word, "the number of a pepper must be from 1 to 32767"),
        ("PEPPERS", &twice, "pepper 1 is given twice"),
        ("LOG", "verbose", "`verbose` is not a level; the levels are error, warn, info, debug and trace"),
        ("LOG", "latchkey_server=loud", "anything but a level must be written as target=level"),
        ("TOKEN_TTL", "0s", "a token must be valid for at least one second"),
        ("WRITE_RATE_LIMIT", "600", limit),
        ("WRITE_RATE_LIMIT", "0/10s", limit),
        ("READ_RATE_LIMIT", "1/500ms", limit),
        ("READ_RATE_LIMIT", "1/25h", limit),
        ("MAX_KEYS_PER_USER", "0", "number would be zero for non-zero type"),
        ("AUDIT_RETENTION", "89days", "audit events are kept for at least 90 days"),
        ("TOKEN_TTL", "25h", "a token must be valid for at most 24h"),
        ("TOKEN_TTL", "100years", "a token must be valid for at most 24h"),
        ("DB_WRITE_POOL_SIZE", "0", "number would be zero for non-zero type"),
        ("TRUSTED_PROXIES", "10.0.0.0/8,proxy", "invalid IP address syntax"),
    ] {
        let (variable, flag) = (format!("LATCHKEY_{name}"), name.to_lowercase().replace('_', "-"));
        let expected = format!("invalid value for --{flag} <{name}> or {variable}: {reason}");
        assert_eq!(serve_error(&variable, value), expected, "{variable}={value}");
    }
}

#[test]
fn an_invalid_flag_is_reported_like_its_variable() {
    let error = error_of(&mut latchkey(["serve", "--token-secret", "a slip in a real secret"]));
    assert!(error.ends_with("LATCHKEY_TOKEN_SECRET: a secret is not valid base64"), "{error}");
}

#[test]
fn a_valid_secret_beside_an_invalid_one_is_not_repeated() {
    let error = serve_error("LATCHKEY_PEPPERS", &format!("1:{SECRET},2:c2hvcnQ="));
    assert!(error.ends_with("a secret has 5 bytes, but needs at least 32"), "{error}");
    assert!(!error.contains(SECRET));
}

#[test]
fn an_admin_password_that_is_too_short_is_rejected() {
    let directory = TempDir::new();
    let output = run(serve(&directory.data()).env("LATCHKEY_ADMIN_PASSWORD", "short"), "");
    assert_eq!(output.code, Some(1));
    assert_eq!(
        output.stderr,
        "latchkey: failed to create the user `admin`, see LATCHKEY_ADMIN_PASSWORD: a password has 8 to 1024 characters\n"
    );
    // The next start completes what this one began.
    let server = Server::start(&directory.data());
    assert_eq!(server.admin().whoami().as_deref(), Ok("admin"));
    server.stop();
}

#[test]
fn an_address_in_use_is_reported() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap().to_string();
    let error = serve_error("LATCHKEY_LISTEN", &address);
    assert_eq!(error, format!("cannot listen on {address}: Address already in use (os error 98); set LATCHKEY_LISTEN"));
}

#[test]
fn a_second_server_on_a_data_directory_is_rejected() {
    let directory = TempDir::new();
    let server = Server::start(&directory.data());
    let output = run(&mut serve(&directory.data()), "");
    assert_eq!(output.code, Some(1));
    assert_eq!(
        output.stderr,
        format!(
            "latchkey: the data directory {} is in use by another Latchkey server: stop that one, or set \
             LATCHKEY_DATA_DIR to another directory\n",
            directory.data().display()
        )
    );
    // The first server is unaffected.
    assert_eq!(server.admin().whoami().as_deref(), Ok("admin"));
    server.stop();
}

fn serve_on(database_url: &str) -> Command {
    let mut command = latchkey(["serve"]);
    command.env("LATCHKEY_LISTEN", "127.0.0.1:0").env("DATABASE_URL", database_url);
    command
}

#[test]
fn an_external_database_requires_configured_secrets() {
    let expected = "with DATABASE_URL, LATCHKEY_TOKEN_SECRET and LATCHKEY_PEPPERS must be set: generate each secret with \
                    `openssl rand -base64 32`, and write a pepper as 1:SECRET";
    let url = "postgres://latchkey@127.0.0.1:1/latchkey";
    assert_eq!(error_of(&mut serve_on(url)), expected);
    assert_eq!(error_of(serve_on(url).env("LATCHKEY_TOKEN_SECRET", SECRET)), expected);
    assert_eq!(error_of(serve_on(url).env("LATCHKEY_PEPPERS", format!("1:{SECRET}"))), expected);
}

#[test]
fn an_invalid_database_url_is_not_repeated() {
    for url in ["postgres://latchkey:hunter2-hunter2@localhost:port/latchkey", "hunter2-hunter2", "mysql://hunter2@x/y"]
    {
        let mut commands = [serve_on(url), latchkey(["migrate"]), latchkey(["user", "list"])];
        for command in &mut commands {
            command.env("DATABASE_URL", url);
            command.env("LATCHKEY_TOKEN_SECRET", SECRET).env("LATCHKEY_PEPPERS", format!("1:{SECRET}"));
            let error = error_of(command);
            assert!(error.starts_with("the database URL cannot be understood; it looks like postgres://"), "{error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}

#[test]
fn an_unreachable_database_is_reported_without_its_password() {
    let mut command = serve_on("postgres://latchkey:hunter2-hunter2@127.0.0.1:1/latchkey");
    command.env("LATCHKEY_TOKEN_SECRET", SECRET).env("LATCHKEY_PEPPERS", format!("1:{SECRET}"));
    let error = error_of(&mut command);
    assert!(error.starts_with("failed to apply the migrations: the database does not respond"), "{error}");
    assert!(error.contains("Connection refused"), "{error}");
    assert!(!error.contains("hunter2"), "{error}");

    let database = TestDatabase::empty_blocking();
    database.block_connections();
    let mut command = serve_on(database.url());
    command.env("LATCHKEY_TOKEN_SECRET", SECRET).env("LATCHKEY_PEPPERS", format!("1:{SECRET}"));
    let error = error_of(&mut command);
    assert!(error.contains("is not currently accepting connections"), "{error}");
}
