//! Savings: the plan, its totals, and the opportunities that are not in the plan.

mod details;

use std::collections::{BTreeMap, BTreeSet};

use cost_core::money::{Currency, Money, Savings};
use cost_core::opportunity::{Action, Opportunity};
use cost_core::plan::{BOUGHT_LATER, FrontPoint, PartSaving, Step, TOO_SMALL};
use cost_core::review::SavingsReport;
use cost_core::text::counted;
use cost_core::tradeoff::Reversibility;

use super::page::{self, Alike, Shared, pages};
use super::saved::{Folded, Known, Rows, Saved, account_label};
use super::{provider, risks};
use crate::document::Document;
use crate::figure::Figure;
use crate::formula::Formula;
use crate::number::rounded;
use crate::report::{Audience, Report, ReportError, ViewOptions};
use crate::table::{Cell, More, Table, Value};
use crate::text::Text;
use crate::to_json;

/// Report of `cost savings`: savings opportunities and the plan, one report per currency.
#[derive(Clone, Copy, Debug)]
pub struct SavingsReports<'a>(pub &'a [SavingsReport]);

impl Report for SavingsReports<'_> {
    fn schema_name(&self) -> Option<&'static str> {
        Some("savings")
    }

    fn json(&self) -> Result<String, ReportError> {
        to_json::by_currency(self.0)
    }

    fn documents(&self, view: &ViewOptions) -> Vec<Document> {
        all_pages(self.0, view, Rows::Groups)
    }
}

/// The same report with each step of a group in a row of its own.
#[derive(Clone, Copy, Debug)]
pub struct ExpandedSavingsReports<'a>(pub &'a [SavingsReport]);

impl Report for ExpandedSavingsReports<'_> {
    fn schema_name(&self) -> Option<&'static str> {
        SavingsReports(self.0).schema_name()
    }

    fn json(&self) -> Result<String, ReportError> {
        SavingsReports(self.0).json()
    }

    fn documents(&self, view: &ViewOptions) -> Vec<Document> {
        all_pages(self.0, view, Rows::Steps)
    }
}

fn all_pages(all: &[SavingsReport], view: &ViewOptions, rows: Rows) -> Vec<Document> {
    pages(
        all,
        |r| &r.header,
        Alike::of(all, |r| (r.skipped.as_slice(), r.notes.as_slice())),
        |report, shared| document(report, shared, view, rows),
    )
}

fn document(r: &SavingsReport, shared: &Shared, view: &ViewOptions, rows: Rows) -> Document {
    let mut doc = page::document(&r.header, &format!("Savings {}", r.header.month), shared);
    add(&mut doc, Saved { rows, ..Saved::from(r) }, view, Extent::All);
    risks::add(&mut doc, &r.reliability_risks, &r.account_names, view);
    provider::provider_recommendations(&mut doc, &r.provider_recommendations, view);
    page::notes(&mut doc, &r.notes, shared);
    page::skipped(&mut doc, &r.skipped, shared);
    let figures = figures(r.into()).into_iter().chain(risks::figures(&r.reliability_risks));
    let figures = figures.chain(provider::figures(&r.provider_recommendations));
    doc.figures(figures.chain(page::outlying(&r.header)).collect());
    doc
}

/// Level of detail of the savings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// The plan and its totals.
    Plan,
    /// Also the plan by account and owner, and the opportunities that are not in the plan.
    All,
}

/// Adds the savings section.
pub(super) fn add(doc: &mut Document, r: Saved<'_>, view: &ViewOptions, extent: Extent) {
    if r.opportunities.is_empty() {
        doc.heading(format!("Savings opportunities, {} per month (730 h)", r.header.currency));
        doc.line("None found.");
        return;
    }
    let is_page = view.audience == Audience::Interactive;
    // Rows that a reader filters and opens are single steps.
    let r = if is_page { Saved { rows: Rows::Steps, ..r } } else { r };
    let known = Known::of(r);
    if is_page {
        details::ladder(doc, &known);
    }
    let (quick, further): (Vec<&Step>, Vec<&Step>) = r.plan.steps.iter().partition(|s| s.quick_win);
    let unit = format!("{} per month", r.header.currency);
    let quick_title =
        format!("Plan: quick wins (low effort and risk, rollback in minutes), {unit}");
    for (heading, all) in [(quick_title, quick), (format!("Plan: other steps, {unit}"), further)] {
        if !all.is_empty() {
            doc.heading(heading);
            doc.table(steps(&known, &all, view));
        }
    }
    together(doc, r);
    if is_page {
        details::panels(doc, &known);
    }
    if extent == Extent::All {
        front(doc, r);
        doc.heading(format!("Plan by account, {unit}"));
        doc.table(parts(&r.plan.by_account, view, |key| account_label(r, key)));
        if r.plan.by_owner.iter().any(|p| p.key.is_some()) {
            doc.heading(format!("Plan by owner, {unit}"));
            doc.table(parts(&r.plan.by_owner, view, |key| key.unwrap_or("(none)").to_owned()));
        }
        others(doc, &known, view);
    }
    if !is_page {
        doc.paragraph(Text::literal(
            "`cost explain ID` shows evidence, trade-offs, tests, and rollback. With `--format markdown` it prints a runbook.",
        ));
    }
}

