//! The statement that finds keys by their hashes, for verification and authentication.
//!
//! Lookups that arrive while a statement is running wait, and the next statement serves all of them: they share most of what a
//! statement costs Postgres and both ends of the connection. A lookup never waits for others to arrive.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Utc};
use diesel::{
    QueryResult,
    dsl::SqlTypeOf,
    sql_types::{Array, BigInt, Binary, Bool, Jsonb, Nullable, SmallInt, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;
use tokio::{sync::oneshot, time::timeout};

use crate::{
    model::{KeyHash, KeySnapshot, KeyState, Policy, PrincipalKind, PrincipalSnapshot, Project},
    store::{
        Store, StoreError,
        projects::{PROJECT_COLUMNS, ProjectRow, ProjectTypes, project},
        read_connections::ReadConnections,
        rows::{Named, PolicyRow, metadata},
        schema::api_keys,
        server::{SERVER_RUN, ServerRun},
        sql::{Sql, SqlOut, Statement, unknown},
    },
};

/// The most lookups that share a statement.
const MAX_BATCH: usize = 128;

type LookupResult = Result<Option<FoundKey>, StoreError>;

/// A key with its principal, and their project.
#[derive(Debug, Clone)]
pub struct FoundKey {
    /// The key and its principal.
    pub key: KeySnapshot,
    /// The project.
    pub project: Arc<Project>,
}

/// A lookup of the key that is stored under one of these digests.
struct PendingLookup {
    digests: Vec<[u8; 32]>,
    result: oneshot::Sender<LookupResult>,
}

/// Batches lookups of keys by their hash.
pub(in crate::store) struct KeyLoader {
    connections: Arc<ReadConnections>,
    queue: Mutex<Queue>,
}

struct Queue {
    pending: VecDeque<PendingLookup>,
    /// The connections on which no batch is running. A connection that stalls delays only the lookups of its batch.
    idle: Vec<usize>,
}

impl Store {
    /// The key that is stored under one of these hashes, with its principal, whatever their status.
    #[tracing::instrument(name = "store.find_key_by_hash", level = "debug", skip_all)]
    pub async fn find_key_by_hash(&self, hashes: &[KeyHash]) -> LookupResult {
        let (result, received) = oneshot::channel();
        let digests = hashes.iter().map(|hash| hash.digest).collect();
        self.key_loader.lock().pending.push_back(PendingLookup { digests, result });
        if let Some(batch) = LookupBatch::take(&self.key_loader) {
            tokio::spawn(batch.run());
        }
        received.await.map_err(StoreError::internal)?
    }
}

impl KeyLoader {
    pub(in crate::store) fn new(connections: Arc<ReadConnections>) -> Arc<Self> {
        let queue = Queue { pending: VecDeque::new(), idle: (0..connections.count()).collect() };
        Arc::new(Self { connections, queue: Mutex::new(queue) })
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The lookups of one statement, and the connection that it runs on.
struct LookupBatch {
    loader: Arc<KeyLoader>,
    connection: usize,
    lookups: Vec<PendingLookup>,
}

impl LookupBatch {
    /// The pending lookups; `None` if there are none, or if a batch is running on every connection, whose end takes them.
    fn take(loader: &Arc<KeyLoader>) -> Option<Self> {
        let mut queue = loader.lock();
        if queue.pending.is_empty() {
            return None;
        }
        let connection = queue.idle.pop()?;
        let count = queue.pending.len().min(MAX_BATCH);
        let mut lookups: Vec<PendingLookup> = queue.pending.drain(..count).collect();
        // Requests that timed out or were cancelled no longer wait.
        lookups.retain(|lookup| !lookup.result.is_closed());
        Some(Self { loader: Arc::clone(loader), connection, lookups })
    }

    /// Serves the lookups, and those that arrive meanwhile.
    async fn run(self) {
        let loader = Arc::clone(&self.loader);
        let mut next = Some(self);
        while let Some(batch) = next {
            batch.serve().await;
            next = Self::take(&loader);
        }
    }

    async fn serve(mut self) {
        let lookups = std::mem::take(&mut self.lookups);
        if lookups.is_empty() {
            return;
        }
        match self.query(&lookups).await {
            Ok(found) => {
                for lookup in lookups {
                    lookup.resolve(&found);
                }
            }
            // A row that cannot be decoded fails its own lookup alone.
            Err(StoreError::Internal(_)) if lookups.len() > 1 => {
                for lookup in lookups {
                    match self.query([&lookup]).await {
                        Ok(found) => lookup.resolve(&found),
                        Err(error) => lookup.fail(error),
                    }
                }
            }
            Err(error) => {
                let error = Arc::new(error);
                for lookup in lookups {
                    lookup.fail(shared(&error));
                }
            }
        }
    }

    /// The keys that are stored under the digests of these lookups. It times out, even if nobody waits any more: a statement
    /// that hangs must not keep its connection for ever.
    async fn query(
        &self,
        lookups: impl IntoIterator<Item = &PendingLookup>,
    ) -> Result<HashMap<Vec<u8>, FoundKey>, StoreError> {
        let connections = &self.loader.connections;
        let mut digests: Vec<&[u8]> = Vec::new();
        for lookup in lookups {
            digests.extend(lookup.digests.iter().map(|digest| &digest[..]));
        }
        let statement = Sql(FindKeys(digests));
        let rows = async {
            let shared = connections.get_slot(self.connection).await?;
            let rows: Vec<(Option<DateTime<Utc>>, Option<Row>)> = statement.load(&mut &shared.connection).await?;
            let server = rows.as_slice().first().and_then(|(server, _)| *server);
            connections.check(&shared, ServerRun::new(server))?;
            Ok::<_, StoreError>(rows)
        };
        let rows = timeout(connections.acquire_timeout(), rows).await.map_err(StoreError::unavailable)??;
        rows.into_iter().filter_map(|(_, row)| row).map(snapshot).collect()
    }
}

impl Drop for LookupBatch {
    fn drop(&mut self) {
        self.loader.lock().idle.push(self.connection);
    }
}

impl PendingLookup {
    fn resolve(self, found: &HashMap<Vec<u8>, FoundKey>) {
        let key = self.digests.iter().find_map(|digest| found.get(&digest[..])).cloned();
        // The receiver may be gone.
        let _ = self.result.send(Ok(key));
    }

    fn fail(self, error: StoreError) {
        let _ = self.result.send(Err(error));
    }
}

/// The keys that are stored under these digests. Always at least one row, for the server.
struct FindKeys<'a>(Vec<&'a [u8]>);

impl Statement for FindKeys<'_> {
    type Id = FindKeys<'static>;
    type Row = (Nullable<Timestamptz>, Nullable<RowTypes>);
    const SQL: &'static str = "
        SELECT s.server, k.hash, k.id, k.user_id, k.pepper, k.created_at, k.expires_at,
            k.disabled_at IS NOT NULL, k.revoked_at IS NOT NULL, k.deleted_at IS NOT NULL,
            k.scopes, k.networks, k.not_before, k.rate_limit_requests, k.rate_limit_seconds, k.metadata,
            u.kind, COALESCE(u.name, u.external_id, ''), u.metadata, u.token_generation, u.disabled_at IS NOT NULL,
            {project}
        FROM (SELECT {server} AS server) s
        LEFT JOIN (api_keys k INNER JOIN principals u ON u.id = k.user_id INNER JOIN projects p ON p.id = k.project_id)
            ON k.hash = ANY({digests})";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "server" => out.push_sql(SERVER_RUN),
            "project" => out.push_sql(PROJECT_COLUMNS),
            "digests" => out.push_bind_param::<Array<Binary>, _>(&self.0)?,
            _ => unknown(name)?,
        }
        Ok(())
    }
}

