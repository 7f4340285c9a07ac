//! The embedded Postgres: `cluster`, `data_directory` and `download` run it in this process; `owner` runs the program
//! that owns it.

mod cluster;
mod data_directory;
#[cfg(feature = "download")]
mod download;
mod owner;

use std::{path::Path, time::Duration};

use latchkey_server::embedded::EmbeddedPostgres;
use latchkey_test_support::cluster::Cluster;
use tokio::time::sleep;
use tokio_postgres::{Client, Error, NoTls};

const TRIES: usize = 2000;

async fn connect(url: &str) -> Client {
    try_to_connect(url).await.unwrap()
}

async fn try_to_connect(url: &str) -> Result<Client, Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    client.simple_query("SELECT 1").await?;
    Ok(client)
}

/// Writes a note that [`read_note`] reads.
async fn write_note(url: &str) {
    connect(url).await.batch_execute("CREATE TABLE note AS SELECT 'kept' AS text").await.unwrap();
}

/// Reads the note as soon as Postgres accepts connections.
async fn read_note(url: &str) -> String {
    for _ in 0..TRIES {
        if let Ok(client) = try_to_connect(url).await {
            return client.query_one("SELECT text FROM note", &[]).await.unwrap().get(0);
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("Postgres did not recover");
}

/// Starts a query that runs for longer than any test.
async fn start_long_query(url: &str, cluster: &Cluster) {
    let client = connect(url).await;
    tokio::spawn(async move { client.batch_execute("SELECT count(*) FROM generate_series(1, 1000000000)").await });
    while !cluster.processes().iter().any(|process| process.command_line.contains("latchkey latchkey [local] SELECT")) {
        sleep(Duration::from_millis(5)).await;
    }
}

/// Stops Postgres, and checks that none of its processes is left.
async fn stop(postgres: EmbeddedPostgres, data: &Path) {
    postgres.stop().await.unwrap();
    let cluster = Cluster::find(data).unwrap();
    assert_eq!(cluster.postmaster(), None);
    assert!(cluster.processes().is_empty());
}
