//! Credentials in the headers of a request.

use http::{
    HeaderMap,
    header::{AUTHORIZATION, HeaderName},
};

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// The value of a header that is there once at most.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum SingleHeader<'a> {
    /// The header is absent.
    Missing,
    /// It is there more than once, is not visible ASCII, or has the wrong form.
    Invalid,
    /// Its value.
    Value(&'a str),
}

/// The API key in `X-API-Key`.
pub(super) fn api_key(headers: &HeaderMap) -> SingleHeader<'_> {
    single(headers, &API_KEY)
}

/// The token of `Authorization: Bearer` (RFC 6750, section 2.1).
pub(super) fn bearer_token(headers: &HeaderMap) -> SingleHeader<'_> {
    match single(headers, &AUTHORIZATION) {
        SingleHeader::Value(value) => match value.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
                SingleHeader::Value(token.trim_matches(' '))
            }
            _ => SingleHeader::Invalid,
        },
        other => other,
    }
}

/// The key of a request that a gateway authorizes: from `X-API-Key`, or else from `Authorization: Bearer`. The first takes
/// precedence, because the client may need the second for another service.
pub(super) fn forwarded_key(headers: &HeaderMap) -> SingleHeader<'_> {
    match api_key(headers) {
        SingleHeader::Missing => bearer_token(headers),
        found => found,
    }
}

fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> SingleHeader<'a> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => SingleHeader::Missing,
        (Some(value), None) => value.to_str().map_or(SingleHeader::Invalid, SingleHeader::Value),
        (Some(_), Some(_)) => SingleHeader::Invalid,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::{
        SingleHeader::{Invalid, Missing, Value},
        *,
    };

    fn headers(headers: &[(&str, &str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::try_from(*name).unwrap(), HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        map
    }

    #[test]
    fn a_bearer_token_is_in_one_header_of_that_scheme() {
        let token = |values: &[&str]| {
            let values: Vec<_> = values.iter().map(|value| ("authorization", *value)).collect();
            format!("{:?}", bearer_token(&headers(&values)))
        };
        for (values, expected) in [
            (&["Bearer abc"][..], Value("abc")),
            (&["bearer  abc "], Value("abc")),
            (&["Basic abc"], Invalid),
            (&["Bearer"], Invalid),
            (&["abc"], Invalid),
            (&["Bearer ä"], Invalid),
            (&["Bearer abc", "Bearer abc"], Invalid),
            (&[], Missing),
        ] {
            assert_eq!(token(values), format!("{expected:?}"), "{values:?}");
        }
    }

    #[test]
    fn a_forwarded_key_has_its_own_header_or_is_a_bearer_token() {
        for (sent, expected) in [
            (&[][..], Missing),
            (&[("x-api-key", "k")], Value("k")),
            (&[("authorization", "Bearer k")], Value("k")),
            (&[("authorization", "Bearer other"), ("x-api-key", "k")], Value("k")),
            (&[("authorization", "Basic k")], Invalid),
            (&[("x-api-key", "k"), ("x-api-key", "k")], Invalid),
            (&[("x-api-key", "ä")], Invalid),
        ] {
            assert_eq!(forwarded_key(&headers(sent)), expected, "{sent:?}");
        }
    }
}
