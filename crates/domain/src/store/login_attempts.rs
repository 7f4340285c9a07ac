//! Statements that count failed logins, and remember successful ones. They are counted in the database, so that all nodes
//! count together and a restart forgets nothing.
//!
//! They have connections of their own, so that no number of logins delays other statements. What takes longer than
//! `Store::login_timeout` is given up with its connection: a login in progress keeps others from theirs, and Postgres may hang.
//!
//! No statement waits for more than one row while it holds another, except [`Store::record_failed_login`], which takes them in
//! the order of its argument.

use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, IntoSql, OptionalExtension, QueryDsl, Queryable,
    dsl::{case_when, exists, select},
    sql_query,
    sql_types::{Integer, Timestamptz},
    upsert::excluded,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use ipnet::IpNet;
use tokio::time::timeout;

use super::{
    Store, StoreError,
    audit_events::insert_access_event,
    schema::{known_logins, login_counters},
    transaction::TransactionGuard,
};
use crate::model::audit::AccessEvent;

/// The most networks from which a name is known; the latest are kept.
const MAX_KNOWN_NETWORKS: i64 = 20;
/// How much later a known login must expire for its row to be written again.
const KNOWN_LOGIN_RESOLUTION: Duration = Duration::from_secs(24 * 60 * 60);

/// Removes some expired rows, except those that another statement is about to change. diesel's query builder has no `ctid`.
/// The last table is that of version 0.1.0.
const PURGES: [&str; 3] = [
    "DELETE FROM login_counters WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM login_counters WHERE expires_at <= $1 LIMIT 1000 FOR UPDATE SKIP LOCKED))",
    "DELETE FROM known_logins WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM known_logins WHERE expires_at <= $1 LIMIT 1000 FOR UPDATE SKIP LOCKED))",
    "DELETE FROM login_attempts WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM login_attempts WHERE window_started_at <= $1 - interval '15 minutes'
        LIMIT 1000 FOR UPDATE SKIP LOCKED))",
];

/// What failed logins are counted by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Queryable)]
pub struct LoginCounter {
    /// Where they came from.
    pub network: IpNet,
    /// A keyed hash of their name, 32 bytes; empty for all names.
    pub name_hash: Vec<u8>,
}

/// The failed logins within a window.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct LoginCount {
    /// What they are counted by.
    #[diesel(embed)]
    pub counter: LoginCounter,
    /// How many they are.
    pub failures: i32,
    /// When the window ends.
    pub expires_at: DateTime<Utc>,
}

impl Store {
    /// The counts of these counters whose window has not ended.
    #[tracing::instrument(name = "store.find_login_counts", level = "debug", skip_all)]
    pub async fn find_login_counts(
        &self,
        counters: &[LoginCounter],
        now: DateTime<Utc>,
    ) -> Result<Vec<LoginCount>, StoreError> {
        use login_counters as c;
        let shared = self.login_reads.get().await?;
        let query = c::table
            .filter(c::network.eq_any(counters.iter().map(|counter| counter.network)))
            .filter(c::name_hash.eq_any(counters.iter().map(|counter| &counter.name_hash)))
            .filter(c::expires_at.gt(now))
            .select(((c::network, c::name_hash), c::failures, c::expires_at));
        shared.within(self.login_timeout(), query.load(&mut &shared.connection)).await
    }

    /// Whether the name of this counter logged in from its network, see [`Store::record_successful_login`].
    #[tracing::instrument(name = "store.is_known_login", level = "debug", skip_all)]
    pub async fn is_known_login(&self, counter: &LoginCounter, now: DateTime<Utc>) -> Result<bool, StoreError> {
        use known_logins as k;
        let shared = self.login_reads.get().await?;
        let known = k::table.find((&counter.name_hash, counter.network)).filter(k::expires_at.gt(now));
        shared.within(self.login_timeout(), select(exists(known)).get_result(&mut &shared.connection)).await
    }

    /// The names that logged in from networks within this one, at most `limit`.
    #[tracing::instrument(name = "store.list_known_logins", level = "debug", skip_all)]
    pub async fn list_known_logins(
        &self,
        network: IpNet,
        now: DateTime<Utc>,
        limit: i64,
    ) -> Result<Vec<LoginCounter>, StoreError> {
        use known_logins as k;
        let shared = self.login_reads.get().await?;
        // By its bounds, because a prepared statement finds no index for `<<=`.
        let last = IpNet::new_assert(network.broadcast(), network.max_prefix_len());
        let known = k::table.filter(k::network.between(network, last)).filter(k::expires_at.gt(now));
        let names = known.select((k::network, k::name_hash)).limit(limit);
        shared.within(self.login_timeout(), names.load(&mut &shared.connection)).await
    }

    /// Adds a failed login to all of these counters, and returns their counts. A window begins with its first failure. The
    /// counters must be ordered from one name to all, and from narrow networks to wide ones.
    #[tracing::instrument(name = "store.record_failed_login", level = "debug", skip_all)]
    pub async fn record_failed_login(
        &self,
        counters: &[LoginCounter],
        now: DateTime<Utc>,
        window: Duration,
    ) -> Result<Vec<LoginCount>, StoreError> {
        use login_counters as c;
        let row = |counter: &LoginCounter| {
            let LoginCounter { network, name_hash } = counter.clone();
            (c::network.eq(network), c::name_hash.eq(name_hash), c::failures.eq(1), c::expires_at.eq(now + window))
        };
        let has_ended = c::expires_at.le(now);
        let upsert = diesel::insert_into(c::table)
            .values(counters.iter().map(row).collect::<Vec<_>>())
            .on_conflict((c::network, c::name_hash))
            .do_update()
            .set((
                c::failures.eq(case_when(has_ended, 1.into_sql::<Integer>()).otherwise(c::failures + 1)),
                c::expires_at.eq(case_when(has_ended, excluded(c::expires_at)).otherwise(c::expires_at)),
            ))
            .returning(((c::network, c::name_hash), c::failures, c::expires_at));
        self.write_login(async |connection| Ok(upsert.get_results(connection).await?)).await
    }

