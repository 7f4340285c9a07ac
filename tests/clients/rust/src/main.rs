//! Executes the steps of the scenario with the Rust client; ../../README.md describes the protocol.

mod steps;

use std::io::{Write, stdin, stdout};

use calls::{Rejected, call, read_error};
use latchkey_client::apis::{
    Error, Response,
    configuration::{ApiKey, Configuration},
};
use serde_json::{Map, Value, json};

async fn execute(request: &Value) -> Value {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let credentials = &request["credentials"];
    let client = Configuration {
        base_path: text(&request["base_url"]).unwrap_or_default(),
        bearer_access_token: text(&credentials["bearer"]),
        api_key: text(&credentials["api_key"]).map(|key| ApiKey { prefix: None, key }),
        ..Configuration::default()
    };
    let operation = request["operation"].as_str().unwrap_or_default();
    match call(&client, operation, &request["arguments"]).await {
        Ok(result) => respond(result),
        Err(Rejected(why)) => json!({"rejected": why}),
    }
}

fn respond(result: Result<Response<Value>, Error>) -> Value {
    let (status, headers, error, body) = match result {
        Ok(success) => (success.status, success.headers, None, success.data),
        Err(Error::ResponseError(error)) => {
            let (kind, body) = error.entity.as_ref().map_or(("unknown", Value::Null), read_error);
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
    let mut steps = steps::Steps::new();
    for line in stdin().lines() {
        let request: Value = serde_json::from_str(&line?)?;
        let response = if request["method"].is_string() {
            runtime.block_on(steps.execute(&request))
        } else {
            runtime.block_on(execute(&request))
        };
        writeln!(stdout(), "{response}")?;
    }
    Ok(())
}
