//! What members and owners try beyond their project, their rights and their name, at every operation of the contract.

use latchkey_test_support::{
    app::{Options, TestApp},
    openapi::{OPERATIONS, Operation},
    project::Project,
    response::{Response, SendChecked},
};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

/// The scopes of an owner's own keys.
const OF_KEYS: &str = "latchkey:keys.";
/// What is in a project, in full.
const CONTENTS: &str = "SELECT jsonb_build_array(
    (SELECT jsonb_agg(to_jsonb(k) ORDER BY k.id) FROM api_keys k WHERE k.project_id = p.id),
    (SELECT jsonb_agg(to_jsonb(o) ORDER BY o.id) FROM principals o WHERE o.project_id = p.id),
    (SELECT jsonb_agg(to_jsonb(m) ORDER BY m.principal_id) FROM members m WHERE m.project_id = p.id),
    to_jsonb(p))::text FROM projects p WHERE p.slug = ";

async fn start() -> TestApp {
    let app = TestApp::with(Options { change_feed: true, ..Options::default() }).await;
    app.wait_for_poll().await;
    app
}

/// A valid request: with the first example of its body, and these values of its path parameters.
fn request(app: &TestApp, operation: &Operation, parameters: &[(&str, String)]) -> RequestBuilder {
    let fill = |path: String, (name, value): &(&str, String)| path.replace(&format!("{{{name}}}"), value);
    let path = parameters.iter().fold(operation.path.to_owned(), fill);
    assert!(!path.contains('{'), "{path}");
    let request = app.request(operation.method.clone(), &path);
    let content = &operation.description["requestBody"]["content"];
    let example = |media_type: &str| {
        let examples = content[media_type]["examples"].as_object()?;
        Some(&examples.values().next().unwrap()["value"])
    };
    if let Some(body) = example("application/json") {
        return request.json(body);
    }
    match example("application/x-www-form-urlencoded") {
        Some(form) => request.form(form),
        None => request,
    }
}

/// Whether its credential is that of the caller, rather than the key of a gateway's client.
fn is_of_callers(operation: &Operation) -> bool {
    operation.is_secured() && !operation.accepts("APIKeyBearer")
}

/// The scope that the operation requires.
fn scope(operation: &Operation) -> Option<&str> {
    operation.description["security"][0]["OAuth2PasswordBearer"][0].as_str()
}

#[tokio::test]
async fn a_manager_does_nothing_with_the_ids_of_another_project() {
    let app = start().await;
    let (shop, other) = (Project::create(&app, "shop").await, Project::create(&app, "other").await);
    let (manager, token) = app.with_member("manager").await;
    shop.add_member(&app, manager.id, "manager").await;
    let back_end = shop.service_account(&app, "back end", "manager").await;
    let scopes =
        "latchkey:keys.read,latchkey:keys.write,latchkey:owners.read,latchkey:owners.write,latchkey:audit.read";
    let key = shop.key_of(&app, back_end, scopes).await;
    let owner = other.owner(&app, "acme").await;
    let account = other.service_account(&app, "back end", "admin").await;
    let contents = async || app.database.query(&format!("{CONTENTS}'other'")).await[0].get::<_, String>(0);
    let mut tried = 0;
    for item in [other.key_of(&app, owner, "").await, other.key_of(&app, account, "latchkey:verify").await] {
        let before = contents().await;
        for operation in OPERATIONS.iter().filter(|operation| is_of_callers(operation) && operation.path.contains('{'))
        {
            // Of the own project's path, only what is below it by an id is foreign.
            let is_foreign_below_ours = operation.path.contains("{owner_id}") || operation.path.contains("{user_id}");
            for slug in ["other", "shop"] {
                if slug == "shop" && operation.path.contains("{project}") && !is_foreign_below_ours {
                    continue;
                }
                let parameters = [
                    ("project", slug.to_owned()),
                    ("item_id", item.id.to_string()),
                    ("owner_id", owner.to_string()),
                    ("user_id", account.to_string()),
                ];
                for by_key in [false, true] {
                    let request = request(&app, operation, &parameters);
                    let request =
                        if by_key { request.header("x-api-key", &key.secret) } else { request.bearer_auth(&token) };
                    let response = request.send_checked().await;
                    // Managers change no members, users and settings: the scope is checked before anything else.
                    let is_for_admins =
                        matches!(scope(operation), Some("latchkey:project.admin" | "latchkey:instance.admin"));
                    let expected = if is_for_admins { 403 } else { 404 };
                    assert_eq!(response.status, expected, "{} of {slug}, {by_key}: {response}", operation.id);
                    tried += 1;
                }
            }
        }
        assert_eq!(contents().await, before);
    }
    assert!(tried > 100, "{tried}");

    // Neither by a name of the other project, where the ids stand in bodies.
    let post = async |path: &str, body: Value| {
        let response = app.post(path).header("x-api-key", &key.secret).json(&body).send_checked().await;
        response.json()["code"].as_str().map_or_else(|| response.json().to_string(), str::to_owned)
    };
    let item = other.key_of(&app, owner, "").await;
    assert_eq!(post("/v1/projects/shop/owner-tokens", json!({ "external_id": "acme" })).await, "owner_not_found");
    assert_eq!(
        post("/v1/projects/shop/api-keys/search", json!({ "key": item.secret })).await,
        r#"{"items":[],"next_cursor":null}"#
    );
    let revoke = json!({ "filter": { "key": item.secret }, "dry_run": false, "limit": 10 });
    assert_eq!(
        post("/v1/projects/shop/api-keys/revoke", revoke).await,
        r#"{"matched":0,"revoked":0,"next_cursor":null}"#
    );
}

