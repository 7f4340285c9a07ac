//! Each `code` of a problem document, provoked once with each status that the contract documents for it.

use std::{collections::BTreeSet, num::NonZeroU32, time::Duration};

use http::Method;
use latchkey_domain::model::Scopes;
use latchkey_test_support::{
    app::{Key, Options, TestApp, User},
    openapi::DOCUMENT,
    project::Project,
    raw_http::read_response,
    response::{Response, SendChecked},
};
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::key_states::{bring_into, set_policy};

/// Every code, with each of its statuses.
const CODES: [(&str, u16); 42] = [
    ("missing_credentials", 401),
    ("invalid_credentials", 401),
    ("credentials_mismatch", 401),
    ("principal_disabled", 401),
    ("project_disabled", 401),
    ("key_pending", 401),
    ("key_disabled", 401),
    ("key_revoked", 401),
    ("key_expired", 401),
    ("insufficient_scope", 403),
    ("insufficient_permissions", 403),
    ("insufficient_role", 403),
    ("key_managed", 403),
    ("network_not_allowed", 403),
    ("origin_not_allowed", 403),
    ("wrong_password", 403),
    ("key_not_found", 404),
    ("project_not_found", 404),
    ("member_not_found", 404),
    ("owner_not_found", 404),
    ("user_not_found", 404),
    ("path_not_found", 404),
    ("method_not_allowed", 405),
    ("request_timeout", 408),
    ("key_revoked", 409),
    ("key_not_rotatable", 409),
    ("idempotency_key_reused", 409),
    ("key_quota_exceeded", 409),
    ("project_disabled", 409),
    ("project_exists", 409),
    ("project_not_disableable", 409),
    ("owner_disabled", 409),
    ("service_account_exists", 409),
    ("user_exists", 409),
    ("last_administrator", 409),
    ("precondition_failed", 412),
    ("content_too_large", 413),
    ("rate_limited", 429),
    ("internal_error", 500),
    ("database_unavailable", 503),
    ("processing_timeout", 503),
    ("temporarily_unavailable", 503),
];

/// A server with a user of it.
struct Setup {
    app: TestApp,
    alice: User,
    token: String,
    administrator: String,
}

