//! `POST /v1/projects/{project}/owner-tokens`, and what the tokens can do

use http::Method;
use latchkey_test_support::response::{Response, SendChecked};
use serde_json::{Value, json};

use super::Shop;

impl Shop {
    async fn owner_token(&self, body: Value) -> String {
        let response = self.post(&self.manager, "shop/owner-tokens", body).await;
        assert_eq!(response.status, 201, "{response}");
        response.json()["access_token"].as_str().unwrap().to_owned()
    }

    /// A token of the owner `acme` that may create keys with the scope `orders:read`.
    async fn full_token(&self) -> String {
        self.owner_token(json!({
            "external_id": "acme",
            "scopes": ["latchkey:keys.read", "latchkey:keys.write"],
            "key_scopes": ["orders:read", "latchkey:keys.read"],
        }))
        .await
    }

    async fn me(&self, token: &str) -> u16 {
        self.send(token, Method::GET, "/v1/users/me", None).await.status.as_u16()
    }

    async fn create(&self, token: &str, body: Value) -> Response {
        self.send(token, Method::POST, "/v1/api-keys/", Some(body)).await
    }
}

#[tokio::test]
async fn a_token_acts_as_its_owner_and_nothing_else() {
    let shop = Shop::new().await;
    let issued = shop.post(&shop.manager, "shop/api-keys", json!({ "external_id": "acme" })).await.json();
    let response =
        shop.post(&shop.manager, "shop/owner-tokens", json!({ "external_id": "acme", "expires_in": 300 })).await;
    assert_eq!(response.status, 201, "{response}");
    let body = response.json();
    assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("bearer"), &json!(300)));
    assert_eq!(body["scope"], "latchkey:keys.read latchkey:keys.manage");
    let token = body["access_token"].as_str().unwrap();
    let me = shop.send(token, Method::GET, "/v1/users/me", None).await.json();
    assert_eq!(
        (&me["username"], &me["kind"], &me["role"], &me["project"]),
        (&json!("acme"), &json!("owner"), &json!("owner"), &json!("shop"))
    );
    let keys = shop.send(token, Method::GET, "/v1/api-keys/", None).await.json();
    assert_eq!(keys.as_array().unwrap().len(), 1);
    assert_eq!(keys[0]["id"], issued["id"]);
    let path = format!("/v1/api-keys/{}", issued["id"]);
    assert_eq!(shop.send(token, Method::POST, &format!("{path}/revoke"), Some(json!({}))).await.status, 200);
    // It mints nothing, verifies nothing, and creates no keys.
    assert_eq!(shop.create(token, json!({})).await.json()["code"], "insufficient_scope");
    for path in ["shop/owner-tokens", "shop/api-keys", "shop/owners"] {
        assert_eq!(
            shop.post(token, path, json!({ "external_id": "acme" })).await.json()["code"],
            "insufficient_scope",
            "{path}"
        );
    }
    let verify = shop.send(token, Method::POST, "/v1/api-keys/verify", Some(json!({ "key": "x" }))).await;
    assert_eq!(verify.json()["code"], "insufficient_scope");
    shop.app.clock.advance(chrono::TimeDelta::seconds(300));
    assert_eq!(shop.me(token).await, 401);
}

#[tokio::test]
async fn the_keys_that_it_creates_stay_within_what_was_granted() {
    let shop = Shop::new().await;
    shop.post(&shop.manager, "shop/owners", json!({ "external_id": "acme" })).await;
    shop.configure(json!({ "settings": { "default_policy": { "rate_limit": { "requests": 5, "seconds": 60 } } } }))
        .await;
    let token = shop.full_token().await;
    let created = shop.create(&token, json!({})).await;
    assert_eq!(created.status, 201, "{created}");
    let path = format!("/v1/api-keys/{}", created.json()["id"]);
    let policy = shop.send(&token, Method::GET, &format!("{path}/policy"), None).await.json();
    assert_eq!(policy["scopes"], json!(["orders:read", "latchkey:keys.read"]));
    assert_eq!(policy["rate_limit"], json!({ "requests": 5, "seconds": 60 }));
    let limit = json!({ "requests": 5, "seconds": 60 });
    let narrow = json!({ "policy": { "scopes": ["orders:read"], "rate_limit": limit } });
    assert_eq!(shop.create(&token, narrow).await.status, 201);
    for policy in [
        json!({ "scopes": ["orders:write"], "rate_limit": limit }),
        json!({ "scopes": ["latchkey:keys.write"], "rate_limit": limit }),
        json!({ "scopes": ["orders:read"] }),
        json!({ "scopes": ["orders:read"], "rate_limit": { "requests": 6, "seconds": 60 } }),
    ] {
        let response = shop.create(&token, json!({ "policy": policy })).await;
        assert_eq!(response.json()["code"], "insufficient_permissions", "{policy}");
        let response = shop.send(&token, Method::PUT, &format!("{path}/policy"), Some(policy.clone())).await;
        assert_eq!(response.json()["code"], "insufficient_permissions", "{policy}");
    }
    assert_eq!(
        shop.create(&token, json!({ "metadata": { "plan": "free" } })).await.json()["code"],
        "insufficient_role"
    );
}

