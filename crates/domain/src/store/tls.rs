//! TLS to Postgres: the parameters of the database URL that ask for it, named as in libpq. What this program does not do, or would
//! do less strictly than asked, is refused.

use std::fmt;

use percent_encoding::percent_decode_str;
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{
        CertificateDer, PrivateKeyDer,
        pem::{self, PemObject},
    },
};

/// TLS that a database URL asks for and that cannot be done.
#[derive(Debug, thiserror::Error)]
pub enum InvalidTls {
    /// `sslmode` has another value than those that are supported.
    #[error(
        "sslmode in the database URL must be disable, require, verify-ca or verify-full; the last three are the same here: the \
         server's certificate and name are always verified. allow and prefer are refused, because they may not encrypt"
    )]
    Mode,
    /// A parameter cannot be decoded, or is there twice.
    #[error("{0} in the database URL is there twice, or cannot be decoded")]
    Parameter(&'static str),
    /// Certificates without TLS.
    #[error("sslrootcert, sslcert and sslkey in the database URL need sslmode=verify-full")]
    NotEnabled,
    /// A client certificate without its key, or a key without its certificate.
    #[error("the database URL must have both sslcert and sslkey, or neither")]
    IncompleteIdentity,
    /// The machine has no root certificates.
    #[error(
        "the database URL asks for TLS, but this machine has no root certificates; name a file with sslrootcert, or, on Debian, \
         install ca-certificates"
    )]
    NoRoots,
    /// A file cannot be read, or does not contain what it should.
    #[error("cannot use the file of {parameter} in the database URL: {cause}")]
    File {
        /// The parameter that names the file.
        parameter: &'static str,
        /// The cause, without the content.
        cause: String,
    },
}

/// The parameters of a database URL about TLS.
#[derive(Default)]
pub(super) struct TlsParameters {
    /// `None` if the URL does not say.
    pub(super) enabled: Option<bool>,
    root_certificates: Option<String>,
    certificate: Option<String>,
    key: Option<String>,
}

impl TlsParameters {
    /// Splits a database URL into these parameters and the rest, which tokio-postgres understands.
    pub(super) fn take_from(url: &str) -> Result<(String, Self), InvalidTls> {
        // As tokio-postgres parses it: a password may contain a question mark.
        let credentials_end = url.find('@').unwrap_or(0);
        let Some(query_start) = url[credentials_end..].find('?').map(|position| credentials_end + position) else {
            return Ok((url.to_owned(), Self::default()));
        };
        let (base, query) = (&url[..query_start], &url[query_start + 1..]);
        let mut mode = None;
        let mut parameters = Self::default();
        let mut rest = Vec::new();
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match &*percent_decode_str(name).decode_utf8_lossy() {
                "sslmode" => set(&mut mode, "sslmode", value)?,
                ROOT_CERTIFICATES => set(&mut parameters.root_certificates, ROOT_CERTIFICATES, value)?,
                CERTIFICATE => set(&mut parameters.certificate, CERTIFICATE, value)?,
                KEY => set(&mut parameters.key, KEY, value)?,
                _ => rest.push(pair),
            }
        }
        parameters.enabled = match mode.as_deref() {
            None => None,
            Some("disable") => Some(false),
            Some("require" | "verify-ca" | "verify-full") => Some(true),
            Some(_) => return Err(InvalidTls::Mode),
        };
        let has_certificates = [&parameters.root_certificates, &parameters.certificate, &parameters.key];
        if parameters.enabled != Some(true) && has_certificates.into_iter().any(Option::is_some) {
            return Err(InvalidTls::NotEnabled);
        }
        let url = if rest.is_empty() { base.to_owned() } else { format!("{base}?{}", rest.join("&")) };
        Ok((url, parameters))
    }

    /// Reads the certificates.
    pub(super) fn client_config(&self) -> Result<ClientConfig, InvalidTls> {
        let builder = ClientConfig::builder().with_root_certificates(self.roots()?);
        match (&self.certificate, &self.key) {
            (None, None) => Ok(builder.with_no_client_auth()),
            (Some(certificate), Some(key)) => {
                let chain = read_certificates(CERTIFICATE, certificate)?;
                let key = PrivateKeyDer::from_pem_file(key).map_err(|error| file_error(KEY, error))?;
                builder.with_client_auth_cert(chain, key).map_err(|error| file_error(KEY, error))
            }
            _ => Err(InvalidTls::IncompleteIdentity),
        }
    }

    fn roots(&self) -> Result<RootCertStore, InvalidTls> {
        let mut roots = RootCertStore::empty();
        match self.root_certificates.as_deref() {
            None | Some("system") => {
                roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
                if roots.is_empty() {
                    return Err(InvalidTls::NoRoots);
                }
            }
            Some(path) => {
                for certificate in read_certificates(ROOT_CERTIFICATES, path)? {
                    roots.add(certificate).map_err(|error| file_error(ROOT_CERTIFICATES, error))?;
                }
            }
        }
        Ok(roots)
    }
}