impl Setup {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let (alice, token) = app.with_member("alice").await;
        let (_, administrator) = app.with_admin("root").await;
        Self { app, alice, token, administrator }
    }

    /// The response to a request with the user's token.
    async fn send(&self, request: RequestBuilder) -> Response {
        request.bearer_auth(&self.token).send_checked().await
    }

    /// The response to a request with the token of an administrator.
    async fn administrate(&self, request: RequestBuilder) -> Response {
        request.bearer_auth(&self.administrator).send_checked().await
    }

    /// Creates a project with the owner `acme`.
    async fn project(&self, slug: &'static str) -> &'static str {
        let project = Project::create(&self.app, slug).await;
        project.owner(&self.app, "acme").await;
        slug
    }

    async fn owner_token(&self, slug: &str) -> Response {
        let request = self.app.post(&format!("/v1/projects/{slug}/owner-tokens"));
        self.administrate(request.json(&json!({ "external_id": "acme" }))).await
    }

    /// The response to a gateway about a key in one of the states of `key_states`.
    async fn forward_auth(&self, key: &Key, state: &str) -> Response {
        bring_into(&self.app, &self.token, key, state).await;
        let request = self.app.get("/v1/forward-auth?scope=orders:read").header("x-api-key", &key.secret);
        request.send_checked().await
    }

    /// The response to a request that has this problem.
    async fn provoke(&self, code: &str, status: u16) -> Response {
        let Self { app, alice, token, .. } = self;
        let key = &app.create_key(token).await;
        let path = |rest: &str| format!("/v1/api-keys/{}{rest}", key.id);
        let me = || app.get("/v1/users/me");
        let create = |body: Value| app.post("/v1/api-keys/").json(&body);
        match (code, status) {
            ("missing_credentials", 401) => me().send_checked().await,
            ("invalid_credentials", 401) => me().bearer_auth("wrong").send_checked().await,
            ("credentials_mismatch", 401) => {
                let (_, other) = app.with_member("bob").await;
                me().bearer_auth(other).header("x-api-key", &key.secret).send_checked().await
            }
            ("principal_disabled", 401) => {
                let (carol, token) = app.with_member("carol").await;
                app.disable_user(&carol).await;
                me().bearer_auth(token).send_checked().await
            }
            ("project_disabled", 401) => {
                let project = Project::create(app, "disabled").await;
                let key = project.owner_key(app, "acme").await;
                app.database
                    .execute(&format!("UPDATE projects SET disabled_at = now() WHERE id = {}", project.id))
                    .await;
                app.get("/v1/projects/disabled/forward-auth").header("x-api-key", &key.secret).send_checked().await
            }
            ("key_pending" | "key_disabled" | "key_revoked" | "key_expired", 401) => {
                self.forward_auth(key, code.strip_prefix("key_").unwrap()).await
            }
            ("insufficient_scope", 403) => {
                self.send(app.post("/v1/api-keys/verify").json(&json!({ "key": "x" }))).await
            }
            ("insufficient_permissions", 403) => {
                let token = app.restricted_token(alice, Scopes::parse("latchkey:keys.write").unwrap()).await;
                app.put(&path("/policy")).bearer_auth(token).json(&json!({})).send_checked().await
            }
            ("insufficient_role", 403) => {
                let project = Project::create(app, "audited").await;
                let key = project.owner_key(app, "acme").await;
                let (auditor, token) = app.with_member("auditor").await;
                project.add_member(app, auditor.id, "auditor").await;
                app.delete(&format!("/v1/api-keys/{}", key.id)).bearer_auth(token).send_checked().await
            }
            ("key_managed", 403) => {
                app.database
                    .execute(&format!("UPDATE api_keys SET managed = true, disabled_at = now() WHERE id = {}", key.id))
                    .await;
                self.send(app.post(&path("/enable"))).await
            }
            ("network_not_allowed", 403) => self.forward_auth(key, "network_not_allowed").await,
            ("origin_not_allowed", 403) => {
                let token = self.owner_token(self.project("pages").await).await.json()["access_token"].clone();
                let request = me().bearer_auth(token.as_str().unwrap()).header("origin", "https://evil.example");
                request.send_checked().await
            }
            ("project_not_found", 404) => self.administrate(app.get("/v1/projects/unknown")).await,
            ("owner_not_found", 404) => self.administrate(app.get("/v1/projects/default/owners/999")).await,
            ("user_not_found", 404) => self.administrate(app.get("/v1/users/999")).await,
            ("user_exists", 409) => {
                self.administrate(app.post("/v1/users").json(&json!({ "username": "alice" }))).await
            }
            ("last_administrator", 409) => {
                let root = self.administrate(app.get("/v1/users/me")).await.json()["id"].clone();
                let disable = app.patch(&format!("/v1/users/{root}")).json(&json!({ "disabled": true }));
                self.administrate(disable).await
            }
            ("wrong_password", 403) => {
                let passwords = json!({ "current": "wrong", "new": "correct horse battery staple" });
                self.send(app.put("/v1/users/me/password").json(&passwords)).await
            }
            ("member_not_found", 404) => self.administrate(app.delete("/v1/projects/default/members/999")).await,
            ("service_account_exists", 409) => {
                let account = json!({ "name": "back end", "role": "verifier" });
                let create = || app.post("/v1/projects/default/service-accounts").json(&account);
                self.administrate(create()).await;
                self.administrate(create()).await
            }
            ("project_disabled", 409) => {
                let slug = self.project("ended").await;
                let disable = app.patch(&format!("/v1/projects/{slug}")).json(&json!({ "disabled": true }));
                self.administrate(disable).await;
                self.owner_token(slug).await
            }
            ("project_exists", 409) => {
                self.administrate(app.post("/v1/projects").json(&json!({ "slug": "default" }))).await
            }
            ("project_not_disableable", 409) => {
                self.administrate(app.patch("/v1/projects/default").json(&json!({ "disabled": true }))).await
            }
            ("owner_disabled", 409) => {
                let slug = self.project("customers").await;
                let disable = json!({ "external_id": "acme", "disabled": true });
                self.administrate(app.post(&format!("/v1/projects/{slug}/owners")).json(&disable)).await;
                self.owner_token(slug).await
            }
            ("key_not_found", 404) => self.send(app.get("/v1/api-keys/999")).await,
            ("path_not_found", 404) => self.send(app.get("/v1/nothing")).await,
            ("method_not_allowed", 405) => self.send(app.request(Method::PUT, &path(""))).await,
            ("request_timeout", 408) => {
                let mut options = Options::default();
                options.limits.body_idle_timeout = Duration::from_millis(50);
                let node = app.second_node(options).await;
                let head = "POST /v1/revoke HTTP/1.1\r\nhost: test\r\ncontent-length: 9\r\n\r\n";
                let mut stream = TcpStream::connect(node.address).await.unwrap();
                stream.write_all(head.as_bytes()).await.unwrap();
                read_response(&mut stream).await
            }
            ("key_revoked", 409) => {
                bring_into(app, token, key, "revoked").await;
                self.send(app.post(&path("/enable"))).await
            }
            ("key_not_rotatable", 409) => {
                bring_into(app, token, key, "disabled").await;
                self.send(app.post(&path("/rotate")).json(&json!({}))).await
            }
            ("idempotency_key_reused", 409) => {
                self.send(create(json!({})).header("idempotency-key", "a")).await;
                self.send(create(json!({ "description": "another" })).header("idempotency-key", "a")).await
            }
            ("key_quota_exceeded", 409) => {
                let options = Options { max_keys_per_user: NonZeroU32::MIN, ..Options::default() };
                let node = app.second_node(options).await;
                self.send(node.post("/v1/api-keys/").json(&json!({}))).await
            }
            ("precondition_failed", 412) => self.send(app.delete(&path("")).header("if-match", "\"2-active\"")).await,
            ("content_too_large", 413) => self.send(create(json!({ "description": "x".repeat(64 * 1024) }))).await,
            ("rate_limited", 429) => {
                set_policy(app, token, key, json!({ "rate_limit": { "requests": 1, "seconds": 60 } })).await;
                self.forward_auth(key, "valid").await;
                self.forward_auth(key, "valid").await
            }
            ("internal_error", 500) => {
                // Of its own, because no other request gets through.
                let broken = Self::new().await;
                broken.app.clock.poison();
                broken.send(broken.app.get("/v1/users/me")).await
            }
            ("database_unavailable", 503) => {
                let node = app.second_node(Options::without_database()).await;
                self.send(node.get("/v1/users/me")).await
            }
            ("processing_timeout", 503) => {
                let mut options = Options::default();
                options.limits.request_timeout = Duration::from_millis(100);
                let node = app.second_node(options).await;
                let locker = app.database.connect().await;
                locker.batch_execute("BEGIN; LOCK TABLE users").await.unwrap();
                let response = self.send(node.get("/v1/users/me")).await;
                locker.batch_execute("ROLLBACK").await.unwrap();
                response
            }
            ("temporarily_unavailable", 503) => {
                let locker = app.database.connect().await;
                locker.batch_execute("BEGIN; LOCK TABLE login_counters IN SHARE MODE").await.unwrap();
                // One more than may wait from one address.
                let logins = (0..21).map(|_| Box::pin(app.login("alice", "wrong").send_checked()));
                let (response, ..) = futures_util::future::select_all(logins).await;
                locker.batch_execute("ROLLBACK").await.unwrap();
                response
            }
            _ => panic!("this test cannot provoke {code} with {status}"),
        }
    }
}

