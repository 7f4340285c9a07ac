//! TLS to a Postgres that accepts nothing else, and what a database URL says of it.

use std::path::Path;

use latchkey_test_support::{
    certificates::{Identity, authority, certificate},
    nodes::serve,
    postgres::PrivatePostgres,
    program::{Server, latchkey, run},
    tempdir::TempDir,
    wait::wait_until,
};

const HOST: &str = "db.latchkey.test";

/// A Postgres with TLS, and the certificates around it.
struct Setup {
    _postgres: PrivatePostgres,
    port: u16,
    directory: TempDir,
    root: Identity,
}

impl Setup {
    fn new() -> Self {
        let directory = TempDir::new();
        let root = authority(directory.path(), "root");
        let mut postgres = PrivatePostgres::start();
        let port = postgres.listen_with_tls(&certificate(directory.path(), HOST, &root), &root.certificate);
        Self { _postgres: postgres, port, directory, root }
    }

    fn path(&self) -> &Path {
        self.directory.path()
    }

    /// The URL of a user at a host, which is at 127.0.0.1 whatever its name is.
    fn url(&self, user: &str, host: &str, parameters: &str) -> String {
        format!("postgres://{user}@{host}:{}/postgres?hostaddr=127.0.0.1&{parameters}", self.port)
    }

    /// `sslrootcert` with the right authority, and TLS.
    fn verified(&self) -> String {
        format!("sslmode=verify-full&sslrootcert={}", self.root.certificate.display())
    }
}

/// Connects, and returns the error if that fails.
fn connect(url: &str) -> Result<(), String> {
    let output = run(latchkey(["migrate", "--status"]).env("DATABASE_URL", url), "");
    // No migration is applied.
    if output.code == Some(3) { Ok(()) } else { Err(output.error()) }
}

#[track_caller]
fn assert_refused(url: &str, reason: &str) {
    let error = connect(url).unwrap_err();
    assert!(error.contains(reason), "{error}");
}

#[test]
fn the_server_is_verified() {
    let setup = Setup::new();
    let other = authority(setup.path(), "other");
    for mode in ["require", "verify-ca", "verify-full"] {
        let trusting = |root: &Identity| format!("sslmode={mode}&sslrootcert={}", root.certificate.display());
        assert_eq!(connect(&setup.url("postgres", HOST, &trusting(&setup.root))), Ok(()), "{mode}");
        assert_refused(&setup.url("postgres", HOST, &trusting(&other)), "invalid peer certificate: UnknownIssuer");
        assert_refused(&setup.url("postgres", "other.test", &trusting(&setup.root)), "not valid for name");
        assert_refused(&setup.url("postgres", HOST, &format!("sslmode={mode}&sslrootcert=system")), "");
    }
    // The server would tell what it is not asked over TLS.
    assert_refused(&setup.url("postgres", HOST, "sslmode=disable"), "no encryption");
}

#[test]
fn a_client_certificate_is_presented() {
    let setup = Setup::new();
    let certified = certificate(setup.path(), "certified", &setup.root);
    let with = |identity: &Identity| {
        let (certificate, key) = (identity.certificate.display(), identity.key.display());
        format!("{}&sslcert={certificate}&sslkey={key}", setup.verified())
    };
    let url = setup.url("certified", HOST, &with(&certified));
    assert_eq!(connect(&url), Ok(()));
    assert_refused(&setup.url("certified", HOST, &setup.verified()), "requires a valid client certificate");
    let other = certificate(setup.path(), "somebody-else", &setup.root);
    assert_refused(&setup.url("certified", HOST, &with(&other)), "authentication failed for user \"certified\"");
    let foreign = certificate(setup.path(), "foreign", &authority(setup.path(), "other"));
    assert_refused(&setup.url("certified", HOST, &with(&foreign)), "");
}

#[test]
fn a_server_uses_tls_for_all_its_connections() {
    let setup = Setup::new();
    let node = Server::spawn(&mut serve(&setup.url("postgres", HOST, &setup.verified())), None);
    wait_until("the change feed", || node.client().get("/readyz").status == 200);
    node.stop();
}

#[test]
fn a_url_that_would_be_less_safe_than_it_says_is_refused() {
    // Nothing is sent to these hosts.
    for host in ["192.0.2.1", "db.example.com", "localhost,192.0.2.1", "[2001:db8::1]", "localhost.example.com"] {
        assert_refused(&format!("postgres://u@{host}/d"), "sslmode=verify-full, or sslmode=disable");
    }
    assert_refused("postgres://u@localhost/d?hostaddr=192.0.2.1", "sslmode=verify-full, or sslmode=disable");
    for mode in ["prefer", "allow", "on"] {
        assert_refused(&format!("postgres://u@localhost/d?sslmode={mode}"), "sslmode in the database URL must be");
    }
    assert_refused("host=localhost user=u sslmode=require", "it looks like postgres://");
    assert_refused("postgres://u@localhost/d?sslrootcert=system", "need sslmode=verify-full");
    assert_refused("postgres://u@localhost/d?sslmode=require&sslcert=/etc/hostname", "both sslcert and sslkey");
    let missing = "postgres://u@localhost/d?sslmode=require&sslrootcert=/does/not/exist";
    assert_refused(missing, "cannot use the file of sslrootcert in the database URL");
    assert_refused("postgres://u@localhost/d?sslmode=require&sslcrl=/x", "cannot be understood");
}
