//! Executes the steps of the methods; ../../README.md describes the protocol, under "Methods".

use std::{
    collections::HashMap,
    mem,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use calls::{
    Rejected,
    methods::{Options, Success, call},
};
use latchkey_client::{Error, ErrorKind, Latchkey, models::LocationInner};
use serde_json::{Map, Value, json};
use tokio::{
    task::JoinSet,
    time::{Instant, timeout},
};

/// Keeps what the client logs, and prints its warnings.
struct Log(Mutex<String>);

static LOG: Log = Log(Mutex::new(String::new()));

impl Log {
    fn take(&self) -> String {
        mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        if record.level() <= log::Level::Warn {
            eprintln!("{}", record.args());
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *kept += &format!("{}\n", record.args());
    }

    fn flush(&self) {}
}

/// The clients by their names.
#[derive(Default)]
pub struct Steps(HashMap<String, Latchkey>);

impl Steps {
    pub fn new() -> Self {
        log::set_logger(&LOG).expect("there is no other logger");
        log::set_max_level(log::LevelFilter::Trace);
        Self::default()
    }

    pub async fn execute(&mut self, request: &Value) -> Value {
        let name = request["client"].as_str().unwrap_or_default().to_owned();
        let client = match self.0.get(&name) {
            Some(client) => client.clone(),
            None => match made(&request["settings"]) {
                Ok(client) => self.0.entry(name).or_insert(client).clone(),
                Err(error) => return json!({"failure": format!("{error:?}")}),
            },
        };
        let seconds = |name: &str| request[name].as_f64().map(Duration::from_secs_f64);
        let calls = repeated(&client, request, seconds("for_seconds"));
        let result = match seconds("cancel_after") {
            None => calls.await,
            Some(after) => match timeout(after, calls).await {
                Ok(result) => result,
                Err(_) => return json!({"cancelled": true, "printed": format!("{client:?} {}", LOG.take())}),
            },
        };
        let printed = format!("{client:?} {client:#?} {}", LOG.take());
        match result {
            Ok(Ok(success)) => respond(success, printed),
            Ok(Err(error)) => respond_error(&error, printed),
            Err(Rejected(why)) => json!({"failure": format!("the arguments were rejected: {why}")}),
        }
    }
}

type Outcome = Result<Result<Success, Error>, Rejected>;

/// Makes the call at once as often as `concurrently` says, and again and again for as long as `duration`.
async fn repeated(client: &Latchkey, request: &Value, duration: Option<Duration>) -> Outcome {
    let end = Instant::now() + duration.unwrap_or_default();
    loop {
        let outcome = concurrent(client, request).await;
        if Instant::now() >= end || !matches!(outcome, Ok(Ok(_))) {
            return outcome;
        }
    }
}

async fn concurrent(client: &Latchkey, request: &Value) -> Outcome {
    let options = Options {
        retry: request["options"]["retry"].as_bool(),
        timeout: request["options"]["timeout"].as_f64().map(Duration::from_secs_f64),
        take: request["take"].as_u64().and_then(|take| take.try_into().ok()),
    };
    let method = request["method"].as_str().unwrap_or_default();
    let Some(times) = request["concurrently"].as_u64() else {
        return call(client, method, &request["arguments"], &options).await;
    };
    let mut tasks = JoinSet::new();
    for _ in 0..times {
        let (client, method) = (client.clone(), method.to_owned());
        let (arguments, options) = (request["arguments"].clone(), options.clone());
        tasks.spawn(async move { call(&client, &method, &arguments, &options).await });
    }
    let mut last = Err(Rejected("no call was made".to_owned()));
    while let Some(outcome) = tasks.join_next().await {
        last = outcome.expect("the task does not panic");
        if !matches!(last, Ok(Ok(_))) {
            break;
        }
    }
    last
}

fn made(settings: &Value) -> Result<Latchkey, Error> {
    let text = |name: &str| settings[name].as_str();
    let Some(url) = text("url") else { return Latchkey::from_env() };
    let mut builder = Latchkey::builder().url(url);
    if let Some(key) = text("api_key") {
        builder = builder.api_key(key);
    }
    if let Some(token) = text("token") {
        builder = builder.token(token);
    }
    if let (Some(username), Some(password)) = (text("username"), text("password")) {
        builder = builder.login(username, password);
    }
    builder.build()
}

fn respond(success: Success, printed: String) -> Value {
    let headers: Map<String, Value> = success
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into()))
        .collect();
    json!({"body": success.body, "headers": headers, "printed": format!("{printed} {}", success.printed)})
}

fn respond_error(error: &Error, printed: String) -> Value {
    let loc = |part: &LocationInner| match part {
        LocationInner::String(name) => json!(name),
        LocationInner::Integer(index) => json!(index),
    };
    let errors = error.errors().iter().map(
        |found| json!({"loc": found.loc.iter().map(loc).collect::<Vec<_>>(), "msg": found.msg, "type": found.r#type}),
    );
    json!({
        "error": name_of(error.kind()),
        "status": error.status().map(|status| status.as_u16()),
        "code": error.code(),
        "title": error.title(),
        "detail": error.detail(),
        "errors": errors.collect::<Vec<_>>(),
        "request_id": error.request_id(),
        "retry_after": error.retry_after().map(|after| after.as_secs()),
        "printed": format!("{printed} {error} {error:?} {error:#?} {:?}", std::error::Error::source(error)),
    })
}

fn name_of(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Argument => "argument",
        ErrorKind::Authentication => "authentication",
        ErrorKind::PermissionDenied => "permission_denied",
        ErrorKind::NotFound => "not_found",
        ErrorKind::Conflict => "conflict",
        ErrorKind::PreconditionFailed => "precondition_failed",
        ErrorKind::Validation => "validation",
        ErrorKind::RateLimited => "rate_limited",
        ErrorKind::Server => "server",
        ErrorKind::Connection => "connection",
        ErrorKind::Timeout => "timeout",
        _ => "error",
    }
}
