//! `/v1/projects` and what is below.

mod api_keys;
mod members;
mod owner_tokens;
mod owners;
mod search;
mod settings;

use http::Method;
use latchkey_test_support::{
    app::{Options, TestApp},
    project::Project,
    response::{Response, SendChecked},
};
use serde_json::Value;

/// A server with the project `shop`, its manager, another project, and an administrator.
struct Shop {
    app: TestApp,
    project: Project,
    other: Project,
    manager: String,
    administrator: String,
}

impl Shop {
    async fn new() -> Self {
        Self::with(Options::default()).await
    }

    async fn with(options: Options) -> Self {
        let app = TestApp::with(Options { change_feed: true, ..options }).await;
        app.wait_for_poll().await;
        let (project, other) = (Project::create(&app, "shop").await, Project::create(&app, "other").await);
        let (user, manager) = app.with_member("manager").await;
        project.add_member(&app, user.id, "manager").await;
        let (_, administrator) = app.with_admin("root").await;
        Self { app, project, other, manager, administrator }
    }

    async fn send(&self, token: &str, method: Method, path: &str, body: Option<Value>) -> Response {
        let request = self.app.request(method, path).bearer_auth(token);
        match body {
            Some(body) => request.json(&body).send_checked().await,
            None => request.send_checked().await,
        }
    }

    async fn post(&self, token: &str, path: &str, body: Value) -> Response {
        self.send(token, Method::POST, &format!("/v1/projects/{path}"), Some(body)).await
    }

    async fn get(&self, token: &str, path: &str) -> Response {
        self.send(token, Method::GET, &format!("/v1/projects/{path}"), None).await
    }

    /// Changes the project `shop`.
    async fn configure(&self, body: Value) -> Response {
        let response = self.send(&self.administrator, Method::PATCH, "/v1/projects/shop", Some(body)).await;
        assert_eq!(response.status, 200, "{response}");
        response
    }
}
