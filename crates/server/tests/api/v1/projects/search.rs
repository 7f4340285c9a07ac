//! `POST /v1/projects/{project}/api-keys/search` and `…/revoke`

use http::Method;
use latchkey_domain::model::Scope;
use latchkey_test_support::project::Project;
use serde_json::{Value, json};

use super::Shop;

const CREATED: &str = "2030-01-01T00:00:00Z";
const USED: &str = "2030-01-02T00:00:00Z";

impl Shop {
    pub(super) async fn issue(&self, body: Value) -> Value {
        let response = self.post(&self.manager, "shop/api-keys", body).await;
        assert_eq!(response.status, 201, "{response}");
        response.json()
    }

    async fn search_page(&self, token: &str, query: &str, filter: &Value) -> Value {
        let response = self.post(token, &format!("shop/api-keys/search?{query}"), filter.clone()).await;
        assert_eq!(response.status, 200, "{filter}: {response}");
        response.json()
    }

    /// The ids of the keys that are found, page by page.
    pub(super) async fn search(&self, token: &str, limit: usize, filter: Value) -> Vec<i64> {
        let (mut ids, mut query) = (Vec::new(), format!("limit={limit}"));
        loop {
            let page = self.search_page(token, &query, &filter).await;
            ids.extend(page["items"].as_array().unwrap().iter().map(|item| item["key"]["id"].as_i64().unwrap()));
            match page["next_cursor"].as_str() {
                Some(cursor) => query = format!("limit={limit}&cursor={cursor}"),
                None => return ids,
            }
        }
    }

    async fn revoke(&self, token: &str, body: Value) -> Value {
        let response = self.post(token, "shop/api-keys/revoke", body).await;
        assert_eq!(response.status, 200, "{response}");
        response.json()
    }

    /// Creates keys without a use of an owner by SQL, and returns the id of the oldest.
    pub(super) async fn many_keys(&self, owner: i64, count: usize) -> i64 {
        let insert = format!(
            "INSERT INTO api_keys (user_id, project_id, pepper, hash, key_prefix, created_at, expires_at) \
             SELECT {owner}, {}, 1, sha256(('many ' || n)::bytea), 'lk_aaaaaaaaa', '{CREATED}', '2031-01-01T00:00:00Z' \
             FROM generate_series(1, {count}) n RETURNING id",
            self.project.id
        );
        self.app.database.query(&insert).await.iter().map(|row| row.get::<_, i64>(0)).min().unwrap()
    }
}

fn id(key: &Value) -> i64 {
    key["id"].as_i64().unwrap()
}

