//! Scopes, networks and times: what parses is formatted to what parses to the same.

use latchkey_api::types::{self, DateTime};
use latchkey_domain::model::{
    KeyPrefix, Scope, Scopes,
    policy::{PolicyError, parse_networks, parse_scopes},
};

pub fn fuzz(text: &str) {
    if let Some(scopes) = Scopes::parse(text) {
        assert_eq!(Scopes::parse(&scopes.to_string()), Some(scopes));
        let names = text.split(' ').filter(|name| !name.is_empty());
        assert!(names.clone().all(|name| scopes.contains_str(name)));
        assert!(scopes.names().all(|scope| names.clone().any(|name| name == scope)));
    }
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    check_scopes(&lines);
    check_networks(&lines);
    if let Some(time) = DateTime::parse(text) {
        assert_eq!(DateTime::parse(&time.to_string()), Some(time));
    }
    if KeyPrefix::new(text).is_some() {
        assert!((1..=KeyPrefix::MAX_LENGTH).contains(&text.len()));
    }
}

fn check_scopes(scopes: &[String]) {
    match parse_scopes(scopes.to_vec()) {
        Ok(parsed) => {
            assert_eq!(parsed, scopes);
            let reserved = scopes.iter().filter(|scope| scope.starts_with("latchkey:"));
            assert!(reserved.into_iter().all(|scope| Scope::parse(scope).is_some()));
            // They are sent as one text, and in header values.
            assert_eq!(scopes.join(" ").split_whitespace().count(), scopes.len());
        }
        Err(PolicyError::InvalidScope(index)) => assert!(parse_scopes(scopes[..index].to_vec()).is_ok()),
        Err(error) => assert_eq!((error, scopes.len() > 100), (PolicyError::TooManyScopes, true)),
    }
}

fn check_networks(networks: &[String]) {
    for text in networks {
        let parsed = parse_networks(std::slice::from_ref(text));
        // The contract is stricter, and checked first.
        assert!(parsed.is_ok() || !types::is_ip_network(text));
        for network in parsed.iter().flatten() {
            assert!(types::is_ip_network(&network.to_string()));
            assert_eq!(parse_networks(&[network.to_string()]).as_deref(), Ok(&[*network][..]));
        }
    }
}
