//! The short nginx configuration at the top of the documentation.

use http::HeaderMap;

use super::{
    caller::Caller,
    gateway::{Gateway, Program},
    keys,
    recorder::Recorder,
    scene::Scene,
    statuses::DOCUMENTATION,
};

#[test]
fn the_ten_lines_let_a_good_key_pass_and_nothing_else() {
    let (_, rest) = DOCUMENTATION.split_once("```nginx\n").unwrap();
    let (lines, _) = rest.split_once("```").unwrap();
    assert_eq!(lines.lines().count(), 10);

    let scene = Scene::set(Program::Nginx);
    let upstream = Recorder::start(HeaderMap::new(), "hello");
    let gateway = Gateway::start_on(Program::Nginx, lines, scene.latchkey.address, upstream.address);
    let mut caller = Caller::connect(gateway.address);
    let alice = scene.user("alice");
    assert_eq!(caller.get(None).status, 401);
    assert_eq!(caller.get(Some(&keys::ended_by(&alice, "revoke"))).status, 401);
    assert!(upstream.take().is_empty());
    assert_eq!(caller.get(Some(&keys::good(&alice))).body, "hello");
    assert_eq!(upstream.take().len(), 1);
}
