//! `GET`, `POST /v1/projects` and `GET`, `PATCH /v1/projects/{project}`

use http::Method;
use insta::assert_snapshot;
use latchkey_test_support::{app::TestApp, project::Project, response::SendChecked};
use serde_json::{Value, json};

use super::Shop;

#[tokio::test]
async fn a_project_is_created_with_what_is_not_set_by_default() {
    let app = TestApp::new().await;
    let (_, token) = app.with_admin("root").await;
    let create = app.post("/v1/projects").bearer_auth(&token);
    assert_snapshot!(create.json(&json!({ "slug": "acme-api" })).send_checked().await, @r#"
    201 Created
    cache-control: no-store
    content-type: application/json
    etag: "1"
    latchkey-version: <version>
    location: /v1/projects/acme-api
    x-request-id: <id>

    {
      "slug": "acme-api",
      "settings": {
        "key_prefix": null,
        "default_policy": {
          "scopes": [],
          "networks": null,
          "rate_limit": null
        },
        "default_lifetime_seconds": null,
        "max_lifetime_seconds": null,
        "allowed_origins": []
      },
      "disabled": false,
      "created_at": "2030-01-01T00:00:00Z"
    }
    "#);
}

#[tokio::test]
async fn settings_are_read_as_they_were_written_and_change_one_by_one() {
    let shop = Shop::new().await;
    let settings = json!({
        "key_prefix": "shop",
        "default_policy": { "scopes": ["orders:read"], "networks": ["192.0.2.0/24"], "rate_limit": { "requests": 5, "seconds": 60 } },
        "default_lifetime_seconds": 86_400,
        "max_lifetime_seconds": 2_592_000,
        "allowed_origins": ["https://app.example.com", "http://localhost:3000"],
    });
    let created = shop
        .send(&shop.administrator, Method::POST, "/v1/projects", Some(json!({ "slug": "full", "settings": settings })))
        .await;
    assert_eq!(created.json()["settings"], settings);
    // `86400.0` is an integer in JSON Schema.
    let change = json!({ "settings": { "max_lifetime_seconds": null, "default_lifetime_seconds": 86_400.0, "default_policy": { "scopes": ["orders:write"] } } });
    let changed = shop.send(&shop.administrator, Method::PATCH, "/v1/projects/full", Some(change.clone())).await;
    assert_eq!(changed.header("etag"), Some("\"2\""));
    let mut expected = settings;
    expected["max_lifetime_seconds"] = Value::Null;
    expected["default_policy"] = json!({ "scopes": ["orders:write"], "networks": null, "rate_limit": null });
    assert_eq!(changed.json()["settings"], expected);
    let unchanged = shop.send(&shop.administrator, Method::PATCH, "/v1/projects/full", Some(change)).await;
    assert_eq!(unchanged.header("etag"), Some("\"2\""), "nothing changed");
    let found = shop.get(&shop.administrator, "full").await;
    assert_eq!(found.json(), unchanged.json());
    assert_eq!(found.header("etag"), Some("\"2\""));
}

#[tokio::test]
async fn a_change_takes_effect_if_the_project_is_as_it_was_read() {
    let shop = Shop::new().await;
    let patch = async |if_match: &str, lifetime: i64| {
        let body = json!({ "settings": { "default_lifetime_seconds": lifetime } });
        let request = shop.app.patch("/v1/projects/shop").bearer_auth(&shop.administrator).header("if-match", if_match);
        request.json(&body).send_checked().await.status.as_u16()
    };
    assert_eq!(patch("\"1\"", 60).await, 200);
    assert_eq!(patch("\"1\"", 61).await, 412);
    assert_eq!(patch("*", 62).await, 200);
}

#[tokio::test]
async fn concurrent_changes_are_all_made() {
    let shop = Shop::new().await;
    let changes = (0..10).map(async |number| {
        let body = json!({ "settings": { "default_lifetime_seconds": number + 1 } });
        shop.send(&shop.administrator, Method::PATCH, "/v1/projects/shop", Some(body)).await.status.as_u16()
    });
    assert_eq!(futures_util::future::join_all(changes).await, [200; 10]);
}

#[tokio::test]
async fn what_is_no_slug_or_external_id_is_no_error_of_the_server() {
    let shop = Shop::new().await;
    for path in ["%00", "%00/owners", "shop/owners?external_id=%00", "%00/owners/1", "Shop", "shop%2F..", "%FF"] {
        assert_eq!(shop.get(&shop.manager, path).await.status, 422, "{path}");
    }
    for path in ["%00/owners", "%00/api-keys", "%00/owner-tokens"] {
        let response = shop.post(&shop.manager, path, json!({ "external_id": "acme" })).await;
        assert_eq!(response.status, 422, "{path}");
    }
}

#[tokio::test]
async fn slugs_and_prefixes_are_unique() {
    let shop = Shop::new().await;
    let create = async |slug: &str, prefix: &str| {
        let body = json!({ "slug": slug, "settings": { "key_prefix": prefix } });
        shop.send(&shop.administrator, Method::POST, "/v1/projects", Some(body)).await
    };
    assert_eq!(create("one", "one").await.status, 201);
    assert_eq!(create("one", "two").await.json()["code"], "project_exists");
    assert_eq!(create("two", "one").await.json()["code"], "project_exists");
    let taken = json!({ "settings": { "key_prefix": "one" } });
    let response = shop.send(&shop.administrator, Method::PATCH, "/v1/projects/shop", Some(taken)).await;
    assert_eq!(response.json()["code"], "project_exists");
}

#[tokio::test]
async fn what_no_setting_can_be_is_refused() {
    let shop = Shop::new().await;
    for (settings, location) in [
        (json!({ "default_policy": { "scopes": ["a", "latchkey:verify"] } }), json!(["default_policy", "scopes", 1])),
        (json!({ "default_policy": { "scopes": ["latchkey:everything"] } }), json!(["default_policy", "scopes", 0])),
        (json!({ "allowed_origins": ["https://a.example", "https://a.example/path"] }), json!(["allowed_origins", 1])),
        (json!({ "allowed_origins": ["*"] }), json!(["allowed_origins", 0])),
    ] {
        let body = json!({ "settings": settings });
        let response = shop.send(&shop.administrator, Method::PATCH, "/v1/projects/shop", Some(body)).await;
        assert_eq!(response.status, 422, "{settings}");
        let mut expected = vec![json!("body"), json!("settings")];
        expected.extend(location.as_array().unwrap().iter().cloned());
        assert_eq!(response.json()["detail"][0]["loc"], json!(expected), "{settings}");
    }
}

#[tokio::test]
async fn the_default_project_cannot_be_disabled_and_others_end_their_keys() {
    let shop = Shop::new().await;
    let disable = Some(json!({ "disabled": true }));
    let response = shop.send(&shop.administrator, Method::PATCH, "/v1/projects/default", disable.clone()).await;
    assert_eq!(response.json()["code"], "project_not_disableable");
    let key = shop.project.owner_key(&shop.app, "acme").await;
    let code = async || shop.app.verify(&shop.administrator, &key.secret).await["code"].clone();
    assert_eq!(code().await, "valid");
    shop.configure(json!({ "disabled": true })).await;
    assert_eq!(code().await, "project_disabled");
    assert_eq!(
        shop.post(&shop.manager, "shop/api-keys", json!({ "external_id": "acme" })).await.json()["code"],
        "project_disabled"
    );
    assert_eq!(
        shop.post(&shop.manager, "shop/owner-tokens", json!({ "external_id": "acme" })).await.json()["code"],
        "project_disabled"
    );
    shop.configure(json!({ "disabled": false })).await;
    assert_eq!(code().await, "valid");
}

#[tokio::test]
async fn members_list_their_projects_and_administrators_all_in_pages() {
    let shop = Shop::new().await;
    let list = async |token: &str, query: &str| {
        let response = shop.send(token, Method::GET, &format!("/v1/projects?{query}"), None).await.json();
        let slugs: Vec<String> = response["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["slug"].as_str().unwrap().to_owned())
            .collect();
        (slugs, response["next_cursor"].as_str().map(str::to_owned))
    };
    assert_eq!(list(&shop.manager, "").await, (vec!["shop".to_owned()], None));
    let (first, cursor) = list(&shop.administrator, "limit=2").await;
    assert_eq!(first, ["default", "shop"]);
    let cursor = cursor.unwrap();
    assert_eq!(list(&shop.administrator, &format!("limit=2&cursor={cursor}")).await, (vec!["other".to_owned()], None));
    let others = shop.send(&shop.manager, Method::GET, &format!("/v1/projects?cursor={cursor}"), None).await;
    assert_eq!(others.status, 422);
    let (_, nobody) = shop.app.with_member("nobody").await;
    assert_eq!(list(&nobody, "").await, (Vec::new(), None));
}

#[tokio::test]
async fn who_has_no_role_in_a_project_does_not_find_it() {
    let shop = Shop::new().await;
    let patch = async |token: &str, slug: &str| {
        let path = format!("/v1/projects/{slug}");
        shop.send(token, Method::PATCH, &path, Some(json!({ "settings": {} }))).await.json()["code"].clone()
    };
    assert_eq!(shop.get(&shop.manager, "shop").await.status, 200);
    for slug in ["other", "unknown", "default"] {
        let response = shop.get(&shop.manager, slug).await;
        assert_eq!((response.status.as_u16(), &response.json()["code"]), (404, &json!("project_not_found")), "{slug}");
    }
    // A manager has the scope in no project.
    assert_eq!(patch(&shop.manager, "shop").await, "insufficient_scope");
    let (admin, token) = shop.app.with_member("admin").await;
    shop.other.add_member(&shop.app, admin.id, "admin").await;
    Project::default_project().add_member(&shop.app, admin.id, "manager").await;
    assert_eq!(patch(&token, "shop").await, "project_not_found");
    assert_eq!(patch(&token, "default").await, "insufficient_role");
    assert_eq!(patch(&token, "other").await, Value::Null);
    let create = shop.send(&token, Method::POST, "/v1/projects", Some(json!({ "slug": "mine" }))).await;
    assert_eq!(create.json()["code"], "insufficient_scope");
}

#[tokio::test]
async fn changes_of_projects_are_audited() {
    let shop = Shop::new().await;
    let settings = json!({
        "key_prefix": "audited",
        "default_policy": { "scopes": ["orders:read"] },
        "default_lifetime_seconds": 60,
        "max_lifetime_seconds": 120,
        "allowed_origins": ["https://app.example.com"],
    });
    shop.configure(json!({ "settings": settings })).await;
    shop.configure(json!({ "disabled": true })).await;
    let created = shop.send(&shop.administrator, Method::POST, "/v1/projects", Some(json!({ "slug": "new" }))).await;
    assert_eq!(created.status, 201);
    let events = shop.send(&shop.administrator, Method::GET, "/v1/audit/events?limit=3", None).await.json();
    let event = |index: usize| {
        let event = &events["items"][index];
        (event["action"].clone(), event["subject_type"].clone(), event["project"].clone(), event["changes"].clone())
    };
    let empty = json!({ "before": null, "after": [] });
    assert_eq!(
        event(0),
        (json!("create"), json!("project"), json!("new"), json!({ "scopes": empty, "allowed_origins": empty }))
    );
    assert_eq!(event(1).0, "disable");
    assert_eq!(event(1).3, json!({ "disabled": { "before": false, "after": true } }));
    assert_eq!(event(2).0, "update");
    assert_eq!(
        event(2).3,
        json!({
            "key_prefix": { "before": null, "after": "audited" },
            "scopes": { "before": [], "after": ["orders:read"] },
            "default_lifetime_seconds": { "before": null, "after": 60 },
            "max_lifetime_seconds": { "before": null, "after": 120 },
            "allowed_origins": { "before": [], "after": ["https://app.example.com"] },
        })
    );
}
