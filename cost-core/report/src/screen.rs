//! The table format: a review a finance lead can read in a terminal of 80 columns.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::alike::Alike;
use super::escape::terminal_text;
use super::exchange;
use super::layout::{self, Grid, cents, share, wrap};
use super::provider;
use super::quality;
use super::remarks;
use super::savings;
use super::{Commitments, Look, Render, ReportError, SavingsTracking, View};
use cost_core::anomaly::{Anomaly, Kind, Scope, Thresholds};
use cost_core::check::Skip;
use cost_core::commitment::CommitmentsReport;
use cost_core::count::counted;
use cost_core::lifecycle::RealisedReport;
use cost_core::money::{Currency, Money};
use cost_core::review::{AlertRun, AnomalyReport, CategoryTotal, Comparison, GroupTable, Header, Review};

pub(super) struct Table;

impl Render for Table {
    fn name(&self) -> &'static str {
        "table"
    }

    fn render(&self, reviews: &[Review], view: View, look: &Look) -> Result<String, ReportError> {
        Ok(pages(reviews, |r| &r.header, Alike::of_reviews(reviews), look, |review, page| page.review(review, view)))
    }

    fn render_anomalies(&self, reports: &[AnomalyReport], look: &Look) -> Result<String, ReportError> {
        let alike = Alike::of_notes(reports, |r| &r.notes);
        Ok(pages(reports, |r| &r.header, alike, look, |report, page| page.anomaly_report(report)))
    }

    fn render_realised(&self, reports: &[RealisedReport], look: &Look) -> Result<String, ReportError> {
        crate::formatted("table", &SavingsTracking(reports), look)
    }

    fn render_commitments(&self, reports: &[CommitmentsReport], look: &Look) -> Result<String, ReportError> {
        crate::formatted("table", &Commitments(reports), look)
    }
}

/// A page a report, one below the other, and one with what all of them say.
fn pages<T>(
    reports: &[T],
    header: impl Fn(&T) -> &Header,
    alike: Alike,
    look: &Look,
    write: impl Fn(&T, &mut Page),
) -> String {
    let currencies = reports.iter().map(|r| header(r).currency).collect();
    let mut page = Page { out: String::new(), look: *look, alike, currencies };
    let mut pages = Vec::new();
    for report in reports {
        write(report, &mut page);
        pages.push(std::mem::take(&mut page.out));
    }
    let alike = std::mem::take(&mut page.alike);
    if !alike.is_empty() {
        let title = page.paint("1", "All currencies");
        page.line(&title);
        page.notes(&alike.notes);
        page.skipped(&alike.skipped);
        pages.push(page.out);
    }
    pages.join(&format!("\n{}\n\n", "═".repeat(look.width.max(MIN_WIDTH))))
}

/// Anomalies, if only to say that there is none, and drops if there are any.
fn tables<'a>(anomalies: &'a [Anomaly], drops: &'a [Anomaly]) -> impl Iterator<Item = &'a [Anomaly]> {
    std::iter::once(anomalies).chain(Some(drops).filter(|d| !d.is_empty()))
}

/// Narrowest terminal drawn for.
const MIN_WIDTH: usize = 60;

struct Page {
    out: String,
    look: Look,
    /// What is said below all pages.
    alike: Alike,
    /// The currencies of all pages, in their order.
    currencies: Vec<Currency>,
}

/// `+3.2 %`, `0.0 %`, or a dash.
pub(super) fn pct(value: Option<Decimal>) -> String {
    match value {
        None => "–".into(),
        Some(p) if p.abs() >= Decimal::from(1000) => (if p.is_sign_negative() { "<-999 %" } else { ">+999 %" }).into(),
        // Zero is often a fall or a rise that was rounded away: it has no sign.
        Some(p) if p.round_dp(1).is_zero() => "0.0 %".into(),
        Some(p) => format!("{p:+.1} %"),
    }
}

/// `+12,345`, or a dash for nothing.
pub(super) fn delta(amount: Money) -> String {
    if amount.amount().is_zero() {
        return "–".into();
    }
    let text = amount.display_whole();
    if amount.amount().is_sign_negative() || text.starts_with('<') { text } else { format!("+{text}") }
}

