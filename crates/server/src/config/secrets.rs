//! The secrets of a server.

use std::{collections::BTreeMap, fmt, str::FromStr};

use base64::{Engine, prelude::BASE64_STANDARD};
use clap::Args;
use latchkey_domain::{identity::token_signer::TokenSigner, model::Peppers};
use secrecy::{SecretSlice, SecretString};

/// The secrets, which must be the same on every node.
#[derive(Args)]
#[command(next_help_heading = "Secrets")]
pub struct Secrets {
    /// Signs bearer tokens and cursors: at least 32 bytes in base64 [default: generated with the embedded Postgres]
    ///
    /// `openssl rand -base64 32` generates one. A new secret invalidates all bearer tokens. With the embedded Postgres it is
    /// generated on the first start and kept in the data directory; with a database URL it is required.
    #[arg(long, env = "LATCHKEY_TOKEN_SECRET", hide_env_values = true)]
    pub token_secret: Option<Base64Secret>,
    /// The secrets that API keys are hashed with, as NUMBER:SECRET pairs separated by commas [default: generated with the
    /// embedded Postgres]
    ///
    /// Each has at least 32 bytes in base64. New keys use the highest number; keys under a lower one are re-hashed when they
    /// are used. Keys whose pepper is missing are invalid. With the embedded Postgres one is generated on the first start
    /// and kept in the data directory; with a database URL they are required.
    #[arg(long, env = "LATCHKEY_PEPPERS", hide_env_values = true)]
    pub peppers: Option<PepperSet>,
    /// The password of the user `admin`, who is created on the first start of the embedded Postgres [default: generated and
    /// printed once]
    ///
    /// It is ignored when the database has a user already.
    #[arg(long, env = "LATCHKEY_ADMIN_PASSWORD", hide_env_values = true, help_heading = "Embedded Postgres")]
    pub admin_password: Option<SecretString>,
}

/// A secret of at least 32 bytes, configured in base64.
#[derive(Clone)]
pub struct Base64Secret(pub SecretSlice<u8>);

impl fmt::Debug for Base64Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Base64Secret")
    }
}

impl FromStr for Base64Secret {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bytes = BASE64_STANDARD.decode(text.trim()).map_err(|_| "a secret is not valid base64".to_owned())?;
        if bytes.len() < TokenSigner::MIN_LENGTH {
            return Err(format!("a secret has {} bytes, but needs at least {}", bytes.len(), TokenSigner::MIN_LENGTH));
        }
        Ok(Self(bytes.into()))
    }
}

/// Peppers by number.
#[derive(Clone)]
pub struct PepperSet(pub Peppers);

impl fmt::Debug for PepperSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PepperSet")
    }
}

impl FromStr for PepperSet {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut peppers = BTreeMap::new();
        for pair in text.split(',') {
            let (number, secret) = pair.split_once(':').ok_or("a pepper must be written as NUMBER:SECRET")?;
            let number = number.trim().parse().map_err(|_| "the number of a pepper must be from 1 to 32767")?;
            if peppers.insert(number, secret.parse::<Base64Secret>()?.0).is_some() {
                return Err(format!("pepper {number} is given twice"));
            }
        }
        Peppers::new(peppers).map(Self).map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_long_enough_and_never_printed() {
        let secret = BASE64_STANDARD.encode([7; 32]);
        assert!(secret.parse::<Base64Secret>().is_ok());
        assert_eq!(
            BASE64_STANDARD.encode([7; 31]).parse::<Base64Secret>().unwrap_err(),
            "a secret has 31 bytes, but needs at least 32"
        );
        assert_eq!("?".parse::<Base64Secret>().unwrap_err(), "a secret is not valid base64");
        assert!(format!("1:{secret}, 2:{secret}").parse::<PepperSet>().is_ok());
        for invalid in [secret.clone(), format!("0:{secret}"), format!("1:{secret},1:{secret}"), "1:abc".into()] {
            let message = invalid.parse::<PepperSet>().unwrap_err();
            assert!(!message.contains(&secret), "{message}");
        }
        assert_eq!(format!("{:?}", secret.parse::<Base64Secret>().unwrap()), "Base64Secret");
    }
}
