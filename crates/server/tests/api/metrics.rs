//! `/metrics`: values of the domain, read at each scrape.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use latchkey_server::telemetry::metrics::Metrics;
use latchkey_test_support::{
    app::{Options, TestApp},
    response::SendChecked,
};
use serde_json::json;

const SCRAPERS: usize = 2;
const ROUNDS: usize = 5_000;

/// The lines of a metric, its help and type left out.
fn series<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    text.lines().filter(|line| line.starts_with(name)).collect()
}

#[tokio::test]
async fn concurrent_scrapes_see_the_same_counters() {
    let app = TestApp::new().await;
    let (_, token) = app.with_verifier("victor").await;
    for _ in 0..3 {
        app.verify(&token, "lk_unknown").await;
    }
    let metrics = Metrics::new().unwrap();
    let scrape = || {
        let text = metrics.render(&app.service).unwrap();
        let text = String::from_utf8(text).unwrap();
        series(&text, "latchkey_cache_requests_total").join("\n")
    };
    let expected = scrape();
    assert!(!expected.contains("{result=\"miss\"} 0"), "nothing was counted: {expected}");
    let arrived = AtomicUsize::new(0);
    let scrape_together = || {
        let mut seen = BTreeSet::new();
        for round in 1..=ROUNDS {
            // So that all start at the same instant, which a sleeping barrier would not achieve.
            arrived.fetch_add(1, Ordering::SeqCst);
            while arrived.load(Ordering::SeqCst) < round * SCRAPERS {
                thread::yield_now();
            }
            seen.insert(scrape());
        }
        seen
    };
    let seen = thread::scope(|scope| {
        let scrapers = [(); SCRAPERS].map(|()| scope.spawn(scrape_together));
        scrapers.map(|scraper| scraper.join().unwrap())
    });
    for seen in seen {
        assert_eq!(seen, BTreeSet::from([expected.clone()]));
    }
}

#[tokio::test]
async fn every_verification_is_counted_by_its_code() {
    let app = TestApp::new().await;
    let (_, token) = app.with_verifier("victor").await;
    let limited = json!({ "policy": { "scopes": ["orders"], "rate_limit": { "requests": 1, "seconds": 60 } } });
    let (key, limited) = (app.create_key(&token).await, app.create_key_with(&token, limited).await);
    let expired = app.create_key_with(&token, json!({ "expires_at": "2020-01-01T00:00:00Z" })).await;
    let forward_auth = async |path: &str, key: &str| {
        app.get(&format!("/v1/forward-auth{path}")).header("x-api-key", key).send_checked().await
    };
    app.verify(&token, &key.secret).await;
    let introspect = app.post("/v1/introspect").bearer_auth(&token).form(&[("token", &key.secret)]);
    introspect.send_checked().await;
    forward_auth("", &key.secret).await;
    forward_auth("?scope=invoices", &limited.secret).await;
    forward_auth("", &limited.secret).await;
    forward_auth("", &limited.secret).await;
    app.verify(&token, &expired.secret).await;
    forward_auth("", "no key").await;
    forward_auth("", "").await;

    let metrics = app.get("/metrics").send_checked().await;
    assert_eq!(
        series(metrics.text(), "latchkey_verifications_total"),
        [
            "latchkey_verifications_total{code=\"valid\"} 4",
            "latchkey_verifications_total{code=\"not_found\"} 2",
            "latchkey_verifications_total{code=\"pending\"} 0",
            "latchkey_verifications_total{code=\"disabled\"} 0",
            "latchkey_verifications_total{code=\"revoked\"} 0",
            "latchkey_verifications_total{code=\"expired\"} 1",
            "latchkey_verifications_total{code=\"principal_disabled\"} 0",
            "latchkey_verifications_total{code=\"project_disabled\"} 0",
            "latchkey_verifications_total{code=\"network_not_allowed\"} 0",
            "latchkey_verifications_total{code=\"insufficient_scope\"} 1",
            "latchkey_verifications_total{code=\"rate_limited\"} 1",
        ]
    );
}

#[tokio::test]
async fn the_staleness_is_absent_before_the_change_feed_was_read() {
    const STALENESS: &str = "latchkey_change_feed_staleness_seconds";
    let app = TestApp::new().await;
    let metrics = app.get("/metrics").send_checked().await;
    assert_eq!(series(metrics.text(), STALENESS), [""; 0]);

    let following = app.second_node(Options { change_feed: true, ..Options::default() }).await;
    following.wait_for_poll().await;
    let metrics = following.get("/metrics").send_checked().await;
    let value: f64 = match series(metrics.text(), STALENESS).as_slice() {
        [line] => line.strip_prefix(STALENESS).unwrap().trim().parse().unwrap(),
        lines => panic!("{lines:?}"),
    };
    assert!((0.0..60.0).contains(&value), "{value}");
}

#[tokio::test]
async fn the_size_of_the_write_pool_is_a_metric_of_its_own() {
    let app = TestApp::new().await;
    let metrics = app.get("/metrics").send_checked().await;
    let pool = series(metrics.text(), "latchkey_db_pool_");
    assert_eq!(
        pool,
        [
            "latchkey_db_pool_connections{state=\"idle\"} 0",
            "latchkey_db_pool_connections{state=\"used\"} 0",
            "latchkey_db_pool_max_connections 4",
            "latchkey_db_pool_pending_requests 0",
        ]
    );
}
