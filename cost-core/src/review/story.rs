//! Story of a review: what happened, in at most ten sentences, made by rules from its figures.

use rust_decimal::Decimal;

use super::types::{BridgePart, CostDriver, Light, Review, TrustTopic};
use crate::anomaly::Anomaly;
use crate::lifecycle::Verdict;
use crate::money::{Money, MoneyError};
use crate::text::counted;

/// Causes of the change that are named.
const CAUSES: usize = 3;
/// Anomalies that are named.
const ANOMALIES: usize = 3;

/// Returns the sentences.
pub(super) fn story(review: &Review) -> Result<Vec<String>, MoneyError> {
    let mut all = vec![spent(review)];
    all.extend(causes(review)?);
    all.extend(anomalies(review));
    all.push(savings(review));
    all.extend(decisions(review));
    all.extend(risks(review)?);
    all.push(complete(review));
    Ok(all)
}

/// Returns an amount with its sign.
fn signed(amount: Money) -> String {
    let sign = if amount.amount().is_sign_negative() { "" } else { "+" };
    format!("{sign}{amount}")
}

fn percent(percent: Option<Decimal>) -> String {
    let shown = |p: Decimal| match p {
        p if p.abs() >= Decimal::ONE_THOUSAND => String::new(),
        p => format!(" ({p:+.1} %)"),
    };
    percent.map(shown).unwrap_or_default()
}

/// What was spent, compared with the month and the year before, or expected for a running month.
fn spent(r: &Review) -> String {
    let month = r.header.month;
    let of = &r.totals.billed;
    let mut text = format!("Billed in {month}: {}", of.this_month);
    if r.compared.is_running {
        text.push_str(&format!(", until {}", r.compared.this_month.last_day));
    }
    if let (Some(change), Some(last)) = (of.change, r.compared.last_month) {
        let than = if r.compared.is_running {
            format!("{} to {}", last.first_day, last.last_day)
        } else {
            month.minus(1).to_string()
        };
        text.push_str(&format!("; {}{} against {than}", signed(change), percent(of.change_pct)));
    }
    if let (Some(pct), Some(year)) = (of.change_year_pct, r.compared.last_year) {
        let than = if r.compared.is_running {
            format!("{} to {}", year.first_day, year.last_day)
        } else {
            month.minus(12).to_string()
        };
        text.push_str(&format!(", {pct:+.1} % against {than}"));
    }
    text.push('.');
    if let Some(projection) = &r.projection {
        let of = &projection.billed;
        let range = of.range.map(|range| format!(" ({} to {})", range.low, range.high));
        text.push_str(&format!(
            " Expected at the end of the month: {}{}.",
            of.expected,
            range.unwrap_or_default()
        ));
    }
    text
}

/// The largest causes of the change of effective cost, and the rest.
fn causes(r: &Review) -> Result<Option<String>, MoneyError> {
    let Some(bridge) = &r.bridge else { return Ok(None) };
    let total = &bridge.total;
    if total.change.amount().is_zero() {
        return Ok(Some("The amortized cost (EffectiveCost) did not change.".to_owned()));
    }
    // Parts that are no usage of one service, then the usage of each cost driver.
    let common = [
        BridgePart::Days,
        BridgePart::Price,
        BridgePart::Coverage,
        BridgePart::UnusedCommitments,
        BridgePart::Purchases,
        BridgePart::Credits,
        BridgePart::Refunds,
        BridgePart::Taxes,
        BridgePart::Adjustments,
        BridgePart::ExchangeRate,
    ];
    let mut all: Vec<(Money, String)> =
        common.iter().map(|part| (total.amount(*part), part.label().to_lowercase())).collect();
    for driver in &r.cost_drivers {
        let parts = [driver.usage, driver.mix, driver.new, driver.gone, driver.unsplit];
        let amount = Money::try_sum(parts, total.change.currency())?;
        all.push((amount, of_driver(driver)));
    }
    all.retain(|(amount, _)| !amount.amount().is_zero());
    all.sort_by(|(a, left), (b, right)| {
        b.amount().abs().cmp(&a.amount().abs()).then_with(|| left.cmp(right))
    });
    all.truncate(CAUSES);
    let named = Money::try_sum(all.iter().map(|(amount, _)| *amount), total.change.currency())?;
    let rest = total.change.try_sub(named)?;
    let causes: Vec<String> =
        all.iter().map(|(amount, what)| format!("{what} {}", signed(*amount))).collect();
    let others = if rest.amount().is_zero() {
        String::new()
    } else {
        format!("; all others {}", signed(rest))
    };
    Ok(Some(format!(
        "Amortized (EffectiveCost) {}. Largest causes: {}{others}.",
        signed(total.change),
        causes.join("; ")
    )))
}

/// Returns the name of a cost driver, with its usage type and anomaly.
fn of_driver(driver: &CostDriver) -> String {
    let account = driver.sub_account_name.as_deref().or(driver.sub_account_id.as_deref());
    let service = driver.service_name.as_deref().unwrap_or("no service");
    let mut text = format!("usage of {service} in {}", account.unwrap_or("no account"));
    let mut more: Vec<String> = Vec::new();
    if let Some(event) = driver.events.first() {
        more.push(format!("{} {}", event.kind.label(), event.day));
    }
    more.extend(driver.anomalies.first().map(|a| a.id.clone()));
    if !more.is_empty() {
        text.push_str(&format!(" ({})", more.join(", ")));
    }
    text
}

