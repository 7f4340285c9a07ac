//! The baseline of the benchmarks: plain axum handlers over the contract's models, behind the program's own accept loop,
//! with constant responses. Requests are parsed and responses serialised as in the program; there is no authentication,
//! no logging, no metrics and no database.
//!
//! `latchkey-bench-baseline ADDRESS` serves until it is killed.

use std::{env, error::Error, future, time::Duration};

use axum::{
    Router,
    extract::{Path, Query},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use bytes::Bytes;
use chrono::DateTime;
use latchkey_api::{models, types};
use latchkey_server::{
    http::listener::{self, ConnectionLimits},
    telemetry::metrics::ConnectionMetrics,
};
use serde::Serialize;
use tokio::net::TcpListener;

const LIMITS: ConnectionLimits = ConnectionLimits {
    max_connections: 4096,
    max_connections_per_ip: 4096,
    trusted_proxies: Vec::new(),
    header_timeout: Duration::from_secs(30),
    idle_timeout: Duration::from_secs(30),
    write_timeout: Duration::from_secs(30),
    drain_timeout: Duration::ZERO,
};

/// A record with the same members set as the records in the benchmark's database.
fn record(id: i64) -> models::ApiKeyRecordRead {
    let time = |seconds| DateTime::from_timestamp(seconds, 123_456_000).map(types::DateTime);
    models::ApiKeyRecordRead {
        id,
        key_prefix: "lk_012345678".to_owned(),
        user_id: 1,
        status: Some("active".to_owned()),
        created_at: time(1_750_000_000),
        expires_at: time(1_900_000_000),
        description: Some("key 123456".to_owned()),
        full_key: Some(None),
    }
}

/// A 200 with this content.
fn ok(content: &impl Serialize) -> Result<Response, String> {
    types::content(StatusCode::OK, "application/json", content).map_err(|error| error.to_string())
}

async fn get_record(Path(id): Path<i64>) -> Result<Response, String> {
    ok(&record(id))
}

async fn patch_record(Path(id): Path<i64>, body: Bytes) -> Result<Response, String> {
    let body: models::ApiKeyRecordCreate = serde_json::from_slice(&body).map_err(|error| error.to_string())?;
    let record = record(id);
    let record = models::ApiKeyRecordRead {
        description: body.description.unwrap_or(record.description),
        expires_at: body.expires_at.unwrap_or(record.expires_at),
        ..record
    };
    ok(&record)
}

async fn list_records(Query(query): Query<models::ListApiKeysQuery>) -> Result<Response, String> {
    ok(&(1..=query.limit).map(record).collect::<Vec<_>>())
}

async fn verify(body: Bytes) -> Result<Response, String> {
    let _request: models::ApiKeyVerify = serde_json::from_slice(&body).map_err(|error| error.to_string())?;
    let verification = models::ApiKeyVerification {
        valid: true,
        code: "valid".into(),
        stale: false,
        unrestricted: true,
        key_id: Some(1),
        user_id: Some(1),
        project: Some("default".to_owned()),
        owner_external_id: None,
        username: Some("bench".to_owned()),
        scopes: None,
        expires_at: None,
        metadata: None,
        owner_metadata: None,
        retry_after_seconds: None,
    };
    ok(&verification)
}

async fn forward_auth() -> impl IntoResponse {
    [
        ("x-latchkey-key-id", "1"),
        ("x-latchkey-user-id", "1"),
        ("x-latchkey-username", "bench"),
        ("x-latchkey-project", "default"),
        ("x-latchkey-owner", ""),
        ("x-latchkey-scopes", "*"),
    ]
}

/// The same allocator as the program's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = env::args().nth(1).ok_or("usage: latchkey-bench-baseline ADDRESS")?;
    let listener = TcpListener::bind(address).await?;
    let metrics = ConnectionMetrics::new()?;
    let router = Router::new()
        .route("/v1/api-keys/", get(list_records))
        .route("/v1/api-keys/verify", post(verify))
        .route("/v1/forward-auth", get(forward_auth))
        .route("/v1/api-keys/{item_id}", get(get_record).patch(patch_record));
    listener::serve(listener, router, LIMITS, metrics, future::pending()).await;
    Ok(())
}
