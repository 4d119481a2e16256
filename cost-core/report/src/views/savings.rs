//! Savings: the plan, its totals, and the opportunities that are not in the plan.

use std::collections::{BTreeMap, BTreeSet};

use cost_core::inventory::{resource_part, short_id};
use cost_core::lifecycle::Decision;
use cost_core::money::{Money, Savings};
use cost_core::opportunity::Opportunity;
use cost_core::plan::{JointPlan, PartSaving, Step};
use cost_core::review::{Header, Review, SavingsReport};
use cost_core::tradeoff::Reversibility;

use super::page::{self, Alike, Shared, pages};
use super::{provider, risks};
use crate::document::Document;
use crate::figure::Figure;
use crate::report::{Report, ReportError, ViewOptions};
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
        pages(
            self.0,
            |r| &r.header,
            Alike::of(self.0, |r| (r.skipped.as_slice(), r.notes.as_slice())),
            |report, shared| document(report, shared, view),
        )
    }
}

fn document(r: &SavingsReport, shared: &Shared, view: &ViewOptions) -> Document {
    let mut doc = page::document(&r.header, &format!("Savings {}", r.header.month), shared);
    add(&mut doc, Saved::from(r), view, Extent::All);
    risks::add(&mut doc, &r.reliability_risks, &r.account_names, view);
    provider::second_opinions(&mut doc, &r.second_opinions, view);
    page::notes(&mut doc, &r.notes, shared);
    page::skipped(&mut doc, &r.skipped, shared);
    let figures = figures(r.into()).into_iter().chain(risks::figures(&r.reliability_risks));
    doc.figures(figures.collect());
    doc
}

/// Savings of a review or of a savings report, as views show them.
#[derive(Clone, Copy)]
pub(super) struct Saved<'a> {
    header: &'a Header,
    opportunities: &'a [Opportunity],
    plan: &'a JointPlan,
    decisions: &'a BTreeMap<String, Decision>,
    account_names: &'a BTreeMap<String, String>,
}

impl<'a> From<&'a Review> for Saved<'a> {
    fn from(review: &'a Review) -> Self {
        let Review { header, opportunities, plan, decisions, account_names, .. } = review;
        Self { header, opportunities, plan, decisions, account_names }
    }
}

impl<'a> From<&'a SavingsReport> for Saved<'a> {
    fn from(report: &'a SavingsReport) -> Self {
        let SavingsReport { header, opportunities, plan, decisions, account_names, .. } = report;
        Self { header, opportunities, plan, decisions, account_names }
    }
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
    let known = Known::of(r);
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
    if extent == Extent::All {
        doc.heading(format!("Plan by account, {unit}"));
        doc.table(parts(&r.plan.by_account, view, |key| account_label(r, key)));
        if r.plan.by_owner.iter().any(|p| p.key.is_some()) {
            doc.heading(format!("Plan by owner, {unit}"));
            doc.table(parts(&r.plan.by_owner, view, |key| key.unwrap_or("(none)").to_owned()));
        }
        others(doc, &known, view);
    }
    doc.paragraph(Text::literal(
        "`cost explain ID` shows evidence, trade-offs, tests, and rollback. With `--format markdown` it prints a runbook.",
    ));
}

/// Opportunities of a review, by ID.
struct Known<'a> {
    review: Saved<'a>,
    by_id: BTreeMap<&'a str, &'a Opportunity>,
    /// Titles that several opportunities share.
    alike: BTreeSet<&'a str>,
}

impl<'a> Known<'a> {
    fn of(review: Saved<'a>) -> Self {
        let all = review.opportunities;
        let mut seen = BTreeSet::new();
        let alike =
            all.iter().map(|o| o.title.as_str()).filter(|title| !seen.insert(*title)).collect();
        Self { review, by_id: all.iter().map(|o| (o.id.as_str(), o)).collect(), alike }
    }

    /// Returns the title, with the resource if several opportunities share it, and the decision.
    fn title(&self, o: &Opportunity) -> Cell {
        let of = if self.alike.contains(o.title.as_str()) {
            format!(": {}", short_id(resource_part(&o.subject)))
        } else {
            String::new()
        };
        let decided = self
            .review
            .decisions
            .get(&o.id)
            .map(|d| format!(" ({})", d.verdict))
            .unwrap_or_default();
        Cell::text(format!("{}{of}{decided}", o.title))
    }
}

fn amounts(s: &Savings) -> [Cell; 3] {
    [s.low, s.expected, s.high].map(Cell::whole)
}

