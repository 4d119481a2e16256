//! One opportunity or anomaly with all its evidence.

use schemars::JsonSchema;
use serde::Serialize;

use super::charts as chart;
use super::escape::terminal_text;
use super::layout::{Grid, days, wrap};
use super::{ReportError, json, provider};
use cost_core::anomaly::{self, Anomaly, Cause, Kind, Owner};
use cost_core::money::Savings;
use cost_core::opportunity::{Opportunity, Scope};
use cost_core::recommendation::SecondOpinion;
use cost_core::review::{AnomalyReport, Header, Review};
use cost_core::tradeoff::Reversibility;

/// Days listed at most.
const MOST_DAYS: usize = 14;

/// What an id stands for, and where that was found.
#[derive(Clone, Copy, Debug)]
pub enum Found<'a> {
    /// An opportunity of a review.
    Opportunity(&'a Review, &'a Opportunity),
    /// An anomaly of a report.
    Anomaly(&'a Header, &'a Anomaly),
}

/// The opportunity of an id.
#[must_use]
pub fn find<'a>(review: &'a Review, id: &str) -> Option<Found<'a>> {
    review.opportunities.iter().find(|o| o.id == id).map(|o| Found::Opportunity(review, o))
}

/// The anomaly of an id.
#[must_use]
pub fn find_anomaly<'a>(report: &'a AnomalyReport, id: &str) -> Option<Found<'a>> {
    report.anomalies.iter().chain(&report.drops).find(|a| a.id == id).map(|a| Found::Anomaly(&report.header, a))
}

/// One opportunity or anomaly, as JSON has it.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ExplainReport {
    /// The review it is from.
    #[serde(flatten)]
    header: Header,
    /// The opportunity, if the id is one's.
    opportunity: Option<Opportunity>,
    /// What it saves in the joint plan, after the steps before it; `None` if it is not in the plan.
    joint_savings: Option<Savings>,
    /// The opportunity that takes its place in the joint plan.
    excluded_by: Option<String>,
    /// What the provider recommends for the same resource.
    second_opinions: Vec<SecondOpinion>,
    /// The anomaly, if the id is one's.
    anomaly: Option<Anomaly>,
}

/// All there is to say of one opportunity or anomaly, as JSON.
///
/// # Errors
/// [`ReportError`].
pub fn explain_json(found: Found<'_>) -> Result<String, ReportError> {
    let (Found::Opportunity(Review { header, .. }, _) | Found::Anomaly(header, _)) = found;
    let mut report = ExplainReport {
        header: header.clone(),
        opportunity: None,
        joint_savings: None,
        excluded_by: None,
        second_opinions: Vec::new(),
        anomaly: None,
    };
    match found {
        Found::Anomaly(_, a) => report.anomaly = Some(a.clone()),
        Found::Opportunity(review, o) => {
            report.joint_savings = review.plan.step(&o.id).map(|s| s.savings);
            report.excluded_by = review.plan.exclusion(&o.id).map(|x| x.by.clone());
            report.second_opinions = review.opinions_on(&o.id).cloned().collect();
            report.opportunity = Some(o.clone());
        }
    }
    json::pretty(&report)
}

/// All there is to say of one opportunity or anomaly, as text of at most `width` columns where words allow.
#[must_use]
pub fn explain(found: Found<'_>, width: usize) -> String {
    match found {
        Found::Opportunity(review, o) => opportunity(review, o, width),
        Found::Anomaly(_, a) => anomaly(a, width),
    }
}

pub(super) fn place(scope: &Scope) -> String {
    let parts = [("account", &scope.sub_account_id), ("service", &scope.service_name), ("region", &scope.region_id)];
    let told: Vec<String> =
        parts.iter().filter_map(|(n, v)| Some(format!("{n} {}", terminal_text(v.as_deref()?)))).collect();
    told.join(", ")
}

fn list(out: &mut String, title: &str, items: &[String], width: usize) {
    if items.is_empty() {
        return;
    }
    out.push_str(&format!("\n{title}\n"));
    for (n, item) in items.iter().enumerate() {
        out.push_str(&wrap(&format!("  {}. ", n + 1), item, width));
    }
}

