//! `POST /v1/projects/{project}/api-keys`

use std::time::Duration;

use futures_util::future::join_all;
use http::Method;
use latchkey_test_support::response::SendChecked;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};
use tokio_postgres::Client;

use super::Shop;

async fn issue(shop: &Shop, body: Value) -> Value {
    let response = shop.post(&shop.manager, "shop/api-keys", body).await;
    assert_eq!(response.status, 201, "{response}");
    response.json()
}

#[tokio::test]
async fn a_key_is_issued_to_an_owner_who_is_created_on_the_way() {
    let shop = Shop::new().await;
    let first =
        issue(&shop, json!({ "external_id": "acme", "description": "Production", "metadata": { "env": "prod" } }))
            .await;
    let second = issue(&shop, json!({ "external_id": "acme" })).await;
    assert_eq!(first["user_id"], second["user_id"]);
    let verified = shop.app.verify(&shop.administrator, first["full_key"].as_str().unwrap()).await;
    assert_eq!(verified["code"], "valid");
    assert_eq!(verified["project"], "shop");
    assert_eq!(verified["owner_external_id"], "acme");
    assert_eq!(verified["metadata"], json!({ "env": "prod" }));
    // Without a policy, it has the default one of the project.
    assert_eq!(verified["scopes"], json!([]));
    let owner = shop.get(&shop.manager, &format!("shop/owners/{}", first["user_id"])).await.json();
    assert_eq!(owner["external_id"], "acme");
    let events = "SELECT string_agg(subject_type || ' ' || action, ', ' ORDER BY id) FROM audit_events";
    let events: String = shop.app.database.query(events).await[0].get(0);
    let mut events: Vec<&str> = events.split(", ").collect();
    events.sort_unstable();
    assert_eq!(events, ["api_key create", "api_key create", "owner create"]);
    let managed = shop.app.database.query("SELECT bool_and(managed) FROM api_keys WHERE project_id <> 1").await;
    assert!(managed[0].get::<_, bool>(0));
}

#[tokio::test]
async fn the_settings_of_the_project_apply() {
    let shop = Shop::new().await;
    shop.configure(json!({ "settings": {
        "key_prefix": "shop",
        "default_policy": { "scopes": ["orders:read"], "networks": ["192.0.2.0/24"], "rate_limit": { "requests": 5, "seconds": 60 } },
        "default_lifetime_seconds": 86_400,
        "max_lifetime_seconds": 2_592_000,
    } }))
    .await;
    let policy = async |key: &Value| {
        let path = format!("/v1/api-keys/{}/policy", key["id"]);
        shop.send(&shop.manager, Method::GET, &path, None).await.json()
    };
    let key = issue(&shop, json!({ "external_id": "acme" })).await;
    assert!(key["full_key"].as_str().unwrap().starts_with("shop_"), "the prefix");
    assert_eq!(key["expires_at"], "2030-01-02T00:00:00Z");
    let expected = json!({
        "scopes": ["orders:read"], "networks": ["192.0.2.0/24"], "not_before": null, "rate_limit": { "requests": 5, "seconds": 60 },
    });
    assert_eq!(policy(&key).await, expected);
    let own = issue(&shop, json!({ "external_id": "acme", "policy": { "networks": ["198.51.100.0/24"] } })).await;
    let expected = json!({
        "scopes": ["orders:read"], "networks": ["198.51.100.0/24"], "not_before": null, "rate_limit": null,
    });
    assert_eq!(policy(&own).await, expected, "only scopes that are absent are the default ones");
    for expires_at in [json!("2030-01-31T00:00:01Z"), json!("2031-01-01T00:00:00Z")] {
        let body = json!({ "external_id": "acme", "expires_at": expires_at });
        let response = shop.post(&shop.manager, "shop/api-keys", body).await;
        assert_eq!(response.json()["detail"][0]["loc"], json!(["body", "expires_at"]));
    }
}