fn steps(known: &Known<'_>, all: &[&Step], view: &ViewOptions) -> Table {
    let titles = ["id", "step", ">low", ">expected", ">high", "effort", "risk", "undo", "+account"];
    let mut table = Table::new(&titles).limited(view.top, More::Option("cost savings --top"));
    for step in all {
        let Some(o) = known.by_id.get(step.opportunity.as_str()) else { continue };
        let t = &o.trade_off;
        let words = [t.effort.as_str(), t.risk.as_str(), undo(t.reversibility)].map(Cell::text);
        let account = Cell::text(account_label(known.review, o.scope.sub_account_id.as_deref()));
        let text = [Cell::id(&o.id), known.title(o)];
        table.row(text.into_iter().chain(amounts(&step.savings)).chain(words).chain([account]));
    }
    table
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
    doc.gap();
    doc.table(sums(r));
    let planned = p.by_opportunity();
    let upfront = r
        .opportunities
        .iter()
        .filter(|o| planned.contains_key(o.id.as_str()))
        .map(|o| o.trade_off.upfront);
    if let Ok(upfront) = Money::try_sum(upfront, r.header.currency)
        && !upfront.amount().is_zero()
    {
        doc.paragraph(format!("Commitments in the plan cost at most {upfront} upfront. Carry out the steps before them first: usage that these remove needs no commitment."));
    }
    for f in &p.freed {
        doc.paragraph(format!(
            "Released commitments ({}): {} at on-demand prices, of which {} is reapplied to other usage and {} is stranded.",
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
        (!l.min_saving.is_zero())
            .then(|| format!("at least {} per step", l.min_saving.normalize())),
    );
    let best = if p.proven {
        ""
    } else {
        " Too many opportunities overlap to prove that this plan is the best; it is a good one."
    };
    doc.paragraph(format!("Plan constraints: {}.{best}", limits.join(", ")));
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
    table.row([Cell::text("overlap (counted twice)"), Cell::empty(), overlap, Cell::empty()]);
    table.row(row("plan", &p.joint));
    if !p.quick_wins.expected.amount().is_zero() {
        table.row(row("of which quick wins", &p.quick_wins));
    }
    table
}

fn parts(all: &[PartSaving], view: &ViewOptions, label: impl Fn(Option<&str>) -> String) -> Table {
    let mut table =
        Table::new(&["", ">steps", ">low", ">expected", ">high"]).limited(view.top, More::Nothing);
    for part in all {
        let steps = Cell::shown_as(part.steps, Value::Number(part.steps.into()));
        table.row(
            [Cell::text(label(part.key.as_deref())), steps]
                .into_iter()
                .chain(amounts(&part.savings)),
        );
    }
    table
}

/// Adds the opportunities that are not in the plan, with the reason.
fn others(doc: &mut Document, known: &Known<'_>, view: &ViewOptions) {
    let plan = known.review.plan;
    let excluded =
        plan.excluded.iter().map(|x| (x.opportunity.as_str(), format!("replaced by {}", x.by)));
    let refused = plan.not_allowed.iter().map(|x| (x.opportunity.as_str(), x.why.clone()));
    let mut all: Vec<(&Opportunity, String)> = excluded
        .chain(refused)
        .filter_map(|(id, why)| Some((*known.by_id.get(id)?, why)))
        .collect();
    if all.is_empty() {
        return;
    }
    all.sort_by(|(a, _), (b, _)| {
        b.savings.expected.amount().cmp(&a.savings.expected.amount()).then_with(|| a.id.cmp(&b.id))
    });
    let titles = ["id", "opportunity", ">expected", "effort", "risk", "reason"];
    let mut table = Table::new(&titles).limited(view.top, More::Option("--top"));
    for (o, why) in all {
        let words = [o.trade_off.effort.as_str(), o.trade_off.risk.as_str()].map(Cell::text);
        let text = [Cell::id(&o.id), known.title(o), Cell::whole(o.savings.expected)];
        table.row(text.into_iter().chain(words).chain([Cell::text(why)]));
    }
    doc.heading(format!("Not in the plan, {} per month", known.review.header.currency));
    doc.table(table);
}

/// Returns the name of an account, or its ID if the name is unknown.
fn account_label(r: Saved<'_>, id: Option<&str>) -> String {
    let Some(id) = id else { return "(no account)".into() };
    r.account_names.get(id).map_or(id, String::as_str).to_owned()
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
        let (subject, title) =
            known.get(step.opportunity.as_str()).map_or(("", ""), |o| (&o.subject, &o.title));
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
