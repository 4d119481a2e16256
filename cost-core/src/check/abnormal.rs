//! Abnormal days: days on which a usage type cost far more than expected. Savings exclude their
//! excess, because it will not occur again when the saving does.
//!
//! In:  the daily cost table, and the usage of each resource by month.
//! Out: for each use, the excess of each month, and the abnormal days of the month under review
//!      (docs/adr/0037).

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use super::output::CheckError;
use super::uses::ResourceUse;
use crate::anomaly::{Calendar, Direction, Limits, scan};
use crate::cells::days_since_1970;
use crate::cloud::Provider;
use crate::money::{Currency, Money, MoneyError};
use crate::month::Month;
use crate::rollup::{Rollup, days_in, is_used};

/// Smallest excess of an abnormal day, as a share of its expected cost: it costs at least twice as
/// much as expected. Smaller deviations are part of the interval of the estimate.
const RELATIVE: f64 = 1.0;
/// Smallest excess of an abnormal day, in robust standard deviations of the series' own errors: the
/// default of the anomaly detector (`deviations_tenths`).
const DEVIATIONS: f64 = 4.5;
/// Smallest excess of an abnormal day, in units of the bill's currency. It only avoids the
/// evaluation of tiny series: 0.10 a day is 3 a month.
const FLOOR: f64 = 0.1;

/// Key of a daily series: provider, account, service, region, and usage type.
type Key = (Provider, Option<String>, Option<String>, String, String);

/// Abnormal days of a series in one month.
#[derive(Debug)]
struct Excess {
    days: Vec<NaiveDate>,
    /// Cost above the expected cost on these days.
    amount: Money,
}

/// Sets the abnormal excess of each use: Σ over the abnormal days of its series of cost − expected
/// cost, divided among the resources of the series in proportion to the rise of their own month,
/// and never more than that rise.
pub(super) fn mark(
    uses: &mut [ResourceUse],
    rollup: &Rollup,
    window: (NaiveDate, NaiveDate),
) -> Result<(), CheckError> {
    let found = find(rollup, window)?;
    if found.is_empty() {
        return Ok(());
    }
    let mut members: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
    for (at, used) in uses.iter().enumerate() {
        let key = key_of(used);
        if found.contains_key(&key) {
            members.entry(key).or_default().push(at);
        }
    }
    for (key, members) in members {
        for (month, excess) in found.get(&key).into_iter().flatten() {
            divide(uses, &members, *month, excess)?;
        }
    }
    Ok(())
}

fn key_of(used: &ResourceUse) -> Key {
    (
        used.provider,
        used.sub_account_id.clone(),
        used.service_name.clone(),
        used.region_id.clone(),
        used.usage_type.clone(),
    )
}

/// Divides the excess of a series in a month among the uses whose cost rose in it.
fn divide(
    uses: &mut [ResourceUse],
    members: &[usize],
    month: Month,
    excess: &Excess,
) -> Result<(), MoneyError> {
    let zero = Money::zero(excess.amount.currency());
    let rises = members
        .iter()
        .map(|at| Ok((*at, rise(&uses[*at], month)?)))
        .collect::<Result<Vec<_>, MoneyError>>()?;
    let total = Money::try_sum(rises.iter().map(|(_, rise)| *rise), zero.currency())?;
    if total.is_zero_or_less() {
        return Ok(());
    }
    let amount = excess.amount.try_min(total)?;
    for (at, rise) in rises.into_iter().filter(|(_, rise)| !rise.is_zero_or_less()) {
        let part = amount.try_ratio(rise.amount(), total.amount())?;
        let of = &mut uses[at];
        if of.now().month == month {
            of.abnormal_days.clone_from(&excess.days);
        }
        for of_month in of.months.iter_mut().filter(|m| m.month == month) {
            of_month.abnormal = part;
        }
    }
    Ok(())
}

