//! Times in manifests.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

/// Time formats without an offset; they are in UTC, as all times of Azure exports. Month and day
/// have the American order of the .NET invariant culture.
const WITHOUT_OFFSET: &[&str] =
    &["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S"];
const DAYS: &[&str] = &["%Y-%m-%d", "%m/%d/%Y", "%Y%m%d"];

/// Parses a time: ISO 8601 with or without an offset, or `9/15/2026 10:10:00 PM`.
pub(super) fn instant(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.to_utc());
    }
    let time =
        WITHOUT_OFFSET.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    time.or_else(|| day_alone(text)?.and_hms_opt(0, 0, 0)).map(|t| t.and_utc())
}

/// Parses the day of a time, in its own offset.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    let with_offset = DateTime::parse_from_rfc3339(text).ok().map(|t| t.date_naive());
    let time =
        || WITHOUT_OFFSET.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    with_offset.or_else(|| time().map(|t| t.date())).or_else(|| day_alone(text))
}

fn day_alone(text: &str) -> Option<NaiveDate> {
    DAYS.iter().find_map(|form| NaiveDate::parse_from_str(text, form).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_compared_and_not_text() {
        let at = |text: &str| instant(text).unwrap_or_else(|| panic!("{text}"));
        assert!(at("2026-09-30T22:10:00.1234567Z") > at("2026-09-30T23:10:00+02:00"));
        assert!(at("9/15/2026 10:10:00 PM") > at("9/5/2026 10:10:00 PM"));
        assert_eq!(at("2026-09-15T22:10:00"), at("9/15/2026 10:10:00 PM"));
        assert_eq!(at("2026-09-15"), at("2026-09-15T00:00:00Z"));
        for odd in ["", "soon", "15/9/2026 10:10:00", "2026-13-01"] {
            assert_eq!(instant(odd), None, "{odd}");
        }
        assert_eq!(day("2026-09-30T23:10:00+02:00"), NaiveDate::from_ymd_opt(2026, 9, 30));
        assert_eq!(day("20260930"), NaiveDate::from_ymd_opt(2026, 9, 30));
    }
}
