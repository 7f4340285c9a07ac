//! The short configurations of nginx in `README.md` and `docs/gateways/README.md` are as safe as the complete one.

use axum::body::Body;
use http::Method;

use super::{
    fixture::Fixture,
    gateway::Program,
    identity::{IDENTITY, assert_address_is_not_the_clients_choice, assert_no_key_is_passed_on, forge},
    keys,
    statuses::DOCUMENTATION,
};

const README: &str = include_str!("../../../../../README.md");

/// The documented configuration.
fn configuration(document: &'static str) -> &'static str {
    let blocks: Vec<_> = document.split("```nginx\n").skip(1).collect();
    assert_eq!(blocks.len(), 1, "one configuration of nginx is documented");
    blocks[0].split_once("```").unwrap().0
}

#[test]
fn both_documents_have_the_same() {
    assert_eq!(configuration(README), configuration(DOCUMENTATION));
}

#[test]
fn a_forged_identity_does_not_reach_the_upstream() {
    let fixture = Fixture::start_on(Program::Nginx, configuration(README));
    let key = keys::valid(&fixture.member("alice"));
    let mut client = fixture.client();
    let request = forge(client.request(Method::GET, "/", Some(&key)), IDENTITY);
    assert_eq!(client.send(request, Body::empty()).status, 200);
    assert_eq!(fixture.upstream.take_one().identity_headers(), [""; 0]);
}

#[test]
fn a_forged_address_is_ignored() {
    assert_address_is_not_the_clients_choice(&Fixture::start_on(Program::Nginx, configuration(README)));
}

#[test]
fn no_form_of_a_key_reaches_the_upstream() {
    assert_no_key_is_passed_on(&Fixture::start_on(Program::Nginx, configuration(README)));
}
