//! Metrics in Prometheus' text format. The values of labels are bounded: the id of an operation or `none`, a status, and
//! the words below.

use std::time::Duration;

use latchkey_domain::{Service, store::PoolStatus, verification::cache::CacheStats};
use prometheus::{
    Encoder, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, Opts, Registry, TextEncoder,
    proto::{Counter, Gauge, LabelPair, Metric, MetricFamily, MetricType},
};

use super::dropped_lines;

/// In seconds, from a verification from the cache to the request timeout.
const BUCKETS: [f64; 14] =
    [0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// The metrics of one server. Those of HTTP are counted here; those of the domain are read at each scrape.
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    duration: HistogramVec,
    connections: ConnectionMetrics,
}

/// The metrics of one listener.
#[derive(Debug, Clone)]
pub struct ConnectionMetrics {
    /// Open client connections.
    pub open: IntGauge,
    /// Connections that were closed at once, because their client IP had too many.
    pub rejected: IntCounter,
}

impl ConnectionMetrics {
    /// Metrics that nothing renders yet.
    pub fn new() -> prometheus::Result<Self> {
        let open = IntGauge::new("latchkey_http_open_connections", "Open client connections.")?;
        let rejected = IntCounter::new(
            "latchkey_http_rejected_connections_total",
            "Connections closed at once, because their client IP had too many.",
        )?;
        Ok(Self { open, rejected })
    }
}

impl Metrics {
    /// Registers the metrics of HTTP.
    pub fn new() -> prometheus::Result<Self> {
        let metrics = Self {
            registry: Registry::new(),
            requests: IntCounterVec::new(
                Opts::new("latchkey_http_requests_total", "HTTP requests, by operation and status."),
                &["operation", "status"],
            )?,
            duration: HistogramVec::new(
                HistogramOpts::new(
                    "latchkey_http_request_duration_seconds",
                    "Time from a request's head to its response, by operation.",
                )
                .buckets(BUCKETS.to_vec()),
                &["operation"],
            )?,
            connections: ConnectionMetrics::new()?,
        };
        metrics.registry.register(Box::new(metrics.requests.clone()))?;
        metrics.registry.register(Box::new(metrics.duration.clone()))?;
        metrics.registry.register(Box::new(metrics.connections.open.clone()))?;
        metrics.registry.register(Box::new(metrics.connections.rejected.clone()))?;
        Ok(metrics)
    }

    /// Records a request and its response.
    pub fn observe_request(&self, operation: &str, status: http::StatusCode, duration: Duration) {
        self.requests.with_label_values(&[operation, status.as_str()]).inc();
        self.duration.with_label_values(&[operation]).observe(duration.as_secs_f64());
    }

    /// The metrics of the public listener.
    pub fn connections(&self) -> &ConnectionMetrics {
        &self.connections
    }

    /// Renders all metrics. Scrapes share no state, so concurrent ones see the same values.
    pub fn render(&self, service: &Service) -> prometheus::Result<Vec<u8>> {
        let mut families = self.registry.gather();
        families.extend(pool_metrics(service.store().pool_status()));
        families.extend(cache_metrics(service.verifier().cache_stats()));
        families.push(family(
            "latchkey_verifications_total",
            "Verifications of keys for other APIs, by result: by back ends, by introspection and by forward authentication.",
            MetricType::COUNTER,
            counted("code", service.verifier().counts().values_by_name()),
        ));
        families.extend(change_feed_metrics(service));
        families.push(family(
            "latchkey_logins_total",
            "Logins with a password, by result; those that failed with an error are not among them.",
            MetricType::COUNTER,
            counted("result", service.logins().counts().values_by_name()),
        ));
        families.push(family(
            "latchkey_key_lookups_refused_total",
            "Lookups of keys that were refused, because their address had sent many keys that do not exist.",
            MetricType::COUNTER,
            single(service.verifier().refused_lookups() as f64),
        ));
        families.push(family(
            "latchkey_management_requests_refused_total",
            "Management requests that were refused, because their credential had sent too many.",
            MetricType::COUNTER,
            counted("kind", service.management_limits().refused().values_by_name()),
        ));
        families.push(family(
            "latchkey_clock_database_set_back_seconds",
            "How far the database's clock has gone back since this node last followed it, else 0.",
            MetricType::GAUGE,
            single(service.clock().database_set_back().as_secs_f64()),
        ));
        families.push(family(
            "latchkey_log_dropped_lines_total",
            "Log lines that were dropped because the output did not keep up.",
            MetricType::COUNTER,
            single(dropped_lines() as f64),
        ));
        let mut text = Vec::new();
        TextEncoder::new().encode(&families, &mut text)?;
        Ok(text)
    }
}

