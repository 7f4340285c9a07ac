//! The database itself: migrations both ways, each constraint, the schema as the program knows it, statements.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use latchkey_domain::store::migrations::{migrate, revert_all};
use serde_json::json;
use tokio_postgres::error::SqlState;

use crate::{
    answer::Answered,
    database::Database,
    postgres_relay::Relay,
    world::{Options, World},
};

const MIGRATIONS: usize = 8;
const TABLES: &str = "SELECT table_name::text FROM information_schema.tables \
                      WHERE table_schema = 'public' ORDER BY table_name";

async fn tables(database: &Database) -> Vec<String> {
    database.query(TABLES).await.iter().map(|row| row.get(0)).collect()
}

// The migrations block the thread that runs them, so that there must be another.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migrations_run_up_and_down_and_up_again() {
    let database = Database::empty().await;
    let all = migrate(&database.settings()).await.unwrap();
    assert_eq!(all.len(), MIGRATIONS, "{all:?}");
    let migrated = tables(&database).await;
    assert_eq!(
        migrated,
        [
            "__diesel_schema_migrations",
            "api_keys",
            "audit_events",
            "change_log",
            "idempotency_keys",
            "key_usage",
            "login_attempts",
            "users"
        ]
    );
    assert_eq!(revert_all(&database.settings()).await.unwrap(), MIGRATIONS);
    assert_eq!(tables(&database).await, ["__diesel_schema_migrations"]);
    assert_eq!(migrate(&database.settings()).await.unwrap(), all);
    assert_eq!(tables(&database).await, migrated);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_migrated_database_is_left_as_it_is() {
    let database = Database::migrated().await;
    assert_eq!(migrate(&database.settings()).await.unwrap(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 5)]
async fn of_four_that_migrate_at_once_one_does() {
    let database = std::sync::Arc::new(Database::empty().await);
    let runs = (0..4).map(|_| {
        let database = std::sync::Arc::clone(&database);
        tokio::spawn(async move { migrate(&database.settings()).await.unwrap().len() })
    });
    let mut counts: Vec<usize> = join_all(runs).await.into_iter().map(Result::unwrap).collect();
    counts.sort_unstable();
    assert_eq!(counts, [0, 0, 0, MIGRATIONS]);
}

/// Violates constraints one by one; between the violations what is next to each is legal, twice.
#[tokio::test]
async fn every_constraint_holds_and_its_neighbours_are_legal() {
    let database = Database::migrated().await;
    let client = database.connect().await;
    let user = |name: &str, role: &str, password: &str| {
        format!(
            "INSERT INTO users (name, role, password_hash, created_at) VALUES ({name}, '{role}', {password}, now())"
        )
    };
    let good_password = "'$argon2id$v=19$'";
    let key = |changed: &[(&str, &str)]| {
        let mut columns = vec![
            ("user_id", "1"),
            ("pepper", "1"),
            ("hash", "sha256(gen_random_uuid()::text::bytea)"),
            ("key_prefix", "'lk_123456789'"),
            ("created_at", "now()"),
        ];
        for (name, value) in changed {
            columns.retain(|(column, _)| column != name);
            columns.push((name, value));
        }
        let (names, values): (Vec<&str>, Vec<&str>) = columns.into_iter().unzip();
        format!("INSERT INTO api_keys ({}) VALUES ({})", names.join(", "), values.join(", "))
    };
    let failed = |address: &str, hash: &str, failures: &str| {
        format!("INSERT INTO login_attempts VALUES ('{address}', {hash}, {failures}, now())")
    };
    let event = |changed: &[(&str, &str)]| {
        let mut columns = vec![
            ("at", "now()"),
            ("action", "'update'"),
            ("key_id", "1"),
            ("actor_user_id", "1"),
            ("credential", "'bearer_token'"),
            ("before", "'{}'"),
            ("after", "'{}'"),
        ];
        for (name, value) in changed {
            columns.retain(|(column, _)| column != name);
            columns.push((name, value));
        }
        let (names, values): (Vec<&str>, Vec<&str>) = columns.into_iter().unzip();
        format!("INSERT INTO audit_events ({}) VALUES ({})", names.join(", "), values.join(", "))
    };
    let change = |key: &str, user: &str| format!("INSERT INTO change_log (key_id, user_id) VALUES ({key}, {user})");
    let usage = |key: &str, valid: &str, refused: &str| {
        format!("INSERT INTO key_usage VALUES ({key}, {valid}, {refused}, NULL) ")
    };
    let answer = |user: &str, hash: &str, request: &str, made: &str, sealed: &str| {
        format!("INSERT INTO idempotency_keys VALUES ({user}, {hash}, {request}, {made}, {sealed}, now())")
    };
    let nth = |n: usize| format!("(SELECT id FROM api_keys ORDER BY id OFFSET {n} LIMIT 1)");
    let random_digest = "sha256(gen_random_uuid()::text::bytea)";
    let digest = "decode(repeat('ab', 32), 'hex')";
    let other_digest = "decode(repeat('cd', 32), 'hex')";

    // The name of the constraint, what violates it, and two that do not.
    let cases = [
        (
            "users_name_key",
            user("'alice'", "admin", good_password),
            [user("'bob'", "admin", good_password), user("'Alice'", "member", good_password)],
        ),
        (
            "users_name_check",
            user("''", "admin", good_password),
            [user("'x'", "admin", good_password), user("repeat('ä', 255)", "admin", good_password)],
        ),
        (
            "users_name_check",
            user("repeat('x', 256)", "admin", good_password),
            [user("repeat('x', 255)", "admin", good_password), user("repeat('y', 255)", "admin", good_password)],
        ),
        (
            "users_role_check",
            user("'carol'", "root", good_password),
            [user("'carol'", "verifier", good_password), user("'dave'", "member", good_password)],
        ),
        (
            "users_password_hash_check",
            user("'erin'", "admin", "'correct horse'"),
            [user("'erin'", "admin", "'$argon2id$'"), user("'frank'", "admin", "'$argon2id$v=19$'")],
        ),
        (
            "users_password_hash_check",
            user("'grace'", "admin", "'$argon2i$v=19$'"),
            [user("'grace'", "admin", good_password), user("'heidi'", "admin", good_password)],
        ),
        ("api_keys_user_id_fkey", key(&[("user_id", "999")]), [key(&[("user_id", "1")]), key(&[("user_id", "1")])]),
        ("api_keys_pepper_check", key(&[("pepper", "0")]), [key(&[("pepper", "1")]), key(&[("pepper", "32767")])]),
        ("api_keys_pepper_check", key(&[("pepper", "-1")]), [key(&[]), key(&[])]),
        (
            "api_keys_hash_check",
            key(&[("hash", "decode(repeat('ab', 31), 'hex')")]),
            [key(&[("hash", digest)]), key(&[("hash", other_digest)])],
        ),
        ("api_keys_hash_check", key(&[("hash", "decode(repeat('ab', 33), 'hex')")]), [key(&[]), key(&[])]),
        // Also beside a deleted key: a hash is never issued again.
        ("api_keys_hash_key", key(&[("hash", digest), ("pepper", "2"), ("deleted_at", "now()")]), [key(&[]), key(&[])]),
        ("api_keys_key_prefix_check", key(&[("key_prefix", "'lk_12345678'")]), [key(&[]), key(&[])]),
        ("api_keys_key_prefix_check", key(&[("key_prefix", "'lk_1234567890'")]), [key(&[]), key(&[])]),
        (
            "api_keys_description_check",
            key(&[("description", "repeat('x', 4097)")]),
            [key(&[("description", "repeat('🔑', 4096)")]), key(&[("description", "''")])],
        ),
        (
            "login_attempts_name_hash_check",
            failed("a", "'short'", "1"),
            [failed("a", digest, "1"), failed("a", other_digest, "1")],
        ),
        (
            "login_attempts_failures_check",
            failed("b", digest, "0"),
            [failed("b", digest, "1"), failed("b", other_digest, "2147483647")],
        ),
        (
            "api_keys_scopes_check",
            key(&[("scopes", "ARRAY['a', NULL]")]),
            [key(&[("scopes", "ARRAY['a', 'b']")]), key(&[("scopes", "'{}'")])],
        ),
        (
            "api_keys_networks_check",
            key(&[("networks", "ARRAY['10.0.0.0/8', NULL]::cidr[]")]),
            [key(&[("networks", "'{10.0.0.0/8,::/0}'")]), key(&[("networks", "'{}'")])],
        ),
        (
            "api_keys_rate_limit_requests_check",
            key(&[("rate_limit_requests", "0"), ("rate_limit_seconds", "1")]),
            [
                key(&[("rate_limit_requests", "1"), ("rate_limit_seconds", "1")]),
                key(&[("rate_limit_requests", "1000000"), ("rate_limit_seconds", "86400")]),
            ],
        ),
        (
            "api_keys_rate_limit_seconds_check",
            key(&[("rate_limit_requests", "1"), ("rate_limit_seconds", "86401")]),
            [key(&[]), key(&[])],
        ),
        ("api_keys_rate_limit_complete", key(&[("rate_limit_requests", "1")]), [key(&[]), key(&[])]),
        (
            "api_keys_revocation_reason_check",
            key(&[("revocation_reason", "repeat('x', 256)")]),
            [key(&[("revocation_reason", "repeat('ä', 255)")]), key(&[("revocation_reason", "''")])],
        ),
        ("api_keys_predecessor_id_fkey", key(&[("predecessor_id", "999999")]), [key(&[]), key(&[])]),
        (
            "api_keys_successor_id_fkey",
            key(&[("successor_id", "999999")]),
            [key(&[("successor_id", "1")]), key(&[("successor_id", "1")])],
        ),
        (
            "api_keys_predecessor_id_idx",
            key(&[("predecessor_id", "1")]),
            [key(&[("predecessor_id", "1")]), key(&[("predecessor_id", &nth(2))])],
        ),
        (
            "audit_events_action_check",
            event(&[("action", "'invent'")]),
            [event(&[("action", "'rotate'")]), event(&[("action", "'revoke'")])],
        ),
        (
            "audit_events_check",
            event(&[("before", "NULL")]),
            [event(&[("action", "'create'"), ("before", "NULL")]), event(&[])],
        ),
        (
            "audit_events_credential_type_check",
            event(&[("credential", "'luck'")]),
            [event(&[("credential", "'key_holder'")]), event(&[("credential", "'api_key'")])],
        ),
        ("change_log_one_subject", change("1", "1"), [change("1", "NULL"), change("NULL", "1")]),
        ("change_log_one_subject", change("NULL", "NULL"), [change("1", "NULL"), change("1", "NULL")]),
        ("key_usage_key_id_fkey", usage("999999", "0", "0"), [usage(&nth(1), "0", "0"), usage(&nth(2), "1", "1")]),
        ("key_usage_pkey", usage(&nth(1), "0", "0"), [usage(&nth(3), "0", "0"), usage(&nth(4), "0", "0")]),
        (
            "key_usage_valid_count_check",
            usage(&nth(7), "-1", "0"),
            [usage(&nth(5), "1", "0"), usage(&nth(6), "0", "0")],
        ),
        (
            "key_usage_invalid_count_check",
            usage(&nth(7), "0", "-1"),
            [usage(&nth(7), "0", "1"), usage(&nth(8), "0", "0")],
        ),
        (
            "idempotency_keys_user_id_fkey",
            answer("999999", random_digest, digest, "NULL", "NULL"),
            [answer("1", digest, digest, "NULL", "NULL"), answer("2", digest, digest, "1", "'sealed'")],
        ),
        (
            "idempotency_keys_pkey",
            answer("1", digest, digest, "NULL", "NULL"),
            [answer("1", other_digest, digest, "NULL", "NULL"), answer("2", other_digest, digest, "NULL", "NULL")],
        ),
        (
            "idempotency_keys_api_key_id_fkey",
            answer("1", random_digest, digest, "999999", "'sealed'"),
            [answer("1", random_digest, digest, "1", "'sealed'"), answer("1", random_digest, digest, "1", "'sealed'")],
        ),
        (
            "idempotency_keys_complete",
            answer("1", random_digest, digest, "1", "NULL"),
            [answer("1", random_digest, digest, "NULL", "NULL"), answer("1", random_digest, digest, "1", "''")],
        ),
        (
            "idempotency_keys_key_hash_check",
            answer("1", "'short'", digest, "NULL", "NULL"),
            [answer("1", random_digest, digest, "NULL", "NULL"), answer("1", random_digest, digest, "NULL", "NULL")],
        ),
        (
            "idempotency_keys_request_hash_check",
            answer("1", random_digest, "'short'", "NULL", "NULL"),
            [answer("1", random_digest, digest, "NULL", "NULL"), answer("1", random_digest, digest, "NULL", "NULL")],
        ),
        ("login_attempts_pkey", failed("a", digest, "7"), [failed("c", digest, "1"), failed("c", other_digest, "1")]),
    ];

    client.batch_execute(&user("'alice'", "admin", good_password)).await.unwrap();
    let mut violated = BTreeSet::new();
    for (constraint, bad, good) in cases {
        for good in good {
            client.batch_execute(&good).await.unwrap_or_else(|error| panic!("{good}: {error:?}"));
        }
        let error = client.batch_execute(&bad).await.expect_err(&bad);
        assert_eq!(error.as_db_error().unwrap().constraint(), Some(constraint), "{bad}");
        violated.insert(constraint.to_owned());
    }
    for column in ["name", "role", "password_hash", "created_at"] {
        let error = client.batch_execute(&format!("UPDATE users SET {column} = NULL")).await.expect_err(column);
        assert_eq!(error.code(), Some(&SqlState::NOT_NULL_VIOLATION));
    }

    // A constraint that is added must be tried here. Primary keys that the database counts up cannot be violated.
    let constraints = "SELECT conname::text FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid \
                       WHERE t.relnamespace = 'public'::regnamespace AND c.contype IN ('c', 'f', 'p', 'u', 'x') \
                       AND t.relname <> '__diesel_schema_migrations' \
                       AND conname NOT IN ('users_pkey', 'api_keys_pkey', 'changes_pkey', 'audit_events_pkey') \
                       UNION SELECT 'api_keys_predecessor_id_idx'";
    let existing: BTreeSet<String> = database.query(constraints).await.iter().map(|row| row.get(0)).collect();
    assert_eq!(violated, existing);
}

#[tokio::test]
async fn the_program_knows_the_tables_as_they_are() {
    let database = Database::migrated().await;
    // `run_on` is diesel_migrations' own, and no statement looks at it.
    let columns = "SELECT table_name::text, column_name::text, \
                   CASE WHEN data_type = 'ARRAY' THEN udt_name::text ELSE data_type::text END, is_nullable = 'YES' \
                   FROM information_schema.columns WHERE table_schema = 'public' AND column_name <> 'run_on' \
                   ORDER BY table_name, ordinal_position";
    let mut found: Vec<String> = Vec::new();
    for row in database.query(columns).await {
        let (table, column, sql_type): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        let known = match sql_type.as_str() {
            "bigint" => "Int8",
            "integer" => "Int4",
            "smallint" => "Int2",
            "text" | "character varying" => "Text",
            "bytea" => "Bytea",
            "timestamp with time zone" => "Timestamptz",
            "inet" => "Inet",
            "jsonb" => "Jsonb",
            "_text" => "Array<Text>",
            "_cidr" => "Array<Cidr>",
            // diesel knows nothing of it; the statements that read it are written out.
            "xid8" => "Text",
            other => panic!("{table}.{column} has the type {other}, which this test does not know"),
        };
        let known = if row.get(3) { format!("Nullable<{known}>") } else { known.to_owned() };
        found.push(format!("{table}.{column} -> {known}"));
    }
    assert_eq!(columns_in_source(include_str!("../../../domain/src/store/schema.rs")), found);
}

/// The columns that diesel's `table!` names, table by table in the order of their names.
fn columns_in_source(source: &str) -> Vec<String> {
    let mut tables: Vec<(String, Vec<String>)> = Vec::new();
    for line in source.lines().map(str::trim) {
        if let Some((table, _)) = line.strip_suffix(") {").and_then(|start| start.split_once(" (")) {
            tables.push((table.to_owned(), Vec::new()));
        } else if let Some((column, sql_type)) = line.strip_suffix(',').and_then(|line| line.split_once(" -> ")) {
            let (table, columns) = tables.last_mut().unwrap();
            columns.push(format!("{table}.{column} -> {sql_type}"));
        }
    }
    tables.sort();
    tables.into_iter().flat_map(|(_, columns)| columns).collect()
}

#[tokio::test]
async fn warm_statements_are_not_prepared_again() {
    let world = World::new().await;
    let relay = Relay::to(&world.database).await;
    let node = world.beside(Options { database_url: Some(relay.url.clone()), ..Options::default() }).await;
    let (_, token) = world.member("alice").await;
    let key = world.key(&token).await;
    let round = async |number: usize| {
        let change = json!({ "description": format!("round {number}") });
        let answers = [
            node.get("/v1/api-keys/1").bearer_auth(&token).answer().await,
            node.get("/v1/api-keys/1").header("x-api-key", &key.secret).answer().await,
            node.patch("/v1/api-keys/1").bearer_auth(&token).json(&change).answer().await,
            node.get("/v1/api-keys/?limit=1").bearer_auth(&token).answer().await,
            node.post("/v1/api-keys/").bearer_auth(&token).json(&change).answer().await,
            node.delete(&format!("/v1/api-keys/{}", number + 2)).bearer_auth(&token).answer().await,
            node.get("/v1/users/me").bearer_auth(&token).answer().await,
        ];
        assert!(answers.iter().all(|answer| answer.status.is_success()));
    };
    // Each statement is prepared once on each connection that it comes to: here two for reads, and one for writes,
    // because one request comes after another.
    for number in 0..4 {
        round(number).await;
    }
    let warm = relay.counts();
    assert!(warm.prepared > 0);
    for number in 4..54 {
        round(number).await;
    }
    let after = relay.counts();
    assert_eq!(after.prepared, warm.prepared);
    // One statement for each request, and one more for the request that brings a key.
    assert_eq!(after.run - warm.run, 50 * 8);
}

#[tokio::test]
async fn a_request_that_is_refused_by_what_it_says_runs_no_statement() {
    let world = World::new().await;
    let relay = Relay::to(&world.database).await;
    let node = world.beside(Options { database_url: Some(relay.url.clone()), ..Options::default() }).await;
    let (_, token) = world.member("alice").await;
    let key = world.key(&token).await.secret;
    let mistyped = key.replace(&key[20..], &key[20..].chars().rev().collect::<String>());
    node.get("/v1/users/me").header("x-api-key", mistyped).answer().await;
    node.get("/v1/users/me").bearer_auth("wrong").answer().await;
    node.get("/v1/users/me").answer().await;
    node.get("/v1/api-keys/one").bearer_auth(&token).answer().await;
    node.post("/v1/api-keys/").bearer_auth(&token).body("[]").answer().await;
    assert_eq!(relay.counts().run, 0);
}
