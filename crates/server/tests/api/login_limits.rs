//! The limits on logins: who is blocked, what a refused login costs, and that logins do not delay other writes.

use std::time::Duration;

use chrono::TimeDelta;
use futures_util::{
    FutureExt, StreamExt,
    future::{join, join_all},
    stream::{self, FuturesUnordered},
};
use insta::assert_snapshot;
use latchkey_domain::model::UserRole;
use latchkey_test_support::{
    app::{Options, PASSWORD, TestApp, client},
    response::{Response, SendChecked},
};
use reqwest::Client as HttpClient;
use serde_json::json;
use tokio_postgres::Client;

/// Every counter, with the transaction and the place of its row, which each write changes.
const COUNTERS: &str = "SELECT (c.*, c.xmin, c.ctid)::text FROM login_counters c ORDER BY 1";

/// A server that trusts `X-Forwarded-For` of the tests.
async fn app_behind_a_proxy() -> TestApp {
    let mut options = Options::default();
    options.limits.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
    options.connections.trusted_proxies.clone_from(&options.limits.trusted_proxies);
    options.connections.max_connections = 512;
    TestApp::with(options).await
}

async fn login_from(app: &TestApp, address: &str, name: &str, password: &str) -> Response {
    app.login(name, password).header("x-forwarded-for", address).send_checked().await
}

/// The status of a login.
async fn status(app: &TestApp, address: &str, name: &str, password: &str) -> u16 {
    login_from(app, address, name, password).await.status.as_u16()
}

async fn texts(app: &TestApp, sql: &str) -> Vec<String> {
    app.database.query(sql).await.iter().map(|row| row.get(0)).collect()
}

/// Counts failed logins on other names from a network, in a window that begins now.
async fn count_failures(app: &TestApp, network: &str, failures: u32) {
    let ends_at = app.clock.now() + TimeDelta::minutes(15);
    let counter = format!("INSERT INTO login_counters VALUES ('{network}', '', {failures}, '{ends_at}')");
    app.database.execute(&counter).await;
}

/// Blocks all writes of counters until the connection is dropped or its transaction has ended. They can still be read.
async fn block_counting(app: &TestApp) -> Client {
    let locker = app.database.connect().await;
    locker.batch_execute("BEGIN; LOCK TABLE login_counters IN SHARE MODE").await.unwrap();
    locker
}

#[tokio::test]
async fn a_flood_from_one_address_writes_nothing_and_revocations_succeed_meanwhile() {
    let app = app_behind_a_proxy().await;
    let (_, token) = app.with_member("alice").await;
    let mut keys = Vec::new();
    for _ in 0..20 {
        keys.push(app.create_key(&token).await);
    }
    let guess = async |number: usize| status(&app, "192.0.2.1", &format!("name {number}"), "wrong password").await;
    let admitted: Vec<u16> = stream::iter(0..100).map(guess).buffer_unordered(16).collect().await;
    assert_eq!(admitted, [400; 100]);
    let before = texts(&app, COUNTERS).await;
    assert_eq!(before.len(), 101, "one for each name, and one for the address");

    let flood = || stream::iter(100..600).map(guess).buffer_unordered(200).collect::<Vec<u16>>();
    let revocations = stream::iter(&keys).then(|key| {
        let revoke = app.post(&format!("/v1/api-keys/{}/revoke", key.id)).bearer_auth(&token);
        async move { revoke.json(&json!({})).send_checked().await.status.as_u16() }
    });
    let (refused, revoked) = join(flood(), revocations.collect::<Vec<u16>>()).await;
    // As many as may be in progress look at the counters, and the others are refused before that.
    assert!(refused.iter().all(|status| matches!(status, 429 | 503)), "{refused:?}");
    assert_eq!(refused.last(), Some(&429));
    assert_eq!(flood().await, [429; 500], "the block is cached");
    assert_eq!(revoked, [200; 20]);
    assert_eq!(texts(&app, COUNTERS).await, before);
}

