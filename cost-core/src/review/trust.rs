//! Whether the figures of a review can be trusted: one line per source and problem.

use std::collections::{BTreeMap, BTreeSet};

use super::completeness::is_complete;
use super::quality::ranges;
use super::types::{Light, MonthState, Review, SourceMonth, TrustCheck, TrustTopic};
use crate::focus::{FileStatus, PAGE};
use crate::money::{Money, MoneyError};
use crate::month::Month;
use crate::text::counted;

/// Most sources with a line of their own. Chosen; a report with more has one line for those that
/// are in order.
const MOST_SOURCES: usize = 20;

/// Maximum number of files that a line names.
const FILES_NAMED: usize = 3;

/// Returns the checks of the data, in order of topic.
pub(super) fn checks(review: &Review) -> Result<Vec<TrustCheck>, MoneyError> {
    let mut all = sources(review);
    let mut add = |topic, light, text: String| all.push(TrustCheck { topic, light, text });
    for problem in &review.header.estate.partial {
        add(TrustTopic::Collection, Light::Yellow, format!("not collected: {problem}"));
    }
    let (light, text) = invoices(review)?;
    add(TrustTopic::Invoices, light, text);
    if let Some(text) = late_days(review) {
        add(TrustTopic::LateDays, Light::Yellow, text);
    }
    for text in files(review) {
        add(TrustTopic::Files, Light::Yellow, text);
    }
    for charges in &review.data_quality.outlying {
        add(TrustTopic::Dates, Light::Yellow, charges.note());
    }
    for text in &review.data_quality.other_periods {
        add(TrustTopic::BillingPeriod, Light::Green, text.clone());
    }
    if let Some(text) = review.excluded_currencies() {
        add(TrustTopic::Currencies, Light::Yellow, text);
    }
    if let Some(exchange) = &review.exchange {
        for charges in &exchange.unconverted {
            add(TrustTopic::Currencies, Light::Yellow, charges.note(exchange.into));
        }
    }
    let gap = review.totals.effective.this_month.try_sub(review.totals.billed.this_month)?;
    if !gap.amount().is_zero() {
        let than = if gap.amount().is_sign_negative() { "less" } else { "more" };
        let gap = Money::new(gap.amount().abs(), gap.currency());
        let text = format!(
            "EffectiveCost is {gap} {than} than BilledCost: it spreads upfront fees over their term, and counts charges in the month of their usage"
        );
        add(TrustTopic::EffectiveCost, Light::Green, text);
    }
    for repair in &review.data_quality.repairs {
        let light = if repair.in_doubt { Light::Yellow } else { Light::Green };
        let what = if repair.in_doubt { "in doubt, not changed" } else { "repaired" };
        let count = counted(repair.line_items, "line item");
        add(
            TrustTopic::Repairs,
            light,
            format!("{}: {what} ({count}, {})", repair.rule, repair.cost),
        );
    }
    Ok(all)
}

/// Returns one check per source: the state of the compared months.
fn sources(review: &Review) -> Vec<TrustCheck> {
    let month = review.header.month;
    let mut sources: BTreeMap<String, Vec<&SourceMonth>> = BTreeMap::new();
    for of in &review.data_quality.months {
        if of.month == month || of.month == month.minus(1) {
            sources.entry(of.label()).or_default().push(of);
        }
    }
    let count = sources.len();
    let mut all = Vec::new();
    let mut complete = 0;
    for (label, mut months) in sources {
        months.sort_by_key(|of| std::cmp::Reverse(of.month));
        let light = months.iter().map(|of| light(of, month)).max().unwrap_or(Light::Green);
        if light == Light::Green && count > MOST_SOURCES {
            complete += 1;
            continue;
        }
        let states: Vec<String> = months.iter().map(|of| state(of)).collect();
        let text = format!("{label}: {}", states.join(", "));
        all.push(TrustCheck { topic: TrustTopic::Source, light, text });
    }
    if complete > 0 {
        let text = format!("{complete} other billing accounts have complete data");
        all.push(TrustCheck { topic: TrustTopic::Source, light: Light::Green, text });
    }
    all
}