/// Returns how much more a use cost in a month than in the other months of the window, per hour of
/// the month: compared with the median of the others. A use without another month is new, and its
/// complete cost is a rise. Zero if it did not rise.
fn rise(used: &ResourceUse, month: Month) -> Result<Money, MoneyError> {
    let mut others = Vec::new();
    let mut this = None;
    for of_month in &used.months {
        if of_month.month == month {
            this = Some(of_month.effective);
            continue;
        }
        let hours = (Decimal::from(month.hours()), Decimal::from(of_month.month.hours()));
        let same_length = if of_month.priced_by_month {
            of_month.effective
        } else {
            of_month.effective.try_ratio(hours.0, hours.1)?
        };
        others.push(same_length);
    }
    others.sort_by_key(Money::amount);
    let zero = Money::zero(used.now().effective.currency());
    let Some(this) = this else { return Ok(zero) };
    let usual = match others.as_slice() {
        [] => zero,
        [one] => *one,
        // The window has two other months.
        [low, high, ..] => low.try_add(*high)?.try_mul(Decimal::new(5, 1))?,
    };
    let rise = this.try_sub(usual)?;
    Ok(if rise.is_zero_or_less() { zero } else { rise })
}

/// Returns the series with abnormal days in the window, by month. No day after the window counts,
/// so that a month is evaluated the same whenever it is evaluated.
fn find(
    rollup: &Rollup,
    (from, until): (NaiveDate, NaiveDate),
) -> Result<BTreeMap<Key, BTreeMap<Month, Excess>>, CheckError> {
    let Some((first, end)) = rollup.cube.day_range() else { return Ok(BTreeMap::new()) };
    let end = end.min(until);
    let len = usize::try_from(end.signed_duration_since(first).num_days()).unwrap_or(0);
    let series = daily(rollup, (first, end), len)?;
    let calendar = Calendar::new(first, len);
    let floor = vec![FLOOR; len];
    let limits = Limits { relative: RELATIVE, floor: &floor, deviations: DEVIATIONS };
    let mut found = BTreeMap::new();
    for (key, costs) in series {
        let excess = of_series(&costs, &calendar, &limits, from, rollup.cube.currency())?;
        if !excess.is_empty() {
            found.insert(key, excess);
        }
    }
    Ok(found)
}

/// Returns the daily cost of used resources by series, in 10⁻¹² units.
fn daily(
    rollup: &Rollup,
    (first, end): (NaiveDate, NaiveDate),
    len: usize,
) -> Result<BTreeMap<Key, Vec<i128>>, CheckError> {
    let start = days_since_1970(first);
    let mut series: Vec<(Key, Vec<i128>)> = Vec::new();
    // One shared text as the key, so that a row of a known series allocates none.
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut text = String::new();
    let mut fits = true;
    let keys = ["ProviderName", "SubAccountId", "ServiceName", "RegionId", "SkuMeter"];
    let filter = is_used().and(days_in("ChargeDay", first, end));
    rollup.cube.each_cost(keys, filter, |values, day, cost| {
        text.clear();
        for value in values {
            // Distinguishes an empty text from null, and ("ab", "c") from ("a", "bc").
            text.push_str(value.unwrap_or("\u{1}"));
            text.push('\u{0}');
        }
        let place = places.get(&text).copied().unwrap_or_else(|| {
            places.insert(text.clone(), series.len());
            series.push((series_key(values), vec![0; len]));
            series.len() - 1
        });
        let day = usize::try_from(day - start).ok();
        if let Some(sum) = day.and_then(|day| series.get_mut(place)?.1.get_mut(day)) {
            let (total, overflow) = sum.overflowing_add(cost);
            *sum = total;
            fits &= !overflow;
        }
    })?;
    if !fits {
        return Err(MoneyError::Overflow.into());
    }
    let mut merged: BTreeMap<Key, Vec<i128>> = BTreeMap::new();
    for (key, costs) in series {
        // A provider can have several names, and a missing region or usage type is an empty one.
        let sums = merged.entry(key).or_insert_with(|| vec![0; len]);
        for (sum, cost) in sums.iter_mut().zip(costs) {
            *sum = sum.checked_add(cost).ok_or(MoneyError::Overflow)?;
        }
    }
    Ok(merged)
}