/// A sentence that begins with a small letter, as one of its own.
fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

impl Page {
    fn review(&mut self, review: &Review, view: View) {
        let (look, width) = (self.look, self.width());
        let what = if view == View::Review { "Cost review" } else { "Savings" };
        self.header(&review.header, &format!("{what} {}", review.header.month));
        if view == View::Review {
            let left_out = review.currencies_left_out();
            if let Some(text) = &left_out {
                self.wrapped("", &capital(text));
            }
            self.totals(review);
            self.out.push_str(&exchange::table(review, &look, width));
            self.out.push_str(&quality::quality(review, &look, width));
            // What the totals rest on is said where they are read.
            self.notes(review.notes.iter().filter(|n| Some(*n) != left_out.as_ref()));
            review.groups.iter().for_each(|g| self.group(review, g));
            self.movers(review);
            self.untagged(review);
            let names = &review.account_names;
            for all in tables(&review.anomalies, &review.drops) {
                self.anomalies(all, &review.anomaly_thresholds, names, &review.header, false);
            }
        }
        self.out.push_str(&savings::savings(review, view, &look, width));
        self.out.push_str(&provider::second_opinions(&review.second_opinions, &look, width));
        if view == View::Review {
            self.out.push_str(&provider::commitments(&review.commitments, &look, width));
            self.invoices(review);
        } else {
            self.notes(&review.notes);
        }
        self.skipped(&review.skipped);
    }

    fn anomaly_report(&mut self, report: &AnomalyReport) {
        let last = report.raised_until.pred_opt().unwrap_or(report.raised_until);
        self.header(&report.header, &format!("Anomalies raised {} to {last}", report.raised_from));
        for all in tables(&report.anomalies, &report.drops) {
            self.anomalies(all, &report.anomaly_thresholds, &report.account_names, &report.header, report.replay);
        }
        if report.replay {
            let (from, until, raised) = (report.raised_from, report.raised_until, report.anomalies.len());
            let days = until.signed_duration_since(from).num_days();
            self.line(&format!("{raised} raised in {days} days: {} a month.", report.raised_per_month()));
        }
        self.alerts(report.alerts.as_ref());
        let known: Vec<String> = report.known.iter().map(|k| format!("no anomaly, for it was known: {k}")).collect();
        self.notes(&[known, report.notes.clone()].concat());
    }

    fn width(&self) -> usize {
        self.look.width.max(MIN_WIDTH)
    }

