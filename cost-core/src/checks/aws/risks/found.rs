//! Shared parts of reliability risks: the measured period, and the cost of a fix.

use chrono::{DateTime, NaiveDate};
use rust_decimal::Decimal;

use crate::check::{Context, ResourceUse};
use crate::ids::stable_id;
use crate::money::{Money, MoneyError, Savings};
use crate::opportunity::{Change, Evidence, Scope};
use crate::risk::{Fix, FixCost, ReliabilityRisk, RiskKind};
use crate::runbook::{Place, Runbook};
use crate::usage::{Metric, Use, as_f64};

/// A measured value above its threshold.
pub(super) struct Measured {
    pub(super) kind: RiskKind,
    /// Title of the risk.
    pub(super) title: String,
    pub(super) value: String,
    pub(super) threshold: String,
    pub(super) period: String,
    pub(super) evidence: Vec<Evidence>,
}

/// Returns the utilization of a resource if a metric was measured for the least number of days,
/// else the reason.
pub(super) fn measured<'a>(
    cx: &'a Context<'_>,
    resource_id: &str,
    metric: Metric,
) -> Result<&'a Use, String> {
    let busy = cx.busy(resource_id).ok_or("its utilization is unknown")?;
    let least = cx.settings.reliability.least_days;
    if as_f64(busy.days(metric)) < least {
        return Err(format!("measured for less than {least} days"));
    }
    Ok(busy)
}

/// Returns the first and last day of a metric and the number of hours with values.
pub(super) fn period(of: &Use, metric: Metric) -> String {
    let hours = of.hours(metric);
    let mut all = of.values(metric).map(|(hour, _)| hour);
    let first = all.next();
    let last = all.last().or(first);
    match (first.and_then(day), last.and_then(day)) {
        (Some(first), Some(last)) => format!("{first} to {last}, {hours} hours measured"),
        _ => format!("{hours} hours measured"),
    }
}

fn day(hour: i64) -> Option<NaiveDate> {
    Some(DateTime::from_timestamp(hour.checked_mul(3600)?, 0)?.date_naive())
}

/// Returns a percentage with one decimal place.
pub(super) fn pct(value: f64) -> String {
    format!("{value:.1} %")
}

/// Returns a relative change of price or size as an exact number, to a millionth.
pub(super) fn decimal(value: f64) -> Decimal {
    Decimal::from_f64_retain(value).unwrap_or_default().round_dp(6)
}

/// Returns a change of one property.
pub(super) fn change(what: &str, from: String, to: String, restart: bool) -> Change {
    Change {
        what: what.to_owned(),
        from,
        to,
        predicted_cpu_p99_pct: None,
        hours_above_70_pct: None,
        restart,
        architecture_change: false,
    }
}

/// Returns the additional cost of a fix that changes the price of some usage of these resources to
/// `ratio` (low, expected, high) times the current one. Usage on demand costs in proportion to what
/// is paid for it; usage that a commitment covers costs the difference of list prices, because the
/// commitment does not cover more. `None` if a list price is missing.
///
/// # Errors
/// [`MoneyError`].
pub(super) fn scaled_cost<'u>(
    cx: &Context<'_>,
    uses: impl IntoIterator<Item = &'u ResourceUse>,
    ratio: [Decimal; 3],
    basis: &str,
    estimated: bool,
) -> Result<Option<FixCost>, MoneyError> {
    let mut sums = [cx.nothing(); 3];
    let more = ratio.map(|r| r - Decimal::ONE);
    for used in uses {
        let now = used.now();
        let (low, expected, high) = if used.is_on_demand() {
            let Savings { low, expected, high } = used.estimate()?;
            (low, expected, high)
        } else {
            let Some(list) = now.list else { return Ok(None) };
            let list = if now.priced_by_month { list } else { now.month.per_price_month(list)? };
            (list, list, list)
        };
        for (sum, (paid, more)) in sums.iter_mut().zip([low, expected, high].into_iter().zip(more))
        {
            *sum = sum.try_add(paid.try_mul(more)?)?;
        }
    }
    Ok(Some(ordered(sums, basis.to_owned(), estimated)))
}

/// Returns a cost with its estimates in order: a cost below zero is largest in its low estimate.
pub(super) fn ordered(sums: [Money; 3], basis: String, estimated: bool) -> FixCost {
    let [a, expected, b] = sums;
    let (mut low, mut high) = if a.amount() <= b.amount() { (a, b) } else { (b, a) };
    if low.amount() > expected.amount() {
        low = expected;
    }
    if high.amount() < expected.amount() {
        high = expected;
    }
    FixCost { low, expected, high, estimated, basis }
}

/// Returns a fix without a known target.
pub(super) fn no_fix(title: &str, why: String) -> Fix {
    Fix {
        title: title.to_owned(),
        change: None,
        cost: None,
        unknown: Some(why),
        caveats: Vec::new(),
        rollback: Vec::new(),
        runbook: Runbook::default(),
    }
}

/// Returns the ID of a risk.
pub(super) fn id_of(kind: RiskKind, scope: &Scope, subject: &str) -> String {
    let part = |of: &Option<String>| of.clone().unwrap_or_default();
    let (account, region) = (part(&scope.sub_account_id), part(&scope.region_id));
    stable_id("rk", &[kind.title(), &account, &region, subject])
}

/// Returns the risk of a resource or group, with the scripts of its fix.
pub(super) fn risk(
    scope: Scope,
    subject: &str,
    resource_ids: Vec<String>,
    of: Measured,
    mut fix: Fix,
) -> ReliabilityRisk {
    let id = id_of(of.kind, &scope, subject);
    let place = Place {
        provider: scope.provider,
        account: scope.sub_account_id.as_deref(),
        region: scope.region_id.as_deref(),
        folder: &id,
    };
    if fix.runbook.commands.first().is_none_or(|line| line != "(") {
        fix.runbook = fix.runbook.scripts(place);
    }
    ReliabilityRisk {
        id,
        kind: of.kind,
        title: of.title,
        subject: subject.to_owned(),
        resource_ids,
        scope,
        measured: of.value,
        threshold: of.threshold,
        period: of.period,
        evidence: of.evidence,
        fix,
    }
}
