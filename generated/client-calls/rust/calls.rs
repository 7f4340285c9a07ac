//! Calls every operation of the Rust client, with arguments and responses as JSON. Generated; do not edit.

#![allow(deprecated, clippy::all)]

pub mod methods;

use latchkey_client::{
    apis::{
        Error, ErrorBody, Response, api_key_lifecycle_api, api_key_policies_api, api_key_search_api, api_keys_api,
        audit_api, configuration::Configuration, members_api, owners_api, projects_api, tokens_api, users_api,
        verification_api,
    },
    models,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// Why the client's types cannot express an argument.
pub struct Rejected(pub String);

/// A value in the client's type; `None` of an option if it is absent or null.
fn given<T: DeserializeOwned>(values: &Value, name: &str) -> Result<T, Rejected> {
    T::deserialize(&values[name]).map_err(|error| Rejected(format!("{name}: {error}")))
}

/// A property that may be absent, and may be null.
fn nullable<T: DeserializeOwned>(body: &Value, name: &str) -> Result<Option<Option<T>>, Rejected> {
    body.get(name).map(|_| given(body, name)).transpose()
}

/// A model; `None` if it is absent or null.
fn built<T>(body: &Value, name: &str, build: fn(&Value) -> Result<T, Rejected>) -> Result<Option<T>, Rejected> {
    body.get(name).filter(|value| !value.is_null()).map(build).transpose()
}

fn each<T>(models: &[T], read: fn(&T) -> Value) -> Value {
    models.iter().map(read).collect()
}

/// The properties that are present.
fn present<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect::<Map<_, _>>().into()
}

fn build_rate_limit(body: &Value) -> Result<models::RateLimit, Rejected> {
    Ok(models::RateLimit { requests: given(body, "requests")?, seconds: given(body, "seconds")?, ..Default::default() })
}

fn build_api_key_policy(body: &Value) -> Result<models::ApiKeyPolicy, Rejected> {
    Ok(models::ApiKeyPolicy {
        scopes: nullable(body, "scopes")?,
        networks: nullable(body, "networks")?,
        not_before: nullable(body, "not_before")?,
        rate_limit: body.get("rate_limit").map(|_| built(body, "rate_limit", build_rate_limit)).transpose()?,
        ..Default::default()
    })
}

fn build_api_key_create(body: &Value) -> Result<models::ApiKeyCreate, Rejected> {
    Ok(models::ApiKeyCreate {
        expires_at: nullable(body, "expires_at")?,
        description: nullable(body, "description")?,
        policy: body.get("policy").map(|_| built(body, "policy", build_api_key_policy)).transpose()?,
        metadata: given(body, "metadata")?,
        ..Default::default()
    })
}

fn build_api_key_verify(body: &Value) -> Result<models::ApiKeyVerify, Rejected> {
    Ok(models::ApiKeyVerify {
        key: given(body, "key")?,
        scopes: nullable(body, "scopes")?,
        ip: nullable(body, "ip")?,
        ..Default::default()
    })
}

fn build_default_policy(body: &Value) -> Result<models::DefaultPolicy, Rejected> {
    Ok(models::DefaultPolicy {
        scopes: nullable(body, "scopes")?,
        networks: nullable(body, "networks")?,
        rate_limit: body.get("rate_limit").map(|_| built(body, "rate_limit", build_rate_limit)).transpose()?,
        ..Default::default()
    })
}

fn build_project_settings_update(body: &Value) -> Result<models::ProjectSettingsUpdate, Rejected> {
    Ok(models::ProjectSettingsUpdate {
        key_prefix: nullable(body, "key_prefix")?,
        default_policy: built(body, "default_policy", build_default_policy)?,
        default_lifetime_seconds: nullable(body, "default_lifetime_seconds")?,
        max_lifetime_seconds: nullable(body, "max_lifetime_seconds")?,
        allowed_origins: given(body, "allowed_origins")?,
        ..Default::default()
    })
}

fn build_project_create(body: &Value) -> Result<models::ProjectCreate, Rejected> {
    Ok(models::ProjectCreate {
        slug: given(body, "slug")?,
        settings: built(body, "settings", build_project_settings_update)?,
        ..Default::default()
    })
}

fn build_project_update(body: &Value) -> Result<models::ProjectUpdate, Rejected> {
    Ok(models::ProjectUpdate {
        settings: built(body, "settings", build_project_settings_update)?,
        disabled: given(body, "disabled")?,
        ..Default::default()
    })
}

