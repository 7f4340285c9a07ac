//! A server whose routes the middleware protects; ../../README.md describes it.

use std::{net::SocketAddr, time::Duration};

use axum::{
    Extension, Router,
    extract::{ConnectInfo, connect_info::IntoMakeServiceWithConnectInfo},
    routing::get,
};
use latchkey_client::{
    Latchkey,
    tower::{Identity, KeyCache, ProtectLayer},
};
use tokio::net::TcpListener;

/// Responds with what the middleware knows of the caller.
async fn identity(Extension(identity): Extension<Identity>) -> String {
    serde_json::to_string(&*identity).expect("an identity is JSON")
}

fn service() -> Result<IntoMakeServiceWithConnectInfo<Router, SocketAddr>, latchkey_client::Error> {
    let protect = ProtectLayer::new(Latchkey::from_env()?)
        .client_ip(|request| request.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.ip()));
    let cached = protect.clone().key_cache(KeyCache::new(Duration::from_secs(1))?);
    let router = Router::new()
        .route("/open", get("{}"))
        .route("/protected", get(identity).layer(protect.clone()))
        .route("/scoped", get(identity).layer(protect.clone().scopes(["orders:read"])))
        .route("/fresh", get(identity).layer(protect.refuse_stale()))
        .route("/cached", get(identity).layer(cached));
    Ok(router.into_make_service_with_connect_info())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    Ok(axum::serve(listener, service()?).await?)
}
