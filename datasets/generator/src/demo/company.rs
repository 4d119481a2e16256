//! Fictional company: its accounts, regions, calendar, and tags.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta};
use rust_decimal::Decimal;

use crate::row::{Place, Text};

/// Account: ID and name.
pub(super) type Account = (&'static str, &'static str);

pub(super) const SHOP: Account = ("111111111111", "shop-prod");
pub(super) const DATA: Account = ("222222222222", "data-prod");
pub(super) const DEV: Account = ("333333333333", "dev");
pub(super) const SHARED: Account = ("444444444444", "shared-services");
pub(super) const SANDBOX: Account = ("555555555555", "sandbox");
/// Account of a company acquired in 2025: most of the waste is in it, and most resources that only
/// look like waste.
pub(super) const WANDERLUST: Account = ("666666666666", "wanderlust");

/// Region: ID and name.
pub(super) type Region = (&'static str, &'static str);

pub(super) const US: Region = ("us-east-1", "US East (N. Virginia)");
pub(super) const EU: Region = ("eu-west-1", "Europe (Ireland)");
pub(super) const SINGAPORE: Region = ("ap-southeast-1", "Asia Pacific (Singapore)");

/// Prefix of usage types in a region.
pub(super) fn meter_prefix(region: Region) -> &'static str {
    match region.0 {
        "eu-west-1" => "EU-",
        "ap-southeast-1" => "APS1-",
        _ => "",
    }
}

pub(super) fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

pub(super) fn midnight(day: NaiveDate) -> NaiveDateTime {
    day.and_time(chrono::NaiveTime::MIN)
}

/// First day of the bills.
pub(super) fn start() -> NaiveDate {
    date(2025, 10, 1)
}

/// Month in which the planted waste is measured.
pub(super) fn review_month() -> NaiveDate {
    date(2026, 10, 1)
}

/// Report date of the estate.
pub(super) fn as_of() -> NaiveDate {
    date(2026, 11, 3)
}

/// Last hour with hourly charges, as at the end of a real bill; daily charges exist up to the day
/// before.
pub(super) fn arrived() -> NaiveDateTime {
    midnight(date(2026, 11, 2)) + TimeDelta::hours(14)
}

/// Months since the start of the bills.
pub(super) fn months_in(day: NaiveDate) -> i32 {
    (day.year() - 2025) * 12 + i32::try_from(day.month()).unwrap_or(1) - 10
}

/// Returns `rate` to the power of the months since the start, by multiplication only.
pub(super) fn growth(rate: f64, day: NaiveDate) -> f64 {
    (0..months_in(day)).fold(1.0, |g, _| g * rate)
}

pub(super) fn is_weekend(day: NaiveDate) -> bool {
    day.weekday().num_days_from_monday() >= 5
}

/// Returns the number of days in the month of `day`.
pub(super) fn days_in_month(day: NaiveDate) -> u32 {
    let first = crate::row::first_of_month(day);
    u32::try_from(crate::row::next_month(first).signed_duration_since(first).num_days())
        .unwrap_or(30)
}

/// Tag quality of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tagging {
    /// team, env and app.
    Full,
    /// Only env: no owner.
    NoTeam,
    /// No tags.
    None,
}

/// Returns the tags of a resource as JSON.
pub(super) fn tags(tagging: Tagging, team: &str, env: &str, app: &str) -> Option<Text> {
    match tagging {
        Tagging::Full => {
            Some(Arc::from(format!(r#"{{"app":"{app}","env":"{env}","team":"{team}"}}"#)))
        }
        Tagging::NoTeam => Some(Arc::from(format!(r#"{{"env":"{env}"}}"#))),
        Tagging::None => None,
    }
}

/// Account and region of a resource.
pub(super) fn place(
    account: Account,
    region: Option<Region>,
    resource: Option<(Text, &'static str)>,
    tags: Option<Text>,
) -> Place {
    Place { account_id: account.0, account_name: account.1, region, resource, tags }
}

/// Returns a number with this many decimal places, converted from statistics to billing.
pub(super) fn decimal(value: f64, places: u32) -> Decimal {
    Decimal::try_from(value).unwrap_or_default().round_dp(places)
}

/// Returns 17 hex digits that depend only on `name`, as in EC2 IDs.
pub(super) fn hex_id(name: &str) -> String {
    let mut noise = crate::noise::Noise::of(name);
    (0..17).map(|_| char::from_digit(noise.below(16), 16).unwrap_or('0')).collect()
}
