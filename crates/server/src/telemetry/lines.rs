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
use serde::{Serialize, Serializer as _};
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
    /// Names stand in the program, and none of them has a character to escape.
    fn name(&mut self, name: &str) {
        self.line.extend_from_slice(b",\"");
        self.line.extend_from_slice(name.as_bytes());
        self.line.extend_from_slice(b"\":");
    }

    fn member(&mut self, name: &str, value: impl Serialize) {
        self.name(name);
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
        self.name(field.name());
        let _ = serde_json::Serializer::new(&mut self.line).collect_str(&format_args!("{value:?}"));
    }
}

fn text(event: &Event<'_>) -> String {
    let metadata = event.metadata();
    let mut members = TextMembers::default();
    event.record(&mut members);
    let _ =
        REQUEST_ID.try_with(|id| members.member("request_id", &format_args!("{}", id.to_str().unwrap_or_default())));
    let TextMembers { message, rest } = members;
    format!("{} {:>5} {message}{rest}\n", now(), metadata.level().as_str())
}

#[derive(Default)]
struct TextMembers {
    message: String,
    rest: String,
}

impl TextMembers {
    fn member(&mut self, name: &str, value: &dyn fmt::Debug) {
        let _ = write!(self.rest, " {name}={value:?}");
    }
}

impl Visit for TextMembers {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        match field.name() {
            // What a terminal would take for a command is shown instead.
            "message" => {
                for character in format!("{value:?}").chars() {
                    match character.is_control() {
                        true => self.message.extend(character.escape_default()),
                        false => self.message.push(character),
                    }
                }
            }
            name if name.starts_with("log.") => {}
            name => self.member(name, value),
        }
    }
}