#[tokio::test]
async fn every_condition_finds_what_meets_it() {
    let shop = Shop::new().await;
    let production = shop
        .issue(
            json!({ "external_id": "acme", "description": "Production EU", "metadata": { "plan": "pro", "n": "1" } }),
        )
        .await;
    let expiring = shop.issue(json!({ "external_id": "acme", "expires_at": "2030-02-01T00:00:00Z" })).await;
    let disabled = shop.issue(json!({ "external_id": "acme", "metadata": { "plan": "free" } })).await;
    let revoked = shop.issue(json!({ "external_id": "other" })).await;
    let pending =
        shop.issue(json!({ "external_id": "other", "policy": { "not_before": "2030-06-01T00:00:00Z" } })).await;
    let expired = shop.issue(json!({ "external_id": "other", "expires_at": "2029-12-01T00:00:00Z" })).await;
    let deleted = shop.issue(json!({ "external_id": "acme" })).await;
    for (key, method, rest, body) in [
        (&disabled, Method::POST, "/disable", None),
        (&revoked, Method::POST, "/revoke", Some(json!({}))),
        (&deleted, Method::DELETE, "", None),
    ] {
        let path = format!("/v1/api-keys/{}{rest}", id(key));
        assert!(shop.send(&shop.manager, method, &path, body).await.status.is_success());
    }
    let used = format!(
        "INSERT INTO key_usage (key_id, valid_count, invalid_count, last_used_at) VALUES ({}, 1, 0, '{USED}')",
        id(&production)
    );
    shop.app.database.execute(&used).await;

    let of = |keys: &[&Value]| keys.iter().map(|key| id(key)).collect::<Vec<i64>>();
    let text = |key: &Value| key["full_key"].as_str().unwrap().to_owned();
    for (filter, expected) in [
        (json!({}), of(&[&expired, &pending, &revoked, &disabled, &expiring, &production])),
        (json!({ "key": text(&disabled) }), of(&[&disabled])),
        (json!({ "key": text(&disabled)[..12] }), of(&[&disabled])),
        (json!({ "key": text(&disabled)[..30] }), of(&[&disabled])),
        (json!({ "key": text(&disabled), "owner": "other" }), vec![]),
        (json!({ "key": text(&deleted) }), vec![]),
        (json!({ "key": text(&disabled)[..12], "status": "active" }), vec![]),
        (json!({ "owner": "acme" }), of(&[&disabled, &expiring, &production])),
        (json!({ "owner": "Acme" }), vec![]),
        (json!({ "owner": "acme", "status": "active" }), of(&[&expiring, &production])),
        (json!({ "status": "pending" }), of(&[&pending])),
        (json!({ "status": "disabled" }), of(&[&disabled])),
        (json!({ "status": "revoked" }), of(&[&revoked])),
        (json!({ "status": "expired" }), of(&[&expired])),
        (json!({ "description": "production" }), of(&[&production])),
        (json!({ "description": "%" }), vec![]),
        (json!({ "metadata": { "plan": "pro" } }), of(&[&production])),
        (json!({ "metadata": { "plan": "pro", "n": "2" } }), vec![]),
        (json!({ "expires_after": CREATED }), of(&[&expiring])),
        (json!({ "expires_before": "2030-02-01T00:00:00.000001Z" }), of(&[&expired, &expiring])),
        (json!({ "expires_before": "2030-02-01T00:00:00Z" }), of(&[&expired])),
        (json!({ "created_before": CREATED }), vec![]),
        (
            json!({ "created_before": "2030-01-01T00:00:00.000001Z", "owner": "other" }),
            of(&[&expired, &pending, &revoked]),
        ),
        (json!({ "unused_since": USED, "owner": "acme" }), of(&[&disabled, &expiring])),
    ] {
        assert_eq!(shop.search(&shop.manager, 2, filter.clone()).await, expected, "{filter}");
    }
    let page = shop.search_page(&shop.manager, "", &json!({ "key": text(&production) })).await;
    let item = &page["items"][0];
    assert_eq!(item["owner_external_id"], "acme");
    assert_eq!(item["metadata"], json!({ "plan": "pro", "n": "1" }));
    assert_eq!(item["last_used_at"], USED);
    assert_eq!(item["key"]["key_prefix"], text(&production)[..12]);
    assert!(!page.to_string().contains(&text(&production)[12..]));
}

#[tokio::test]
async fn pages_have_every_key_once_whatever_the_condition() {
    let shop = Shop::new().await;
    let owner = shop.project.owner(&shop.app, "acme").await;
    shop.many_keys(owner, 7).await;
    for filter in [
        json!({}),
        json!({ "owner": "acme" }),
        json!({ "key": "lk_aaaa" }),
        json!({ "expires_after": CREATED }),
        json!({ "key": "lk_a", "owner": "acme", "status": "active" }),
    ] {
        for limit in [1, 2, 3, 7, 8] {
            let mut found = shop.search(&shop.manager, limit, filter.clone()).await;
            found.sort_unstable();
            found.dedup();
            assert_eq!(found.len(), 7, "{filter} {limit}");
        }
    }
}

#[tokio::test]
async fn a_cursor_is_that_of_its_caller_project_and_filter() {
    let shop = Shop::new().await;
    let owner = shop.project.owner(&shop.app, "acme").await;
    shop.many_keys(owner, 3).await;
    let page = shop.search_page(&shop.manager, "limit=1", &json!({ "owner": "acme" })).await;
    let query = format!("limit=1&cursor={}", page["next_cursor"].as_str().unwrap());
    for (token, path, filter) in [
        (&shop.administrator, "shop", json!({ "owner": "acme" })),
        (&shop.manager, "shop", json!({ "owner": "acme", "status": "active" })),
        (&shop.manager, "other", json!({ "owner": "acme" })),
    ] {
        let response = shop.post(token, &format!("{path}/api-keys/search?{query}"), filter).await;
        assert_eq!(
            (response.status.as_u16(), &response.json()["detail"][0]["loc"]),
            (422, &json!(["query", "cursor"]))
        );
    }
}

