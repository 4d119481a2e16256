//! What can be saved, as a table: the joint plan, what it adds up to, and the ways it does not take.

use std::collections::{BTreeMap, BTreeSet};

use super::layout::{Grid, WIDE, more, title, wrap};
use super::{Look, View};
use cost_core::inventory::{resource_part, short_id};
use cost_core::money::{Money, Savings};
use cost_core::opportunity::{Action, Opportunity};
use cost_core::plan::{PartSaving, Step};
use cost_core::review::Review;
use cost_core::tradeoff::Reversibility;

/// The part of a report that is about savings.
pub(super) fn savings(r: &Review, view: View, look: &Look, width: usize) -> String {
    if r.opportunities.is_empty() {
        let heading = title(look, &format!("What can be saved, {} per month of 730 h", r.header.currency));
        return heading + "Nothing found.\n";
    }
    let known: BTreeMap<&str, &Opportunity> = r.opportunities.iter().map(|o| (o.id.as_str(), o)).collect();
    let alike = titles_of_several(&r.opportunities);
    let mut out = String::new();
    let (quick, further): (Vec<&Step>, Vec<&Step>) = r.plan.steps.iter().partition(|s| s.quick_win);
    let unit = format!("{} a month", r.header.currency);
    let quick_title = format!("Quick wins (little effort and risk, undone in minutes), {unit}");
    for (heading, all) in [(quick_title, quick), (format!("Further steps, {unit}"), further)] {
        out.push_str(&steps(r, (&known, &alike), &heading, &all, look, width));
    }
    out.push_str(&together(r, look, width));
    if view == View::Savings {
        out.push_str(&parts(r, "By account", &r.plan.by_account, look, width));
        if r.plan.by_owner.iter().any(|p| p.key.is_some()) {
            out.push_str(&parts(r, "By owner", &r.plan.by_owner, look, width));
        }
        out.push_str(&others(r, (&known, &alike), look, width));
    }
    let more =
        "`cost explain ID` tells evidence, trade-offs, test and rollback; with `--format markdown` it is a runbook.";
    out + &wrap("", more, width)
}

fn amounts(s: &Savings) -> [String; 3] {
    [s.low, s.expected, s.high].map(|m| m.display_whole())
}

fn steps(
    r: &Review,
    (known, alike): (&BTreeMap<&str, &Opportunity>, &BTreeSet<&str>),
    heading: &str,
    all: &[&Step],
    look: &Look,
    width: usize,
) -> String {
    if all.is_empty() {
        return String::new();
    }
    let wide = width >= WIDE;
    let titles = ["id", "what", ">low", ">expected", ">high", "effort", "risk", "undo", "account"];
    let mut grid = Grid::new(&titles[..if wide { 9 } else { 8 }]);
    for step in all.iter().take(look.top) {
        let Some(o) = known.get(step.opportunity.as_str()) else { continue };
        let t = &o.trade_off;
        let words = [t.effort.as_str(), t.risk.as_str(), undo(t.reversibility)].map(ToOwned::to_owned);
        let account = wide.then(|| account_label(r, o.scope.sub_account_id.as_deref()));
        let text = [o.id.clone(), told(r, o, alike)];
        grid.row(text.into_iter().chain(amounts(&step.savings)).chain(words).chain(account));
    }
    let mut out = title(look, heading) + &grid.show(look, width);
    out.push_str(&more(look, all.len(), "cost savings --top"));
    out
}

/// What to do, on which resource if the title alone does not tell, and what was decided on it.
fn told(r: &Review, o: &Opportunity, alike: &BTreeSet<&str>) -> String {
    let of = if alike.contains(o.title.as_str()) {
        format!(": {}", short_id(resource_part(&o.subject)))
    } else {
        String::new()
    };
    let decided = r.decisions.get(&o.id).map(|d| format!(" ({})", d.verdict)).unwrap_or_default();
    format!("{}{of}{decided}", o.title)
}

/// The titles that several opportunities have.
fn titles_of_several(all: &[Opportunity]) -> BTreeSet<&str> {
    let mut seen = BTreeSet::new();
    all.iter().map(|o| o.title.as_str()).filter(|title| !seen.insert(*title)).collect()
}

fn undo(reversibility: Reversibility) -> &'static str {
    match reversibility {
        Reversibility::Reversible => "yes",
        Reversibility::WithEffort => "hard",
        Reversibility::Irreversible => "no",
    }
}

