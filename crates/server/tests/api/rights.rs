//! Who may do what: each operation by each kind of caller, on keys of its own and of others, in its project and in another. The
//! statuses are the tables in `docs/RIGHTS.md`, which `UPDATE_SNAPSHOTS=1` rewrites.

use std::fmt::{Display, Write};

use http::Method;
use latchkey_domain::model::Scopes;
use latchkey_test_support::{
    app::{Key, Options, PASSWORD, TestApp},
    project::Project,
    response::{Response, SendChecked},
};
use serde_json::json;

use crate::documents::assert_table;

/// What the callers act on: keys of each kind of principal in the project, and of an owner of another.
const TARGETS: [&str; 5] = ["own", "owner", "service account", "user", "other project"];

/// A caller: its name, and its credential.
struct Caller {
    name: &'static str,
    key: Option<String>,
    token: Option<String>,
    id: i64,
}

/// A server with a project, callers of each kind, and another project.
struct Walk {
    app: TestApp,
    project: Project,
    other: Project,
    callers: Vec<Caller>,
    user_id: i64,
    owner_id: i64,
    account_id: i64,
    other_owner_id: i64,
}

impl Walk {
    async fn new() -> Self {
        let app = TestApp::with(Options { change_feed: true, ..Options::default() }).await;
        app.wait_for_poll().await;
        let (project, other) = (Project::create(&app, "shop").await, Project::create(&app, "other").await);
        let mut callers = Vec::new();
        for (name, scopes) in [("owner", ""), ("owner for keys", "latchkey:keys.read,latchkey:keys.write")] {
            let id = project.owner(&app, name).await;
            callers.push(Caller { name, key: Some(project.key_of(&app, id, scopes).await.secret), token: None, id });
        }
        let (user, token) = app.with_member("user").await;
        callers.push(Caller { name: "user", key: None, token: Some(token), id: user.id });
        for name in ["verifier", "auditor", "manager", "admin"] {
            let (user, token) = app.with_member(name).await;
            project.add_member(&app, user.id, name).await;
            callers.push(Caller { name, key: None, token: Some(token), id: user.id });
        }
        // Of a service account, the key and the role must both permit it.
        let id = project.service_account(&app, "back end", "manager").await;
        let scopes =
            "latchkey:keys.read,latchkey:keys.write,latchkey:verify,latchkey:owners.read,latchkey:owners.write";
        callers.push(Caller {
            name: "back end",
            key: Some(project.key_of(&app, id, scopes).await.secret),
            token: None,
            id,
        });
        let (root, token) = app.with_admin("administrator").await;
        callers.push(Caller { name: "administrator", key: None, token: Some(token), id: root.id });
        let (somebody, _) = app.with_member("somebody").await;
        Self {
            user_id: somebody.id,
            owner_id: project.owner(&app, "acme").await,
            account_id: project.service_account(&app, "another", "auditor").await,
            other_owner_id: other.owner(&app, "acme").await,
            project,
            other,
            callers,
            app,
        }
    }

    /// A new key for the operation to act on.
    async fn target(&self, target: &str, caller: &Caller) -> Key {
        let Self { app, project, other, .. } = self;
        match target {
            "own" if matches!(caller.name, "owner" | "owner for keys" | "back end") => {
                project.key_of(app, caller.id, "").await
            }
            "own" => Project::default_project().key_of(app, caller.id, "").await,
            "owner" => project.key_of(app, self.owner_id, "").await,
            "service account" => project.key_of(app, self.account_id, "").await,
            "user" => Project::default_project().key_of(app, self.user_id, "").await,
            _ => other.key_of(app, self.other_owner_id, "").await,
        }
    }

    async fn send(&self, caller: &Caller, method: Method, path: &str, body: Option<serde_json::Value>) -> Response {
        let mut request = self.app.request(method, path);
        if let Some(key) = &caller.key {
            request = request.header("x-api-key", key);
        }
        if let Some(token) = &caller.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        request.send_checked().await
    }
}

/// A table of `docs/RIGHTS.md`: statuses, with a column for each caller.
struct Table(String);

