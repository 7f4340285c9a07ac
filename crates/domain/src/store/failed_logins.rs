//! Statements that count failed logins. In the database, so that all nodes count together and a restart forgets nothing.

use std::{net::IpAddr, time::Duration};

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, IntoSql, QueryDsl,
    dsl::{case_when, sum},
    sql_types::Integer,
    upsert::excluded,
};
use diesel_async::RunQueryDsl;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::ExposeSecret;
use sha2::Sha256;

use super::{Store, error::StoreError, schema::failed_logins};

/// How many windows that have passed each attempt clears away: more than it can make.
const CLEARED_AT_ONCE: i64 = 8;

/// How many attempts have failed within the window, this one taken for failed.
#[derive(Debug, PartialEq, Eq)]
pub struct Attempts {
    /// On this name, from this address.
    pub of_name: i64,
    /// On any name, from this address.
    pub of_address: i64,
    /// When the window of this name and address began.
    pub since: DateTime<Utc>,
}

impl Store {
    /// Counts an attempt as failed, until [`Store::forget_logins`] takes it back.
    pub async fn count_login(
        &self,
        name: &str,
        address: IpAddr,
        now: DateTime<Utc>,
        window: Duration,
    ) -> Result<Attempts, StoreError> {
        use failed_logins::{address as at, failures, name_hash, since, table};
        let address = address.to_string();
        let begin = now - window;
        let mut writer = self.writer().await?;
        let upsert = diesel::insert_into(table)
            .values((at.eq(&address), name_hash.eq(self.hash_name(name)?), failures.eq(1), since.eq(now)))
            .on_conflict((at, name_hash))
            .do_update()
            .set((
                failures.eq(case_when(since.le(begin), 1.into_sql::<Integer>()).otherwise(failures + 1)),
                since.eq(case_when(since.le(begin), excluded(since)).otherwise(since)),
            ))
            .returning((failures, since));
        let (of_name, began): (i32, DateTime<Utc>) = upsert.get_result(&mut writer).await?;
        let total = table.filter(at.eq(&address)).filter(since.gt(begin)).select(sum(failures));
        let of_address: Option<i64> = total.first(&mut writer).await?;

        let passed = diesel::alias!(failed_logins as passed);
        let old = passed
            .filter(passed.field(since).le(begin))
            .order(passed.field(since))
            .limit(CLEARED_AT_ONCE)
            .select(passed.field(name_hash));
        diesel::delete(table.filter(since.le(begin)).filter(name_hash.eq_any(old))).execute(&mut writer).await?;
        Ok(Attempts { of_name: of_name.into(), of_address: of_address.unwrap_or_default(), since: began })
    }

    /// Forgets the failed attempts on a name from an address: the last one was right.
    pub async fn forget_logins(&self, name: &str, address: IpAddr) -> Result<(), StoreError> {
        use failed_logins::{address as at, name_hash, table};
        let of_both = table.filter(at.eq(address.to_string())).filter(name_hash.eq(self.hash_name(name)?));
        diesel::delete(of_both).execute(&mut self.writer().await?).await?;
        Ok(())
    }

    fn hash_name(&self, name: &str) -> Result<Vec<u8>, StoreError> {
        let hmac = Hmac::<Sha256>::new_from_slice(self.name_secret.expose_secret()).map_err(StoreError::internal)?;
        Ok(hmac.chain_update(b"latchkey login name").chain_update(name).finalize().into_bytes().to_vec())
    }
}
