//! Executes the steps of the scenario with the Rust client; ../README.md describes the protocol.

use std::io::{Write, stdin, stdout};

use latchkey_client::apis::configuration::{ApiKey, Configuration};
use latchkey_client::apis::{
    Error, Refusal, Response, api_keys_api, audit_api, lifecycle_api, tokens_api, users_api, verification_api,
};
use latchkey_client::models::{ApiKeyPolicy, ApiKeyRecordCreate, ApiKeyRevoke, ApiKeyRotate, ApiKeyVerify};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

/// An argument that the client's types cannot express.
struct Rejected(String);

/// A parameter or property as the client's type.
fn given<T: DeserializeOwned>(arguments: &Value, name: &str) -> Result<T, Rejected> {
    T::deserialize(&arguments[name]).map_err(|error| Rejected(format!("{name}: {error}")))
}

/// A property that may be absent, and may be null.
fn member<T: DeserializeOwned>(body: &Value, name: &str) -> Result<Option<Option<T>>, Rejected> {
    body.get(name).map(|_| given(body, name)).transpose()
}

fn record(body: &Value) -> Result<ApiKeyRecordCreate, Rejected> {
    Ok(ApiKeyRecordCreate { expires_at: member(body, "expires_at")?, description: member(body, "description")? })
}

fn policy(body: &Value) -> Result<ApiKeyPolicy, Rejected> {
    Ok(ApiKeyPolicy {
        scopes: member(body, "scopes")?,
        networks: member(body, "networks")?,
        not_before: member(body, "not_before")?,
        rate_limit: member(body, "rate_limit")?,
    })
}

async fn call(request: &Value) -> Result<Value, Rejected> {
    let (a, body) = (&request["arguments"], &request["arguments"]["body"]);
    let text = |name: &str| a[name].as_str();
    let id = || given(a, "item_id");
    let client = &Configuration {
        base_path: given(request, "base_url")?,
        bearer_access_token: given(&request["credentials"], "bearer")?,
        api_key: request["credentials"]["api_key"].as_str().map(|key| ApiKey { prefix: None, key: key.to_owned() }),
        ..Configuration::default()
    };
    Ok(match request["operation"].as_str().unwrap_or_default() {
        "issueToken" => {
            let (username, password): (String, String) = (given(body, "username")?, given(body, "password")?);
            let grant_type = given(body, "grant_type")?;
            respond(tokens_api::issue_token(client, grant_type, &username, &password, body["scope"].as_str()).await)
        }
        "getCurrentUser" => respond(users_api::get_current_user(client, None).await),
        "createApiKey" => {
            respond(api_keys_api::create_api_key(client, record(body)?, None, text("Idempotency-Key")).await)
        }
        "listApiKeys" => respond(
            api_keys_api::list_api_keys(client, given(a, "limit")?, text("cursor"), given(a, "status")?, None).await,
        ),
        "getApiKey" => respond(api_keys_api::get_api_key(client, id()?, None).await),
        "updateApiKey" => {
            respond(api_keys_api::update_api_key(client, id()?, record(body)?, None, text("If-Match")).await)
        }
        "deleteApiKey" => respond(api_keys_api::delete_api_key(client, id()?, None).await),
        "verifyApiKey" => {
            let verify =
                ApiKeyVerify { key: given(body, "key")?, scopes: member(body, "scopes")?, ip: member(body, "ip")? };
            respond(verification_api::verify_api_key(client, verify, None).await)
        }
        "introspectToken" => {
            let (token, hint): (String, _) = (given(body, "token")?, body["token_type_hint"].as_str());
            respond(verification_api::introspect_token(client, &token, None, hint).await)
        }
        "forwardAuth" => respond(verification_api::forward_auth(client, text("scope")).await),
        "revokeToken" => {
            let (token, hint): (String, _) = (given(body, "token")?, body["token_type_hint"].as_str());
            respond(verification_api::revoke_token(client, &token, hint).await)
        }
        "getApiKeyPolicy" => respond(lifecycle_api::get_api_key_policy(client, id()?, None).await),
        "setApiKeyPolicy" => {
            respond(lifecycle_api::set_api_key_policy(client, id()?, policy(body)?, None, text("If-Match")).await)
        }
        "getApiKeyUsage" => respond(lifecycle_api::get_api_key_usage(client, id()?, None).await),
        "disableApiKey" => respond(lifecycle_api::disable_api_key(client, id()?, None).await),
        "enableApiKey" => respond(lifecycle_api::enable_api_key(client, id()?, None).await),
        "rotateApiKey" => {
            let rotate = ApiKeyRotate { overlap_seconds: given(body, "overlap_seconds")? };
            respond(lifecycle_api::rotate_api_key(client, id()?, rotate, None, text("Idempotency-Key")).await)
        }
        "revokeApiKey" => {
            let revoke = ApiKeyRevoke { reason: member(body, "reason")? };
            respond(lifecycle_api::revoke_api_key(client, id()?, revoke, None).await)
        }
        "listAuditEvents" => {
            let (key_id, actor, action) = (given(a, "key_id")?, given(a, "actor_user_id")?, given(a, "action")?);
            let (limit, cursor) = (given(a, "limit")?, text("cursor"));
            respond(audit_api::list_audit_events(client, limit, cursor, key_id, actor, action, None).await)
        }
        operation => json!({"failure": format!("no such operation: {operation}")}),
    })
}

fn respond<T: Serialize>(result: Result<Response<T>, Error>) -> Value {
    let (status, headers, error, body) = match result {
        Ok(success) => (success.status, success.headers, None, json!(success.data)),
        Err(Error::ResponseError(error)) => {
            let (kind, body) = match error.entity {
                Some(Refusal::Problem(problem)) => ("Problem", json!(problem)),
                Some(Refusal::HttpValidationError(invalid)) => ("HTTPValidationError", json!(invalid)),
                Some(Refusal::TokenError(error)) => ("TokenError", json!(error)),
                Some(Refusal::Unknown(value)) => ("unknown", value),
                None => ("unknown", Value::Null),
            };
            (error.status, error.headers, Some(kind), body)
        }
        Err(error) => return json!({"failure": format!("{error:?}")}),
    };
    let headers: Map<String, Value> = headers
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into()))
        .collect();
    let mut response = json!({"status": status.as_u16(), "headers": headers});
    if let Some(error) = error {
        response["error"] = error.into();
    }
    if !body.is_null() {
        response["body"] = body;
    }
    response
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for line in stdin().lines() {
        let request = serde_json::from_str(&line?)?;
        let response = runtime.block_on(call(&request)).unwrap_or_else(|Rejected(why)| json!({"rejected": why}));
        writeln!(stdout(), "{response}")?;
    }
    Ok(())
}
