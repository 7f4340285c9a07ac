//! HAProxy continues with a request whose Lua action failed, unless the configuration rejects it as the documented one
//! does.

use http::HeaderMap;

use super::{
    gateway::{Gateway, Program},
    gateway_client::GatewayClient,
    recorder::Recorder,
};

#[test]
fn a_request_whose_lua_action_failed_is_rejected() {
    let upstream = Recorder::start(HeaderMap::new(), "");
    // An invalid address.
    let configuration = Program::Haproxy.documented().replace("http://127.0.0.1:8080", "127.0.0.1:8080");
    let gateway = Gateway::start_on(Program::Haproxy, &configuration, upstream.address, upstream.address);
    let response = GatewayClient::connect(gateway.address).get(Some("key"));
    assert_eq!(response.status, 503, "{response:?}");
    assert!(upstream.take().is_empty());
}