fn opportunity(review: &Review, o: &Opportunity, width: usize) -> String {
    let t = &o.trade_off;
    let s = &o.savings;
    let mut out = format!("{}\n{}\n", o.id, terminal_text(&o.title));
    out.push_str(&wrap("", &format!("{}, {}", o.subject, place(&o.scope)), width));
    out.push_str(&format!("found by check {}\n", o.check));
    if let Some(d) = review.decisions.get(&o.id) {
        let note = d.note.as_ref().map(|n| format!(" ({n})")).unwrap_or_default();
        out.push_str(&wrap("", &format!("{}{note}, written down on {}", d.verdict, d.at.date_naive()), width));
    }
    out.push_str("\nSaving per month of 730 h\n");
    out.push_str(&format!("  alone     low {}, expected {}, high {}\n", s.low, s.expected, s.high));
    if let Some(step) = review.plan.step(&o.id) {
        out.push_str(&format!("  in the joint plan, after the steps before it: {}\n", step.savings.expected));
    }
    if let Some(x) = review.plan.exclusion(&o.id) {
        out.push_str(&format!("  not in the joint plan: {} takes its place\n", x.by));
    }
    if let Some(x) = review.plan.refusal(&o.id) {
        out.push_str(&wrap("  not in the joint plan: ", &x.why, width));
    }
    out.push_str(&variants(review, o, width));
    out.push_str("\nEvidence\n");
    let mut grid = Grid::new(&["", "", "source"]);
    for e in &o.evidence {
        grid.row([format!("  {}", e.label), e.value.clone(), e.source.clone()]);
    }
    out.push_str(grid.render(width).split_once('\n').map_or("", |(_, rows)| rows));
    let reversible = match t.reversibility {
        Reversibility::Reversible => "yes",
        Reversibility::WithEffort => "yes, with effort",
        Reversibility::Irreversible => "no",
    };
    let commitment = t.commitment_months.map_or_else(|| "none".to_owned(), |m| format!("{m} months"));
    out.push_str("\nTrade-offs\n");
    for (label, value) in [
        ("effort", t.effort.as_str().to_owned()),
        ("risk", format!("{}: {}", t.risk.as_str(), t.risk_reason)),
        ("reliability", t.reliability.clone()),
        ("downtime", t.downtime.clone()),
        ("effect", t.time_to_effect.clone()),
        ("commitment", commitment),
        ("upfront", t.upfront.to_string()),
        ("break-even", t.break_even_months.map_or_else(|| "at once".to_owned(), |m| format!("after {m} months"))),
        ("reversible", reversible.to_owned()),
    ] {
        out.push_str(&wrap(&format!("  {label:<12} "), &value, width));
    }
    list(&mut out, "Test first", &t.test_first, width);
    list(&mut out, "Rollback", &t.rollback, width);
    list(&mut out, "Caveats", &t.caveats, width);
    out.push_str(&provider::beside(review.opinions_on(&o.id), width));
    out
}

/// The other ways to do the same, if there are.
fn variants(review: &Review, o: &Opportunity, width: usize) -> String {
    let same = |x: &&Opportunity| x.variant.is_some() && x.finding() == o.finding();
    let mut all: Vec<&Opportunity> = review.opportunities.iter().filter(same).collect();
    if all.len() < 2 {
        return String::new();
    }
    all.sort_by_key(|x| x.variant);
    let mut grid = Grid::new(&["  option", "to", ">saving", ">CPU p99", ">hours >70 %", "effort", "risk", "plan"]);
    let pct = |value: Option<rust_decimal::Decimal>| value.map_or_else(|| "–".to_owned(), |v| format!("{v} %"));
    for x in all {
        let change = x.change.as_ref();
        let planned = if review.plan.step(&x.id).is_some() { "yes" } else { "" };
        grid.row([
            format!("  {} {}", x.id, x.variant.map_or("", cost_core::opportunity::Variant::as_str)),
            change.map(|c| c.to.clone()).unwrap_or_default(),
            x.savings.expected.display_amount(),
            pct(change.and_then(|c| c.predicted_cpu_p99_pct)),
            pct(change.and_then(|c| c.hours_above_70_pct)),
            x.trade_off.effort.as_str().to_owned(),
            x.trade_off.risk.as_str().to_owned(),
            planned.to_owned(),
        ]);
    }
    format!("\nOptions\n{}", grid.render(width))
}

