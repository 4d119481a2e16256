//! Steps that make several changes of one resource: one title, one trade-off, and one runbook, so
//! that a resource is changed once.

use std::collections::{BTreeMap, BTreeSet};

use super::group::group_id;
use super::types::Combined;
use super::unit::changed_resource;
use crate::cloud::account_of_id;
use crate::ids::stable_id;
use crate::money::{Money, MoneyError};
use crate::opportunity::{Action, Opportunity};
use crate::runbook::{Joint, Part, Place, Runbook, by_way};
use crate::tradeoff::{Reversibility, TradeOff};

/// Returns the chosen opportunities by step, each by position in `order`. Opportunities that
/// schedule or modify the same resource are one step, in the order in which they apply, and so are
/// those that remove it. Steps are in the order of their first opportunity.
pub(super) fn units(order: &[&Opportunity], chosen: &BTreeSet<usize>) -> Vec<Vec<usize>> {
    let mut units: Vec<Vec<usize>> = Vec::new();
    let mut places: BTreeMap<_, usize> = BTreeMap::new();
    for at in chosen {
        let o = order[*at];
        let is_change = matches!(o.action, Action::Remove | Action::Schedule | Action::Modify);
        let key = (changed_resource(o), o.action == Action::Remove);
        if let Some(unit) = places.get(&key).filter(|_| is_change) {
            units[*unit].push(*at);
            continue;
        }
        if is_change {
            places.insert(key, units.len());
        }
        units.push(vec![*at]);
    }
    units
}

/// Returns the ID of the group of a step: that of its opportunity, or of the groups of all of them.
pub(super) fn group_of(parts: &[&Opportunity]) -> String {
    if let [only] = parts {
        return group_id(only);
    }
    let groups: Vec<String> = parts.iter().map(|o| group_id(o)).collect();
    stable_id("gr", &groups.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Returns title, trade-off, and runbook of several changes of one resource; `None` if there are no
/// changes. The effort, risk, and reversibility are those of the worst change.
///
/// # Errors
/// [`MoneyError`] if the upfront payments cannot be added.
pub(super) fn combined(parts: &[&Opportunity]) -> Result<Option<Combined>, MoneyError> {
    let Some(first) = parts.first() else { return Ok(None) };
    let ids: Vec<&str> = parts.iter().map(|o| o.id.as_str()).collect();
    let folder = stable_id("st", &ids);
    let place = Place {
        provider: first.scope.provider,
        account: account_of_id(&first.subject).or(first.scope.sub_account_id.as_deref()),
        region: first.scope.region_id.as_deref(),
        folder: &folder,
    };
    let changes: Vec<Part<'_>> =
        parts.iter().map(|o| Part { id: &o.id, ways: &o.ways, runbook: &o.runbook }).collect();
    let joint = by_way(&changes);
    let upfront = parts
        .iter()
        .skip(1)
        .try_fold(first.trade_off.upfront, |sum, o| sum.try_add(o.trade_off.upfront))?;
    Ok(trade_off(parts, &joint, upfront).map(|trade_off| Combined {
        title: title(parts),
        trade_off,
        runbook: Runbook::together(&joint, place),
    }))
}

/// Returns the titles of all changes as one.
fn title(parts: &[&Opportunity]) -> String {
    let mut title = String::new();
    for (n, o) in parts.iter().enumerate() {
        if n == 0 {
            title.push_str(&o.title);
            continue;
        }
        title.push_str("; ");
        let mut letters = o.title.chars();
        title.extend(letters.next().map(|first| first.to_ascii_lowercase()));
        title.push_str(letters.as_str());
    }
    title
}

/// Returns different texts as one, in order, without those that say that nothing changes.
fn joined<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut all: Vec<&str> = Vec::new();
    for text in texts.filter(|text| *text != "none") {
        if !all.contains(&text) {
            all.push(text);
        }
    }
    if all.is_empty() { "none".to_owned() } else { all.join("; ") }
}

/// Returns different lines in order.
fn distinct<'a>(lines: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for line in lines {
        if !all.contains(line) {
            all.push(line.clone());
        }
    }
    all
}

/// Returns the number of a reversibility, the worst last.
fn rank(reversibility: Reversibility) -> u8 {
    match reversibility {
        Reversibility::Reversible => 0,
        Reversibility::WithEffort => 1,
        Reversibility::Irreversible => 2,
    }
}

fn trade_off(parts: &[&Opportunity], joint: &[Joint<'_>], upfront: Money) -> Option<TradeOff> {
    let all = || parts.iter().map(|o| &o.trade_off);
    let risk = all().map(|t| t.risk).max()?;
    let interrupts = all().any(|t| t.interrupts);
    let way = match joint {
        [only] => only.way.as_ref(),
        _ => None,
    };
    let one = way.filter(|way| interrupts && !way.downtime.is_empty());
    let downtime = if let Some(way) = one {
        format!("once for all changes: {}", way.downtime)
    } else {
        let loud = all().filter(|t| t.interrupts == interrupts);
        joined(loud.map(|t| t.downtime.as_str()))
    };
    Some(TradeOff {
        effort: all().map(|t| t.effort).max()?,
        risk,
        risk_reason: joined(all().filter(|t| t.risk == risk).map(|t| t.risk_reason.as_str())),
        reliability: joined(all().map(|t| t.reliability.as_str())),
        downtime,
        interrupts,
        time_to_effect: joined(all().map(|t| t.time_to_effect.as_str())),
        commitment_months: all().filter_map(|t| t.commitment_months).max(),
        upfront,
        break_even_months: all().filter_map(|t| t.break_even_months).max(),
        reversibility: all().map(|t| t.reversibility).max_by_key(|r| rank(*r))?,
        test_first: distinct(all().flat_map(|t| &t.test_first)),
        rollback: rollback(parts, joint),
        caveats: distinct(all().flat_map(|t| &t.caveats)),
    })
}

/// Returns the rollback in words: that of the way of joint changes if it has one, else those of the
/// changes, the last change first.
fn rollback(parts: &[&Opportunity], joint: &[Joint<'_>]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for changes in joint.iter().rev() {
        match changes.way.as_ref().filter(|way| !way.rollback.is_empty()) {
            Some(way) => lines.push(way.rollback.to_owned()),
            None => {
                for part in changes.parts.iter().rev() {
                    let own = parts.iter().filter(|o| o.id == part.id);
                    lines.extend(own.flat_map(|o| o.trade_off.rollback.clone()));
                }
            }
        }
    }
    distinct(lines.iter())
}