impl Table {
    fn new(walk: &Walk, columns: &[&str]) -> Self {
        let columns: Vec<&str> = columns.iter().copied().chain(walk.callers.iter().map(|caller| caller.name)).collect();
        Self(format!("| {} |\n|{}", columns.join(" | "), "---|".repeat(columns.len())))
    }

    fn row(&mut self, cells: &[&str]) {
        self.0.push_str("\n|");
        for cell in cells {
            self.cell(cell);
        }
    }

    fn cell(&mut self, cell: impl Display) {
        write!(self.0, " {cell} |").unwrap();
    }

    fn check(&self, heading: &str) {
        assert_table("RIGHTS.md", heading, &format!("{}\n", self.0));
    }
}

#[tokio::test]
async fn each_operation_on_a_key_by_each_kind_of_caller() {
    let walk = Walk::new().await;
    let mut table = Table::new(&walk, &["operation", "key of"]);
    for (operation, method, path, body) in [
        ("getApiKey", Method::GET, "", None),
        ("getApiKeyPolicy", Method::GET, "/policy", None),
        ("getApiKeyUsage", Method::GET, "/usage", None),
        ("getApiKeyMetadata", Method::GET, "/metadata", None),
        ("setApiKeyMetadata", Method::PUT, "/metadata", Some(json!({ "metadata": { "plan": "pro" } }))),
        ("updateApiKey", Method::PATCH, "", Some(json!({ "description": "walked" }))),
        ("setApiKeyPolicy", Method::PUT, "/policy", Some(json!({ "scopes": [] }))),
        ("disableApiKey", Method::POST, "/disable", None),
        ("enableApiKey", Method::POST, "/enable", None),
        ("rotateApiKey", Method::POST, "/rotate", Some(json!({}))),
        ("revokeApiKey", Method::POST, "/revoke", Some(json!({}))),
        ("deleteApiKey", Method::DELETE, "", None),
    ] {
        for target in TARGETS {
            table.row(&[operation, target]);
            for caller in &walk.callers {
                let key = walk.target(target, caller).await;
                let response =
                    walk.send(caller, method.clone(), &format!("/v1/api-keys/{}{path}", key.id), body.clone()).await;
                table.cell(response.status.as_u16());
            }
        }
    }
    table.check("API keys by their ids");
}

#[tokio::test]
async fn each_other_operation_by_each_kind_of_caller() {
    let walk = Walk::new().await;
    let (ours, others) =
        (walk.project.key_of(&walk.app, walk.owner_id, "").await, walk.other.owner_key(&walk.app, "x").await);
    let users = Project::default_project().key_of(&walk.app, walk.user_id, "").await;
    let mut table = Table::new(&walk, &["operation"]);
    for (operation, method, path, body) in [
        ("getCurrentUser", Method::GET, "/v1/users/me", None),
        ("listApiKeys", Method::GET, "/v1/api-keys/", None),
        ("createApiKey", Method::POST, "/v1/api-keys/", Some(json!({}))),
        ("listAuditEvents", Method::GET, "/v1/audit/events?limit=1", None),
    ] {
        table.row(&[operation]);
        for caller in &walk.callers {
            table.cell(walk.send(caller, method.clone(), path, body.clone()).await.status.as_u16());
        }
    }
    for (operation, key) in [
        ("verifyApiKey, of the project", &ours),
        ("verifyApiKey, of another project", &others),
        ("verifyApiKey, of a user", &users),
    ] {
        table.row(&[operation]);
        for caller in &walk.callers {
            let body = json!({ "key": key.secret });
            let response = walk.send(caller, Method::POST, "/v1/api-keys/verify", Some(body)).await;
            match response.status.as_u16() {
                200 => table.cell(format!("200 `{}`", response.json()["code"].as_str().unwrap())),
                status => table.cell(status),
            }
        }
    }
    table.check("What is one's own");
}