fn together(r: &Review, look: &Look, width: usize) -> String {
    let p = &r.plan;
    let mut grid = Grid::new(&["all together, per month of 730 h", ">low", ">expected", ">high"]);
    let row = |label: &str, s: &Savings| {
        [label.to_owned(), s.low.display_amount(), s.expected.display_amount(), s.high.display_amount()]
    };
    grid.row(row("sum of singles within the limits", &p.sum_of_singles));
    grid.row(["counted twice".into(), String::new(), format!("-{}", p.overlap.display_amount()), String::new()]);
    grid.row(row("joint saving", &p.joint));
    if !p.quick_wins.expected.amount().is_zero() {
        grid.row(row("of it quick wins", &p.quick_wins));
    }
    let mut out = format!("\n{}", grid.show(look, width));
    let planned = p.by_opportunity();
    let upfront = r.opportunities.iter().filter(|o| planned.contains_key(o.id.as_str())).map(|o| o.trade_off.upfront);
    if let Ok(upfront) = Money::try_sum(upfront, r.header.currency)
        && !upfront.amount().is_zero()
    {
        out.push_str(&wrap("", &format!("The commitments among them ask {upfront} upfront, at most: what the steps before them remove need not be bought."), width));
    }
    for f in &p.freed {
        let text = format!(
            "Commitments set free ({}): {} of usage on demand; {} moves to other usage, {} is stranded.",
            f.pool, f.freed, f.moved, f.stranded
        );
        out.push_str(&wrap("", &text, width));
    }
    let l = &p.limits;
    let mut limits =
        vec![format!("risk at most {}", l.max_risk.as_str()), format!("effort at most {}", l.max_effort.as_str())];
    limits.extend(l.no_downtime.then(|| "no interruption".to_owned()));
    limits.extend(l.max_commitment_months.map(|m| format!("no commitment above {m} months")));
    limits.extend((!l.min_saving.is_zero()).then(|| format!("at least {} each", l.min_saving.normalize())));
    let best = if p.proven {
        ""
    } else {
        " So many opportunities overlap that the set is good, but not proven to be the best."
    };
    out.push_str(&wrap("", &format!("Limits: {}.{best}", limits.join(", ")), width));
    out
}

fn parts(r: &Review, heading: &str, all: &[PartSaving], look: &Look, width: usize) -> String {
    let mut grid = Grid::new(&["", ">steps", ">low", ">expected", ">high"]);
    for part in all.iter().take(look.top) {
        let label = if heading == "By account" {
            account_label(r, part.key.as_deref())
        } else {
            part.key.clone().unwrap_or_else(|| "(none)".to_owned())
        };
        grid.row([label, part.steps.to_string()].into_iter().chain(amounts(&part.savings)));
    }
    title(look, &format!("{heading}, joint saving")) + &grid.show(look, width)
}

/// What the plan does not take, and why.
fn others(
    r: &Review,
    (known, alike): (&BTreeMap<&str, &Opportunity>, &BTreeSet<&str>),
    look: &Look,
    width: usize,
) -> String {
    let excluded = r.plan.excluded.iter().map(|x| (x.opportunity.as_str(), format!("{} takes its place", x.by)));
    let refused = r.plan.not_allowed.iter().map(|x| (x.opportunity.as_str(), x.why.clone()));
    let mut all: Vec<(&Opportunity, String)> =
        excluded.chain(refused).filter_map(|(id, why)| Some((*known.get(id)?, why))).collect();
    if all.is_empty() {
        return String::new();
    }
    all.sort_by(|(a, _), (b, _)| {
        b.savings.expected.amount().cmp(&a.savings.expected.amount()).then_with(|| a.id.cmp(&b.id))
    });
    let mut grid = Grid::new(&["id", "what", ">alone", "effort", "risk", "why not"]);
    for (o, why) in all.iter().take(look.top) {
        let words = [o.trade_off.effort.as_str(), o.trade_off.risk.as_str()].map(ToOwned::to_owned);
        let text = [o.id.clone(), told(r, o, alike), o.savings.expected.display_whole()];
        grid.row(text.into_iter().chain(words).chain([why.clone()]));
    }
    let mut out = title(look, "Other ways, not in the plan") + &grid.show(look, width);
    out.push_str(&more(look, all.len(), "--top"));
    out
}

/// An account by its name where the review knows one.
fn account_label(r: &Review, id: Option<&str>) -> String {
    let Some(id) = id else { return "(no account)".into() };
    r.account_names.get(id).map_or(id, String::as_str).to_owned()
}

/// What an opportunity does, in one word and its saving.
pub(super) fn saving_words(o: &Opportunity) -> String {
    if o.action == Action::Allocate { "saves nothing itself".to_owned() } else { o.savings.expected.to_string() }
}
