//! `/v1/users` and `/v1/users/{user_id}`

use http::Method;
use insta::assert_snapshot;
use latchkey_domain::model::Scopes;
use latchkey_test_support::{
    app::{PASSWORD, TestApp, User},
    project::Project,
    response::{Response, SendChecked},
};
use serde_json::{Value, json};

const NEW_PASSWORD: &str = "another password";

/// A server with the administrator `root`.
struct Instance {
    app: TestApp,
    root: User,
    token: String,
}

impl Instance {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let (root, token) = app.with_admin("root").await;
        Self { app, root, token }
    }

    async fn send(&self, token: &str, method: Method, path: &str, body: Option<Value>) -> Response {
        let request = self.app.request(method, &format!("/v1/users{path}")).bearer_auth(token);
        match body {
            Some(body) => request.json(&body).send_checked().await,
            None => request.send_checked().await,
        }
    }

    async fn create(&self, body: Value) -> Response {
        self.send(&self.token, Method::POST, "", Some(body)).await
    }

    async fn update(&self, id: i64, body: Value) -> Response {
        self.send(&self.token, Method::PATCH, &format!("/{id}"), Some(body)).await
    }

    async fn get(&self, path: &str) -> Response {
        self.send(&self.token, Method::GET, path, None).await
    }

    async fn log_in(&self, name: &str, password: &str) -> u16 {
        self.app.login(name, password).send_checked().await.status.as_u16()
    }

    /// Whether a token is accepted.
    async fn me(&self, token: &str) -> u16 {
        self.app.get("/v1/users/me").bearer_auth(token).send_checked().await.status.as_u16()
    }

    async fn me_with_key(&self, key: &str) -> u16 {
        self.app.get("/v1/users/me").header("x-api-key", key).send_checked().await.status.as_u16()
    }

    /// The events since the first `skipped`, oldest first.
    async fn events(&self, skipped: usize) -> String {
        let response = self.app.get("/v1/audit/events?limit=100").bearer_auth(&self.token).send_checked().await;
        let line = |event: &Value| {
            format!(
                "{} {} {} by {} {} {}",
                event["action"].as_str().unwrap(),
                event["subject_type"].as_str().unwrap(),
                event["subject_id"],
                event["actor_user_id"],
                event["credential_type"].as_str().unwrap(),
                event["changes"],
            )
        };
        let events =
            response.json()["items"].as_array().unwrap().iter().rev().skip(skipped).map(line).collect::<Vec<_>>();
        events.join("\n")
    }
}