fn build_owner_upsert(body: &Value) -> Result<models::OwnerUpsert, Rejected> {
    Ok(models::OwnerUpsert {
        external_id: given(body, "external_id")?,
        display_name: nullable(body, "display_name")?,
        metadata: given(body, "metadata")?,
        disabled: given(body, "disabled")?,
        ..Default::default()
    })
}

fn build_api_key_issue(body: &Value) -> Result<models::ApiKeyIssue, Rejected> {
    Ok(models::ApiKeyIssue {
        external_id: given(body, "external_id")?,
        service_account: given(body, "service_account")?,
        expires_at: nullable(body, "expires_at")?,
        description: nullable(body, "description")?,
        policy: body.get("policy").map(|_| built(body, "policy", build_api_key_policy)).transpose()?,
        metadata: given(body, "metadata")?,
        ..Default::default()
    })
}

fn build_api_key_filter(body: &Value) -> Result<models::ApiKeyFilter, Rejected> {
    Ok(models::ApiKeyFilter {
        key: given(body, "key")?,
        owner: given(body, "owner")?,
        status: given(body, "status")?,
        description: given(body, "description")?,
        metadata: given(body, "metadata")?,
        expires_after: given(body, "expires_after")?,
        expires_before: given(body, "expires_before")?,
        created_before: given(body, "created_before")?,
        unused_since: given(body, "unused_since")?,
        ..Default::default()
    })
}

fn build_api_key_revocation(body: &Value) -> Result<models::ApiKeyRevocation, Rejected> {
    Ok(models::ApiKeyRevocation {
        filter: build_api_key_filter(&body["filter"])?,
        dry_run: given(body, "dry_run")?,
        limit: given(body, "limit")?,
        reason: given(body, "reason")?,
        cursor: given(body, "cursor")?,
        ..Default::default()
    })
}

fn build_member_set(body: &Value) -> Result<models::MemberSet, Rejected> {
    Ok(models::MemberSet { role: given(body, "role")?, ..Default::default() })
}

fn build_service_account_create(body: &Value) -> Result<models::ServiceAccountCreate, Rejected> {
    Ok(models::ServiceAccountCreate { name: given(body, "name")?, role: given(body, "role")?, ..Default::default() })
}

fn build_owner_token_create(body: &Value) -> Result<models::OwnerTokenCreate, Rejected> {
    Ok(models::OwnerTokenCreate {
        external_id: given(body, "external_id")?,
        scopes: given(body, "scopes")?,
        key_scopes: given(body, "key_scopes")?,
        expires_in: given(body, "expires_in")?,
        ..Default::default()
    })
}

fn build_api_key_metadata(body: &Value) -> Result<models::ApiKeyMetadata, Rejected> {
    Ok(models::ApiKeyMetadata { metadata: given(body, "metadata")?, ..Default::default() })
}

fn build_api_key_rotate(body: &Value) -> Result<models::ApiKeyRotate, Rejected> {
    Ok(models::ApiKeyRotate { grace_period_seconds: given(body, "grace_period_seconds")?, ..Default::default() })
}

fn build_api_key_revoke(body: &Value) -> Result<models::ApiKeyRevoke, Rejected> {
    Ok(models::ApiKeyRevoke { reason: nullable(body, "reason")?, ..Default::default() })
}

fn build_api_key_record_create(body: &Value) -> Result<models::ApiKeyRecordCreate, Rejected> {
    Ok(models::ApiKeyRecordCreate {
        expires_at: nullable(body, "expires_at")?,
        description: nullable(body, "description")?,
        ..Default::default()
    })
}

fn build_user_create(body: &Value) -> Result<models::UserCreate, Rejected> {
    Ok(models::UserCreate {
        username: given(body, "username")?,
        password: given(body, "password")?,
        administrator: given(body, "administrator")?,
        ..Default::default()
    })
}

fn build_user_update(body: &Value) -> Result<models::UserUpdate, Rejected> {
    Ok(models::UserUpdate {
        password: given(body, "password")?,
        administrator: given(body, "administrator")?,
        disabled: given(body, "disabled")?,
        revoke_keys: given(body, "revoke_keys")?,
        ..Default::default()
    })
}

fn build_password_change(body: &Value) -> Result<models::PasswordChange, Rejected> {
    Ok(models::PasswordChange { current: given(body, "current")?, new: given(body, "new")?, ..Default::default() })
}