#[tokio::test]
async fn what_a_member_has_set_it_cannot_undo() {
    let shop = Shop::new().await;
    let body = json!({ "external_id": "acme", "expires_at": "2031-01-01T00:00:00Z" });
    let key = shop.post(&shop.manager, "shop/api-keys", body).await.json();
    let token = shop.full_token().await;
    let path = format!("/v1/api-keys/{}", key["id"]);
    let send = async |method, rest: &str, body| shop.send(&token, method, &format!("{path}{rest}"), Some(body)).await;
    let later = json!({ "expires_at": "2032-01-01T00:00:00Z" });
    assert_eq!(send(Method::PATCH, "", later).await.json()["code"], "key_managed");
    let disabled = shop.send(&shop.manager, Method::POST, &format!("{path}/disable"), None).await;
    assert_eq!(disabled.status, 200);
    assert_eq!(send(Method::POST, "/enable", json!({})).await.json()["code"], "key_managed");
    let wider = json!({ "scopes": ["orders:read"] });
    assert_eq!(send(Method::PUT, "/policy", wider).await.json()["code"], "key_managed");
    assert_eq!(send(Method::PATCH, "", json!({ "expires_at": "2030-06-01T00:00:00Z" })).await.status, 200);
    let metadata = shop.send(&token, Method::PUT, &format!("{path}/metadata"), Some(json!({ "metadata": {} }))).await;
    assert_eq!(metadata.json()["code"], "insufficient_scope");
}

#[tokio::test]
async fn it_cannot_enable_what_it_disabled_before_a_member_did() {
    let shop = Shop::new().await;
    let owner = shop.project.owner(&shop.app, "acme").await;
    let token = shop.full_token().await;
    // With a precondition, the key is checked before.
    for is_conditional in [false, true] {
        let key = shop.project.key_of(&shop.app, owner, "orders:read").await;
        let send = async |token: &str, action: &str, if_match: Option<&str>| {
            let request = shop.app.post(&format!("/v1/api-keys/{}/{action}", key.id)).bearer_auth(token);
            let request = if_match.into_iter().fold(request, |request, value| request.header("if-match", value));
            request.send_checked().await
        };
        assert_eq!(send(&token, "disable", None).await.status, 200);
        assert_eq!(send(&token, "enable", None).await.status, 200);
        let disabled = send(&token, "disable", None).await;
        let etag = disabled.header("etag").filter(|_| is_conditional);
        assert_eq!(send(&shop.manager, "disable", etag).await.status, 200);
        assert_eq!(send(&token, "enable", None).await.json()["code"], "key_managed");
        assert_eq!(send(&shop.manager, "enable", None).await.status, 200);
    }
}

#[tokio::test]
async fn of_keys_that_permit_more_than_it_grants_it_can_only_be_rid() {
    let shop = Shop::new().await;
    let scopes = json!(["orders:read", "orders:write", "latchkey:keys.write"]);
    let wide = json!({ "external_id": "acme", "policy": { "scopes": scopes } });
    let key = shop.post(&shop.manager, "shop/api-keys", wide).await.json();
    // A member has not touched this one, so it is not managed.
    let owner = key["user_id"].as_i64().unwrap();
    let own = shop.project.key_of(&shop.app, owner, "orders:write").await;
    let token = shop.owner_token(json!({ "external_id": "acme", "key_scopes": ["orders:read"] })).await;
    let send = async |method, path: String, body: Value| {
        let response = shop.send(&token, method, &format!("/v1/api-keys/{path}"), Some(body)).await;
        (response.status.as_u16(), response.json()["code"].as_str().map(str::to_owned))
    };
    let refused = (403, Some("insufficient_permissions".to_owned()));
    for id in [key["id"].as_i64().unwrap(), own.id] {
        assert_eq!(send(Method::POST, format!("{id}/rotate"), json!({})).await, refused);
        assert_eq!(send(Method::PATCH, id.to_string(), json!({ "expires_at": "2031-01-01T00:00:00Z" })).await.0, 200);
        assert_eq!(send(Method::PATCH, id.to_string(), json!({ "expires_at": null })).await, refused);
        assert_eq!(send(Method::POST, format!("{id}/disable"), json!({})).await.0, 200);
        assert_eq!(send(Method::POST, format!("{id}/enable"), json!({})).await, refused);
        assert_eq!(send(Method::POST, format!("{id}/revoke"), json!({})).await.0, 200);
    }
}

