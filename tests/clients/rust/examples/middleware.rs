//! A server whose routes the middleware protects; ../../README.md describes it.

use std::{io, net::SocketAddr, process, thread, time::Duration};

use axum::{Extension, Router, extract::ConnectInfo, routing::get};
use latchkey_client::{
    Error, Latchkey,
    tower::{Identity, KeyCache, ProtectLayer},
};
use serde_json::json;
use tokio::net::TcpListener;

/// Responds with what the middleware knows of the caller.
async fn identity(Extension(identity): Extension<Identity>) -> String {
    serde_json::to_string(&*identity).expect("an identity is JSON")
}

fn router(latchkey: Latchkey) -> Result<Router, Error> {
    let protect = ProtectLayer::new(latchkey)
        .client_ip(|request| request.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.ip()));
    let cached = protect.clone().key_cache(KeyCache::new(Duration::from_secs(1))?);
    Ok(Router::new()
        .route("/open", get("{}"))
        .route("/protected", get(identity).layer(protect.clone()))
        .route("/scoped", get(identity).layer(protect.clone().scopes(["orders:read"])))
        .route("/fresh", get(identity).layer(protect.refuse_stale()))
        .route("/cached", get(identity).layer(cached.clone()))
        .route("/cached-scoped", get(identity).layer(cached.scopes(["orders:read"]))))
}

/// Prints everything that is logged.
struct Log;

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        eprintln!("{}: {}", record.level(), record.args());
    }

    fn flush(&self) {}
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    log::set_logger(&Log).expect("there is no other logger");
    log::set_max_level(log::LevelFilter::Trace);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let long_cache = KeyCache::new(Duration::from_secs(2)).map_or_else(|error| error.to_string(), |_| String::new());
    println!("{}", json!({"framework": "axum", "url": url, "long_cache": long_cache}));
    thread::spawn(|| {
        // Until it ends.
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        process::exit(0);
    });
    let service = router(Latchkey::from_env()?)?.into_make_service_with_connect_info::<SocketAddr>();
    Ok(axum::serve(listener, service).await?)
}
