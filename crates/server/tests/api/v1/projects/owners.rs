//! `/v1/projects/{project}/owners` and `/v1/projects/{project}/owners/{owner_id}`

use std::num::NonZeroU32;

use futures_util::future::join_all;
use http::Method;
use insta::assert_snapshot;
use latchkey_test_support::{
    app::Options,
    response::{Response, SendChecked},
};
use serde_json::{Value, json};

use super::Shop;

async fn upsert(shop: &Shop, body: Value) -> (u16, Value) {
    let response = shop.post(&shop.manager, "shop/owners", body).await;
    (response.status.as_u16(), response.json())
}

#[tokio::test]
async fn an_owner_is_created_then_changed_as_far_as_the_request_says() {
    let shop = Shop::new().await;
    let create = json!({ "external_id": "acme", "display_name": "Acme Ltd", "metadata": { "plan": "pro" } });
    let response =
        shop.app.post("/v1/projects/shop/owners").bearer_auth(&shop.manager).json(&create).send_checked().await;
    let id = response.json()["id"].clone();
    assert_eq!(response.status, 201);
    assert_eq!(response.header("location"), Some(format!("/v1/projects/shop/owners/{id}").as_str()));
    let owner = json!({
        "id": id, "external_id": "acme", "display_name": "Acme Ltd", "metadata": { "plan": "pro" }, "disabled": false,
        "created_at": "2030-01-01T00:00:00Z",
    });
    assert_eq!(response.json(), owner);
    assert_eq!(upsert(&shop, create).await, (200, owner.clone()));
    assert_eq!(upsert(&shop, json!({ "external_id": "acme" })).await, (200, owner.clone()));
    let mut changed = owner;
    changed["display_name"] = Value::Null;
    assert_eq!(upsert(&shop, json!({ "external_id": "acme", "display_name": null })).await, (200, changed.clone()));
    changed["metadata"] = json!({ "seats": "5" });
    assert_eq!(
        upsert(&shop, json!({ "external_id": "acme", "metadata": { "seats": "5" } })).await,
        (200, changed.clone())
    );
    changed["disabled"] = json!(true);
    assert_eq!(upsert(&shop, json!({ "external_id": "acme", "disabled": true })).await, (200, changed.clone()));
    assert_eq!(shop.get(&shop.manager, &format!("shop/owners/{id}")).await.json(), changed);
}

#[tokio::test]
async fn owners_created_at_once_are_one() {
    let shop = Shop::new().await;
    let upserts = (0..16).map(|number| {
        let body = json!({ "external_id": "acme", "metadata": { "number": number.to_string() } });
        upsert(&shop, body)
    });
    let responses = join_all(upserts).await;
    let created = responses.iter().filter(|(status, _)| *status == 201).count();
    let changed = responses.iter().filter(|(status, _)| *status == 200).count();
    assert_eq!((created, changed), (1, 15));
    assert!(responses.iter().all(|(_, owner)| owner["id"] == responses[0].1["id"]));
    let events =
        "SELECT action, count(*) FROM audit_events WHERE subject_type = 'owner' GROUP BY action ORDER BY action";
    let rows = shop.app.database.query(events).await;
    let counts: Vec<(String, i64)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert_eq!(counts, [("create".to_owned(), 1), ("update".to_owned(), 15)]);
}

#[tokio::test]
async fn external_ids_are_compared_byte_for_byte() {
    let shop = Shop::new().await;
    let printable: String = (' '..='~').collect();
    let ids = [
        "acme",
        "ACME",
        " acme",
        "acme ",
        "..",
        "../default",
        "%2F",
        "a/b",
        "1",
        "admin",
        "\u{e9}",
        "e\u{301}",
        "\u{1f511}",
        printable.as_str(),
        &"x".repeat(255),
        &"\u{1f511}".repeat(255),
    ];
    let mut found = Vec::new();
    for external_id in ids {
        let (status, owner) = upsert(&shop, json!({ "external_id": external_id })).await;
        assert_eq!((status, &owner["external_id"]), (201, &json!(external_id)));
        let query = shop.app.get("/v1/projects/shop/owners").query(&[("external_id", external_id)]);
        let listed = query.bearer_auth(&shop.manager).send_checked().await.json();
        assert_eq!(listed["items"], json!([owner]), "{external_id}");
        found.push(owner["id"].as_i64().unwrap());
    }
    found.sort_unstable();
    found.dedup();
    assert_eq!(found.len(), ids.len());
    for invalid in ["", &"x".repeat(256), "a\u{0}", "a\nb", "\u{7f}", "\u{85}"] {
        assert_eq!(upsert(&shop, json!({ "external_id": invalid })).await.0, 422, "{invalid:?}");
    }
}