fn light(of: &SourceMonth, reviewed: Month) -> Light {
    match of.state {
        MonthState::Complete => Light::Green,
        MonthState::MissingDays if of.month == reviewed => Light::Red,
        MonthState::MissingDays | MonthState::InProgress | MonthState::Provisional => Light::Yellow,
    }
}

fn state(of: &SourceMonth) -> String {
    let month = of.month;
    match (of.state, of.final_on) {
        (MonthState::MissingDays, _) => {
            format!(
                "{month} has no charges on {}: its totals are too low if there was usage then",
                ranges(&of.missing_days)
            )
        }
        (MonthState::Provisional, Some(day)) => format!("{month} provisional until {day}"),
        (state, _) => format!("{month} {}", state.label()),
    }
}

/// Compares the sum of the month's invoices with its billed cost.
fn invoices(review: &Review) -> Result<(Light, String), MoneyError> {
    let month = review.header.month;
    let of_month = || review.invoices.iter().filter(|i| Month::of(i.billing_period) == month);
    let billed = review.totals.billed.this_month;
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let issuers: BTreeSet<_> = of_month().map(|i| &i.invoice_issuer).collect();
    let with_id = of_month().filter(|i| i.invoice_id.is_some()).count();
    let is_issued = with_id == of_month().count();
    let counted = if is_issued {
        counted(count(with_id), "invoice")
    } else {
        format!("charges of {}", counted(count(issuers.len()), "invoice issuer"))
    };
    if review.exchange.is_some() {
        return Ok((Light::Green, format!("{counted}, in the billing currencies: see below")));
    }
    let sum = Money::try_sum(of_month().map(|i| i.billed), billed.currency())?;
    if sum == billed {
        let missing = with_id > 0 && !is_issued;
        let light = if missing { Light::Yellow } else { Light::Green };
        let not_issued = if missing { "; some are on no invoice yet" } else { "" };
        return Ok((light, format!("BilledCost {billed}: {counted}{not_issued}")));
    }
    if review.compared.is_running {
        let text = format!("{counted} of the billing period so far: {sum}");
        return Ok((Light::Yellow, text));
    }
    Ok((Light::Red, format!("{counted} add up to {sum}, BilledCost is {billed}")))
}

/// Returns the last days of the month whose charges are not complete.
fn late_days(review: &Review) -> Option<String> {
    let month = review.header.month;
    let late = review.completeness.iter().filter(|d| Month::of(d.day) == month && !is_complete(d));
    let late: Vec<String> =
        late.filter_map(|d| Some(format!("{} ({} %)", d.day, d.complete_pct?))).collect();
    (!late.is_empty()).then(|| format!("charges are not complete yet on {}", late.join(", ")))
}

/// Returns files that were not read, are empty, or repeat charges.
fn files(review: &Review) -> Vec<String> {
    let quality = &review.data_quality;
    let named = |paths: Vec<&str>, what: &str| {
        let more = paths.len().saturating_sub(FILES_NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let named: Vec<&str> = paths.iter().take(FILES_NAMED).copied().collect();
        (!named.is_empty()).then(|| format!("{what}: {}{more}", named.join(", ")))
    };
    let excluded = quality.files.iter();
    let excluded = excluded.filter(|f| f.status == FileStatus::Excluded && f.what != PAGE);
    let excluded = excluded.map(|f| f.path.as_str()).collect();
    let empty = quality.empty_files.iter().map(String::as_str).collect();
    let mut all: Vec<String> = named(excluded, "not read").into_iter().collect();
    all.extend(named(empty, "without line items"));
    all.extend(quality.repeated_files.iter().map(|of| {
        format!(
            "possibly counted {} times: the first charges of {} repeat in it",
            of.times, of.path
        )
    }));
    all
}