    fn paint(&self, code: &str, text: &str) -> String {
        layout::paint(&self.look, code, text)
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn title(&mut self, text: &str) {
        self.out.push_str(&layout::title(&self.look, text));
    }

    fn grid(&mut self, grid: &Grid) {
        self.out.push_str(&grid.show(&self.look, self.width()));
    }

    /// Text in lines of the page's width, the first led by `lead`, the others indented as far.
    fn wrapped(&mut self, lead: &str, text: &str) {
        self.out.push_str(&wrap(lead, text, self.width()));
    }

    fn header(&mut self, h: &Header, what: &str) {
        let name = h.estate.name.as_deref().map(|n| format!(" of {}", terminal_text(n))).unwrap_or_default();
        let title = self.paint("1", &format!("{what}{name}"));
        self.line(&title);
        let e = &h.estate;
        self.line(&format!(
            "{}, {} to {}, as of {}, FOCUS {}, {}",
            counted(e.line_items, "line item"),
            e.first_day,
            e.last_day,
            e.as_of,
            terminal_text(&e.focus_version),
            h.currency
        ));
        if let [_, _, ..] = self.currencies.as_slice() {
            let codes: Vec<&str> = self.currencies.iter().map(Currency::as_str).collect();
            let (count, codes, own) = (codes.len(), codes.join(", "), h.currency);
            self.wrapped(
                "",
                &format!("Billed in {count} currencies, shown one after the other: {codes} (this is {own})"),
            );
        }
        for problem in &e.partial {
            let text = wrap("PARTIAL: ", problem, self.width());
            self.out.push_str(&text.replacen("PARTIAL", &self.paint("1;31", "PARTIAL"), 1));
        }
    }

    fn totals(&mut self, r: &Review) {
        self.title(&format!("Total, {}", r.header.currency));
        let mut grid = Grid::new(&["", ">this month", ">last month", ">change", ">last year", ">change"]);
        let cells = |label: &str, c: &Comparison| {
            [
                label.to_owned(),
                c.this_month.display_amount(),
                cents(c.last_month),
                pct(c.change_pct),
                cents(c.last_year),
                pct(c.change_year_pct),
            ]
        };
        // The kinds of charges add up to the total above them; those that are nothing in both months are left out.
        let used =
            |c: &Comparison| !c.this_month.amount().is_zero() || c.last_month.is_some_and(|m| !m.amount().is_zero());
        let mut block = |label: &str, total: &Comparison, of: fn(&CategoryTotal) -> &Comparison| {
            grid.row(cells(label, total));
            for c in r.totals.categories.iter().filter(|c| used(of(c))) {
                grid.row(cells(&format!("  {}", c.category.label()), of(c)));
            }
        };
        block("Billed (invoice)", &r.totals.billed, |c| &c.billed);
        block("Effective (amortised)", &r.totals.effective, |c| &c.effective);
        self.grid(&grid);
    }

    fn group(&mut self, r: &Review, g: &GroupTable) {
        self.title(&format!("By {}, EffectiveCost, {}", g.dimension, r.header.currency));
        let mut grid = Grid::new(&["", ">this month", ">share", ">last month", ">change", ">"]);
        let mut add = |label: String, row: &cost_core::review::GroupRow| {
            let c = &row.effective;
            let change = c.change.map_or_else(|| "–".into(), delta);
            grid.row([
                label,
                c.this_month.display_amount(),
                share(row.share_pct),
                cents(c.last_month),
                change,
                pct(c.change_pct),
            ]);
        };
        for row in &g.rows {
            let key = row.key.as_deref().unwrap_or(g.dimension.null_label());
            let label = row.name.as_ref().map_or_else(|| key.to_owned(), |n| format!("{n} ({key})"));
            add(label, row);
        }
        if let Some(others) = &g.others {
            add(format!("{} others", g.others_count), others);
        }
        self.grid(&grid);
    }

    fn movers(&mut self, r: &Review) {
        if r.movers.is_empty() {
            return;
        }
        self.title(&format!(
            "What moved against {}, EffectiveCost of usage, {}",
            r.header.month.minus(1),
            r.header.currency
        ));
        let titles = ["account", "service", ">change", ">price", ">usage", ">new", ">gone", ">unsplit", ">rate"];
        let converted = r.movers.iter().any(|m| m.exchange_rate.is_some());
        let mut grid = Grid::new(if converted { &titles } else { &titles[..8] });
        for m in &r.movers {
            let account = m.sub_account_name.as_deref().or(m.sub_account_id.as_deref()).unwrap_or("(none)");
            let service = m.service_name.as_deref().unwrap_or("(none)");
            let text = [account.to_owned(), service.to_owned()];
            let parts = [m.change, m.price, m.usage, m.new, m.gone, m.unsplit].into_iter().chain(m.exchange_rate);
            grid.row(text.into_iter().chain(parts.map(delta)));
        }
        self.grid(&grid);
    }

    fn untagged(&mut self, r: &Review) {
        self.title("Tags");
        let u = &r.untagged;
        self.line(&format!("Usage without any tag: {} ({})", u.no_tags, share(u.no_tags_pct)));
        for key in &u.by_key {
            let text = format!("Usage without {}: {} ({})", terminal_text(&key.key), key.cost, share(key.pct));
            self.line(&text);
        }
    }

    /// With `replay` the day on which each was raised is told too.
    fn anomalies(
        &mut self,
        all: &[Anomaly],
        t: &Thresholds,
        names: &BTreeMap<String, String>,
        header: &Header,
        replay: bool,
    ) {
        let currency = header.currency;
        let drops = all.iter().any(|a| a.kind == Kind::Drop);
        let (what, way) = if drops { ("Drops", "below") } else { ("Anomalies", "above") };
        let limits = format!("more than {} % and {} {currency} a day {way} expectation", t.relative_pct, t.floor);
        self.title(&format!("{what}: {limits}"));
        if all.is_empty() {
            self.line("None.");
            return;
        }
        let titles = ["raised on", "id", "days", "severity", ">excess", ">", "where, and the main cause"];
        let mut grid = Grid::new(if replay { &titles } else { &titles[1..] });
        for a in all.iter().take(self.look.top) {
            let kind = if a.kind.is_new() { "new".to_owned() } else { pct(a.excess_pct) };
            let place = format!("{}{}", place(&a.scope, names), main_cause(a));
            let raised = replay.then(|| a.raised_on.to_string());
            let cells = [a.id.clone(), span(a), a.severity.as_str().to_owned(), delta(a.excess), kind, place];
            grid.row(raised.into_iter().chain(cells));
        }
        self.grid(&grid);
        self.more(all.len(), "cost anomalies");
        self.line("`cost explain ID` tells causes, resources and the days before.");
    }

    fn alerts(&mut self, run: Option<&AlertRun>) {
        let Some(run) = run else { return };
        self.title("Alerts");
        if run.stale {
            self.line("Another job has seen newer data: nothing was changed.");
        }
        for (label, ids) in [("new", &run.new), ("closed", &run.closed), ("waiting for somebody", &run.waiting)] {
            let told = if ids.is_empty() { "none".to_owned() } else { ids.join(", ") };
            self.wrapped(&format!("{label}: "), &told);
        }
    }

    fn more(&mut self, all: usize, command: &str) {
        self.out.push_str(&layout::more(&self.look, all, &format!("{command} --top")));
    }

    fn skipped(&mut self, skipped: &[Skip]) {
        let own = skipped.iter().filter(|s| !self.alike.skipped.contains(s));
        let text = remarks::skipped(own, &self.look, self.width());
        self.out.push_str(&text);
    }

    fn invoices(&mut self, r: &Review) {
        let period = r.header.month.first_day();
        let now: Vec<_> = r.invoices.iter().filter(|i| i.billing_period == period).collect();
        if now.is_empty() {
            return;
        }
        self.title("To hold against the invoices, BilledCost, every digit");
        let mut grid = Grid::new(&["period", "issuer", ">billed", "currency"]);
        for i in now {
            let issuer = i.invoice_issuer.clone().unwrap_or_else(|| "(none)".into());
            grid.row([r.header.month.to_string(), issuer, i.billed.display_exact(), i.billed.currency().to_string()]);
        }
        self.grid(&grid);
    }

    fn notes<'a>(&mut self, notes: impl IntoIterator<Item = &'a String>) {
        let own = notes.into_iter().filter(|n| !self.alike.notes.contains(n));
        let text = remarks::notes(own, &self.look, self.width());
        self.out.push_str(&text);
    }
}

