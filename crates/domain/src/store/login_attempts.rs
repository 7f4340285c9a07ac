//! Statements that count failed logins. They are counted in the database, so that all nodes count together and a restart
//! forgets nothing.

use std::{net::IpAddr, time::Duration};

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, IntoSql, QueryDsl,
    dsl::{case_when, sum},
    sql_types::Integer,
    upsert::excluded,
};
use diesel_async::RunQueryDsl;

use super::{Store, StoreError, schema::login_attempts};

/// How many expired windows each attempt removes: more than it can add.
const PURGE_BATCH: i64 = 8;

/// The failed logins within the window, if the recorded one fails.
#[derive(Debug, PartialEq, Eq)]
pub struct LoginAttempts {
    /// Those on this name from this address.
    pub per_name: i64,
    /// Those on any name from this address.
    pub per_ip: i64,
    /// When the window of this name and address began.
    pub window_started_at: DateTime<Utc>,
}

impl Store {
    /// Records a login as failed, until [`Store::clear_login_attempts`] takes it back. `name_hash` has 32 bytes.
    #[tracing::instrument(name = "store.record_login_attempt", level = "debug", skip_all)]
    pub async fn record_login_attempt(
        &self,
        name_hash: &[u8],
        ip: IpAddr,
        now: DateTime<Utc>,
        window: Duration,
    ) -> Result<LoginAttempts, StoreError> {
        use login_attempts::{client_ip, failures, name_hash as hash, table, window_started_at};
        let ip = ip.to_string();
        let oldest = now - window;
        let mut connection = self.write_connection().await?;
        let upsert = diesel::insert_into(table)
            .values((client_ip.eq(&ip), hash.eq(name_hash), failures.eq(1), window_started_at.eq(now)))
            .on_conflict((client_ip, hash))
            .do_update()
            .set((
                failures.eq(case_when(window_started_at.le(oldest), 1.into_sql::<Integer>()).otherwise(failures + 1)),
                window_started_at
                    .eq(case_when(window_started_at.le(oldest), excluded(window_started_at))
                        .otherwise(window_started_at)),
            ))
            .returning((failures, window_started_at));
        let (per_name, started_at): (i32, DateTime<Utc>) = upsert.get_result(&mut connection).await?;
        let total = table.filter(client_ip.eq(&ip)).filter(window_started_at.gt(oldest)).select(sum(failures));
        let per_ip: Option<i64> = total.first(&mut connection).await?;

        let expired = diesel::alias!(login_attempts as expired);
        let batch = expired
            .filter(expired.field(window_started_at).le(oldest))
            .order(expired.field(window_started_at))
            .limit(PURGE_BATCH)
            .select(expired.field(hash));
        let purge = table.filter(window_started_at.le(oldest)).filter(hash.eq_any(batch));
        diesel::delete(purge).execute(&mut connection).await?;
        Ok(LoginAttempts {
            per_name: per_name.into(),
            per_ip: per_ip.unwrap_or_default(),
            window_started_at: started_at,
        })
    }

    /// Removes the failed logins on a name from an address, because the last one succeeded.
    #[tracing::instrument(name = "store.clear_login_attempts", level = "debug", skip_all)]
    pub async fn clear_login_attempts(&self, name_hash: &[u8], ip: IpAddr) -> Result<(), StoreError> {
        use login_attempts::{client_ip, name_hash as hash, table};
        let attempts = table.filter(client_ip.eq(ip.to_string())).filter(hash.eq(name_hash));
        diesel::delete(attempts).execute(&mut self.write_connection().await?).await?;
        Ok(())
    }
}
