//! The statement that finds keys by their hashes, for those who verify and authenticate.
//!
//! Who asks while a statement is under way waits, and the next one asks for all who wait: most of what a statement costs
//! Postgres, and both ends of the connection, it costs once. Nobody waits for company.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, QueryDsl, SelectableHelper};
use diesel_async::RunQueryDsl;
use tokio::sync::oneshot;

use super::{
    Store,
    error::StoreError,
    readers::Readers,
    schema::{api_keys, users},
};
use crate::{
    identity::Role,
    keys::{hash::KeyHash, policy::Policy, record::Validity},
    verification::known_key::KnownKey,
};

/// How many questions one statement answers at most.
const MOST_AT_ONCE: usize = 128;

type Answer = Result<Option<KnownKey>, StoreError>;

/// Which of these hashes a key is kept under, if any.
struct Question {
    digests: Vec<[u8; 32]>,
    answer: oneshot::Sender<Answer>,
}

/// The questions that wait for a statement.
pub(super) struct KnownKeys {
    readers: Arc<Readers>,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    questions: VecDeque<Question>,
    statements_under_way: usize,
}

impl Store {
    /// The key that is kept under one of these hashes, with its owner, whatever has become of them.
    pub async fn find_known_key(&self, hashes: &[KeyHash]) -> Answer {
        let (answer, answered) = oneshot::channel();
        let digests = hashes.iter().map(|hash| hash.digest).collect();
        self.known_keys.lock().questions.push_back(Question { digests, answer });
        if let Some(batch) = Batch::take(&self.known_keys) {
            tokio::spawn(batch.run());
        }
        answered.await.map_err(StoreError::internal)?
    }
}

impl KnownKeys {
    pub(super) fn new(readers: Arc<Readers>) -> Arc<Self> {
        Arc::new(Self { readers, waiting: Mutex::default() })
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The questions of one statement.
struct Batch {
    known_keys: Arc<KnownKeys>,
    questions: Vec<Question>,
}

impl Batch {
    /// Those who wait; `None` when nobody does, or each connection has a statement under way, after which they are taken.
    fn take(known_keys: &Arc<KnownKeys>) -> Option<Self> {
        let mut waiting = known_keys.lock();
        if waiting.questions.is_empty() || waiting.statements_under_way >= known_keys.readers.count() {
            return None;
        }
        let count = waiting.questions.len().min(MOST_AT_ONCE);
        let mut questions: Vec<Question> = waiting.questions.drain(..count).collect();
        // Those who gave up have gone.
        questions.retain(|question| !question.answer.is_closed());
        waiting.statements_under_way += 1;
        Some(Self { known_keys: Arc::clone(known_keys), questions })
    }

    /// Answers the questions, and those that came meanwhile.
    async fn run(self) {
        let known_keys = Arc::clone(&self.known_keys);
        let mut next = Some(self);
        while let Some(batch) = next {
            batch.answer().await;
            next = Self::take(&known_keys);
        }
    }

    async fn answer(mut self) {
        let digests: Vec<&[u8]> =
            self.questions.iter().flat_map(|question| &question.digests).map(|digest| &digest[..]).collect();
        let found = match digests.is_empty() {
            true => Ok(HashMap::new()),
            false => find(&self.known_keys.readers, &digests).await.map_err(Arc::new),
        };
        for question in self.questions.drain(..) {
            let answer = match &found {
                Ok(found) => Ok(question.digests.iter().find_map(|digest| found.get(&digest[..])).cloned()),
                Err(error) => Err(shared(error)),
            };
            // Who asked may have gone.
            let _ = question.answer.send(answer);
        }
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        self.known_keys.lock().statements_under_way -= 1;
    }
}

type Row = (
    (Vec<u8>, i64, i64, i16, DateTime<Utc>, Option<DateTime<Utc>>),
    (bool, bool, bool),
    Policy,
    (String, String, i64, bool),
);

async fn find(readers: &Readers, digests: &[&[u8]]) -> Result<HashMap<Vec<u8>, KnownKey>, StoreError> {
    let reader = readers.get().await?;
    let query = api_keys::table.inner_join(users::table).filter(api_keys::hash.eq_any(digests)).select((
        (api_keys::hash, api_keys::id, api_keys::user_id, api_keys::pepper, api_keys::created_at, api_keys::expires_at),
        (api_keys::disabled_at.is_not_null(), api_keys::revoked_at.is_not_null(), api_keys::deleted_at.is_not_null()),
        Policy::as_select(),
        (users::name, users::role, users::token_generation, users::disabled_at.is_not_null()),
    ));
    let rows: Vec<Row> = query.load(&mut &reader.connection).await?;
    rows.into_iter().map(known_key).collect()
}

/// The same error for each who asked.
fn shared(error: &Arc<StoreError>) -> StoreError {
    match **error {
        StoreError::Unavailable(_) => StoreError::unavailable(Arc::clone(error)),
        StoreError::Internal(_) | StoreError::Unique(_) => StoreError::internal(Arc::clone(error)),
    }
}

fn known_key((key, (disabled, revoked, deleted), policy, owner): Row) -> Result<(Vec<u8>, KnownKey), StoreError> {
    let (hash, id, user_id, pepper, created_at, expires_at) = key;
    let (username, role, token_generation, owner_disabled) = owner;
    let known = KnownKey {
        id,
        user_id,
        pepper,
        created_at,
        validity: Validity { revoked, expires_at, disabled, not_before: policy.not_before },
        deleted,
        policy: (!policy.is_open()).then(|| Box::new(policy)),
        username: username.into(),
        role: Role::stored(&role)?,
        token_generation,
        owner_disabled,
    };
    Ok((hash, known))
}