#[tokio::test]
async fn metadata_is_bounded() {
    let shop = Shop::new().await;
    // {"name00":"…", …}: 11 bytes around each value of nine, and one more brace.
    let metadata = |length: usize| -> Value {
        let names =
            (0..9).map(|number| (format!("n{number}"), Value::from("x".repeat(if number < 8 { 447 } else { length }))));
        Value::Object(names.collect())
    };
    let length = 4_096 - 1 - 9 * 8 - 8 * 447;
    let (status, owner) = upsert(&shop, json!({ "external_id": "acme", "metadata": metadata(length) })).await;
    assert_eq!((status, &owner["metadata"]), (201, &metadata(length)));
    let (status, body) = upsert(&shop, json!({ "external_id": "acme", "metadata": metadata(length + 1) })).await;
    assert_eq!((status, &body["detail"][0]["loc"]), (422, &json!(["body", "metadata"])));
    for invalid in [json!({ "a": "\u{0}" }), json!({ "a b": "c" }), json!({ "a": 1 }), json!({ "a": null })] {
        assert_eq!(upsert(&shop, json!({ "external_id": "acme", "metadata": invalid })).await.0, 422, "{invalid}");
    }
}

#[tokio::test]
async fn a_disabled_owner_has_no_valid_key_until_it_is_enabled() {
    let shop = Shop::new().await;
    let issued = shop.post(&shop.manager, "shop/api-keys", json!({ "external_id": "acme" })).await.json();
    let code =
        async || shop.app.verify(&shop.administrator, issued["full_key"].as_str().unwrap()).await["code"].clone();
    assert_eq!(code().await, "valid");
    upsert(&shop, json!({ "external_id": "acme", "disabled": true })).await;
    assert_eq!(code().await, "principal_disabled");
    let refused = shop.post(&shop.manager, "shop/api-keys", json!({ "external_id": "acme" })).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["code"]), (409, &json!("owner_disabled")));
    upsert(&shop, json!({ "external_id": "acme", "disabled": false })).await;
    assert_eq!(code().await, "valid");
}

