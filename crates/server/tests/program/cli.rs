//! What the program prints about itself: its contract, its help, its version.

use latchkey_test_support::{
    program::{Server, latchkey, run},
    tempdir::TempDir,
};
use serde_json::Value;

const CONTRACT: &str = include_str!("../../../../openapi.yaml");

/// Every variable. The unit tests of `config` check that each is named after its flag.
const VARIABLES: [&str; 35] = [
    "DATABASE_URL",
    "LATCHKEY_ADMIN_PASSWORD",
    "LATCHKEY_MAX_BODY_BYTES",
    "LATCHKEY_BODY_IDLE_TIMEOUT",
    "LATCHKEY_MAX_CONNECTIONS",
    "LATCHKEY_DATA_DIR",
    "LATCHKEY_DRAIN_TIMEOUT",
    "LATCHKEY_HEADER_TIMEOUT",
    "LATCHKEY_IDLE_TIMEOUT",
    "LATCHKEY_KEY_PREFIX",
    "LATCHKEY_LISTEN",
    "LATCHKEY_LOG",
    "LATCHKEY_PASSWORD_HASH_CONCURRENCY",
    "LATCHKEY_WORKER_THREADS",
    "LATCHKEY_KEY_CACHE_CAPACITY",
    "LATCHKEY_MAX_STALE",
    "LATCHKEY_NO_MIGRATE",
    "LATCHKEY_PEPPERS",
    "LATCHKEY_DB_WRITE_POOL_SIZE",
    "LATCHKEY_DB_ACQUIRE_TIMEOUT",
    "LATCHKEY_DB_READ_CONNECTIONS",
    "LATCHKEY_REQUEST_TIMEOUT",
    "LATCHKEY_RUN_AS",
    "LATCHKEY_DB_STATEMENT_TIMEOUT",
    "LATCHKEY_TOKEN_TTL",
    "LATCHKEY_TOKEN_SECRET",
    "LATCHKEY_TRUSTED_PROXIES",
    "LATCHKEY_MANAGEMENT_LISTEN",
    "LATCHKEY_MAX_CONNECTIONS_PER_IP",
    "LATCHKEY_WRITE_TIMEOUT",
    "LATCHKEY_SHUTDOWN_DELAY",
    "LATCHKEY_WRITE_RATE_LIMIT",
    "LATCHKEY_READ_RATE_LIMIT",
    "LATCHKEY_MAX_KEYS_PER_USER",
    "LATCHKEY_AUDIT_RETENTION",
];

fn print(arguments: &[&str]) -> String {
    let output = run(&mut latchkey(arguments), "");
    assert_eq!((output.code, output.stderr.as_str()), (Some(0), ""));
    output.stdout
}

#[test]
fn openapi_prints_only_the_contract() {
    assert_eq!(print(&["openapi"]), CONTRACT);
    let json: Value = serde_json::from_str(&print(&["openapi", "--json"])).unwrap();
    assert_eq!(json["openapi"], "3.1.0");
    let paths = |text: &str| text.lines().filter(|line| line.starts_with("  /")).count();
    assert_eq!(json["paths"].as_object().unwrap().len(), paths(CONTRACT));
}

#[test]
fn the_server_serves_the_contract_that_the_program_prints() {
    let directory = TempDir::new();
    let server = Server::start(&directory.data());
    assert_eq!(server.client().get("/openapi.yaml").text(), CONTRACT);
    assert_eq!(server.client().get("/openapi.json").text(), print(&["openapi", "--json"]));
    server.stop();
}

#[test]
fn help_lists_every_variable_and_no_secret_value() {
    let mut command = latchkey(["serve", "--help"]);
    for secret in ["DATABASE_URL", "LATCHKEY_ADMIN_PASSWORD"] {
        command.env(secret, "hunter2-hunter2");
    }
    let output = run(&mut command, "");
    let named: Vec<&str> = output
        .stdout
        .match_indices("[env: ")
        .map(|(start, marker)| output.stdout[start + marker.len()..].split(['=', ']']).next().unwrap())
        .collect();
    for variable in VARIABLES {
        assert!(named.contains(&variable), "--help does not list {variable}: {named:?}");
    }
    assert_eq!(named.len(), VARIABLES.len(), "a variable is missing from this test: {named:?}");
    assert!(!output.stdout.contains("hunter2"));
}

#[test]
fn help_lists_every_command() {
    let help = print(&["--help"]);
    for command in ["serve", "migrate", "user", "project", "member", "service-account", "openapi"] {
        assert!(help.contains(&format!("\n  {command} ")), "{help}");
    }
    let users = print(&["user", "--help"]);
    for command in ["create", "set-password", "set-role", "disable", "enable", "list"] {
        assert!(users.contains(&format!("\n  {command} ")), "{users}");
    }
    assert_eq!(print(&["--version"]), format!("latchkey {}\n", env!("CARGO_PKG_VERSION")));
}
