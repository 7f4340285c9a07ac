//! What the models and routes are made of: times, objects, absent and `null`, contents. No rule of one operation.

use std::fmt;

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use chrono::{Datelike, SecondsFormat, TimeDelta, Timelike, Utc};
use http::{HeaderValue, StatusCode, header::CONTENT_TYPE};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, MapAccess, Visitor, value::MapAccessDeserializer},
};

/// A time of the contract: RFC 3339 with an offset, kept to the microsecond, in the years 0001 to 9999 of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DateTime(pub chrono::DateTime<Utc>);

impl DateTime {
    /// Reads a time. `None` for anything else than RFC 3339 with an offset and a `T`, or when it lies outside the
    /// years 0001 to 9999 of UTC. Digits after the microsecond are dropped; a leap second is the instant after it.
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

/// An object of the contract. serde's derived structs also take an array, by position; this does not.
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

/// Tells an absent member (`None`, by serde's default) from one that is there, `null` included where `T` allows it.
pub fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// A member that is an integer; also one that is written as `1.0`, which JSON Schema calls an integer too (Draft 2020-12,
/// Validation, section 6.1.1).
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

/// The integer that a number with a fraction of zero is, as far as such numbers are exact: up to 2^53.
pub fn whole(value: f64) -> Option<i64> {
    (value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0).then_some(value as i64)
}

/// [`present`], of an integer.
pub fn present_integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    integer(deserializer).map(Some)
}

/// A member that is an object.
pub fn object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    Object::deserialize(deserializer).map(|Object(value)| value)
}

/// A member that is an object or `null`.
pub fn nullable_object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer).map(|object| object.map(|Object(value)| value))
}

/// [`present`], of an object.
pub fn present_object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    object(deserializer).map(Some)
}

/// [`present`], of an object or `null`.
pub fn present_nullable_object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    nullable_object(deserializer).map(Some)
}

/// An answer with content; `status` is one that exists.
pub fn content<T: Serialize>(status: u16, content_type: &'static str, body: &T) -> Response {
    match serde_json::to_vec(body) {
        Ok(bytes) => {
            let mut response = Response::new(Body::from(bytes));
            *response.status_mut() = code(status);
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
            response
        }
        // No model of the contract has a map with keys other than strings, which alone would come here.
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// An answer without content.
pub(crate) fn empty(status: u16) -> Response {
    code(status).into_response()
}

/// A status of the contract, which holds none that is out of range.
fn code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