#[tokio::test]
async fn beside_a_key_it_ends_with_its_minter_as_well() {
    let shop = Shop::new().await;
    let body = json!({ "external_id": "acme", "policy": { "scopes": ["latchkey:keys.read"] } });
    let key = shop.post(&shop.manager, "shop/api-keys", body).await.json();
    let token = shop.full_token().await;
    let list = async || {
        let request = shop.app.get("/v1/api-keys/").bearer_auth(&token);
        request.header("x-api-key", key["full_key"].as_str().unwrap()).send_checked().await.status.as_u16()
    };
    assert_eq!(list().await, 200);
    shop.app.database.execute("UPDATE members SET role = 'auditor'").await;
    assert_eq!(list().await, 401);
}

#[tokio::test]
async fn a_sibling_of_a_managed_key_is_managed() {
    let shop = Shop::new().await;
    let limit = json!({ "requests": 5, "seconds": 60 });
    let trial = json!({
        "external_id": "acme",
        "expires_at": "2030-02-01T00:00:00Z",
        "policy": { "scopes": ["latchkey:keys.write"], "rate_limit": limit },
    });
    let trial = shop.post(&shop.manager, "shop/api-keys", trial).await.json();
    let request = shop.app.post("/v1/api-keys/").header("x-api-key", trial["full_key"].as_str().unwrap());
    let sibling = request.json(&json!({})).send_checked().await.json();
    assert_eq!(sibling["expires_at"], "2030-02-01T00:00:00Z");
    let scopes = json!(["latchkey:keys.read", "latchkey:keys.write"]);
    let token = shop.owner_token(json!({ "external_id": "acme", "scopes": scopes, "key_scopes": scopes })).await;
    let path = format!("/v1/api-keys/{}", sibling["id"]);
    let send =
        async |method, path: &str, body| shop.send(&token, method, path, Some(body)).await.json()["code"].clone();
    assert_eq!(send(Method::PATCH, &path, json!({ "expires_at": null })).await, "key_managed");
    let wider = json!({ "scopes": ["latchkey:keys.write"] });
    assert_eq!(send(Method::PUT, &format!("{path}/policy"), wider).await, "key_managed");
}

#[tokio::test]
async fn without_scopes_for_keys_it_has_those_of_the_project_when_it_is_used() {
    let shop = Shop::new().await;
    let scopes: Vec<String> = (0..100).map(|number| format!("{}{number:03}", "s".repeat(125))).collect();
    let default = |scopes: Value| json!({ "settings": { "default_policy": { "scopes": scopes } } });
    shop.configure(default(json!(scopes))).await;
    shop.app.wait_for_poll().await;
    shop.post(&shop.manager, "shop/owners", json!({ "external_id": "acme" })).await;
    let token = shop.owner_token(json!({ "external_id": "acme", "scopes": ["latchkey:keys.write"] })).await;
    assert!(token.len() < 1_000, "{}", token.len());
    let policy = async |response: Response| {
        let path = format!("/v1/api-keys/{}/policy", response.json()["id"]);
        shop.send(&shop.manager, Method::GET, &path, None).await.json()["scopes"].clone()
    };
    assert_eq!(policy(shop.create(&token, json!({})).await).await, json!(scopes));
    shop.configure(default(json!(["orders:read"]))).await;
    shop.app.wait_for_poll().await;
    assert_eq!(policy(shop.create(&token, json!({})).await).await, json!(["orders:read"]));
}