#[tokio::test]
async fn each_operation_in_a_project_by_each_kind_of_caller() {
    let walk = Walk::new().await;
    let owner = json!({ "external_id": "acme" });
    let mut table = Table::new(&walk, &["operation", "in"]);
    for (operation, method, rest, body) in [
        ("getProject", Method::GET, String::new(), None),
        ("updateProject", Method::PATCH, String::new(), Some(json!({ "settings": {} }))),
        ("upsertOwner", Method::POST, "/owners".to_owned(), Some(owner.clone())),
        ("listOwners", Method::GET, "/owners".to_owned(), None),
        ("getOwner", Method::GET, format!("/owners/{}", walk.owner_id), None),
        ("deleteOwner, one that does not exist", Method::DELETE, "/owners/1000000".to_owned(), None),
        ("issueApiKey", Method::POST, "/api-keys".to_owned(), Some(owner.clone())),
        ("createOwnerToken", Method::POST, "/owner-tokens".to_owned(), Some(owner)),
        (
            "issueApiKey, to a service account that does not exist",
            Method::POST,
            "/api-keys".to_owned(),
            Some(json!({ "service_account": "unknown" })),
        ),
        ("listMembers", Method::GET, "/members".to_owned(), None),
        (
            "setMember, of a user that does not exist",
            Method::PUT,
            "/members/1000000".to_owned(),
            Some(json!({ "role": "admin" })),
        ),
        ("removeMember, that does not exist", Method::DELETE, "/members/1000000".to_owned(), None),
        (
            "createServiceAccount",
            Method::POST,
            "/service-accounts".to_owned(),
            Some(json!({ "name": "new", "role": "verifier" })),
        ),
        ("searchApiKeys", Method::POST, "/api-keys/search".to_owned(), Some(json!({}))),
        (
            "revokeApiKeys",
            Method::POST,
            "/api-keys/revoke".to_owned(),
            Some(json!({ "filter": { "status": "active" }, "dry_run": true, "limit": 1 })),
        ),
    ] {
        for (project, slug) in
            [("its project", "shop"), ("another", "other"), ("`default`", "default"), ("none", "unknown")]
        {
            table.row(&[operation, project]);
            for caller in &walk.callers {
                let path = format!("/v1/projects/{slug}{rest}");
                table.cell(walk.send(caller, method.clone(), &path, body.clone()).await.status.as_u16());
            }
        }
    }
    for (operation, method, body) in
        [("listProjects", Method::GET, None), ("createProject", Method::POST, Some(json!({ "slug": "new" })))]
    {
        table.row(&[operation, ""]);
        for caller in &walk.callers {
            table.cell(walk.send(caller, method.clone(), "/v1/projects", body.clone()).await.status.as_u16());
        }
    }
    table.check("Projects");
}

#[tokio::test]
async fn each_operation_on_users_by_each_kind_of_caller() {
    let walk = Walk::new().await;
    let path = format!("/{}", walk.user_id);
    let mut table = Table::new(&walk, &["operation"]);
    for (operation, method, rest, body) in [
        ("listUsers", Method::GET, "", None),
        ("createUser", Method::POST, "", Some(json!({ "username": "new" }))),
        ("getUser", Method::GET, &*path, None),
        ("getUser, of a service account", Method::GET, &format!("/{}", walk.account_id), None),
        ("updateUser", Method::PATCH, &path, Some(json!({ "disabled": true }))),
        ("updateUser, that does not exist", Method::PATCH, "/1000000", Some(json!({ "revoke_keys": true }))),
        // The last, because it ends the tokens of those who may.
        (
            "changePassword",
            Method::PUT,
            "/me/password",
            Some(json!({ "current": PASSWORD, "new": "another password" })),
        ),
    ] {
        table.row(&[operation]);
        for caller in &walk.callers {
            let response = walk.send(caller, method.clone(), &format!("/v1/users{rest}"), body.clone()).await;
            table.cell(response.status.as_u16());
        }
    }
    table.check("Users");
}

