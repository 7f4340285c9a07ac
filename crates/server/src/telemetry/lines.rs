//! How a line of the log looks: JSON for programs, text for people. Each line says of which request it is.
//!
//! Our own layer in place of `tracing_subscriber`'s: a line for each request is the most expensive thing that is done for a
//! verification from memory, and this costs a third. That is also why the request's id is of the task, and no span's field.

use std::{
    fmt::{self, Write as _},
    io::Write as _,
    sync::PoisonError,
    time::SystemTime,
};

use http::HeaderValue;
use serde::Serialize;
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{Layer, layer::Context};

use super::logs::Output;

tokio::task_local! {
    /// The request that the task is at.
    pub static REQUEST_ID: HeaderValue;
}

/// Whom the lines are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Programs.
    Json,
    /// People.
    Text,
}

/// Writes a line for each event.
pub(super) struct Lines {
    pub(super) output: Output,
    pub(super) form: Form,
}

impl<S: Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        let line = match self.form {
            Form::Json => json(event),
            Form::Text => text(event).into_bytes(),
        };
        // There is nowhere to say that the log cannot be written.
        let _ = self.output.lock().unwrap_or_else(PoisonError::into_inner).write_all(&line);
    }
}

#[expect(clippy::disallowed_methods, reason = "a line is of the machine that wrote it, and is no rule about keys")]
fn now() -> humantime::Rfc3339Timestamp {
    humantime::format_rfc3339_micros(SystemTime::now())
}

/// What `tracing_log` calls the target of a line that was written through the crate `log`.
const LOG_TARGET: &str = "log.target";

fn json(event: &Event<'_>) -> Vec<u8> {
    let metadata = event.metadata();
    let mut line = Vec::with_capacity(384);
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
        self.member(field.name(), shown(value));
    }
}

/// As text, as far as it can be shown.
fn shown(value: &dyn fmt::Debug) -> String {
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
        push_visible(&mut self.rest, value);
    }
}

/// What a terminal would take for a command, or for another line, is shown instead.
fn push_visible(line: &mut String, text: &str) {
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
            "message" => push_visible(&mut self.message, &shown(value)),
            name if name.starts_with("log.") => {}
            name => self.member(name, &shown(value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{self, BufWriter},
        sync::{Arc, Mutex},
    };

    use serde_json::Value;
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    #[derive(Clone, Default)]
    struct Memory(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Memory {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    struct Unshowable;

    impl fmt::Debug for Unshowable {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            Err(fmt::Error)
        }
    }

    /// What is written while something is done.
    fn written(form: Form, act: impl FnOnce()) -> String {
        let memory = Memory::default();
        let output: Output = Arc::new(Mutex::new(BufWriter::new(Box::new(memory.clone()))));
        let lines = Lines { output: Arc::clone(&output), form };
        tracing::subscriber::with_default(tracing_subscriber::registry().with(lines), act);
        output.lock().unwrap().flush().unwrap();
        String::from_utf8(memory.0.lock().unwrap().clone()).unwrap()
    }

    fn log_oddly() {
        let text = "quote \" backslash \\ line\nbreak \u{1b}[2J";
        let hidden = Unshowable;
        tracing::warn!(text, shown = %text, number = -1, share = f64::NAN, big = u128::MAX, ?hidden, "odd \"name\"" = true, "{text}");
    }

    #[test]
    fn a_line_is_json_whatever_is_logged() {
        let written = written(Form::Json, || REQUEST_ID.sync_scope(HeaderValue::from_static("id-1"), log_oddly));
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
    fn a_line_on_a_terminal_is_one_and_commands_nothing() {
        let written = written(Form::Text, log_oddly);
        assert_eq!(written.matches('\n').count(), 1, "{written}");
        assert!(!written.contains('\u{1b}'), "{written}");
        assert!(written.contains(" WARN quote \" backslash \\ line\\nbreak"), "{written}");
    }
}