#[tokio::test]
async fn owners_are_listed_in_pages_and_a_cursor_is_of_one_list() {
    let shop = Shop::new().await;
    for external_id in ["a", "b", "c"] {
        assert_eq!(upsert(&shop, json!({ "external_id": external_id })).await.0, 201);
    }
    let list = async |path: &str| shop.get(&shop.administrator, path).await;
    let page = list("shop/owners?limit=2").await.json();
    let ids = |page: &Value| -> Vec<String> {
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|owner| owner["external_id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(ids(&page), ["a", "b"]);
    let cursor = page["next_cursor"].as_str().unwrap();
    let page = list(&format!("shop/owners?limit=2&cursor={cursor}")).await.json();
    assert_eq!((ids(&page), &page["next_cursor"]), (vec!["c".to_owned()], &Value::Null));
    for other in [format!("other/owners?cursor={cursor}"), format!("shop/owners?external_id=a&cursor={cursor}")] {
        assert_eq!(list(&other).await.status, 422, "{other}");
    }
}

#[tokio::test]
async fn a_manager_of_one_project_reaches_no_owner_of_another() {
    let shop = Shop::new().await;
    let id = shop.other.owner(&shop.app, "acme").await;
    for path in [format!("other/owners/{id}"), "other/owners".to_owned(), "unknown/owners".to_owned()] {
        let response = shop.get(&shop.manager, &path).await;
        assert_eq!((response.status.as_u16(), &response.json()["code"]), (404, &json!("project_not_found")), "{path}");
    }
    let response = shop.get(&shop.manager, &format!("shop/owners/{id}")).await;
    assert_eq!((response.status.as_u16(), &response.json()["code"]), (404, &json!("owner_not_found")));
    let response = shop.post(&shop.manager, "other/owners", json!({ "external_id": "acme", "disabled": true })).await;
    assert_eq!(response.json()["code"], "project_not_found");
    // An auditor reads, and changes nothing.
    let (auditor, token) = shop.app.with_member("auditor").await;
    shop.project.add_member(&shop.app, auditor.id, "auditor").await;
    assert_eq!(shop.get(&token, "shop/owners").await.status, 200);
    assert_eq!(
        shop.post(&token, "shop/owners", json!({ "external_id": "acme" })).await.json()["code"],
        "insufficient_scope"
    );
    shop.other.add_member(&shop.app, auditor.id, "manager").await;
    shop.app.wait_for_poll().await;
    assert_eq!(
        shop.post(&token, "shop/owners", json!({ "external_id": "acme" })).await.json()["code"],
        "insufficient_role"
    );
}

#[tokio::test]
async fn events_of_owners_do_not_say_who_they_are() {
    let shop = Shop::new().await;
    upsert(&shop, json!({ "external_id": "acme", "display_name": "Acme Ltd", "metadata": { "plan": "pro" } })).await;
    upsert(&shop, json!({ "external_id": "acme", "disabled": true })).await;
    let events = shop.send(&shop.manager, Method::GET, "/v1/audit/events", None).await;
    assert_snapshot!(events.json()["items"].as_array().unwrap().iter().map(|event| format!(
        "{} {} {} {}\n", event["action"], event["subject_type"], event["principal_id"] == event["subject_id"], event["changes"]
    )).collect::<String>(), @r#"
    "update" "owner" true {"disabled":{"before":false,"after":true}}
    "create" "owner" true {}
    "#);
    assert!(!events.text().contains("acme") && !events.text().contains("Acme") && !events.text().contains("pro\""));
}

impl Shop {
    async fn delete_owner(&self, token: &str, path: &str) -> Response {
        self.send(token, Method::DELETE, &format!("/v1/projects/{path}"), None).await
    }

    /// How many rows of principals and keys contain a text.
    async fn rows_with(&self, text: &str) -> i64 {
        let count = format!(
            "SELECT (SELECT count(*) FROM principals p WHERE strpos(p::text, '{text}') > 0) \
                 + (SELECT count(*) FROM api_keys k WHERE strpos(k::text, '{text}') > 0)"
        );
        self.app.database.query(&count).await[0].get(0)
    }
}

#[tokio::test]
async fn of_a_deleted_owner_only_the_id_remains() {
    let shop = Shop::new().await;
    let (_, owner) = upsert(
        &shop,
        json!({ "external_id": "acme-7", "display_name": "Anna Acme", "metadata": { "mail": "anna@example.com" } }),
    )
    .await;
    let key = json!({ "external_id": "acme-7", "description": "laptop of Anna", "metadata": { "phone": "555-0199" } });
    let issued = shop.issue(key.clone()).await;
    let deleted_before = shop.issue(key.clone()).await;
    let path = format!("/v1/api-keys/{}", deleted_before["id"]);
    assert_eq!(shop.send(&shop.manager, Method::DELETE, &path, None).await.status, 204);
    let token = json!({ "external_id": "acme-7", "scopes": ["latchkey:keys.read"] });
    let token = shop.post(&shop.manager, "shop/owner-tokens", token).await.json();
    let token = token["access_token"].as_str().unwrap();
    let status = async || shop.send(token, Method::GET, "/v1/api-keys/", None).await.status.as_u16();
    assert_eq!(status().await, 200);
    let code =
        async || shop.app.verify(&shop.administrator, issued["full_key"].as_str().unwrap()).await["code"].clone();
    assert_eq!(code().await, "valid");

    let path = format!("shop/owners/{}", owner["id"]);
    assert_eq!(shop.delete_owner(&shop.manager, &path).await.status, 204);
    assert_eq!((code().await, status().await), (json!("principal_disabled"), 401));
    for text in ["acme-7", "Anna", "anna@", "555-0199"] {
        assert_eq!(shop.rows_with(text).await, 0, "{text}");
    }
    let found = shop.get(&shop.manager, &path).await;
    assert_eq!((found.status.as_u16(), &found.json()["code"]), (404, &json!("owner_not_found")));
    assert_eq!(shop.get(&shop.manager, "shop/owners").await.json()["items"], json!([]));
    let events = shop.send(&shop.manager, Method::GET, "/v1/audit/events", None).await.json();
    let events = events["items"].as_array().unwrap();
    let actions: Vec<(&str, bool)> = events[..2]
        .iter()
        .map(|event| (event["action"].as_str().unwrap(), event["principal_id"] == owner["id"]))
        .collect();
    assert_eq!(actions, [("revoke", true), ("delete", true)]);
    // It is deleted, and nothing is recorded again.
    assert_eq!(shop.delete_owner(&shop.manager, &path).await.status, 204);
    let again = shop.send(&shop.manager, Method::GET, "/v1/audit/events", None).await.json();
    assert_eq!(again["items"].as_array().unwrap().len(), events.len());

    // The external id names another owner now, whose keys alone are found by it.
    assert_eq!(upsert(&shop, json!({ "external_id": "acme-7" })).await.0, 201);
    let found = async || shop.search(&shop.manager, 10, json!({ "owner": "acme-7" })).await;
    assert_eq!(found().await, [0; 0]);
    let new = shop.issue(key).await;
    assert_eq!(found().await, [new["id"].as_i64().unwrap()]);
    assert_eq!(shop.delete_owner(&shop.manager, &path).await.status, 204);
    assert_eq!(shop.rows_with("acme-7").await, 1);
}

#[tokio::test]
async fn an_owner_that_takes_the_external_id_of_a_deleted_one_has_a_quota_of_its_own() {
    let shop = Shop::with(Options { max_keys_per_user: NonZeroU32::new(1).unwrap(), ..Options::default() }).await;
    let issue =
        async || shop.post(&shop.manager, "shop/api-keys", json!({ "external_id": "acme" })).await.status.as_u16();
    for _ in 0..2 {
        let owner = upsert(&shop, json!({ "external_id": "acme" })).await.1["id"].clone();
        assert_eq!((issue().await, issue().await), (201, 409));
        assert_eq!(shop.delete_owner(&shop.manager, &format!("shop/owners/{owner}")).await.status, 204);
    }
}

#[tokio::test]
async fn all_keys_of_a_deleted_owner_are_revoked_and_erased() {
    let shop = Shop::new().await;
    let owner = shop.project.owner(&shop.app, "acme").await;
    shop.many_keys(owner, 2_500).await;
    shop.app.database.execute("UPDATE api_keys SET description = 'of Anna'").await;
    assert_eq!(shop.delete_owner(&shop.manager, &format!("shop/owners/{owner}")).await.status, 204);
    let left = "SELECT count(*) FROM api_keys WHERE revoked_at IS NULL OR description IS NOT NULL";
    assert_eq!(shop.app.database.query(left).await[0].get::<_, i64>(0), 0);
}

#[tokio::test]
async fn owners_are_deleted_by_managers_of_their_project_alone() {
    let shop = Shop::new().await;
    let (owner, other) = (shop.project.owner(&shop.app, "acme").await, shop.other.owner(&shop.app, "acme").await);
    let code = async |token: &str, path: &str| shop.delete_owner(token, path).await.json()["code"].clone();
    assert_eq!(code(&shop.manager, &format!("shop/owners/{other}")).await, "owner_not_found");
    assert_eq!(code(&shop.manager, &format!("other/owners/{other}")).await, "project_not_found");
    assert_eq!(code(&shop.manager, &format!("unknown/owners/{owner}")).await, "project_not_found");
    let (auditor, token) = shop.app.with_member("auditor").await;
    shop.project.add_member(&shop.app, auditor.id, "auditor").await;
    assert_eq!(code(&token, &format!("shop/owners/{owner}")).await, "insufficient_scope");
    // A user is no owner.
    assert_eq!(code(&shop.administrator, &format!("default/owners/{}", auditor.id)).await, "owner_not_found");
    for id in [owner, other] {
        let listed = shop.app.database.query(&format!("SELECT external_id FROM principals WHERE id = {id}")).await;
        assert_eq!(listed[0].get::<_, String>(0), "acme");
    }
}
