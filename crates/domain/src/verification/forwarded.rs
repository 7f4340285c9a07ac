//! The key of a request that a gateway asks about.

use http::{HeaderMap, header::AUTHORIZATION};

use crate::identity::authentication::bearer_token;

/// The key that the gateway's client sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Forwarded<'a> {
    /// None.
    Missing,
    /// More than one, or one that is no text.
    Unreadable,
    /// This one.
    Key(&'a str),
}

/// From `X-API-Key`, or else from `Authorization: Bearer`. The first wins, as a client may need the second for somebody
/// else; two of the same are refused, as gateways differ in which one they take.
pub fn forwarded_key(headers: &HeaderMap) -> Forwarded<'_> {
    let mut keys = headers.get_all("x-api-key").iter();
    match (keys.next(), keys.next()) {
        (Some(key), None) => key.to_str().map_or(Forwarded::Unreadable, Forwarded::Key),
        (Some(_), Some(_)) => Forwarded::Unreadable,
        (None, _) if !headers.contains_key(AUTHORIZATION) => Forwarded::Missing,
        (None, _) => bearer_token(headers).map_or(Forwarded::Unreadable, Forwarded::Key),
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn key(headers: &[(&str, &str)]) -> String {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| {
                (HeaderName::try_from(*name).unwrap(), HeaderValue::from_bytes(value.as_bytes()).unwrap())
            })
            .fold(HeaderMap::new(), |mut headers, (name, value)| {
                headers.append(name, value);
                headers
            });
        format!("{:?}", forwarded_key(&headers))
    }

    #[test]
    fn a_key_comes_in_its_own_header_or_as_a_bearer_token() {
        assert_eq!(key(&[]), "Missing");
        assert_eq!(key(&[("x-api-key", "k")]), "Key(\"k\")");
        assert_eq!(key(&[("authorization", "Bearer k")]), "Key(\"k\")");
        assert_eq!(key(&[("authorization", "Bearer other"), ("x-api-key", "k")]), "Key(\"k\")");
        assert_eq!(key(&[("authorization", "Basic k")]), "Unreadable");
        assert_eq!(key(&[("x-api-key", "k"), ("x-api-key", "k")]), "Unreadable");
        assert_eq!(key(&[("x-api-key", "ä")]), "Unreadable");
    }
}
