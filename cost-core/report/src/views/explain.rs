//! One opportunity or anomaly with its complete evidence.

use cost_core::alert::Alert;
use cost_core::anomaly::{Anomaly, Cause, Kind, Scope};
use cost_core::money::Savings;
use cost_core::opportunity::{Opportunity, Variant};
use cost_core::plan::Step;
use cost_core::recommendation::ProviderRecommendation;
use cost_core::review::{Header, SavingsReport};
use cost_core::risk::ReliabilityRisk;
use cost_core::session::Explained;
use cost_core::tradeoff::Reversibility;
use schemars::JsonSchema;
use serde::Serialize;

use super::{incident, provider, risks, runbook, words};
use crate::document::{Block, Document, Item, List, Mark};
use crate::report::{Audience, Report, ReportError, ViewOptions};
use crate::table::{Cell, Table};
use crate::text::Text;
use crate::to_json;

/// Maximum number of days listed.
const MOST_DAYS: usize = 14;

/// Report of `cost explain`: evidence on a screen; as a page, the runbook of an opportunity or the
/// incident report of an anomaly.
#[derive(Clone, Copy, Debug)]
pub struct Explanation<'a> {
    /// The opportunity or anomaly.
    pub found: &'a Explained,
    /// The alert that a scheduled job stored for the anomaly, if any.
    pub alert: Option<&'a Alert>,
}

impl Report for Explanation<'_> {
    fn schema_name(&self) -> Option<&'static str> {
        Some("explain")
    }

    fn json(&self) -> Result<String, ReportError> {
        to_json::pretty(&ExplainReport::of(self.found))
    }

    fn documents(&self, view: &ViewOptions) -> Vec<Document> {
        let mut doc = match (self.found, view.audience) {
            (Explained::Opportunity { opportunity: o, report }, Audience::Screen) => {
                opportunity(report, o)
            }
            (Explained::Opportunity { opportunity: o, report }, _) => {
                runbook::document((&**report).into(), o)
            }
            (Explained::Risk { risk, .. }, _) => risks::document(risk),
            (Explained::Anomaly { anomaly: a, .. }, Audience::Screen) => anomaly(a),
            (Explained::Anomaly { anomaly: a, header }, _) => {
                incident::document(header, a, self.alert)
            }
            // A result type added after this view.
            _ => Document::default(),
        };
        let outlying = &self.found.header().estate.outlying;
        doc.notes("Notes", outlying.iter().map(|charges| charges.note().into()).collect());
        vec![doc]
    }
}

/// One opportunity or anomaly, as JSON.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ExplainReport {
    /// Header of the review that it comes from.
    #[serde(flatten)]
    header: Header,
    /// The opportunity, if the ID is an opportunity's.
    opportunity: Option<Opportunity>,
    /// Its savings in the plan, after the steps before it; `None` if it is not in the plan.
    joint_savings: Option<Savings>,
    /// ID of the opportunity that replaces it in the plan.
    excluded_by: Option<String>,
    /// The step of the plan that makes its change together with others of the resource; omitted if
    /// there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<Step>,
    /// Provider recommendations for the same resource.
    #[serde(rename = "second_opinions")]
    provider_recommendations: Vec<ProviderRecommendation>,
    /// The anomaly, if the ID is an anomaly's.
    anomaly: Option<Anomaly>,
    /// The reliability risk, if the ID is a risk's; omitted otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    reliability_risk: Option<ReliabilityRisk>,
}

impl ExplainReport {
    fn of(found: &Explained) -> Self {
        let mut explained = Self {
            header: found.header().clone(),
            opportunity: None,
            joint_savings: None,
            excluded_by: None,
            step: None,
            provider_recommendations: Vec::new(),
            anomaly: None,
            reliability_risk: None,
        };
        match found {
            Explained::Anomaly { anomaly, .. } => explained.anomaly = Some((**anomaly).clone()),
            Explained::Risk { risk, .. } => explained.reliability_risk = Some((**risk).clone()),
            Explained::Opportunity { opportunity: o, report } => {
                explained.joint_savings = report.plan.savings_of(&o.id);
                explained.step = report.plan.step(&o.id).filter(|s| s.combined.is_some()).cloned();
                explained.excluded_by = report.plan.exclusion(&o.id).map(|x| x.by.clone());
                explained.provider_recommendations =
                    report.provider_recommendations_for(&o.id).cloned().collect();
                explained.opportunity = Some((**o).clone());
            }
            _ => {}
        }
        explained
    }
}

