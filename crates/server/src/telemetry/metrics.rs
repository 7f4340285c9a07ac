//! Metrics in Prometheus' text format. Labels are bounded: an operation's id or `none`, and a status.

use std::time::Duration;

use latchkey_domain::{store::PoolStatus, verification::Verifier};
use prometheus::{
    Encoder, Gauge, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
    TextEncoder,
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
    look_ups: IntCounterVec,
    remembered: IntGauge,
    confirmed: Gauge,
    questions: IntCounterVec,
    changes: IntCounter,
    lag: Gauge,
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
            look_ups: IntCounterVec::new(
                Opts::new(
                    "latchkey_look_ups_total",
                    "Look-ups of keys and of users who verify: answered from memory, read, answered from memory because the \
                     database was away, not answered.",
                ),
                &["outcome"],
            )?,
            remembered: IntGauge::new("latchkey_remembered_keys", "Keys in memory.")?,
            confirmed: Gauge::new(
                "latchkey_change_log_confirmed_seconds",
                "Time since the change log was confirmed; beyond 0.8 nothing is answered from memory. -1 before the first.",
            )?,
            questions: IntCounterVec::new(
                Opts::new("latchkey_change_log_questions_total", "Questions to the change log, by outcome."),
                &["outcome"],
            )?,
            changes: IntCounter::new("latchkey_changes_total", "Changes that the change log told of.")?,
            lag: Gauge::new(
                "latchkey_change_log_lag_seconds",
                "Time from the writing of the last change that was seen until it was known here.",
            )?,
        };
        metrics.registry.register(Box::new(metrics.requests.clone()))?;
        metrics.registry.register(Box::new(metrics.duration.clone()))?;
        metrics.registry.register(Box::new(metrics.connections.clone()))?;
        metrics.registry.register(Box::new(metrics.pool.clone()))?;
        metrics.registry.register(Box::new(metrics.pool_waiting.clone()))?;
        metrics.registry.register(Box::new(metrics.look_ups.clone()))?;
        metrics.registry.register(Box::new(metrics.remembered.clone()))?;
        metrics.registry.register(Box::new(metrics.confirmed.clone()))?;
        metrics.registry.register(Box::new(metrics.questions.clone()))?;
        metrics.registry.register(Box::new(metrics.changes.clone()))?;
        metrics.registry.register(Box::new(metrics.lag.clone()))?;
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
    pub fn render(&self, pool: PoolStatus, verifier: &Verifier) -> prometheus::Result<Vec<u8>> {
        let gauge = |state, count: usize| {
            self.pool.with_label_values(&[state]).set(i64::try_from(count).unwrap_or(i64::MAX));
        };
        gauge("idle", pool.idle);
        gauge("busy", pool.open.saturating_sub(pool.idle));
        gauge("max", pool.max);
        self.pool_waiting.set(i64::try_from(pool.waiting).unwrap_or(i64::MAX));
        self.set_verification(verifier);
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(text)
    }

    fn set_verification(&self, verifier: &Verifier) {
        // Counted there, where nothing is known of metrics; set here, when somebody looks.
        let set = |counter: &IntCounter, count: u64| {
            counter.reset();
            counter.inc_by(count);
        };
        let memory = verifier.memory().status();
        let outcomes =
            [("hit", memory.hits), ("read", memory.reads), ("stale", memory.stale), ("unanswered", memory.unanswered)];
        for (outcome, count) in outcomes {
            set(&self.look_ups.with_label_values(&[outcome]), count);
        }
        self.remembered.set(i64::try_from(memory.keys).unwrap_or(i64::MAX));
        self.confirmed.set(verifier.freshness().confirmed_ago().map_or(-1.0, |ago| ago.as_secs_f64()));
        let following = verifier.following();
        for (outcome, count) in [("answered", following.questions()), ("failed", following.failures())] {
            set(&self.questions.with_label_values(&[outcome]), count);
        }
        set(&self.changes, following.changes());
        self.lag.set(following.lag().as_secs_f64());
    }
}