fn read_token_response(model: &models::TokenResponse) -> Value {
    present([
        ("access_token", Some(json!(model.access_token))),
        ("token_type", Some(json!(model.token_type))),
        ("expires_in", Some(json!(model.expires_in))),
        ("scope", Some(json!(model.scope))),
    ])
}

fn read_project_role(model: &models::ProjectRole) -> Value {
    present([("project", Some(json!(model.project))), ("role", Some(json!(model.role)))])
}

fn read_user_read(model: &models::UserRead) -> Value {
    present([
        ("id", Some(json!(model.id))),
        ("username", Some(json!(model.username))),
        ("role", Some(json!(model.role))),
        ("kind", Some(json!(model.kind))),
        ("project", Some(json!(model.project))),
        ("roles", Some(each(&model.roles, read_project_role))),
        ("created_at", Some(json!(model.created_at))),
    ])
}

fn read_api_key_record_read(model: &models::ApiKeyRecordRead) -> Value {
    present([
        ("id", Some(json!(model.id))),
        ("key_prefix", Some(json!(model.key_prefix))),
        ("user_id", Some(json!(model.user_id))),
        ("status", Some(json!(model.status))),
        ("created_at", Some(json!(model.created_at))),
        ("expires_at", Some(json!(model.expires_at))),
        ("description", Some(json!(model.description))),
        ("full_key", model.full_key.as_ref().map(|value| json!(value))),
    ])
}

fn read_api_key_verification(model: &models::ApiKeyVerification) -> Value {
    present([
        ("valid", Some(json!(model.valid))),
        ("code", Some(json!(model.code))),
        ("stale", Some(json!(model.stale))),
        ("unrestricted", Some(json!(model.unrestricted))),
        ("key_id", model.key_id.as_ref().map(|value| json!(value))),
        ("user_id", model.user_id.as_ref().map(|value| json!(value))),
        ("username", model.username.as_ref().map(|value| json!(value))),
        ("project", model.project.as_ref().map(|value| json!(value))),
        ("owner_external_id", model.owner_external_id.as_ref().map(|value| json!(value))),
        ("scopes", model.scopes.as_ref().map(|value| json!(value))),
        ("expires_at", model.expires_at.as_ref().map(|value| json!(value))),
        ("metadata", model.metadata.as_ref().map(|value| json!(value))),
        ("owner_metadata", model.owner_metadata.as_ref().map(|value| json!(value))),
        ("retry_after_seconds", model.retry_after_seconds.as_ref().map(|value| json!(value))),
    ])
}

fn read_token_introspection(model: &models::TokenIntrospection) -> Value {
    present([
        ("active", Some(json!(model.active))),
        ("scope", model.scope.as_ref().map(|value| json!(value))),
        ("username", model.username.as_ref().map(|value| json!(value))),
        ("client_id", model.client_id.as_ref().map(|value| json!(value))),
        ("project", model.project.as_ref().map(|value| json!(value))),
        ("token_type", model.token_type.as_ref().map(|value| json!(value))),
        ("exp", model.exp.as_ref().map(|value| json!(value))),
        ("iat", model.iat.as_ref().map(|value| json!(value))),
        ("nbf", model.nbf.as_ref().map(|value| json!(value))),
        ("sub", model.sub.as_ref().map(|value| json!(value))),
        ("jti", model.jti.as_ref().map(|value| json!(value))),
        ("stale", model.stale.as_ref().map(|value| json!(value))),
    ])
}

fn read_rate_limit_read(model: &models::RateLimitRead) -> Value {
    present([("requests", Some(json!(model.requests))), ("seconds", Some(json!(model.seconds)))])
}

fn read_default_policy_read(model: &models::DefaultPolicyRead) -> Value {
    present([
        ("scopes", Some(json!(model.scopes))),
        ("networks", Some(json!(model.networks))),
        ("rate_limit", Some(model.rate_limit.as_ref().map_or(Value::Null, read_rate_limit_read))),
    ])
}

fn read_project_settings(model: &models::ProjectSettings) -> Value {
    present([
        ("key_prefix", Some(json!(model.key_prefix))),
        ("default_policy", Some(read_default_policy_read(&model.default_policy))),
        ("default_lifetime_seconds", Some(json!(model.default_lifetime_seconds))),
        ("max_lifetime_seconds", Some(json!(model.max_lifetime_seconds))),
        ("allowed_origins", Some(json!(model.allowed_origins))),
    ])
}

fn read_project(model: &models::Project) -> Value {
    present([
        ("slug", Some(json!(model.slug))),
        ("settings", Some(read_project_settings(&model.settings))),
        ("disabled", Some(json!(model.disabled))),
        ("created_at", Some(json!(model.created_at))),
    ])
}

