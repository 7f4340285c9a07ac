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
use tokio::{sync::oneshot, time::timeout};

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

struct Waiting {
    questions: VecDeque<Question>,
    /// The connections on which no statement of ours is under way. One that is held up keeps what it was given, and no more.
    idle: Vec<usize>,
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
        let waiting = Waiting { questions: VecDeque::new(), idle: (0..readers.count()).collect() };
        Arc::new(Self { readers, waiting: Mutex::new(waiting) })
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The questions of one statement, and the connection that it goes over.
struct Batch {
    known_keys: Arc<KnownKeys>,
    connection: usize,
    questions: Vec<Question>,
}

impl Batch {
    /// Those who wait; `None` when nobody does, or each connection has a statement under way, after which they are taken.
    fn take(known_keys: &Arc<KnownKeys>) -> Option<Self> {
        let mut waiting = known_keys.lock();
        if waiting.questions.is_empty() {
            return None;
        }
        let connection = waiting.idle.pop()?;
        let count = waiting.questions.len().min(MOST_AT_ONCE);
        let mut questions: Vec<Question> = waiting.questions.drain(..count).collect();
        // Those who gave up have gone.
        questions.retain(|question| !question.answer.is_closed());
        Some(Self { known_keys: Arc::clone(known_keys), connection, questions })
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
        let questions = std::mem::take(&mut self.questions);
        if questions.is_empty() {
            return;
        }
        match self.find(&questions).await {
            Ok(found) => questions.into_iter().for_each(|question| question.answer_from(&found)),
            // Perhaps one row cannot be read, for which the others cannot help.
            Err(StoreError::Internal(_)) if questions.len() > 1 => {
                for question in questions {
                    match self.find([&question]).await {
                        Ok(found) => question.answer_from(&found),
                        Err(error) => question.fail(error),
                    }
                }
            }
            Err(error) => {
                let error = Arc::new(error);
                questions.into_iter().for_each(|question| question.fail(shared(&error)));
            }
        }
    }

    /// What is kept under the hashes of these questions. Given up when it takes long, though those who asked may have gone by
    /// then: a statement that hangs must not keep its connection for ever.
    async fn find(
        &self,
        questions: impl IntoIterator<Item = &Question>,
    ) -> Result<HashMap<Vec<u8>, KnownKey>, StoreError> {
        let readers = &self.known_keys.readers;
        let digests: Vec<&[u8]> =
            questions.into_iter().flat_map(|question| &question.digests).map(|digest| &digest[..]).collect();
        let query = api_keys::table.inner_join(users::table).filter(api_keys::hash.eq_any(digests)).select((
            (
                api_keys::hash,
                api_keys::id,
                api_keys::user_id,
                api_keys::pepper,
                api_keys::created_at,
                api_keys::expires_at,
            ),
            (
                api_keys::disabled_at.is_not_null(),
                api_keys::revoked_at.is_not_null(),
                api_keys::deleted_at.is_not_null(),
            ),
            Policy::as_select(),
            (users::name, users::role, users::token_generation, users::disabled_at.is_not_null()),
        ));
        let rows = async {
            let reader = readers.get_at(self.connection).await?;
            Ok::<Vec<Row>, StoreError>(query.load(&mut &reader.connection).await?)
        };
        let rows = timeout(readers.patience(), rows).await.map_err(StoreError::unavailable)??;
        rows.into_iter().map(known_key).collect()
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        self.known_keys.lock().idle.push(self.connection);
    }
}

impl Question {
    fn answer_from(self, found: &HashMap<Vec<u8>, KnownKey>) {
        let known = self.digests.iter().find_map(|digest| found.get(&digest[..])).cloned();
        // Who asked may have gone.
        let _ = self.answer.send(Ok(known));
    }

    fn fail(self, error: StoreError) {
        let _ = self.answer.send(Err(error));
    }
}

type Row = (
    (Vec<u8>, i64, i64, i16, DateTime<Utc>, Option<DateTime<Utc>>),
    (bool, bool, bool),
    Policy,
    (String, String, i64, bool),
);

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
