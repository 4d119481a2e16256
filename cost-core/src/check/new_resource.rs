//! Resources that began in the month under review: their cost is scaled by their own hours.

use rust_decimal::Decimal;

use super::uses::{ResourceUse, UseInMonth};
use crate::inventory::resource_key;

/// Fewest hours since a resource began from which its cost is scaled to a month: a week, so that
/// each weekday is included. Chosen.
const LEAST_HOURS: i64 = 7 * 24;
/// Hours of its first day in which a resource may not have run.
const FIRST_DAY_HOURS: i64 = 24;

/// Sets the hours of each use of a resource that has no usage in an earlier month of the window, is
/// priced by the hour, and ran in every hour since its first day. `uses` is sorted by resource.
pub(super) fn mark(uses: &mut [ResourceUse]) {
    let same = |a: &ResourceUse, b: &ResourceUse| {
        a.provider == b.provider && resource_key(&a.resource_id) == resource_key(&b.resource_id)
    };
    for of_resource in uses.chunk_by_mut(same) {
        let is_new = of_resource.iter().all(|u| u.months.len() == 1);
        if !is_new || of_resource.iter().any(|u| u.resource_id.is_empty()) {
            continue;
        }
        for used in of_resource {
            if let Some(now) = used.months.first_mut() {
                now.hours_since_start = hours_since_start(now);
            }
        }
    }
}

/// Returns the hours of a use since it began after the first day of its month, if it ran in all of
/// them: its quantity is at most a day less than the hours since the start of its first day.
fn hours_since_start(now: &UseInMonth) -> Option<Decimal> {
    let first = now.first_day.filter(|first| *first > now.month.first_day())?;
    let hours = now.month.end().signed_duration_since(first).num_hours();
    let quantity = now.quantity.filter(|_| now.priced_by_hour)?;
    let all = Decimal::from(hours);
    let least = Decimal::from(hours - FIRST_DAY_HOURS);
    (hours >= LEAST_HOURS && least <= quantity && quantity <= all).then_some(quantity)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::{Currency, Money};

    #[test]
    fn an_hourly_resource_that_runs_since_mid_month_is_scaled_by_its_hours() {
        let usd = |amount: i64| Money::new(Decimal::from(amount), Currency::USD);
        let began = |day: &str, quantity: i64, priced_by_hour: bool| UseInMonth {
            month: "2026-10".parse().unwrap(),
            effective: usd(quantity),
            list: None,
            quantity: Some(Decimal::from(quantity)),
            priced_by_month: false,
            abnormal: usd(0),
            first_day: day.parse().ok(),
            last_day: None,
            priced_by_hour,
            hours_since_start: None,
        };
        let hours = |used: UseInMonth| hours_since_start(&used);
        // From 16 October, 00:00, until the end: 16 days of 24 hours.
        assert_eq!(hours(began("2026-10-16", 384, true)), Some(Decimal::from(384)));
        // It began at noon.
        assert_eq!(hours(began("2026-10-16", 372, true)), Some(Decimal::from(372)));
        // At nights it is off; it existed all month; it is too young; it is not priced by the hour.
        assert_eq!(hours(began("2026-10-16", 200, true)), None);
        assert_eq!(hours(began("2026-10-01", 744, true)), None);
        assert_eq!(hours(began("2026-10-30", 48, true)), None);
        assert_eq!(hours(began("2026-10-16", 384, false)), None);
        // 1 USD an hour is 730 USD a month.
        let mut machine = began("2026-10-16", 384, true);
        machine.hours_since_start = hours(machine);
        assert_eq!(machine.spend().unwrap().amount().normalize(), Decimal::from(730));
    }
}