fn read_project_page(model: &models::ProjectPage) -> Value {
    present([("items", Some(each(&model.items, read_project))), ("next_cursor", Some(json!(model.next_cursor)))])
}

fn read_owner(model: &models::Owner) -> Value {
    present([
        ("id", Some(json!(model.id))),
        ("external_id", Some(json!(model.external_id))),
        ("display_name", Some(json!(model.display_name))),
        ("metadata", Some(json!(model.metadata))),
        ("disabled", Some(json!(model.disabled))),
        ("created_at", Some(json!(model.created_at))),
    ])
}

fn read_owner_page(model: &models::OwnerPage) -> Value {
    present([("items", Some(each(&model.items, read_owner))), ("next_cursor", Some(json!(model.next_cursor)))])
}

fn read_found_api_key(model: &models::FoundApiKey) -> Value {
    present([
        ("key", Some(read_api_key_record_read(&model.key))),
        ("owner_external_id", Some(json!(model.owner_external_id))),
        ("metadata", Some(json!(model.metadata))),
        ("last_used_at", Some(json!(model.last_used_at))),
    ])
}

fn read_found_api_key_page(model: &models::FoundApiKeyPage) -> Value {
    present([("items", Some(each(&model.items, read_found_api_key))), ("next_cursor", Some(json!(model.next_cursor)))])
}

fn read_api_key_revocation_result(model: &models::ApiKeyRevocationResult) -> Value {
    present([
        ("matched", Some(json!(model.matched))),
        ("revoked", Some(json!(model.revoked))),
        ("next_cursor", Some(json!(model.next_cursor))),
    ])
}

fn read_member(model: &models::Member) -> Value {
    present([
        ("user_id", Some(json!(model.user_id))),
        ("kind", Some(json!(model.kind))),
        ("name", Some(json!(model.name))),
        ("role", Some(json!(model.role))),
    ])
}

fn read_member_page(model: &models::MemberPage) -> Value {
    present([("items", Some(each(&model.items, read_member))), ("next_cursor", Some(json!(model.next_cursor)))])
}

fn read_api_key_policy_read(model: &models::ApiKeyPolicyRead) -> Value {
    present([
        ("scopes", Some(json!(model.scopes))),
        ("networks", Some(json!(model.networks))),
        ("not_before", Some(json!(model.not_before))),
        ("rate_limit", Some(model.rate_limit.as_ref().map_or(Value::Null, read_rate_limit_read))),
    ])
}

fn read_api_key_metadata_read(model: &models::ApiKeyMetadataRead) -> Value {
    present([("metadata", Some(json!(model.metadata)))])
}

fn read_api_key_usage(model: &models::ApiKeyUsage) -> Value {
    present([
        ("key_id", Some(json!(model.key_id))),
        ("valid_count", Some(json!(model.valid_count))),
        ("invalid_count", Some(json!(model.invalid_count))),
        ("last_used_at", Some(json!(model.last_used_at))),
    ])
}

fn read_text_change(model: &models::TextChange) -> Value {
    present([("before", Some(json!(model.before))), ("after", Some(json!(model.after)))])
}

fn read_time_change(model: &models::TimeChange) -> Value {
    present([("before", Some(json!(model.before))), ("after", Some(json!(model.after)))])
}

fn read_flag_change(model: &models::FlagChange) -> Value {
    present([("before", Some(json!(model.before))), ("after", Some(json!(model.after)))])
}

fn read_list_change(model: &models::ListChange) -> Value {
    present([("before", Some(json!(model.before))), ("after", Some(json!(model.after)))])
}

fn read_rate_limit_change(model: &models::RateLimitChange) -> Value {
    present([
        ("before", Some(model.before.as_ref().map_or(Value::Null, read_rate_limit_read))),
        ("after", Some(model.after.as_ref().map_or(Value::Null, read_rate_limit_read))),
    ])
}

fn read_id_change(model: &models::IdChange) -> Value {
    present([("before", Some(json!(model.before))), ("after", Some(json!(model.after)))])
}

fn read_duration_change(model: &models::DurationChange) -> Value {
    present([("before", Some(json!(model.before))), ("after", Some(json!(model.after)))])
}