/// `03-22`, `03-22–24`, `03-30–04-02`, or `03-22…` if it goes on.
fn span(a: &Anomaly) -> String {
    let first = a.first_day.format("%m-%d");
    let same_month = a.first_day.format("%Y-%m").to_string() == a.last_day.format("%Y-%m").to_string();
    match () {
        () if a.ongoing => format!("{first}…"),
        () if a.first_day == a.last_day => first.to_string(),
        () if same_month => format!("{first}–{}", a.last_day.format("%d")),
        () => format!("{first}–{}", a.last_day.format("%m-%d")),
    }
}

/// Where it is, in few words.
fn place(scope: &Scope, names: &BTreeMap<String, String>) -> String {
    let account = scope.sub_account_id.as_ref().map(|id| names.get(id).unwrap_or(id).as_str());
    let parts = [account, scope.service_name.as_deref(), scope.tag.as_deref()];
    let told: Vec<&str> = parts.into_iter().flatten().map(|p| if p.is_empty() { "(none)" } else { p }).collect();
    match (told.is_empty(), &scope.region_id) {
        (true, Some(region)) => region.clone(),
        (true, None) => "whole estate".into(),
        (false, _) => told.join(", "),
    }
}

fn main_cause(a: &Anomaly) -> String {
    match a.causes.first() {
        None if a.kind == Kind::Drop => String::new(),
        None => ": spread over many".into(),
        Some(c) => {
            let usage = c.usage_type.as_deref().unwrap_or("(no usage type)");
            format!(": {usage} {}", c.region_id.as_deref().unwrap_or("")).trim_end().to_owned()
        }
    }
}