#[tokio::test]
async fn owners_get_scopes_of_the_deployer_and_those_to_manage_keys_alone() {
    let shop = Shop::new().await;
    let scopes = async |scopes: Value| {
        let body = json!({ "external_id": "acme", "policy": { "scopes": scopes } });
        shop.post(&shop.manager, "shop/api-keys", body).await
    };
    assert_eq!(scopes(json!(["orders:write", "latchkey:keys.read", "latchkey:keys.write"])).await.status, 201);
    for scope in ["latchkey:verify", "latchkey:audit.read", "latchkey:owners.write", "latchkey:instance.admin"] {
        assert_eq!(scopes(json!([scope])).await.json()["code"], "insufficient_permissions", "{scope}");
    }
}

#[tokio::test]
async fn keys_issued_at_once_to_a_new_owner_belong_to_one_owner() {
    let shop = Shop::new().await;
    let keys = join_all((0..16).map(|_| issue(&shop, json!({ "external_id": "acme" })))).await;
    assert!(keys.iter().all(|key| key["user_id"] == keys[0]["user_id"]));
    let count = shop.app.database.query("SELECT count(*) FROM principals WHERE kind = 'owner'").await;
    assert_eq!(count[0].get::<_, i64>(0), 1);
}

#[tokio::test]
async fn a_request_that_is_sent_again_has_the_same_response() {
    let shop = Shop::new().await;
    let send = async |body: Value| {
        let request = shop.app.post("/v1/projects/shop/api-keys").bearer_auth(&shop.manager);
        request.header("idempotency-key", "once").json(&body).send_checked().await
    };
    let first = send(json!({ "external_id": "acme" })).await;
    let again = send(json!({ "external_id": "acme" })).await;
    assert_eq!((first.status, again.status), (http::StatusCode::CREATED, http::StatusCode::CREATED));
    assert_eq!(first.json(), again.json());
    assert_eq!(send(json!({ "external_id": "other" })).await.json()["code"], "idempotency_key_reused");
}

#[tokio::test]
async fn a_request_that_is_sent_again_is_replayed_though_the_limits_changed() {
    let shop = Shop::new().await;
    let send = async |token: &str, path: &str, body: Value| {
        let request = shop.app.post(path).bearer_auth(token).header("idempotency-key", "once");
        request.json(&body).send_checked().await
    };
    let expires_at = "2030-01-01T00:00:50Z";
    let issue = async || {
        let body = json!({ "external_id": "acme", "expires_at": expires_at });
        send(&shop.manager, "/v1/projects/shop/api-keys", body).await
    };
    let issued = issue().await;
    assert_eq!(issued.status, 201);
    let token = json!({ "external_id": "acme", "scopes": ["latchkey:keys.write"] });
    let token = shop.post(&shop.manager, "shop/owner-tokens", token).await.json()["access_token"].clone();
    let create = async || send(token.as_str().unwrap(), "/v1/api-keys/", json!({ "expires_at": expires_at })).await;
    let created = create().await;
    assert_eq!(created.status, 201);
    shop.configure(json!({ "settings": { "max_lifetime_seconds": 10 } })).await;
    shop.app.wait_for_poll().await;
    assert_eq!(issue().await.json(), issued.json());
    assert_eq!(create().await.json(), created.json());
    let other = json!({ "external_id": "other", "expires_at": expires_at });
    assert_eq!(shop.post(&shop.manager, "shop/api-keys", other.clone()).await.status, 422);
    let request = shop.app.post("/v1/projects/shop/api-keys").bearer_auth(&shop.manager);
    let response = request.header("idempotency-key", "another").json(&other).send_checked().await;
    assert_eq!(response.status, 422);
}

/// A transaction that holds up the statements that write an event. They have locked all rows by then.
struct Locker<'a> {
    shop: &'a Shop,
    client: Client,
    /// Where the events are.
    partition: String,
}

