//! Each constraint rejects what violates it, and accepts what is just within it.
//!
//! Each table has a test with a case for each of its constraints; a constraint without a case fails the test.

use std::collections::BTreeSet;

use latchkey_test_support::database::TestDatabase;
use tokio_postgres::error::SqlState;

use crate::names;

/// The tables with a test in this file.
const TABLES: [&str; 11] = [
    "api_keys",
    "audit_events",
    "change_log",
    "idempotency_keys",
    "key_usage",
    "known_logins",
    "login_attempts",
    "login_counters",
    "members",
    "principals",
    "projects",
];

const DIGEST: &str = "decode(repeat('ab', 32), 'hex')";
const OTHER_DIGEST: &str = "decode(repeat('cd', 32), 'hex')";
const RANDOM_DIGEST: &str = "sha256(gen_random_uuid()::text::bytea)";

/// Columns and their values as SQL expressions.
type Columns<'a> = &'a [(&'a str, &'a str)];

/// A constraint, and rows around it.
struct Case {
    constraint: &'static str,
    /// Rows that the constraint accepts; the violation may conflict with them.
    accepted: [String; 2],
    /// A row that violates this constraint and no other.
    rejected: String,
}

fn case(constraint: &'static str, rejected: String, accepted: [String; 2]) -> Case {
    Case { constraint, accepted, rejected }
}

/// An `INSERT` of a row: the defaults, except for the columns that are given.
fn insert(table: &str, defaults: Columns, columns: Columns) -> String {
    let is_given = |name: &str| columns.iter().any(|(given, _)| *given == name);
    let defaults = defaults.iter().filter(|(name, _)| !is_given(name));
    let (names, values): (Vec<&str>, Vec<&str>) = defaults.chain(columns).copied().unzip();
    format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), values.join(", "))
}

fn project(columns: Columns) -> String {
    insert("projects", &[("slug", "'p' || gen_random_uuid()"), ("created_at", "now()")], columns)
}

fn principal(columns: Columns) -> String {
    let defaults =
        [("name", "gen_random_uuid()::text"), ("password_hash", "'$argon2id$v=19$'"), ("created_at", "now()")];
    insert("principals", &defaults, columns)
}

fn owner(columns: Columns) -> String {
    let defaults = [
        ("kind", "'owner'"),
        ("project_id", "2"),
        ("name", "NULL"),
        ("password_hash", "NULL"),
        ("external_id", "gen_random_uuid()::text"),
    ];
    let defaults = defaults.into_iter().filter(|(name, _)| columns.iter().all(|(given, _)| given != name));
    principal(&defaults.chain(columns.iter().copied()).collect::<Vec<_>>())
}

fn service_account(columns: Columns) -> String {
    let defaults = [("kind", "'service_account'"), ("project_id", "2"), ("password_hash", "NULL")];
    let defaults = defaults.into_iter().filter(|(name, _)| columns.iter().all(|(given, _)| given != name));
    principal(&defaults.chain(columns.iter().copied()).collect::<Vec<_>>())
}

fn member(principal_id: &str, kind: &str, project_id: &str, role: &str) -> String {
    let columns = [("principal_id", principal_id), ("kind", kind), ("project_id", project_id), ("role", role)];
    insert("members", &[], &columns)
}

fn key(columns: Columns) -> String {
    let defaults = [
        ("user_id", "1"),
        ("pepper", "1"),
        ("hash", RANDOM_DIGEST),
        ("key_prefix", "'lk_123456789'"),
        ("created_at", "now()"),
    ];
    insert("api_keys", &defaults, columns)
}

fn login_attempt(columns: Columns) -> String {
    let defaults =
        [("client_ip", "'192.0.2.1'"), ("name_hash", RANDOM_DIGEST), ("failures", "1"), ("window_started_at", "now()")];
    insert("login_attempts", &defaults, columns)
}

fn login_counter(network: &str, hash: &str, failures: &str) -> String {
    let columns = [("network", network), ("name_hash", hash), ("failures", failures), ("expires_at", "now()")];
    insert("login_counters", &[], &columns)
}

fn known_login(hash: &str, network: &str) -> String {
    insert("known_logins", &[], &[("name_hash", hash), ("network", network), ("expires_at", "now()")])
}

