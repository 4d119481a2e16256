//! Anomalies: days with a higher or lower cost than expected.

use std::collections::BTreeMap;

use cost_core::anomaly::{Anomaly, Kind, Scope, Thresholds};
use cost_core::money::Currency;
use cost_core::review::{AlertRun, AnomalyReport, Header, Undelivered};

use super::incident;
use super::page::{self, Alike, Shared, pages};
use crate::document::{Block, Document, Item, List, Mark};
use crate::figure::{Amount, Figure};
use crate::report::{Audience, Report, ReportError, ViewOptions};
use crate::table::{Cell, More, Table, Value};
use crate::text::Text;
use crate::to_json;

/// Report of `cost anomalies`: one report per currency.
#[derive(Clone, Copy, Debug)]
pub struct Anomalies<'a>(pub &'a [AnomalyReport]);

impl Report for Anomalies<'_> {
    fn schema_name(&self) -> Option<&'static str> {
        Some("anomalies")
    }

    fn json(&self) -> Result<String, ReportError> {
        to_json::by_currency(self.0)
    }

    fn documents(&self, view: &ViewOptions) -> Vec<Document> {
        let alike = Alike::of_notes(self.0, |r| &r.notes);
        pages(self.0, |r| &r.header, alike, |report, shared| document(report, shared, view))
    }
}

fn document(r: &AnomalyReport, shared: &Shared, view: &ViewOptions) -> Document {
    let last = r.raised_until.pred_opt().unwrap_or(r.raised_until);
    let mut doc =
        page::document(&r.header, &format!("Anomalies raised {} to {last}", r.raised_from), shared);
    let found = Found {
        anomalies: &r.anomalies,
        drops: &r.drops,
        thresholds: &r.anomaly_thresholds,
        account_names: &r.account_names,
        currency: r.header.currency,
        header: &r.header,
        replay: r.replay,
    };
    add(&mut doc, &found, view);
    if r.replay {
        let days = r.raised_until.signed_duration_since(r.raised_from).num_days();
        doc.line(format!(
            "{} raised in {days} days: {} per month.",
            r.anomalies.len(),
            r.raised_per_month()
        ));
    }
    if let Some(run) = &r.alerts {
        alerts(&mut doc, run);
    }
    let known = r.known.iter().map(|k| format!("known event, no anomaly: {k}"));
    let notes: Vec<String> = known.chain(r.notes.iter().cloned()).collect();
    page::notes(&mut doc, &notes, shared);
    let outlying = page::outlying(&r.header);
    let of_run = r.alerts.iter().flat_map(run_figures);
    let found = figures(&r.anomalies, &r.drops).into_iter();
    doc.figures(found.chain(of_run).chain(outlying).collect());
    doc
}

/// Anomalies of a report, with the data needed to show them.
pub(super) struct Found<'a> {
    pub(super) anomalies: &'a [Anomaly],
    pub(super) drops: &'a [Anomaly],
    pub(super) thresholds: &'a Thresholds,
    pub(super) account_names: &'a BTreeMap<String, String>,
    pub(super) currency: Currency,
    pub(super) header: &'a Header,
    /// Whether to show the day on which each anomaly was raised.
    pub(super) replay: bool,
}

/// Adds a table of anomalies, or "None.", and a table of drops if there are any.
pub(super) fn add(doc: &mut Document, found: &Found<'_>, view: &ViewOptions) {
    for all in std::iter::once(found.anomalies).chain(Some(found.drops).filter(|d| !d.is_empty())) {
        let drops = all.iter().any(|a| a.kind == Kind::Drop);
        let (what, way) = if drops { ("Drops", "below") } else { ("Anomalies", "above") };
        let (t, currency) = (found.thresholds, found.currency);
        doc.heading(format!(
            "{what}: more than {} % and {} {currency} per day {way} expected cost",
            t.relative_pct, t.floor
        ));
        if all.is_empty() {
            doc.line("None.");
        } else {
            doc.table(table(all, found, view));
            if view.audience == Audience::Interactive {
                panels(doc, all, found.header);
            } else {
                doc.paragraph(Text::literal(
                    "`cost explain ID` shows causes, resources, and previous days.",
                ));
            }
        }
    }
}

/// Maximum number of panels, for the size of the page: a panel with its chart has about 30 kB.
const PANELS: usize = 30;

/// Adds a panel per anomaly with its chart, causes, and first steps.
fn panels(doc: &mut Document, all: &[Anomaly], header: &Header) {
    for a in all.iter().take(PANELS) {
        let page = incident::document(header, a, None);
        let summary = Text::default().strong(a.scope.to_string()).plain(format!(
            ": {} from {} to {} ({})",
            Cell::change(a.excess).text,
            a.first_day,
            a.last_day,
            a.id
        ));
        doc.blocks.push(Block::Panel { id: a.id.clone(), summary, blocks: page.blocks });
    }
    if all.len() > PANELS {
        let more = Text::from(format!("Details of {} more: ", all.len() - PANELS));
        doc.paragraph(more.code("cost explain ID").plain("."));
    }
}

fn table(all: &[Anomaly], found: &Found<'_>, view: &ViewOptions) -> Table {
    let titles = ["raised on", "id", "days", "severity", ">excess", ">", "where and main cause"];
    let titles = if found.replay { &titles } else { &titles[1..] };
    let mut table = Table::new(titles).limited(view.top, More::Option("cost anomalies --top"));
    for a in all {
        let kind = if a.kind.is_new() {
            Cell::text("new")
        } else {
            Cell::maybe(a.excess_pct, Cell::change_pct)
        };
        let raised = found.replay.then(|| Cell::date(a.raised_on));
        let cells = [
            Cell::id(&a.id),
            Cell::shown_as(span(a), Value::Date(a.first_day)),
            Cell::text(a.severity.as_str()),
            Cell::change(a.excess),
            kind,
            Cell::text(format!("{}{}", place(&a.scope, found.account_names), main_cause(a))),
        ];
        table.row(raised.into_iter().chain(cells));
    }
    table
}

