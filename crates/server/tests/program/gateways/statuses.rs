//! The status that a client sees for each key, by each gateway: what `docs/gateways/README.md` says is what happens.

use http::StatusCode;
use serde_json::json;

use super::{before_each_gateway, caller::Caller, gateway::Program, keys, scene::Scene};
use crate::wait::wait_for;

pub const DOCUMENTATION: &str = include_str!("../../../../../docs/gateways/README.md");

before_each_gateway!(clients_see_what_is_documented);

fn clients_see_what_is_documented(program: Program) {
    let scene = Scene::set(program);
    let alice = scene.user("alice");
    let mallory = scene.user("mallory");
    let of_disabled_owner = keys::good(&mallory);
    scene.disable_user("mallory");

    let good = keys::good(&alice);
    let used_up = keys::with_policy(&alice, &json!({ "rate_limit": { "requests": 1, "seconds": 86400 } }));
    assert_eq!(scene.caller().get(Some(&used_up)).status, 200);
    scene.upstream.take();
    let not_remembered = keys::good(&alice);

    let see = |state: &str, key: Option<&str>| assert_documented(&scene, program, state, key);
    see("valid", Some(&good));
    see("missing", None);
    see("unknown", Some(&keys::unknown(&alice)));
    see("mistyped", Some(&keys::mistyped(&alice)));
    see("disabled", Some(&keys::ended_by(&alice, "disable")));
    see("revoked", Some(&keys::ended_by(&alice, "revoke")));
    see("expired", Some(&keys::expired(&alice)));
    see("pending", Some(&keys::with_policy(&alice, &json!({ "not_before": "2999-01-01T00:00:00Z" }))));
    see("of a disabled user", Some(&of_disabled_owner));
    see("without the scope", Some(&keys::with_policy(&alice, &json!({ "scopes": ["orders:write"] }))));
    see("used from another network", Some(&keys::with_policy(&alice, &json!({ "networks": ["192.0.2.0/24"] }))));
    see("over its rate limit", Some(&used_up));

    scene.database.close();
    wait_for("an answer from memory", || {
        let answer = scene.caller().get(Some(&good));
        assert_eq!(answer.status, 200, "{answer:?}");
        (scene.upstream.take_one().values("x-latchkey-stale") == ["true"]).then_some(())
    });
    see("cached, database unreachable", Some(&good));
    see("not cached, database unreachable", Some(&not_remembered));
    scene.database.open();

    let Scene { gateway, upstream, latchkey, database } = scene;
    assert_eq!(latchkey.stop().code, Some(0));
    let answer = Caller::connect(gateway.address).get(Some(&good));
    assert_eq!(answer.status, documented_status(program, "any, Latchkey unreachable"), "{answer:?}");
    assert!(upstream.take().is_empty());
    drop((gateway, database));
}

fn assert_documented(scene: &Scene, program: Program, state: &str, key: Option<&str>) {
    let answer = scene.caller().get(key);
    println!("{program:?}: {state}: {}", answer.status);
    assert_eq!(answer.status, documented_status(program, state), "{state}: {answer:?}");
    let status = StatusCode::from_u16(answer.status).unwrap();
    let told = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => "www-authenticate",
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => "retry-after",
        _ => {
            assert_eq!(answer.body, "hello", "{state}: {answer:?}");
            scene.upstream.take_one();
            return;
        }
    };
    assert_eq!(answer.headers.get_all(told).iter().count(), 1, "{state}: {answer:?}");
    assert!(!answer.header(told).is_empty(), "{state}: {answer:?}");
    assert!(scene.upstream.take().is_empty(), "{state}: a refused request reached the upstream");
}

/// The cell of the documented table.
fn documented_status(program: Program, state: &str) -> u16 {
    let rows = || DOCUMENTATION.lines().filter(|line| line.starts_with('|')).map(cells);
    let column = rows().find_map(|cells| cells.iter().position(|cell| *cell == program.name()));
    let row = rows().find(|cells| cells[0] == state).unwrap_or_else(|| panic!("`{state}` is not documented"));
    row[column.unwrap()].parse().unwrap()
}

fn cells(row: &str) -> Vec<&str> {
    row.trim_matches('|').split('|').map(str::trim).collect()
}
