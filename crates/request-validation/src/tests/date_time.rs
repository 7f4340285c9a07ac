//! The texts that the contract's `date-time` accepts. The parser is in the generated crate, which has no tests.

use chrono::{DateTime, FixedOffset, SecondsFormat, Timelike, Utc};
use proptest::prelude::*;

fn parse(text: &str) -> Option<DateTime<Utc>> {
    latchkey_api::types::DateTime::parse(text).map(|time| time.0)
}

fn read(text: &str) -> Option<String> {
    parse(text).map(|instant| instant.to_rfc3339_opts(SecondsFormat::Micros, true))
}

#[test]
fn valid_texts_are_parsed() {
    for (text, expected) in [
        ("2031-01-01T00:00:00Z", "2031-01-01T00:00:00.000000Z"),
        ("2031-01-01t00:00:00z", "2031-01-01T00:00:00.000000Z"),
        ("2031-06-30T12:00:00+02:00", "2031-06-30T10:00:00.000000Z"),
        ("2031-06-30T12:00:00-00:00", "2031-06-30T12:00:00.000000Z"),
        ("2031-06-30T12:00:00+23:59", "2031-06-29T12:01:00.000000Z"),
        ("2031-01-01T00:00:00.5Z", "2031-01-01T00:00:00.500000Z"),
        ("2031-01-01T00:00:00.123456999999999999999999Z", "2031-01-01T00:00:00.123456Z"),
        ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000000Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"),
        ("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999Z"),
        // The local year is out of range, the year in UTC is not.
        ("0000-12-31T23:30:00-01:00", "0001-01-01T00:30:00.000000Z"),
        // A leap second is the instant after it.
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000000Z"),
        ("2016-12-31T23:59:60.25Z", "2017-01-01T00:00:00.250000Z"),
        ("1990-12-31T15:59:60-08:00", "1991-01-01T00:00:00.000000Z"),
    ] {
        assert_eq!(read(text).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn other_texts_are_rejected() {
    for text in [
        "",
        "2031-01-01",
        "2031-01-01T00:00:00",
        "2031-01-01 00:00:00Z",
        "2031-01-01_00:00:00Z",
        "2031-01-01T00:00Z",
        "2031-01-01T00:00:00.Z",
        "2031-01-01T00:00:00,5Z",
        "2031-01-01T00:00:00.5.5Z",
        "2031-01-01T00:00:00+0100",
        "2031-01-01T00:00:00+01",
        "2031-01-01T00:00:00+24:00",
        "2031-01-01T00:00:00+00:60",
        "2031-01-01T00:00:00ZZ",
        "2031-01-01T00:00:00Z ",
        " 2031-01-01T00:00:00Z",
        "2031-1-1T00:00:00Z",
        "12031-01-01T00:00:00Z",
        "+2031-01-01T00:00:00Z",
        "-001-01-01T00:00:00Z",
        "2031-13-01T00:00:00Z",
        "2031-00-01T00:00:00Z",
        "2031-02-29T00:00:00Z",
        "2031-01-01T24:00:00Z",
        "2031-01-01T00:60:00Z",
        "2031-01-01T00:00:61Z",
        "2031-01-01T12:00:60Z",
        "2031-01-01T23:59:60+01:00",
        "0000-12-31T23:59:59Z",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "9999-12-31T23:59:60Z",
        "२०३१-01-01T00:00:00Z",
        "2031-01-01T00:00:00\u{2212}01:00",
        "1924992000",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn never_panics(text in "\\PC*") {
        let _ = parse(&text);
    }

    #[test]
    fn never_panics_on_near_misses(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{0,12})?([Zz]|[+-][0-9]{2}:[0-9]{2}|é)?") {
        // chrono's own parser accepts all that is accepted here.
        if let Some(instant) = parse(&text) {
            let theirs = DateTime::parse_from_rfc3339(&text).expect("chrono accepts it");
            if theirs.nanosecond() < 1_000_000_000 {
                prop_assert_eq!(instant.timestamp_micros(), theirs.timestamp_micros());
            }
        }
    }

    #[test]
    fn parses_what_chrono_formats(
        seconds in -62_135_596_800_i64..=253_402_300_799,
        micros in 0_u32..1_000_000,
        offset_minutes in -1439_i32..=1439,
    ) {
        let instant = DateTime::from_timestamp(seconds, micros * 1000).expect("in range");
        let offset = FixedOffset::east_opt(offset_minutes * 60).expect("in range");
        let text = instant.with_timezone(&offset).to_rfc3339();
        // The local year of the first and last day may need a sign or a fifth digit.
        if text.find('T') == Some(10) && !text.starts_with('-') {
            prop_assert_eq!(parse(&text), Some(instant));
        }
    }
}
