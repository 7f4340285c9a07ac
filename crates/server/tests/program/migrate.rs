//! `latchkey migrate`, alone and concurrently.

use std::thread;

use latchkey_test_support::{
    database::{TestDatabase, rows},
    program::{Server, latchkey, run},
    tempdir::TempDir,
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
