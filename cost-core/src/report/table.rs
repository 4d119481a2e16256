//! The table format: a review a finance lead can read in a terminal of 80 columns.

use rust_decimal::Decimal;

use super::layout::{self, Grid, wrap};
use super::safe::terminal_text;
use super::{Look, Render, ReportError, View};
use crate::anomaly::{Anomaly, Kind};
use crate::money::Money;
use crate::review::{CategoryTotal, Comparison, GroupTable, Header, Review};

pub(super) struct Table;

impl Render for Table {
    fn name(&self) -> &'static str {
        "table"
    }

    fn render(&self, review: &Review, view: View, look: &Look) -> Result<String, ReportError> {
        let mut page = Page { out: String::new(), look: *look };
        page.header(&review.header, view);
        if view == View::Review {
            page.totals(review);
            page.completeness(review);
            review.groups.iter().for_each(|g| page.group(review, g));
            page.movers(review);
            page.untagged(review);
        }
        if view != View::Savings {
            page.anomalies(review);
        }
        if view != View::Anomalies {
            page.opportunities(review);
            page.skipped(review);
        }
        if view == View::Review {
            page.invoices(review);
        }
        page.notes(review);
        Ok(page.out)
    }
}

/// Narrowest terminal drawn for.
const MIN_WIDTH: usize = 60;
/// From this width on, tables have columns that narrower ones leave out.
const WIDE: usize = 100;

struct Page {
    out: String,
    look: Look,
}

/// `+3.2 %`, or a dash.
fn pct(value: Option<Decimal>) -> String {
    match value {
        None => "–".into(),
        Some(p) if p.abs() >= Decimal::from(1000) => (if p.is_sign_negative() { "<-999 %" } else { ">+999 %" }).into(),
        Some(p) => format!("{p:+.1} %"),
    }
}

fn share(value: Option<Decimal>) -> String {
    value.map_or_else(|| "–".into(), |p| format!("{p:.1} %"))
}

fn cents(amount: Option<Money>) -> String {
    amount.map_or_else(|| "–".into(), |m| m.display_amount())
}

/// `+12,345`, or a dash for nothing.
fn delta(amount: Money) -> String {
    if amount.amount().is_zero() {
        return "–".into();
    }
    let text = amount.display_whole();
    if amount.amount().is_sign_negative() || text.starts_with('<') { text } else { format!("+{text}") }
}

impl Page {
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