#[tokio::test]
async fn a_search_examines_five_thousand_keys_and_goes_on_where_it_ended() {
    let shop = Shop::new().await;
    let owner = shop.project.owner(&shop.app, "acme").await;
    let oldest = shop.many_keys(owner, 5_001).await;
    shop.app.database.execute(&format!("UPDATE api_keys SET description = 'x' WHERE id = {oldest}")).await;
    for filter in [json!({ "description": "X" }), json!({ "owner": "acme", "description": "X" })] {
        let first = shop.search_page(&shop.manager, "", &filter).await;
        assert_eq!(first["items"], json!([]));
        let query = format!("cursor={}", first["next_cursor"].as_str().unwrap());
        let second = shop.search_page(&shop.manager, &query, &filter).await;
        assert_eq!(second["items"][0]["key"]["id"], oldest);
        assert_eq!(second["next_cursor"], Value::Null);
    }
}

#[tokio::test]
async fn members_find_the_keys_that_their_role_reaches() {
    let shop = Shop::new().await;
    let key = shop.issue(json!({ "external_id": "acme" })).await;
    let account = shop.project.service_account(&shop.app, "back end", "manager").await;
    let of_account = shop.project.key_of(&shop.app, account, "latchkey:owners.write").await;
    assert_eq!(shop.search(&shop.manager, 9, json!({})).await, [of_account.id, id(&key)]);
    // Those of users are found by administrators alone.
    let (user, token) = shop.app.with_member("alice").await;
    let own = shop.app.create_key(&token).await;
    Project::default_project().add_member(&shop.app, user.id, "admin").await;
    let found = async |token: &str| {
        let response = shop.post(token, "default/api-keys/search", json!({ "key": own.secret })).await;
        response.json()["items"].as_array().map(Vec::len)
    };
    assert_eq!((found(&token).await, found(&shop.administrator).await), (Some(0), Some(1)));
    // Nothing is said of other projects.
    for slug in ["other", "unknown"] {
        for filter in [json!({}), json!({ "owner": "acme" })] {
            let response = shop.post(&shop.manager, &format!("{slug}/api-keys/search"), filter).await;
            assert_eq!(response.json()["code"], "project_not_found");
        }
    }
}

#[tokio::test]
async fn keys_are_revoked_together() {
    let shop = Shop::new().await;
    let keys = [
        shop.issue(json!({ "external_id": "acme" })).await,
        shop.issue(json!({ "external_id": "acme" })).await,
        shop.issue(json!({ "external_id": "other" })).await,
    ];
    let codes = async || {
        let mut codes = Vec::new();
        for key in &keys {
            let verified = shop.app.verify(&shop.administrator, key["full_key"].as_str().unwrap()).await;
            codes.push(verified["code"].as_str().unwrap().to_owned());
        }
        codes
    };
    assert_eq!(codes().await, ["valid", "valid", "valid"]);
    let body =
        |dry_run: bool| json!({ "filter": { "owner": "acme" }, "dry_run": dry_run, "limit": 1000, "reason": "leaked" });
    let nothing = json!({ "matched": 0, "revoked": 0, "next_cursor": null });
    assert_eq!(
        shop.revoke(&shop.manager, body(true)).await,
        json!({ "matched": 2, "revoked": 0, "next_cursor": null })
    );
    assert_eq!(codes().await, ["valid", "valid", "valid"]);
    assert_eq!(
        shop.revoke(&shop.manager, body(false)).await,
        json!({ "matched": 2, "revoked": 2, "next_cursor": null })
    );
    assert_eq!(codes().await, ["revoked", "revoked", "valid"]);
    assert_eq!(shop.revoke(&shop.manager, body(false)).await, nothing);
    let events =
        shop.send(&shop.administrator, Method::GET, "/v1/audit/events?limit=2&action=revoke", None).await.json();
    for (event, key) in events["items"].as_array().unwrap().iter().zip([&keys[1], &keys[0]]) {
        assert_eq!(event["key_id"], key["id"]);
        assert_eq!(event["changes"]["revocation_reason"], json!({ "before": null, "after": "leaked" }));
    }
}

#[tokio::test]
async fn keys_that_are_created_after_the_first_request_are_spared() {
    let shop = Shop::new().await;
    let owner = shop.project.owner(&shop.app, "acme").await;
    shop.many_keys(owner, 5).await;
    let body = |cursor: Option<&Value>| {
        let mut body = json!({ "filter": { "owner": "acme" }, "dry_run": false, "limit": 2 });
        if let Some(cursor) = cursor {
            body["cursor"] = cursor.clone();
        }
        body
    };
    let mut result = shop.revoke(&shop.manager, body(None)).await;
    let late = shop.issue(json!({ "external_id": "acme" })).await;
    let mut revoked = result["revoked"].as_i64().unwrap();
    while result["next_cursor"].is_string() {
        result = shop.revoke(&shop.manager, body(Some(&result["next_cursor"]))).await;
        revoked += result["revoked"].as_i64().unwrap();
    }
    assert_eq!(revoked, 5);
    assert_eq!(shop.search(&shop.manager, 9, json!({ "owner": "acme", "status": "active" })).await, [id(&late)]);
}

