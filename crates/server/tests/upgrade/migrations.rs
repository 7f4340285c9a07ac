//! The migrations since the last release, on large tables that are in use.

use std::{
    env,
    path::Path,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use latchkey_test_support::{
    database::{Session, TestDatabase},
    program::{ProcessOutput, latchkey, run, version_of_latchkey},
    wait::wait_until,
};

use crate::released;

/// `LATCHKEY_TEST_MIGRATION_ROWS` overrides it; `make test-migrations-at-scale` sets a million.
const DEFAULT_ROWS: usize = 20_000;

/// How long a statement may wait for a migration of a large table.
const LOCK_TIMEOUT: Duration = Duration::from_millis(100);

/// What requests do. Each fails if a migration blocks it for longer than its lock timeout.
const PROBES: [&str; 4] = [
    "SELECT * FROM api_keys k JOIN users u ON u.id = k.user_id WHERE k.hash = sha256('1'::bytea)",
    "UPDATE api_keys SET description = description, version = version + 1 WHERE id = 2",
    "UPDATE users SET token_generation = token_generation + 1 WHERE id = 1",
    "INSERT INTO audit_events (occurred_at, action, subject_type, subject_id, key_id, credential_type, after) \
     VALUES (now(), 'create', 'api_key', 1, 1, 'bearer_token', '{}')",
];

fn fill(session: &Session, rows: usize) {
    session.rows(
        "INSERT INTO users (name, role, password_hash, created_at) VALUES ('alice', 'member', '$argon2id$', now())",
    );
    session.rows(&format!(
        "INSERT INTO api_keys (user_id, pepper, hash, key_prefix, created_at)
         SELECT 1, 1, sha256(n::text::bytea), 'lk_' || lpad(n::text, 9, '0'), now() FROM generate_series(1, {rows}) n;
         INSERT INTO audit_events (occurred_at, action, subject_type, subject_id, key_id, credential_type, after)
         SELECT now(), 'create', 'api_key', id, id, 'bearer_token', '{{}}' FROM api_keys;
         INSERT INTO key_usage (key_id, valid_count, invalid_count) SELECT id, 1, 0 FROM api_keys"
    ));
    session.rows("VACUUM ANALYZE");
}

/// An empty database with the schema of the last release.
fn released_database(released: &Path) -> TestDatabase {
    let database = TestDatabase::empty_blocking();
    run(version_of_latchkey(released, ["migrate"]).env("DATABASE_URL", database.url()), "").success();
    database
}

fn migrate(database: &TestDatabase) -> ProcessOutput {
    run(latchkey(["migrate"]).env("DATABASE_URL", database.url()), "")
}

/// How long the migrations take without any rows, which on an overloaded machine may be longer than the lock timeout.
fn overhead(released: &Path) -> Duration {
    let database = released_database(released);
    let started = Instant::now();
    migrate(&database).success();
    started.elapsed()
}

#[test]
fn no_statement_waits_for_a_migration() {
    let Some(released) = released() else { return };
    let given_count = env::var("LATCHKEY_TEST_MIGRATION_ROWS").ok().map(|rows| rows.parse().unwrap());
    let count = given_count.unwrap_or(DEFAULT_ROWS);
    // At scale, the timeout counts as it is.
    let timeout = LOCK_TIMEOUT + given_count.map_or_else(|| overhead(&released), |_| Duration::ZERO);
    let database = released_database(&released);
    fill(&database.session(), count);

    let is_migrated = AtomicBool::new(false);
    let probed = PROBES.map(|_| AtomicUsize::new(0));
    let applied = thread::scope(|scope| {
        for (probe, probed) in PROBES.iter().zip(&probed) {
            let (database, is_migrated) = (&database, &is_migrated);
            scope.spawn(move || {
                let session = database.session();
                session.rows(&format!("SET lock_timeout = {}", timeout.as_millis()));
                while !is_migrated.load(Ordering::Relaxed) {
                    session.rows(probe);
                    probed.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        wait_until("all probes to run", || probed.iter().all(|probed| probed.load(Ordering::Relaxed) > 0));
        let output = migrate(&database);
        is_migrated.store(true, Ordering::Relaxed);
        output.success()
    });
    println!("{applied}with {count} keys, while each probe ran {probed:?} times");
}