fn read_audit_changes(model: &models::AuditChanges) -> Value {
    present([
        ("description", model.description.as_ref().map(read_text_change)),
        ("expires_at", model.expires_at.as_ref().map(read_time_change)),
        ("not_before", model.not_before.as_ref().map(read_time_change)),
        ("disabled", model.disabled.as_ref().map(read_flag_change)),
        ("revoked", model.revoked.as_ref().map(read_flag_change)),
        ("revocation_reason", model.revocation_reason.as_ref().map(read_text_change)),
        ("deleted", model.deleted.as_ref().map(read_flag_change)),
        ("scopes", model.scopes.as_ref().map(read_list_change)),
        ("networks", model.networks.as_ref().map(read_list_change)),
        ("rate_limit", model.rate_limit.as_ref().map(read_rate_limit_change)),
        ("successor_id", model.successor_id.as_ref().map(read_id_change)),
        ("managed", model.managed.as_ref().map(read_flag_change)),
        ("username", model.username.as_ref().map(read_text_change)),
        ("role", model.role.as_ref().map(read_text_change)),
        ("key_prefix", model.key_prefix.as_ref().map(read_text_change)),
        ("default_lifetime_seconds", model.default_lifetime_seconds.as_ref().map(read_duration_change)),
        ("max_lifetime_seconds", model.max_lifetime_seconds.as_ref().map(read_duration_change)),
        ("allowed_origins", model.allowed_origins.as_ref().map(read_list_change)),
    ])
}

fn read_audit_event(model: &models::AuditEvent) -> Value {
    present([
        ("id", Some(json!(model.id))),
        ("occurred_at", Some(json!(model.occurred_at))),
        ("action", Some(json!(model.action))),
        ("subject_type", Some(json!(model.subject_type))),
        ("subject_id", Some(json!(model.subject_id))),
        ("key_id", Some(json!(model.key_id))),
        ("actor_user_id", Some(json!(model.actor_user_id))),
        ("actor_key_id", Some(json!(model.actor_key_id))),
        ("credential_type", Some(json!(model.credential_type))),
        ("client_ip", Some(json!(model.client_ip))),
        ("operation", model.operation.as_ref().map(|value| json!(value))),
        ("project", model.project.as_ref().map(|value| json!(value))),
        ("principal_id", model.principal_id.as_ref().map(|value| json!(value))),
        ("minted_by", model.minted_by.as_ref().map(|value| json!(value))),
        ("changes", Some(read_audit_changes(&model.changes))),
    ])
}

fn read_audit_event_page(model: &models::AuditEventPage) -> Value {
    present([("items", Some(each(&model.items, read_audit_event))), ("next_cursor", Some(json!(model.next_cursor)))])
}

fn read_user(model: &models::User) -> Value {
    present([
        ("id", Some(json!(model.id))),
        ("username", Some(json!(model.username))),
        ("administrator", Some(json!(model.administrator))),
        ("disabled", Some(json!(model.disabled))),
        ("has_password", Some(json!(model.has_password))),
        ("roles", Some(each(&model.roles, read_project_role))),
        ("created_at", Some(json!(model.created_at))),
    ])
}

fn read_user_page(model: &models::UserPage) -> Value {
    present([("items", Some(each(&model.items, read_user))), ("next_cursor", Some(json!(model.next_cursor)))])
}