fn event(columns: Columns) -> String {
    let defaults = [
        ("occurred_at", "now()"),
        ("action", "'update'"),
        ("subject_type", "'api_key'"),
        ("subject_id", "1"),
        ("key_id", "1"),
        ("actor_user_id", "1"),
        ("credential_type", "'bearer_token'"),
        ("before", "'{}'"),
        ("after", "'{}'"),
    ];
    insert("audit_events", &defaults, columns)
}

fn change(key_id: &str, user_id: &str, project_id: &str) -> String {
    insert("change_log", &[], &[("key_id", key_id), ("user_id", user_id), ("project_id", project_id)])
}

fn usage(key_id: &str, valid: &str, invalid: &str) -> String {
    insert("key_usage", &[], &[("key_id", key_id), ("valid_count", valid), ("invalid_count", invalid)])
}

fn idempotency_key(columns: Columns) -> String {
    let defaults = [
        ("user_id", "1"),
        ("key_hash", RANDOM_DIGEST),
        ("request_hash", DIGEST),
        ("api_key_id", "NULL"),
        ("sealed_secret", "NULL"),
        ("expires_at", "now()"),
    ];
    insert("idempotency_keys", &defaults, columns)
}

/// A database with the project 2, the users 1 and 2, the owner 3 and the service account 4 of project 2, and the keys 1 to 9 of
/// user 1.
async fn database() -> TestDatabase {
    let database = TestDatabase::migrated().await;
    let principals = [project(&[]), principal(&[]), principal(&[]), owner(&[]), service_account(&[])];
    let rows = principals.into_iter().chain((0..9).map(|_| key(&[])));
    database.execute(&rows.collect::<Vec<_>>().join("; ")).await;
    database
}

/// Inserts what the cases accept and reject, and checks that they cover every constraint of the table. What has a generated id
/// is always unique.
async fn check(table: &str, cases: impl IntoIterator<Item = Case>) {
    let database = database().await;
    let client = database.connect().await;
    let mut covered = BTreeSet::new();
    for Case { constraint, accepted, rejected } in cases {
        for row in accepted {
            client.batch_execute(&row).await.unwrap_or_else(|error| panic!("{constraint}: {row}: {error:?}"));
        }
        let error = client.batch_execute(&rejected).await.expect_err(&rejected);
        assert_eq!(error.as_db_error().unwrap().constraint(), Some(constraint), "{rejected}");
        covered.insert(constraint.to_owned());
    }
    let constraints = format!(
        "SELECT conname::text FROM pg_constraint c \
         WHERE conrelid = '{table}'::regclass AND contype IN ('c', 'f', 'p', 'u', 'x') \
         AND NOT (contype IN ('p', 'u') AND EXISTS (SELECT FROM pg_attribute \
             WHERE attrelid = conrelid AND attnum = ANY (conkey) AND attidentity = 'a')) \
         UNION SELECT i.relname::text FROM pg_index JOIN pg_class i ON i.oid = indexrelid \
         WHERE indrelid = '{table}'::regclass AND indisunique AND NOT EXISTS (SELECT FROM pg_attribute \
             WHERE attrelid = indrelid AND attnum = ANY (indkey::int2[]) AND attidentity = 'a')"
    );
    let existing: BTreeSet<String> = names(&database, &constraints).await.into_iter().collect();
    assert_eq!(covered, existing);
}

#[tokio::test]
async fn every_table_has_a_test() {
    let database = TestDatabase::migrated().await;
    let tables = "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') \
                  AND NOT relispartition \
                  AND relname <> '__diesel_schema_migrations' ORDER BY relname";
    assert_eq!(names(&database, tables).await, TABLES);
}

