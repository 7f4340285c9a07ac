//! Passwords: Argon2id with the parameters that OWASP recommends (19 MiB, two passes, one lane), a few at a time.

use std::{num::NonZeroUsize, sync::Arc, time::Duration};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier, phc::PasswordHash},
};
use secrecy::{ExposeSecret, SecretString};
use tokio::{sync::Semaphore, time::timeout};

use crate::model::{Error, Rng};

/// How long a login waits for others before it fails as [`Error::Unavailable`].
const QUEUE_TIMEOUT: Duration = Duration::from_secs(5);
const SALT_LENGTH: usize = 16;
/// The hash of an unknown password, with the parameters of all others. It is verified in place of the hash of a user who does not
/// exist, so that both take the same time.
const DUMMY_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$E+YrLsKneUp8REiF9VLF0A$60M3qHYD7W+Y9K1QLri64QJ6wvclTkRsjJyphz6Z4zQ";

/// Hashes and verifies passwords off the request threads, at most so many at once as is configured: each takes tens of
/// milliseconds of a processor, and 19 MiB.
pub struct PasswordHasher {
    permits: Arc<Semaphore>,
}

impl PasswordHasher {
    /// `concurrency` is how many passwords are hashed at once.
    pub fn new(concurrency: NonZeroUsize) -> Self {
        Self { permits: Arc::new(Semaphore::new(concurrency.get())) }
    }

    /// The hash to store, in PHC format.
    pub async fn hash(&self, password: SecretString, rng: &Rng) -> Result<String, Error> {
        let salt = rng.bytes::<SALT_LENGTH>();
        self.with_permit(move || hash_now(&password, &salt)).await?
    }

    /// Whether the password has this hash. Without a hash, because the user does not exist, it takes as long.
    pub async fn verify(&self, password: SecretString, hash: Option<String>) -> Result<bool, Error> {
        let exists = hash.is_some();
        let hash = hash.unwrap_or_else(|| DUMMY_HASH.to_owned());
        let is_correct = self.with_permit(move || {
            let hash = PasswordHash::new(&hash).map_err(Error::internal)?;
            Ok::<_, Error>(Argon2::default().verify_password(password.expose_secret().as_bytes(), &hash).is_ok())
        });
        Ok(is_correct.await?? && exists)
    }

    async fn with_permit<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let permit = timeout(QUEUE_TIMEOUT, Arc::clone(&self.permits).acquire_owned()).await;
        let permit = permit.map_err(Error::unavailable)?.map_err(Error::internal)?;
        let work = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        work.await.map_err(Error::internal)
    }
}

fn hash_now(password: &SecretString, salt: &[u8]) -> Result<String, Error> {
    let hash = Argon2::default().hash_password_with_salt(password.expose_secret().as_bytes(), salt);
    hash.map(|hash| hash.to_string()).map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::env::test::constant_rng;

    #[tokio::test]
    async fn a_password_is_verified_by_its_hash_and_none_has_the_dummy_hash() {
        let passwords = PasswordHasher::new(NonZeroUsize::MIN);
        let hash = passwords.hash("sesame".into(), &constant_rng(3)).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(hash.len(), DUMMY_HASH.len());
        assert_eq!(hash[..30], DUMMY_HASH[..30]);
        assert!(passwords.verify("sesame".into(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("Sesame".into(), Some(hash)).await.unwrap());
        assert!(!passwords.verify("".into(), None).await.unwrap());
    }
}
