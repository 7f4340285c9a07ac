//! Calls every method of the Rust client, with arguments and results as JSON. Generated; do not edit.

use std::{collections::HashMap, fmt::Debug, time::Duration};

use latchkey_client::{Error, Latchkey, Pages, Received, models};
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::*;

type Time = chrono::DateTime<chrono::FixedOffset>;

/// The options of a call.
#[derive(Clone, Default)]
pub struct Options {
    pub retry: Option<bool>,
    pub timeout: Option<Duration>,
    /// So many items of a list are read.
    pub take: Option<usize>,
}

/// What a call returned, and how it is printed.
pub struct Success {
    pub body: Value,
    pub headers: HeaderMap,
    pub printed: String,
}

macro_rules! with_options {
    ($call:ident, $options:ident) => {
        if let Some(retry) = $options.retry {
            $call = $call.retry(retry);
        }
        if let Some(timeout) = $options.timeout {
            $call = $call.timeout(timeout);
        }
    };
}

fn one<T: Debug>(call: String, result: Result<Received<T>, Error>, read: fn(&T) -> Value) -> Result<Success, Error> {
    result.map(|received| Success {
        body: read(&received),
        headers: received.headers().clone(),
        printed: format!("{call} {received:?}"),
    })
}

async fn all<T: Debug>(
    call: String,
    mut pages: Pages<T>,
    take: Option<usize>,
    read: fn(&T) -> Value,
) -> Result<Success, Error> {
    let mut items = Vec::new();
    while items.len() < take.unwrap_or(usize::MAX)
        && let Some(item) = pages.try_next().await?
    {
        items.push(item);
    }
    let body = items.iter().map(read).collect();
    Ok(Success { body, headers: HeaderMap::new(), printed: format!("{call} {pages:?} {items:?}") })
}