impl<'a> Locker<'a> {
    async fn new(shop: &'a Shop) -> Self {
        let client = shop.app.database.connect().await;
        let partition = "SELECT tableoid::regclass::text FROM audit_events LIMIT 1";
        let partition: String = client.query_one(partition, &[]).await.unwrap().get(0);
        client.batch_execute(&format!("BEGIN; LOCK TABLE {partition} IN SHARE MODE")).await.unwrap();
        Self { shop, client, partition }
    }

    /// Waits until so many statements are held up, and so many others wait for a row.
    async fn wait(&self, held_up: i64, waiting: i64) {
        let counts = format!(
            "SELECT count(*) FILTER (WHERE l.relation = '{}'::regclass AND l.mode = 'RowExclusiveLock'),
                count(*) FILTER (WHERE l.locktype IN ('transactionid', 'tuple'))
             FROM pg_locks l INNER JOIN pg_stat_activity a ON a.pid = l.pid
             WHERE NOT l.granted AND a.datname = current_database()",
            self.partition
        );
        let mut found = (0, 0);
        let wait = async {
            while found != (held_up, waiting) {
                sleep(Duration::from_millis(5)).await;
                let rows = self.shop.app.database.query(&counts).await;
                found = (rows[0].get(0), rows[0].get(1));
            }
        };
        let is_over = timeout(Duration::from_secs(20), wait).await.is_ok();
        assert!(is_over, "{} statements are held up, and {} wait", found.0, found.1);
    }

    async fn release(self) {
        self.client.batch_execute("ROLLBACK").await.unwrap();
    }
}

#[tokio::test]
async fn an_owner_changes_after_the_keys_that_are_being_issued_to_it() {
    let shop = Shop::new().await;
    issue(&shop, json!({ "external_id": "acme" })).await;
    let locker = Locker::new(&shop).await;
    let issues = join_all((0..2).map(|_| issue(&shop, json!({ "external_id": "acme" }))));
    let changes = async {
        // The keys do not wait for each other.
        locker.wait(2, 0).await;
        let change = |name| json!({ "external_id": "acme", "display_name": name });
        let changes = ["Acme", "Acme Inc."].map(|name| shop.post(&shop.manager, "shop/owners", change(name)));
        let release = async {
            locker.wait(2, 2).await;
            locker.release().await;
        };
        tokio::join!(join_all(changes), release).0
    };
    let (_, changes) = tokio::join!(issues, changes);
    assert!(changes.iter().all(|response| response.status == 200));
}

#[tokio::test]
async fn no_key_is_issued_to_an_owner_that_is_being_disabled() {
    let shop = Shop::new().await;
    issue(&shop, json!({ "external_id": "acme" })).await;
    let locker = Locker::new(&shop).await;
    let disable = shop.post(&shop.manager, "shop/owners", json!({ "external_id": "acme", "disabled": true }));
    let issue = async {
        locker.wait(1, 0).await;
        let issue = shop.post(&shop.manager, "shop/api-keys", json!({ "external_id": "acme" }));
        let release = async {
            locker.wait(1, 1).await;
            locker.release().await;
        };
        tokio::join!(issue, release).0
    };
    let (disabled, issued) = tokio::join!(disable, issue);
    assert_eq!(disabled.status, 200);
    assert_eq!(issued.json()["code"], "owner_disabled");
}

#[tokio::test]
async fn a_manager_issues_in_its_project_alone() {
    let shop = Shop::new().await;
    let body = json!({ "external_id": "acme" });
    for slug in ["other", "unknown"] {
        let response = shop.post(&shop.manager, &format!("{slug}/api-keys"), body.clone()).await;
        assert_eq!(response.json()["code"], "project_not_found", "{slug}");
    }
    // Not even what is wrong with the request, nor that the project exists.
    let wrong = json!({ "external_id": "acme", "policy": { "scopes": ["latchkey:verify"] } });
    assert_eq!(shop.post(&shop.manager, "other/api-keys", wrong).await.json()["code"], "project_not_found");
    let owners = "SELECT count(*) FROM principals WHERE kind = 'owner'";
    assert_eq!(shop.app.database.query(owners).await[0].get::<_, i64>(0), 0);
}
