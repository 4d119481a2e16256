//! Events in the company: planted in the bills, and listed in `truth.json`.

use chrono::NaiveDate;

use super::company::date;

/// Meaning of an event for an anomaly detector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Should be reported.
    Anomaly,
    /// New cost that should be reported.
    New,
    /// Planned: reported, unless a known event covers it.
    Planned,
    /// A drop: not to be reported as a rise.
    Drop,
}

/// Event in the bills.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    pub(super) id: &'static str,
    pub(super) kind: Kind,
    /// Series that it changes, or its group of instances.
    pub(super) what: &'static str,
    pub(super) first_day: NaiveDate,
    pub(super) last_day: NaiveDate,
    /// Factor on usage.
    factor: f64,
    pub(super) cause: &'static str,
}

/// All events, by day.
#[rustfmt::skip]
pub(super) fn events() -> Vec<Event> {
    let event = |id, kind, what, first_day, last_day, factor, cause| Event {
        id,
        kind,
        what,
        first_day,
        last_day,
        factor,
        cause,
    };
    vec![
        event("nat-backup", Kind::Anomaly, "nat-bytes", date(2026, 1, 14), date(2026, 1, 16), 6.0,
            "a backup job wrote to S3 through the NAT gateway instead of the gateway endpoint"),
        event("mining", Kind::New, "unknown", date(2026, 3, 22), date(2026, 3, 24), 1.0,
            "leaked credentials: GPU instances in a region nobody uses"),
        event("s3-loop", Kind::Anomaly, "s3-requests", date(2026, 5, 12), date(2026, 5, 12), 12.0,
            "a thumbnailer listed its bucket in a loop"),
        event("debug-logs", Kind::Anomaly, "cw-logs", date(2026, 6, 9), date(2026, 6, 30), 2.5,
            "debug logging left on after a release, for three weeks"),
        event("migration", Kind::Planned, "rds-migration", date(2026, 7, 3), date(2026, 7, 9), 1.0,
            "planned: the orders database ran twice during its migration"),
        event("cart-retries", Kind::Anomaly, "dynamodb-writes", date(2026, 8, 18), date(2026, 8, 20), 4.0,
            "a client retried failed writes without back-off"),
        event("outage", Kind::Drop, "api-gateway", date(2026, 9, 5), date(2026, 9, 6), 0.2,
            "an outage: fewer requests than usual"),
        event("assistant", Kind::New, "bedrock", date(2026, 9, 14), date(2026, 11, 2), 1.0,
            "a new product feature uses a new service"),
        event("campaign-video", Kind::Anomaly, "cloudfront", date(2026, 10, 13), date(2026, 10, 15), 2.4,
            "an uncompressed campaign video was served to every visitor"),
        event("lambda-recursion", Kind::Anomaly, "lambda-dev", date(2026, 10, 21), date(2026, 10, 22), 70.0,
            "a function that triggered itself"),
    ]
}

/// Returns the factor of events on a series on a day. The database of the migration exists only
/// during the migration.
pub(super) fn factor(series: &str, day: NaiveDate) -> f64 {
    let all = events();
    let on = all.iter().find(|e| e.what == series && e.first_day <= day && day <= e.last_day);
    on.map_or(if series == "rds-migration" { 0.0 } else { 1.0 }, |e| e.factor)
}
