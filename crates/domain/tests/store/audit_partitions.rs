//! The partitions of audit events, and the function by which a server creates and drops them.

use latchkey_test_support::database::TestDatabase;
use tokio_postgres::{Client, NoTls, error::SqlState};

use crate::names;

/// Each event as its id and its partition.
const EVENTS: &str = "SELECT id || ' ' || tableoid::regclass FROM audit_events ORDER BY id";
/// The partition of the month that follows the partition that a migration left.
const MONTH: &str = "SELECT 'audit_events_' || to_char(until AT TIME ZONE 'UTC', 'YYYY_MM') FROM audit_partitions()";

/// A connection with the role of a server.
async fn server(database: &TestDatabase) -> Client {
    let (client, connection) = tokio_postgres::connect(database.runtime_url(), NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// What the function returns to a server; `retention` is an SQL expression.
async fn maintain(database: &TestDatabase, retention: &str) -> Vec<String> {
    let query = format!("SELECT maintain_audit_partitions({retention})");
    let rows = server(database).await.query(&query, &[]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// Records an event for each row of a query of times, as a server does.
async fn record(database: &TestDatabase, times: &str) {
    let insert = "INSERT INTO audit_events (occurred_at, action, subject_type, credential_type, after)";
    server(database)
        .await
        .batch_execute(&format!("{insert} SELECT t, 'create', 'test', 'test', '{{}}' FROM {times}"))
        .await
        .unwrap();
}

/// Replaces the partition that a migration left by one for a month long ago and one for all times since.
async fn grow_old(database: &TestDatabase) {
    database
        .execute(
            "SET TimeZone = 'UTC';
             ALTER TABLE audit_events DETACH PARTITION audit_events_initial; DROP TABLE audit_events_initial;
             SELECT new_audit_partition('audit_events_2020_01'), new_audit_partition('audit_events_since');
             ALTER TABLE audit_events ATTACH PARTITION audit_events_2020_01 FOR VALUES FROM ('2020-01-01') TO ('2020-02-01');
             DO $$ BEGIN EXECUTE format('ALTER TABLE audit_events ATTACH PARTITION audit_events_since
                 FOR VALUES FROM (''2020-02-01'') TO (%L)', date_trunc('month', now()) + interval '1 month'); END $$",
        )
        .await;
}

#[tokio::test]
async fn the_coming_months_are_created_once_and_get_events_that_came_before() {
    let database = TestDatabase::migrated().await;
    let month = names(&database, MONTH).await.remove(0);
    record(&database, "(SELECT now()) n (t)").await;
    record(&database, "(SELECT date_trunc('month', now()) + interval '2 months 1 day') n (t)").await;
    record(&database, "(SELECT now() + interval '10 years') n (t)").await;
    let before = ["1 audit_events_initial", "2 audit_events_default", "3 audit_events_default"];
    assert_eq!(names(&database, EVENTS).await, before);

    let created = [format!("created {month}"), "moved events from audit_events_default".to_owned()];
    assert_eq!(maintain(&database, "NULL").await, created);
    let after = ["1 audit_events_initial".to_owned(), format!("2 {month}"), "3 audit_events_default".to_owned()];
    assert_eq!(names(&database, EVENTS).await, after);
    assert_eq!(maintain(&database, "NULL").await, [""; 0]);
    // The next id follows.
    record(&database, "(SELECT now()) n (t)").await;
    assert_eq!(names(&database, "SELECT max(id)::text FROM audit_events").await, ["4"]);
}

#[tokio::test]
async fn months_older_than_the_retention_are_dropped() {
    let database = TestDatabase::migrated().await;
    grow_old(&database).await;
    // The first is in no partition of a period.
    record(&database, "(VALUES ('2019-01-01'::timestamptz), ('2020-01-31'), ('2020-02-01'), (now())) n (t)").await;
    maintain(&database, "NULL").await;
    let kept = ["1 audit_events_default", "2 audit_events_2020_01", "3 audit_events_since", "4 audit_events_since"];
    assert_eq!(names(&database, EVENTS).await, kept);
    let done = ["moved events from audit_events_default", "dropped audit_events_2020_01"];
    assert_eq!(maintain(&database, "'90 days'").await, done);
    assert_eq!(names(&database, EVENTS).await, ["3 audit_events_since", "4 audit_events_since"]);
    assert_eq!(maintain(&database, "'90 days'").await, [""; 0]);
}

#[tokio::test]
async fn a_wrong_clock_removes_no_events_and_leaves_no_month_without_a_partition() {
    let database = TestDatabase::migrated().await;
    let month = names(&database, MONTH).await.remove(0);
    grow_old(&database).await;
    // What the retention counts from is no later than the newest event.
    record(&database, "(VALUES ('2020-01-31'::timestamptz), ('2020-04-30')) n (t)").await;
    database
        .execute(
            "SET TimeZone = 'UTC'; SELECT new_audit_partition('audit_events_2099_01');
             ALTER TABLE audit_events ATTACH PARTITION audit_events_2099_01 FOR VALUES FROM ('2099-01-01') TO ('2099-02-01')",
        )
        .await;
    let done = maintain(&database, "'90 days'").await;
    assert!(
        done.contains(&format!("created {month}")) && done.iter().all(|line| line.starts_with("created")),
        "{done:?}"
    );
    record(&database, "(VALUES ('2020-05-01'::timestamptz)) n (t)").await;
    assert_eq!(maintain(&database, "'90 days'").await, ["dropped audit_events_2020_01"]);
}

#[tokio::test]
async fn a_partition_in_use_is_dropped_later() {
    let database = TestDatabase::migrated().await;
    grow_old(&database).await;
    maintain(&database, "NULL").await;
    let reader = database.connect().await;
    reader.batch_execute("BEGIN; SELECT FROM audit_events").await.unwrap();
    let postponed = ["did not drop audit_events_2020_01 yet: audit_events is in use"];
    assert_eq!(maintain(&database, "'90 days'").await, postponed);
    reader.batch_execute("COMMIT").await.unwrap();
    assert_eq!(maintain(&database, "'90 days'").await, ["dropped audit_events_2020_01"]);
}

#[tokio::test]
async fn more_events_than_can_be_moved_while_requests_wait_stay_where_they_are() {
    let database = TestDatabase::migrated().await;
    let month = names(&database, MONTH).await.remove(0);
    let next = "date_trunc('month', now()) + interval '2 months 1 day'";
    record(&database, &format!("(SELECT {next} FROM generate_series(1, 10001)) n (t)")).await;
    let left = ["left the events in audit_events_default: there are more than 10000"];
    assert_eq!(maintain(&database, "NULL").await, left);
    assert_eq!(
        names(&database, &format!("SELECT to_regclass('{month}')::text WHERE to_regclass('{month}') IS NOT NULL"))
            .await,
        [""; 0]
    );
    assert_eq!(names(&database, "SELECT count(*)::text FROM audit_events").await, ["10001"]);
}

#[tokio::test]
async fn a_server_can_neither_remove_recent_events_nor_change_a_partition() {
    let database = TestDatabase::migrated().await;
    maintain(&database, "NULL").await;
    record(&database, "(SELECT now()) n (t)").await;
    let server = server(&database).await;
    // The last is subtracted as ten years, but compares as more than 90 days.
    for retention in ["'89 days'", "'0'", "'-1 year'", "'-1200 months 36090 days'"] {
        let call = format!("SELECT maintain_audit_partitions({retention})");
        let error = server.batch_execute(&call).await.expect_err(retention);
        assert_eq!(error.code(), Some(&SqlState::INVALID_PARAMETER_VALUE), "{retention}");
    }
    let owner = database.connect().await;
    let partitions = "SELECT oid::regclass::text FROM pg_class WHERE relispartition AND relkind = 'r'";
    let partitions = names(&database, partitions).await;
    assert_eq!(partitions.len(), 3, "{partitions:?}");
    for partition in partitions {
        for statement in [
            format!("UPDATE {partition} SET action = 'update'"),
            format!("DELETE FROM {partition}"),
            format!("TRUNCATE {partition}"),
        ] {
            // Even a superuser, whom the triggers stop.
            for client in [&server, &owner] {
                let error = client.batch_execute(&statement).await.expect_err(&statement);
                assert_eq!(error.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE), "{statement}");
            }
        }
        for statement in [
            format!("DROP TABLE {partition}"),
            format!("ALTER TABLE audit_events DETACH PARTITION {partition}"),
            format!("INSERT INTO {partition} SELECT * FROM audit_events"),
            "SELECT new_audit_partition('other')".to_owned(),
        ] {
            let error = server.batch_execute(&statement).await.expect_err(&statement);
            assert_eq!(error.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE), "{statement}");
        }
    }
}

#[tokio::test]
async fn temporary_tables_do_not_mislead_the_function() {
    let database = TestDatabase::migrated().await;
    let server = server(&database).await;
    let shadow = "CREATE TEMPORARY TABLE audit_events_default (); CREATE TEMPORARY TABLE audit_events ()";
    server.batch_execute(shadow).await.unwrap();
    let rows = server.query("SELECT maintain_audit_partitions(NULL)", &[]).await.unwrap();
    assert_eq!(rows.len(), 1);
}

#[tokio::test]
async fn pages_are_read_from_indexes_whatever_the_filter() {
    let database = TestDatabase::migrated().await;
    grow_old(&database).await;
    maintain(&database, "NULL").await;
    let insert = "INSERT INTO audit_events (occurred_at, action, subject_type, subject_id, key_id, actor_user_id, credential_type, after)
         SELECT '2020-01-15'::timestamptz + n * interval '2 hours', 'create', 'api_key', n % 50, n % 50, n % 40, 'api_key', '{}'
         FROM generate_series(1, 20000) n; ANALYZE audit_events";
    database.execute(insert).await;
    for filter in [
        "true",
        "key_id = 7",
        "actor_user_id = 7",
        "action = 'create'",
        "occurred_at <= '2022-01-01'",
        "actor_user_id = 7 AND action = 'create'",
    ] {
        let page =
            format!("EXPLAIN SELECT * FROM audit_events WHERE {filter} ORDER BY occurred_at DESC, id DESC LIMIT 51");
        let plan = names(&database, &page).await.join("\n");
        let scans: Vec<&str> = plan.lines().filter(|line| line.contains(" on audit_events_since")).collect();
        assert!(!scans.is_empty() && scans.iter().all(|scan| scan.contains("Index Scan")), "{filter}:\n{plan}");
        assert!(plan.contains("Merge Append"), "{filter}:\n{plan}");
    }
}
