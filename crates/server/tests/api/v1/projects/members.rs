//! `/v1/projects/{project}/members` and `/v1/projects/{project}/service-accounts`

use http::Method;
use latchkey_test_support::response::Response;
use serde_json::{Value, json};

use super::Shop;

impl Shop {
    async fn set_member(&self, token: &str, id: i64, role: &str) -> Response {
        let path = format!("/v1/projects/shop/members/{id}");
        self.send(token, Method::PUT, &path, Some(json!({ "role": role }))).await
    }

    async fn remove_member(&self, token: &str, id: i64) -> u16 {
        let path = format!("/v1/projects/shop/members/{id}");
        self.send(token, Method::DELETE, &path, None).await.status.as_u16()
    }

    /// A user who is an admin of the project.
    async fn with_project_admin(&self) -> String {
        let (user, token) = self.app.with_member("project admin").await;
        self.project.add_member(&self.app, user.id, "admin").await;
        token
    }

    async fn service_account(&self, token: &str, name: &str, role: &str) -> Response {
        self.post(token, "shop/service-accounts", json!({ "name": name, "role": role })).await
    }
}

#[tokio::test]
async fn a_role_is_in_effect_until_it_is_taken() {
    let shop = Shop::new().await;
    let admin = shop.with_project_admin().await;
    let (user, token) = shop.app.with_member("alice").await;
    let owners = async || shop.get(&token, "shop/owners").await.status.as_u16();
    assert_eq!(owners().await, 403);
    let response = shop.set_member(&admin, user.id, "auditor").await;
    let member = json!({ "user_id": user.id, "kind": "user", "name": "alice", "role": "auditor" });
    assert_eq!((response.status.as_u16(), response.json()), (200, member));
    assert_eq!(owners().await, 200);
    let events = shop.send(&token, Method::GET, "/v1/audit/events", None).await.json();
    let event = &events["items"][0];
    assert_eq!(
        (&event["action"], &event["project"], &event["subject_id"]),
        (&json!("set_role"), &json!("shop"), &json!(user.id))
    );
    let upsert = async || shop.post(&token, "shop/owners", json!({ "external_id": "acme" })).await.status.as_u16();
    assert_eq!(upsert().await, 403);
    assert_eq!(shop.set_member(&admin, user.id, "manager").await.status, 200);
    assert_eq!(upsert().await, 201);
    assert_eq!(shop.remove_member(&admin, user.id).await, 204);
    assert_eq!((owners().await, upsert().await), (403, 403));
    assert_eq!(shop.remove_member(&admin, user.id).await, 404);
}