fn pool_metrics(pool: PoolStatus) -> [MetricFamily; 3] {
    let used = pool.open.saturating_sub(pool.idle);
    [
        family(
            "latchkey_db_pool_connections",
            "Connections of the write pool, by state.",
            MetricType::GAUGE,
            labelled("state", [("idle", pool.idle as f64), ("used", used as f64)]),
        ),
        family(
            "latchkey_db_pool_max_connections",
            "Maximum size of the write pool.",
            MetricType::GAUGE,
            single(pool.max as f64),
        ),
        family(
            "latchkey_db_pool_pending_requests",
            "Requests that wait for a connection of the write pool.",
            MetricType::GAUGE,
            single(pool.pending as f64),
        ),
    ]
}

fn cache_metrics(cache: CacheStats) -> [MetricFamily; 2] {
    let results = [("hit", cache.hits), ("miss", cache.misses), ("stale", cache.stale), ("error", cache.errors)];
    [
        family(
            "latchkey_cache_requests_total",
            "Cache lookups of keys and of the users who verify them, by result: fresh entry, database query, stale entry \
             because the database was unavailable, or neither.",
            MetricType::COUNTER,
            counted("result", results),
        ),
        family(
            "latchkey_cache_entries",
            "Keys in the cache, unknown keys included.",
            MetricType::GAUGE,
            single(cache.entries as f64),
        ),
    ]
}

fn change_feed_metrics(service: &Service) -> Vec<MetricFamily> {
    let feed = service.change_feed();
    let mut families = vec![
        family(
            "latchkey_change_feed_polls_total",
            "Polls of the change feed, by result.",
            MetricType::COUNTER,
            labelled("result", [("success", feed.polls() as f64), ("error", feed.errors() as f64)]),
        ),
        family(
            "latchkey_change_feed_entries_total",
            "Entries received from the change feed.",
            MetricType::COUNTER,
            single(feed.entries() as f64),
        ),
        family(
            "latchkey_change_feed_lag_seconds",
            "Time from the write of the newest entry until this node received it.",
            MetricType::GAUGE,
            single(feed.lag().as_secs_f64()),
        ),
        family(
            "latchkey_change_feed_unreliable",
            "1 if no key is cached, because snapshots on this database do not work as the change feed needs them, else 0.",
            MetricType::GAUGE,
            single(f64::from(u8::from(feed.is_unreliable()))),
        ),
    ];
    if let Some(staleness) = service.store().freshness().since_last_sync() {
        families.push(family(
            "latchkey_change_feed_staleness_seconds",
            "Time since the change feed was last read; above 0.8 the cache is bypassed. Absent before the first read.",
            MetricType::GAUGE,
            single(staleness.as_secs_f64()),
        ));
    }
    families
}

fn family(name: &str, help: &str, kind: MetricType, metrics: Vec<Metric>) -> MetricFamily {
    let mut family = MetricFamily::default();
    family.set_name(name.to_owned());
    family.set_help(help.to_owned());
    family.set_field_type(kind);
    family.set_metric(metrics);
    family
}

/// One series for each counter, by the value of a label.
fn counted<'a>(label: &str, counters: impl IntoIterator<Item = (&'a str, u64)>) -> Vec<Metric> {
    labelled(label, counters.into_iter().map(|(name, count)| (name, count as f64)))
}

/// One series for each value of a label.
fn labelled<'a>(label: &str, series: impl IntoIterator<Item = (&'a str, f64)>) -> Vec<Metric> {
    let metric = |(name, value): (&str, f64)| {
        let mut pair = LabelPair::default();
        pair.set_name(label.to_owned());
        pair.set_value(name.to_owned());
        metric(vec![pair], value)
    };
    series.into_iter().map(metric).collect()
}

/// A series without labels.
fn single(value: f64) -> Vec<Metric> {
    vec![metric(Vec::new(), value)]
}

/// The type of its family decides which of the two values is rendered.
fn metric(labels: Vec<LabelPair>, value: f64) -> Metric {
    let (mut counter, mut gauge) = (Counter::default(), Gauge::default());
    counter.set_value(value);
    gauge.set_value(value);
    let mut metric = Metric::from_label(labels);
    metric.set_counter(counter);
    metric.set_gauge(gauge);
    metric
}
