//! Certificates that `openssl` makes.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// A certificate and its key, as PEM files.
pub struct Identity {
    /// The file of the certificate.
    pub certificate: PathBuf,
    /// The file of the key, in PKCS #8.
    pub key: PathBuf,
}

/// Makes a certificate authority of this name in a directory.
pub fn authority(directory: &Path, name: &str) -> Identity {
    make(directory, name, &["-addext", "basicConstraints=critical,CA:TRUE"])
}

/// Makes a certificate of this name, which is both its common name and its DNS name, in a directory.
pub fn certificate(directory: &Path, name: &str, issuer: &Identity) -> Identity {
    let (certificate, key) = (issuer.certificate.to_str().unwrap(), issuer.key.to_str().unwrap());
    let alternative = format!("subjectAltName=DNS:{name}");
    make(directory, name, &["-CA", certificate, "-CAkey", key, "-addext", &alternative])
}

fn make(directory: &Path, name: &str, options: &[&str]) -> Identity {
    let file = |extension: &str| directory.join(format!("{name}.{extension}"));
    let identity = Identity { certificate: file("crt"), key: file("key") };
    // The system's configuration would add extensions of an authority.
    let configuration = directory.join("openssl.cnf");
    fs::write(&configuration, "[req]\ndistinguished_name = name\n[name]\n").unwrap();
    let mut command = Command::new("openssl");
    command.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]);
    command.arg("-config").arg(configuration).args(["-subj", &format!("/CN={name}")]).args(options);
    command.arg("-keyout").arg(&identity.key).arg("-out").arg(&identity.certificate);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    identity
}
