//! Tests of the tower layer alone; the rest is in middleware.yaml.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body, http::Request, routing};
use latchkey_client::{
    Latchkey,
    models::ApiKeyVerification,
    tower::{Identity, KeyCache, ProtectLayer},
};
use tokio::net::TcpListener;
use tower_service::Service;

/// A Latchkey to which all keys are valid, and how many it has verified.
async fn latchkey() -> (Latchkey, Arc<AtomicUsize>) {
    let count = Arc::<AtomicUsize>::default();
    let counter = count.clone();
    let verify = async move || {
        counter.fetch_add(1, Ordering::SeqCst);
        r#"{"valid": true, "code": "valid", "stale": false, "unrestricted": true}"#
    };
    let router = Router::new().route("/v1/api-keys/verify", routing::post(verify));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, router).into_future());
    (Latchkey::builder().url(url).api_key("lk_secret").build().unwrap(), count)
}

fn router(protect: ProtectLayer) -> Router {
    Router::new().route("/", routing::get("").layer(protect))
}

async fn get(mut router: Router, key: &str) -> u16 {
    let request = Request::get("/").header("x-api-key", key).body(Body::empty()).unwrap();
    router.call(request).await.unwrap().status().as_u16()
}

fn second() -> KeyCache {
    KeyCache::new(Duration::from_secs(1)).unwrap()
}

#[tokio::test]
async fn the_oldest_entry_is_removed_from_a_full_cache() {
    let (latchkey, count) = latchkey().await;
    let router = router(ProtectLayer::new(latchkey).key_cache(second().capacity(2)));
    for (key, verifications) in [("lk_a", 1), ("lk_b", 2), ("lk_a", 2), ("lk_c", 3), ("lk_b", 3), ("lk_a", 4)] {
        assert_eq!(get(router.clone(), key).await, 200);
        assert_eq!(count.load(Ordering::SeqCst), verifications, "{key}");
    }
}

#[tokio::test]
async fn a_layer_and_its_cache_print_no_secrets() {
    let (latchkey, _) = latchkey().await;
    let protect = ProtectLayer::new(latchkey).key_cache(second());
    assert_eq!(get(router(protect.clone()), "lk_secret").await, 200);
    let printed = format!("{protect:?} {:?}", second());
    assert!(printed.contains("ProtectLayer") && !printed.contains("lk_secret"), "{printed}");
}

#[test]
fn the_lifetime_of_a_cache_is_limited() {
    for (lifetime, is_valid) in [(0, false), (1, true), (1_000, true), (1_001, false)] {
        assert_eq!(KeyCache::new(Duration::from_millis(lifetime)).is_ok(), is_valid, "{lifetime}");
    }
}

#[test]
fn an_identity_has_its_scopes() {
    let scopes = |unrestricted, scopes: Option<&str>| {
        let scopes = scopes.map(|scope| vec![scope.to_owned()]);
        Identity::from(ApiKeyVerification { unrestricted, scopes, ..Default::default() }).has_scope("orders:read")
    };
    assert!(scopes(true, None) && scopes(false, Some("orders:read")));
    assert!(!scopes(false, None) && !scopes(false, Some("orders:write")));
}