fn amounts(s: &Savings) -> [Cell; 3] {
    [s.low, s.expected, s.high].map(Cell::whole)
}

fn steps<'a>(known: &Known<'a>, all: &[&'a Step], view: &ViewOptions) -> Table {
    let titles = ["id", "step", ">low", ">expected", ">high", "effort", "risk", "undo", "+account"];
    let mut table = Table::new(&titles).limited(view.top, More::Option("cost savings --top"));
    let is_page = view.audience == Audience::Interactive;
    if is_page {
        for title in ["owner", "action", "cloud"] {
            table.text_column(title);
        }
        let filters = ["effort", "risk", "undo", "account", "owner", "action", "cloud"];
        table = table.filtered_by(&filters).explained(&details::MEANINGS);
    }
    let rows = Folded::of(known, all);
    let saved = sum(rows.iter().map(|row| row.savings), known.review.header.currency);
    for row in rows {
        let o = row.first;
        let t = row.step.combined.as_ref().map_or(&o.trade_off, |c| &c.trade_off);
        let words = [t.effort.as_str(), t.risk.as_str(), undo(t.reversibility)].map(Cell::text);
        let account = Cell::text(account_label(known.review, o.scope.sub_account_id.as_deref()));
        let text = [Cell::id(&o.id), row.title(known)];
        let cells = text.into_iter().chain(amounts(&row.savings)).chain(words).chain([account]);
        table.row(cells.chain(is_page.then(|| details::cells(o)).into_iter().flatten()));
    }
    if let Some(saved) = saved {
        let label = [Cell::empty(), Cell::text("total")];
        let rest = (5..table.columns.len()).map(|_| Cell::empty()).collect::<Vec<_>>();
        table.foot(label.into_iter().chain(totals(&saved)).chain(rest));
    }
    table
}

/// Returns the sum of savings; `None` if it does not fit.
fn sum(all: impl IntoIterator<Item = Savings>, currency: Currency) -> Option<Savings> {
    all.into_iter().try_fold(Savings::zero(currency), Savings::try_add).ok()
}

/// Returns the cells of savings that are the sum of the rows above.
fn totals(savings: &Savings) -> [Cell; 3] {
    amounts(savings).map(|cell| cell.follows(Formula::SumAbove))
}

fn undo(reversibility: Reversibility) -> &'static str {
    match reversibility {
        Reversibility::Reversible => "yes",
        Reversibility::WithEffort => "hard",
        Reversibility::Irreversible => "no",
    }
}

/// Adds the totals of the plan and its constraints.
fn together(doc: &mut Document, r: Saved<'_>) {
    let p = r.plan;
    if has_any(&p.sum_of_singles) || has_any(&p.joint) {
        doc.gap();
        doc.table(sums(r));
    }
    if p.not_allowed.iter().any(|x| x.why.starts_with(BOUGHT_LATER)) {
        doc.paragraph(Text::literal("Then buy commitments for the usage that the plan leaves: `cost commitments` shows what to buy, and the total of plan and purchases."));
    }
    let planned = p.by_opportunity();
    let upfront = r
        .opportunities
        .iter()
        .filter(|o| planned.contains_key(o.id.as_str()))
        .map(|o| o.trade_off.upfront);
    if let Ok(upfront) = Money::try_sum(upfront, r.header.currency)
        && !upfront.amount().is_zero()
    {
        doc.paragraph(format!("Commitments in the plan cost at most {upfront} upfront. They cover only usage that no step changes."));
    }
    for f in &p.freed {
        doc.paragraph(format!(
            "Released commitments ({}): {} at on-demand prices, of which at most {} can cover other usage and {} is stranded.",
            f.pool, f.freed, f.moved, f.stranded
        ));
    }
    let l = &p.limits;
    let mut limits = vec![
        format!("maximum risk {}", l.max_risk.as_str()),
        format!("maximum effort {}", l.max_effort.as_str()),
    ];
    limits.extend(l.no_downtime.then(|| "no downtime".to_owned()));
    limits.extend(l.max_commitment_months.map(|m| format!("commitments up to {m} months")));
    limits.extend(
        (!l.min_saving.is_zero()).then(|| format!("at least {} per row", l.min_saving.normalize())),
    );
    if p.too_small.opportunities > 0 {
        doc.paragraph(format!(
            "Too small to plan: {}, {} together.",
            counted(u64::try_from(p.too_small.opportunities).unwrap_or(u64::MAX), "finding"),
            p.too_small.savings.expected
        ));
    }
    let best = if p.proven {
        ""
    } else {
        " Too many opportunities overlap to prove that this plan is the best; it is a good one."
    };
    doc.paragraph(format!("Plan constraints: {}.{best}", limits.join(", ")));
}