#[tokio::test]
async fn a_managed_key_can_only_be_restricted_by_its_owner() {
    let walk = Walk::new().await;
    let caller = |name: &str| walk.callers.iter().find(|caller| caller.name == name).unwrap();
    let (owner, manager) = (caller("owner for keys"), caller("manager"));
    let scopes = "latchkey:keys.read,latchkey:keys.write";
    let key = walk.project.key_of(&walk.app, owner.id, scopes).await;
    let path = |rest: &str| format!("/v1/api-keys/{}{rest}", key.id);
    let send = async |caller, method, rest: &str, body| walk.send(caller, method, &path(rest), body).await;
    // Its own key, which nobody manages.
    let until = |year: u32| Some(json!({ "expires_at": format!("{year}-01-01T00:00:00Z") }));
    assert_eq!(send(owner, Method::PATCH, "", until(2035)).await.status, 200);
    assert_eq!(send(owner, Method::PATCH, "", until(2036)).await.status, 200);

    let policy = |scopes: &[&str]| Some(json!({ "scopes": scopes }));
    assert_eq!(send(manager, Method::PUT, "/policy", policy(&["latchkey:keys.read"])).await.status, 200);
    let managed = walk.app.database.query(&format!("SELECT managed FROM api_keys WHERE id = {}", key.id)).await;
    assert!(managed[0].get::<_, bool>(0));
    for (method, rest, body) in [
        (Method::PATCH, "", until(2037)),
        (Method::PATCH, "", Some(json!({ "expires_at": null }))),
        (Method::PUT, "/policy", policy(&["latchkey:keys.read", "latchkey:keys.write"])),
    ] {
        let response = send(owner, method, rest, body).await;
        assert_eq!(response.json()["code"], "key_managed", "{response}");
    }
    assert_eq!(send(owner, Method::PATCH, "", until(2034)).await.status, 200);
    assert_eq!(send(owner, Method::PATCH, "", Some(json!({ "description": "mine" }))).await.status, 200);
    assert_eq!(send(owner, Method::POST, "/disable", None).await.status, 200);
    assert_eq!(send(owner, Method::POST, "/enable", None).await.json()["code"], "key_managed");
    assert_eq!(send(manager, Method::POST, "/enable", None).await.status, 200);

    // A successor is managed as well.
    let successor = send(manager, Method::POST, "/rotate", Some(json!({}))).await.json();
    let path = format!("/v1/api-keys/{}", successor["id"]);
    let response = walk.send(owner, Method::PATCH, &path, until(2037)).await;
    assert_eq!(response.status, 403, "{response}");
    assert_eq!(walk.send(owner, Method::POST, &format!("{path}/revoke"), Some(json!({}))).await.status, 200);
}