#[tokio::test]
async fn a_token_ends_with_its_owner_its_project_and_its_minter() {
    let shop = Shop::new().await;
    let account = shop.project.service_account(&shop.app, "back end", "manager").await;
    let key = shop.project.key_of(&shop.app, account, "latchkey:owners.write").await;
    shop.post(&shop.manager, "shop/owners", json!({ "external_id": "acme" })).await;
    let mint = async || {
        let request = shop.app.post("/v1/projects/shop/owner-tokens").header("x-api-key", &key.secret);
        let response = request.json(&json!({ "external_id": "acme" })).send_checked().await;
        assert_eq!(response.status, 201, "{response}");
        response.json()["access_token"].as_str().unwrap().to_owned()
    };
    let sql = async |statement: String| shop.app.database.execute(&statement).await;
    let owner = "UPDATE principals SET disabled_at";
    for (end, undo) in [
        (format!("{owner} = now() WHERE external_id = 'acme'"), format!("{owner} = NULL WHERE external_id = 'acme'")),
        (
            "UPDATE projects SET disabled_at = now() WHERE slug = 'shop'".to_owned(),
            "UPDATE projects SET disabled_at = NULL WHERE slug = 'shop'".to_owned(),
        ),
        (format!("{owner} = now() WHERE id = {account}"), format!("{owner} = NULL WHERE id = {account}")),
        (
            format!("UPDATE members SET role = 'auditor' WHERE principal_id = {account}"),
            format!("UPDATE members SET role = 'manager' WHERE principal_id = {account}"),
        ),
        (
            format!("UPDATE api_keys SET scopes = '{{latchkey:owners.read}}' WHERE id = {}", key.id),
            format!("UPDATE api_keys SET scopes = '{{latchkey:owners.write}}' WHERE id = {}", key.id),
        ),
        (
            format!("UPDATE api_keys SET disabled_at = now() WHERE id = {}", key.id),
            format!("UPDATE api_keys SET disabled_at = NULL WHERE id = {}", key.id),
        ),
        (format!("UPDATE api_keys SET revoked_at = now() WHERE id = {}", key.id), String::new()),
    ] {
        let token = mint().await;
        let list = async || shop.send(&token, Method::GET, "/v1/api-keys/", None).await.status.as_u16();
        assert_eq!((shop.me(&token).await, list().await), (200, 200));
        sql(end.clone()).await;
        assert_eq!((shop.me(&token).await, list().await), (401, 401), "{end}");
        if !undo.is_empty() {
            sql(undo).await;
            // Authentication by a key reads the project from the cache.
            shop.app.wait_for_poll().await;
        }
    }
}

#[tokio::test]
async fn a_disabled_owner_gets_no_token_and_old_ones_end_for_ever() {
    let shop = Shop::new().await;
    let upsert = async |disabled: bool| {
        let body = json!({ "external_id": "acme", "disabled": disabled });
        shop.post(&shop.manager, "shop/owners", body).await.status.as_u16()
    };
    assert_eq!(upsert(false).await, 201);
    let token = shop.full_token().await;
    assert_eq!(shop.me(&token).await, 200);
    assert_eq!(upsert(true).await, 200);
    assert_eq!(shop.me(&token).await, 401);
    assert_eq!(shop.get(&token, "shop").await.status, 401, "before it is denied for want of a scope");
    let refused = shop.post(&shop.manager, "shop/owner-tokens", json!({ "external_id": "acme" })).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["code"]), (409, &json!("owner_disabled")));
    assert_eq!(upsert(false).await, 200);
    assert_eq!(shop.me(&token).await, 401);
    let unknown = shop.post(&shop.manager, "shop/owner-tokens", json!({ "external_id": "unknown" })).await;
    assert_eq!((unknown.status.as_u16(), &unknown.json()["code"]), (404, &json!("owner_not_found")));
    let other = shop.post(&shop.manager, "other/owner-tokens", json!({ "external_id": "acme" })).await;
    assert_eq!(other.json()["code"], "project_not_found");
}

#[tokio::test]
async fn tokens_have_scopes_of_keys_alone() {
    let shop = Shop::new().await;
    for body in [
        json!({ "external_id": "acme", "scopes": ["latchkey:keys.read", "latchkey:verify"] }),
        json!({ "external_id": "acme", "scopes": ["latchkey:keys.read", "orders:read"] }),
        json!({ "external_id": "acme", "key_scopes": ["orders:read", "latchkey:instance.admin"] }),
    ] {
        let member = if body["scopes"].is_array() { "scopes" } else { "key_scopes" };
        let response = shop.post(&shop.manager, "shop/owner-tokens", body).await;
        assert_eq!(
            (response.status.as_u16(), &response.json()["detail"][0]["loc"]),
            (422, &json!(["body", member, 1]))
        );
    }
}