#[tokio::test]
async fn logins_that_wait_for_the_database_do_not_delay_a_revocation() {
    let app = app_behind_a_proxy().await;
    let (_, token) = app.with_member("alice").await;
    let (locked, key) = (app.create_key(&token).await, app.create_key(&token).await);
    let locker = block_counting(&app).await;
    locker.batch_execute(&format!("SELECT FROM api_keys WHERE id = {} FOR UPDATE", locked.id)).await.unwrap();
    // Two of the four connections of the write pool wait, too, so two more would leave none.
    let path = format!("/v1/api-keys/{}", locked.id);
    let describe = |_| app.patch(&path).bearer_auth(&token).json(&json!({ "description": "waits" }));
    let mut pending: FuturesUnordered<_> =
        (0..2).map(describe).map(|request| request.send_checked().boxed_local()).collect();
    for number in 1..=30 {
        let login = app.login("alice", "wrong password").header("x-forwarded-for", format!("192.0.2.{number}"));
        pending.push(login.send_checked().boxed_local());
    }
    let revoke = async {
        let waiting =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while app.database.query(waiting).await[0].get::<_, i64>(0) < 4 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let revoke = app.post(&format!("/v1/api-keys/{}/revoke", key.id)).bearer_auth(&token);
        revoke.json(&json!({})).send_checked().await.status
    };
    tokio::pin!(revoke);
    let revoked = tokio::select! {
        revoked = &mut revoke => revoked,
        Some(response) = pending.next() => panic!("nothing else can be written: {response}"),
    };
    assert_eq!(revoked, 200);
    locker.batch_execute("ROLLBACK").await.unwrap();
}

