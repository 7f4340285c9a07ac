//! The metadata of keys and owners: written by members, returned by verifications.

use latchkey_test_support::{
    app::{Options, TestApp},
    project::Project,
    response::SendChecked,
};
use serde_json::{Value, json};

#[tokio::test]
async fn the_metadata_of_a_key_is_returned_by_verifications() {
    let app = TestApp::with(Options { change_feed: true, ..Options::default() }).await;
    app.wait_for_poll().await;
    let (_, admin) = app.with_admin("admin").await;
    let key = app.create_key_with(&admin, json!({ "metadata": { "plan": "pro", "text": "€ \"5\"" } })).await;
    let path = format!("/v1/api-keys/{}/metadata", key.id);
    let get = async || app.get(&path).bearer_auth(&admin).send_checked().await;
    let created = json!({ "plan": "pro", "text": "€ \"5\"" });
    assert_eq!(get().await.json(), json!({ "metadata": created }));
    assert_eq!(app.verify(&admin, &key.secret).await["metadata"], created);
    // The second response comes from the cache.
    assert_eq!(app.verify(&admin, &key.secret).await["metadata"], created);

    let etag = get().await.header("etag").unwrap().to_owned();
    let put = async |tag: &str, metadata: &Value| {
        let request = app.put(&path).bearer_auth(&admin).header("if-match", tag);
        request.json(&json!({ "metadata": metadata })).send_checked().await
    };
    let changed = json!({ "seats": "5" });
    let response = put(&etag, &changed).await;
    assert_eq!((response.status.as_u16(), response.json()), (200, json!({ "metadata": changed })));
    assert_eq!(put(&etag, &json!({})).await.status, 412);
    assert_eq!(app.verify(&admin, &key.secret).await["metadata"], changed);
    assert_eq!(put("*", &json!({})).await.status, 200);
    assert_eq!(app.verify(&admin, &key.secret).await.get("metadata"), None);

    // Its events do not say what it was, because it may name persons.
    let events = app.get("/v1/audit/events?action=set_metadata").bearer_auth(&admin).send_checked().await.json();
    assert_eq!(events["items"].as_array().unwrap().len(), 2);
    assert_eq!(events["items"][0]["changes"], json!({}));
}