#[tokio::test]
async fn each_documented_code_is_sent_with_its_status() {
    let documented = &DOCUMENT["components"]["schemas"]["Problem"]["properties"]["code"];
    let codes = documented["x-extensible-enum"].as_array().unwrap().iter().map(|code| code.as_str().unwrap());
    assert_eq!(CODES.iter().map(|(code, _)| *code).collect::<BTreeSet<_>>(), codes.collect::<BTreeSet<_>>());
    let description = documented["description"].as_str().unwrap();
    let setup = Setup::new().await;
    for (code, status) in CODES {
        let is_described = |line: &str| line.contains(&format!("`{code}`")) && line.contains(&format!("({status}"));
        assert!(description.lines().any(is_described), "{code} ({status}) is not documented");
        let response = setup.provoke(code, status).await;
        assert_eq!(response.status.as_u16(), status, "{code}: {response}");
        assert_eq!(response.header("content-type"), Some("application/problem+json"), "{code}");
        let problem = response.json();
        assert_eq!((&problem["code"], &problem["status"]), (&json!(code), &json!(status)), "{response}");
        assert_eq!((&problem["type"], problem["title"].is_string()), (&json!("about:blank"), true), "{response}");
        assert!(response.headers.contains_key("x-request-id"), "{code}");
        let version = DOCUMENT["info"]["version"].as_str();
        assert_eq!(response.header("latchkey-version"), version, "{code}");
    }
}
