//! Passwords: Argon2id with the parameters that OWASP names (19 MiB, two passes, one lane), a few at a time.

use std::{num::NonZeroUsize, sync::Arc, time::Duration};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use secrecy::{ExposeSecret, SecretString};
use tokio::{sync::Semaphore, time::timeout};

use crate::{Surroundings, error::Failure};

/// How long a login waits for its turn before it is told to come back later.
const PATIENCE: Duration = Duration::from_secs(5);
const SALT_LENGTH: usize = 16;
/// The hash of a password that nobody knows, with the parameters of all others: it is checked in place of the hash of a user
/// who does not exist, so that both take the same time.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$E+YrLsKneUp8REiF9VLF0A$60M3qHYD7W+Y9K1QLri64QJ6wvclTkRsjJyphz6Z4zQ";

/// Hashes and checks passwords off the request threads, no more at once than there are processors: each takes tens of
/// milliseconds of one, and 19 MiB.
pub struct Passwords {
    turns: Arc<Semaphore>,
}

impl Passwords {
    /// `parallel`: how many at once.
    pub fn new(parallel: NonZeroUsize) -> Self {
        Self { turns: Arc::new(Semaphore::new(parallel.get())) }
    }

    /// The hash to store, in PHC format.
    pub async fn hash(&self, password: SecretString, surroundings: &Surroundings) -> Result<String, Failure> {
        let salt = surroundings.random::<SALT_LENGTH>();
        self.in_turn(move || hash_now(&password, &salt)).await?
    }

    /// Whether this is the password. Takes as long without a hash, of a user who does not exist, as with one.
    pub async fn check(&self, password: SecretString, hash: Option<String>) -> Result<bool, Failure> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let same = self.in_turn(move || {
            let hash = PasswordHash::new(&hash).map_err(Failure::internal)?;
            Ok::<_, Failure>(Argon2::default().verify_password(password.expose_secret().as_bytes(), &hash).is_ok())
        });
        Ok(same.await?? && known)
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
        let turn = timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await;
        let turn = turn.map_err(Failure::unavailable)?.map_err(Failure::internal)?;
        let work = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        work.await.map_err(Failure::internal)
    }
}

fn hash_now(password: &SecretString, salt: &[u8]) -> Result<String, Failure> {
    let hash = Argon2::default().hash_password_with_salt(password.expose_secret().as_bytes(), salt);
    hash.map(|hash| hash.to_string()).map_err(Failure::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_by_its_hash_and_nobody_has_one() {
        let surroundings = Surroundings::new(|| chrono::DateTime::UNIX_EPOCH, |bytes| bytes.fill(3));
        let passwords = Passwords::new(NonZeroUsize::MIN);
        let hash = passwords.hash("sesame".into(), &surroundings).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(hash.len(), NOBODY.len());
        assert_eq!(hash[..30], NOBODY[..30]);
        assert!(passwords.check("sesame".into(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.check("Sesame".into(), Some(hash)).await.unwrap());
        assert!(!passwords.check("".into(), None).await.unwrap());
    }
}
