//! The condition that a caller is still active, as part of the statements that act for it.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, SelectableHelper,
    dsl::auto_type,
    sql_types::{Array, BigInt, Bool, Cidr, Inet, Nullable, Text},
};
use diesel_async::RunQueryDsl;
use ipnet::IpNet;

use super::{
    Store, StoreError,
    rows::UserRow,
    schema::{api_keys, users},
    sql::{SqlOut, push_template, unknown},
};
use crate::model::{Caller, Credential, Error, User};

/// The condition for diesel's query builder; it needs `users` in the query.
#[auto_type(no_type_alias)]
pub(super) fn caller_is_active(caller: &Caller) -> _ {
    let user_id: i64 = caller.user_id;
    let token_generation: i64 = caller.token_generation;
    users::id.eq(user_id).and(users::token_generation.eq(token_generation)).and(users::disabled_at.is_null())
}

/// The condition as SQL; it needs `users u` in the query. A key that was the credential must still be valid, with the
/// policy that it had when it was authenticated, before the request's body arrived. Possession of the key that is to be
/// revoked needs no active user.
const CALLER_IS_ACTIVE: &str = "u.id = {user_id} AND ({has_possession} OR u.token_generation = {token_generation} \
    AND u.disabled_at IS NULL AND ({key_id} IS NULL OR EXISTS (SELECT FROM api_keys c WHERE c.id = {key_id} \
    AND c.revoked_at IS NULL AND c.disabled_at IS NULL AND c.deleted_at IS NULL \
    AND c.scopes IS NOT DISTINCT FROM {key_scopes} AND c.networks IS NOT DISTINCT FROM {key_networks})))";

/// The columns of an audit event that [`CallerBinds::push_audit_values`] has the values for.
pub(super) const AUDIT_CALLER_COLUMNS: &str = "actor_user_id, actor_key_id, credential_type, client_ip";
const AUDIT_CALLER_VALUES: &str = "{user_id}, {key_id}, {credential_type}, {client_ip}";

/// A caller, as statements bind it.
pub(super) struct CallerBinds<'a> {
    user_id: i64,
    token_generation: i64,
    has_possession: bool,
    key_id: Option<i64>,
    key_scopes: Option<&'a Vec<String>>,
    key_networks: Option<&'a Vec<IpNet>>,
    credential_type: &'static str,
    client_ip: Option<IpNet>,
}

impl<'a> From<&'a Caller> for CallerBinds<'a> {
    fn from(caller: &'a Caller) -> Self {
        let (key_id, policy) = match &caller.credential {
            Credential::BearerToken => (None, None),
            Credential::ApiKey { id, policy } => (Some(*id), Some(policy)),
            Credential::KeyPossession { id } => (Some(*id), None),
        };
        Self {
            user_id: caller.user_id,
            token_generation: caller.token_generation,
            has_possession: matches!(caller.credential, Credential::KeyPossession { .. }),
            key_id,
            key_scopes: policy.and_then(|policy| policy.scopes.as_ref()),
            key_networks: policy.and_then(|policy| policy.networks.as_ref()),
            credential_type: caller.credential_type().as_str(),
            client_ip: caller.client_ip.map(IpNet::from),
        }
    }
}

impl CallerBinds<'_> {
    /// Pushes the condition that the caller is active.
    pub(super) fn push_is_active<'b>(&'b self, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        push_template(out, CALLER_IS_ACTIVE, |name, out| self.push(name, out))
    }

    /// Pushes the values of [`AUDIT_CALLER_COLUMNS`].
    pub(super) fn push_audit_values<'b>(&'b self, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        push_template(out, AUDIT_CALLER_VALUES, |name, out| self.push(name, out))
    }

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "user_id" => out.push_bind_param::<BigInt, _>(&self.user_id),
            "token_generation" => out.push_bind_param::<BigInt, _>(&self.token_generation),
            "has_possession" => out.push_bind_param::<Bool, _>(&self.has_possession),
            "key_id" => out.push_bind_param::<Nullable<BigInt>, _>(&self.key_id),
            "key_scopes" => out.push_bind_param::<Nullable<Array<Text>>, _>(&self.key_scopes),
            "key_networks" => out.push_bind_param::<Nullable<Array<Cidr>>, Option<&Vec<IpNet>>>(&self.key_networks),
            "credential_type" => out.push_bind_param::<Text, _>(&self.credential_type),
            "client_ip" => out.push_bind_param::<Nullable<Inet>, _>(&self.client_ip),
            _ => unknown(name),
        }
    }
}

impl Store {
    /// The caller's user, if the caller is still active.
    #[tracing::instrument(name = "store.find_active_user", level = "debug", skip_all)]
    pub async fn find_active_user(&self, caller: &Caller) -> Result<Option<User>, StoreError> {
        let shared = self.read_connection().await?;
        let query = users::table.filter(caller_is_active(caller)).select(UserRow::as_select());
        Ok(query.first(&mut &shared.connection).await.optional()?.map(User::from))
    }

    /// Fails if a statement for a caller found nothing because the caller is inactive: its user, or its key.
    #[tracing::instrument(name = "store.ensure_caller_active", level = "debug", skip_all)]
    pub async fn ensure_caller_active(&self, caller: &Caller) -> Result<(), Error> {
        self.find_active_user(caller).await?.ok_or(Error::CallerInactive)?;
        if let Credential::ApiKey { id, policy } = &caller.credential {
            let shared = self.read_connection().await?;
            let key = api_keys::table
                .find(id)
                .filter(api_keys::revoked_at.is_null())
                .filter(api_keys::disabled_at.is_null())
                .filter(api_keys::deleted_at.is_null())
                .select((api_keys::scopes, api_keys::networks));
            type Restrictions = (Option<Vec<String>>, Option<Vec<IpNet>>);
            let key: Option<Restrictions> =
                key.first(&mut &shared.connection).await.optional().map_err(StoreError::from)?;
            key.filter(|(scopes, networks)| *scopes == policy.scopes && *networks == policy.networks)
                .ok_or(Error::CallerInactive)?;
        }
        Ok(())
    }
}
