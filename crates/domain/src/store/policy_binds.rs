//! A policy, as statements bind it.

use chrono::{DateTime, Utc};
use diesel::{
    QueryResult,
    sql_types::{Array, BigInt, Bool, Cidr, Nullable, Text, Timestamptz},
};
use ipnet::IpNet;

use super::sql::{SqlOut, push_template, unknown};
use crate::model::Policy;

/// The condition on a key `k` that its permissions are still those of a policy, if there is one to compare with.
const PERMISSIONS_UNCHANGED: &str = "({is_absent} OR k.scopes IS NOT DISTINCT FROM {scopes} \
    AND k.networks IS NOT DISTINCT FROM {networks} AND k.rate_limit_requests IS NOT DISTINCT FROM {rate_limit_requests} \
    AND k.rate_limit_seconds IS NOT DISTINCT FROM {rate_limit_seconds})";

/// The columns of a policy; all null if there is none.
pub(super) struct PolicyBinds {
    is_absent: bool,
    scopes: Option<Vec<String>>,
    networks: Option<Vec<IpNet>>,
    not_before: Option<DateTime<Utc>>,
    rate_limit_requests: Option<i64>,
    rate_limit_seconds: Option<i64>,
}

impl PolicyBinds {
    pub(super) fn new(policy: Option<&Policy>) -> Self {
        let rate_limit = policy.and_then(|policy| policy.rate_limit);
        Self {
            is_absent: policy.is_none(),
            scopes: policy.and_then(|policy| policy.scopes.clone()),
            networks: policy.and_then(|policy| policy.networks.clone()),
            not_before: policy.and_then(|policy| policy.not_before),
            rate_limit_requests: rate_limit.map(|limit| limit.requests.into()),
            rate_limit_seconds: rate_limit.map(|limit| limit.seconds.into()),
        }
    }

    /// Pushes the condition that a key `k` still has these permissions.
    pub(super) fn push_permissions_unchanged<'b>(&'b self, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        push_template(out, PERMISSIONS_UNCHANGED, |name, out| self.push(name, out))
    }

    /// Pushes the column of this name.
    pub(super) fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "is_absent" => out.push_bind_param::<Bool, _>(&self.is_absent),
            "scopes" => out.push_bind_param::<Nullable<Array<Text>>, _>(&self.scopes),
            "networks" => out.push_bind_param::<Nullable<Array<Cidr>>, Option<Vec<IpNet>>>(&self.networks),
            "not_before" => out.push_bind_param::<Nullable<Timestamptz>, _>(&self.not_before),
            "rate_limit_requests" => out.push_bind_param::<Nullable<BigInt>, _>(&self.rate_limit_requests),
            "rate_limit_seconds" => out.push_bind_param::<Nullable<BigInt>, _>(&self.rate_limit_seconds),
            _ => unknown(name),
        }
    }
}