/// Adds the efficient front: what more effort and risk save.
fn front(doc: &mut Document, r: Saved<'_>) {
    if r.front.len() < 2 {
        return;
    }
    let titles = ["effort up to", "risk up to", ">steps", ">low", ">expected", ">high", ""];
    let mut table = Table::new(&titles);
    let limits = (r.plan.limits.max_effort, r.plan.limits.max_risk);
    let is_plan = |p: &FrontPoint| (p.max_effort, p.max_risk) == limits;
    for point in r.front {
        let words = [point.max_effort, point.max_risk].map(|l| Cell::text(l.as_str()));
        let steps = Cell::shown_as(point.steps, Value::Number(point.steps.into()));
        let mark = if is_plan(point) { Cell::text("← this plan") } else { Cell::empty() };
        let cells = words.into_iter().chain([steps]).chain(amounts(&point.savings));
        table.row(cells.chain([mark]));
    }
    doc.heading(format!("What more effort and risk save, {} per month", r.header.currency));
    doc.table(table);
    doc.paragraph("Each row is the best plan within its limits (--max-effort, --max-risk). Limits that save no more than stricter ones are not listed.");
}

/// Returns whether any of the savings is not zero.
fn has_any(s: &Savings) -> bool {
    [s.low, s.expected, s.high].iter().any(|amount| !amount.amount().is_zero())
}

fn sums(r: Saved<'_>) -> Table {
    let p = r.plan;
    let row = |label: &str, s: &Savings| {
        let [low, expected, high] = [s.low, s.expected, s.high].map(Cell::money);
        [Cell::text(label), low, expected, high]
    };
    let overlap = Money::new(-p.overlap.amount(), p.overlap.currency());
    let overlap = Cell::shown_as(format!("-{}", p.overlap.display_amount()), Value::Money(overlap));
    let mut table = Table::new(&["savings per month (730 h)", ">low", ">expected", ">high"]);
    table.row(row("sum of opportunities within the constraints", &p.sum_of_singles));
    if !rounded(p.overlap.amount(), 2).is_zero() {
        table.row([Cell::text("overlap (counted twice)"), Cell::empty(), overlap, Cell::empty()]);
    }
    table.row(row("plan", &p.joint).map(|cell| match cell.value {
        Value::Money(_) => cell.follows(Formula::SumAbove),
        _ => cell,
    }));
    if !p.quick_wins.expected.amount().is_zero() {
        table.row(row("of which quick wins", &p.quick_wins));
    }
    table
}

fn parts(all: &[PartSaving], view: &ViewOptions, label: impl Fn(Option<&str>) -> String) -> Table {
    let mut table = Table::new(&["", ">steps", ">low", ">expected", ">high"])
        .limited(view.top, More::Option("--top"));
    for part in all {
        let steps = Cell::shown_as(part.steps, Value::Number(part.steps.into()));
        table.row(
            [Cell::text(label(part.key.as_deref())), steps]
                .into_iter()
                .chain(amounts(&part.savings)),
        );
    }
    if let Some(first) = all.first()
        && let Some(saved) =
            sum(all.iter().map(|part| part.savings), first.savings.expected.currency())
    {
        let steps: usize = all.iter().map(|part| part.steps).sum();
        let steps = Cell::shown_as(steps, Value::Number(steps.into())).follows(Formula::SumAbove);
        table.foot([Cell::text("total"), steps].into_iter().chain(totals(&saved)));
    }
    table
}

