//! The settings of a cluster, and its recovery when its processes are killed.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    time::{Duration, Instant},
};

use latchkey_server::embedded::{EmbeddedError, EmbeddedPostgres};
use latchkey_test_support::{cluster::Cluster, tempdir::TempDir};
use nix::{
    sys::signal::{Signal, kill},
    unistd::{Pid, geteuid},
};
use tokio_postgres::Client;

use super::{connect, read_note, start_long_query, stop, write_note};

async fn value(client: &Client, query: &str) -> String {
    client.query_one(query, &[]).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_cluster_is_durable_and_private() {
    let directory = TempDir::new();
    let data = directory.path().join("new/data");
    let postgres = EmbeddedPostgres::start(&data).await.unwrap();
    let client = connect(postgres.database_url()).await;
    for (query, expected) in [
        ("SELECT current_user::text", "latchkey"),
        ("SELECT rolsuper::text FROM pg_roles WHERE rolname = current_user", "false"),
        ("SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = current_database()", "latchkey"),
        ("SHOW listen_addresses", ""),
        ("SHOW fsync", "on"),
        ("SHOW full_page_writes", "on"),
        ("SHOW synchronous_commit", "on"),
        ("SHOW max_connections", "100"),
        ("SHOW shared_buffers", "128MB"),
        ("SHOW server_encoding", "UTF8"),
        ("SHOW timezone", "UTC"),
        ("SHOW data_checksums", "on"),
        // Case conversion works beyond ASCII.
        ("SELECT lower('É')", "é"),
    ] {
        assert_eq!(value(&client, query).await, expected, "{query}");
    }
    let socket = fs::metadata(data.join("socket")).unwrap();
    let owner = fs::metadata(data.join("postgres")).unwrap().uid();
    assert_eq!((socket.permissions().mode() & 0o777, socket.uid()), (0o700, owner));
    assert_eq!(geteuid().is_root(), owner != geteuid().as_raw());
    stop(postgres, &data).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_closes_connections_and_keeps_committed_data() {
    let directory = TempDir::new();
    let data = directory.data();
    let postgres = EmbeddedPostgres::start(&data).await.unwrap();
    let url = postgres.database_url().to_owned();
    write_note(&url).await;
    let open = connect(&url).await;
    open.batch_execute("BEGIN; DELETE FROM note").await.unwrap();
    let started = Instant::now();
    stop(postgres, &data).await;
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());

    let postgres = EmbeddedPostgres::start(&data).await.unwrap();
    assert_eq!(postgres.database_url(), url);
    assert_eq!(read_note(&url).await, "kept");
    stop(postgres, &data).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_postmaster_is_replaced_even_with_a_busy_orphaned_backend() {
    let directory = TempDir::new();
    let data = directory.data();
    let postgres = EmbeddedPostgres::start(&data).await.unwrap();
    write_note(postgres.database_url()).await;
    let cluster = Cluster::find(&data).unwrap();
    // It keeps the shared memory in use.
    start_long_query(postgres.database_url(), &cluster).await;
    for _ in 0..3 {
        let killed = cluster.postmaster().unwrap();
        kill(killed, Signal::SIGKILL).unwrap();
        assert_eq!(read_note(postgres.database_url()).await, "kept");
        assert_ne!(cluster.postmaster(), Some(killed));
    }
    stop(postgres, &data).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_backend_does_not_end_the_postmaster() {
    let directory = TempDir::new();
    let data = directory.data();
    let postgres = EmbeddedPostgres::start(&data).await.unwrap();
    write_note(postgres.database_url()).await;
    let client = connect(postgres.database_url()).await;
    let backend = value(&client, "SELECT pg_backend_pid()::text").await.parse().unwrap();
    let cluster = Cluster::find(&data).unwrap();
    let before = cluster.postmaster();
    kill(Pid::from_raw(backend), Signal::SIGKILL).unwrap();
    assert_eq!(read_note(postgres.database_url()).await, "kept");
    assert_eq!(cluster.postmaster(), before);
    stop(postgres, &data).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_while_postgres_is_down_succeeds() {
    let directory = TempDir::new();
    let data = directory.data();
    let postgres = EmbeddedPostgres::start(&data).await.unwrap();
    let cluster = Cluster::find(&data).unwrap();
    kill(cluster.postmaster().unwrap(), Signal::SIGKILL).unwrap();
    postgres.stop().await.unwrap();
    stop(EmbeddedPostgres::start(&data).await.unwrap(), &data).await;
    cluster.wait_until_gone();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_handle_shuts_postgres_down() {
    let directory = TempDir::new();
    drop(EmbeddedPostgres::start(&directory.data()).await.unwrap());
    Cluster::find(&directory.data()).unwrap().wait_until_gone();
}

#[test]
fn a_dropped_runtime_shuts_postgres_down() {
    let directory = TempDir::new();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let postgres = runtime.block_on(EmbeddedPostgres::start(&directory.data())).unwrap();
    drop(runtime);
    Cluster::find(&directory.data()).unwrap().wait_until_gone();
    drop(postgres);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_interrupted_before_the_database_was_created_is_completed() {
    let directory = TempDir::new();
    let data = directory.data();
    let postgres = EmbeddedPostgres::start(&data).await.unwrap();
    let url = postgres.database_url().to_owned();
    let (server, _) = url.rsplit_once('/').unwrap();
    let superuser = connect(&format!("{}/postgres", server.replace("latchkey@", "postgres@"))).await;
    superuser.batch_execute("DROP DATABASE latchkey").await.unwrap();
    stop(postgres, &data).await;
    let postgres = EmbeddedPostgres::start(&data).await.unwrap();
    write_note(&url).await;
    stop(postgres, &data).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_start_quotes_the_log() {
    let directory = TempDir::new();
    let data = directory.data();
    stop(EmbeddedPostgres::start(&data).await.unwrap(), &data).await;
    fs::write(data.join("postgres/postgresql.conf"), "nonsense = 1\n").unwrap();
    let error = EmbeddedPostgres::start(&data).await.unwrap_err();
    assert!(matches!(error, EmbeddedError::NotReady { .. }), "{error}");
    let message = error.to_string();
    assert!(message.contains("postgres.log") && message.contains("\"nonsense\""), "{message}");
    assert!(Cluster::find(&data).unwrap().processes().is_empty());
}