#[tokio::test]
async fn a_user_is_created_and_read() {
    let instance = Instance::new().await;
    let response = instance.create(json!({ "username": "alice", "password": NEW_PASSWORD })).await;
    assert_snapshot!(response, @r#"
    201 Created
    cache-control: no-store
    content-type: application/json
    latchkey-version: <version>
    location: /v1/users/2
    x-request-id: <id>

    {
      "id": 2,
      "username": "alice",
      "administrator": false,
      "disabled": false,
      "has_password": true,
      "roles": [],
      "created_at": "2030-01-01T00:00:00Z"
    }
    "#);
    assert_eq!(instance.log_in("alice", NEW_PASSWORD).await, 200);
    let alice = response.json();
    Project::default_project().add_member(&instance.app, alice["id"].as_i64().unwrap(), "auditor").await;
    let read = instance.get(&format!("/{}", alice["id"])).await.json();
    assert_eq!(read["roles"], json!([{ "project": "default", "role": "auditor" }]));
    assert_eq!((&read["username"], &read["administrator"]), (&json!("alice"), &json!(false)));

    let boss = instance.create(json!({ "username": "bob", "administrator": true })).await.json();
    assert_eq!((&boss["administrator"], &boss["has_password"]), (&json!(true), &json!(false)));
    // Nobody logs in without a password.
    assert_eq!(instance.log_in("bob", "").await, 400);
    assert_eq!(instance.update(boss["id"].as_i64().unwrap(), json!({ "password": NEW_PASSWORD })).await.status, 200);
    assert_eq!(instance.log_in("bob", NEW_PASSWORD).await, 200);

    // The name of a service account is free for a user.
    Project::default_project().service_account(&instance.app, "back end", "verifier").await;
    assert_eq!(instance.create(json!({ "username": "back end" })).await.status, 201);
    let taken = instance.create(json!({ "username": "alice" })).await;
    assert_eq!((taken.status.as_u16(), &taken.json()["code"]), (409, &json!("user_exists")));
}

#[tokio::test]
async fn users_are_listed_in_pages_and_by_name() {
    let instance = Instance::new().await;
    for name in ["bob", "alice"] {
        instance.app.with_member(name).await;
    }
    Project::create(&instance.app, "shop").await.owner(&instance.app, "acme").await;
    let names = |page: &Value| {
        let items = page["items"].as_array().unwrap().iter();
        items.map(|item| item["username"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let first = instance.get("?limit=2").await.json();
    assert_eq!(names(&first), ["root", "bob"]);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = instance.get(&format!("?limit=2&cursor={cursor}")).await.json();
    assert_eq!((names(&second), &second["next_cursor"]), (vec!["alice".to_owned()], &Value::Null));
    assert_eq!(names(&instance.get("?username=bob").await.json()), ["bob"]);
    assert_eq!(names(&instance.get("?username=acme").await.json()), [""; 0]);
    // A cursor belongs to its caller and its filter.
    assert_eq!(instance.get(&format!("?username=bob&cursor={cursor}")).await.status, 422);
    let (_, other) = instance.app.with_admin("carol").await;
    assert_eq!(instance.send(&other, Method::GET, &format!("?cursor={cursor}"), None).await.status, 422);
}

#[tokio::test]
async fn what_is_no_user_is_not_found() {
    let instance = Instance::new().await;
    let project = Project::create(&instance.app, "shop").await;
    let (owner, account) =
        (project.owner(&instance.app, "acme").await, project.service_account(&instance.app, "back end", "admin").await);
    for id in [owner, account, 1_000_000, -1] {
        let read = instance.get(&format!("/{id}")).await;
        assert_eq!((read.status.as_u16(), &read.json()["code"]), (404, &json!("user_not_found")), "{id}");
        let update = json!({ "disabled": true, "administrator": true, "revoke_keys": true });
        assert_eq!(instance.update(id, update).await.json()["code"], "user_not_found", "{id}");
        assert_eq!(instance.update(id, json!({ "revoke_keys": true })).await.status, 404, "{id}");
    }
    let key = project.key_of(&instance.app, account, "latchkey:keys.read").await;
    assert_eq!(instance.me_with_key(&key.secret).await, 200);
}

#[tokio::test]
async fn a_reset_password_ends_tokens_and_no_keys() {
    let instance = Instance::new().await;
    let (alice, token) = instance.app.with_member("alice").await;
    let key = instance.app.create_key(&token).await;
    assert_eq!(instance.update(alice.id, json!({ "password": NEW_PASSWORD })).await.status, 200);
    assert_eq!((instance.me(&token).await, instance.me_with_key(&key.secret).await), (401, 200));
    assert_eq!((instance.log_in("alice", PASSWORD).await, instance.log_in("alice", NEW_PASSWORD).await), (400, 200));
}

#[tokio::test]
async fn a_disabled_user_is_locked_out_until_enabled() {
    let instance = Instance::new().await;
    let (alice, token) = instance.app.with_member("alice").await;
    let key = instance.app.create_key(&token).await;
    let disabled = instance.update(alice.id, json!({ "disabled": true })).await.json();
    assert_eq!(disabled["disabled"], true);
    assert_eq!((instance.me(&token).await, instance.me_with_key(&key.secret).await), (401, 401));
    assert_eq!(instance.log_in("alice", PASSWORD).await, 400);
    assert_eq!(instance.update(alice.id, json!({ "disabled": false })).await.json()["disabled"], false);
    assert_eq!((instance.me(&token).await, instance.me_with_key(&key.secret).await), (401, 200));
    assert_eq!(instance.log_in("alice", PASSWORD).await, 200);
}

#[tokio::test]
async fn all_keys_of_a_user_are_revoked_on_demand() {
    let instance = Instance::new().await;
    let (alice, token) = instance.app.with_member("alice").await;
    let keys = [instance.app.create_key(&token).await, instance.app.create_key(&token).await];
    let others = instance.app.create_key(&instance.token).await;
    assert_eq!(instance.update(alice.id, json!({ "revoke_keys": false })).await.status, 200);
    assert_eq!(instance.me_with_key(&keys[0].secret).await, 200);
    assert_eq!(instance.update(alice.id, json!({ "revoke_keys": true })).await.status, 200);
    for key in &keys {
        assert_eq!(instance.me_with_key(&key.secret).await, 401);
    }
    // Nothing else has ended.
    assert_eq!((instance.me(&token).await, instance.me_with_key(&others.secret).await), (200, 200));
    let events =
        instance.app.get("/v1/audit/events?action=revoke").bearer_auth(&instance.token).send_checked().await.json();
    let events = events["items"].as_array().unwrap();
    let mut revoked: Vec<_> = events.iter().map(|event| event["key_id"].as_i64().unwrap()).collect();
    revoked.sort_unstable();
    assert_eq!(revoked, keys.each_ref().map(|key| key.id));
    for event in events {
        assert_eq!(
            (&event["actor_user_id"], &event["credential_type"], &event["client_ip"]),
            (&json!(instance.root.id), &json!("bearer_token"), &json!("127.0.0.1"))
        );
    }
}

#[tokio::test]
async fn an_administrator_remains() {
    let instance = Instance::new().await;
    let (alice, _) = instance.app.with_member("alice").await;
    for change in [
        json!({ "administrator": false }),
        json!({ "disabled": true }),
        json!({ "password": NEW_PASSWORD, "disabled": true }),
    ] {
        let refused = instance.update(instance.root.id, change).await;
        assert_eq!((refused.status.as_u16(), &refused.json()["code"]), (409, &json!("last_administrator")));
    }
    assert_eq!((instance.me(&instance.token).await, instance.log_in("root", PASSWORD).await), (200, 200));
    // One who is disabled does not count.
    assert_eq!(instance.update(alice.id, json!({ "administrator": true, "disabled": true })).await.status, 200);
    assert_eq!(instance.update(instance.root.id, json!({ "administrator": false })).await.status, 409);
    assert_eq!(instance.update(alice.id, json!({ "administrator": false })).await.status, 200);
    assert_eq!(instance.update(alice.id, json!({ "administrator": true, "disabled": false })).await.status, 200);
    let done = instance.update(instance.root.id, json!({ "administrator": false })).await;
    assert_eq!((done.status.as_u16(), &done.json()["administrator"]), (200, &json!(false)));
    // The token has what its user has now.
    assert_eq!(instance.get("").await.json()["code"], "insufficient_scope");
    assert_eq!(instance.me(&instance.token).await, 200);
}

#[tokio::test]
async fn two_administrators_do_not_remove_each_other() {
    let instance = Instance::new().await;
    let (bob, token) = instance.app.with_admin("bob").await;
    let (demote, root) = (json!({ "administrator": false }), format!("/{}", instance.root.id));
    for _ in 0..10 {
        let by_bob = instance.send(&token, Method::PATCH, &root, Some(demote.clone()));
        let by_root = instance.update(bob.id, demote.clone());
        let (first, second) = futures_util::future::join(by_bob, by_root).await;
        let mut statuses = [first.status.as_u16(), second.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses[0], 200, "{first} {second}");
        assert!(matches!(statuses[1], 403 | 409), "{first} {second}");
        let administrators = "SELECT count(*) FROM principals WHERE is_administrator";
        assert_eq!(instance.app.database.query(administrators).await[0].get::<_, i64>(0), 1);
        instance.app.database.execute("UPDATE principals SET is_administrator = true").await;
    }
}

#[tokio::test]
async fn each_change_is_one_event_and_none_if_nothing_changes() {
    let instance = Instance::new().await;
    let alice =
        instance.create(json!({ "username": "alice", "password": NEW_PASSWORD })).await.json()["id"].as_i64().unwrap();
    let all = json!({ "password": PASSWORD, "administrator": true, "disabled": true });
    assert_eq!(instance.update(alice, all).await.status, 200);
    for nothing in [json!({}), json!({ "administrator": true, "disabled": true }), json!({ "revoke_keys": true })] {
        assert_eq!(instance.update(alice, nothing).await.status, 200);
    }
    let generation = format!("SELECT token_generation FROM principals WHERE id = {alice}");
    assert_eq!(instance.app.database.query(&generation).await[0].get::<_, i64>(0), 2);
    assert_eq!(instance.update(alice, json!({ "administrator": false })).await.status, 200);
    assert_eq!(instance.app.database.query(&generation).await[0].get::<_, i64>(0), 2);
    let events = instance.events(0).await;
    assert!(!events.contains(PASSWORD) && !events.contains("argon2"), "{events}");
    assert_snapshot!(events, @r#"
    create user 2 by 1 bearer_token {"username":{"before":null,"after":"alice"},"role":{"before":null,"after":"member"}}
    set_password user 2 by 1 bearer_token {}
    set_role user 2 by 1 bearer_token {"role":{"before":"member","after":"admin"}}
    disable user 2 by 1 bearer_token {"disabled":{"before":false,"after":true}}
    set_role user 2 by 1 bearer_token {"role":{"before":"admin","after":"member"}}
    "#);
}

#[tokio::test]
async fn bad_input_is_rejected() {
    let instance = Instance::new().await;
    for body in [
        json!({}),
        json!({ "username": "" }),
        json!({ "username": "a\nb" }),
        json!({ "username": "a\u{0}" }),
        json!({ "username": "a".repeat(256) }),
        json!({ "username": "alice", "password": "short" }),
        json!({ "username": "alice", "password": "x".repeat(1025) }),
        json!({ "username": "alice", "password": null }),
        json!({ "username": "alice", "role": "admin" }),
        json!({ "username": "alice", "administrator": "yes" }),
    ] {
        let response = instance.create(body.clone()).await;
        assert_eq!(response.status, 422, "{body}");
        assert!(!response.text().contains("xxxx"), "{response}");
    }
    for body in [json!({ "username": "other" }), json!({ "password": "short" }), json!({ "disabled": null })] {
        assert_eq!(instance.update(instance.root.id, body.clone()).await.status, 422, "{body}");
    }
    assert_eq!(instance.create(json!({ "username": "ä".repeat(255), "password": "x".repeat(1024) })).await.status, 201);
}

#[tokio::test]
async fn administrators_alone_manage_users() {
    let instance = Instance::new().await;
    let (alice, member) = instance.app.with_member("alice").await;
    Project::default_project().add_member(&instance.app, alice.id, "admin").await;
    let root = &instance.root;
    let restricted = instance.app.restricted_token(root, Scopes::parse("latchkey:project.admin").unwrap()).await;
    for token in [&member, &restricted] {
        for (method, path, body) in [
            (Method::GET, String::new(), None),
            (Method::POST, String::new(), Some(json!({ "username": "mallory", "administrator": true }))),
            (Method::GET, format!("/{}", alice.id), None),
            (Method::PATCH, format!("/{}", alice.id), Some(json!({ "administrator": true }))),
        ] {
            let response = instance.send(token, method, &path, body).await;
            assert_eq!((response.status.as_u16(), &response.json()["code"]), (403, &json!("insufficient_scope")));
        }
    }
    // A key needs the scope by name.
    let scopes = json!({ "policy": { "scopes": ["latchkey:instance.admin"] } });
    let (named, unrestricted) =
        (instance.app.create_key_with(&instance.token, scopes).await, instance.app.create_key(&instance.token).await);
    for (key, status) in [(named, 200), (unrestricted, 403)] {
        let request = instance.app.patch(&format!("/v1/users/{}", alice.id)).header("x-api-key", key.secret);
        assert_eq!(request.json(&json!({ "disabled": true })).send_checked().await.status, status);
    }
}

#[tokio::test]
async fn passwords_wait_their_turn_with_logins() {
    let instance = Instance::new().await;
    let locker = instance.app.database.connect().await;
    locker.batch_execute("BEGIN; LOCK TABLE login_counters IN SHARE MODE").await.unwrap();
    // As many as may be in progress from one address, which wait for the database.
    let logins: Vec<_> = (0..20).map(|_| tokio::spawn(instance.app.login("alice", "wrong").send())).collect();
    let response = loop {
        let response = instance.create(json!({ "username": "bob", "password": NEW_PASSWORD })).await;
        if response.status == 503 {
            break response;
        }
        assert!(matches!(response.status.as_u16(), 201 | 409), "{response}");
    };
    assert_eq!(response.json()["code"], "temporarily_unavailable");
    assert_eq!(response.header("retry-after"), Some("1"));
    // Without a password, nothing waits.
    assert_eq!(instance.create(json!({ "username": "carol" })).await.status, 201);
    locker.batch_execute("ROLLBACK").await.unwrap();
    for login in logins {
        login.await.unwrap().unwrap();
    }
}
