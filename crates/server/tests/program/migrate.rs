//! `latchkey migrate`, on a database that many may migrate at once.

use std::thread;

use crate::{
    database::{Database, rows},
    scratch::Scratch,
    server::{Server, latchkey, run},
};

const NEEDED: &str = "SELECT version FROM __diesel_schema_migrations ORDER BY version";

fn migrate(database: &Database) -> String {
    let ended = run(latchkey(["migrate"]).env("DATABASE_URL", &database.url), "");
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{ended:?}");
    ended.stdout
}

#[test]
fn a_database_is_migrated_once() {
    let database = Database::create();
    let run = migrate(&database);
    assert!(run.lines().all(|line| line.starts_with("applied ")), "{run}");
    assert_eq!(run.lines().count(), rows(&database.url, NEEDED).len());
    assert_eq!(migrate(&database), "the database is up to date\n");
}

#[test]
fn of_many_who_migrate_at_once_one_does_it() {
    let database = Database::create();
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
    let scratch = Scratch::new();
    let migrate = || {
        let ended = run(latchkey(["migrate"]).env("LATCHKEY_DATA_DIR", scratch.data()), "");
        assert_eq!(ended.code, Some(0), "{ended:?}");
        ended.stdout
    };
    assert!(migrate().starts_with("applied "));
    let server = Server::start(&scratch.data());
    assert_eq!(migrate(), "the database is up to date\n");
    assert_eq!(server.admin().whoami().as_deref(), Ok("admin"));
    server.stop();
}
