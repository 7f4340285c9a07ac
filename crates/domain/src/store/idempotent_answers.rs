//! Statements by which a request that is sent again is answered as it was the first time: what it makes and its claim to
//! have made it are one transaction, and of two at once the second waits for the first.

use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, SelectableHelper, upsert::excluded};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};

use super::{
    Store, UntilDone,
    error::StoreError,
    key_changes::{self, NewKey, Successor},
    schema::{api_keys, idempotent_answers, users},
};
use crate::{audit::Actor, keys::record::KeyRecord};

/// How many answers whose time is over are removed at once.
const REMOVED_AT_ONCE: i64 = 1_000;

/// A request that says it is the only one of its kind.
pub struct Claim {
    /// A keyed hash of its `Idempotency-Key`; 32 bytes.
    pub key_hash: Vec<u8>,
    /// A keyed hash of what it asks for; 32 bytes.
    pub request_hash: Vec<u8>,
    /// The secret of what it makes, sealed.
    pub sealed_secret: Vec<u8>,
    /// Now.
    pub now: DateTime<Utc>,
    /// Until when it is answered the same.
    pub expires_at: DateTime<Utc>,
}

/// What the request makes.
pub enum Making<'a> {
    /// A key.
    Key(&'a NewKey),
    /// The successor of the key of this id, at this version.
    Successor(i64, i64, &'a Successor),
}

/// What became of a claim.
pub enum Claimed {
    /// The request was the first, and this is what it made; `None` when it could not be made.
    First(Option<Box<KeyRecord>>),
    /// It was sent before, and this was made then, with its sealed secret.
    Again(Box<KeyRecord>, Vec<u8>),
    /// Another request was sent under the same `Idempotency-Key`, or what was made is gone.
    OfAnother,
}

impl Store {
    /// Makes something, as often as it is asked to.
    pub async fn make(
        &self,
        actor: &Actor,
        now: DateTime<Utc>,
        making: &Making<'_>,
    ) -> Result<Option<KeyRecord>, StoreError> {
        make(&mut *self.writer().await?, actor, now, making).await
    }

    /// Makes something, once for all requests of the same claim.
    pub async fn make_once(&self, actor: &Actor, claim: &Claim, making: &Making<'_>) -> Result<Claimed, StoreError> {
        let mut writer = UntilDone::new(self.writer().await?);
        let made = writer
            .connection()?
            .transaction(async |connection: &mut AsyncPgConnection| {
                if !insert_claim(connection, actor, claim).await? {
                    return find_claimed(connection, actor, claim).await;
                }
                let Some(record) = make(connection, actor, claim.now, making).await? else {
                    return Err(Undone::NotMade);
                };
                complete_claim(connection, actor, claim, record.id).await?;
                Ok(Claimed::First(Some(Box::new(record))))
            })
            .await;
        writer.done();
        match made {
            Ok(claimed) => Ok(claimed),
            // The claim is gone with the transaction, so that the request can be sent again once it is put right.
            Err(Undone::NotMade) => Ok(Claimed::First(None)),
            Err(Undone::Failed(error)) => Err(error),
        }
    }

    /// Removes some answers whose time is over, the sealed secrets with them; how many.
    pub async fn remove_expired_answers(&self, now: DateTime<Utc>) -> Result<usize, StoreError> {
        use idempotent_answers as a;
        let other = diesel::alias!(idempotent_answers as other);
        let over = other
            .filter(other.field(a::expires_at).le(now))
            .order(other.field(a::expires_at))
            .limit(REMOVED_AT_ONCE)
            .select(other.field(a::key_hash));
        let remove = diesel::delete(a::table.filter(a::expires_at.le(now)).filter(a::key_hash.eq_any(over)));
        Ok(remove.execute(&mut *self.writer().await?).await?)
    }
}

/// Why a transaction is undone.
enum Undone {
    NotMade,
    Failed(StoreError),
}

impl From<StoreError> for Undone {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

impl From<diesel::result::Error> for Undone {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(error.into())
    }
}

async fn make(
    connection: &mut AsyncPgConnection,
    actor: &Actor,
    now: DateTime<Utc>,
    making: &Making<'_>,
) -> Result<Option<KeyRecord>, StoreError> {
    match making {
        Making::Key(new) => key_changes::insert_key(connection, actor, new).await,
        Making::Successor(id, version, successor) => {
            key_changes::rotate_key(connection, actor, now, *id, *version, successor).await
        }
    }
}

/// Whether the claim is ours: there is none, or its time is over.
async fn insert_claim(connection: &mut AsyncPgConnection, actor: &Actor, claim: &Claim) -> Result<bool, StoreError> {
    use diesel::query_dsl::methods::FilterDsl;
    use idempotent_answers as a;
    let insert = diesel::insert_into(a::table)
        .values((
            a::user_id.eq(actor.user_id),
            a::key_hash.eq(&claim.key_hash),
            a::request_hash.eq(&claim.request_hash),
            a::expires_at.eq(claim.expires_at),
        ))
        .on_conflict((a::user_id, a::key_hash))
        .do_update()
        .set((
            a::request_hash.eq(excluded(a::request_hash)),
            a::made_id.eq(None::<i64>),
            a::sealed_secret.eq(None::<Vec<u8>>),
            a::expires_at.eq(excluded(a::expires_at)),
        ))
        .filter(a::expires_at.le(claim.now));
    Ok(insert.execute(connection).await? == 1)
}

async fn complete_claim(
    connection: &mut AsyncPgConnection,
    actor: &Actor,
    claim: &Claim,
    made_id: i64,
) -> Result<(), StoreError> {
    use idempotent_answers as a;
    let update = diesel::update(a::table.find((actor.user_id, &claim.key_hash)))
        .set((a::made_id.eq(made_id), a::sealed_secret.eq(&claim.sealed_secret)));
    update.execute(connection).await?;
    Ok(())
}

async fn find_claimed(connection: &mut AsyncPgConnection, actor: &Actor, claim: &Claim) -> Result<Claimed, Undone> {
    use idempotent_answers as a;
    // That the actor still stands is checked here too, as nothing is made that would.
    let query = a::table
        .inner_join(api_keys::table)
        .inner_join(users::table.on(users::id.eq(a::user_id)))
        .filter(users::token_generation.eq(actor.generation))
        .filter(users::disabled_at.is_null())
        .filter(a::user_id.eq(actor.user_id))
        .filter(a::key_hash.eq(&claim.key_hash))
        .select((a::request_hash, a::sealed_secret, api_keys::deleted_at.is_not_null(), KeyRecord::as_select()));
    type Row = (Vec<u8>, Option<Vec<u8>>, bool, KeyRecord);
    let found: Option<Row> = query.first(connection).await.optional()?;
    match found {
        None => Err(Undone::NotMade),
        Some((request_hash, Some(sealed), false, record)) if request_hash == claim.request_hash => {
            Ok(Claimed::Again(Box::new(record), sealed))
        }
        Some(_) => Ok(Claimed::OfAnother),
    }
}