/// Adds the opportunities that are not in the plan, with the reason. Of several that make the same
/// change to the same resource, only one is listed, and none if the plan makes the change.
fn others(doc: &mut Document, known: &Known<'_>, view: &ViewOptions) {
    let plan = known.review.plan;
    let excluded =
        plan.excluded.iter().map(|x| (x.opportunity.as_str(), format!("replaced by {}", x.by)));
    let refused = plan.not_allowed.iter().map(|x| (x.opportunity.as_str(), x.why.clone()));
    let mut all: Vec<(&Opportunity, String)> = excluded
        .chain(refused)
        .filter_map(|(id, why)| Some((*known.by_id.get(id)?, why)))
        .collect();
    all.sort_by(|(a, _), (b, _)| {
        b.savings.expected.amount().cmp(&a.savings.expected.amount()).then_with(|| a.id.cmp(&b.id))
    });
    let planned =
        plan.steps.iter().flat_map(Step::opportunities).filter_map(|id| known.by_id.get(id));
    let mut seen: BTreeSet<_> = planned.filter_map(|o| same_change(o)).collect();
    all.retain(|(o, _)| same_change(o).is_none_or(|change| seen.insert(change)));
    let (small, other): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|(_, why)| why.starts_with(TOO_SMALL));
    let unit = format!("{} per month", known.review.header.currency);
    if !other.is_empty() {
        let titles = ["id", "opportunity", ">expected", "effort", "risk", "reason"];
        let mut table = Table::new(&titles).limited(view.top, More::Option("--top"));
        for (o, why) in other {
            let words = [o.trade_off.effort.as_str(), o.trade_off.risk.as_str()].map(Cell::text);
            let text = [Cell::id(&o.id), known.title(o), Cell::whole(o.savings.expected)];
            table.row(text.into_iter().chain(words).chain([Cell::text(why)]));
        }
        doc.heading(format!("Not in the plan, {unit}"));
        doc.table(table);
    }
    if !small.is_empty() {
        let titles = ["id", "opportunity", ">expected", "+account"];
        let mut table = Table::new(&titles).limited(view.top, More::Option("--top"));
        for (o, _) in small {
            let account =
                Cell::text(account_label(known.review, o.scope.sub_account_id.as_deref()));
            table.row([Cell::id(&o.id), known.title(o), Cell::whole(o.savings.expected), account]);
        }
        doc.heading(format!("Too small to plan, {unit} (--min-saving 0 plans them)"));
        doc.table(table);
    }
}

/// Returns what an opportunity changes: account, resource, action, property, and new value; `None`
/// if it changes no value.
fn same_change(o: &Opportunity) -> Option<(Option<&str>, &str, Action, &str, &str)> {
    let change = o.change.as_ref()?;
    let account = o.scope.sub_account_id.as_deref();
    Some((account, &o.subject, o.action, &change.what, &change.to))
}

/// Returns the figures of opportunities and of the plan.
pub(super) fn figures(r: Saved<'_>) -> Vec<Figure> {
    let mut all = Vec::new();
    for o in r.opportunities {
        let what = format!("{} {}", o.id, o.title);
        for (measure, amount) in all_three(&o.savings) {
            all.push(Figure::money("opportunity", &o.subject, &what, measure, amount));
        }
    }
    let known: BTreeMap<&str, &Opportunity> =
        r.opportunities.iter().rev().map(|o| (o.id.as_str(), o)).collect();
    for step in &r.plan.steps {
        let (subject, title) = known
            .get(step.opportunity.as_str())
            .map_or(("", ""), |o| (o.subject.as_str(), o.title.as_str()));
        let title = step.combined.as_ref().map_or(title, |all| all.title.as_str());
        let what = format!("{} {title}", step.opportunity);
        all.push(Figure::money("step", subject, what, "saving expected", step.savings.expected));
    }
    let p = r.plan;
    all.push(Figure::money(
        "plan",
        "sum of singles",
        "",
        "saving expected",
        p.sum_of_singles.expected,
    ));
    all.push(Figure::money("plan", "overlap removed", "", "saving expected", p.overlap));
    all.extend(
        all_three(&p.joint)
            .map(|(measure, amount)| Figure::money("plan", "joint", "", measure, amount)),
    );
    all
}

fn all_three(s: &Savings) -> [(&'static str, Money); 3] {
    [("saving low", s.low), ("saving expected", s.expected), ("saving high", s.high)]
}