fn opportunity(report: &SavingsReport, o: &Opportunity) -> Document {
    let mut doc = Document::new(o.id.as_str());
    doc.paragraph(o.title.as_str());
    doc.paragraph(format!("{}, {}", o.subject, words::place(&o.scope)));
    doc.line(format!("found by check {}", o.check));
    if let Some(d) = report.decisions.get(&o.id) {
        let note = d.note.as_ref().map(|n| format!(" ({n})")).unwrap_or_default();
        doc.paragraph(format!("{}{note}, recorded on {}", d.verdict, d.at.date_naive()));
    }
    saving(&mut doc, report, o);
    variants(&mut doc, report, o);
    one_step(&mut doc, report, o);
    like_steps(&mut doc, report, o);
    let mut evidence = Table::new(&["", "", "source"]).headless().indented(2);
    for e in &o.evidence {
        evidence.row([&e.label, &e.value, &e.source].map(Cell::text));
    }
    doc.heading("Evidence");
    doc.table(evidence);
    trade_offs(&mut doc, o);
    let t = &o.trade_off;
    for (title, items) in
        [("Test first", &t.test_first), ("Rollback", &t.rollback), ("Caveats", &t.caveats)]
    {
        if !items.is_empty() {
            doc.heading(title);
            doc.list(
                List::new(Mark::Number, items.iter().map(|i| Item::new(i.as_str()))).indented(2),
            );
        }
    }
    provider::same_resource(&mut doc, report.provider_recommendations_for(&o.id));
    doc
}

fn saving(doc: &mut Document, report: &SavingsReport, o: &Opportunity) {
    let s = &o.savings;
    let mut rows =
        vec![("on its own", format!("low {}, expected {}, high {}", s.low, s.expected, s.high))];
    rows.extend(words::certainty(o).map(|text| ("certainty", text)));
    let plan = &report.plan;
    rows.extend(
        plan.savings_of(&o.id)
            .map(|s| ("in the plan, after the steps before it:", s.expected.to_string())),
    );
    rows.extend(
        plan.exclusion(&o.id).map(|x| ("not in the plan:", format!("replaced by {}", x.by))),
    );
    rows.extend(plan.refusal(&o.id).map(|x| ("not in the plan:", x.why.clone())));
    doc.heading("Savings per month (730 h)");
    doc.facts(10, rows);
}

/// Adds the variants of the same change, if there are several.
fn variants(doc: &mut Document, report: &SavingsReport, o: &Opportunity) {
    let same = |x: &&Opportunity| x.variant.is_some() && x.finding() == o.finding();
    let mut all: Vec<&Opportunity> = report.opportunities.iter().filter(same).collect();
    if all.len() < 2 {
        return;
    }
    all.sort_by_key(|x| x.variant);
    let titles = ["option", "to", ">savings", ">CPU p99", ">hours >70 %", "effort", "risk", "plan"];
    let mut table = Table::new(&titles).indented(2);
    for x in all {
        let change = x.change.as_ref();
        table.row([
            Cell::text(format!("{} {}", x.id, x.variant.map_or("", Variant::as_str))),
            Cell::text(change.map(|c| c.to.as_str()).unwrap_or_default()),
            Cell::money(x.savings.expected),
            Cell::maybe(change.and_then(|c| c.predicted_cpu_p99_pct), Cell::percent),
            Cell::maybe(change.and_then(|c| c.hours_above_70_pct), Cell::percent),
            Cell::text(x.trade_off.effort.as_str()),
            Cell::text(x.trade_off.risk.as_str()),
            Cell::text(if report.plan.step(&x.id).is_some() { "yes" } else { "" }),
        ]);
    }
    doc.heading("Options");
    doc.table(table);
}

/// Adds the other changes of the resource that the plan makes in the same step.
fn one_step(doc: &mut Document, report: &SavingsReport, o: &Opportunity) {
    let Some(step) = report.plan.step(&o.id) else { return };
    let Some(all) = &step.combined else { return };
    doc.heading("One step with all changes of the resource");
    doc.paragraph(format!(
        "{}: {} per month, effort {}, risk {}",
        all.title,
        step.savings.expected,
        all.trade_off.effort.as_str(),
        all.trade_off.risk.as_str()
    ));
    doc.table(runbook::changes(report.into(), step).indented(2));
    doc.paragraph(format!("Runbook of the step: `cost explain {}`", step.opportunity));
}

/// Adds the steps of the plan that make the same change to other resources. Reports show them as one
/// row.
fn like_steps(doc: &mut Document, report: &SavingsReport, o: &Opportunity) {
    let Some(own) = report.plan.step(&o.id) else { return };
    let others = report
        .plan
        .steps
        .iter()
        .filter(|s| s.group == own.group && s.opportunity != own.opportunity);
    let mut table = Table::new(&["id", "resource", ">savings"]).indented(2);
    let mut count = 0_usize;
    for step in others {
        let Some(other) = report.opportunities.iter().find(|x| x.id == step.opportunity) else {
            continue;
        };
        count += 1;
        table.row([
            Cell::id(&other.id),
            Cell::text(&other.subject),
            Cell::money(step.savings.expected),
        ]);
    }
    if count > 0 {
        doc.heading("Like steps in the plan, with a runbook each");
        doc.table(table);
    }
}