/// What a report says if it changed no alert.
const STALE: &str = "Another job has already processed newer data. No alert was changed.";

/// Adds the alerts that a run of a scheduled job raised and closed.
fn alerts(doc: &mut Document, run: &AlertRun) {
    doc.heading("Alerts");
    if run.stale {
        doc.paragraph(STALE);
    }
    for warning in &run.warnings {
        doc.paragraph(format!("Warning: {warning}"));
    }
    let all =
        [("new", &run.new), ("closed", &run.closed), ("waiting for a decision", &run.waiting)];
    let item = |(label, ids): (&str, &Vec<String>)| {
        let ids = if ids.is_empty() { "none".to_owned() } else { ids.join(", ") };
        Item::labeled(label, ids)
    };
    doc.list(List::new(Mark::None, all.map(item)));
    undelivered(doc, &run.undelivered);
}

/// Adds the notices that were not delivered, if there are any.
fn undelivered(doc: &mut Document, all: &[Undelivered]) {
    if all.is_empty() {
        return;
    }
    doc.heading("Notices that were not delivered");
    let mut table = Table::new(&["alert", "channel", "state", "reason"]);
    for notice in all {
        table.row([
            Cell::id(&notice.alert),
            Cell::text(&notice.channel),
            Cell::text(if notice.refused { "refused" } else { "waiting" }),
            Cell::text(notice.reason.as_deref().unwrap_or("not sent yet")),
        ]);
    }
    doc.table(table);
    if all.iter().any(|n| n.refused) {
        doc.paragraph(Text::literal(
            "Refused notices are not sent again. `cost anomalies retry` sends them with the next run, `cost anomalies drop` removes them.",
        ));
    }
}

/// Returns `03-22`, `03-22–24`, `03-30–04-02`, or `03-22…` for an ongoing anomaly.
fn span(a: &Anomaly) -> String {
    let first = a.first_day.format("%m-%d");
    let same_month =
        a.first_day.format("%Y-%m").to_string() == a.last_day.format("%Y-%m").to_string();
    match () {
        () if a.ongoing => format!("{first}…"),
        () if a.first_day == a.last_day => first.to_string(),
        () if same_month => format!("{first}–{}", a.last_day.format("%d")),
        () => format!("{first}–{}", a.last_day.format("%m-%d")),
    }
}

/// Returns account name, service, and tag, or the region.
fn place(scope: &Scope, names: &BTreeMap<String, String>) -> String {
    let account = scope.sub_account_id.as_ref().map(|id| names.get(id).unwrap_or(id).as_str());
    let parts = [account, scope.service_name.as_deref(), scope.tag.as_deref()];
    let known: Vec<&str> =
        parts.into_iter().flatten().map(|p| if p.is_empty() { "(none)" } else { p }).collect();
    match (known.is_empty(), &scope.region_id) {
        (true, Some(region)) => region.clone(),
        (true, None) => "entire estate".into(),
        (false, _) => known.join(", "),
    }
}

fn main_cause(a: &Anomaly) -> String {
    match a.causes.first() {
        None if a.kind == Kind::Drop => String::new(),
        None => ": many small causes".into(),
        Some(c) => {
            let usage = c.usage_type.as_deref().unwrap_or("(no usage type)");
            format!(": {usage} {}", c.region_id.as_deref().unwrap_or("")).trim_end().to_owned()
        }
    }
}

/// Returns the figures of a run of a scheduled job: one for each alert that changed or waits, for each
/// notice that was not delivered, and for each warning.
fn run_figures(run: &AlertRun) -> Vec<Figure> {
    let one = || Amount::Count(Some(1), None);
    let mut all = Vec::new();
    let groups = [
        ("new", &run.new),
        ("closed", &run.closed),
        ("waiting for a decision", &run.waiting),
        ("ignored: newer data has been processed", &run.ignored),
    ];
    for (detail, ids) in groups {
        all.extend(ids.iter().map(|id| Figure::new("alert", id, detail, "alerts", one())));
    }
    for notice in &run.undelivered {
        let state = if notice.refused { "refused" } else { "waiting" };
        let reason = notice.reason.as_deref().unwrap_or("not sent yet");
        let detail = format!("{} {state}: {reason}", notice.channel);
        all.push(Figure::new("notice", &notice.alert, detail, "undelivered notices", one()));
    }
    let stale = run.stale.then_some(STALE);
    for warning in stale.into_iter().chain(run.warnings.iter().map(String::as_str)) {
        all.push(Figure::new("alerts", "warning", warning, "warnings", one()));
    }
    all
}

/// Returns the figures of anomalies, then of drops.
pub(super) fn figures(anomalies: &[Anomaly], drops: &[Anomaly]) -> Vec<Figure> {
    let mut all = Vec::new();
    for a in anomalies.iter().chain(drops) {
        let what = format!(
            "{} {} {}, {} to {}",
            a.id,
            a.kind.label(),
            a.severity.as_str(),
            a.first_day,
            a.last_day
        );
        for (measure, amount) in
            [("actual", a.actual), ("expected", a.expected), ("excess", a.excess)]
        {
            all.push(Figure::money("anomaly", &a.scope, &what, measure, amount));
        }
    }
    all
}
