//! Metrics in Prometheus' text format. Labels are bounded: an operation's id or `none`, and a status.

use std::time::Duration;

use latchkey_domain::store::PoolStatus;
use prometheus::{
    Encoder, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry, TextEncoder,
};

/// Seconds; from a warm read to the request timeout.
const BUCKETS: [f64; 14] =
    [0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// The metrics of one server.
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    duration: HistogramVec,
    connections: IntGauge,
    pool: IntGaugeVec,
    pool_waiting: IntGauge,
}

impl Metrics {
    /// Registers every metric.
    pub fn new() -> prometheus::Result<Self> {
        let metrics = Self {
            registry: Registry::new(),
            requests: IntCounterVec::new(
                Opts::new("latchkey_requests_total", "Requests answered, by operation and status."),
                &["operation", "status"],
            )?,
            duration: HistogramVec::new(
                HistogramOpts::new("latchkey_request_duration_seconds", "Time from head to answer, by operation.")
                    .buckets(BUCKETS.to_vec()),
                &["operation"],
            )?,
            connections: IntGauge::new("latchkey_connections", "Client connections that are open.")?,
            pool: IntGaugeVec::new(
                Opts::new("latchkey_pool_connections", "Connections to Postgres for writes, by state."),
                &["state"],
            )?,
            pool_waiting: IntGauge::new("latchkey_pool_waiting", "Requests that wait for a connection to Postgres.")?,
        };
        metrics.registry.register(Box::new(metrics.requests.clone()))?;
        metrics.registry.register(Box::new(metrics.duration.clone()))?;
        metrics.registry.register(Box::new(metrics.connections.clone()))?;
        metrics.registry.register(Box::new(metrics.pool.clone()))?;
        metrics.registry.register(Box::new(metrics.pool_waiting.clone()))?;
        Ok(metrics)
    }

    /// Counts an answered request.
    pub fn answered(&self, operation: &str, status: http::StatusCode, duration: Duration) {
        self.requests.with_label_values(&[operation, status.as_str()]).inc();
        self.duration.with_label_values(&[operation]).observe(duration.as_secs_f64());
    }

    /// The number of open client connections.
    pub fn connections(&self) -> &IntGauge {
        &self.connections
    }

    /// All metrics, as Prometheus reads them.
    pub fn render(&self, pool: PoolStatus) -> prometheus::Result<Vec<u8>> {
        let gauge = |state, count: usize| {
            self.pool.with_label_values(&[state]).set(i64::try_from(count).unwrap_or(i64::MAX));
        };
        gauge("idle", pool.idle);
        gauge("busy", pool.open.saturating_sub(pool.idle));
        gauge("max", pool.max);
        self.pool_waiting.set(i64::try_from(pool.waiting).unwrap_or(i64::MAX));
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(text)
    }
}
