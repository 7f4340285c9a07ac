//! `latchkey migrate`, alone and concurrently.

use std::thread;

use latchkey_test_support::{
    database::{TestDatabase, rows},
    nodes::serve,
    program::{Server, latchkey, run},
    tempdir::TempDir,
    wait::wait_until,
};

const NEEDED: &str = "SELECT version FROM __diesel_schema_migrations ORDER BY version";

fn migrate(database: &TestDatabase) -> String {
    let output = run(latchkey(["migrate"]).env("DATABASE_URL", database.url()), "");
    assert_eq!((output.code, output.stderr.as_str()), (Some(0), ""), "{output:?}");
    output.stdout
}

#[test]
fn a_database_is_migrated_once() {
    let database = TestDatabase::empty_blocking();
    let run = migrate(&database);
    assert!(run.lines().all(|line| line.starts_with("applied ")), "{run}");
    assert_eq!(run.lines().count(), rows(database.url(), NEEDED).len());
    assert_eq!(migrate(&database), "the database is up to date\n");
}

#[test]
fn of_concurrent_migrations_one_runs() {
    let database = TestDatabase::empty_blocking();
    let outputs: Vec<String> = thread::scope(|scope| {
        let all: Vec<_> = (0..4).map(|_| scope.spawn(|| migrate(&database))).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let idle = outputs.iter().filter(|output| *output == "the database is up to date\n").count();
    assert_eq!(idle, 3, "{outputs:?}");
    assert_eq!(outputs.iter().filter(|output| output.starts_with("applied ")).count(), 1, "{outputs:?}");
}

#[test]
fn the_embedded_database_is_migrated_with_and_without_a_server() {
    let directory = TempDir::new();
    let migrate = || {
        let output = run(latchkey(["migrate"]).env("LATCHKEY_DATA_DIR", directory.data()), "");
        assert_eq!(output.code, Some(0), "{output:?}");
        output.stdout
    };
    assert!(migrate().starts_with("applied "));
    let server = Server::start(&directory.data());
    assert_eq!(migrate(), "the database is up to date\n");
    assert_eq!(server.admin().whoami().as_deref(), Ok("admin"));
    server.stop();
}

/// The exit code and the lines of `latchkey migrate --status`.
fn status(database: &TestDatabase) -> (Option<i32>, Vec<String>) {
    let output = run(latchkey(["migrate", "--status"]).env("DATABASE_URL", database.url()), "");
    assert_eq!(output.stderr, "", "{output:?}");
    (output.code, output.stdout.lines().map(str::to_owned).collect())
}

#[test]
fn the_status_lists_migrations_and_applies_none() {
    let database = TestDatabase::empty_blocking();
    let (code, lines) = status(&database);
    assert_eq!(code, Some(3));
    assert!(lines.iter().all(|line| line.starts_with("pending ")), "{lines:?}");
    assert_eq!(rows(database.url(), "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"), [""; 0]);

    migrate(&database);
    let applied: Vec<String> = lines.iter().map(|line| line.replacen("pending", "applied", 1)).collect();
    assert_eq!(status(&database), (Some(0), applied.clone()));

    // A later release has applied one that this program does not know.
    let known = applied.len();
    rows(database.url(), "INSERT INTO __diesel_schema_migrations (version) VALUES ('99991231000000')");
    let (code, lines) = status(&database);
    assert_eq!(
        (code, &lines[..known], &lines[known..]),
        (Some(0), &applied[..], &["unknown 99991231000000".to_owned()][..])
    );
    assert_eq!(migrate(&database), "the database is up to date\n");

    rows(database.url(), "DELETE FROM __diesel_schema_migrations WHERE version = '20261124000007'");
    let (code, lines) = status(&database);
    assert_eq!(code, Some(3));
    assert!(lines.contains(&"pending 2026-11-24-000007_create_idempotency_keys".to_owned()), "{lines:?}");
}

#[test]
fn a_server_that_must_not_migrate_starts_on_a_migrated_database_only() {
    let database = TestDatabase::empty_blocking();
    let serve = || {
        let mut command = serve(database.url());
        command.env("LATCHKEY_NO_MIGRATE", "true");
        command
    };
    let output = run(&mut serve(), "");
    assert_eq!(output.code, Some(1), "{output:?}");
    let error = output.stderr.lines().last().unwrap();
    assert!(error.contains("run `latchkey migrate` for: 2026-11-24-000000_create_users, "), "{error}");
    assert_eq!(rows(database.url(), "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"), [""; 0]);

    migrate(&database);
    let server = Server::spawn(&mut serve(), None);
    wait_until("the server to be ready", || server.client().get("/readyz").status == 200);
    server.stop();
}
