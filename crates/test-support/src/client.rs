//! A blocking client of a server process.

use std::{net::SocketAddr, time::Duration};

use reqwest::{
    Method,
    blocking::RequestBuilder,
    header::{AUTHORIZATION, HeaderName, HeaderValue},
};
use serde_json::json;

use crate::{install_tls_provider, response::Response};

/// Longer than any limit of the server.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Sends requests to one server with one credential, or none.
#[derive(Clone)]
pub struct Client {
    http: reqwest::blocking::Client,
    address: SocketAddr,
    credential: Option<(HeaderName, String)>,
}

impl Client {
    /// A client without a credential.
    pub fn new(address: SocketAddr) -> Self {
        install_tls_provider();
        let http = reqwest::blocking::Client::builder().timeout(TIMEOUT).no_proxy().build().unwrap();
        Self { http, address, credential: None }
    }

    /// The same client with connections of its own, for requests after which the server closes the connection.
    #[must_use]
    pub fn with_new_connections(&self) -> Self {
        Self { http: Self::new(self.address).http, ..self.clone() }
    }

    /// The same client with a bearer token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { credential: Some((AUTHORIZATION, format!("Bearer {token}"))), ..self.clone() }
    }

    /// The same client with an API key.
    #[must_use]
    pub fn with_key(&self, key: &str) -> Self {
        Self { credential: Some((HeaderName::from_static("x-api-key"), key.to_owned())), ..self.clone() }
    }

    /// The same client with a new API key of the user that its credential belongs to.
    #[must_use]
    pub fn with_new_key(&self) -> Self {
        self.with_key(&self.create_key("of a client").1)
    }

    /// The same client with a new bearer token of a user.
    #[must_use]
    pub fn logged_in(&self, username: &str, password: &str) -> Self {
        self.with_token(&self.token(username, password))
    }

    /// A new bearer token of a user.
    pub fn token(&self, username: &str, password: &str) -> String {
        let response = self.log_in(username, password);
        assert_eq!(response.status, 200, "{response:?}");
        response.json()["access_token"].as_str().unwrap().to_owned()
    }

    /// Requests a bearer token.
    pub fn log_in(&self, username: &str, password: &str) -> Response {
        let form = [("grant_type", "password"), ("username", username), ("password", password)];
        self.send(self.request(Method::POST, "/token").form(&form))
    }

    /// Creates an API key; returns the id of its record, and the key.
    pub fn create_key(&self, description: &str) -> (i64, String) {
        let response = self.try_create_key(description).unwrap();
        assert_eq!(response.status, 201, "{response:?}");
        let record = response.json();
        (record["id"].as_i64().unwrap(), record["full_key"].as_str().unwrap().to_owned())
    }

    /// Requests a new API key.
    ///
    /// # Errors
    /// When there is no complete response.
    pub fn try_create_key(&self, description: &str) -> reqwest::Result<Response> {
        let body = json!({ "description": description });
        self.request(Method::POST, "/v1/api-keys/").json(&body).send().and_then(Response::read)
    }

    /// Requests another description of an API key.
    pub fn describe_key(&self, id: i64, description: &str) -> Response {
        self.try_describe_key(id, description).unwrap()
    }

    /// Requests another description of an API key.
    ///
    /// # Errors
    /// When there is no complete response.
    pub fn try_describe_key(&self, id: i64, description: &str) -> reqwest::Result<Response> {
        let body = json!({ "description": description });
        self.request(Method::PATCH, &format!("/v1/api-keys/{id}")).json(&body).send().and_then(Response::read)
    }

    /// Sends a GET request.
    pub fn get(&self, path: &str) -> Response {
        self.send(self.request(Method::GET, path))
    }

    /// The name of the user that the credential belongs to.
    ///
    /// # Errors
    /// The response's status, when it is not 200.
    pub fn whoami(&self) -> Result<String, u16> {
        let response = self.get("/v1/users/me");
        match response.status.as_u16() {
            200 => Ok(response.json()["username"].as_str().unwrap().to_owned()),
            status => Err(status),
        }
    }

    /// A request with the client's credential.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("http://{}{path}", self.address));
        match &self.credential {
            Some((name, value)) => request.header(name, HeaderValue::from_str(value).unwrap()),
            None => request,
        }
    }

    /// Sends a request; panics when there is no complete response.
    pub fn send(&self, request: RequestBuilder) -> Response {
        request.send().and_then(Response::read).unwrap()
    }
}