#[tokio::test]
async fn members_are_listed_in_pages() {
    let shop = Shop::new().await;
    let admin = shop.with_project_admin().await;
    assert_eq!(shop.service_account(&admin, "back end", "manager").await.status, 201);
    let first = shop.get(&admin, "shop/members?limit=2").await.json();
    let names = |page: &Value| {
        let items = page["items"].as_array().unwrap();
        items.iter().map(|item| (item["name"].clone(), item["role"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(names(&first), [(json!("manager"), json!("manager")), (json!("project admin"), json!("admin"))]);
    let query = format!("shop/members?limit=2&cursor={}", first["next_cursor"].as_str().unwrap());
    let second = shop.get(&admin, &query).await.json();
    assert_eq!((names(&second), &second["next_cursor"]), (vec![(json!("back end"), json!("manager"))], &Value::Null));
    let other = shop.get(&shop.administrator, &query).await;
    assert_eq!(other.status, 422);
}

#[tokio::test]
async fn only_users_and_accounts_of_the_project_become_members() {
    let shop = Shop::new().await;
    let admin = shop.with_project_admin().await;
    let owner = shop.project.owner(&shop.app, "acme").await;
    let foreign = shop.other.service_account(&shop.app, "theirs", "manager").await;
    for id in [owner, foreign, 1_000_000] {
        let response = shop.set_member(&admin, id, "manager").await;
        assert_eq!((response.status.as_u16(), &response.json()["code"]), (404, &json!("member_not_found")), "{id}");
        assert_eq!(shop.remove_member(&admin, id).await, 404);
    }
    let (user, _) = shop.app.with_member("alice").await;
    for (token, slug, code) in [
        (&shop.manager, "shop", "insufficient_scope"),
        (&admin, "other", "project_not_found"),
        (&admin, "unknown", "project_not_found"),
    ] {
        let path = format!("/v1/projects/{slug}/members/{}", user.id);
        let response = shop.send(token, Method::PUT, &path, Some(json!({ "role": "admin" }))).await;
        assert_eq!(response.json()["code"], code, "{slug}");
        let response = shop.send(token, Method::DELETE, &path, None).await;
        assert_eq!(response.json()["code"], code, "{slug}");
        let body = json!({ "name": "x", "role": "admin" });
        let response = shop.post(token, &format!("{slug}/service-accounts"), body).await;
        assert_eq!(response.json()["code"], code, "{slug}");
    }
}

#[tokio::test]
async fn a_service_account_works_by_its_keys_until_it_is_removed() {
    let shop = Shop::new().await;
    let admin = shop.with_project_admin().await;
    let created = shop.service_account(&admin, "back end", "manager").await;
    assert_eq!(created.status, 201);
    let id = created.json()["user_id"].as_i64().unwrap();
    assert_eq!(created.header("location"), Some(&*format!("/v1/projects/shop/members/{id}")));
    assert_eq!(shop.service_account(&admin, "back end", "verifier").await.json()["code"], "service_account_exists");
    let issue = async |token: &str, scopes: Value| {
        let body = json!({ "service_account": "back end", "policy": { "scopes": scopes } });
        shop.post(token, "shop/api-keys", body).await
    };
    assert_eq!(issue(&shop.manager, json!(["latchkey:owners.write"])).await.json()["code"], "insufficient_role");
    // Nobody gives what he does not have.
    assert_eq!(issue(&admin, json!(["latchkey:instance.admin"])).await.json()["code"], "insufficient_permissions");
    let key = issue(&admin, json!(["latchkey:owners.write"])).await;
    assert_eq!(key.status, 201, "{key}");
    assert_eq!(key.json()["user_id"], id);
    let secret = key.json()["full_key"].as_str().unwrap().to_owned();
    let upsert = async || {
        let request = shop.app.post("/v1/projects/shop/owners").header("x-api-key", &secret);
        request.json(&json!({ "external_id": "acme" })).send().await.unwrap().status().as_u16()
    };
    assert_eq!(upsert().await, 201);
    assert_eq!(shop.remove_member(&admin, id).await, 204);
    assert_eq!(upsert().await, 401);
    assert_eq!(shop.set_member(&admin, id, "manager").await.json()["code"], "member_not_found");
    assert_eq!(issue(&admin, json!(["latchkey:owners.write"])).await.json()["code"], "member_not_found");
    let unknown = shop.post(&admin, "shop/api-keys", json!({ "service_account": "unknown" })).await;
    assert_eq!((unknown.status.as_u16(), &unknown.json()["code"]), (404, &json!("member_not_found")));
    for body in [json!({}), json!({ "service_account": "back end", "external_id": "acme" })] {
        assert_eq!(shop.post(&admin, "shop/api-keys", body).await.json()["detail"][0]["loc"], json!(["body"]));
    }
}

#[tokio::test]
async fn changes_of_members_are_audited() {
    let shop = Shop::new().await;
    let admin = shop.with_project_admin().await;
    let (user, _) = shop.app.with_member("alice").await;
    shop.set_member(&admin, user.id, "auditor").await;
    shop.set_member(&admin, user.id, "auditor").await;
    shop.set_member(&admin, user.id, "manager").await;
    shop.remove_member(&admin, user.id).await;
    let account = shop.service_account(&admin, "back end", "verifier").await.json()["user_id"].as_i64().unwrap();
    shop.remove_member(&admin, account).await;
    let events = shop.send(&admin, Method::GET, "/v1/audit/events?limit=5", None).await.json();
    let role = |before: Value, after: Value| json!({ "before": before, "after": after });
    for (event, (action, subject, id, changes)) in events["items"].as_array().unwrap().iter().zip([
        (
            "set_role",
            "service_account",
            account,
            json!({ "role": role(json!("verifier"), Value::Null), "disabled": { "before": false, "after": true } }),
        ),
        (
            "create",
            "service_account",
            account,
            json!({
                "username": { "before": null, "after": "back end" },
                "role": role(Value::Null, json!("verifier")),
            }),
        ),
        ("set_role", "user", user.id, json!({ "role": role(json!("manager"), Value::Null) })),
        ("set_role", "user", user.id, json!({ "role": role(json!("auditor"), json!("manager")) })),
        ("set_role", "user", user.id, json!({ "role": role(Value::Null, json!("auditor")) })),
    ]) {
        assert_eq!((&event["action"], &event["subject_type"]), (&json!(action), &json!(subject)));
        assert_eq!(
            (&event["subject_id"], &event["project"], &event["changes"]),
            (&json!(id), &json!("shop"), &changes)
        );
    }
}