#[tokio::test]
async fn no_credential_of_an_owner_does_more_than_manage_its_keys() {
    let app = start().await;
    let project = Project::create(&app, "shop").await;
    let owner = project.owner(&app, "acme").await;
    let (_, administrator) = app.with_admin("root").await;
    let mint = app.post("/v1/projects/shop/owner-tokens").bearer_auth(&administrator);
    let scopes = ["latchkey:keys.read", "latchkey:keys.write"];
    let minted = mint.json(&json!({ "external_id": "acme", "scopes": scopes })).send_checked().await;
    let token = minted.json()["access_token"].as_str().unwrap().to_owned();
    // Keys without scopes, with those that owners are granted, and with all that there are, as if somebody had granted them.
    let mut keys = Vec::new();
    for scopes in [
        "",
        "orders:read,admin,owners.write",
        "latchkey:keys.read,latchkey:keys.write",
        "latchkey:keys.read,latchkey:keys.write,latchkey:verify,latchkey:audit.read,latchkey:owners.read,\
         latchkey:owners.write,latchkey:project.admin,latchkey:instance.admin",
    ] {
        keys.push(project.key_of(&app, owner, scopes).await.secret);
    }
    let parameters = [
        ("project", "shop".to_owned()),
        ("item_id", project.key_of(&app, owner, "").await.id.to_string()),
        ("owner_id", owner.to_string()),
        ("user_id", owner.to_string()),
    ];
    let contents = async || app.database.query(&format!("{CONTENTS}'shop'")).await[0].get::<_, String>(0);
    let before = contents().await;
    let mut operations = 0;
    for operation in OPERATIONS.iter().filter(|operation| is_of_callers(operation)) {
        if scope(operation).is_none_or(|scope| scope.starts_with(OF_KEYS)) {
            continue;
        }
        operations += 1;
        let of_token = request(&app, operation, &parameters).bearer_auth(&token);
        let of_keys = keys.iter().map(|key| request(&app, operation, &parameters).header("x-api-key", key));
        for (number, request) in std::iter::once(of_token).chain(of_keys).enumerate() {
            let response = request.send_checked().await;
            assert_eq!(
                (response.status.as_u16(), &response.json()["code"]),
                (403, &json!("insufficient_scope")),
                "{} by credential {number}",
                operation.id
            );
        }
    }
    assert!(operations >= 17, "{operations}");
    assert_eq!(contents().await, before);
}

