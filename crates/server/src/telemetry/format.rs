//! The format of log lines: JSON for programs, text for terminals. Each line carries the id of its request.
//!
//! This is a layer of our own instead of `tracing_subscriber::fmt`: the request's line is the most expensive part of a
//! verification from the cache, and costs a third here. For the same reason the request id is a task-local, not a field of
//! a span. The text for terminals could come from `fmt`, but `fmt` would need as much code for the id, and escapes no line
//! breaks.

use std::{
    fmt::{self, Write as _},
    io::Write as _,
    time::SystemTime,
};

use http::HeaderValue;
use serde::Serialize;
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{Layer, layer::Context};

use super::sink::Sink;

tokio::task_local! {
    /// The id of the request that the task handles.
    pub static REQUEST_ID: HeaderValue;
}

/// How events are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LogFormat {
    /// One JSON object per line.
    Json,
    /// One line of text, with control characters escaped.
    Text,
}

/// Writes one line for each event.
pub(super) struct LogLayer {
    pub(super) sink: Sink,
    pub(super) format: LogFormat,
}

impl<S: Subscriber> Layer<S> for LogLayer {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        let line = match self.format {
            LogFormat::Json => json(event),
            LogFormat::Text => text(event).into_bytes(),
        };
        self.sink.write(&line);
    }
}

#[expect(clippy::disallowed_methods, reason = "log lines carry the time of the machine; no rule depends on it")]
fn now() -> humantime::Rfc3339Timestamp {
    humantime::format_rfc3339_micros(SystemTime::now())
}

/// The field in which `tracing_log` puts the target of a record from the crate `log`.
const LOG_TARGET: &str = "log.target";

fn json(event: &Event<'_>) -> Vec<u8> {
    let metadata = event.metadata();
    let mut line = Vec::with_capacity(512);
    // Writing to memory does not fail.
    let _ = write!(line, r#"{{"timestamp":"{}","level":"{}""#, now(), metadata.level());
    let mut members = JsonMembers { line, has_target: false };
    let _ = REQUEST_ID.try_with(|id| members.member("request_id", id.to_str().unwrap_or_default()));
    event.record(&mut members);
    if !members.has_target {
        members.member("target", metadata.target());
    }
    members.line.extend_from_slice(b"}\n");
    members.line
}

struct JsonMembers {
    line: Vec<u8>,
    has_target: bool,
}

impl JsonMembers {
    fn member(&mut self, name: &str, value: impl Serialize) {
        self.line.push(b',');
        let _ = serde_json::to_writer(&mut self.line, name);
        self.line.push(b':');
        let _ = serde_json::to_writer(&mut self.line, &value);
    }
}

impl Visit for JsonMembers {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            LOG_TARGET => {
                self.has_target = true;
                self.member("target", value);
            }
            name if name.starts_with("log.") => {}
            name => self.member(name, value),
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.member(field.name(), value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        if !field.name().starts_with("log.") {
            self.member(field.name(), value);
        }
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.member(field.name(), value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.member(field.name(), value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.member(field.name(), debug_string(value));
    }
}

/// The `Debug` output of a value; if its implementation fails, what it wrote until then.
fn debug_string(value: &dyn fmt::Debug) -> String {
    let mut text = String::new();
    let _ = write!(text, "{value:?}");
    text
}

fn text(event: &Event<'_>) -> String {
    let metadata = event.metadata();
    let mut members = TextMembers::default();
    event.record(&mut members);
    let _ = REQUEST_ID.try_with(|id| members.member("request_id", id.to_str().unwrap_or_default()));
    let TextMembers { message, rest } = members;
    format!("{} {:>5} {message}{rest}\n", now(), metadata.level().as_str())
}

#[derive(Default)]
struct TextMembers {
    message: String,
    rest: String,
}

impl TextMembers {
    fn member(&mut self, name: &str, value: &str) {
        self.rest.extend([" ", name, "="]);
        push_escaped(&mut self.rest, value);
    }
}

/// Appends text with its control characters escaped, which could start a new line or control the terminal.
fn push_escaped(line: &mut String, text: &str) {
    for character in text.chars() {
        match character.is_control() {
            true => line.extend(character.escape_default()),
            false => line.push(character),
        }
    }
}

impl Visit for TextMembers {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        match field.name() {
            "message" => push_escaped(&mut self.message, &debug_string(value)),
            name if name.starts_with("log.") => {}
            name => self.member(name, &debug_string(value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    use serde_json::Value;
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    #[derive(Clone, Default)]
    struct SharedBuffer(Arc<Mutex<Vec<u8>>>);

    impl io::Write for SharedBuffer {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    struct FailingDebug;

    impl fmt::Debug for FailingDebug {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            Err(fmt::Error)
        }
    }

    /// What `log` writes to the log.
    fn written(format: LogFormat, log: impl FnOnce()) -> String {
        let buffer = SharedBuffer::default();
        let sink = Sink::start(buffer.clone());
        let layer = LogLayer { sink: sink.clone(), format };
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), log);
        sink.flush();
        String::from_utf8(buffer.0.lock().unwrap().clone()).unwrap()
    }

    fn log_oddly() {
        let text = "quote \" backslash \\ line\nbreak \u{1b}[2J";
        let hidden = FailingDebug;
        tracing::warn!(text, shown = %text, number = -1, share = f64::NAN, big = u128::MAX, ?hidden, "odd \"name\"" = true, "{text}");
    }

    #[test]
    fn every_event_is_one_line_of_json() {
        let written = written(LogFormat::Json, || REQUEST_ID.sync_scope(HeaderValue::from_static("id-1"), log_oddly));
        let line: Value = serde_json::from_str(&written).unwrap();
        assert_eq!(written.matches('\n').count(), 1);
        assert_eq!(
            (&line["level"], &line["request_id"], &line["number"]),
            (&"WARN".into(), &"id-1".into(), &(-1).into())
        );
        for member in ["message", "text", "shown"] {
            assert_eq!(line[member], "quote \" backslash \\ line\nbreak \u{1b}[2J");
        }
        assert_eq!(line["target"], module_path!());
    }

    #[test]
    fn text_for_terminals_has_no_control_characters() {
        let written = written(LogFormat::Text, log_oddly);
        assert_eq!(written.matches('\n').count(), 1, "{written}");
        assert!(!written.contains('\u{1b}'), "{written}");
        assert!(written.contains(" WARN quote \" backslash \\ line\\nbreak"), "{written}");
    }
}