#[tokio::test]
async fn metadata_is_bounded() {
    let app = TestApp::new().await;
    let (_, admin) = app.with_admin("admin").await;
    let id = app.create_key(&admin).await.id;
    let put = async |metadata: Value| {
        let request = app.put(&format!("/v1/api-keys/{id}/metadata")).bearer_auth(&admin);
        let response = request.json(&json!({ "metadata": metadata })).send_checked().await;
        let body = response.json();
        let status = response.status.as_u16();
        if status == 200 {
            status.to_string()
        } else {
            format!("{} {}", body["detail"][0]["type"].as_str().unwrap(), body["detail"][0]["loc"])
        }
    };
    // Nine values of 453 bytes in all but the last are 4,096 bytes as JSON.
    let values = |last: usize| {
        let length = |n| if n == 8 { last } else { 447 };
        (0..9).map(|n| (format!("{n}"), json!("x".repeat(length(n))))).collect::<serde_json::Map<_, _>>()
    };
    let largest = (1..500).rev().find(|last| json!(values(*last)).to_string().len() <= 4096).unwrap();
    assert_eq!(json!(values(largest)).to_string().len(), 4096);
    assert_eq!(put(json!(values(largest))).await, "200");
    assert_eq!(put(json!(values(largest + 1))).await, r#"value_error ["body","metadata"]"#);
    let many = |count: usize| (0..count).map(|n| (format!("{n}"), json!(""))).collect::<serde_json::Map<_, _>>();
    assert_eq!(put(json!(many(50))).await, "200");
    assert_eq!(put(json!(many(51))).await, r#"too_long ["body","metadata"]"#);
    assert_eq!(put(json!({ "x".repeat(40): "x".repeat(500) })).await, "200");
    assert_eq!(put(json!({ "a": "x".repeat(501) })).await, r#"string_too_long ["body","metadata","a"]"#);
    assert_eq!(put(json!({ "a": "\u{0}" })).await, r#"string_pattern_mismatch ["body","metadata","a"]"#);
    assert_eq!(put(json!({ "a b": "" })).await, r#"string_pattern_mismatch ["body","metadata","a b","[key]"]"#);
    let request = app.post("/v1/api-keys/").bearer_auth(&admin);
    let response = request.json(&json!({ "metadata": values(largest + 1) })).send_checked().await;
    assert_eq!(response.json()["detail"][0]["loc"], json!(["body", "metadata"]));
}

#[tokio::test]
async fn an_owner_writes_no_metadata() {
    let app = TestApp::new().await;
    let project = Project::create(&app, "shop").await;
    let id = project.owner(&app, "acme").await;
    let owner = project.key_of(&app, id, "latchkey:keys.read,latchkey:keys.write").await;
    let create = async |body: Value| {
        app.post("/v1/api-keys/").header("x-api-key", &owner.secret).json(&body).send_checked().await
    };
    assert_eq!(create(json!({})).await.status, 201);
    assert_eq!(create(json!({ "metadata": {} })).await.status, 201);
    assert_eq!(create(json!({ "metadata": { "plan": "pro" } })).await.json()["code"], "insufficient_role");
    let put = app.put(&format!("/v1/api-keys/{}/metadata", owner.id)).header("x-api-key", &owner.secret);
    assert_eq!(put.json(&json!({ "metadata": {} })).send_checked().await.json()["code"], "insufficient_scope");
}

#[tokio::test]
async fn a_gateway_gets_the_metadata_of_the_owner_that_it_asks_for() {
    let app = TestApp::with(Options { change_feed: true, ..Options::default() }).await;
    app.wait_for_poll().await;
    let project = Project::create(&app, "shop").await;
    let key = project.owner_key(&app, "acme").await;
    let update = "UPDATE principals SET metadata = '{\"plan\": \"pro & more\", \"seats\": \"5\", \"other\": \"x\"}' \
                  WHERE external_id = 'acme'";
    app.database.execute(update).await;
    app.wait_for_poll().await;
    let header = async |rest: &str| {
        let request = app.get(&format!("/v1/projects/shop/forward-auth{rest}")).header("x-api-key", &key.secret);
        let response = request.send_checked().await;
        (response.status.as_u16(), response.header("x-latchkey-owner-metadata").map(str::to_owned))
    };
    let values = |text: &str| (200, Some(text.to_owned()));
    assert_eq!(header("?metadata=seats,plan,missing").await, values("seats=5&plan=pro%20%26%20more"));
    assert_eq!(header("?metadata=missing").await, values(""));
    assert_eq!(header("").await, (200, None));
    // Below the path, the query is that of the gateway's client.
    assert_eq!(header("/items?metadata=plan").await, (200, None));
    let names = |count: usize| vec!["plan"; count].join(",");
    assert_eq!(header(&format!("?metadata={}", names(10))).await.0, 200);
    for invalid in [names(11), String::new(), "a b".to_owned()] {
        assert_eq!(header(&format!("?metadata={invalid}")).await.0, 422, "{invalid}");
    }

    let (_, admin) = app.with_admin("admin").await;
    let verification = app.verify(&admin, &key.secret).await;
    let members =
        ["owner_external_id", "owner_metadata", "project", "username", "metadata"].map(|name| &verification[name]);
    let metadata = json!({ "other": "x", "plan": "pro & more", "seats": "5" });
    assert_eq!(json!(members), json!(["acme", metadata, "shop", null, null]));
    // A change is in effect for cached keys.
    app.database.execute("UPDATE principals SET metadata = '{}' WHERE external_id = 'acme'").await;
    app.wait_for_poll().await;
    assert_eq!(app.verify(&admin, &key.secret).await.get("owner_metadata"), None);
}
