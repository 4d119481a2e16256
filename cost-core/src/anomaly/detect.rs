//! Runs of days above expectation, by account and service.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use super::expect::{Expectation, MIN_DAYS, Series};
use super::{Anomaly, Kind, Thresholds, cause};
use crate::money::{Currency, Money};
use crate::opportunity::Scope;
use crate::rollup::{QueryError, Rollup, days_in, is_usage};

/// Days of the series that go with an anomaly.
const SERIES_DAYS: u64 = 42;
/// Quiet days that do not end a run: a weekend between two working days of the same trouble.
const GAP_DAYS: i64 = 3;

/// A day above expectation.
struct Alarm {
    day: NaiveDate,
    actual: Money,
    expected: Money,
    kind: Kind,
    basis: &'static str,
}

/// Anomalies whose first day is in the half-open range `from..to`, largest excess first. Usage only: purchases, taxes,
/// credits, refunds and corrections never alarm.
///
/// # Errors
/// [`QueryError`].
pub fn detect(
    rollup: &Rollup,
    from: NaiveDate,
    to: NaiveDate,
    thresholds: &Thresholds,
) -> Result<Vec<Anomaly>, QueryError> {
    let Some((first, last)) = rollup.cube.days() else { return Ok(Vec::new()) };
    let end = to.min(last.succ_opt().unwrap_or(last));
    // A run that began before the range is told from one that begins in it by looking at the days before too.
    let scan_from = from.checked_sub_days(Days::new(SERIES_DAYS)).unwrap_or(from).max(first);
    let series = daily(rollup, first, end)?;
    let floor = floor(&series, thresholds);
    let mut found = Vec::new();
    for ((account, service), costs) in &series {
        let scope = Scope { sub_account_id: account.clone(), service_name: service.clone(), region_id: None };
        let alarms = alarms(costs, first, scan_from, end, floor, thresholds);
        for run in runs(alarms) {
            let in_range = run.first().is_some_and(|a| a.day >= from);
            if let Some(anomaly) = in_range.then(|| anomaly(rollup, &scope, costs, &run, end)).transpose()?.flatten() {
                found.push(anomaly);
            }
        }
    }
    found.sort_by(|a, b| b.excess.amount().cmp(&a.excess.amount()).then_with(|| a.id.cmp(&b.id)));
    Ok(found)
}

type ScopeKey = (Option<String>, Option<String>);
type Daily = BTreeMap<ScopeKey, BTreeMap<NaiveDate, Money>>;

fn daily(rollup: &Rollup, first: NaiveDate, end: NaiveDate) -> Result<Daily, QueryError> {
    let filter = is_usage().and(days_in("ChargeDay", first, end));
    let mut out = Daily::new();
    for group in rollup.cube.sum_by(&["SubAccountId", "ServiceName", "ChargeDay"], filter)? {
        let Ok(day) = group.key(2).parse() else { continue };
        let [account, service, _] = group.keys.as_slice() else { continue };
        out.entry((account.clone(), service.clone())).or_default().insert(day, group.amounts.effective);
    }
    Ok(out)
}

/// The money floor a day: the larger of the amount and the share of the estate's mean daily cost.
fn floor(series: &Daily, thresholds: &Thresholds) -> f64 {
    let days: std::collections::BTreeSet<&NaiveDate> = series.values().flat_map(BTreeMap::keys).collect();
    let total: f64 = series.values().flat_map(BTreeMap::values).map(number).sum();
    let mean = total / f64::from(u32::try_from(days.len().max(1)).unwrap_or(u32::MAX));
    f64::from(thresholds.floor).max(mean * f64::from(thresholds.floor_per_mille_of_estate) / 1000.0)
}

/// For statistics only: never added back into money.
fn number(money: &Money) -> f64 {
    money.amount().to_f64().unwrap_or(0.0)
}

