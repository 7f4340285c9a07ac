//! The data directories that a cluster can use, and those that it must not touch.

use std::{
    fs::{self, Permissions},
    os::unix::{
        fs::{MetadataExt, PermissionsExt},
        process::CommandExt,
    },
    process::Command,
};

use latchkey_server::embedded::{EmbeddedError, EmbeddedPostgres};
use latchkey_test_support::{cluster::Cluster, tempdir::TempDir};
use nix::{
    sys::signal::{Signal, kill},
    unistd::geteuid,
};

use super::{read_note, stop, write_note};

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_in_use_is_rejected() {
    let directory = TempDir::new();
    let data = directory.data();
    let postgres = EmbeddedPostgres::start(&data).await.unwrap();
    let error = EmbeddedPostgres::start(&data).await.unwrap_err();
    assert!(matches!(error, EmbeddedError::InUse { .. }), "{error}");
    write_note(postgres.database_url()).await;
    stop(postgres, &data).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unusual_and_long_paths_work() {
    let directory = TempDir::new();
    let unusual = directory.path().join("a b, \"c\" 'd' %2F é @:?");
    let long = directory.path().join("long".repeat(30)).join("data");
    for data in [&unusual, &long] {
        let postgres = EmbeddedPostgres::start(data).await.unwrap();
        let url = postgres.database_url().to_owned();
        assert_eq!(EmbeddedPostgres::running_database_url(data).unwrap(), url);
        write_note(&url).await;
        kill(Cluster::find(data).unwrap().postmaster().unwrap(), Signal::SIGKILL).unwrap();
        assert_eq!(read_note(&url).await, "kept");
        stop(postgres, data).await;
        let postgres = EmbeddedPostgres::start(data).await.unwrap();
        assert_eq!(read_note(&url).await, "kept");
        stop(postgres, data).await;
    }
    assert!(unusual.join("socket").exists());
    assert!(!long.join("socket").exists());
    // The socket of the long path is in the temporary directory.
    let metadata = fs::metadata(&long).unwrap();
    let name = format!("latchkey-{:x}-{:x}", metadata.dev(), metadata.ino());
    fs::remove_dir(std::env::temp_dir().join(name)).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_pid_file_with_the_id_of_another_process_is_ignored() {
    let directory = TempDir::new();
    let data = directory.data();
    let postgres = EmbeddedPostgres::start(&data).await.unwrap();
    let url = postgres.database_url().to_owned();
    write_note(&url).await;
    let pid_file = data.join("postgres/postmaster.pid");
    let text = fs::read_to_string(&pid_file).unwrap();
    stop(postgres, &data).await;

    let account = fs::metadata(data.join("postgres")).unwrap();
    let mut other = Command::new("sleep");
    other.arg("60");
    if geteuid().is_root() {
        other.uid(account.uid()).gid(account.gid());
    }
    let mut other = other.spawn().unwrap();
    let (_, rest) = text.split_once('\n').unwrap();
    let forged = format!("{}\n{rest}", other.id());
    fs::write(&pid_file, &forged).unwrap();
    fs::write(data.join("socket/.s.PGSQL.5432.lock"), &forged).unwrap();

    let started = EmbeddedPostgres::start(&data).await;
    let other_still_runs = other.try_wait().unwrap().is_none();
    other.kill().unwrap();
    other.wait().unwrap();
    let postgres = started.unwrap();
    assert!(other_still_runs, "another program was ended");
    assert_eq!(read_note(&url).await, "kept");
    stop(postgres, &data).await;
}

#[tokio::test]
async fn a_directory_that_is_not_a_cluster_is_not_touched() {
    let directory = TempDir::new();
    let precious = directory.data().join("postgres/precious");
    fs::create_dir_all(precious.parent().unwrap()).unwrap();
    fs::write(&precious, "").unwrap();
    let error = EmbeddedPostgres::start(&directory.data()).await.unwrap_err();
    assert!(matches!(error, EmbeddedError::NotACluster { .. }), "{error}");
    assert!(precious.exists());
}

#[test]
fn a_directory_without_a_server_has_no_database_url() {
    let directory = TempDir::new();
    let error = EmbeddedPostgres::running_database_url(&directory.data()).unwrap_err();
    assert!(matches!(error, EmbeddedError::NotRunning { .. }), "{error}");
}

#[tokio::test]
async fn a_directory_that_postgres_cannot_enter_is_reported() {
    if !geteuid().is_root() {
        println!("skipped: only root runs Postgres as somebody else");
        return;
    }
    let directory = TempDir::new();
    let closed = directory.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, Permissions::from_mode(0o700)).unwrap();
    let error = EmbeddedPostgres::start(&closed.join("inner/data")).await.unwrap_err();
    let EmbeddedError::NotEnterable { account, directory } = error else { panic!("{error}") };
    assert_eq!(directory, closed.canonicalize().unwrap());
    assert_ne!(account, "root");
}

#[cfg(not(feature = "download"))]
#[tokio::test]
async fn missing_binaries_are_reported() {
    let directory = TempDir::new();
    let error = EmbeddedPostgres::start_with(&directory.data(), &[]).await.unwrap_err();
    assert!(matches!(error, EmbeddedError::NoBinaries { .. }), "{error}");
    fs::create_dir(directory.data().join("postgres")).unwrap();
    fs::write(directory.data().join("postgres/PG_VERSION"), "13\n").unwrap();
    let error = EmbeddedPostgres::start(&directory.data()).await.unwrap_err();
    assert!(error.to_string().contains("made by Postgres 13, which was not found"), "{error}");
}
