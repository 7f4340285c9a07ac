//! What models, traits and routes share: times, strict objects, absent and `null`, constraints, headers, contents.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    fmt,
    net::IpAddr,
};

use axum::{body::Body, response::Response};
use chrono::{Datelike, SecondsFormat, TimeDelta, Timelike, Utc};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header::CONTENT_TYPE};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, MapAccess, Visitor, value::MapAccessDeserializer},
};
use validator::{Validate, ValidateLength, ValidationError};

/// A time: RFC 3339 with an offset, microsecond precision, in the years 0001 to 9999 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DateTime(pub chrono::DateTime<Utc>);

impl DateTime {
    /// Parses a time. `None` if the text is not RFC 3339 with an offset and a `T`, or if the time is outside the years
    /// 0001 to 9999 in UTC. Digits after the microsecond are dropped; a leap second becomes the following instant.
    pub fn parse(text: &str) -> Option<Self> {
        // chrono is more liberal: a space for the `T`, more digits for a year, a minus sign that is not ASCII.
        let (b'-', b'T' | b't') = (text.as_bytes().get(4)?, text.as_bytes().get(10)?) else {
            return None;
        };
        let time = chrono::DateTime::parse_from_rfc3339(text).ok().filter(|_| text.is_ascii())?.to_utc();
        // chrono keeps a leap second as more than a second's worth of nanoseconds, at any minute.
        let leap = time.nanosecond() >= 1_000_000_000;
        if leap && (time.hour(), time.minute(), time.second()) != (23, 59, 59) {
            return None;
        }
        let microseconds = i64::from(time.nanosecond() / 1_000);
        let time = time.with_nanosecond(0)?.checked_add_signed(TimeDelta::microseconds(microseconds))?;
        (1..=9999).contains(&time.year()).then_some(Self(time))
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = DateTime;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a date and time with an offset (RFC 3339)")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<DateTime, E> {
                DateTime::parse(text).ok_or_else(|| E::custom("not a date and time with an offset"))
            }
        }

        deserializer.deserialize_str(Text)
    }
}

/// An object of the contract. Unlike serde's derived structs it cannot be read from an array, by position.
pub struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<T>(std::marker::PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
            type Value = Object<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(members)).map(Object)
            }
        }

        deserializer.deserialize_map(Members(std::marker::PhantomData))
    }
}

/// A map of strings, sorted by name. An object that repeats a name is invalid.
#[derive(Serialize)]
pub struct StringMap(pub BTreeMap<String, String>);

impl<'de> Deserialize<'de> for StringMap {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = StringMap;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object of strings")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<StringMap, A::Error> {
                let mut map = BTreeMap::new();
                while let Some(name) = members.next_key()? {
                    match map.entry(name) {
                        Entry::Vacant(entry) => _ = entry.insert(members.next_value()?),
                        Entry::Occupied(_) => return Err(de::Error::custom("repeated member")),
                    }
                }
                Ok(StringMap(map))
            }
        }

        deserializer.deserialize_map(Members)
    }
}

impl ValidateLength<u64> for StringMap {
    fn length(&self) -> Option<u64> {
        self.0.length()
    }
}

/// A member that may be absent: `None` if it is (by serde's default), `Some` if it is present, even if it is `null`.
pub fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// A member that is an integer. `1.0` is an integer as well, as in JSON Schema (Draft 2020-12, Validation, section
/// 6.1.1).
pub fn integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    struct Integer;

    impl Visitor<'_> for Integer {
        type Value = i64;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("an integer of 64 bits")
        }

        fn visit_i64<E: de::Error>(self, value: i64) -> Result<i64, E> {
            Ok(value)
        }

        fn visit_u64<E: de::Error>(self, value: u64) -> Result<i64, E> {
            i64::try_from(value).map_err(E::custom)
        }

        fn visit_f64<E: de::Error>(self, value: f64) -> Result<i64, E> {
            whole(value).ok_or_else(|| E::custom("not an integer of 64 bits"))
        }
    }

    deserializer.deserialize_any(Integer)
}

/// The integer that a number without a fraction equals, up to 2^53, beyond which such numbers are not exact.
pub fn whole(value: f64) -> Option<i64> {
    (value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0).then_some(value as i64)
}

/// Like [`present`], for an integer.
pub fn present_integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    integer(deserializer).map(Some)
}

/// A member that is an integer or `null`.
pub fn nullable_integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    #[derive(Deserialize)]
    struct Integer(#[serde(deserialize_with = "integer")] i64);

    Option::deserialize(deserializer).map(|value| value.map(|Integer(value)| value))
}

/// Like [`present`], for an integer or `null`.
pub fn present_nullable_integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<i64>>, D::Error> {
    nullable_integer(deserializer).map(Some)
}

/// A member that is an object.
pub fn object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    Object::deserialize(deserializer).map(|Object(value)| value)
}

/// A member that is an object or `null`.
pub fn nullable_object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer).map(|object| object.map(|Object(value)| value))
}

/// Like [`present`], for an object.
pub fn present_object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    object(deserializer).map(Some)
}

/// Like [`present`], for an object or `null`.
pub fn present_nullable_object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    nullable_object(deserializer).map(Some)
}

