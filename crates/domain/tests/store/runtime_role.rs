//! What the role of a server may do in the database. That it suffices to serve is tested by `api`, whose servers all have it.

use latchkey_domain::store::runtime_role::grant;
use latchkey_test_support::database::TestDatabase;
use tokio_postgres::{NoTls, error::SqlState};

use crate::names;

/// Those on tables and on their columns.
const PRIVILEGES: &str = "
    SELECT format('%s %s %s %s', c.relname, a.attname, c.relacl, a.attacl)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT a.attisdropped
    ORDER BY c.relname, a.attnum";

#[tokio::test]
async fn it_cannot_change_what_was_recorded_or_who_is_who() {
    let database = TestDatabase::migrated().await;
    let (client, connection) = tokio_postgres::connect(database.runtime_url(), NoTls).await.unwrap();
    tokio::spawn(connection);
    // Postgres only warns that nothing was granted.
    client.batch_execute("GRANT UPDATE, DELETE, TRUNCATE ON audit_events TO CURRENT_USER").await.unwrap();
    for statement in [
        "UPDATE audit_events SET action = 'update'",
        "DELETE FROM audit_events",
        "TRUNCATE audit_events",
        "DROP TABLE audit_events",
        "ALTER TABLE audit_events DISABLE TRIGGER audit_events_append_only",
        "DROP TRIGGER audit_events_append_only ON audit_events",
        "CREATE TRIGGER forge BEFORE INSERT ON audit_events EXECUTE FUNCTION forbid_mutation()",
        "CREATE OR REPLACE FUNCTION forbid_mutation() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "ALTER FUNCTION log_key_change() RENAME TO other",
        "ALTER TABLE api_keys DISABLE TRIGGER api_keys_log_change",
        "SET session_replication_role = replica",
        "ALTER TABLE api_keys ADD COLUMN other text",
        "DELETE FROM api_keys",
        "TRUNCATE api_keys CASCADE",
        "CREATE TABLE other ()",
        "CREATE FUNCTION other() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "INSERT INTO users (name, role, password_hash, created_at) VALUES ('mallory', 'admin', '$argon2id$', now())",
        "UPDATE principals SET name = 'mallory'",
        "UPDATE principals SET kind = 'user'",
        "DELETE FROM principals",
        "DELETE FROM projects",
        "DELETE FROM __diesel_schema_migrations",
        "SET ROLE postgres",
        // Ids that the next rows would get: each statement that adds one would fail.
        "INSERT INTO audit_events (id, occurred_at, action, subject_type, credential_type, after) OVERRIDING SYSTEM VALUE \
         SELECT n, now(), 'login', 'user', 'password', '{}' FROM generate_series(1, 100000) n",
        "INSERT INTO change_log (id, key_id) OVERRIDING SYSTEM VALUE VALUES (1, 1)",
        "INSERT INTO api_keys (id, user_id, pepper, hash, key_prefix, created_at) OVERRIDING SYSTEM VALUE \
         VALUES (1, 1, 1, sha256('a'), 'a', now())",
        // An entry that each poll would read again.
        "INSERT INTO change_log (transaction, key_id) VALUES ('9223372036854775807', 1)",
    ] {
        let error = client.batch_execute(statement).await.expect_err(statement);
        assert_eq!(error.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE), "{statement}");
    }
}

#[tokio::test]
async fn it_may_read_every_table() {
    let database = TestDatabase::migrated().await;
    let unreadable = "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') \
                      AND NOT relispartition AND NOT has_table_privilege('latchkey_test_runtime', oid, 'SELECT')";
    assert_eq!(names(&database, unreadable).await, [""; 0], "they need privileges in store/runtime_role.rs");
}

#[tokio::test]
async fn it_may_insert_every_column_that_the_database_does_not_generate() {
    let database = TestDatabase::migrated().await;
    // A row of `change_log` has its time from the database. New principals have the first generation of tokens.
    let wrong = "SELECT format('%s.%s', c.relname, a.attname) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid \
                 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition \
                     AND a.attnum > 0 AND NOT a.attisdropped \
                     AND has_any_column_privilege('latchkey_test_runtime', c.oid, 'INSERT') \
                     AND has_column_privilege('latchkey_test_runtime', c.oid, a.attnum, 'INSERT') = (a.attidentity <> '' \
                         OR c.relname = 'change_log' AND a.attname IN ('transaction', 'changed_at') \
                         OR c.relname = 'principals' AND a.attname = 'token_generation') \
                 ORDER BY 1";
    assert_eq!(
        names(&database, wrong).await,
        [""; 0],
        "their privileges in store/runtime_role.rs are missing, or too many"
    );
}

#[tokio::test]
async fn granting_again_changes_nothing() {
    let database = TestDatabase::migrated().await;
    let before = names(&database, PRIVILEGES).await;
    grant(&database.connection_settings(), "latchkey_test_runtime").await.unwrap();
    assert_eq!(names(&database, PRIVILEGES).await, before);
}

#[tokio::test]
async fn granting_again_takes_the_privilege_to_choose_ids_back() {
    let database = TestDatabase::migrated().await;
    let before = names(&database, PRIVILEGES).await;
    database.execute("GRANT INSERT ON api_keys, audit_events, change_log TO latchkey_test_runtime").await;
    assert_ne!(names(&database, PRIVILEGES).await, before);
    grant(&database.connection_settings(), "latchkey_test_runtime").await.unwrap();
    assert_eq!(names(&database, PRIVILEGES).await, before);
}

#[tokio::test]
async fn a_role_that_can_do_more_is_refused() {
    let database = TestDatabase::migrated().await;
    let refused = async |role| grant(&database.connection_settings(), role).await.unwrap_err().to_string();
    assert!(refused("postgres").await.contains("is a superuser"));
    for name in ["no such role", "PUBLIC", "public", "x; DROP TABLE users", "\"; DROP TABLE users; --"] {
        assert!(refused(name).await.contains("CREATE ROLE"), "{name}");
    }
    let role = "latchkey_test_runtime";
    for (statement, reason, undo) in [
        ("GRANT CREATE ON SCHEMA public TO PUBLIC", "may create objects", "REVOKE CREATE ON SCHEMA public FROM PUBLIC"),
        (
            "GRANT UPDATE ON audit_events TO latchkey_test_runtime",
            "has further privileges on audit_events",
            "REVOKE UPDATE ON audit_events FROM latchkey_test_runtime",
        ),
    ] {
        database.execute(statement).await;
        let error = refused(role).await;
        assert!(error.contains(reason), "{error}");
        database.execute(undo).await;
        grant(&database.connection_settings(), role).await.unwrap();
    }
}
