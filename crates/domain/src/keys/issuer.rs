//! Generates keys and stores them, once for each request.

use std::{num::NonZeroU32, sync::Arc};

use quick_cache::sync::Cache;
use secrecy::{SecretSlice, SecretString};

use super::{
    idempotency::{IDEMPOTENCY_TTL, Idempotency, SecretSealer},
    quota::KeyQuota,
};
use crate::{
    model::{ApiKey, Caller, Env, Error, KeyPrefix, Peppers, PlainKey, Project, Rng},
    store::{
        Store,
        idempotency_keys::{IdempotentOutcome, IdempotentRequest, KeyCreation},
    },
};

/// The most owners whose ids are cached.
const OWNER_CACHE_CAPACITY: usize = 10_000;

/// Issues keys.
pub struct KeyIssuer {
    peppers: Arc<Peppers>,
    prefix: KeyPrefix,
    quota: KeyQuota,
    sealer: SecretSealer,
    /// The ids of owners, by their projects and external ids. They are outdated if an owner was deleted and created again.
    owner_ids: Cache<(i64, String), i64>,
}

/// What became of a request to issue a key.
pub enum Issued {
    /// The key and its secret.
    Key(Box<ApiKey>, SecretString),
    /// The statement found nothing to do.
    NotFound,
    /// The `Idempotency-Key` was used for another request.
    IdempotencyKeyMismatch,
    /// The user has as many keys as is allowed. Whether the caller is active was not checked.
    QuotaExceeded,
}

impl KeyIssuer {
    /// `secret` is the service's own, the same on every node.
    pub fn new(
        peppers: Arc<Peppers>,
        prefix: KeyPrefix,
        quota: KeyQuota,
        secret: &SecretSlice<u8>,
    ) -> Result<Self, Error> {
        let sealer = SecretSealer::new(secret).map_err(Error::internal)?;
        Ok(Self { peppers, prefix, quota, sealer, owner_ids: Cache::new(OWNER_CACHE_CAPACITY) })
    }

    /// The most keys that a user may have.
    pub fn quota(&self) -> NonZeroU32 {
        self.quota.max()
    }

    /// The peppers under which keys are hashed.
    pub fn peppers(&self) -> &Peppers {
        &self.peppers
    }

    /// Generates a key of a project. It is not stored yet.
    pub fn generate(&self, rng: &Rng, project: &Project) -> PlainKey {
        // A constraint permits no other prefix than one that is valid.
        let prefix = project.settings.key_prefix.as_deref().and_then(KeyPrefix::new);
        PlainKey::generate(prefix.as_ref().unwrap_or(&self.prefix), rng)
    }

    /// The id of an owner, if there is one, or that of a deleted owner with the same external id.
    pub(super) async fn owner_id(
        &self,
        store: &Store,
        project_id: i64,
        external_id: &str,
    ) -> Result<Option<i64>, Error> {
        match self.owner_ids.get(&(project_id, external_id.to_owned())) {
            Some(id) => Ok(Some(id)),
            None => self.refresh_owner_id(store, project_id, external_id).await,
        }
    }

    /// The id of an owner, if there is one.
    pub(super) async fn refresh_owner_id(
        &self,
        store: &Store,
        project_id: i64,
        external_id: &str,
    ) -> Result<Option<i64>, Error> {
        let id = store.find_owner_id(project_id, external_id).await?;
        let owner = (project_id, external_id.to_owned());
        match id {
            Some(id) => self.owner_ids.insert(owner, id),
            None => drop(self.owner_ids.remove(&owner)),
        }
        Ok(id)
    }

    /// Stores a key of a principal, or finds the one that the same request stored before. A principal that does not exist yet has room
    /// for a key.
    #[expect(clippy::too_many_arguments, reason = "they are the request and what serves it")]
    pub async fn issue(
        &self,
        store: &Store,
        env: &Env,
        caller: &Caller,
        principal_id: Option<i64>,
        key: PlainKey,
        creation: &KeyCreation<'_>,
        idempotency: Option<Idempotency<'_>>,
    ) -> Result<Issued, Error> {
        let now = env.clock.now();
        let secret = key.into_secret();
        let has_room = match principal_id {
            Some(id) => self.quota.take(store, id).await?,
            None => true,
        };
        if !has_room && idempotency.is_none() {
            return Ok(Issued::QuotaExceeded);
        }
        let Some(Idempotency { key: idempotency_key, request }) = idempotency else {
            let created = store.create_key(caller, now, creation).await?;
            if let (None, Some(id)) = (&created, principal_id) {
                self.quota.give_back(id).await;
            }
            return Ok(created.map_or(Issued::NotFound, |key| Issued::Key(Box::new(key), secret)));
        };
        let user_id = caller.user_id;
        let request = IdempotentRequest {
            key_hash: self.sealer.hash_key(user_id, idempotency_key),
            request_hash: self.sealer.hash_request(user_id, &request),
            sealed_secret: self.sealer.seal(user_id, idempotency_key, &secret, env.rng.bytes())?,
            now,
            expires_at: now + IDEMPOTENCY_TTL,
        };
        // Without room for another key, a request that is sent again still has its response.
        let creation = if has_room { creation } else { &KeyCreation::Nothing };
        let outcome = store.create_key_idempotent(caller, &request, creation).await?;
        if let (true, Some(id)) = (has_room && !matches!(outcome, IdempotentOutcome::Executed(Some(_))), principal_id) {
            self.quota.give_back(id).await;
        }
        if !matches!(outcome, IdempotentOutcome::Executed(_)) {
            // No statement has checked that the caller's own key is still valid.
            store.ensure_key_active(caller, env.clock.now()).await?;
        }
        Ok(match outcome {
            IdempotentOutcome::Executed(Some(key)) => Issued::Key(key, secret),
            IdempotentOutcome::Executed(None) if !has_room => Issued::QuotaExceeded,
            IdempotentOutcome::Executed(None) => Issued::NotFound,
            IdempotentOutcome::Replayed(key, sealed) => {
                Issued::Key(key, self.sealer.open(user_id, idempotency_key, &sealed)?)
            }
            IdempotentOutcome::KeyMismatch => Issued::IdempotencyKeyMismatch,
        })
    }
}
