//! The operation on the audit trail.

use chrono::DateTime;
use latchkey_api::{
    apis::audit::{Audit, ListAuditEventsResponse},
    models, types,
};

use super::{ApiError, Service, page_size};
use crate::{
    audit::list_events::list_events,
    model::{AuditEvent, AuditFilter, AuditSnapshot, Caller, audit::AuditRateLimit},
};

impl Audit for Service {
    async fn list_audit_events(
        &self,
        caller: Caller,
        query: models::ListAuditEventsQuery,
    ) -> Result<ListAuditEventsResponse, ApiError> {
        let models::ListAuditEventsQuery { limit, cursor, key_id, actor_user_id, action, since, until } = query;
        let after = match self.event_cursors.parse(&caller, cursor.as_deref()) {
            Ok(position) => position,
            Err(error) => return Ok(ListAuditEventsResponse::UnprocessableContent(error)),
        };
        let after = after.and_then(|[micros, id]| Some((DateTime::from_timestamp_micros(micros)?, id)));
        let filter = AuditFilter {
            key_id,
            actor_user_id,
            action,
            since: since.map(|time| time.0),
            until: until.map(|time| time.0),
        };
        let page = list_events(&self.store, &caller, self.env.clock.now(), &filter, page_size(limit)?, after).await?;
        let next = page.next.map(|(time, id)| self.event_cursors.encode(&caller, [time.timestamp_micros(), id]));
        let items = page.items.into_iter().map(event_model).collect();
        Ok(ListAuditEventsResponse::Ok(models::AuditEventPage { items, next_cursor: next }))
    }
}

fn event_model(event: AuditEvent) -> models::AuditEvent {
    models::AuditEvent {
        id: event.id,
        occurred_at: types::DateTime(event.occurred_at),
        action: event.action.into(),
        subject_type: event.subject_type.into(),
        subject_id: event.subject_id,
        key_id: event.key_id,
        actor_user_id: event.actor_user_id,
        actor_key_id: event.actor_key_id,
        credential_type: event.credential_type.into(),
        client_ip: event.client_ip.map(|ip| ip.to_string()),
        operation: event.operation,
        project: event.project,
        principal_id: event.principal_id,
        minted_by: event.minted_by,
        changes: changes_model(event.before.unwrap_or_default(), event.after),
    }
}

/// The properties that differ.
fn changes_model(before: AuditSnapshot, after: AuditSnapshot) -> models::AuditChanges {
    let text = |(before, after)| models::TextChange { before, after };
    let flag = |(before, after)| models::FlagChange { before, after };
    let list = |(before, after)| models::ListChange { before, after };
    let time = |(before, after): (Option<_>, Option<_>)| models::TimeChange {
        before: before.map(types::DateTime),
        after: after.map(types::DateTime),
    };
    let duration = |(before, after)| models::DurationChange { before, after };
    let limit = |limit: AuditRateLimit| models::RateLimitRead { requests: limit.requests, seconds: limit.seconds };
    models::AuditChanges {
        description: difference(before.description, after.description).map(text),
        expires_at: difference(before.expires_at, after.expires_at).map(time),
        not_before: difference(before.not_before, after.not_before).map(time),
        disabled: difference(before.disabled, after.disabled).map(flag),
        revoked: difference(before.revoked, after.revoked).map(flag),
        revocation_reason: difference(before.revocation_reason, after.revocation_reason).map(text),
        deleted: difference(before.deleted, after.deleted).map(flag),
        scopes: difference(before.scopes, after.scopes).map(list),
        networks: difference(before.networks, after.networks).map(list),
        rate_limit: difference(before.rate_limit, after.rate_limit)
            .map(|(before, after)| models::RateLimitChange { before: before.map(limit), after: after.map(limit) }),
        successor_id: difference(before.successor_id, after.successor_id)
            .map(|(before, after)| models::IdChange { before, after }),
        managed: difference(before.managed.unwrap_or_default(), after.managed.unwrap_or_default()).map(flag),
        username: difference(before.username, after.username).map(text),
        role: difference(before.role, after.role).map(text),
        key_prefix: difference(before.key_prefix, after.key_prefix).map(text),
        default_lifetime_seconds: difference(before.default_lifetime_seconds, after.default_lifetime_seconds)
            .map(duration),
        max_lifetime_seconds: difference(before.max_lifetime_seconds, after.max_lifetime_seconds).map(duration),
        allowed_origins: difference(before.allowed_origins, after.allowed_origins).map(list),
    }
}

fn difference<T: PartialEq>(before: T, after: T) -> Option<(T, T)> {
    (before != after).then_some((before, after))
}

#[cfg(test)]
mod tests {
    use strum::VariantArray;

    use crate::model::{AuditAction, CredentialType, audit::SubjectType};

    #[test]
    fn the_contract_lists_every_action_subject_type_and_credential_type() {
        let contract: serde_json::Value = serde_json::from_str(crate::CONTRACT).unwrap();
        let event = &contract["components"]["schemas"]["AuditEvent"]["properties"];
        let actions: Vec<&str> = AuditAction::VARIANTS.iter().map(|action| action.as_str()).collect();
        assert_eq!(event["action"]["x-extensible-enum"], serde_json::json!(actions));
        let subjects: Vec<&str> = SubjectType::VARIANTS.iter().map(|subject| subject.as_str()).collect();
        assert_eq!(event["subject_type"]["x-extensible-enum"], serde_json::json!(subjects));
        let types: Vec<&str> = CredentialType::VARIANTS.iter().map(|credential| credential.as_str()).collect();
        assert_eq!(event["credential_type"]["x-extensible-enum"], serde_json::json!(types));
    }
}
