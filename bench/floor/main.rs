//! The floor under the program's cost: the generated routes and models behind the program's own accept loop, with
//! constant answers. A request is parsed and validated and an answer serialised, as in the program; nobody is
//! authenticated, nothing is logged or counted, and no database is asked.
//!
//! `latchkey-bench-floor ADDRESS` serves until it is killed.

use std::{convert::Infallible, env, error::Error, future, sync::Arc, time::Duration};

use axum::response::{IntoResponse, Response};
use chrono::DateTime;
use http::{HeaderValue, StatusCode, request::Parts};
use latchkey_api::{
    apis::{
        Hooks, Operation,
        api_keys::{
            ApiKeys, CreateApiKeyResponse, DeleteApiKeyResponse, GetApiKeyResponse, ListApiKeysResponse,
            UpdateApiKeyResponse,
        },
        tokens::{IssueTokenResponse, Tokens},
        users::{GetCurrentUserResponse, Users},
    },
    models, server, types,
};
use latchkey_server::http::accept::{self, ConnectionLimits};
use prometheus::IntGauge;
use tokio::net::TcpListener;

const LIMITS: ConnectionLimits =
    ConnectionLimits { count: 4096, header_timeout: Duration::from_secs(30), drain_timeout: Duration::ZERO };

struct Floor;

/// A record with every member set that the benchmark's records have.
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

impl Hooks for Floor {
    type Caller = ();
    type Error = Infallible;

    async fn authenticate(&self, _: &'static Operation, _: &Parts) -> Result<(), Response> {
        Ok(())
    }

    fn reject(&self, _: &'static Operation, _: &Parts, _: &[u8]) -> Response {
        StatusCode::UNPROCESSABLE_ENTITY.into_response()
    }

    fn unreadable(&self, _: &'static Operation, _: &Parts, _: axum::Error) -> Response {
        StatusCode::UNPROCESSABLE_ENTITY.into_response()
    }

    fn failed(&self, _: &'static Operation, error: Infallible) -> Response {
        match error {}
    }
}

impl ApiKeys for Floor {
    async fn create_api_key(&self, (): (), _: models::ApiKeyRecordCreate) -> Result<CreateApiKeyResponse, Infallible> {
        Ok(CreateApiKeyResponse::Status201 { body: record(1), location: HeaderValue::from_static("/v1/api-keys/1") })
    }

    async fn delete_api_key(&self, (): (), _: i64) -> Result<DeleteApiKeyResponse, Infallible> {
        Ok(DeleteApiKeyResponse::Status204)
    }

    async fn get_api_key(&self, (): (), item_id: i64) -> Result<GetApiKeyResponse, Infallible> {
        Ok(GetApiKeyResponse::Status200(record(item_id)))
    }

    async fn list_api_keys(&self, (): (), query: models::ListApiKeysQuery) -> Result<ListApiKeysResponse, Infallible> {
        Ok(ListApiKeysResponse::Status200 { body: (1..=query.limit).map(record).collect(), link: None })
    }

    async fn update_api_key(
        &self,
        (): (),
        item_id: i64,
        body: models::ApiKeyRecordCreate,
    ) -> Result<UpdateApiKeyResponse, Infallible> {
        let record = record(item_id);
        Ok(UpdateApiKeyResponse::Status200(models::ApiKeyRecordRead {
            description: body.description.unwrap_or(record.description),
            expires_at: body.expires_at.unwrap_or(record.expires_at),
            ..record
        }))
    }
}

impl Tokens for Floor {
    async fn issue_token(&self, _: Parts, _: models::TokenRequest) -> Result<IssueTokenResponse, Infallible> {
        Ok(IssueTokenResponse::Status400(models::TokenError {
            error: "invalid_request".to_owned(),
            error_description: "The floor knows no tokens.".to_owned(),
        }))
    }
}

impl Users for Floor {
    async fn get_current_user(&self, (): ()) -> Result<GetCurrentUserResponse, Infallible> {
        Ok(GetCurrentUserResponse::Status200(models::UserRead {
            id: 1,
            username: "floor".to_owned(),
            role: models::Role::Member,
            created_at: types::DateTime(DateTime::UNIX_EPOCH),
        }))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = env::args().nth(1).ok_or("usage: latchkey-bench-floor ADDRESS")?;
    let listener = TcpListener::bind(address).await?;
    let open = IntGauge::new("connections", "Client connections that are open.")?;
    accept::serve(listener, server::router(Arc::new(Floor)), LIMITS, open, future::pending()).await;
    Ok(())
}