    /// Takes back the failed logins of the first counter, which is of one name, from all of these counters, because a login
    /// succeeded. Its name is then known in its network until `known_until`, and its audit event is written.
    #[tracing::instrument(name = "store.record_successful_login", level = "debug", skip_all)]
    pub async fn record_successful_login(
        &self,
        counters: &[LoginCounter],
        known_until: DateTime<Utc>,
        event: &AccessEvent,
    ) -> Result<(), StoreError> {
        self.write_login(async |connection| {
            take_back_failures(connection, counters, known_until).await?;
            insert_access_event(connection, event).await
        })
        .await
    }

    /// Writes the audit event of a failed login.
    #[tracing::instrument(name = "store.record_login_event", level = "debug", skip_all)]
    pub async fn record_login_event(&self, event: &AccessEvent) -> Result<(), StoreError> {
        self.write_login(async |connection| insert_access_event(connection, event).await).await
    }

    /// Commits a write that changes nothing, in place of the audit event of a failed login, and takes as long. So the time of a
    /// login does not tell whether its event was left out, which depends on whether the user exists.
    #[tracing::instrument(name = "store.omit_login_event", level = "debug", skip_all)]
    pub async fn omit_login_event(&self, counter: &LoginCounter) -> Result<(), StoreError> {
        use login_counters as c;
        let update = diesel::update(c::table.find((counter.network, &counter.name_hash)));
        let update = update.set(c::failures.eq(c::failures));
        self.write_login(async |connection| Ok(update.execute(connection).await.map(drop)?)).await
    }

    /// Runs the statements of a login that write. Their connection is closed if they fail or take too long.
    async fn write_login<T>(
        &self,
        write: impl AsyncFnOnce(&mut AsyncPgConnection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let write = async {
            let mut guard = TransactionGuard::new(self.login_pool.get().await?);
            let written = write(guard.connection()?).await?;
            guard.release();
            Ok(written)
        };
        timeout(self.login_timeout(), write).await.map_err(StoreError::unavailable)?
    }

    /// Removes some expired counters and known logins, and returns how many.
    #[tracing::instrument(name = "store.purge_login_attempts", level = "debug", skip_all)]
    pub async fn purge_login_attempts(&self, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let mut connection = self.write_connection().await?;
        let mut purged = 0;
        for purge in PURGES {
            purged += sql_query(purge).bind::<Timestamptz, _>(now).execute(&mut connection).await?;
        }
        Ok(purged)
    }
}

async fn take_back_failures(
    connection: &mut AsyncPgConnection,
    counters: &[LoginCounter],
    known_until: DateTime<Utc>,
) -> Result<(), StoreError> {
    use login_counters as c;
    let [named, others @ ..] = counters else { return Ok(()) };
    let delete = diesel::delete(c::table.find((named.network, &named.name_hash))).returning(c::failures);
    let failures: Option<i32> = delete.get_result(connection).await.optional()?;
    if let Some(failures) = failures {
        for counter in others {
            let rest = case_when(c::failures.gt(failures), c::failures - failures).otherwise(0.into_sql::<Integer>());
            let update = diesel::update(c::table.find((counter.network, &counter.name_hash)));
            update.set(c::failures.eq(rest)).execute(connection).await?;
        }
    }
    remember_login(connection, named, known_until).await
}

async fn remember_login(
    connection: &mut AsyncPgConnection,
    named: &LoginCounter,
    known_until: DateTime<Utc>,
) -> Result<(), StoreError> {
    use diesel::query_dsl::methods::FilterDsl;
    use known_logins as k;
    let upsert = diesel::insert_into(k::table)
        .values((k::name_hash.eq(&named.name_hash), k::network.eq(named.network), k::expires_at.eq(known_until)))
        .on_conflict((k::name_hash, k::network))
        .do_update()
        .set(k::expires_at.eq(excluded(k::expires_at)))
        .filter(k::expires_at.lt(known_until - KNOWN_LOGIN_RESOLUTION));
    if upsert.execute(connection).await? > 0 {
        forget_oldest_logins(connection, &named.name_hash).await?;
    }
    Ok(())
}

async fn forget_oldest_logins(connection: &mut AsyncPgConnection, name_hash: &[u8]) -> Result<(), StoreError> {
    use known_logins as k;
    let known = diesel::alias!(known_logins as known);
    let latest = known
        .filter(known.field(k::name_hash).eq(name_hash))
        .order(known.field(k::expires_at).desc())
        .limit(MAX_KNOWN_NETWORKS)
        .select(known.field(k::network));
    let oldest = k::table.filter(k::name_hash.eq(name_hash)).filter(k::network.ne_all(latest));
    diesel::delete(oldest).execute(connection).await?;
    Ok(())
}
