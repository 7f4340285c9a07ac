//! Asks a node whether a key is good, over one connection that is kept. As light as can be, so that many can ask at once
//! and the time of an answer is the node's and not the client's.

use std::{
    io::{BufRead, BufReader, Error, ErrorKind, Read, Result, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use serde_json::{Value, json};

/// Longer than a node may take.
const TIMEOUT: Duration = Duration::from_secs(40);

/// A client of one node that asks one question.
pub struct Asker {
    address: SocketAddr,
    request: Vec<u8>,
    connection: Option<BufReader<TcpStream>>,
}

/// What it was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The key is good.
    Valid,
    /// The database is away, and the key was good as far as is remembered.
    Stale,
    /// The key is not good, for this reason.
    Refused(String),
    /// The database is away, said as the contract has it.
    Unavailable,
    /// The connection was refused or closed.
    Unanswered,
    /// What should never come.
    Other(String),
}

impl Asker {
    /// Asks whether the key is good for all of the scopes.
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

    pub fn ask(&mut self) -> Answer {
        self.exchange().unwrap_or_else(|_| {
            self.connection = None;
            Answer::Unanswered
        })
    }

    fn exchange(&mut self) -> Result<Answer> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(connect(self.address)?),
        };
        connection.get_mut().write_all(&self.request)?;
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            if connection.read_line(&mut line)? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            if line.trim_end().is_empty() {
                break;
            }
            head.push(line.trim_end().to_lowercase());
        }
        let header = |name: &str| head.iter().find_map(|line| line.strip_prefix(name)).map(str::trim);
        let length = header("content-length:").and_then(|length| length.parse().ok()).ok_or(ErrorKind::InvalidData)?;
        let mut body = vec![0; length];
        connection.read_exact(&mut body)?;
        let json: Value = serde_json::from_slice(&body).map_err(Error::other)?;
        let status = head[0].split(' ').nth(1).unwrap_or_default();
        let answer = match (status, json["valid"].as_bool(), json["stale"].as_bool()) {
            ("200", Some(true), Some(stale)) if json["code"] == "valid" => {
                if stale {
                    Answer::Stale
                } else {
                    Answer::Valid
                }
            }
            ("200", Some(false), Some(_)) => Answer::Refused(json["code"].as_str().unwrap_or_default().to_owned()),
            ("503", ..) if header("retry-after:").is_some() && json["status"] == 503 => Answer::Unavailable,
            _ => Answer::Other(format!("{status} {json}")),
        };
        if header("connection:") == Some("close") {
            self.connection = None;
        }
        Ok(answer)
    }
}

/// Who asks.
#[derive(Clone)]
pub enum Credential {
    Token(String),
    Key(String),
}

fn connect(address: SocketAddr) -> Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    Ok(BufReader::new(stream))
}