    fn header(&mut self, h: &Header, view: View) {
        let what = match view {
            View::Review => "Cost review",
            View::Savings => "Savings",
            View::Anomalies => "Anomalies",
        };
        let name = h.estate.name.as_deref().map(|n| format!(" of {}", terminal_text(n))).unwrap_or_default();
        let title = self.paint("1", &format!("{what} {}{name}", h.month));
        self.line(&title);
        let e = &h.estate;
        let items = Money::new(Decimal::from(e.line_items), h.currency).display_amount();
        let items = items.trim_end_matches(".00").to_owned();
        self.line(&format!(
            "{items} line items, {} to {}, as of {}, FOCUS {}, {}",
            e.first_day, e.last_day, e.as_of, e.focus_version, h.currency
        ));
        for problem in &e.partial {
            let lead = self.paint("1;31", "PARTIAL");
            self.line(&format!("{lead}: {}", terminal_text(problem)));
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

    fn completeness(&mut self, r: &Review) {
        let known: Vec<String> =
            r.completeness.iter().filter_map(|d| Some(format!("{} {} %", d.day, d.complete_pct?))).collect();
        if !known.is_empty() {
            self.wrapped("Last days complete (estimated): ", &known.join(", "));
        }
    }

    fn group(&mut self, r: &Review, g: &GroupTable) {
        self.title(&format!("By {}, EffectiveCost, {}", terminal_text(&g.dimension.to_string()), r.header.currency));
        let mut grid = Grid::new(&["", ">this month", ">share", ">last month", ">change", ">"]);
        let mut add = |label: String, row: &crate::review::GroupRow| {
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
        let mut grid = Grid::new(&["account", "service", ">change", ">price", ">usage", ">new", ">gone", ">unsplit"]);
        for m in &r.movers {
            let account = m.sub_account_name.as_deref().or(m.sub_account_id.as_deref()).unwrap_or("(none)");
            let service = m.service_name.as_deref().unwrap_or("(none)");
            let text = [account.to_owned(), service.to_owned()];
            grid.row(text.into_iter().chain([m.change, m.price, m.usage, m.new, m.gone, m.unsplit].map(delta)));
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

    fn anomalies(&mut self, r: &Review) {
        let t = &r.anomaly_thresholds;
        self.title(&format!(
            "Anomalies: more than {} % and {} {} a day above expectation",
            t.relative_pct, t.floor, r.header.currency
        ));
        if r.anomalies.is_empty() {
            self.line("None.");
            return;
        }
        let mut grid = Grid::new(&["id", "days", ">excess", ">", "where, and the main cause"]);
        for a in r.anomalies.iter().take(self.look.top) {
            let kind = if a.kind == Kind::New { "new".to_owned() } else { pct(a.excess_pct) };
            let account = account_label(r, a.scope.sub_account_id.as_deref());
            let service = a.scope.service_name.as_deref().unwrap_or("(no service)");
            let place = format!("{account}, {service}: {}", main_cause(a));
            grid.row([a.id.clone(), span(a), delta(a.excess), kind, place]);
        }
        self.grid(&grid);
        self.more(r.anomalies.len(), "cost anomalies");
        self.line("`cost explain ID` tells causes, resources and the days before.");
    }

    fn more(&mut self, all: usize, command: &str) {
        if all > self.look.top {
            self.line(&format!("… and {} more: `{command} --top {all}`.", all - self.look.top));
        }
    }

    fn opportunities(&mut self, r: &Review) {
        self.title(&format!("What can be saved, {} per month of 730 h", r.header.currency));
        if r.opportunities.is_empty() {
            self.line("Nothing found.");
        } else {
            let wide = self.width() >= WIDE;
            let titles = ["id", "what", ">low", ">expected", ">high", "effort", "risk", "undo", "account"];
            let mut grid = Grid::new(&titles[..if wide { 9 } else { 8 }]);
            for o in r.opportunities.iter().take(self.look.top) {
                let t = &o.trade_off;
                let back = match t.reversibility {
                    crate::tradeoff::Reversibility::Reversible => "yes",
                    crate::tradeoff::Reversibility::WithEffort => "hard",
                    crate::tradeoff::Reversibility::Irreversible => "no",
                };
                let s = &o.savings;
                let amounts = [s.low, s.expected, s.high].map(|m| m.display_whole());
                let words = [t.effort.as_str(), t.risk.as_str(), back].map(ToOwned::to_owned);
                let account = wide.then(|| account_label(r, o.scope.sub_account_id.as_deref()));
                let text = [o.id.clone(), o.title.clone()];
                grid.row(text.into_iter().chain(amounts).chain(words).chain(account));
            }
            self.grid(&grid);
            self.more(r.opportunities.len(), "cost savings");
            self.plan(r);
        }
    }

    fn plan(&mut self, r: &Review) {
        let p = &r.plan;
        let mut grid = Grid::new(&["all together", ">low", ">expected", ">high"]);
        let row = |label: &str, s: &crate::money::Savings| {
            [label.to_owned(), s.low.display_amount(), s.expected.display_amount(), s.high.display_amount()]
        };
        self.line("");
        grid.row(row(&format!("sum of {} singles", r.opportunities.len()), &p.sum_of_singles));
        grid.row(["counted twice".into(), String::new(), format!("-{}", p.overlap.display_amount()), String::new()]);
        grid.row(row("joint saving", &p.joint));
        self.grid(&grid);
        let upfront: Vec<Money> =
            r.opportunities.iter().filter(|o| p.step(&o.id).is_some()).map(|o| o.trade_off.upfront).collect();
        if let Ok(upfront) = Money::try_sum(upfront, r.header.currency)
            && !upfront.amount().is_zero()
        {
            self.wrapped("", &format!("The commitments among them ask {upfront} upfront, at most: what the steps before them remove need not be bought."));
        }
        self.line("`cost explain ID` tells evidence, trade-offs, test and rollback.");
    }

    fn skipped(&mut self, r: &Review) {
        if r.skipped.is_empty() {
            return;
        }
        self.title("Not judged");
        for s in &r.skipped {
            let subjects = match s.subjects.as_slice() {
                [] => String::new(),
                [one] => format!(" ({one})"),
                [first, ..] => format!(" ({first} and {} more)", s.subjects.len() - 1),
            };
            self.wrapped("- ", &format!("{}: {}{subjects}", s.check, s.reason));
        }
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
            grid.row([r.header.month.to_string(), issuer, i.billed.display_exact(), r.header.currency.to_string()]);
        }
        self.grid(&grid);
    }

    fn notes(&mut self, r: &Review) {
        if r.notes.is_empty() {
            return;
        }
        self.title("To know");
        for note in &r.notes {
            self.wrapped("- ", note);
        }
    }
}

/// An account by its name where the review knows one.
fn account_label(r: &Review, id: Option<&str>) -> String {
    let Some(id) = id else { return "(no account)".into() };
    r.account_names.get(id).cloned().unwrap_or_else(|| id.to_owned())
}

fn span(a: &Anomaly) -> String {
    let first = a.first_day.format("%m-%d");
    let end = if a.ongoing { "…".to_owned() } else { format!("–{}", a.last_day.format("%d")) };
    if a.first_day == a.last_day && !a.ongoing { first.to_string() } else { format!("{first}{end}") }
}

fn main_cause(a: &Anomaly) -> String {
    a.causes.first().map_or_else(
        || "spread over many".into(),
        |c| {
            format!("{} {}", c.usage_type.as_deref().unwrap_or("(no usage type)"), c.region_id.as_deref().unwrap_or(""))
                .trim_end()
                .to_owned()
        },
    )
}
