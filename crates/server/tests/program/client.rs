//! A client of the API, which waits for each answer.

use std::{net::SocketAddr, time::Duration};

use reqwest::{
    Method,
    blocking::{RequestBuilder, Response},
    header::{HeaderMap, HeaderName, HeaderValue},
};
use serde_json::{Value, json};

/// Longer than any limit of the server's own.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Sends requests to one server with one credential, or none.
#[derive(Clone)]
pub struct Client {
    http: reqwest::blocking::Client,
    address: SocketAddr,
    credential: Option<(HeaderName, String)>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn of(response: Response) -> reqwest::Result<Self> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Self { status, headers, body: response.text()? })
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// The database was away, and the answer says so as the contract has it.
    pub fn is_unavailable(&self) -> bool {
        self.status == 503
            && self.header("content-type") == "application/problem+json"
            && !self.header("retry-after").is_empty()
            && self.json()["status"] == 503
    }
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        // Nothing is encrypted here, but as the program downloads over TLS, reqwest insists on having what it takes.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::blocking::Client::builder().timeout(TIMEOUT).no_proxy().build().unwrap();
        Self { http, address, credential: None }
    }

    pub fn with_token(&self, token: &str) -> Self {
        Self { credential: Some((reqwest::header::AUTHORIZATION, format!("Bearer {token}"))), ..self.clone() }
    }

    pub fn with_key(&self, key: &str) -> Self {
        Self { credential: Some((HeaderName::from_static("x-api-key"), key.to_owned())), ..self.clone() }
    }

    /// With a new key of the same user, in place of the credential so far.
    pub fn with_key_instead(&self) -> Self {
        self.with_key(&self.create_key("of a client").1)
    }

    /// With a new bearer token.
    pub fn logged_in(&self, username: &str, password: &str) -> Self {
        self.with_token(&self.token(username, password))
    }

    /// A new bearer token.
    pub fn token(&self, username: &str, password: &str) -> String {
        let answer = self.log_in(username, password);
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    pub fn log_in(&self, username: &str, password: &str) -> Answer {
        let form = [("grant_type", "password"), ("username", username), ("password", password)];
        self.send(self.request(Method::POST, "/token").form(&form))
    }

    /// A new key, and the id of its record.
    pub fn create_key(&self, description: &str) -> (i64, String) {
        let answer = self.try_create_key(description).unwrap();
        assert_eq!(answer.status, 201, "{answer:?}");
        let record = answer.json();
        (record["id"].as_i64().unwrap(), record["full_key"].as_str().unwrap().to_owned())
    }

    pub fn try_create_key(&self, description: &str) -> reqwest::Result<Answer> {
        let body = json!({ "description": description });
        self.request(Method::POST, "/v1/api-keys/").json(&body).send().and_then(Answer::of)
    }

    pub fn try_describe_key(&self, id: i64, description: &str) -> reqwest::Result<Answer> {
        let body = json!({ "description": description });
        self.request(Method::PATCH, &format!("/v1/api-keys/{id}")).json(&body).send().and_then(Answer::of)
    }

    pub fn describe_key(&self, id: i64, description: &str) -> Answer {
        self.try_describe_key(id, description).unwrap()
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path))
    }

    /// The user whom the credential stands for; the answer's status when it stands for none.
    pub fn whoami(&self) -> Result<String, u16> {
        let answer = self.get("/v1/users/me");
        match answer.status {
            200 => Ok(answer.json()["username"].as_str().unwrap().to_owned()),
            status => Err(status),
        }
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("http://{}{path}", self.address));
        match &self.credential {
            Some((name, value)) => request.header(name, HeaderValue::from_str(value).unwrap()),
            None => request,
        }
    }

    pub fn send(&self, request: RequestBuilder) -> Answer {
        request.send().and_then(Answer::of).unwrap()
    }
}