#[tokio::test]
async fn more_logins_at_once_than_a_network_may_have_are_refused_at_once_and_do_not_count() {
    let app = app_behind_a_proxy().await;
    app.create_user("alice", UserRole::Member).await;
    let locker = block_counting(&app).await;
    let guesses = (0..25).map(|number| {
        let (app, name) = (&app, format!("name {number}"));
        async move { login_from(app, "192.0.2.1", &name, "wrong password").await }
    });
    let mut guesses = guesses.collect::<FuturesUnordered<_>>();
    let refused = guesses.next().await.unwrap();
    assert_snapshot!(refused, @r#"
    503 Service Unavailable
    cache-control: no-store
    content-type: application/problem+json
    latchkey-version: <version>
    retry-after: 1
    x-request-id: <id>

    {
      "type": "about:blank",
      "title": "Service Unavailable",
      "status": 503,
      "detail": "There are too many logins at the same time. Try again.",
      "code": "temporarily_unavailable"
    }
    "#);
    for _ in 0..4 {
        assert_eq!(guesses.next().await.unwrap().to_string(), refused.to_string());
    }
    // Nor does the network fill the queue for others.
    let other = login_from(&app, "192.0.2.2", "alice", PASSWORD);
    let unblock = async { locker.batch_execute("ROLLBACK").await.unwrap() };
    let (other, ()) = join(other, unblock).await;
    assert_eq!(other.status, 200, "{other}");
    let statuses: Vec<u16> = guesses.map(|response| response.status.as_u16()).collect().await;
    assert_eq!(statuses, [400; 20]);
    let failures = "SELECT failures::text FROM login_counters WHERE name_hash = '' AND failures > 0";
    assert_eq!(texts(&app, failures).await, ["20"]);
}

/// Polls until the text is that of the query's one row.
async fn wait_for_text(app: &TestApp, sql: &str, expected: &str) {
    let found = async {
        while texts(app, sql).await != [expected] {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), found).await.unwrap_or_else(|_| panic!("{sql} is not {expected}"));
}

/// The lines of the metrics that begin like this.
async fn metrics(app: &TestApp, start: &str) -> Vec<String> {
    let metrics = app.get("/metrics").send_checked().await;
    metrics.text().lines().filter(|line| line.starts_with(start)).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_client_that_disconnects_does_not_keep_its_login_from_being_recorded() {
    let app = TestApp::new().await;
    app.create_user("alice", UserRole::Member).await;
    let waiting =
        "SELECT count(*)::text FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let builders = [HttpClient::builder().http1_only(), HttpClient::builder().http2_prior_knowledge()];
    for (builder, logins) in builders.into_iter().zip(1..) {
        // The login counts as failed, then waits.
        let locker = app.database.connect().await;
        locker.batch_execute("BEGIN; LOCK TABLE audit_events IN SHARE MODE").await.unwrap();
        let client = client(builder);
        let form = [("grant_type", "password"), ("username", "alice"), ("password", "wrong password")];
        let login = client.post(format!("http://{}/token", app.address)).form(&form).send();
        tokio::select! {
            response = login => panic!("no event can be written: {response:?}"),
            () = wait_for_text(&app, waiting, "1") => {}
        }
        drop(client);
        // The connection of the test itself remains.
        let closed = async {
            while metrics(&app, "latchkey_http_open_connections").await != ["latchkey_http_open_connections 1"] {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), closed).await.expect("the connection is closed");
        locker.batch_execute("ROLLBACK").await.unwrap();

        wait_for_text(&app, "SELECT failures::text FROM login_counters WHERE name_hash = ''", &logins.to_string())
            .await;
        let events = "SELECT count(*)::text FROM audit_events WHERE action = 'login_failed' AND subject_id = 1";
        wait_for_text(&app, events, &logins.to_string()).await;
        let failures = format!("latchkey_logins_total{{result=\"failure\"}} {logins}");
        let counted = async {
            while !metrics(&app, "latchkey_logins_total").await.contains(&failures) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), counted).await.expect("the login is counted");
    }
}

#[tokio::test]
async fn neither_invented_names_nor_another_user_keep_failed_logins_from_being_recorded() {
    let app = app_behind_a_proxy().await;
    app.create_user("alice", UserRole::Member).await;
    app.create_user("bob", UserRole::Member).await;
    let guess = async |name: String, number: usize| {
        let address = format!("192.0.2.{}", number / 10);
        assert_eq!(status(&app, &address, &name, "wrong password").await, 400);
    };
    let invented = (0..101).map(|number| guess(format!("name {number}"), number));
    stream::iter(invented).buffer_unordered(16).collect::<Vec<()>>().await;
    let at_alice = (0..31).map(|number| guess("alice".to_owned(), number));
    stream::iter(at_alice).buffer_unordered(16).collect::<Vec<()>>().await;
    guess("bob".to_owned(), 0).await;
    let events = "SELECT concat_ws(': ', COALESCE(subject_id::text, 'nobody'), count(*)) FROM audit_events \
                  WHERE action = 'login_failed' GROUP BY subject_id ORDER BY subject_id";
    assert_eq!(texts(&app, events).await, ["1: 30", "2: 1", "nobody: 100"]);

    // A login whose event is left out commits a write all the same, so that its time does not tell that the name is invented.
    assert_eq!(status(&app, "192.0.2.99", "another name", "wrong password").await, 400);
    let writes = "SELECT count(DISTINCT xmin::text)::text FROM login_counters WHERE network = '192.0.2.99/32'";
    assert_eq!(texts(&app, writes).await, ["2"], "one transaction counts the name and its network, another the name");
}

#[tokio::test]
async fn an_ipv6_client_cannot_change_its_address_within_a_64_to_guess_on() {
    let app = app_behind_a_proxy().await;
    app.create_user("alice", UserRole::Member).await;
    for number in 1..=10 {
        let address = format!("2001:db8:0:1:{number}::{number}");
        assert_eq!(status(&app, &address, "alice", "wrong password").await, 400);
    }
    assert_eq!(status(&app, "2001:db8:0:1:ffff::1", "alice", PASSWORD).await, 429);
    assert_eq!(status(&app, "2001:db8:0:2::1", "alice", PASSWORD).await, 200);
}

#[tokio::test]
async fn wider_ipv6_networks_have_higher_limits() {
    let app = app_behind_a_proxy().await;
    app.create_user("alice", UserRole::Member).await;
    count_failures(&app, "2001:db8:a:100::/56", 300).await;
    count_failures(&app, "2001:db8:b::/48", 1_000).await;
    count_failures(&app, "2001:db8:c:100::/56", 299).await;
    count_failures(&app, "2001:db8:c::/48", 999).await;
    assert_eq!(status(&app, "2001:db8:a:101::1", "alice", PASSWORD).await, 429);
    assert_eq!(status(&app, "2001:db8:a:200::1", "alice", PASSWORD).await, 200);
    assert_eq!(status(&app, "2001:db8:b:1::1", "alice", PASSWORD).await, 429);
    assert_eq!(status(&app, "2001:db8:c:101::1", "alice", "wrong password").await, 400);
    assert_eq!(status(&app, "2001:db8:c:201::1", "alice", PASSWORD).await, 429);
}

#[tokio::test]
async fn an_ipv4_mapped_address_counts_as_the_ipv4_address() {
    let app = app_behind_a_proxy().await;
    app.create_user("alice", UserRole::Member).await;
    for address in ["192.0.2.1", "::ffff:192.0.2.1"].repeat(5) {
        assert_eq!(status(&app, address, "alice", "wrong password").await, 400);
    }
    assert_eq!(status(&app, "::ffff:c000:201", "alice", PASSWORD).await, 429);
    assert_eq!(status(&app, "::ffff:192.0.2.2", "alice", PASSWORD).await, 200);
}

#[tokio::test]
async fn a_name_that_logged_in_from_an_address_is_blocked_there_by_its_own_failures_only() {
    let app = app_behind_a_proxy().await;
    app.create_user("alice", UserRole::Member).await;
    app.create_user("bob", UserRole::Member).await;
    let block = || count_failures(&app, "192.0.2.1/32", 100);
    assert_eq!(status(&app, "192.0.2.1", "alice", PASSWORD).await, 200);
    app.database.execute("DELETE FROM login_counters").await;
    block().await;
    assert_eq!(status(&app, "192.0.2.1", "alice", PASSWORD).await, 200);
    assert_eq!(status(&app, "192.0.2.1", "bob", PASSWORD).await, 429);
    for _ in 0..10 {
        assert_eq!(status(&app, "192.0.2.1", "alice", "wrong password").await, 400);
    }
    assert_eq!(status(&app, "192.0.2.1", "alice", PASSWORD).await, 429);

    app.clock.advance(TimeDelta::days(29));
    app.service.store().purge_login_attempts(app.clock.now()).await.unwrap();
    block().await;
    assert_eq!(status(&app, "192.0.2.1", "alice", PASSWORD).await, 200);
    // The login has made another 30 days of it.
    app.clock.advance(TimeDelta::days(30));
    app.service.store().purge_login_attempts(app.clock.now()).await.unwrap();
    block().await;
    assert_eq!(status(&app, "192.0.2.1", "alice", PASSWORD).await, 429);
}

#[tokio::test]
async fn refusing_a_blocked_login_again_takes_no_query() {
    let app = app_behind_a_proxy().await;
    for name in ["alice", "bob"] {
        app.create_user(name, UserRole::Member).await;
    }
    assert_eq!(status(&app, "192.0.2.1", "alice", PASSWORD).await, 200);
    app.database.execute("DELETE FROM login_counters").await;
    for _ in 0..10 {
        assert_eq!(status(&app, "192.0.2.2", "bob", "wrong password").await, 400);
    }
    count_failures(&app, "192.0.2.1/32", 100).await;
    assert_eq!(status(&app, "192.0.2.1", "bob", PASSWORD).await, 429);
    assert_eq!(status(&app, "192.0.2.2", "bob", PASSWORD).await, 429);

    let locker = app.database.connect().await;
    locker.batch_execute("BEGIN; LOCK TABLE login_counters, known_logins IN ACCESS EXCLUSIVE MODE").await.unwrap();
    for name in ["bob", "carol"] {
        let refused = login_from(&app, "192.0.2.1", name, PASSWORD).await;
        assert_eq!(refused.status, 429);
        assert!(refused.header("retry-after").unwrap().parse::<u32>().unwrap() > 60);
    }
    assert_eq!(status(&app, "192.0.2.2", "bob", PASSWORD).await, 429);
    locker.batch_execute("COMMIT").await.unwrap();

    // A known name is not blocked by others, and what another node has unblocked is seen two seconds later.
    assert_eq!(status(&app, "192.0.2.1", "alice", PASSWORD).await, 200);
    app.database.execute("DELETE FROM login_counters").await;
    app.clock.advance_monotonic(Duration::from_secs(2));
    assert_eq!(status(&app, "192.0.2.1", "bob", PASSWORD).await, 200);
    assert_eq!(status(&app, "192.0.2.2", "bob", PASSWORD).await, 200);
}

#[tokio::test]
async fn where_many_names_are_known_a_blocked_login_looks_for_its_own_alone() {
    let app = app_behind_a_proxy().await;
    app.create_user("alice", UserRole::Member).await;
    assert_eq!(status(&app, "192.0.2.1", "alice", PASSWORD).await, 200);
    let others = "DELETE FROM login_counters; INSERT INTO known_logins \
                  SELECT sha256(int4send(n)), '192.0.2.1/32', '2040-01-01' FROM generate_series(1, 100) n";
    app.database.execute(others).await;
    count_failures(&app, "192.0.2.1/32", 100).await;
    assert_eq!(status(&app, "192.0.2.1", "bob", PASSWORD).await, 429);
    let locker = app.database.connect().await;
    locker.batch_execute("BEGIN; LOCK TABLE login_counters IN ACCESS EXCLUSIVE MODE").await.unwrap();
    // More than may be in progress, so they take no place from those who are known.
    let flood = (0..30).map(|number| {
        let app = &app;
        async move { status(app, "192.0.2.1", &format!("name {number}"), PASSWORD).await }
    });
    assert_eq!(futures_util::future::join_all(flood).await, [429; 30]);
    locker.batch_execute("COMMIT").await.unwrap();
    assert_eq!(status(&app, "192.0.2.1", "alice", PASSWORD).await, 200);
}

#[tokio::test]
async fn a_known_name_is_not_blocked_by_others_in_a_wider_network() {
    let app = app_behind_a_proxy().await;
    app.create_user("alice", UserRole::Member).await;
    assert_eq!(status(&app, "2001:db8:b:1::1", "alice", PASSWORD).await, 200);
    app.database.execute("DELETE FROM login_counters").await;
    count_failures(&app, "2001:db8:b::/48", 1_000).await;
    for _ in 0..2 {
        assert_eq!(status(&app, "2001:db8:b:2::1", "bob", PASSWORD).await, 429);
        assert_eq!(status(&app, "2001:db8:b:1::9", "alice", PASSWORD).await, 200);
        // It is known in another network.
        assert_eq!(status(&app, "2001:db8:b:3::1", "alice", PASSWORD).await, 429);
    }
}

#[tokio::test]
async fn a_name_is_known_from_its_last_twenty_networks() {
    let app = app_behind_a_proxy().await;
    app.create_user("alice", UserRole::Member).await;
    for number in 1..=22 {
        assert_eq!(status(&app, &format!("192.0.2.{number}"), "alice", PASSWORD).await, 200);
        app.clock.advance(TimeDelta::seconds(1));
    }
    let known = texts(&app, "SELECT host(network) FROM known_logins ORDER BY network").await;
    assert_eq!(known, (3..=22).map(|number| format!("192.0.2.{number}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_successful_login_takes_its_failures_back_from_its_networks_too() {
    let app = app_behind_a_proxy().await;
    app.create_user("alice", UserRole::Member).await;
    count_failures(&app, "2001:db8::/64", 5).await;
    for _ in 0..9 {
        assert_eq!(status(&app, "2001:db8::1", "alice", "wrong password").await, 400);
    }
    assert_eq!(status(&app, "2001:db8::1", "alice", PASSWORD).await, 200);
    let counts = "SELECT network::text || ' ' || failures FROM login_counters ORDER BY masklen(network) DESC";
    assert_eq!(texts(&app, counts).await, ["2001:db8::/64 5", "2001:db8::/56 0", "2001:db8::/48 0"]);
}

#[tokio::test]
async fn concurrent_logins_from_networks_within_each_other_do_not_fail() {
    let app = app_behind_a_proxy().await;
    app.create_user("alice", UserRole::Member).await;
    let node = {
        let mut options = Options::default();
        options.limits.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
        app.second_node(options).await
    };
    let logins = (0..40).map(|number| {
        let node = if number % 2 == 0 { &app } else { &node };
        let address = format!("2001:db8:{}:{}::1", number % 3, number % 5);
        async move { status(node, &address, "alice", if number % 4 == 0 { PASSWORD } else { "wrong" }).await }
    });
    for (number, status) in join_all(logins).await.into_iter().enumerate() {
        assert_eq!(status, if number % 4 == 0 { 200 } else { 400 }, "login {number}");
    }
}

#[tokio::test]
async fn expired_rows_are_purged() {
    let app = app_behind_a_proxy().await;
    app.create_user("alice", UserRole::Member).await;
    assert_eq!(status(&app, "192.0.2.1", "alice", PASSWORD).await, 200);
    assert_eq!(status(&app, "192.0.2.2", "alice", "wrong password").await, 400);
    // Version 0.1.0 wrote these.
    let old = "INSERT INTO login_attempts SELECT '192.0.2.1', sha256(int4send(n)), 1, \
               timestamptz '2030-01-01T00:00:00Z' FROM generate_series(1, 2500) n";
    app.database.execute(old).await;
    let rows = "SELECT (SELECT count(*) FROM login_counters) || ' ' || (SELECT count(*) FROM known_logins) || ' ' || \
                (SELECT count(*) FROM login_attempts)";
    assert_eq!(texts(&app, rows).await, ["3 1 2500"]);
    let purge = async || while app.service.store().purge_login_attempts(app.clock.now()).await.unwrap() > 0 {};

    app.clock.advance(TimeDelta::seconds(15 * 60 - 1));
    purge().await;
    assert_eq!(texts(&app, rows).await, ["3 1 2500"]);
    app.clock.advance(TimeDelta::seconds(1));
    purge().await;
    assert_eq!(texts(&app, rows).await, ["0 1 0"]);
    app.clock.advance(TimeDelta::days(30));
    purge().await;
    assert_eq!(texts(&app, rows).await, ["0 0 0"]);
}

#[tokio::test]
async fn maintenance_purges_expired_rows() {
    let app = TestApp::with(Options { change_feed: true, ..Options::default() }).await;
    app.login("alice", "wrong password").send_checked().await;
    app.clock.advance(TimeDelta::minutes(15));
    let purged = async {
        while !texts(&app, COUNTERS).await.is_empty() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), purged).await.expect("the counters are not purged");
}

#[tokio::test]
async fn pages_of_other_origins_cannot_make_a_browser_log_in() {
    let app = TestApp::new().await;
    app.create_user("alice", UserRole::Member).await;
    let with = |name: &'static str, value: String| app.login("alice", PASSWORD).header(name, value).send_checked();
    let cross_site = with("sec-fetch-site", "cross-site".to_owned()).await;
    assert_snapshot!(cross_site, @r#"
    400 Bad Request
    cache-control: no-store
    content-type: application/json
    latchkey-version: <version>
    x-request-id: <id>

    {
      "error": "invalid_request",
      "error_description": "Pages of another origin cannot request a token."
    }
    "#);
    for (name, value) in [("sec-fetch-site", "same-site"), ("origin", "https://evil.example"), ("origin", "null")] {
        assert_eq!(with(name, value.to_owned()).await.to_string(), cross_site.to_string(), "{name}: {value}");
    }
    assert_eq!(texts(&app, COUNTERS).await, Vec::<String>::new());
    assert_eq!(with("sec-fetch-site", "same-origin".to_owned()).await.status, 200);
    assert_eq!(with("origin", format!("http://{}", app.address)).await.status, 200);
}
