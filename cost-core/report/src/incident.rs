//! The incident report of an anomaly, in Markdown: what somebody needs to investigate and report.

use chrono::{DateTime, Utc};

use super::charts as chart;
use super::escape::markdown_text;
use super::explain::{owner_text, peak_text};
use super::layout::days;
use super::playbook::{first_steps, prevention};
use cost_core::alert::{Alert, Status, report_due};
use cost_core::anomaly::{Anomaly, Cause, Kind};
use cost_core::money::Money;
use cost_core::review::Header;

/// Columns of the chart.
const CHART_WIDTH: usize = 80;

/// The incident report; with the alert of a scheduled job it tells when that raised it and what was decided.
#[must_use]
pub fn incident_markdown(header: &Header, anomaly: &Anomaly, alert: Option<&Alert>) -> String {
    let a = anomaly;
    let scope = markdown_text(&a.scope.to_string());
    let mut out = format!("# {}: {} in {scope}\n\n", a.id, a.kind.label());
    // Without a scheduled job's ledger it was detected when the day's data was complete: the day after.
    let next_day = a.raised_on.succ_opt().and_then(|d| d.and_hms_opt(0, 0, 0)).map(|t| t.and_utc());
    let detected = alert.map(|x| x.detected_at).or(next_day).unwrap_or(DateTime::<Utc>::MIN_UTC);
    let pct = a.excess_pct.map(|p| format!(" ({p:+.1} %)")).unwrap_or_default();
    let estate = header.estate.name.as_deref().map_or_else(|| "(unnamed)".to_owned(), markdown_text);
    let mut facts = vec![
        ("Severity", a.severity.as_str().to_owned()),
        ("Status", status(a, alert)),
        ("Estate", estate),
        ("Impact so far", format!("{}{pct}: {} in {}, expected {}", a.excess, a.actual, days(a.days), a.expected)),
    ];
    if let Some(projected) = a.projected_month {
        facts.push(("Impact by the month's end", format!("{projected}, if it goes on like this")));
    }
    for owner in &a.owners {
        facts.push(("Owner", markdown_text(&format!("{} {}", owner.key, owner_text(owner)))));
    }
    facts.push(("Report due", format!("{} (detected + 4 h)", minute(report_due(detected)))));
    out.push_str("| | |\n|---|---|\n");
    for (label, value) in facts {
        out.push_str(&format!("| **{label}** | {value} |\n"));
    }

    out.push_str("\n## Timeline\n\n");
    let now = if a.ongoing {
        format!("{}, still going on", a.last_day)
    } else {
        format!("{}, the last day of it", a.last_day)
    };
    let lines = [
        ("First seen", a.first_day.to_string()),
        ("Clear from the data of", a.raised_on.to_string()),
        ("Detected", minute(detected)),
        ("Peak", format!("{}: {}", a.peak_day, peak_text(a))),
        ("Now", format!("{now}; data up to {}", header.estate.last_day)),
    ];
    for (label, value) in lines {
        out.push_str(&format!("- {label}: {value}\n"));
    }
    out.push_str(&format!("\n```text\n{}```\n", chart::text(a, CHART_WIDTH)));

    out.push_str("\n## Root cause, as far as the bill tells\n\n");
    out.push_str(&format!("Expectation: {}.\n\n", a.basis));
    causes(&mut out, a);
    if !a.also_moved.is_empty() {
        out.push_str("\nAlso out of the ordinary on the peak day:\n\n");
        for m in &a.also_moved {
            out.push_str(&format!("- {}: {}\n", markdown_text(&m.scope.to_string()), m.change));
        }
    }
    out.push_str("\n## First steps\n\n");
    for (n, step) in first_steps(a).iter().enumerate() {
        out.push_str(&format!("{}. {step}\n", n + 1));
    }
    out.push_str("\n## Prevention\n\n");
    for advice in prevention(a) {
        out.push_str(&format!("- {advice}\n"));
    }
    out
}

fn minute(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

fn status(a: &Anomaly, alert: Option<&Alert>) -> String {
    let state = match alert.map(|x| x.status) {
        Some(Status::Withdrawn) => "withdrawn: newer data does not show it any more",
        _ if a.ongoing => "going on",
        _ => "ended",
    };
    let decision = alert.and_then(|x| x.decision.as_ref()).map(|d| {
        let note = d.note.as_deref().map(|n| format!(": {}", markdown_text(n))).unwrap_or_default();
        format!(", {d} on {}{note}", minute(d.at))
    });
    format!("{state}{}", decision.unwrap_or_default())
}

fn causes(out: &mut String, a: &Anomaly) {
    if a.kind == Kind::Drop {
        out.push_str("Drops are not taken apart.\n");
        return;
    }
    if a.causes.is_empty() {
        out.push_str("No usage type explains 5 % or more of it: it is spread over many.\n");
        return;
    }
    out.push_str(
        "| account | service | region | usage type | excess | share | of that |\n|---|---|---|---|---:|---:|---|\n",
    );
    let text = |t: &Option<String>| t.as_deref().map_or_else(|| "–".to_owned(), markdown_text);
    for c in &a.causes {
        let share = c.share_pct.map_or_else(|| "–".to_owned(), |p| format!("{p} %"));
        out.push_str(&format!(
            "| {} | {} | {} | {} | {} | {share} | {} |\n",
            text(&c.sub_account_id),
            text(&c.service_name),
            text(&c.region_id),
            text(&c.usage_type),
            c.excess,
            effects(c)
        ));
    }
    let resources: Vec<_> = a.causes.iter().flat_map(|c| &c.resources).collect();
    if !resources.is_empty() {
        out.push_str("\nResources with the most cost of it:\n\n");
        for r in resources {
            out.push_str(&format!("- {}: {}\n", markdown_text(&r.resource_id), r.tells()));
        }
    }
}

fn effects(c: &Cause) -> String {
    let part = |label: &str, amount: Option<Money>| amount.map(|m| format!("{label} {m}"));
    let parts = [part("price", c.price_effect), part("usage", c.usage_effect), part("new", c.new_effect)];
    let told: Vec<String> = parts.into_iter().flatten().collect();
    if told.is_empty() { "the bill cannot tell".to_owned() } else { told.join(", ") }
}
