//! The operation on the audit trail, as the contract has it.

use latchkey_api::{
    apis::audit::{Audit, ListAuditEventsResponse},
    models, types,
};

use super::{Service, pages};
use crate::{
    audit::{
        Action, AuditedState, Event, Right,
        list::{Filter, list},
    },
    error::Failure,
    identity::Caller,
};

impl Audit for Service {
    async fn list_audit_events(
        &self,
        caller: Caller,
        query: models::ListAuditEventsQuery,
    ) -> Result<ListAuditEventsResponse, Failure> {
        let models::ListAuditEventsQuery { limit, cursor, key_id, actor_user_id, action } = query;
        let after = match pages::begin(&self.event_cursors, &caller, cursor.as_deref()) {
            Ok(after) => after,
            Err(fault) => return Ok(ListAuditEventsResponse::Status422(fault)),
        };
        let count = usize::try_from(limit).map_err(Failure::internal)?;
        let wanted = action.map(|action| {
            Action::named(action.as_str()).ok_or_else(|| Failure::internal("the contract has an action of its own"))
        });
        let filter = Filter { key_id, actor_user_id, action: wanted.transpose()? };
        let (events, next) = list(&self.store, &caller, &filter, count, after).await?;
        let filters = [
            key_id.map(|id| format!("&key_id={id}")),
            actor_user_id.map(|id| format!("&actor_user_id={id}")),
            action.map(|action| format!("&action={}", action.as_str())),
        ];
        let filters: String = filters.into_iter().flatten().collect();
        let path = format!("/v1/audit/events?limit={limit}{filters}");
        Ok(ListAuditEventsResponse::Status200 {
            link: pages::next_link(&self.event_cursors, &caller, &path, next)?,
            body: events.into_iter().map(event_model).collect(),
        })
    }
}

fn action_model(action: Action) -> models::AuditAction {
    match action {
        Action::Create => models::AuditAction::Create,
        Action::Update => models::AuditAction::Update,
        Action::SetPolicy => models::AuditAction::SetPolicy,
        Action::Disable => models::AuditAction::Disable,
        Action::Enable => models::AuditAction::Enable,
        Action::Revoke => models::AuditAction::Revoke,
        Action::Rotate => models::AuditAction::Rotate,
        Action::Delete => models::AuditAction::Delete,
    }
}

fn credential_model(right: Right) -> models::AuditCredential {
    match right {
        Right::BearerToken => models::AuditCredential::BearerToken,
        Right::ApiKey => models::AuditCredential::ApiKey,
        Right::Holder => models::AuditCredential::Holder,
    }
}

fn event_model(event: Event) -> models::AuditEvent {
    models::AuditEvent {
        id: event.id,
        at: types::DateTime(event.at),
        action: action_model(event.action),
        key_id: event.key_id,
        actor_user_id: event.actor_user_id,
        actor_key_id: event.actor_key_id,
        credential: credential_model(event.credential),
        address: event.address.map(|address| address.to_string()),
        before: event.before.map(state_model),
        after: state_model(event.after),
    }
}

fn state_model(state: AuditedState) -> models::AuditedState {
    models::AuditedState {
        description: state.description,
        expires_at: state.expires_at.map(types::DateTime),
        not_before: state.not_before.map(types::DateTime),
        disabled: state.disabled,
        revoked: state.revoked,
        revocation_reason: state.revocation_reason,
        deleted: state.deleted,
        scopes: state.scopes,
        networks: state.networks,
        rate_limit: state
            .rate_limit
            .map(|limit| models::RateLimit { requests: limit.requests, seconds: limit.seconds }),
        successor_id: state.successor_id,
    }
}