/// For connections that do not use TLS.
pub(super) fn unused() -> ClientConfig {
    ClientConfig::builder().with_root_certificates(RootCertStore::empty()).with_no_client_auth()
}

const ROOT_CERTIFICATES: &str = "sslrootcert";
const CERTIFICATE: &str = "sslcert";
const KEY: &str = "sslkey";

fn set(parameter: &mut Option<String>, name: &'static str, value: &str) -> Result<(), InvalidTls> {
    let value = percent_decode_str(value).decode_utf8().map_err(|_| InvalidTls::Parameter(name))?;
    match parameter.replace(value.into_owned()) {
        None => Ok(()),
        Some(_) => Err(InvalidTls::Parameter(name)),
    }
}

/// At least one certificate.
fn read_certificates(parameter: &'static str, path: &str) -> Result<Vec<CertificateDer<'static>>, InvalidTls> {
    let certificates = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    match certificates.map_err(|error| file_error(parameter, error))? {
        none if none.is_empty() => Err(file_error(parameter, pem::Error::NoItemsFound)),
        certificates => Ok(certificates),
    }
}

fn file_error(parameter: &'static str, cause: impl fmt::Display) -> InvalidTls {
    InvalidTls::File { parameter, cause: cause.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest_of(url: &str) -> String {
        TlsParameters::take_from(url).unwrap_or_else(|error| panic!("{url}: {error}")).0
    }

    #[test]
    fn the_rest_of_the_url_stays_the_same() {
        for (url, rest) in [
            ("postgres://a:b?sslmode=x@h/d", "postgres://a:b?sslmode=x@h/d"),
            ("postgres://a@h/d?sslmode=disable", "postgres://a@h/d"),
            (
                "postgres://h/d?options=-c%20a%3Db&sslmode=require&keepalives=0",
                "postgres://h/d?options=-c%20a%3Db&keepalives=0",
            ),
            ("postgres:///d?host=/tmp&ssl%6dode=disable", "postgres:///d?host=/tmp"),
        ] {
            assert_eq!(rest_of(url), rest);
        }
    }

    #[test]
    fn a_mode_is_never_weaker_than_asked() {
        let enabled =
            |query: &str| TlsParameters::take_from(&format!("postgres://h/d?{query}")).map(|(_, tls)| tls.enabled);
        for mode in ["require", "verify-ca", "verify-full"] {
            assert!(matches!(enabled(&format!("sslmode={mode}")), Ok(Some(true))), "{mode}");
        }
        assert!(matches!(enabled("sslmode=disable"), Ok(Some(false))));
        assert!(matches!(enabled("port=1"), Ok(None)));
        for mode in ["allow", "prefer", "", "VERIFY-FULL", "verify-full%00"] {
            assert!(matches!(enabled(&format!("sslmode={mode}")), Err(InvalidTls::Mode)), "{mode}");
        }
        assert!(matches!(enabled("sslmode=require&sslmode=disable"), Err(InvalidTls::Parameter("sslmode"))));
        assert!(matches!(enabled("sslrootcert=system"), Err(InvalidTls::NotEnabled)));
        assert!(matches!(enabled("sslmode=disable&sslcert=a&sslkey=b"), Err(InvalidTls::NotEnabled)));
    }
}