#[tokio::test]
async fn a_browser_uses_a_token_on_pages_that_its_project_allows() {
    let shop = Shop::new().await;
    let (ours, others, foreign) = ("https://shop.example", "https://other.example", "https://evil.example");
    shop.configure(json!({ "settings": { "allowed_origins": [ours] } })).await;
    let origins = json!({ "settings": { "allowed_origins": [others] } });
    shop.send(&shop.administrator, Method::PATCH, "/v1/projects/other", Some(origins)).await;
    shop.post(&shop.manager, "shop/owners", json!({ "external_id": "acme" })).await;
    let token = shop.full_token().await;
    shop.app.clock.advance_monotonic(std::time::Duration::from_secs(1));
    shop.app.wait_for_poll().await;

    let allowed = |response: &Response| response.header("access-control-allow-origin").map(str::to_owned);
    for (origin, is_allowed) in [(ours, true), (others, true), (foreign, false), ("null", false)] {
        for path in ["/v1/api-keys/", "/v1/api-keys/7", "/v1/api-keys/7/policy", "/v1/users/me"] {
            let request = shop.app.request(Method::OPTIONS, path).header("origin", origin);
            let preflight = request.header("access-control-request-method", "PATCH").send().await.unwrap();
            assert_eq!(preflight.status(), 204, "{path}");
            let header = |name: &str| preflight.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
            assert_eq!(header("access-control-allow-origin"), is_allowed.then(|| origin.to_owned()), "{origin} {path}");
            assert_eq!(header("vary").as_deref(), Some("Origin"));
            assert_eq!(header("access-control-allow-credentials"), None);
            let max_age = is_allowed.then(|| "600".to_owned());
            assert_eq!(header("access-control-max-age"), max_age);
        }
    }
    let list = async |origin: &str, token: &str| {
        shop.app.get("/v1/api-keys/").header("origin", origin).bearer_auth(token).send_checked().await
    };
    let response = list(ours, &token).await;
    assert_eq!((response.status.as_u16(), allowed(&response).as_deref()), (200, Some(ours)));
    assert!(response.header("access-control-expose-headers").unwrap().contains("ETag"));
    // A page learns why its request failed.
    let response = list(ours, "wrong").await;
    assert_eq!((response.status.as_u16(), allowed(&response).as_deref()), (401, Some(ours)));
    for origin in [others, foreign, "null", ""] {
        let response = list(origin, &token).await;
        assert_eq!(
            (response.status.as_u16(), &response.json()["code"]),
            (403, &json!("origin_not_allowed")),
            "{origin}"
        );
    }
    // Tokens of users are not restricted, as browsers do not have them.
    let response = list(foreign, &shop.manager).await;
    assert_eq!((response.status.as_u16(), allowed(&response)), (200, None));
}

#[tokio::test]
async fn no_preflight_waits_for_a_list_of_origins_that_another_reads() {
    let shop = Shop::new().await;
    shop.configure(json!({ "settings": { "allowed_origins": ["https://shop.example"] } })).await;
    let preflight = || {
        let request = shop.app.request(Method::OPTIONS, "/v1/api-keys/").header("origin", "https://shop.example");
        let response = request.header("access-control-request-method", "GET").send();
        async { response.await.unwrap().headers().contains_key("access-control-allow-origin") }
    };
    assert!(preflight().await);
    let mut locker = shop.app.database.connect().await;
    let lock = locker.transaction().await.unwrap();
    lock.batch_execute("LOCK TABLE projects").await.unwrap();
    shop.app.clock.advance_monotonic(std::time::Duration::from_secs(1));
    let reading = tokio::spawn(preflight());
    let waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'projects'::regclass AND pid IN \
                 (SELECT pid FROM pg_stat_activity WHERE query LIKE '%allowed_origins%')";
    while shop.app.database.query(waits).await[0].get::<_, i64>(0) == 0 {
        tokio::task::yield_now().await;
    }
    assert!(preflight().await && preflight().await);
    assert!(!reading.is_finished());
    lock.commit().await.unwrap();
    assert!(reading.await.unwrap());
}

#[tokio::test]
async fn pages_of_other_origins_use_no_other_operation() {
    let shop = Shop::new().await;
    shop.configure(json!({ "settings": { "allowed_origins": ["https://shop.example"] } })).await;
    for path in
        ["/v1/api-keys/verify", "/token", "/v1/introspect", "/v1/projects", "/v1/projects/shop/owners", "/livez"]
    {
        let request = shop.app.request(Method::OPTIONS, path).header("origin", "https://shop.example");
        let response = request.header("access-control-request-method", "POST").send().await.unwrap();
        assert_eq!(response.status(), 405, "{path}");
        assert!(!response.headers().contains_key("access-control-allow-origin"), "{path}");
    }
    // What is no preflight is not allowed on shared paths either.
    let request = shop.app.request(Method::OPTIONS, "/v1/api-keys/").header("origin", "https://shop.example");
    assert_eq!(request.send().await.unwrap().status(), 405);
    let response = shop.app.get("/v1/users/me").send_checked().await;
    assert_eq!((response.status.as_u16(), response.header("vary")), (401, Some("Origin")));
}
