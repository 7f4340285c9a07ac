//! The formats that are checked. All others are annotations.

use serde_json::{Map, Value};

/// The functions that decide which texts are valid for a format. They must accept exactly what the server's own models
/// accept.
#[derive(Clone, Copy, Debug)]
pub struct Formats {
    /// Whether a text is a valid `date-time`.
    pub date_time: fn(&str) -> bool,
    /// Whether a text is a valid `ip-address`: an IPv4 or IPv6 address.
    pub ip_address: fn(&str) -> bool,
    /// Whether a text is a valid `ip-network`: an IPv4 or IPv6 network in CIDR notation, or a single address.
    pub ip_network: fn(&str) -> bool,
}

/// A format that is checked.
#[derive(Clone, Copy)]
pub(crate) enum Format {
    DateTime,
    IpAddress,
    IpNetwork,
}

impl Format {
    /// The format of a schema; `None` if it has none that is checked.
    pub(crate) fn of(schema: &Map<String, Value>) -> Option<Self> {
        match schema.get("format")?.as_str()? {
            "date-time" => Some(Self::DateTime),
            "ip-address" => Some(Self::IpAddress),
            "ip-network" => Some(Self::IpNetwork),
            _ => None,
        }
    }

    /// The type of the error for a value that is not text.
    pub(crate) fn type_error(self) -> &'static str {
        match self {
            Self::DateTime => "datetime_type",
            Self::IpAddress => "ip_any_address",
            Self::IpNetwork => "ip_any_network",
        }
    }

    /// The type of the error for a text; `None` if it is valid.
    pub(crate) fn text_error(self, text: &str, formats: &Formats) -> Option<&'static str> {
        match self {
            Self::DateTime if (formats.date_time)(text) => None,
            Self::DateTime if (formats.date_time)(&format!("{text}Z")) => Some("timezone_aware"),
            Self::DateTime => Some("datetime_from_date_parsing"),
            Self::IpAddress => (!(formats.ip_address)(text)).then_some("ip_any_address"),
            Self::IpNetwork => (!(formats.ip_network)(text)).then_some("ip_any_network"),
        }
    }
}