#[tokio::test]
async fn what_the_caller_may_not_revoke_is_not_revoked() {
    let shop = Shop::new().await;
    let account = shop.project.service_account(&shop.app, "back end", "manager").await;
    let key = shop.project.key_of(&shop.app, account, "latchkey:owners.write").await;
    let (admin, token) = shop.app.with_member("admin").await;
    shop.project.add_member(&shop.app, admin.id, "admin").await;
    let (auditor, auditors) = shop.app.with_member("auditor").await;
    shop.project.add_member(&shop.app, auditor.id, "auditor").await;
    let body = json!({ "filter": { "key": key.secret }, "dry_run": false, "limit": 10 });
    assert_eq!(shop.revoke(&shop.manager, body.clone()).await["matched"], 0);
    assert_eq!(shop.post(&auditors, "shop/api-keys/revoke", body.clone()).await.json()["code"], "insufficient_scope");
    assert_eq!(
        shop.post(&shop.manager, "other/api-keys/revoke", body.clone()).await.json()["code"],
        "project_not_found"
    );
    assert_eq!(shop.revoke(&token, body).await["revoked"], 1);
    for filter in [json!({}), json!({ "metadata": {} })] {
        let body = json!({ "filter": filter, "dry_run": true, "limit": 10 });
        let response = shop.post(&shop.manager, "shop/api-keys/revoke", body).await;
        assert_eq!((response.status.as_u16(), &response.json()["detail"][0]["loc"]), (422, &json!(["body", "filter"])));
    }
}

#[tokio::test]
async fn no_key_is_revoked_that_permits_more_than_the_caller_has() {
    let shop = Shop::new().await;
    let account = shop.project.service_account(&shop.app, "back end", "manager").await;
    let (admin, full) = shop.app.with_member("admin").await;
    shop.project.add_member(&shop.app, admin.id, "admin").await;
    let limited = async |scopes: &[Scope]| shop.app.restricted_token(&admin, scopes.iter().copied().collect()).await;
    let manage = limited(&[Scope::OwnersWrite, Scope::KeysManage]).await;
    let owners = limited(&[Scope::OwnersWrite, Scope::ProjectAdmin]).await;
    let of_owner = shop.issue(json!({ "external_id": "acme" })).await;
    let wider = shop.project.key_of(&shop.app, account, "latchkey:project.admin").await;
    let equal = shop.project.key_of(&shop.app, account, "latchkey:owners.write").await;
    let revoke = async |token: &str, key: &str| {
        let mut counts = [0, 0];
        for (count, dry_run) in counts.iter_mut().zip([true, false]) {
            let body = json!({ "filter": { "key": key }, "dry_run": dry_run, "limit": 10 });
            *count = shop.revoke(token, body).await["matched"].as_i64().unwrap();
        }
        assert_eq!(counts[0], counts[1]);
        counts[1]
    };
    assert_eq!(revoke(&manage, &wider.secret).await, 0);
    assert_eq!((revoke(&owners, &wider.secret).await, revoke(&owners, &equal.secret).await), (0, 0));
    assert_eq!(revoke(&manage, &equal.secret).await, 1);
    assert_eq!(revoke(&owners, of_owner["full_key"].as_str().unwrap()).await, 1);
    assert_eq!(revoke(&full, &wider.secret).await, 1);
}

#[tokio::test]
async fn keys_are_revoked_while_others_are_issued() {
    let shop = Shop::new().await;
    let issue = async |count: usize| {
        let issued = (0..count).map(|_| shop.issue(json!({ "external_id": "acme" })));
        futures_util::future::join_all(issued).await;
    };
    issue(20).await;
    let body = json!({ "filter": { "owner": "acme" }, "dry_run": false, "limit": 1000 });
    let revoke = async || {
        let results = futures_util::future::join_all((0..3).map(|_| shop.revoke(&shop.manager, body.clone()))).await;
        results.iter().map(|result| result["revoked"].as_i64().unwrap()).sum::<i64>()
    };
    let ((), revoked) = tokio::join!(issue(20), revoke());
    assert!((20..=40).contains(&revoked), "{revoked}");
    let count = "SELECT count(*) FROM api_keys WHERE revoked_at IS NOT NULL";
    assert_eq!(shop.app.database.query(count).await[0].get::<_, i64>(0), revoked);
}