#[tokio::test]
async fn a_member_lists_the_events_of_its_projects_alone() {
    let walk = Walk::new().await;
    let caller = |name: &str| walk.callers.iter().find(|caller| caller.name == name).unwrap();
    let admin = caller("administrator");
    let (ours, others) = (walk.owner_id, walk.other_owner_id);
    for (project, owner) in [(&walk.project, ours), (&walk.other, others)] {
        let key = project.key_of(&walk.app, owner, "").await;
        walk.send(admin, Method::POST, &format!("/v1/api-keys/{}/revoke", key.id), Some(json!({}))).await;
    }
    walk.app.login("user", "wrong").send_checked().await;
    let projects = async |caller| {
        let page = walk.send(caller, Method::GET, "/v1/audit/events?limit=1000", None).await.json();
        let items = page["items"].as_array().unwrap().iter();
        items.map(|event| event["project"].as_str().unwrap_or("-").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(projects(admin).await, ["-", "other", "shop"]);
    assert_eq!(projects(caller("auditor")).await, ["shop"]);
    assert_eq!(projects(caller("manager")).await, ["shop"]);
}

#[tokio::test]
async fn what_ends_a_principal_ends_its_credentials_and_keys() {
    let walk = Walk::new().await;
    let Walk { app, project, .. } = &walk;
    let caller = |name: &str| walk.callers.iter().find(|caller| caller.name == name).unwrap();
    let (owner, back_end, admin) = (caller("owner for keys"), caller("back end"), caller("administrator"));
    let forward_auth = async |key: &str| {
        app.wait_for_poll().await;
        app.get("/v1/projects/shop/forward-auth").header("x-api-key", key).send_checked().await
    };
    let me = async |caller| walk.send(caller, Method::GET, "/v1/users/me", None).await.status.as_u16();
    let (owners, back_ends) = (owner.key.clone().unwrap(), back_end.key.clone().unwrap());
    for (ended, restored, code) in [
        (
            format!("UPDATE principals SET disabled_at = now() WHERE project_id = {}", project.id),
            format!("UPDATE principals SET disabled_at = NULL WHERE project_id = {}", project.id),
            "principal_disabled",
        ),
        (
            format!("UPDATE projects SET disabled_at = now() WHERE id = {}", project.id),
            format!("UPDATE projects SET disabled_at = NULL WHERE id = {}", project.id),
            "project_disabled",
        ),
    ] {
        assert_eq!((forward_auth(&owners).await.status.as_u16(), me(owner).await, me(back_end).await), (200, 200, 200));
        app.database.execute(&ended).await;
        for key in [&owners, &back_ends] {
            let response = forward_auth(key).await;
            assert_eq!((response.status.as_u16(), &response.json()["code"]), (401, &json!(code)));
            assert_eq!(verification(&walk, admin, key).await, code);
        }
        assert_eq!((me(owner).await, me(back_end).await), (401, 401));
        app.database.execute(&restored).await;
        app.wait_for_poll().await;
    }
    // Without its role, a member has its own keys alone.
    let verify = async || {
        let body = json!({ "key": "x" });
        walk.send(caller("verifier"), Method::POST, "/v1/api-keys/verify", Some(body)).await.status.as_u16()
    };
    assert_eq!(verify().await, 200);
    app.database.execute(&format!("DELETE FROM members WHERE project_id = {}", project.id)).await;
    app.wait_for_poll().await;
    assert_eq!(verify().await, 403);
}

async fn verification(walk: &Walk, caller: &Caller, key: &str) -> String {
    let body = json!({ "key": key });
    let response = walk.send(caller, Method::POST, "/v1/api-keys/verify", Some(body)).await;
    response.json()["code"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_gateway_of_a_project_lets_through_its_keys_alone() {
    let app = TestApp::new().await;
    let (shop, other) = (Project::create(&app, "shop").await, Project::create(&app, "other").await);
    let (ours, others) = (shop.owner_key(&app, "Åcme/1 \u{1F511}").await, other.owner_key(&app, "acme").await);
    let (_, token) = app.with_member("alice").await;
    let users = app.create_key(&token).await;
    let status = async |path: &str, key: &Key| {
        app.get(path).header("x-api-key", &key.secret).send_checked().await.status.as_u16()
    };
    for (path, statuses) in [
        ("/v1/forward-auth", [401, 401, 200]),
        ("/v1/projects/default/forward-auth", [401, 401, 200]),
        ("/v1/projects/shop/forward-auth", [200, 401, 401]),
        ("/v1/projects/shop/forward-auth/v1/projects/other/forward-auth?project=other", [200, 401, 401]),
        ("/v1/projects/other/forward-auth", [401, 200, 401]),
        ("/v1/projects/missing/forward-auth", [401, 401, 401]),
        ("/v1/projects/SHOP/forward-auth", [422, 422, 422]),
    ] {
        assert_eq!(
            [status(path, &ours).await, status(path, &others).await, status(path, &users).await],
            statuses,
            "{path}"
        );
    }
    let response = app.get("/v1/projects/shop/forward-auth").header("x-api-key", &ours.secret).send_checked().await;
    let headers = ["x-latchkey-project", "x-latchkey-owner", "x-latchkey-username"].map(|name| response.header(name));
    assert_eq!(headers, [Some("shop"), Some("%C3%85cme%2F1%20%F0%9F%94%91"), Some("")]);
    // What is not of the project is not counted as its use.
    let usage = "SELECT count(*) FROM key_usage";
    assert_eq!(app.database.query(usage).await[0].get::<_, i64>(0), 0);
}

#[tokio::test]
async fn no_credential_takes_over_a_key_with_scopes_that_it_lacks() {
    let walk = Walk::new().await;
    let app = &walk.app;
    let (user, token) = app.with_admin("root").await;
    let unrestricted = app.create_key(&token).await;
    let strong =
        json!({ "policy": { "scopes": ["latchkey:keys.manage", "latchkey:owners.write", "latchkey:instance.admin"] } });
    let strong = app.create_key_with(&token, strong).await;
    let path = |rest: &str| format!("/v1/api-keys/{}{rest}", strong.id);
    for (method, rest, body) in [
        (Method::POST, "/rotate", json!({})),
        (Method::PATCH, "", json!({ "expires_at": null })),
        (Method::PUT, "/policy", json!({ "scopes": ["latchkey:keys.read"] })),
        (Method::DELETE, "", json!({})),
    ] {
        let request = app.request(method, &path(rest)).header("x-api-key", &unrestricted.secret).json(&body);
        assert_eq!(request.send_checked().await.json()["code"], "insufficient_permissions", "{rest}");
    }

    // Neither by a restricted token, nor from one service account to another.
    let bobs = app.create_key(&app.with_admin("bob").await.1).await;
    let scopes = "latchkey:keys.manage latchkey:owners.read latchkey:owners.write";
    let restricted = app.restricted_token(&user, Scopes::parse(scopes).unwrap()).await;
    let rotate = |id: i64| app.post(&format!("/v1/api-keys/{id}/rotate")).json(&json!({}));
    let response = rotate(bobs.id).bearer_auth(&restricted).send_checked().await;
    assert_eq!(response.json()["code"], "insufficient_permissions", "{response}");
    let admin = walk.project.service_account(app, "deployer", "admin").await;
    let key = walk.project.key_of(app, admin, &scopes.replace(' ', ",")).await;
    let stronger = walk.project.key_of(app, walk.account_id, "latchkey:keys.write,latchkey:project.admin").await;
    let response = rotate(stronger.id).header("x-api-key", &key.secret).send_checked().await;
    assert_eq!(response.json()["code"], "insufficient_permissions", "{response}");
    // Keys of owners are its to manage, whatever they may do.
    let owners = walk.project.key_of(app, walk.owner_id, "orders:write").await;
    assert_eq!(rotate(owners.id).header("x-api-key", &key.secret).send_checked().await.status, 201);
}

#[tokio::test]
async fn a_managed_key_without_scopes_gains_none_by_naming_them() {
    let walk = Walk::new().await;
    let (_, token) = walk.app.with_admin("bob").await;
    let key = walk.app.create_key(&token).await;
    let admin = walk.callers.iter().find(|caller| caller.name == "administrator").unwrap();
    let path = format!("/v1/api-keys/{}", key.id);
    assert_eq!(walk.send(admin, Method::PATCH, &path, Some(json!({ "description": "managed" }))).await.status, 200);
    let put = async |scopes: &[&str]| {
        let request = walk.app.put(&format!("{path}/policy")).bearer_auth(&token);
        request.json(&json!({ "scopes": scopes })).send_checked().await
    };
    assert_eq!(put(&["latchkey:owners.write"]).await.json()["code"], "key_managed");
    assert_eq!(put(&["latchkey:verify", "orders:read"]).await.status, 200);
}

#[tokio::test]
async fn the_principal_of_a_managed_key_has_one_of_it_at_a_time() {
    let walk = Walk::new().await;
    let owner = walk.callers.iter().find(|caller| caller.name == "owner for keys").unwrap();
    let key = walk.project.key_of(&walk.app, owner.id, "").await;
    walk.app.database.execute(&format!("UPDATE api_keys SET managed = true WHERE id = {}", key.id)).await;
    let rotate =
        async |body| walk.send(owner, Method::POST, &format!("/v1/api-keys/{}/rotate", key.id), Some(body)).await;
    assert_eq!(rotate(json!({ "grace_period_seconds": 60 })).await.json()["code"], "key_managed");
    assert_eq!(rotate(json!({})).await.status, 201);
}

#[tokio::test]
async fn a_request_is_not_replayed_after_its_right_is_gone() {
    let walk = Walk::new().await;
    let app = &walk.app;
    let (bob, token) = app.with_admin("bob").await;
    let unrestricted = app.create_key(&token).await;
    let carols = app.create_key(&app.with_member("carol").await.1).await;
    let rotate =
        || app.post(&format!("/v1/api-keys/{}/rotate", carols.id)).header("idempotency-key", "a").json(&json!({}));
    assert_eq!(rotate().bearer_auth(&token).send_checked().await.status, 201);
    assert_eq!(rotate().bearer_auth(&token).send_checked().await.status, 201);
    // A weaker credential of the same user.
    assert_eq!(rotate().header("x-api-key", &unrestricted.secret).send_checked().await.status, 404);
    app.database.execute(&format!("UPDATE principals SET is_administrator = false WHERE id = {}", bob.id)).await;
    assert_eq!(rotate().bearer_auth(&token).send_checked().await.status, 404);
}

#[tokio::test]
async fn a_caller_that_may_change_keys_of_owners_finds_them() {
    let walk = Walk::new().await;
    let account = walk.project.service_account(&walk.app, "support", "manager").await;
    let key = walk.project.key_of(&walk.app, account, "latchkey:keys.manage,latchkey:owners.write").await;
    let owners = walk.project.key_of(&walk.app, walk.owner_id, "").await;
    for (method, rest, body) in [
        (Method::PATCH, "", json!({ "expires_at": "2035-01-01T00:00:00Z" })),
        (Method::PUT, "/metadata", json!({ "metadata": { "plan": "pro" } })),
        (Method::PUT, "/policy", json!({ "scopes": ["orders:read"] })),
        (Method::POST, "/revoke", json!({})),
    ] {
        let request = walk.app.request(method, &format!("/v1/api-keys/{}{rest}", owners.id));
        let response = request.header("x-api-key", &key.secret).json(&body).send_checked().await;
        assert_eq!(response.status, 200, "{rest}: {response}");
    }
}

#[tokio::test]
async fn no_key_outlives_the_maximum_of_its_project() {
    let walk = Walk::new().await;
    let app = &walk.app;
    let owner = walk.callers.iter().find(|caller| caller.name == "owner for keys").unwrap();
    let unlimited = walk.project.key_of(app, owner.id, "").await;
    let limits =
        "UPDATE projects SET default_lifetime_seconds = 86400, max_lifetime_seconds = 2592000 WHERE slug = 'shop'";
    app.database.execute(limits).await;
    // Keys were created by the clock of Postgres, whereas the server has that of the test.
    app.database.execute("UPDATE api_keys SET created_at = '2030-01-01'").await;
    app.wait_for_poll().await;
    let expiry = |response: &Response| response.json()["expires_at"].as_str().map(|text| text[..10].to_owned());
    let create = async |body| walk.send(owner, Method::POST, "/v1/api-keys/", Some(body)).await;
    assert_eq!(expiry(&create(json!({})).await).as_deref(), Some("2030-01-02"));
    assert_eq!(create(json!({ "expires_at": "2030-01-31T00:00:00Z" })).await.status, 201);
    let too_late = create(json!({ "expires_at": "2030-01-31T00:00:01Z" })).await;
    assert_eq!(too_late.json()["detail"][0]["loc"], json!(["body", "expires_at"]));
    let patch =
        async |body| walk.send(owner, Method::PATCH, &format!("/v1/api-keys/{}", unlimited.id), Some(body)).await;
    assert_eq!(patch(json!({ "expires_at": "2030-01-31T00:00:01Z" })).await.status, 422);
    assert_eq!(patch(json!({ "expires_at": null })).await.status, 422);
    assert_eq!(patch(json!({ "description": "old" })).await.status, 200);
    let successor =
        walk.send(owner, Method::POST, &format!("/v1/api-keys/{}/rotate", unlimited.id), Some(json!({}))).await;
    assert_eq!(expiry(&successor).as_deref(), Some("2030-01-31"));
}
