//! The operation on the audit trail.

use latchkey_api::{
    apis::audit::{Audit, ListAuditEventsResponse},
    models, types,
};

use super::{ApiError, Service, page_size};
use crate::{
    audit::list_events::list_events,
    model::{AuditAction, AuditEvent, AuditFilter, AuditSnapshot, Caller, CredentialType},
};

impl Audit for Service {
    async fn list_audit_events(
        &self,
        caller: Caller,
        query: models::ListAuditEventsQuery,
    ) -> Result<ListAuditEventsResponse, ApiError> {
        let models::ListAuditEventsQuery { limit, cursor, key_id, actor_user_id, action } = query;
        let after = match self.event_cursors.parse(&caller, cursor.as_deref()) {
            Ok(after) => after,
            Err(error) => return Ok(ListAuditEventsResponse::Status422(error)),
        };
        let filter = AuditFilter { key_id, actor_user_id, action: action.map(audit_action) };
        let (events, next) = list_events(&self.store, &caller, &filter, page_size(limit)?, after).await?;
        let filters = [
            key_id.map(|id| format!("&key_id={id}")),
            actor_user_id.map(|id| format!("&actor_user_id={id}")),
            action.map(|action| format!("&action={}", action.as_str())),
        ];
        let filters: String = filters.into_iter().flatten().collect();
        let path = format!("/v1/audit/events?limit={limit}{filters}");
        Ok(ListAuditEventsResponse::Status200 {
            link: self.event_cursors.next_link(&caller, &path, next)?,
            body: events.into_iter().map(event_model).collect(),
        })
    }
}

fn audit_action(action: models::AuditAction) -> AuditAction {
    match action {
        models::AuditAction::Create => AuditAction::Create,
        models::AuditAction::Update => AuditAction::Update,
        models::AuditAction::SetPolicy => AuditAction::SetPolicy,
        models::AuditAction::Disable => AuditAction::Disable,
        models::AuditAction::Enable => AuditAction::Enable,
        models::AuditAction::Revoke => AuditAction::Revoke,
        models::AuditAction::Rotate => AuditAction::Rotate,
        models::AuditAction::Delete => AuditAction::Delete,
    }
}

fn action_model(action: AuditAction) -> models::AuditAction {
    match action {
        AuditAction::Create => models::AuditAction::Create,
        AuditAction::Update => models::AuditAction::Update,
        AuditAction::SetPolicy => models::AuditAction::SetPolicy,
        AuditAction::Disable => models::AuditAction::Disable,
        AuditAction::Enable => models::AuditAction::Enable,
        AuditAction::Revoke => models::AuditAction::Revoke,
        AuditAction::Rotate => models::AuditAction::Rotate,
        AuditAction::Delete => models::AuditAction::Delete,
    }
}

fn credential_model(credential_type: CredentialType) -> models::AuditCredential {
    match credential_type {
        CredentialType::BearerToken => models::AuditCredential::BearerToken,
        CredentialType::ApiKey => models::AuditCredential::ApiKey,
        CredentialType::KeyHolder => models::AuditCredential::Holder,
    }
}

fn event_model(event: AuditEvent) -> models::AuditEvent {
    models::AuditEvent {
        id: event.id,
        at: types::DateTime(event.occurred_at),
        action: action_model(event.action),
        key_id: event.key_id,
        actor_user_id: event.actor_user_id,
        actor_key_id: event.actor_key_id,
        credential: credential_model(event.credential_type),
        address: event.client_ip.map(|ip| ip.to_string()),
        before: event.before.map(snapshot_model),
        after: snapshot_model(event.after),
    }
}

fn snapshot_model(snapshot: AuditSnapshot) -> models::AuditedState {
    models::AuditedState {
        description: snapshot.description,
        expires_at: snapshot.expires_at.map(types::DateTime),
        not_before: snapshot.not_before.map(types::DateTime),
        disabled: snapshot.disabled,
        revoked: snapshot.revoked,
        revocation_reason: snapshot.revocation_reason,
        deleted: snapshot.deleted,
        scopes: snapshot.scopes,
        networks: snapshot.networks,
        rate_limit: snapshot
            .rate_limit
            .map(|limit| models::RateLimit { requests: limit.requests, seconds: limit.seconds }),
        successor_id: snapshot.successor_id,
    }
}