/// Returns the key of a series from the values of the daily cost table.
fn series_key([provider, account, service, region, meter]: [Option<&str>; 5]) -> Key {
    let text = |value: Option<&str>| value.map(ToOwned::to_owned);
    (
        Provider::of(provider),
        text(account),
        text(service),
        region.unwrap_or_default().to_owned(),
        meter.unwrap_or_default().to_owned(),
    )
}

/// Returns the abnormal days of a series by month: rises found by the anomaly detector that have
/// ended. Rises that continue to the end may be a new level, and new cost has no usual level: both
/// stay.
fn of_series(
    costs: &[i128],
    calendar: &Calendar,
    limits: &Limits<'_>,
    from: NaiveDate,
    currency: Currency,
) -> Result<BTreeMap<Month, Excess>, MoneyError> {
    let values: Vec<f64> = costs.iter().map(|c| c.to_f64().unwrap_or(0.0) / 1e12).collect();
    let scan = scan(&values, calendar, 1, Direction::Rise, limits);
    let mut found: BTreeMap<Month, Excess> = BTreeMap::new();
    let ended = scan.runs.iter().filter(|run| !run.new && !run.goes_on(costs.len()));
    for at in ended.flat_map(|run| &run.days) {
        let day = calendar.day(*at);
        let (Some(cost), Some(expected)) = (costs.get(*at), scan.expected.value.get(*at)) else {
            continue;
        };
        let expected = Decimal::from_f64(*expected).unwrap_or_default().round_dp(6);
        let excess =
            Money::from_scaled(*cost, currency)?.try_sub(Money::new(expected, currency))?;
        if day < from || excess.is_zero_or_less() {
            continue;
        }
        let of_month = found
            .entry(Month::of(day))
            .or_insert_with(|| Excess { days: Vec::new(), amount: Money::zero(currency) });
        of_month.days.push(day);
        of_month.amount = of_month.amount.try_add(excess)?;
    }
    Ok(found)
}

/// Returns days as text: single days and ranges, such as `2026-10-08 to 2026-10-14`.
fn as_ranges(days: &[NaiveDate]) -> String {
    let mut ranges: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    for day in days {
        match ranges.last_mut().filter(|(_, last)| last.succ_opt() == Some(*day)) {
            Some((_, last)) => *last = *day,
            None => ranges.push((*day, *day)),
        }
    }
    let text = |(first, last): &(NaiveDate, NaiveDate)| {
        if first == last { first.to_string() } else { format!("{first} to {last}") }
    };
    ranges.iter().map(text).collect::<Vec<_>>().join(", ")
}