/// Calls a method; panics if there is none of that name.
pub async fn call(
    client: &Latchkey,
    method: &str,
    a: &Value,
    options: &Options,
) -> Result<Result<Success, Error>, Rejected> {
    let body = &a["body"];
    Ok(match method {
        "whoami" => {
            let mut call = client.whoami();
            with_options!(call, options);
            let printed = format!("{call:?}");
            one(printed, call.await, read_user_read)
        }
        "keys.create" => {
            let mut call = client.keys().create();
            if let Some(value) = body.get("expires_at") {
                call = if value.is_null() {
                    call.clear_expires_at()
                } else {
                    call.expires_at(given::<Time>(body, "expires_at")?)
                };
            }
            if let Some(value) = body.get("description") {
                call = if value.is_null() {
                    call.clear_description()
                } else {
                    call.description(given::<String>(body, "description")?)
                };
            }
            if let Some(value) = body.get("policy") {
                call = if value.is_null() {
                    call.clear_policy()
                } else {
                    call.policy(build_api_key_policy(&body["policy"])?)
                };
            }
            if body.get("metadata").is_some() {
                call = call.metadata(given::<HashMap<String, String>>(body, "metadata")?);
            }
            if a.get("Idempotency-Key").is_some() {
                call = call.idempotency_key(given::<String>(a, "Idempotency-Key")?);
            }
            with_options!(call, options);
            let printed = format!("{call:?}");
            one(printed, call.await, read_api_key_record_read)
        }
        "keys.list" => {
            let mut call = client.keys().list();
            if a.get("limit").is_some() {
                call = call.limit(given::<i64>(a, "limit")?);
            }
            if a.get("status").is_some() {
                call = call.status(given::<models::ApiKeyStatus>(a, "status")?);
            }
            with_options!(call, options);
            let printed = format!("{call:?}");
            all(printed, call.stream(), options.take, read_api_key_record_read).await
        }
        "verify" => {
            let mut call = client.verify(given::<String>(body, "key")?);
            if let Some(value) = body.get("scopes") {
                call = if value.is_null() {
                    call.clear_scopes()
                } else {
                    call.scopes(given::<Vec<String>>(body, "scopes")?)
                };
            }
            if let Some(value) = body.get("ip") {
                call = if value.is_null() { call.clear_ip() } else { call.ip(given::<String>(body, "ip")?) };
            }
            with_options!(call, options);
            let printed = format!("{call:?}");
            one(printed, call.await, read_api_key_verification)
        }
        "projects.create" => {
            let mut call = client.projects().create(given::<String>(body, "slug")?);
            if body.get("settings").is_some() {
                call = call.settings(build_project_settings_update(&body["settings"])?);
            }
            with_options!(call, options);
            let printed = format!("{call:?}");
            one(printed, call.await, read_project)
        }
        "projects.list" => {
            let mut call = client.projects().list();
            if a.get("limit").is_some() {
                call = call.limit(given::<i64>(a, "limit")?);
            }
            with_options!(call, options);
            let printed = format!("{call:?}");
            all(printed, call.stream(), options.take, read_project).await
        }
        "projects.get" => {
            let mut call = client.projects().get(given::<String>(a, "project")?);
            with_options!(call, options);
            let printed = format!("{call:?}");
            one(printed, call.await, read_project)
        }
        "projects.update" => {
            let mut call = client.projects().update(given::<String>(a, "project")?);
            if body.get("settings").is_some() {
                call = call.settings(build_project_settings_update(&body["settings"])?);
            }
            if body.get("disabled").is_some() {
                call = call.disabled(given::<bool>(body, "disabled")?);
            }
            if a.get("If-Match").is_some() {
                call = call.if_match(given::<String>(a, "If-Match")?);
            }
            with_options!(call, options);
            let printed = format!("{call:?}");
            one(printed, call.await, read_project)
        }
        "owners.upsert" => {
            let mut call =
                client.owners().upsert(given::<String>(a, "project")?, given::<String>(body, "external_id")?);
            if let Some(value) = body.get("display_name") {
                call = if value.is_null() {
                    call.clear_display_name()
                } else {
                    call.display_name(given::<String>(body, "display_name")?)
                };
            }
            if body.get("metadata").is_some() {
                call = call.metadata(given::<HashMap<String, String>>(body, "metadata")?);
            }
            if body.get("disabled").is_some() {
                call = call.disabled(given::<bool>(body, "disabled")?);
            }
            with_options!(call, options);
            let printed = format!("{call:?}");
            one(printed, call.await, read_owner)
        }
        "owners.list" => {
            let mut call = client.owners().list(given::<String>(a, "project")?);
            if a.get("limit").is_some() {
                call = call.limit(given::<i64>(a, "limit")?);
            }
            if a.get("external_id").is_some() {
                call = call.external_id(given::<String>(a, "external_id")?);
            }
            with_options!(call, options);
            let printed = format!("{call:?}");
            all(printed, call.stream(), options.take, read_owner).await
        }
        "owners.get" => {
            let mut call = client.owners().get(given::<String>(a, "project")?, given::<i64>(a, "owner_id")?);
            with_options!(call, options);
            let printed = format!("{call:?}");
            one(printed, call.await, read_owner)
        }
        "owners.delete" => {
            let mut call = client.owners().delete(given::<String>(a, "project")?, given::<i64>(a, "owner_id")?);
            with_options!(call, options);
            let printed = format!("{call:?}");
            one(printed, call.await, |()| Value::Null)
        }
        "keys.issue" => {
            let mut call = client.keys().issue(given::<String>(a, "project")?);
            if body.get("external_id").is_some() {
                call = call.external_id(given::<String>(body, "external_id")?);
            }
            if body.get("service_account").is_some() {
                call = call.service_account(given::<String>(body, "service_account")?);
            }
            if let Some(value) = body.get("expires_at") {
                call = if value.is_null() {
                    call.clear_expires_at()
                } else {
                    call.expires_at(given::<Time>(body, "expires_at")?)
                };
            }
            if let Some(value) = body.get("description") {
                call = if value.is_null() {
                    call.clear_description()
                } else {
                    call.description(given::<String>(body, "description")?)
                };
            }
            if let Some(value) = body.get("policy") {
                call = if value.is_null() {
                    call.clear_policy()
                } else {
                    call.policy(build_api_key_policy(&body["policy"])?)
                };
            }
            if body.get("metadata").is_some() {
                call = call.metadata(given::<HashMap<String, String>>(body, "metadata")?);
            }
            if a.get("Idempotency-Key").is_some() {
                call = call.idempotency_key(given::<String>(a, "Idempotency-Key")?);
            }
            with_options!(call, options);
            let printed = format!("{call:?}");
            one(printed, call.await, read_api_key_record_read)
        }
        "keys.search" => {
            let mut call = client.keys().search(given::<String>(a, "project")?);
            if body.get("key").is_some() {
                call = call.key(given::<String>(body, "key")?);
            }
            if body.get("owner").is_some() {
                call = call.owner(given::<String>(body, "owner")?);
            }
            if body.get("status").is_some() {
                call = call.status(given::<models::ApiKeyStatus>(body, "status")?);
            }
            if body.get("description").is_some() {
                call = call.description(given::<String>(body, "description")?);
            }
            if body.get("metadata").is_some() {
                call = call.metadata(given::<HashMap<String, String>>(body, "metadata")?);
            }
            if body.get("expires_after").is_some() {
                call = call.expires_after(given::<Time>(body, "expires_after")?);
            }
            if body.get("expires_before").is_some() {
                call = call.expires_before(given::<Time>(body, "expires_before")?);
            }
            if body.get("created_before").is_some() {
                call = call.created_before(given::<Time>(body, "created_before")?);
            }
            if body.get("unused_since").is_some() {
                call = call.unused_since(given::<Time>(body, "unused_since")?);
            }
            if a.get("limit").is_some() {
                call = call.limit(given::<i64>(a, "limit")?);
            }
            with_options!(call, options);
            let printed = format!("{call:?}");
            all(printed, call.stream(), options.take, read_found_api_key).await
        }
        "keys.revoke_matching" => {
            let mut call = client.keys().revoke_matching(
                given::<String>(a, "project")?,
                build_api_key_filter(&body["filter"])?,
                given::<bool>(body, "dry_run")?,
                given::<i64>(body, "limit")?,
            );
            if body.get("reason").is_some() {
                call = call.reason(given::<String>(body, "reason")?);
            }
            if body.get("cursor").is_some() {
                call = call.cursor(given::<String>(body, "cursor")?);
            }
            with_options!(call, options);
            let printed = format!("{call:?}");
            one(printed, call.await, read_api_key_revocation_result)
        }
        "members.list" => {
            let mut call = client.members().list(given::<String>(a, "project")?);
            if a.get("limit").is_some() {
                call = call.limit(given::<i64>(a, "limit")?);
            }
            with_options!(call, options);
            let printed = format!("{call:?}");
            all(printed, call.stream(), options.take, read_member).await
        }
        "members.set" => {
            let mut call = client.members().set(
                given::<String>(a, "project")?,
                given::<i64>(a, "user_id")?,
                given::<models::MemberRole>(body, "role")?,
            );
            with_options!(call, options);
            let printed = format!("{call:?}");
            one(printed, call.await, read_member)
        }
        "members.remove" => {
            let mut call = client.members().remove(given::<String>(a, "project")?, given::<i64>(a, "user_id")?);
            with_options!(call, options);
            let printed = format!("{call:?}");
            one(printed, call.await, |()| Value::Null)
        }
        "service_accounts.create" => {
            let mut call = client.service_accounts().create(
                given::<String>(a, "project")?,
                given::<String>(body, "name")?,
                given::<models::MemberRole>(body, "role")?,
            );
            with_options!(call, options);
            let printed = format!("{call:?}");
            one(printed, call.await, read_member)
        }
        "owners.create_token" => {
            let mut call =
                client.owners().create_token(given::<String>(a, "project")?, given::<String>(body, "external_id")?);
            if body.get("scopes").is_some() {
                call = call.scopes(given::<Vec<String>>(body, "scopes")?);
            }
            if body.get("key_scopes").is_some() {
                call = call.key_scopes(given::<Vec<String>>(body, "key_scopes")?);
            }
            if body.get("expires_in").is_some() {
                call = call.expires_in(given::<i64>(body, "expires_in")?);
            }
            with_options!(call, options);
            let printed = format!("{call:?}");
            one(printed, call.await, read_token_response)
        }
        "keys.policy.get" => {
            let mut call = client.keys().policy().get(given::<i64>(a, "item_id")?);
            with_options!(call, options);
            let printed = format!("{call:?}");
            one(printed, call.await, read_api_key_policy_read)
        }
        "keys.policy.set" => {
            let mut call = client.keys().policy().set(given::<i64>(a, "item_id")?);
            if let Some(value) = body.get("scopes") {
                call = if value.is_null() {
                    call.clear_scopes()
                } else {
                    call.scopes(given::<Vec<String>>(body, "scopes")?)
                };
            }
            if let Some(value) = body.get("networks") {
                call = if value.is_null() {
                    call.clear_networks()
                } else {
                    call.networks(given::<Vec<String>>(body, "networks")?)
                };
            }
            if let Some(value) = body.get("not_before") {
                call = if value.is_null() {
                    call.clear_not_before()
                } else {
                    call.not_before(given::<Time>(body, "not_before")?)
                };
            }
            if let Some(value) = body.get("rate_limit") {
                call = if value.is_null() {
                    call.clear_rate_limit()
                } else {
                    call.rate_limit(build_rate_limit(&body["rate_limit"])?)
                };
            }
            if a.get("If-Match").is_some() {
                call = call.if_match(given::<String>(a, "If-Match")?);
            }
            with_options!(call, options);
            let printed = format!("{call:?}");
            one(printed, call.await, read_api_key_policy_read)
        }
        "keys.metadata.get" => {
            let mut call = client.keys().metadata().get(given::<i64>(a, "item_id")?);
            with_options!(call, options);
            let printed = format!("{call:?}");
            one(printed, call.await, read_api_key_metadata_read)
        }
        "keys.metadata.set" => {
            let mut call = client
                .keys()
                .metadata()
                .set(given::<i64>(a, "item_id")?, given::<HashMap<String, String>>(body, "metadata")?);
            if a.get("If-Match").is_some() {
                call = call.if_match(given::<String>(a, "If-Match")?);
            }
            with_options!(call, options);
            let printed = format!("{call:?}");
            one(printed, call.await, read_api_key_metadata_read)
        }
        "keys.usage" => {
            let mut call = client.keys().usage(given::<i64>(a, "item_id")?);
            with_options!(call, options);
            let printed = format!("{call:?}");
            one(printed, call.await, read_api_key_usage)
        }
        "keys.disable" => {
            let mut call = client.keys().disable(given::<i64>(a, "item_id")?);
            if a.get("wait_until_effective").is_some() {
                call = call.wait_until_effective(given::<bool>(a, "wait_until_effective")?);
            }
            if a.get("If-Match").is_some() {
                call = call.if_match(given::<String>(a, "If-Match")?);
            }
            with_options!(call, options);
            let printed = format!("{call:?}");
            one(printed, call.await, read_api_key_record_read)
        }
        "keys.enable" => {
            let mut call = client.keys().enable(given::<i64>(a, "item_id")?);
            if a.get("If-Match").is_some() {
                call = call.if_match(given::<String>(a, "If-Match")?);
            }
            with_options!(call, options);
            let printed = format!("{call:?}");
            one(printed, call.await, read_api_key_record_read)
        }
        "keys.rotate" => {
            let mut call = client.keys().rotate(given::<i64>(a, "item_id")?);
            if body.get("grace_period_seconds").is_some() {
                call = call.grace_period_seconds(given::<i64>(body, "grace_period_seconds")?);
            }
            if a.get("If-Match").is_some() {
                call = call.if_match(given::<String>(a, "If-Match")?);
            }
            if a.get("Idempotency-Key").is_some() {
                call = call.idempotency_key(given::<String>(a, "Idempotency-Key")?);
            }
            with_options!(call, options);
            let printed = format!("{call:?}");
            one(printed, call.await, read_api_key_record_read)
        }
        "keys.revoke" => {
            let mut call = client.keys().revoke(given::<i64>(a, "item_id")?);
            if let Some(value) = body.get("reason") {
                call =
                    if value.is_null() { call.clear_reason() } else { call.reason(given::<String>(body, "reason")?) };
            }
            if a.get("wait_until_effective").is_some() {
                call = call.wait_until_effective(given::<bool>(a, "wait_until_effective")?);
            }
            if a.get("If-Match").is_some() {
                call = call.if_match(given::<String>(a, "If-Match")?);
            }
            with_options!(call, options);
            let printed = format!("{call:?}");
            one(printed, call.await, read_api_key_record_read)
        }
        "keys.get" => {
            let mut call = client.keys().get(given::<i64>(a, "item_id")?);
            with_options!(call, options);
            let printed = format!("{call:?}");
            one(printed, call.await, read_api_key_record_read)
        }
        "keys.update" => {
            let mut call = client.keys().update(given::<i64>(a, "item_id")?);
            if let Some(value) = body.get("expires_at") {
                call = if value.is_null() {
                    call.clear_expires_at()
                } else {
                    call.expires_at(given::<Time>(body, "expires_at")?)
                };
            }
            if let Some(value) = body.get("description") {
                call = if value.is_null() {
                    call.clear_description()
                } else {
                    call.description(given::<String>(body, "description")?)
                };
            }
            if a.get("If-Match").is_some() {
                call = call.if_match(given::<String>(a, "If-Match")?);
            }
            with_options!(call, options);
            let printed = format!("{call:?}");
            one(printed, call.await, read_api_key_record_read)
        }
        "keys.delete" => {
            let mut call = client.keys().delete(given::<i64>(a, "item_id")?);
            if a.get("wait_until_effective").is_some() {
                call = call.wait_until_effective(given::<bool>(a, "wait_until_effective")?);
            }
            if a.get("If-Match").is_some() {
                call = call.if_match(given::<String>(a, "If-Match")?);
            }
            with_options!(call, options);
            let printed = format!("{call:?}");
            one(printed, call.await, |()| Value::Null)
        }
        "audit.events" => {
            let mut call = client.audit().events();
            if a.get("limit").is_some() {
                call = call.limit(given::<i64>(a, "limit")?);
            }
            if a.get("key_id").is_some() {
                call = call.key_id(given::<i64>(a, "key_id")?);
            }
            if a.get("actor_user_id").is_some() {
                call = call.actor_user_id(given::<i64>(a, "actor_user_id")?);
            }
            if a.get("action").is_some() {
                call = call.action(given::<String>(a, "action")?);
            }
            if a.get("since").is_some() {
                call = call.since(given::<Time>(a, "since")?);
            }
            if a.get("until").is_some() {
                call = call.until(given::<Time>(a, "until")?);
            }
            with_options!(call, options);
            let printed = format!("{call:?}");
            all(printed, call.stream(), options.take, read_audit_event).await
        }
        "users.list" => {
            let mut call = client.users().list();
            if a.get("username").is_some() {
                call = call.username(given::<String>(a, "username")?);
            }
            if a.get("limit").is_some() {
                call = call.limit(given::<i64>(a, "limit")?);
            }
            with_options!(call, options);
            let printed = format!("{call:?}");
            all(printed, call.stream(), options.take, read_user).await
        }
        "users.create" => {
            let mut call = client.users().create(given::<String>(body, "username")?);
            if body.get("password").is_some() {
                call = call.password(given::<String>(body, "password")?);
            }
            if body.get("administrator").is_some() {
                call = call.administrator(given::<bool>(body, "administrator")?);
            }
            with_options!(call, options);
            let printed = format!("{call:?}");
            one(printed, call.await, read_user)
        }
        "users.get" => {
            let mut call = client.users().get(given::<i64>(a, "user_id")?);
            with_options!(call, options);
            let printed = format!("{call:?}");
            one(printed, call.await, read_user)
        }
        "users.update" => {
            let mut call = client.users().update(given::<i64>(a, "user_id")?);
            if body.get("password").is_some() {
                call = call.password(given::<String>(body, "password")?);
            }
            if body.get("administrator").is_some() {
                call = call.administrator(given::<bool>(body, "administrator")?);
            }
            if body.get("disabled").is_some() {
                call = call.disabled(given::<bool>(body, "disabled")?);
            }
            if body.get("revoke_keys").is_some() {
                call = call.revoke_keys(given::<bool>(body, "revoke_keys")?);
            }
            with_options!(call, options);
            let printed = format!("{call:?}");
            one(printed, call.await, read_user)
        }
        "users.change_password" => {
            let mut call =
                client.users().change_password(given::<String>(body, "current")?, given::<String>(body, "new")?);
            with_options!(call, options);
            let printed = format!("{call:?}");
            one(printed, call.await, |()| Value::Null)
        }
        method => panic!("no such method: {method}"),
    })
}
