//! Incident report of an anomaly: what an on-call engineer needs to investigate and report it.

use chrono::{DateTime, Utc};
use cost_core::alert::{Alert, Status, report_due};
use cost_core::anomaly::{Anomaly, Cause, Kind, SeriesDay};
use cost_core::money::Money;
use cost_core::review::Header;
use rust_decimal::Decimal;

use super::playbook::{first_steps, prevention};
use super::words;
use crate::chart::{Chart, ChartDay, DayChart, DayMark};
use crate::document::{Block, Document, Item, List, Mark};
use crate::table::{Cell, Table};
use crate::text::Text;

/// Returns the incident report. With the alert of a scheduled job, it shows when the alert was
/// raised and the decision on it.
pub(super) fn document(header: &Header, a: &Anomaly, alert: Option<&Alert>) -> Document {
    let mut doc = Document::new(
        Text::from(format!("{}: {} in ", a.id, a.kind.label())).plain(a.scope.to_string()),
    );
    // Without a scheduled job's ledger, the detection time is when the day's data was complete: the
    // next day.
    let next_day = a.raised_on.succ_opt().and_then(|d| d.and_hms_opt(0, 0, 0)).map(|t| t.and_utc());
    let detected = alert.map(|x| x.detected_at).or(next_day).unwrap_or(DateTime::<Utc>::MIN_UTC);
    doc.facts(0, facts(header, a, alert, detected));
    doc.heading("Timeline");
    doc.list(List::new(Mark::Dash, timeline(header, a, detected)));
    doc.blocks.push(Block::Chart(chart(a)));
    doc.heading("Root cause according to the bill");
    doc.paragraph(format!("Expected cost is based on: {}.", a.basis));
    causes(&mut doc, a);
    if !a.also_moved.is_empty() {
        doc.paragraph("Other unusual changes on the peak day:");
        let moved =
            a.also_moved.iter().map(|m| Item::labeled(m.scope.to_string(), m.change.to_string()));
        doc.list(List::new(Mark::Dash, moved));
    }
    doc.heading("First steps");
    doc.list(List::new(Mark::Number, first_steps(a).into_iter().map(Item::new)));
    doc.heading("Prevention");
    doc.list(List::new(Mark::Dash, prevention(a).into_iter().map(Item::new)));
    doc
}

fn facts(
    header: &Header,
    a: &Anomaly,
    alert: Option<&Alert>,
    detected: DateTime<Utc>,
) -> Vec<(&'static str, String)> {
    let pct = words::excess_pct(a);
    let estate = header.estate.name.clone().unwrap_or_else(|| "(unnamed)".to_owned());
    let impact = format!(
        "{}{pct}: {} in {}, expected {}",
        a.excess,
        a.actual,
        words::days(a.days),
        a.expected
    );
    let mut facts = vec![
        ("Severity", a.severity.as_str().to_owned()),
        ("Status", status(a, alert)),
        ("Estate", estate),
        ("Impact so far", impact),
    ];
    let projected = a.projected_month.map(|m| format!("{m}, if it continues"));
    facts.extend(projected.map(|text| ("Impact by the end of the month", text)));
    facts.extend(
        a.owners.iter().map(|owner| ("Owner", format!("{} {}", owner.key, words::owner(owner)))),
    );
    facts.push(("Report due", format!("{} (detected + 4 h)", minute(report_due(detected)))));
    facts
}

fn timeline(header: &Header, a: &Anomaly, detected: DateTime<Utc>) -> [Item; 5] {
    let now = if a.ongoing {
        format!("{}, ongoing", a.last_day)
    } else {
        format!("{}, the last day", a.last_day)
    };
    [
        ("First day", a.first_day.to_string()),
        ("Detectable from the data of", a.raised_on.to_string()),
        ("Detected", minute(detected)),
        ("Peak", format!("{}: {}", a.peak_day, words::peak(a))),
        ("Now", format!("{now}; data up to {}", header.estate.last_day)),
    ]
    .map(|(label, text)| Item::labeled(label, text))
}

fn minute(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

fn status(a: &Anomaly, alert: Option<&Alert>) -> String {
    let state = match alert.map(|x| x.status) {
        Some(Status::Withdrawn) => "withdrawn: newer data no longer shows it",
        _ if a.ongoing => "ongoing",
        _ => "ended",
    };
    let decision = alert.and_then(|x| x.decision.as_ref()).map(|d| {
        let note = d.note.as_deref().map(|n| format!(": {n}")).unwrap_or_default();
        format!(", {d} on {}{note}", minute(d.at))
    });
    format!("{state}{}", decision.unwrap_or_default())
}

fn causes(doc: &mut Document, a: &Anomaly) {
    if a.kind == Kind::Drop {
        doc.paragraph("Causes are not determined for drops.");
        return;
    }
    if a.causes.is_empty() {
        doc.paragraph(
            "No usage type explains 5 % or more of the excess: the causes are many and small.",
        );
        return;
    }
    let mut table = Table::new(&[
        "account",
        "service",
        "region",
        "usage type",
        ">excess",
        ">share",
        "of which",
    ]);
    for c in &a.causes {
        let names = [&c.sub_account_id, &c.service_name, &c.region_id, &c.usage_type];
        let names = names.map(|name| Cell::maybe(name.as_deref(), Cell::text));
        let amounts = [
            Cell::with_currency(c.excess),
            Cell::maybe(c.share_pct, Cell::percent),
            Cell::text(effects(c)),
        ];
        table.row(names.into_iter().chain(amounts));
    }
    doc.table(table);
    let resources: Vec<_> = a.causes.iter().flat_map(|c| &c.resources).collect();
    if !resources.is_empty() {
        doc.paragraph("Resources with the highest cost:");
        let items =
            resources.into_iter().map(|r| Item::labeled(r.resource_id.as_str(), r.cost_text()));
        doc.list(List::new(Mark::Dash, items));
    }
}

fn effects(c: &Cause) -> String {
    let part = |label: &str, amount: Option<Money>| amount.map(|m| format!("{label} {m}"));
    let parts =
        [part("price", c.price_effect), part("usage", c.usage_effect), part("new", c.new_effect)];
    let known: Vec<String> = parts.into_iter().flatten().collect();
    if known.is_empty() { "unknown".to_owned() } else { known.join(", ") }
}

/// Returns the chart data: cost by day during the anomaly and before it.
pub(super) fn chart(a: &Anomaly) -> Chart {
    let (id, kind) = (&a.id, a.kind.label());
    let day = |d: &SeriesDay| ChartDay {
        day: d.day,
        cost: d.cost,
        expected: d.expected,
        mark: mark(a, d),
    };
    Chart::Days(DayChart {
        title: format!("{id}: {kind} in {}", a.scope),
        headline: format!("{id}: {kind}, {} severity", a.severity.as_str()),
        place: a.scope.to_string(),
        currency: a.actual.currency(),
        days: a.series.iter().map(day).collect(),
    })
}

/// Returns whether a day belongs to the anomaly and deviates from expected cost more than usual.
fn mark(a: &Anomaly, day: &SeriesDay) -> DayMark {
    let within = day.day >= a.first_day && day.day <= a.last_day;
    let expected = day.expected.map_or(Decimal::ZERO, |e| e.amount());
    let off = (day.cost.amount() - expected).abs();
    let usual = (a.peak_usual.amount() - a.peak_expected.amount()).abs();
    match (within, off > usual) {
        (false, _) => DayMark::Outside,
        (true, false) => DayMark::Usual,
        (true, true) => DayMark::Unusual,
    }
}