/// Returns the evidence of excluded abnormal days of these uses; `None` if there are none.
///
/// # Errors
/// [`MoneyError`].
pub(super) fn evidence<'u>(
    uses: impl Iterator<Item = &'u ResourceUse>,
    currency: Currency,
) -> Result<Option<(String, String)>, MoneyError> {
    let (mut excess, mut total) = (Money::zero(currency), Money::zero(currency));
    let mut days: Vec<NaiveDate> = Vec::new();
    for used in uses.filter(|u| !u.abnormal_days.is_empty()) {
        excess = excess.try_add(used.now().abnormal)?;
        total = total.try_add(used.now().effective)?;
        days.extend(&used.abnormal_days);
    }
    days.sort_unstable();
    days.dedup();
    if days.is_empty() {
        return Ok(None);
    }
    let value = format!(
        "{excess} of {total} in the month is above the expected cost of {}",
        as_ranges(&days)
    );
    Ok(Some(("abnormal days excluded from the saving".to_owned(), value)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::uses::UseInMonth;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Excess by month of a series from 2026-06-01 on, in whole dollars a day, from August on.
    fn excess(costs: &[i128]) -> Vec<(String, Decimal, usize)> {
        let scaled: Vec<i128> = costs.iter().map(|c| c * 1_000_000_000_000).collect();
        let calendar = Calendar::new(day("2026-06-01"), costs.len());
        let floor = vec![FLOOR; costs.len()];
        let limits = Limits { relative: RELATIVE, floor: &floor, deviations: DEVIATIONS };
        of_series(&scaled, &calendar, &limits, day("2026-08-01"), Currency::USD)
            .unwrap()
            .into_iter()
            .map(|(month, e)| (month.to_string(), e.amount.amount().normalize(), e.days.len()))
            .collect()
    }

    #[test]
    fn a_runaway_day_is_excluded_and_a_new_level_and_rhythms_are_not() {
        // June to October: 153 days.
        let usual = vec![20; 153];
        let mut runaway = usual.clone();
        // 21 and 22 October.
        (runaway[142], runaway[143]) = (266, 273);
        assert_eq!(excess(&usual), []);
        assert_eq!(excess(&runaway), [("2026-10".to_owned(), Decimal::from(499), 2)]);
        // Since 21 October, the cost is three times as high.
        let level: Vec<i128> = (0..153).map(|d| if d < 142 { 20 } else { 60 }).collect();
        assert_eq!(excess(&level), []);
        // Weekends are cheap (1 June 2026 was a Monday).
        let weekly: Vec<i128> = (0..153).map(|d| if d % 7 < 5 { 40 } else { 4 }).collect();
        assert_eq!(excess(&weekly), []);
        // A batch on the last day of each month: 30 June, 31 July, 31 August, 30 September.
        let monthly: Vec<i128> =
            (0..153).map(|d| if [29, 60, 91, 121, 152].contains(&d) { 200 } else { 20 }).collect();
        assert_eq!(excess(&monthly), []);
    }

    fn resource(id: &str, costs: &[(&str, i64)]) -> ResourceUse {
        let of_month = |(month, cost): &(&str, i64)| UseInMonth::of_cost(month, *cost, 0);
        ResourceUse { months: costs.iter().map(of_month).collect(), ..ResourceUse::bare(id) }
    }

    /// Abnormal cost of each use after an excess in October is divided.
    fn divided(uses: &[&[(&str, i64)]], excess: i64) -> Vec<i64> {
        let mut uses: Vec<ResourceUse> = uses.iter().map(|months| resource("r", months)).collect();
        let members: Vec<usize> = (0..uses.len()).collect();
        let amount = Money::new(Decimal::from(excess), Currency::USD);
        let excess = Excess { days: vec![day("2026-10-21")], amount };
        divide(&mut uses, &members, "2026-10".parse().unwrap(), &excess).unwrap();
        for used in &uses {
            let has = !used.now().abnormal.is_zero_or_less();
            assert_eq!(has, !used.abnormal_days.is_empty(), "{used:?}");
        }
        uses.iter().map(|u| u.now().abnormal.amount().to_i64().unwrap()).collect()
    }

    #[test]
    fn the_excess_belongs_to_the_resources_that_rose_up_to_their_rise() {
        let rose: &[(&str, i64)] = &[("2026-10", 634), ("2026-09", 130), ("2026-08", 120)];
        let steady: &[(&str, i64)] = &[("2026-10", 200), ("2026-09", 200), ("2026-08", 200)];
        let fell: &[(&str, i64)] = &[("2026-10", 50), ("2026-09", 90)];
        // 634 − the median of 130 and 120 = 509.
        assert_eq!(divided(&[rose, steady, fell], 499), [499, 0, 0]);
        assert_eq!(divided(&[rose, steady, fell], 600), [509, 0, 0]);
        // Two rises of 300 and 100 share an excess of 200 as 3 : 1; a new resource rose by its cost.
        let more: &[(&str, i64)] = &[("2026-10", 400), ("2026-09", 100)];
        let new: &[(&str, i64)] = &[("2026-10", 100)];
        assert_eq!(divided(&[more, new], 200), [150, 50]);
        assert_eq!(divided(&[steady, fell], 200), [0, 0]);
    }

    #[test]
    fn days_are_named_as_ranges() {
        let days = ["2026-10-08", "2026-10-09", "2026-10-10", "2026-10-14"].map(day);
        assert_eq!(as_ranges(&days), "2026-10-08 to 2026-10-10, 2026-10-14");
    }
}