fn read_validation_error(model: &models::ValidationError) -> Value {
    present([("loc", Some(json!(model.loc))), ("msg", Some(json!(model.msg))), ("type", Some(json!(model.r#type)))])
}

fn read_http_validation_error(model: &models::HttpValidationError) -> Value {
    present([("detail", model.detail.as_deref().map(|models| each(models, read_validation_error)))])
}

fn read_problem(model: &models::Problem) -> Value {
    present([
        ("type", Some(json!(model.r#type))),
        ("title", Some(json!(model.title))),
        ("status", Some(json!(model.status))),
        ("detail", Some(json!(model.detail))),
        ("code", Some(json!(model.code))),
    ])
}

fn read_token_error(model: &models::TokenError) -> Value {
    present([("error", Some(json!(model.error))), ("error_description", Some(json!(model.error_description)))])
}

/// The name of the schema of an error response, and its content.
pub fn read_error(error: &ErrorBody) -> (&'static str, Value) {
    match error {
        ErrorBody::HttpValidationError(model) => ("HTTPValidationError", read_http_validation_error(model)),
        ErrorBody::Problem(model) => ("Problem", read_problem(model)),
        ErrorBody::TokenError(model) => ("TokenError", read_token_error(model)),
        _ => ("unknown", Value::Null),
    }
}

fn read<T>(result: Result<Response<T>, Error>, read: fn(&T) -> Value) -> Result<Response<Value>, Error> {
    result.map(|response| Response { status: response.status, headers: response.headers, data: read(&response.data) })
}

/// Calls an operation; panics if there is none of that name.
pub async fn call(
    client: &Configuration,
    operation: &str,
    a: &Value,
) -> Result<Result<Response<Value>, Error>, Rejected> {
    let body = &a["body"];
    Ok(match operation {
        "issueToken" => {
            let params = tokens_api::IssueTokenParams {
                grant_type: given(body, "grant_type")?,
                username: given(body, "username")?,
                password: given(body, "password")?,
                scope: given(body, "scope")?,
                ..Default::default()
            };
            read(tokens_api::issue_token(client, params).await, |data| read_token_response(data))
        }
        "getCurrentUser" => {
            let params = users_api::GetCurrentUserParams { ..Default::default() };
            read(users_api::get_current_user(client, params).await, |data| read_user_read(data))
        }
        "createApiKey" => {
            let params = api_keys_api::CreateApiKeyParams {
                idempotency_key: given(a, "Idempotency-Key")?,
                body: build_api_key_create(body)?,
                ..Default::default()
            };
            read(api_keys_api::create_api_key(client, params).await, |data| read_api_key_record_read(data))
        }
        "listApiKeys" => {
            let params = api_keys_api::ListApiKeysParams {
                limit: given(a, "limit")?,
                cursor: given(a, "cursor")?,
                status: given(a, "status")?,
                ..Default::default()
            };
            read(api_keys_api::list_api_keys(client, params).await, |data| each(data, read_api_key_record_read))
        }
        "verifyApiKey" => {
            let params =
                verification_api::VerifyApiKeyParams { body: build_api_key_verify(body)?, ..Default::default() };
            read(verification_api::verify_api_key(client, params).await, |data| read_api_key_verification(data))
        }
        "introspectToken" => {
            let params = verification_api::IntrospectTokenParams {
                token: given(body, "token")?,
                token_type_hint: given(body, "token_type_hint")?,
                ..Default::default()
            };
            read(verification_api::introspect_token(client, params).await, |data| read_token_introspection(data))
        }
        "forwardAuth" => {
            let params = verification_api::ForwardAuthParams {
                scope: given(a, "scope")?,
                metadata: given(a, "metadata")?,
                ..Default::default()
            };
            read(verification_api::forward_auth(client, params).await, |()| Value::Null)
        }
        "projectForwardAuth" => {
            let params = verification_api::ProjectForwardAuthParams {
                project: given(a, "project")?,
                scope: given(a, "scope")?,
                metadata: given(a, "metadata")?,
                ..Default::default()
            };
            read(verification_api::project_forward_auth(client, params).await, |()| Value::Null)
        }
        "createProject" => {
            let params = projects_api::CreateProjectParams { body: build_project_create(body)?, ..Default::default() };
            read(projects_api::create_project(client, params).await, |data| read_project(data))
        }
        "listProjects" => {
            let params = projects_api::ListProjectsParams {
                limit: given(a, "limit")?,
                cursor: given(a, "cursor")?,
                ..Default::default()
            };
            read(projects_api::list_projects(client, params).await, |data| read_project_page(data))
        }
        "getProject" => {
            let params = projects_api::GetProjectParams { project: given(a, "project")?, ..Default::default() };
            read(projects_api::get_project(client, params).await, |data| read_project(data))
        }
        "updateProject" => {
            let params = projects_api::UpdateProjectParams {
                project: given(a, "project")?,
                if_match: given(a, "If-Match")?,
                body: build_project_update(body)?,
                ..Default::default()
            };
            read(projects_api::update_project(client, params).await, |data| read_project(data))
        }
        "upsertOwner" => {
            let params = owners_api::UpsertOwnerParams {
                project: given(a, "project")?,
                body: build_owner_upsert(body)?,
                ..Default::default()
            };
            read(owners_api::upsert_owner(client, params).await, |data| read_owner(data))
        }
        "listOwners" => {
            let params = owners_api::ListOwnersParams {
                project: given(a, "project")?,
                limit: given(a, "limit")?,
                cursor: given(a, "cursor")?,
                external_id: given(a, "external_id")?,
                ..Default::default()
            };
            read(owners_api::list_owners(client, params).await, |data| read_owner_page(data))
        }
        "getOwner" => {
            let params = owners_api::GetOwnerParams {
                project: given(a, "project")?,
                owner_id: given(a, "owner_id")?,
                ..Default::default()
            };
            read(owners_api::get_owner(client, params).await, |data| read_owner(data))
        }
        "deleteOwner" => {
            let params = owners_api::DeleteOwnerParams {
                project: given(a, "project")?,
                owner_id: given(a, "owner_id")?,
                ..Default::default()
            };
            read(owners_api::delete_owner(client, params).await, |()| Value::Null)
        }
        "issueApiKey" => {
            let params = owners_api::IssueApiKeyParams {
                project: given(a, "project")?,
                idempotency_key: given(a, "Idempotency-Key")?,
                body: build_api_key_issue(body)?,
                ..Default::default()
            };
            read(owners_api::issue_api_key(client, params).await, |data| read_api_key_record_read(data))
        }
        "searchApiKeys" => {
            let params = api_key_search_api::SearchApiKeysParams {
                project: given(a, "project")?,
                limit: given(a, "limit")?,
                cursor: given(a, "cursor")?,
                body: build_api_key_filter(body)?,
                ..Default::default()
            };
            read(api_key_search_api::search_api_keys(client, params).await, |data| read_found_api_key_page(data))
        }
        "revokeApiKeys" => {
            let params = api_key_search_api::RevokeApiKeysParams {
                project: given(a, "project")?,
                body: build_api_key_revocation(body)?,
                ..Default::default()
            };
            read(api_key_search_api::revoke_api_keys(client, params).await, |data| read_api_key_revocation_result(data))
        }
        "listMembers" => {
            let params = members_api::ListMembersParams {
                project: given(a, "project")?,
                limit: given(a, "limit")?,
                cursor: given(a, "cursor")?,
                ..Default::default()
            };
            read(members_api::list_members(client, params).await, |data| read_member_page(data))
        }
        "setMember" => {
            let params = members_api::SetMemberParams {
                project: given(a, "project")?,
                user_id: given(a, "user_id")?,
                body: build_member_set(body)?,
                ..Default::default()
            };
            read(members_api::set_member(client, params).await, |data| read_member(data))
        }
        "removeMember" => {
            let params = members_api::RemoveMemberParams {
                project: given(a, "project")?,
                user_id: given(a, "user_id")?,
                ..Default::default()
            };
            read(members_api::remove_member(client, params).await, |()| Value::Null)
        }
        "createServiceAccount" => {
            let params = members_api::CreateServiceAccountParams {
                project: given(a, "project")?,
                body: build_service_account_create(body)?,
                ..Default::default()
            };
            read(members_api::create_service_account(client, params).await, |data| read_member(data))
        }
        "createOwnerToken" => {
            let params = owners_api::CreateOwnerTokenParams {
                project: given(a, "project")?,
                body: build_owner_token_create(body)?,
                ..Default::default()
            };
            read(owners_api::create_owner_token(client, params).await, |data| read_token_response(data))
        }
        "revokeToken" => {
            let params = tokens_api::RevokeTokenParams {
                token: given(body, "token")?,
                token_type_hint: given(body, "token_type_hint")?,
                ..Default::default()
            };
            read(tokens_api::revoke_token(client, params).await, |()| Value::Null)
        }
        "getApiKeyPolicy" => {
            let params =
                api_key_policies_api::GetApiKeyPolicyParams { item_id: given(a, "item_id")?, ..Default::default() };
            read(api_key_policies_api::get_api_key_policy(client, params).await, |data| read_api_key_policy_read(data))
        }
        "setApiKeyPolicy" => {
            let params = api_key_policies_api::SetApiKeyPolicyParams {
                item_id: given(a, "item_id")?,
                if_match: given(a, "If-Match")?,
                body: build_api_key_policy(body)?,
                ..Default::default()
            };
            read(api_key_policies_api::set_api_key_policy(client, params).await, |data| read_api_key_policy_read(data))
        }
        "getApiKeyMetadata" => {
            let params = api_keys_api::GetApiKeyMetadataParams { item_id: given(a, "item_id")?, ..Default::default() };
            read(api_keys_api::get_api_key_metadata(client, params).await, |data| read_api_key_metadata_read(data))
        }
        "setApiKeyMetadata" => {
            let params = api_keys_api::SetApiKeyMetadataParams {
                item_id: given(a, "item_id")?,
                if_match: given(a, "If-Match")?,
                body: build_api_key_metadata(body)?,
                ..Default::default()
            };
            read(api_keys_api::set_api_key_metadata(client, params).await, |data| read_api_key_metadata_read(data))
        }
        "getApiKeyUsage" => {
            let params = api_keys_api::GetApiKeyUsageParams { item_id: given(a, "item_id")?, ..Default::default() };
            read(api_keys_api::get_api_key_usage(client, params).await, |data| read_api_key_usage(data))
        }
        "disableApiKey" => {
            let params = api_key_lifecycle_api::DisableApiKeyParams {
                item_id: given(a, "item_id")?,
                if_match: given(a, "If-Match")?,
                wait_until_effective: given(a, "wait_until_effective")?,
                ..Default::default()
            };
            read(api_key_lifecycle_api::disable_api_key(client, params).await, |data| read_api_key_record_read(data))
        }
        "enableApiKey" => {
            let params = api_key_lifecycle_api::EnableApiKeyParams {
                item_id: given(a, "item_id")?,
                if_match: given(a, "If-Match")?,
                ..Default::default()
            };
            read(api_key_lifecycle_api::enable_api_key(client, params).await, |data| read_api_key_record_read(data))
        }
        "rotateApiKey" => {
            let params = api_key_lifecycle_api::RotateApiKeyParams {
                item_id: given(a, "item_id")?,
                if_match: given(a, "If-Match")?,
                idempotency_key: given(a, "Idempotency-Key")?,
                body: build_api_key_rotate(body)?,
                ..Default::default()
            };
            read(api_key_lifecycle_api::rotate_api_key(client, params).await, |data| read_api_key_record_read(data))
        }
        "revokeApiKey" => {
            let params = api_key_lifecycle_api::RevokeApiKeyParams {
                item_id: given(a, "item_id")?,
                if_match: given(a, "If-Match")?,
                wait_until_effective: given(a, "wait_until_effective")?,
                body: build_api_key_revoke(body)?,
                ..Default::default()
            };
            read(api_key_lifecycle_api::revoke_api_key(client, params).await, |data| read_api_key_record_read(data))
        }
        "getApiKey" => {
            let params = api_keys_api::GetApiKeyParams { item_id: given(a, "item_id")?, ..Default::default() };
            read(api_keys_api::get_api_key(client, params).await, |data| read_api_key_record_read(data))
        }
        "updateApiKey" => {
            let params = api_keys_api::UpdateApiKeyParams {
                item_id: given(a, "item_id")?,
                if_match: given(a, "If-Match")?,
                body: build_api_key_record_create(body)?,
                ..Default::default()
            };
            read(api_keys_api::update_api_key(client, params).await, |data| read_api_key_record_read(data))
        }
        "deleteApiKey" => {
            let params = api_keys_api::DeleteApiKeyParams {
                item_id: given(a, "item_id")?,
                if_match: given(a, "If-Match")?,
                wait_until_effective: given(a, "wait_until_effective")?,
                ..Default::default()
            };
            read(api_keys_api::delete_api_key(client, params).await, |()| Value::Null)
        }
        "listAuditEvents" => {
            let params = audit_api::ListAuditEventsParams {
                limit: given(a, "limit")?,
                cursor: given(a, "cursor")?,
                key_id: given(a, "key_id")?,
                actor_user_id: given(a, "actor_user_id")?,
                action: given(a, "action")?,
                since: given(a, "since")?,
                until: given(a, "until")?,
                ..Default::default()
            };
            read(audit_api::list_audit_events(client, params).await, |data| read_audit_event_page(data))
        }
        "listUsers" => {
            let params = users_api::ListUsersParams {
                username: given(a, "username")?,
                limit: given(a, "limit")?,
                cursor: given(a, "cursor")?,
                ..Default::default()
            };
            read(users_api::list_users(client, params).await, |data| read_user_page(data))
        }
        "createUser" => {
            let params = users_api::CreateUserParams { body: build_user_create(body)?, ..Default::default() };
            read(users_api::create_user(client, params).await, |data| read_user(data))
        }
        "getUser" => {
            let params = users_api::GetUserParams { user_id: given(a, "user_id")?, ..Default::default() };
            read(users_api::get_user(client, params).await, |data| read_user(data))
        }
        "updateUser" => {
            let params = users_api::UpdateUserParams {
                user_id: given(a, "user_id")?,
                body: build_user_update(body)?,
                ..Default::default()
            };
            read(users_api::update_user(client, params).await, |data| read_user(data))
        }
        "changePassword" => {
            let params = users_api::ChangePasswordParams { body: build_password_change(body)?, ..Default::default() };
            read(users_api::change_password(client, params).await, |()| Value::Null)
        }
        operation => panic!("no such operation: {operation}"),
    })
}
