//! The status that each gateway returns for each state of a key is the one in `docs/gateways/README.md`.

use http::StatusCode;
use latchkey_test_support::wait::wait_for;
use serde_json::json;

use super::{fixture::Fixture, gateway::Program, gateway_client::GatewayClient, keys, with_each_gateway};

pub const DOCUMENTATION: &str = include_str!("../../../../../docs/gateways/README.md");

with_each_gateway!(statuses_are_as_documented);

fn statuses_are_as_documented(program: Program) {
    let fixture = Fixture::start(program);
    let alice = fixture.member("alice");
    let mallory = fixture.member("mallory");
    let of_disabled_user = keys::valid(&mallory);
    fixture.disable_user("mallory");

    let valid = keys::valid(&alice);
    let used_up = keys::with_policy(&alice, &json!({ "rate_limit": { "requests": 1, "seconds": 86400 } }));
    assert_eq!(fixture.client().get(Some(&used_up)).status, 200);
    fixture.upstream.take();
    let uncached = keys::valid(&alice);

    let check = |state: &str, key: Option<&str>| assert_documented(&fixture, program, state, key);
    check("valid", Some(&valid));
    check("missing", None);
    check("unknown", Some(&keys::unknown(&alice)));
    check("mistyped", Some(&keys::mistyped(&alice)));
    check("disabled", Some(&keys::after(&alice, "disable")));
    check("revoked", Some(&keys::after(&alice, "revoke")));
    check("expired", Some(&keys::expired(&alice)));
    check("pending", Some(&keys::with_policy(&alice, &json!({ "not_before": "2999-01-01T00:00:00Z" }))));
    check("of a disabled user", Some(&of_disabled_user));
    check("without the scope", Some(&keys::with_policy(&alice, &json!({ "scopes": ["orders:write"] }))));
    check("used from another network", Some(&keys::with_policy(&alice, &json!({ "networks": ["192.0.2.0/24"] }))));
    check("over its rate limit", Some(&used_up));

    fixture.database.block_connections();
    wait_for("a stale response", || {
        let response = fixture.client().get(Some(&valid));
        assert_eq!(response.status, 200, "{response:?}");
        (fixture.upstream.take_one().values("x-latchkey-stale") == ["true"]).then_some(())
    });
    check("cached, database unreachable", Some(&valid));
    check("not cached, database unreachable", Some(&uncached));
    fixture.database.allow_connections();

    let Fixture { gateway, upstream, latchkey, database } = fixture;
    assert_eq!(latchkey.stop().code, Some(0));
    let response = GatewayClient::connect(gateway.address).get(Some(&valid));
    assert_eq!(response.status, documented_status(program, "any, Latchkey unreachable"), "{response:?}");
    assert!(upstream.take().is_empty());
    drop((gateway, database));
}

fn assert_documented(fixture: &Fixture, program: Program, state: &str, key: Option<&str>) {
    let response = fixture.client().get(key);
    println!("{program:?}: {state}: {}", response.status);
    assert_eq!(response.status, documented_status(program, state), "{state}: {response:?}");
    let header = match response.status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => "www-authenticate",
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => "retry-after",
        _ => {
            assert_eq!(response.text(), "hello", "{state}: {response:?}");
            fixture.upstream.take_one();
            return;
        }
    };
    // Envoy responds by itself when the authorization has a server error.
    let is_replaced = matches!(program, Program::Envoy) && response.status == StatusCode::SERVICE_UNAVAILABLE;
    assert_eq!(response.headers.get_all(header).iter().count(), usize::from(!is_replaced), "{state}: {response:?}");
    assert!(response.header(header).is_none_or(|value| !value.is_empty()), "{state}: {response:?}");
    assert!(fixture.upstream.take().is_empty(), "{state}: a rejected request reached the upstream");
}

/// The status in the documented table.
fn documented_status(program: Program, state: &str) -> u16 {
    let rows = || DOCUMENTATION.lines().filter(|line| line.starts_with('|')).map(cells);
    let column = rows().find_map(|cells| cells.iter().position(|cell| *cell == program.name()));
    let row = rows().find(|cells| cells[0] == state).unwrap_or_else(|| panic!("`{state}` is not documented"));
    row[column.unwrap()].parse().unwrap()
}

fn cells(row: &str) -> Vec<&str> {
    row.trim_matches('|').split('|').map(str::trim).collect()
}
