//! Statements by which a request that is sent again under one `Idempotency-Key` has the same response: the key that it creates
//! and the record of the request are one transaction, and of two at once the second waits for the first.

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, QueryResult,
    dsl::{AsSelect, SqlTypeOf},
    pg::Pg,
    sql_types::{Binary, Bool, Nullable},
    upsert::excluded,
};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};

use super::{
    Store, StoreError,
    active_caller::CallerBinds,
    freshness::Subject,
    keys::write::{self, ExpectedKey, IssuedKey, NewKey, Successor},
    rows::{KEY_COLUMNS, KeyRow},
    schema::idempotency_keys,
    sql::{Sql, SqlOut, Statement, unknown},
    transaction::TransactionGuard,
};
use crate::model::{ApiKey, Caller, KeyAccess};

/// The most expired records that one statement removes.
const PURGE_BATCH: i64 = 1_000;

/// A request with an `Idempotency-Key`.
pub struct IdempotentRequest {
    /// A keyed hash of the `Idempotency-Key`; 32 bytes.
    pub key_hash: Vec<u8>,
    /// A keyed hash of the request; 32 bytes.
    pub request_hash: Vec<u8>,
    /// The secret of the key that is created, encrypted.
    pub sealed_secret: Vec<u8>,
    /// The time now.
    pub now: DateTime<Utc>,
    /// Until when the request is replayed.
    pub expires_at: DateTime<Utc>,
}

/// The key that a request creates.
pub enum KeyCreation<'a> {
    /// A key of its own.
    New(&'a NewKey),
    /// A key of an owner.
    Issued(&'a IssuedKey<'a>),
    /// The successor of a key.
    Successor {
        /// The key that it replaces.
        id: i64,
        /// What the key must be.
        expected: ExpectedKey<'a>,
        /// The successor.
        successor: &'a Successor,
    },
    /// None.
    Nothing,
}

/// What became of a request with an `Idempotency-Key`.
pub enum IdempotentOutcome {
    /// It was the first, and created this key; `None` if the statement found nothing to do.
    Executed(Option<Box<ApiKey>>),
    /// It was sent before and created this key, with its encrypted secret.
    Replayed(Box<ApiKey>, Vec<u8>),
    /// Another request was sent under the same `Idempotency-Key`, or the key that was created is gone.
    KeyMismatch,
}

impl Store {
    /// Creates a key; `None` as [`KeyCreation`]'s statement finds nothing to do.
    #[tracing::instrument(name = "store.create_key", level = "debug", skip_all)]
    pub async fn create_key(
        &self,
        caller: &Caller,
        now: DateTime<Utc>,
        creation: &KeyCreation<'_>,
    ) -> Result<Option<ApiKey>, StoreError> {
        let key = create(&mut *self.write_connection().await?, caller, now, creation).await?;
        self.invalidate_replaced(creation);
        Ok(key)
    }

    /// Creates a key once for all requests under the same `Idempotency-Key`.
    #[tracing::instrument(name = "store.create_key_idempotent", level = "debug", skip_all)]
    pub async fn create_key_idempotent(
        &self,
        caller: &Caller,
        request: &IdempotentRequest,
        creation: &KeyCreation<'_>,
    ) -> Result<IdempotentOutcome, StoreError> {
        let mut guard = TransactionGuard::new(self.write_connection().await?);
        let outcome = guard
            .connection()?
            .transaction(async |connection: &mut AsyncPgConnection| {
                if !insert(connection, caller, request).await? {
                    return find(connection, caller, request).await;
                }
                let Some(key) = create(connection, caller, request.now, creation).await? else {
                    return Err(Rollback::NotCreated);
                };
                complete(connection, caller, request, key.id).await?;
                Ok(IdempotentOutcome::Executed(Some(Box::new(key))))
            })
            .await;
        guard.release();
        self.invalidate_replaced(creation);
        match outcome {
            Ok(outcome) => Ok(outcome),
            // The record was rolled back too, so that the request can be sent again once its cause is resolved.
            Err(Rollback::NotCreated) => Ok(IdempotentOutcome::Executed(None)),
            Err(Rollback::Failed(error)) => Err(error),
        }
    }

    /// Removes some expired records, with their encrypted secrets, and returns how many.
    #[tracing::instrument(name = "store.purge_idempotency_keys", level = "debug", skip_all)]
    pub async fn purge_idempotency_keys(&self, now: DateTime<Utc>) -> Result<usize, StoreError> {
        use idempotency_keys as i;
        let expired = diesel::alias!(idempotency_keys as expired);
        let batch = expired
            .filter(expired.field(i::expires_at).le(now))
            .order(expired.field(i::expires_at))
            .limit(PURGE_BATCH)
            .select(expired.field(i::key_hash));
        let purge = diesel::delete(i::table.filter(i::expires_at.le(now)).filter(i::key_hash.eq_any(batch)));
        Ok(purge.execute(&mut *self.write_connection().await?).await?)
    }