type Row = (
    (Vec<u8>, i64, i64, i16, DateTime<Utc>, Option<DateTime<Utc>>),
    (bool, bool, bool),
    (PolicyRow, serde_json::Value),
    (Named<PrincipalKind>, String, serde_json::Value, i64, bool),
    ProjectRow,
);
type PolicyColumns = (
    api_keys::scopes,
    api_keys::networks,
    api_keys::not_before,
    api_keys::rate_limit_requests,
    api_keys::rate_limit_seconds,
);
type RowTypes = (
    (Binary, BigInt, BigInt, SmallInt, Timestamptz, Nullable<Timestamptz>),
    (Bool, Bool, Bool),
    (SqlTypeOf<PolicyColumns>, Jsonb),
    (Text, Text, Jsonb, BigInt, Bool),
    ProjectTypes,
);

/// One error for each of several lookups.
fn shared(error: &Arc<StoreError>) -> StoreError {
    match **error {
        StoreError::Unavailable(_) => StoreError::unavailable(Arc::clone(error)),
        StoreError::Internal(_) | StoreError::UniqueViolation { .. } => StoreError::internal(Arc::clone(error)),
    }
}

fn snapshot(row: Row) -> Result<(Vec<u8>, FoundKey), StoreError> {
    let (key, (disabled, revoked, deleted), (policy, key_metadata), principal, project_row) = row;
    let (hash, id, user_id, pepper, created_at, expires_at) = key;
    let (Named(kind), name, principal_metadata, token_generation, principal_disabled) = principal;
    let policy = Policy::try_from(policy)?;
    let project = project(project_row)?;
    let principal = PrincipalSnapshot {
        id: user_id,
        kind,
        name: name.into(),
        metadata: metadata(principal_metadata)?,
        token_generation,
        disabled: principal_disabled,
    };
    let key = KeySnapshot {
        id,
        pepper,
        created_at,
        state: KeyState { revoked, expires_at, disabled, not_before: policy.not_before },
        deleted,
        policy: (!policy.is_unrestricted()).then(|| Box::new(policy)),
        project_id: project.id,
        metadata: metadata(key_metadata)?,
        principal: Arc::new(principal),
    };
    Ok((hash, FoundKey { key, project: Arc::new(project) }))
}