#[tokio::test]
async fn projects() {
    let with = |column, value| project(&[(column, value)]);
    let any = || [project(&[]), project(&[])];
    let rate_limit = |requests, seconds| {
        project(&[("default_rate_limit_requests", requests), ("default_rate_limit_seconds", seconds)])
    };
    let disabled_default = "UPDATE projects SET disabled_at = now() WHERE id = 1".to_owned();
    let cases = [
        case("projects_slug_key", with("slug", "'default'"), any()),
        case("projects_slug_check", with("slug", "'Acme'"), [with("slug", "'a'"), with("slug", "repeat('a', 63)")]),
        case("projects_slug_check", with("slug", "repeat('a', 64)"), [with("slug", "'a-1'"), with("slug", "'a--'")]),
        case("projects_slug_check", with("slug", "'1a'"), any()),
        case("projects_key_prefix_key", with("key_prefix", "'ak'"), [with("key_prefix", "'ak'"), project(&[])]),
        case(
            "projects_key_prefix_check",
            with("key_prefix", "'abcdefghi'"),
            [with("key_prefix", "'abcdefgh'"), with("key_prefix", "'a1'")],
        ),
        case("projects_key_prefix_check", with("key_prefix", "'a_b'"), any()),
        case(
            "projects_default_scopes_check",
            with("default_scopes", "ARRAY['a', NULL]"),
            [with("default_scopes", "ARRAY['a', 'b']"), with("default_scopes", "'{}'")],
        ),
        case("projects_default_networks_check", with("default_networks", "ARRAY['10.0.0.0/8', NULL]::cidr[]"), any()),
        case(
            "projects_default_rate_limit_requests_check",
            rate_limit("0", "1"),
            [rate_limit("1", "1"), rate_limit("1000000", "86400")],
        ),
        case("projects_default_rate_limit_seconds_check", rate_limit("1", "86401"), any()),
        case("projects_rate_limit_complete", with("default_rate_limit_requests", "1"), any()),
        case(
            "projects_default_lifetime_seconds_check",
            with("default_lifetime_seconds", "0"),
            [with("default_lifetime_seconds", "1"), project(&[])],
        ),
        case(
            "projects_max_lifetime_seconds_check",
            with("max_lifetime_seconds", "0"),
            [with("max_lifetime_seconds", "1"), with("max_lifetime_seconds", "3153600000")],
        ),
        case("projects_max_lifetime_seconds_check", with("max_lifetime_seconds", "3153600001"), any()),
        case("projects_allowed_origins_check", with("allowed_origins", "ARRAY['a', NULL]"), any()),
        case(
            "projects_default_is_enabled",
            disabled_default,
            ["UPDATE projects SET disabled_at = now() WHERE id = 2".to_owned(), with("disabled_at", "now()")],
        ),
    ];
    check("projects", cases).await;
}

