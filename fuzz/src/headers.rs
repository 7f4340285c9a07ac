//! Credentials, `If-Match` and `Origin`: what is read is what was sent, once.

use std::{sync::LazyLock, time::Duration};

use chrono::DateTime;
use http::{
    HeaderMap, HeaderName, HeaderValue, Request,
    header::{AUTHORIZATION, ORIGIN},
};
use latchkey_api::{apis::Credentials, types::InvalidHeader};
use latchkey_domain::{
    api::{cross_origin::is_cross_origin, etag::parse_if_match},
    identity::token_signer::TokenSigner,
    model::Precondition,
};

static SIGNER: LazyLock<TokenSigner> = LazyLock::new(|| {
    TokenSigner::new(&vec![7; 32].into(), Duration::from_secs(3600)).expect("the secret is long enough")
});

// Each line is a header, as in HTTP/1.1.
pub fn fuzz(lines: &[u8]) {
    let mut headers = HeaderMap::new();
    for line in lines.split(|byte| *byte == b'\n') {
        let mut parts = line.splitn(2, |byte| *byte == b':');
        let (Some(name), Some(value)) = (parts.next(), parts.next()) else { continue };
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value.trim_ascii())) {
            headers.append(name, value);
        }
    }
    check_credentials(&headers);
    if let Some(if_match) = headers.get("if-match").and_then(|value| value.to_str().ok()) {
        check_if_match(if_match);
    }
    check_origin(headers);
}

fn check_credentials(headers: &HeaderMap) {
    let Credentials { bearer, api_key } = Credentials::read(headers);
    let values = |name: &str| headers.get_all(name).iter().map(HeaderValue::as_bytes).collect::<Vec<_>>();
    match api_key {
        Ok(Some(key)) => assert_eq!(values("x-api-key"), [key.as_bytes()]),
        Ok(None) => assert!(values("x-api-key").is_empty()),
        Err(InvalidHeader) => assert!(!values("x-api-key").is_empty()),
    }
    match bearer {
        Ok(Some(token)) => {
            let [value] = values("authorization")[..] else { panic!("one of several tokens is read") };
            assert!(value[..7].eq_ignore_ascii_case(b"bearer ") && value.ends_with(token.as_bytes()));
            let formatted = HeaderValue::try_from(format!("Bearer {token}")).expect("the token was in a header");
            let formatted = HeaderMap::from_iter([(AUTHORIZATION, formatted)]);
            assert_eq!(Credentials::read(&formatted).bearer, Ok(Some(token)));
            assert!(SIGNER.verify(token, DateTime::UNIX_EPOCH).is_none(), "nobody can guess a signature");
        }
        Ok(None) => assert!(values("authorization").is_empty()),
        Err(InvalidHeader) => assert!(!values("authorization").is_empty()),
    }
}

fn check_if_match(text: &str) {
    match parse_if_match(Some(text)) {
        Precondition::None => assert_eq!(text.trim(), "*"),
        Precondition::VersionIn(versions) => {
            assert!(versions.len() <= text.split(',').count());
            for version in versions {
                assert!(text.contains(&format!("\"{version}-")));
                let tag = format!("\"{version}-active\"");
                assert_eq!(parse_if_match(Some(&tag)), Precondition::VersionIn(vec![version]));
            }
        }
    }
}

fn check_origin(headers: HeaderMap) {
    let (mut request, ()) = Request::new(()).into_parts();
    request.headers = headers;
    let sent = is_cross_origin(&request);
    // A page can neither choose nor leave out `Sec-Fetch-Site`, and programs have no origin.
    if !request.headers.contains_key("sec-fetch-site") {
        assert!(!sent || request.headers.contains_key(ORIGIN));
        request.headers.insert(ORIGIN, HeaderValue::from_static("null"));
        assert!(is_cross_origin(&request));
    }
}