fn trade_offs(doc: &mut Document, o: &Opportunity) {
    let t = &o.trade_off;
    let reversible = match t.reversibility {
        Reversibility::Reversible => "yes",
        Reversibility::WithEffort => "yes, with effort",
        Reversibility::Irreversible => "no",
    };
    doc.heading("Trade-offs");
    let rows = [
        ("effort", t.effort.as_str().to_owned()),
        ("risk", format!("{}: {}", t.risk.as_str(), t.risk_reason)),
        ("reliability", t.reliability.clone()),
        ("downtime", t.downtime.clone()),
        ("in effect", t.time_to_effect.clone()),
        (
            "commitment",
            t.commitment_months.map_or_else(|| "none".to_owned(), |m| format!("{m} months")),
        ),
        ("upfront", t.upfront.to_string()),
        (
            "break-even",
            t.break_even_months
                .map_or_else(|| "at once".to_owned(), |m| format!("after {m} months")),
        ),
        ("reversible", reversible.to_owned()),
    ];
    doc.facts(11, rows);
}

fn anomaly(a: &Anomaly) -> Document {
    let what = match a.kind {
        Kind::Rise => "cost more than expected",
        Kind::Drop => "cost less than expected",
        _ => "appeared",
    };
    let mut doc = Document::new(a.id.as_str());
    doc.paragraph(format!("{} {what}", a.scope));
    let until = if a.ongoing { "ongoing".to_owned() } else { format!("until {}", a.last_day) };
    doc.line(format!("{} severity, {}", a.severity.as_str(), a.kind.label()));
    doc.line(format!(
        "raised on {}; from {}, {until}; peak on {}",
        a.raised_on, a.first_day, a.peak_day
    ));
    doc.gap();
    let mut facts = vec![
        ("actual".to_owned(), format!("{}, {}", a.actual, words::days(a.days))),
        ("expected".to_owned(), format!("{} ({})", a.expected, a.basis)),
        ("excess".to_owned(), format!("{}{}", a.excess, words::excess_pct(a))),
        ("peak day".to_owned(), words::peak(a)),
    ];
    let by_its_end = |m| format!("{m} by the end of the month if it continues");
    facts.extend(a.projected_month.map(|m| ("month".to_owned(), by_its_end(m))));
    facts.extend(a.owners.iter().map(|owner| (owner.key.clone(), words::owner(owner))));
    doc.facts(8, facts);
    if a.kind != Kind::Drop {
        doc.heading("Causes");
        let none = Item::new(
            "no usage type explains 5 % or more of the excess: the causes are many and small",
        );
        let causes = a.causes.iter().map(|c| cause(c, &a.scope));
        let items: Vec<Item> = if a.causes.is_empty() { vec![none] } else { causes.collect() };
        doc.list(List::new(Mark::None, items).indented(2).verbatim());
    }
    if !a.also_moved.is_empty() {
        doc.heading("Other unusual changes on the peak day");
        let moved = a.also_moved.iter().map(|m| Item::new(format!("{}: {}", m.scope, m.change)));
        doc.list(List::new(Mark::None, moved).indented(2));
    }
    doc.heading("Cost by day");
    doc.blocks.push(Block::Chart(incident::chart(a)));
    doc.gap();
    let mut days = Table::new(&["day", ">cost", ">expected"]).indented(2);
    for d in a.series.iter().filter(|d| d.day >= a.first_day).take(MOST_DAYS) {
        days.row([Cell::date(d.day), Cell::money(d.cost), Cell::maybe(d.expected, Cell::money)]);
    }
    doc.table(days);
    doc
}

fn cause(c: &Cause, scope: &Scope) -> Item {
    let usage = c.usage_type.as_deref().unwrap_or("(no usage type)");
    let region = c.region_id.as_deref().unwrap_or("(no region)");
    let share = c.share_pct.map(|p| format!(", {p} % of the excess")).unwrap_or_default();
    // Account and service are shown only if the anomaly spans several.
    let account = c.sub_account_id.as_deref().filter(|_| scope.sub_account_id.is_none());
    let service = c.service_name.as_deref().filter(|_| scope.service_name.is_none());
    let place: Vec<&str> = [account, service, Some(usage)].into_iter().flatten().collect();
    let effect = match (c.price_effect, c.usage_effect, c.new_effect) {
        (Some(price), Some(usage), _) => Some(format!("by price {price}, by usage {usage}")),
        (_, _, Some(_)) => Some("no cost in the four weeks before".to_owned()),
        _ => None,
    };
    let resources = c.resources.iter().map(|r| format!("{} ({})", r.resource_id, r.cost_text()));
    Item {
        details: effect.into_iter().chain(resources).map(Text::from).collect(),
        ..Item::new(format!("{} in {region}: {}{share}", place.join(", "), c.excess))
    }
}
