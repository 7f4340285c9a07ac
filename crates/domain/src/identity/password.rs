//! Passwords: Argon2id with the parameters that OWASP recommends (19 MiB, two passes, one lane), a few at a time.

use std::{num::NonZeroUsize, sync::Arc};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier, phc::PasswordHash},
};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{
    model::{Error, Rng},
    offload,
};

const SALT_LENGTH: usize = 16;
/// The hash of an unknown password, with the parameters of all others. It is verified in place of the hash of a user who does not
/// exist, so that both take the same time.
const DUMMY_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$E+YrLsKneUp8REiF9VLF0A$60M3qHYD7W+Y9K1QLri64QJ6wvclTkRsjJyphz6Z4zQ";

/// Hashes and verifies passwords apart from requests, at most so many at once as is configured: each takes tens of
/// milliseconds of a processor, and 19 MiB.
pub struct PasswordHasher {
    permits: Arc<Semaphore>,
}

/// The permission to hash one password.
pub struct HashPermit(OwnedSemaphorePermit);

impl PasswordHasher {
    /// `concurrency` is how many passwords are hashed at once.
    pub fn new(concurrency: NonZeroUsize) -> Self {
        Self { permits: Arc::new(Semaphore::new(concurrency.get())) }
    }

    /// The hash to store, in PHC format.
    pub async fn hash(&self, password: SecretString, rng: &Rng) -> Result<String, Error> {
        let salt = rng.bytes::<SALT_LENGTH>();
        let HashPermit(permit) = self.wait_for_permit().await?;
        run(permit, move || hash_now(&password, &salt)).await?
    }

    /// Waits until a password may be hashed. Waiters take turns.
    pub async fn wait_for_permit(&self) -> Result<HashPermit, Error> {
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        Ok(HashPermit(permit.map_err(Error::internal)?))
    }
}

impl HashPermit {
    /// Whether the password has this hash. Without a hash, because the user does not exist, it takes as long.
    pub async fn verify(self, password: SecretString, hash: Option<String>) -> Result<bool, Error> {
        let exists = hash.is_some();
        let hash = hash.unwrap_or_else(|| DUMMY_HASH.to_owned());
        let is_correct = run(self.0, move || {
            let hash = PasswordHash::new(&hash).map_err(Error::internal)?;
            Ok::<_, Error>(Argon2::default().verify_password(password.expose_secret().as_bytes(), &hash).is_ok())
        });
        Ok(is_correct.await?? && exists)
    }
}

/// Holds the permit until the work has ended, even if the request is cancelled before.
async fn run<T: Send + 'static>(
    permit: OwnedSemaphorePermit,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    offload::run(move || {
        let _permit = permit;
        work()
    })
    .await
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
        let verify = async |password: &str, hash| {
            let permit = passwords.wait_for_permit().await.unwrap();
            permit.verify(password.into(), hash).await.unwrap()
        };
        assert!(verify("sesame", Some(hash.clone())).await);
        assert!(!verify("Sesame", Some(hash)).await);
        assert!(!verify("", None).await);
    }
}
