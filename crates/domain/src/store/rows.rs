//! Rows as diesel reads them, and their conversion into the plain types of the model.

use std::{error::Error, str::FromStr};

use chrono::{DateTime, Utc};
use diesel::{
    Queryable, Selectable,
    deserialize::{self, FromSql, FromSqlRow},
    pg::{Pg, PgValue},
    sql_types::Text,
};
use ipnet::IpNet;

use super::{StoreError, schema::api_keys};
use crate::model::{ApiKey, Membership, Metadata, Policy, RateLimit, Rights, Role};

/// A column that holds the name of an enumeration's variant. A constraint permits no other text.
#[derive(Debug, Clone, Copy, FromSqlRow)]
pub(super) struct Named<T>(pub(super) T);

impl<T: FromStr<Err: Error + Send + Sync + 'static>> FromSql<Text, Pg> for Named<T> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(std::str::from_utf8(value.as_bytes())?.parse()?))
    }
}

/// The columns of a [`KeyRow`] in its order, of a table or query named `k`.
pub(super) const KEY_COLUMNS: &str = "k.id, k.user_id, k.project_id, k.key_prefix, k.description, k.created_at, \
                                      k.expires_at, k.disabled_at, k.revoked_at, k.version, k.predecessor_id, k.successor_id, \
                                      k.scopes, k.networks, k.not_before, k.rate_limit_requests, k.rate_limit_seconds, k.managed";

/// A row of `api_keys`, less its hash.
#[derive(Queryable, Selectable)]
#[diesel(table_name = api_keys, check_for_backend(Pg))]
pub(super) struct KeyRow {
    id: i64,
    user_id: i64,
    project_id: i64,
    key_prefix: String,
    description: Option<String>,
    created_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
    disabled_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
    version: i64,
    predecessor_id: Option<i64>,
    successor_id: Option<i64>,
    #[diesel(embed)]
    policy: PolicyRow,
    managed: bool,
}

impl TryFrom<KeyRow> for ApiKey {
    type Error = StoreError;

    fn try_from(row: KeyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            user_id: row.user_id,
            project_id: row.project_id,
            key_prefix: row.key_prefix,
            description: row.description,
            created_at: row.created_at,
            expires_at: row.expires_at,
            disabled_at: row.disabled_at,
            revoked_at: row.revoked_at,
            version: row.version,
            predecessor_id: row.predecessor_id,
            successor_id: row.successor_id,
            policy: row.policy.try_into()?,
            managed: row.managed,
        })
    }
}

/// The columns of `api_keys` that are its policy.
#[derive(Queryable, Selectable)]
#[diesel(table_name = api_keys, check_for_backend(Pg))]
pub(super) struct PolicyRow {
    scopes: Option<Vec<String>>,
    networks: Option<Vec<IpNet>>,
    not_before: Option<DateTime<Utc>>,
    rate_limit_requests: Option<i64>,
    rate_limit_seconds: Option<i64>,
}

impl TryFrom<PolicyRow> for Policy {
    type Error = StoreError;

    fn try_from(row: PolicyRow) -> Result<Self, StoreError> {
        let rate_limit = rate_limit(row.rate_limit_requests, row.rate_limit_seconds)?;
        Ok(Self { scopes: row.scopes, networks: row.networks, not_before: row.not_before, rate_limit })
    }
}

/// A rate limit of two columns. Fails for one that is out of range, which no constraint permits: taking it for none would lift the
/// limit.
pub(super) fn rate_limit(requests: Option<i64>, seconds: Option<i64>) -> Result<Option<RateLimit>, StoreError> {
    if requests.is_none() && seconds.is_none() {
        return Ok(None);
    }
    let number = |column: Option<i64>| {
        let number = column.and_then(|column| u32::try_from(column).ok()).filter(|number| *number > 0);
        number.ok_or_else(|| StoreError::internal("a rate limit is out of range"))
    };
    Ok(Some(RateLimit { requests: number(requests)?, seconds: number(seconds)? }))
}

/// The rights that columns of a principal and two lists of its memberships, in one order, say.
pub(super) fn rights(is_administrator: bool, projects: Vec<i64>, roles: Vec<Named<Role>>) -> Rights {
    let memberships = projects.into_iter().zip(roles);
    Rights::new(is_administrator, memberships.map(|(project_id, Named(role))| Membership { project_id, role }))
}

/// Metadata as it was stored.
pub(super) fn metadata(json: serde_json::Value) -> Result<Metadata, StoreError> {
    serde_json::from_value(json).map_err(StoreError::internal)
}

#[cfg(test)]
mod tests {
    use diesel::{QueryDsl, SelectableHelper, debug_query};

    use super::*;

    #[test]
    fn the_columns_of_a_key_are_listed_in_the_order_of_its_row() {
        let query = debug_query::<Pg, _>(&api_keys::table.select(KeyRow::as_select())).to_string();
        let (columns, _) = query.strip_prefix("SELECT ").unwrap().split_once(" FROM").unwrap();
        assert_eq!(KEY_COLUMNS, columns.replace("\"api_keys\".", "k.").replace('"', ""));
    }

    #[test]
    fn a_rate_limit_out_of_range_is_an_error_and_not_unlimited() {
        let row = |rate_limit_requests, rate_limit_seconds| PolicyRow {
            scopes: None,
            networks: None,
            not_before: None,
            rate_limit_requests,
            rate_limit_seconds,
        };
        let limit = |requests, seconds| Policy::try_from(row(requests, seconds)).map(|policy| policy.rate_limit);
        assert_eq!(limit(None, None).unwrap(), None);
        assert_eq!(limit(Some(2), Some(3)).unwrap(), Some(RateLimit { requests: 2, seconds: 3 }));
        for (requests, seconds) in
            [(Some(1 << 32), Some(1)), (Some(1), Some(-1)), (Some(0), Some(1)), (Some(1), None), (None, Some(1))]
        {
            assert!(limit(requests, seconds).is_err(), "{requests:?} {seconds:?}");
        }
    }
}
