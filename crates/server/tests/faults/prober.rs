//! Verifies one key at one node over one persistent connection. It does as little as possible, so that many can run
//! concurrently and the measured time is the node's and not the client's.

use std::{
    io::{BufReader, Error, Result, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use latchkey_test_support::raw_http::read_response_blocking;
use serde_json::json;

/// Longer than a node may take.
const TIMEOUT: Duration = Duration::from_secs(40);

/// A client of one node that repeats one verification request.
pub struct Prober {
    address: SocketAddr,
    request: Vec<u8>,
    connection: Option<BufReader<TcpStream>>,
}

/// What a verification request led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The key is valid.
    Valid,
    /// The database is unavailable, and the key is valid according to the cache.
    Stale,
    /// The key is invalid, with this code.
    Invalid(String),
    /// The program that verifies keys is refused, with the code of the problem.
    Refused(String),
    /// The 503 problem that says that the database is unavailable.
    Unavailable,
    /// The connection was refused or closed.
    NoResponse,
    /// A response that the contract does not allow here.
    Unexpected(String),
}

impl Prober {
    /// A prober that verifies the key for all of the scopes.
    pub fn new(address: SocketAddr, credential: &Credential, key: &str, scopes: &[&str]) -> Self {
        let body = json!({ "key": key, "scopes": scopes }).to_string();
        let credential = match credential {
            Credential::Token(token) => format!("Authorization: Bearer {token}"),
            Credential::Key(key) => format!("X-API-Key: {key}"),
        };
        let head = format!(
            "POST /v1/api-keys/verify HTTP/1.1\r\nHost: latchkey\r\n{credential}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n",
            body.len()
        );
        Self { address, request: (head + &body).into_bytes(), connection: None }
    }

    /// Verifies the key once.
    pub fn probe(&mut self) -> Outcome {
        self.exchange().unwrap_or_else(|_| {
            self.connection = None;
            Outcome::NoResponse
        })
    }

    fn exchange(&mut self) -> Result<Outcome> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(connect(self.address)?),
        };
        connection.get_mut().write_all(&self.request)?;
        let response = read_response_blocking(connection)?;
        if response.header("connection") == Some("close") {
            self.connection = None;
        }
        let json: serde_json::Value = serde_json::from_slice(&response.body).map_err(Error::other)?;
        let outcome = match (response.status.as_u16(), json["valid"].as_bool(), json["stale"].as_bool()) {
            (200, Some(true), Some(false)) if json["code"] == "valid" => Outcome::Valid,
            (200, Some(true), Some(true)) if json["code"] == "valid" => Outcome::Stale,
            (200, Some(false), Some(_)) => Outcome::Invalid(json["code"].as_str().unwrap_or_default().to_owned()),
            (503, ..) if response.is_unavailable() => Outcome::Unavailable,
            (401 | 403, ..) => Outcome::Refused(json["code"].as_str().unwrap_or_default().to_owned()),
            (status, ..) => Outcome::Unexpected(format!("{status} {json}")),
        };
        Ok(outcome)
    }
}

/// The credential of the program that verifies keys.
#[derive(Clone)]
pub enum Credential {
    /// A bearer token.
    Token(String),
    /// An API key.
    Key(String),
}

fn connect(address: SocketAddr) -> Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    Ok(BufReader::new(stream))
}
