//! An input: its name, its bytes, and the secrets in it.

use http::Method;
use latchkey_test_support::app::PASSWORD;

/// Used in bodies and queries where a person may enter a secret by mistake. No error response may repeat it.
pub const SECRET: &str = "tell-nobody";

/// A request that is sent as bytes.
pub struct Input {
    /// The input column of the table.
    pub name: String,
    pub method: Method,
    pub path: String,
    pub headers: Vec<(&'static str, Vec<u8>)>,
    pub body: Vec<u8>,
    /// The `Content-Length`, when it differs from the body's length.
    pub declared_length: Option<usize>,
}

impl Input {
    pub fn new(method: Method, path: &str, name: &str) -> Self {
        let (path, name) = (path.to_owned(), name.to_owned());
        Self { name, method, path, headers: Vec::new(), body: Vec::new(), declared_length: None }
    }

    pub fn with(mut self, name: &'static str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name, value.as_ref().to_owned()));
        self
    }

    pub fn body(mut self, body: impl AsRef<[u8]>) -> Self {
        body.as_ref().clone_into(&mut self.body);
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes =
            format!("{} {} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n", self.method, self.path).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
        }
        let length = self.declared_length.unwrap_or(self.body.len());
        bytes.extend(format!("content-length: {length}\r\n\r\n").into_bytes());
        bytes.extend(&self.body);
        bytes
    }

    /// What a response must not repeat.
    pub fn secrets(&self) -> impl Iterator<Item = String> {
        let credentials = self.headers.iter().filter(|(name, _)| ["authorization", "x-api-key"].contains(name));
        let credentials = credentials.map(|(_, value)| String::from_utf8_lossy(value).into_owned());
        let words = credentials.flat_map(|value| value.split(' ').map(str::to_owned).collect::<Vec<_>>());
        words.filter(|word| word.len() >= 6 && word != "Bearer").chain([SECRET.to_owned(), PASSWORD.to_owned()])
    }
}