#[tokio::test]
async fn principals() {
    let named = |name| principal(&[("name", name)]);
    let hashed = |hash| principal(&[("password_hash", hash)]);
    let any = || [principal(&[]), owner(&[])];
    let cases = [
        case("users_name_key", named("'alice'"), [named("'alice'"), named("'Alice'")]),
        case("users_name_check", named("''"), [named("'x'"), named("repeat('ä', 255)")]),
        case("users_name_check", named("repeat('x', 256)"), [named("repeat('x', 255)"), named("repeat('y', 255)")]),
        case(
            "users_password_hash_check",
            hashed("'correct horse'"),
            [hashed("'$argon2id$'"), hashed("'$argon2id$v=19$'")],
        ),
        case("users_password_hash_check", hashed("'$argon2i$v=19$'"), any()),
        case(
            "principals_kind_check",
            service_account(&[("kind", "'robot'"), ("external_id", "'x'"), ("name", "NULL")]),
            any(),
        ),
        case("principals_project_id_fkey", owner(&[("project_id", "999")]), any()),
        // Names of service accounts are unique in their project, and apart from those of users.
        case(
            "principals_service_account_name_key",
            service_account(&[("name", "'ci'")]),
            [service_account(&[("name", "'ci'")]), service_account(&[("name", "'ci'"), ("project_id", "1")])],
        ),
        case(
            "principals_external_id_key",
            owner(&[("external_id", "'acme'")]),
            [owner(&[("external_id", "'acme'")]), owner(&[("external_id", "'acme'"), ("project_id", "1")])],
        ),
        case(
            "principals_external_id_check",
            owner(&[("external_id", "''")]),
            [owner(&[("external_id", "'x'")]), owner(&[("external_id", "repeat('ä', 255)")])],
        ),
        case("principals_external_id_check", owner(&[("external_id", "repeat('x', 256)")]), any()),
        case("principals_external_id_check", owner(&[("external_id", "E'a\\nb'")]), any()),
        case(
            "principals_display_name_check",
            owner(&[("display_name", "repeat('x', 256)")]),
            [owner(&[("display_name", "repeat('ä', 255)")]), owner(&[("display_name", "''")])],
        ),
        case("principals_metadata_check", owner(&[("metadata", r#"'{"seats": 5}'"#)]), any()),
        case("principals_metadata_check", owner(&[("metadata", r#"'{"seats": ["5"]}'"#)]), any()),
        case("principals_metadata_check", owner(&[("metadata", "'[]'")]), [owner(&[("metadata", "'{}'")]), owner(&[])]),
        case("principals_by_kind", owner(&[("is_administrator", "true")]), any()),
        case("principals_by_kind", owner(&[("password_hash", "'$argon2id$'")]), any()),
        case("principals_by_kind", owner(&[("name", "'acme'")]), any()),
        case("principals_by_kind", owner(&[("external_id", "NULL")]), any()),
        case("principals_by_kind", service_account(&[("is_administrator", "true")]), any()),
        case("principals_by_kind", service_account(&[("password_hash", "'$argon2id$'")]), any()),
        case("principals_by_kind", service_account(&[("external_id", "'x'")]), any()),
        case("principals_by_kind", principal(&[("project_id", "2")]), any()),
        case("principals_by_kind", principal(&[("external_id", "'x'")]), any()),
        case("principals_by_kind", named("NULL"), [hashed("NULL"), principal(&[("is_administrator", "true")])]),
    ];
    check("principals", cases).await;
}

#[tokio::test]
async fn members() {
    let cases = [
        case(
            "members_pkey",
            member("1", "'user'", "1", "'admin'"),
            [member("1", "'user'", "1", "'verifier'"), member("1", "'user'", "2", "'admin'")],
        ),
        case(
            "members_role_check",
            member("2", "'user'", "1", "'member'"),
            [member("2", "'user'", "1", "'manager'"), member("2", "'user'", "2", "'auditor'")],
        ),
        case(
            "members_kind_check",
            member("3", "'owner'", "2", "'admin'"),
            [member("4", "'service_account'", "1", "'admin'"), member("4", "'service_account'", "2", "'admin'")],
        ),
        // An owner cannot pass for anything else.
        case("members_principal_id_kind_fkey", member("3", "'user'", "2", "'admin'"), [principal(&[]), owner(&[])]),
        case(
            "members_project_id_fkey",
            member("5", "'user'", "999", "'admin'"),
            [member("5", "'user'", "1", "'admin'"), member("5", "'user'", "2", "'admin'")],
        ),
    ];
    check("members", cases).await;
}

#[tokio::test]
async fn required_columns_of_principals() {
    let database = database().await;
    let client = database.connect().await;
    for column in ["kind", "project_id", "metadata", "is_administrator", "token_generation", "created_at"] {
        let error = client.batch_execute(&format!("UPDATE principals SET {column} = NULL")).await.expect_err(column);
        assert_eq!(error.code(), Some(&SqlState::NOT_NULL_VIOLATION), "{column}");
    }
}

#[tokio::test]
async fn api_keys() {
    let with = |column, value| key(&[(column, value)]);
    let rate_limit = |requests, seconds| key(&[("rate_limit_requests", requests), ("rate_limit_seconds", seconds)]);
    let any = || [key(&[]), key(&[])];
    let cases = [
        case("api_keys_user_id_project_id_fkey", with("user_id", "999"), [with("user_id", "1"), with("user_id", "2")]),
        // No key is outside of the project of its principal.
        case(
            "api_keys_user_id_project_id_fkey",
            with("user_id", "3"),
            [key(&[("user_id", "3"), ("project_id", "2")]), key(&[("user_id", "4"), ("project_id", "2")])],
        ),
        case("api_keys_metadata_check", with("metadata", "'[]'"), any()),
        case(
            "api_keys_metadata_check",
            with("metadata", r#"'{"seats": null}'"#),
            [with("metadata", "'{}'"), with("metadata", r#"'{"seats": "5"}'"#)],
        ),
        case("api_keys_pepper_check", with("pepper", "0"), [with("pepper", "1"), with("pepper", "32767")]),
        case("api_keys_pepper_check", with("pepper", "-1"), any()),
        case(
            "api_keys_hash_check",
            with("hash", "decode(repeat('ab', 31), 'hex')"),
            [with("hash", DIGEST), with("hash", OTHER_DIGEST)],
        ),
        case("api_keys_hash_check", with("hash", "decode(repeat('ab', 33), 'hex')"), any()),
        // A hash is never issued again, also when its key was deleted.
        case("api_keys_hash_key", key(&[("hash", DIGEST), ("pepper", "2"), ("deleted_at", "now()")]), any()),
        case(
            "api_keys_key_prefix_length_check",
            with("key_prefix", "'abc'"),
            [with("key_prefix", "'abcd'"), with("key_prefix", "repeat('x', 32)")],
        ),
        case("api_keys_key_prefix_length_check", with("key_prefix", "repeat('x', 33)"), any()),
        case(
            "api_keys_description_check",
            with("description", "repeat('x', 4097)"),
            [with("description", "repeat('🔑', 4096)"), with("description", "''")],
        ),
        case(
            "api_keys_scopes_check",
            with("scopes", "ARRAY['a', NULL]"),
            [with("scopes", "ARRAY['a', 'b']"), with("scopes", "'{}'")],
        ),
        case(
            "api_keys_networks_check",
            with("networks", "ARRAY['10.0.0.0/8', NULL]::cidr[]"),
            [with("networks", "'{10.0.0.0/8,::/0}'"), with("networks", "'{}'")],
        ),
        case(
            "api_keys_rate_limit_requests_check",
            rate_limit("0", "1"),
            [rate_limit("1", "1"), rate_limit("1000000", "86400")],
        ),
        case("api_keys_rate_limit_seconds_check", rate_limit("1", "86401"), any()),
        case("api_keys_rate_limit_complete", with("rate_limit_requests", "1"), any()),
        case(
            "api_keys_revocation_reason_check",
            with("revocation_reason", "repeat('x', 256)"),
            [with("revocation_reason", "repeat('ä', 255)"), with("revocation_reason", "''")],
        ),
        case("api_keys_predecessor_id_fkey", with("predecessor_id", "999999"), any()),
        case(
            "api_keys_successor_id_fkey",
            with("successor_id", "999999"),
            [with("successor_id", "1"), with("successor_id", "1")],
        ),
        case(
            "api_keys_predecessor_id_idx",
            with("predecessor_id", "1"),
            [with("predecessor_id", "1"), with("predecessor_id", "2")],
        ),
    ];
    check("api_keys", cases).await;
}

#[tokio::test]
async fn login_attempts() {
    let login = |client_ip, hash, failures| {
        login_attempt(&[("client_ip", client_ip), ("name_hash", hash), ("failures", failures)])
    };
    let cases = [
        case(
            "login_attempts_name_hash_check",
            login("'a'", "'short'", "1"),
            [login("'a'", DIGEST, "1"), login("'a'", OTHER_DIGEST, "1")],
        ),
        case(
            "login_attempts_failures_check",
            login("'b'", RANDOM_DIGEST, "0"),
            [login("'b'", DIGEST, "1"), login("'b'", OTHER_DIGEST, "2147483647")],
        ),
        case(
            "login_attempts_pkey",
            login("'c'", DIGEST, "7"),
            [login("'c'", DIGEST, "1"), login("'c'", OTHER_DIGEST, "1")],
        ),
    ];
    check("login_attempts", cases).await;
}

#[tokio::test]
async fn login_counters() {
    let cases = [
        case(
            "login_counters_name_hash_check",
            login_counter("'192.0.2.1'", "'short'", "1"),
            [login_counter("'192.0.2.1'", DIGEST, "1"), login_counter("'192.0.2.1'", "''", "1")],
        ),
        case(
            "login_counters_failures_check",
            login_counter("'192.0.2.2'", RANDOM_DIGEST, "-1"),
            [login_counter("'192.0.2.2'", DIGEST, "0"), login_counter("'192.0.2.2'", "''", "2147483647")],
        ),
        case(
            "login_counters_pkey",
            login_counter("'2001:db8::/64'", "''", "7"),
            [login_counter("'2001:db8::/64'", DIGEST, "1"), login_counter("'2001:db8::/64'", "''", "1")],
        ),
    ];
    check("login_counters", cases).await;
}

#[tokio::test]
async fn known_logins() {
    let cases = [
        case(
            "known_logins_name_hash_check",
            known_login("''", "'192.0.2.1'"),
            [known_login(DIGEST, "'192.0.2.1'"), known_login(OTHER_DIGEST, "'192.0.2.1'")],
        ),
        case(
            "known_logins_pkey",
            known_login(DIGEST, "'2001:db8::/64'"),
            [known_login(DIGEST, "'2001:db8::/64'"), known_login(DIGEST, "'2001:db8::/56'")],
        ),
    ];
    check("known_logins", cases).await;
}

#[tokio::test]
async fn audit_events() {
    let about = |subject_type, subject_id, key_id| {
        event(&[("subject_type", subject_type), ("subject_id", subject_id), ("key_id", key_id)])
    };
    let keys = || [about("'api_key'", "1", "1"), about("'api_key'", "2", "2")];
    let cases = [
        case(
            "audit_events_check",
            event(&[("before", "NULL")]),
            [event(&[("action", "'create'"), ("before", "NULL")]), event(&[])],
        ),
        case("audit_events_check", event(&[("action", "'create'")]), [event(&[]), event(&[])]),
        case("audit_events_key_is_subject", about("'api_key'", "1", "2"), keys()),
        case("audit_events_key_is_subject", about("'api_key'", "1", "NULL"), keys()),
        case("audit_events_key_is_subject", about("'api_key'", "NULL", "1"), keys()),
        case(
            "audit_events_key_is_subject",
            about("'user'", "1", "1"),
            [about("'user'", "1", "NULL"), about("'user'", "NULL", "NULL")],
        ),
    ];
    check("audit_events", cases).await;
}

#[tokio::test]
async fn names_in_audit_events_are_open() {
    let database = database().await;
    for column in ["action", "subject_type", "credential_type"] {
        let key_id = if column == "subject_type" { "NULL" } else { "1" };
        database.execute(&event(&[(column, "'of a later version'"), ("key_id", key_id)])).await;
    }
}

#[tokio::test]
async fn change_log() {
    let accepted = || [change("1", "NULL", "NULL"), change("NULL", "NULL", "1")];
    let cases = [
        case(
            "change_log_one_subject",
            change("1", "1", "NULL"),
            [change("NULL", "1", "NULL"), change("NULL", "NULL", "1")],
        ),
        case("change_log_one_subject", change("NULL", "NULL", "NULL"), accepted()),
    ];
    check("change_log", cases).await;
}

#[tokio::test]
async fn key_usage() {
    let cases = [
        case("key_usage_key_id_fkey", usage("999999", "0", "0"), [usage("1", "0", "0"), usage("2", "1", "1")]),
        case("key_usage_pkey", usage("1", "0", "0"), [usage("3", "0", "0"), usage("4", "0", "0")]),
        case("key_usage_valid_count_check", usage("7", "-1", "0"), [usage("5", "1", "0"), usage("6", "0", "0")]),
        case("key_usage_invalid_count_check", usage("9", "0", "-1"), [usage("7", "0", "1"), usage("8", "0", "0")]),
    ];
    check("key_usage", cases).await;
}

#[tokio::test]
async fn idempotency_keys() {
    let completed = |api_key_id, sealed| idempotency_key(&[("api_key_id", api_key_id), ("sealed_secret", sealed)]);
    let of = |user_id, key_hash| idempotency_key(&[("user_id", user_id), ("key_hash", key_hash)]);
    let any = || [idempotency_key(&[]), idempotency_key(&[])];
    let cases = [
        case("idempotency_keys_user_id_fkey", of("999999", RANDOM_DIGEST), [of("1", DIGEST), of("2", DIGEST)]),
        case("idempotency_keys_pkey", of("1", DIGEST), [of("1", OTHER_DIGEST), of("2", OTHER_DIGEST)]),
        case(
            "idempotency_keys_api_key_id_fkey",
            completed("999999", "'sealed'"),
            [completed("1", "'sealed'"), completed("1", "'sealed'")],
        ),
        case("idempotency_keys_complete", completed("1", "NULL"), [completed("NULL", "NULL"), completed("1", "''")]),
        case("idempotency_keys_key_hash_check", of("1", "'short'"), any()),
        case("idempotency_keys_request_hash_check", idempotency_key(&[("request_hash", "'short'")]), any()),
    ];
    check("idempotency_keys", cases).await;
}