fn alarms(
    costs: &BTreeMap<NaiveDate, Money>,
    estate_first: NaiveDate,
    from: NaiveDate,
    end: NaiveDate,
    floor: f64,
    thresholds: &Thresholds,
) -> Vec<Alarm> {
    let (Some((first, _)), Some(currency)) = (costs.first_key_value(), costs.values().next().map(Money::currency))
    else {
        return Vec::new();
    };
    let series =
        Series { first: *first, values: days(*first, end).map(|d| costs.get(&d).map_or(0.0, number)).collect() };
    // A scope that appears when the estate has been watched for a while is news in itself.
    let estate_age = first.signed_duration_since(estate_first).num_days();
    let nothing = Expectation { value: 0.0, sigma: 0.0, basis: "nothing like it before" };
    days(from.max(*first), end)
        .filter_map(|day| {
            let actual = *costs.get(&day)?;
            let (expected, kind) = match series.expect(day) {
                Some(e) => (e, Kind::Spike),
                None if estate_age >= MIN_DAYS => (Expectation { ..nothing }, Kind::New),
                None => return None,
            };
            let excess = number(&actual) - expected.value;
            let limit = [
                floor,
                expected.value * f64::from(thresholds.relative_pct) / 100.0,
                expected.sigma * f64::from(thresholds.deviations_tenths) / 10.0,
            ];
            let above = limit.into_iter().all(|l| excess > l);
            above.then(|| Alarm { day, actual, expected: money(expected.value, currency), kind, basis: expected.basis })
        })
        .collect()
}

fn days(from: NaiveDate, end: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    from.iter_days().take_while(move |d| *d < end)
}

/// An expectation as money, to the cent: it is an estimate, more digits would pretend.
fn money(value: f64, currency: Currency) -> Money {
    Money::new(Decimal::from_f64(value).unwrap_or_default().round_dp(2), currency)
}

/// Alarms that belong together: no more than [`GAP_DAYS`] apart. A new scope's run is one anomaly, however long.
fn runs(alarms: Vec<Alarm>) -> Vec<Vec<Alarm>> {
    let mut out: Vec<Vec<Alarm>> = Vec::new();
    for alarm in alarms {
        match out.last_mut() {
            Some(run) if run.last().is_some_and(|l| alarm.day.signed_duration_since(l.day).num_days() <= GAP_DAYS) => {
                run.push(alarm);
            }
            _ => out.push(vec![alarm]),
        }
    }
    out
}

fn anomaly(
    rollup: &Rollup,
    scope: &Scope,
    costs: &BTreeMap<NaiveDate, Money>,
    run: &[Alarm],
    end: NaiveDate,
) -> Result<Option<Anomaly>, QueryError> {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return Ok(None) };
    let currency = first.actual.currency();
    let actual = Money::try_sum(run.iter().map(|a| a.actual), currency)?;
    let expected = Money::try_sum(run.iter().map(|a| a.expected), currency)?;
    let excess = actual.try_sub(expected)?;
    let over = |a: &Alarm| a.actual.amount() - a.expected.amount();
    let peak = run.iter().max_by(|a, b| over(a).cmp(&over(b)).then_with(|| b.day.cmp(&a.day))).unwrap_or(first);
    let series_from = last.day.checked_sub_days(Days::new(SERIES_DAYS - 1)).unwrap_or(last.day);
    let series = days(series_from, end).take_while(|d| *d <= last.day);
    Ok(Some(Anomaly {
        id: Anomaly::make_id(first.kind, scope, first.day),
        kind: first.kind,
        scope: scope.clone(),
        first_day: first.day,
        last_day: last.day,
        peak_day: peak.day,
        ongoing: end.signed_duration_since(last.day).num_days() <= GAP_DAYS,
        actual,
        expected,
        excess,
        excess_pct: excess.percent_of(expected),
        basis: first.basis.to_owned(),
        causes: cause::find(rollup, scope, run.iter().map(|a| a.day).collect(), excess)?,
        series: series.map(|d| (d, costs.get(&d).copied().unwrap_or(Money::zero(currency)))).collect(),
    }))
}