/// The anomalies with the largest excess.
fn anomalies(r: &Review) -> Vec<String> {
    if r.anomalies.is_empty() {
        return vec!["No anomalies.".to_owned()];
    }
    r.anomalies.iter().take(ANOMALIES).map(|a| anomaly(r, a)).collect()
}

fn anomaly(r: &Review, a: &Anomaly) -> String {
    let account = a.scope.sub_account_id.as_deref();
    let account = account.map(|id| r.account_names.get(id).map_or(id, String::as_str));
    let cause = a.causes.first().and_then(|c| c.usage_type.as_deref());
    let place = [account, a.scope.service_name.as_deref(), a.scope.tag.as_deref()];
    let place: Vec<&str> = place.into_iter().flatten().collect();
    let place = if place.is_empty() { "the estate".to_owned() } else { place.join(", ") };
    let cause = cause.map(|c| format!(" ({c})")).unwrap_or_default();
    let state = if a.ongoing { "ongoing" } else { "ended" };
    let owner = a.owners.iter().find_map(|o| o.value.as_ref().map(|v| format!("{} {v}", o.key)));
    format!(
        "Anomaly {} in {place}{cause}: {} from {} to {}, {state}; {}.",
        a.id,
        signed(a.excess),
        a.first_day,
        a.last_day,
        owner.unwrap_or_else(|| "no owner".to_owned())
    )
}

fn savings(r: &Review) -> String {
    let plan = &r.plan;
    if plan.steps.is_empty() {
        return "No savings were found within the limits.".to_owned();
    }
    let steps = |n: usize| counted(u64::try_from(n).unwrap_or(u64::MAX), "step");
    let quick = plan.steps.iter().filter(|s| s.quick_win).count();
    let all = format!("{} a month in all ({})", plan.joint.expected, steps(plan.steps.len()));
    if quick == 0 {
        return format!("Savings: {all}; none of them with low risk and low effort.");
    }
    format!(
        "Savings: {} a month with low risk and low effort, and rollback in minutes ({}); {all}.",
        plan.quick_wins.expected,
        steps(quick)
    )
}

/// What was decided on the savings.
fn decisions(r: &Review) -> Option<String> {
    let count = |is: fn(&Verdict) -> bool| r.decisions.values().filter(|d| is(&d.verdict)).count();
    let counts = [
        (count(|v| matches!(v, Verdict::Done { .. })), "done"),
        (count(|v| matches!(v, Verdict::Accepted)), "accepted"),
        (count(|v| matches!(v, Verdict::Dismissed { .. })), "dismissed"),
    ];
    let words: Vec<String> =
        counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    (!words.is_empty()).then(|| {
        format!(
            "Decisions on savings: {} (realized savings: cost savings verify).",
            words.join(", ")
        )
    })
}

/// Resources that are too small, and costs to come.
fn risks(r: &Review) -> Result<Option<String>, MoneyError> {
    let mut words = Vec::new();
    if !r.reliability_risks.is_empty() {
        let count = u64::try_from(r.reliability_risks.len()).unwrap_or(u64::MAX);
        let are = if count == 1 { "is" } else { "are" };
        words.push(format!("{} {are} too small for the load", counted(count, "resource")));
    }
    let known = r.upcoming_costs.iter().filter_map(|c| {
        let per_month = c.per_month.filter(|amount| !amount.amount().is_zero())?;
        Some((c.from, per_month))
    });
    let known: Vec<_> = known.collect();
    if let Some((from, _)) = known.first() {
        let sum = Money::try_sum(known.iter().map(|(_, amount)| *amount), r.header.currency)?;
        words.push(format!(
            "costs to come: {sum} a month once all have started, the first on {from}"
        ));
    }
    Ok((!words.is_empty()).then(|| {
        let text = words.join("; ");
        let mut rest = text.chars();
        let first = rest.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
        format!("{first}{}.", rest.as_str())
    }))
}

/// Whether the figures are complete.
fn complete(r: &Review) -> String {
    let worst = r.trust.iter().map(|check| check.light).max().unwrap_or(Light::Green);
    let first = r.trust.iter().find(|check| check.light == worst);
    match (worst, first) {
        (Light::Yellow, Some(check)) => {
            let more = r.trust.iter().filter(|c| c.light == worst).count() - 1;
            let more = if more > 0 { format!(", and {more} more to check") } else { String::new() };
            let lead = match check.topic {
                TrustTopic::Source | TrustTopic::LateDays | TrustTopic::Invoices => {
                    "The figures can still change"
                }
                _ => "To check",
            };
            format!("{lead}: {}{more}.", check.text)
        }
        (Light::Red, Some(check)) => format!("The figures are not complete: {}.", check.text),
        _ => "The figures are complete. Invoices that finance has: cost reconcile.".to_owned(),
    }
}