#[tokio::test]
async fn an_owner_token_is_for_its_owner_in_its_project_alone() {
    let app = start().await;
    let (shop, other) = (Project::create(&app, "shop").await, Project::create(&app, "other").await);
    let (_, administrator) = app.with_admin("root").await;
    shop.owner(&app, "acme").await;
    // Of the same name, and of another one beside it.
    let foreign = [other.owner_key(&app, "acme").await, shop.owner_key(&app, "acme ").await];
    let mint = app.post("/v1/projects/shop/owner-tokens").bearer_auth(&administrator);
    let scopes = ["latchkey:keys.read", "latchkey:keys.write"];
    let minted = mint
        .json(&json!({ "external_id": "acme", "scopes": scopes, "key_scopes": ["orders:read"] }))
        .send_checked()
        .await;
    let token = minted.json()["access_token"].as_str().unwrap().to_owned();
    let list = app.get("/v1/api-keys/").bearer_auth(&token).send_checked().await;
    assert_eq!(list.json(), json!([]));
    let mut operations = 0;
    for operation in OPERATIONS.iter().filter(|operation| operation.path.contains("{item_id}")) {
        if scope(operation).is_none_or(|scope| !scope.starts_with(OF_KEYS)) {
            continue;
        }
        operations += 1;
        for key in &foreign {
            let request = request(&app, operation, &[("item_id", key.id.to_string())]).bearer_auth(&token);
            let response = request.send_checked().await;
            assert_eq!(
                (response.status.as_u16(), &response.json()["code"]),
                (404, &json!("key_not_found")),
                "{}",
                operation.id
            );
        }
    }
    assert!(operations >= 11, "{operations}");
    // Beside a key of another principal it is no credential at all.
    for key in &foreign {
        let request = app.get("/v1/users/me").bearer_auth(&token).header("x-api-key", &key.secret);
        assert_eq!(request.send_checked().await.status, 401);
    }
}

#[tokio::test]
async fn an_owner_that_is_called_like_somebody_else_is_not_taken_for_it() {
    let app = start().await;
    let (root, administrator) = app.with_admin("admin").await;
    let project = Project::create(&app, "shop").await;
    for name in ["admin", &root.id.to_string(), "default", "latchkey:instance.admin"] {
        let id = project.owner(&app, name).await;
        let key = project.key_of(&app, id, "latchkey:keys.read").await;
        let by_key = async |path: &str| app.get(path).header("x-api-key", &key.secret).send_checked().await;
        let me = by_key("/v1/users/me").await.json();
        assert_eq!(
            json!([me["id"], me["kind"], me["role"], me["roles"], me["project"]]),
            json!([id, "owner", "owner", [], "shop"])
        );
        assert_eq!(by_key("/v1/api-keys/").await.json().as_array().map(Vec::len), Some(1));
        assert_eq!(by_key("/v1/audit/events").await.status, 403);

        let members =
            |response: &Value, names: &[&str]| json!(names.iter().map(|name| &response[*name]).collect::<Vec<_>>());
        let verification = app.verify(&administrator, &key.secret).await;
        assert_eq!(
            members(&verification, &["user_id", "username", "owner_external_id", "project", "owner_metadata"]),
            json!([id, null, name, "shop", null])
        );
        let introspect = app.post("/v1/introspect").bearer_auth(&administrator).form(&[("token", &key.secret)]);
        let introspection = introspect.send_checked().await.json();
        assert_eq!(
            members(&introspection, &["sub", "username", "client_id", "project"]),
            json!([id.to_string(), null, name, "shop"])
        );
        let header = |response: &Response, name: &str| response.header(name).map(str::to_owned);
        let gateway = by_key("/v1/projects/shop/forward-auth").await;
        assert_eq!(header(&gateway, "x-latchkey-username").as_deref(), Some(""));
        assert_eq!(header(&gateway, "x-latchkey-user-id"), Some(id.to_string()));
        assert_eq!(header(&gateway, "x-latchkey-owner"), Some(name.replace(':', "%3A")));
        assert_eq!(header(&gateway, "x-latchkey-project").as_deref(), Some("shop"));
    }
}