/// A pattern of the contract, which is compiled when it is first used.
macro_rules! pattern {
    ($pattern:literal) => {{
        static PATTERN: std::sync::LazyLock<regex::Regex> =
            std::sync::LazyLock::new(|| regex::Regex::new($pattern).expect("the contract's patterns are valid"));
        &*PATTERN
    }};
}
pub(crate) use pattern;

/// Validates the items of an array, each as `item` wraps it.
pub(crate) fn validate_items<'a, T, V: Validate>(
    items: &'a [T],
    item: impl Fn(&'a T) -> V,
) -> Result<(), ValidationError> {
    let is_valid = items.iter().all(|value| item(value).validate().is_ok());
    valid_if(is_valid, "items")
}

/// Validates the names and the values of a map, each pair as `member` wraps it.
pub(crate) fn validate_members<'a, V: Validate>(
    map: &'a StringMap,
    member: impl Fn(&'a String, &'a String) -> V,
) -> Result<(), ValidationError> {
    let is_valid = map.0.iter().all(|(name, value)| member(name, value).validate().is_ok());
    valid_if(is_valid, "members")
}

/// Validates a text of `format: ip-address`.
pub(crate) fn validate_ip_address(text: &str) -> Result<(), ValidationError> {
    valid_if(is_ip_address(text), "ip-address")
}

/// Validates a text of `format: ip-network`.
pub(crate) fn validate_ip_network(text: &str) -> Result<(), ValidationError> {
    valid_if(is_ip_network(text), "ip-network")
}

fn valid_if(is_valid: bool, code: &'static str) -> Result<(), ValidationError> {
    if is_valid { Ok(()) } else { Err(ValidationError::new(code)) }
}

/// Whether a text is an IPv4 or IPv6 address (`format: ip-address`).
pub fn is_ip_address(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok()
}

/// Whether a text is a network in CIDR notation, or a single address (`format: ip-network`).
pub fn is_ip_network(text: &str) -> bool {
    let Some((address, length)) = text.split_once('/') else {
        return is_ip_address(text);
    };
    let most = match address.parse() {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    // `parse` also takes a sign and leading zeros, which CIDR notation does not have.
    let is_canonical = length == "0" || length.starts_with(|first: char| matches!(first, '1'..='9'));
    is_canonical && length.parse::<u8>().is_ok_and(|length| length <= most)
}

/// Whether a media type, given without parameters, is JSON (RFC 6839, section 3.1).
pub fn is_json(media_type: &str) -> bool {
    let (_, subtype) = media_type.split_once('/').unwrap_or_default();
    let suffix = subtype.len().checked_sub("+json".len()).and_then(|start| subtype.get(start..));
    media_type.eq_ignore_ascii_case("application/json") || suffix.is_some_and(|text| text.eq_ignore_ascii_case("+json"))
}

/// Whether a media type, given without parameters, is a form.
pub fn is_form(media_type: &str) -> bool {
    media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// A header that is given more than once, or whose value is not of the form that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the header is given more than once, or its value is invalid")]
pub struct InvalidHeader;

/// The value of a header that may be given once, as visible ASCII.
pub fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, InvalidHeader> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| InvalidHeader),
        (Some(_), Some(_)) => Err(InvalidHeader),
    }
}

/// A response of the contract, with its content and headers as typed values.
pub trait Respond {
    /// Writes the response.
    fn respond(self) -> Result<Response, ResponseError>;
}

/// Why a response could not be written; an error of the server.
#[derive(Debug, thiserror::Error)]
pub enum ResponseError {
    /// The content cannot be serialized.
    #[error("the content of a response cannot be serialized")]
    Content(#[from] serde_json::Error),
    /// A value cannot be sent in a header.
    #[error("a value of a response cannot be sent in a header")]
    Header(#[from] http::header::InvalidHeaderValue),
}

/// A response with content.
pub fn content<T: Serialize>(
    status: StatusCode,
    media_type: &'static str,
    body: &T,
) -> Result<Response, ResponseError> {
    let mut response = Response::new(Body::from(serde_json::to_vec(body)?));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    Ok(response)
}

/// A response without content.
pub(crate) fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// Sets a header of a response, unless its value is absent.
pub(crate) fn set_header(
    response: &mut Response,
    name: &'static str,
    value: impl ToHeader,
) -> Result<(), ResponseError> {
    if let Some(value) = value.to_header()? {
        response.headers_mut().insert(name, value);
    }
    Ok(())
}

/// A typed header value; `None` is absent.
pub(crate) trait ToHeader {
    fn to_header(self) -> Result<Option<HeaderValue>, ResponseError>;
}

impl ToHeader for String {
    fn to_header(self) -> Result<Option<HeaderValue>, ResponseError> {
        Ok(Some(HeaderValue::try_from(self)?))
    }
}

impl ToHeader for i64 {
    fn to_header(self) -> Result<Option<HeaderValue>, ResponseError> {
        Ok(Some(HeaderValue::from(self)))
    }
}

impl<T: ToHeader> ToHeader for Option<T> {
    fn to_header(self) -> Result<Option<HeaderValue>, ResponseError> {
        self.map_or(Ok(None), ToHeader::to_header)
    }
}