fn anomaly(a: &Anomaly, width: usize) -> String {
    let what = match a.kind {
        Kind::Rise => "cost more than expected",
        Kind::Drop => "cost less than expected",
        _ => "appeared",
    };
    let mut out = format!("{}\n{}", a.id, wrap("", &format!("{} {what}", a.scope), width));
    let until = if a.ongoing { "still going on".to_owned() } else { format!("until {}", a.last_day) };
    let pct = a.excess_pct.map(|p| format!(" ({p:+.1} %)")).unwrap_or_default();
    out.push_str(&format!("{} severity, {}\n", a.severity.as_str(), a.kind.label()));
    out.push_str(&format!("raised on {}; from {}, {until}; peak on {}\n\n", a.raised_on, a.first_day, a.peak_day));
    out.push_str(&format!("  actual    {}, {}\n", a.actual, days(a.days)));
    out.push_str(&wrap("  expected  ", &format!("{} ({})", a.expected, a.basis), width));
    out.push_str(&format!("  excess    {}{pct}\n", a.excess));
    out.push_str(&wrap("  peak day  ", &peak_text(a), width));
    if let Some(projected) = a.projected_month {
        out.push_str(&wrap("  month     ", &format!("{projected} by its end, if it goes on like this"), width));
    }
    for owner in &a.owners {
        out.push_str(&wrap(&format!("  {:<9} ", owner.key), &owner_text(owner), width));
    }
    if a.kind != Kind::Drop {
        out.push_str("\nWhat explains it\n");
        if a.causes.is_empty() {
            out.push_str("  no usage type explains 5 % or more of it: it is spread over many\n");
        }
        a.causes.iter().for_each(|c| cause(&mut out, c, &a.scope, width));
    }
    if !a.also_moved.is_empty() {
        out.push_str("\nAlso out of the ordinary on the peak day\n");
        for m in &a.also_moved {
            out.push_str(&wrap("  ", &format!("{}: {}", m.scope, m.change), width));
        }
    }
    out.push_str("\nThe days, and those before\n");
    out.push_str(&chart::text(a, width));
    let mut grid = Grid::new(&["  day", ">cost", ">expected"]);
    for d in a.series.iter().filter(|d| d.day >= a.first_day).take(MOST_DAYS) {
        let expected = d.expected.map_or_else(|| "–".to_owned(), |e| e.display_amount());
        grid.row([format!("  {}", d.day), d.cost.display_amount(), expected]);
    }
    out.push('\n');
    out.push_str(&grid.render(width));
    out
}

/// What the peak day cost, and should have.
pub(super) fn peak_text(a: &Anomaly) -> String {
    let way = if a.kind == Kind::Drop { "down" } else { "up" };
    format!("{}, expected {}, {way} to {} usual", a.peak_actual, a.peak_expected, a.peak_usual)
}

/// The value of an owner's tag, and its share.
pub(super) fn owner_text(owner: &Owner) -> String {
    let share = owner.share_pct.map(|p| format!(" ({p} % of the excess)")).unwrap_or_default();
    format!("{}{share}", owner.value.as_deref().unwrap_or("(untagged)"))
}

fn cause(out: &mut String, c: &Cause, scope: &anomaly::Scope, width: usize) {
    let usage = c.usage_type.as_deref().unwrap_or("(no usage type)");
    let region = c.region_id.as_deref().unwrap_or("(no region)");
    let share = c.share_pct.map(|p| format!(", {p} % of the excess")).unwrap_or_default();
    // Account and service are told where the anomaly itself spans several.
    let account = c.sub_account_id.as_deref().filter(|_| scope.sub_account_id.is_none());
    let service = c.service_name.as_deref().filter(|_| scope.service_name.is_none());
    let place: Vec<&str> = [account, service, Some(usage)].into_iter().flatten().collect();
    out.push_str(&wrap("  ", &format!("{} in {region}: {}{share}", place.join(", "), c.excess), width));
    match (c.price_effect, c.usage_effect, c.new_effect) {
        (Some(price), Some(usage), _) => out.push_str(&format!("    of that price {price}, usage {usage}\n")),
        (_, _, Some(_)) => out.push_str("    none of it in the four weeks before\n"),
        _ => {}
    }
    for r in &c.resources {
        out.push_str(&format!("    {} ({})\n", terminal_text(&r.resource_id), r.tells()));
    }
}
