//! Which changes the change log has, whatever session makes them with SQL.

use latchkey_domain::store::migrations::migrate;
use latchkey_test_support::database::TestDatabase;

/// A database with a user and a key, and an empty change log.
async fn database() -> TestDatabase {
    let database = TestDatabase::migrated().await;
    let rows = "INSERT INTO users (name, role, password_hash, created_at) VALUES ('alice', 'admin', '$argon2id$', now()); \
                INSERT INTO api_keys (user_id, pepper, hash, key_prefix, created_at) \
                VALUES (1, 1, sha256('1'), 'lk_123456789', now())";
    database.execute(rows).await;
    database
}

/// How many entries the statements write, which run in one session.
async fn entries(statements: &str) -> i64 {
    let database = database().await;
    database.execute(statements).await;
    database.query("SELECT count(*) FROM public.change_log").await[0].get(0)
}

#[tokio::test]
async fn changes_of_verification_are_logged() {
    for change in ["disabled_at = now()", "scopes = '{}'", "hash = sha256('2')", "expires_at = now()"] {
        assert_eq!(entries(&format!("UPDATE api_keys SET {change}")).await, 1, "{change}");
    }
    assert_eq!(entries("UPDATE api_keys SET metadata = '{\"plan\": \"pro\"}'").await, 1);
    assert_eq!(entries("UPDATE users SET disabled_at = now()").await, 1);
    assert_eq!(entries("DELETE FROM api_keys").await, 1);
    for change in ["disabled_at = now()", "is_administrator = false", "metadata = '{\"plan\": \"pro\"}'"] {
        assert_eq!(entries(&format!("UPDATE principals SET {change}")).await, 1, "{change}");
    }
    assert_eq!(entries("UPDATE projects SET allowed_origins = '{https://example.com}'").await, 1);
    let member = "INSERT INTO members (principal_id, kind, project_id, role) VALUES (1, 'user', 1, 'admin')";
    for (change, count) in [("", 1), ("; UPDATE members SET role = 'auditor'", 2), ("; DELETE FROM members", 2)] {
        assert_eq!(entries(&format!("{member}{change}")).await, count, "{change}");
    }
}

#[tokio::test]
async fn other_changes_are_not_logged() {
    for change in ["description = 'new'", "version = 2", "hash = sha256('2'), pepper = 2", "managed = true"] {
        assert_eq!(entries(&format!("UPDATE api_keys SET {change}")).await, 0, "{change}");
    }
    assert_eq!(entries("UPDATE principals SET password_hash = '$argon2id$'").await, 0);
}

#[tokio::test]
async fn no_setting_of_a_session_hides_a_change() {
    for setting in [
        "SET search_path = ''",
        "SET session_replication_role = replica",
        "CREATE TEMP TABLE change_log (LIKE public.change_log INCLUDING ALL)",
        "CREATE SCHEMA other; CREATE TABLE other.change_log (LIKE public.change_log INCLUDING ALL); \
         SET search_path = other, public",
    ] {
        let change = "UPDATE public.api_keys SET revoked_at = now(); UPDATE public.users SET disabled_at = now(); \
                      INSERT INTO public.members VALUES (1, 'user', 1, 'admin'); UPDATE public.projects SET version = 2";
        assert_eq!(entries(&format!("{setting}; {change}")).await, 4, "{setting}");
    }
}

// Migrating blocks its thread, so the runtime needs another one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_may_be_in_another_schema() {
    let database = TestDatabase::empty().await;
    let name: String = database.query("SELECT current_database()::text").await[0].get(0);
    database
        .execute(&format!("CREATE SCHEMA \"of Latchkey\"; ALTER DATABASE {name} SET search_path = \"of Latchkey\""))
        .await;
    migrate(&database.connection_settings()).await.unwrap();
    let rows = "INSERT INTO users (name, role, password_hash, created_at) VALUES ('alice', 'admin', '$argon2id$', now()); \
                UPDATE users SET disabled_at = now()";
    database.execute(rows).await;
    assert_eq!(database.query("SELECT count(*) FROM change_log").await[0].get::<_, i64>(0), 1);
}