    fn invalidate_replaced(&self, creation: &KeyCreation<'_>) {
        if let KeyCreation::Successor { id, .. } = creation {
            self.freshness().invalidate([Subject::Key(*id)]);
        }
    }
}

/// Why a transaction is rolled back.
enum Rollback {
    NotCreated,
    Failed(StoreError),
}

impl From<StoreError> for Rollback {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

impl From<diesel::result::Error> for Rollback {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(error.into())
    }
}

async fn create(
    connection: &mut AsyncPgConnection,
    caller: &Caller,
    now: DateTime<Utc>,
    creation: &KeyCreation<'_>,
) -> Result<Option<ApiKey>, StoreError> {
    match creation {
        KeyCreation::New(new) => write::insert_key(connection, caller, new).await,
        KeyCreation::Issued(issued) => write::issue_key(connection, caller, issued).await,
        KeyCreation::Successor { id, expected, successor } => {
            write::rotate_key(connection, caller, now, *id, *expected, successor).await
        }
        KeyCreation::Nothing => Ok(None),
    }
}

/// Whether this request is the first: there is no record under its key, or it has expired.
async fn insert(
    connection: &mut AsyncPgConnection,
    caller: &Caller,
    request: &IdempotentRequest,
) -> Result<bool, StoreError> {
    use diesel::query_dsl::methods::FilterDsl;
    use idempotency_keys as i;
    let insert = diesel::insert_into(i::table)
        .values((
            i::user_id.eq(caller.user_id),
            i::key_hash.eq(&request.key_hash),
            i::request_hash.eq(&request.request_hash),
            i::expires_at.eq(request.expires_at),
        ))
        .on_conflict((i::user_id, i::key_hash))
        .do_update()
        .set((
            i::request_hash.eq(excluded(i::request_hash)),
            i::api_key_id.eq(None::<i64>),
            i::sealed_secret.eq(None::<Vec<u8>>),
            i::expires_at.eq(excluded(i::expires_at)),
        ))
        .filter(i::expires_at.le(request.now));
    Ok(insert.execute(connection).await? == 1)
}

async fn complete(
    connection: &mut AsyncPgConnection,
    caller: &Caller,
    request: &IdempotentRequest,
    api_key_id: i64,
) -> Result<(), StoreError> {
    use idempotency_keys as i;
    let update = diesel::update(i::table.find((caller.user_id, &request.key_hash)))
        .set((i::api_key_id.eq(api_key_id), i::sealed_secret.eq(&request.sealed_secret)));
    update.execute(connection).await?;
    Ok(())
}

async fn find(
    connection: &mut AsyncPgConnection,
    caller: &Caller,
    request: &IdempotentRequest,
) -> Result<IdempotentOutcome, Rollback> {
    type Row = (Vec<u8>, Option<Vec<u8>>, bool, KeyRow);
    let statement = Sql(FindRequest { caller: CallerBinds::new(caller, request.now), key_hash: &request.key_hash });
    let found: Option<Row> = statement.get_result(connection).await.optional()?;
    match found {
        None => Err(Rollback::NotCreated),
        Some((request_hash, Some(sealed_secret), false, row)) if request_hash == request.request_hash => {
            Ok(IdempotentOutcome::Replayed(Box::new(row.try_into()?), sealed_secret))
        }
        Some(_) => Ok(IdempotentOutcome::KeyMismatch),
    }
}

struct FindRequest<'a> {
    caller: CallerBinds,
    key_hash: &'a [u8],
}

impl Statement for FindRequest<'_> {
    type Id = FindRequest<'static>;
    type Row = (Binary, Nullable<Binary>, Bool, SqlTypeOf<AsSelect<KeyRow, Pg>>);
    // A replay runs no other statement that checks whether the caller is active, and still reaches the key.
    const SQL: &'static str = "
        SELECT i.request_hash, i.sealed_secret, k.deleted_at IS NOT NULL, {key_columns}
        FROM principals u INNER JOIN idempotency_keys i ON i.user_id = u.id INNER JOIN api_keys k ON k.id = i.api_key_id
        WHERE {principal_is_active} AND i.key_hash = {key_hash} AND {may_write}";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "key_columns" => out.push_sql(KEY_COLUMNS),
            "principal_is_active" => self.caller.push_principal_is_active(out)?,
            "may_write" => self.caller.push_reaches_key(KeyAccess::Write, out)?,
            "key_hash" => out.push_bind_param::<Binary, _>(self.key_hash)?,
            _ => unknown(name)?,
        }
        Ok(())
    }
}
