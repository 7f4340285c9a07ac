//! Does the scenario's steps with the Rust client, as ../README.md says.

use std::io::{Write, stdin, stdout};

use latchkey_client::apis::configuration::{ApiKey, Configuration};
use latchkey_client::apis::{
    Error, Refusal, Response, api_keys_api, audit_api, lifecycle_api, tokens_api, users_api, verification_api,
};
use latchkey_client::models::{ApiKeyPolicy, ApiKeyRecordCreate, ApiKeyRevoke, ApiKeyRotate, ApiKeyVerify};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

/// An argument that the client's types cannot say.
struct Refused(String);

/// A parameter or member as the type that the client has for it.
fn given<T: DeserializeOwned>(arguments: &Value, name: &str) -> Result<T, Refused> {
    T::deserialize(&arguments[name]).map_err(|error| Refused(format!("{name}: {error}")))
}

/// A member that may be null, and apart from that may be absent.
fn member<T: DeserializeOwned>(body: &Value, name: &str) -> Result<Option<Option<T>>, Refused> {
    body.get(name).map(|_| given(body, name)).transpose()
}

fn record(body: &Value) -> Result<ApiKeyRecordCreate, Refused> {
    Ok(ApiKeyRecordCreate { expires_at: member(body, "expires_at")?, description: member(body, "description")? })
}

fn policy(body: &Value) -> Result<ApiKeyPolicy, Refused> {
    Ok(ApiKeyPolicy {
        scopes: member(body, "scopes")?,
        networks: member(body, "networks")?,
        not_before: member(body, "not_before")?,
        rate_limit: member(body, "rate_limit")?,
    })
}

async fn call(order: &Value) -> Result<Value, Refused> {
    let (a, body) = (&order["arguments"], &order["arguments"]["body"]);
    let text = |name: &str| a[name].as_str();
    let id = || given(a, "item_id");
    let client = &Configuration {
        base_path: given(order, "base_url")?,
        bearer_access_token: given(&order["credentials"], "bearer")?,
        api_key: order["credentials"]["api_key"].as_str().map(|key| ApiKey { prefix: None, key: key.to_owned() }),
        ..Configuration::default()
    };
    Ok(match order["operation"].as_str().unwrap_or_default() {
        "issueToken" => {
            let (username, password): (String, String) = (given(body, "username")?, given(body, "password")?);
            let grant_type = given(body, "grant_type")?;
            report(tokens_api::issue_token(client, grant_type, &username, &password, body["scope"].as_str()).await)
        }
        "getCurrentUser" => report(users_api::get_current_user(client, None).await),
        "createApiKey" => {
            report(api_keys_api::create_api_key(client, record(body)?, None, text("Idempotency-Key")).await)
        }
        "listApiKeys" => report(
            api_keys_api::list_api_keys(client, given(a, "limit")?, text("cursor"), given(a, "status")?, None).await,
        ),
        "getApiKey" => report(api_keys_api::get_api_key(client, id()?, None).await),
        "updateApiKey" => {
            report(api_keys_api::update_api_key(client, id()?, record(body)?, None, text("If-Match")).await)
        }
        "deleteApiKey" => report(api_keys_api::delete_api_key(client, id()?, None).await),
        "verifyApiKey" => {
            let verify =
                ApiKeyVerify { key: given(body, "key")?, scopes: member(body, "scopes")?, ip: member(body, "ip")? };
            report(verification_api::verify_api_key(client, verify, None).await)
        }
        "introspectToken" => {
            let (token, hint): (String, _) = (given(body, "token")?, body["token_type_hint"].as_str());
            report(verification_api::introspect_token(client, &token, None, hint).await)
        }
        "forwardAuth" => report(verification_api::forward_auth(client, text("scope")).await),
        "revokeToken" => {
            let (token, hint): (String, _) = (given(body, "token")?, body["token_type_hint"].as_str());
            report(verification_api::revoke_token(client, &token, hint).await)
        }
        "getApiKeyPolicy" => report(lifecycle_api::get_api_key_policy(client, id()?, None).await),
        "setApiKeyPolicy" => {
            report(lifecycle_api::set_api_key_policy(client, id()?, policy(body)?, None, text("If-Match")).await)
        }
        "getApiKeyUsage" => report(lifecycle_api::get_api_key_usage(client, id()?, None).await),
        "disableApiKey" => report(lifecycle_api::disable_api_key(client, id()?, None).await),
        "enableApiKey" => report(lifecycle_api::enable_api_key(client, id()?, None).await),
        "rotateApiKey" => {
            let rotate = ApiKeyRotate { overlap_seconds: given(body, "overlap_seconds")? };
            report(lifecycle_api::rotate_api_key(client, id()?, rotate, None, text("Idempotency-Key")).await)
        }
        "revokeApiKey" => {
            let revoke = ApiKeyRevoke { reason: member(body, "reason")? };
            report(lifecycle_api::revoke_api_key(client, id()?, revoke, None).await)
        }
        "listAuditEvents" => {
            let (key_id, actor, action) = (given(a, "key_id")?, given(a, "actor_user_id")?, given(a, "action")?);
            let (limit, cursor) = (given(a, "limit")?, text("cursor"));
            report(audit_api::list_audit_events(client, limit, cursor, key_id, actor, action, None).await)
        }
        operation => json!({"failure": format!("no such operation: {operation}")}),
    })
}

fn report<T: Serialize>(result: Result<Response<T>, Error>) -> Value {
    let (status, headers, error, body) = match result {
        Ok(success) => (success.status, success.headers, None, json!(success.data)),
        Err(Error::ResponseError(refusal)) => {
            let (kind, body) = match refusal.entity {
                Some(Refusal::Problem(problem)) => ("Problem", json!(problem)),
                Some(Refusal::HttpValidationError(invalid)) => ("HTTPValidationError", json!(invalid)),
                Some(Refusal::TokenError(error)) => ("TokenError", json!(error)),
                Some(Refusal::Unknown(value)) => ("unknown", value),
                None => ("unknown", Value::Null),
            };
            (refusal.status, refusal.headers, Some(kind), body)
        }
        Err(error) => return json!({"failure": format!("{error:?}")}),
    };
    let headers: Map<String, Value> = headers
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into()))
        .collect();
    let mut said = json!({"status": status.as_u16(), "headers": headers});
    if let Some(error) = error {
        said["error"] = error.into();
    }
    if !body.is_null() {
        said["body"] = body;
    }
    said
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for line in stdin().lines() {
        let order = serde_json::from_str(&line?)?;
        let said = runtime.block_on(call(&order)).unwrap_or_else(|Refused(why)| json!({"refused": why}));
        writeln!(stdout(), "{said}")?;
    }
    Ok(())
}
