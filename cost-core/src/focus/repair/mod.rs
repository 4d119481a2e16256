//! Repair: what exporters are known to write otherwise than the specification says, put right by named rules, and reported.
//!
//! A rule has a condition and a change; of each the review says how many line items it changed, and of what cost. Nothing is changed
//! without a rule, and [`Reading::as_is`](super::Reading::as_is) gives a bill as it is.

mod amortized;
mod kernels;
mod rules;

use polars::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Cloud;
use crate::money::Money;

pub(crate) use amortized::Amortized;
pub use rules::RULES;
pub(crate) use rules::UNCLEAR_PURCHASE;

/// The column that says which rules changed a line item: a bit each, in the order of [`RULES`].
pub(crate) const REPAIRS: &str = "__repairs";

/// What an exporter is known to write otherwise, and what is made of it.
pub struct Rule {
    /// Its name.
    pub id: &'static str,
    /// What is wrong and what is done, for people.
    pub what: &'static str,
    /// Who says that exporters do this.
    pub source: &'static str,
    /// The cloud whose line items it is for, by `ProviderName`; `None` for all.
    provider: Option<Cloud>,
    /// Whether it is only for commitments of which usage in the bill carries the cost.
    if_amortized: bool,
    /// Raw columns it looks at besides the canonical ones; it is applied to files that have them all.
    needs: &'static [&'static str],
    /// Whether a line item needs it, by the canonical columns and [`raw`] ones. Null counts as no.
    hit: fn() -> Expr,
    /// The columns it changes, and to what. One that stays as it is is named as itself: the rule reports what may be wrong.
    change: fn() -> Vec<(&'static str, Expr)>,
}

impl Rule {
    /// Whether it changes nothing: what may be wrong is reported, and left as it is.
    pub(crate) fn only_reports(&self) -> bool {
        (self.change)().into_iter().all(|(column, value)| value == col(column))
    }
}

/// What a rule did to a bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Repair {
    /// Name of the rule.
    pub rule: String,
    /// What was wrong and what was done.
    pub what: String,
    /// Who says that exporters do this.
    pub source: String,
    /// Whether the rule changes nothing and only says what may be wrong; left out if it does.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_doubt: bool,
    /// Line items changed, or in doubt.
    pub line_items: u64,
    /// Σ of their |`BilledCost`| or |`EffectiveCost`|, whichever is more of each.
    pub cost: Money,
}

/// The name under which a rule sees a raw column.
fn raw(name: &str) -> String {
    format!("raw:{name}")
}

/// What is known of a file before it is read.
pub(super) struct File<'a> {
    /// Whether it has a header.
    pub(super) has: &'a dyn Fn(&str) -> bool,
    /// Whether it may have line items of a cloud.
    pub(super) of: &'a dyn Fn(Cloud) -> bool,
}

/// The rules for a file, with their bits.
pub(super) fn rules_for(file: &File<'_>) -> Vec<(u32, &'static Rule)> {
    let applies = |rule: &Rule| rule.needs.iter().all(|n| (file.has)(n)) && rule.provider.is_none_or(file.of);
    (0_u32..).zip(RULES).filter(|(_, rule)| applies(rule)).collect()
}

/// The bit of a rule in [`REPAIRS`]; `None` if there is no such rule.
pub(crate) fn place(id: &str) -> Option<usize> {
    RULES.iter().position(|rule| rule.id == id)
}

/// Raw columns that rules look at, under the names they see.
pub(super) fn extra_columns(rules: &[(u32, &Rule)]) -> Vec<Expr> {
    let mut names: Vec<&str> = rules.iter().flat_map(|(_, rule)| rule.needs).copied().collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(|n| super::expr::null_if_blank(col(n).cast(DataType::String)).alias(raw(n))).collect()
}

/// The canonical columns as they are, and [`REPAIRS`].
pub(super) fn untouched(canonical: &[PlSmallStr]) -> Vec<Expr> {
    canonical.iter().map(|name| col(name.clone())).chain([lit(0).cast(DataType::UInt32).alias(REPAIRS)]).collect()
}

/// The name of the column that says which line items a rule is for.
fn hit_name(rule: &Rule) -> String {
    format!("hit:{}", rule.id)
}

/// Which line items rules are for: a column a rule, so that each is asked once.
pub(super) fn hits(rules: &[(u32, &Rule)], amortized: &Amortized) -> Vec<Expr> {
    let hit = |(_, rule): &(u32, &Rule)| {
        let of_cloud = rule.provider.map(|cloud| kernels::is_of(col("ProviderName"), cloud));
        let is_amortized = rule.if_amortized.then(|| amortized.has(col("CommitmentDiscountId")));
        let hit = of_cloud.into_iter().chain(is_amortized).fold((rule.hit)(), Expr::and);
        hit.fill_null(lit(false)).alias(hit_name(rule))
    };
    rules.iter().map(hit).collect()
}

/// The canonical columns as rules leave them, and [`REPAIRS`], beside [`hits`]. Each rule sees what the file has; of two that
/// change a column the first counts.
pub(super) fn columns(canonical: &[PlSmallStr], rules: &[(u32, &Rule)]) -> Vec<Expr> {
    let mut mask = lit(0_u32);
    let mut changes: Vec<(&str, Expr, Expr)> = Vec::new();
    for (bit, rule) in rules {
        let hit = col(hit_name(rule));
        // What an earlier rule changed, this one does not.
        let mut counts: Vec<Expr> = Vec::new();
        for (column, value) in (rule.change)() {
            let earlier = changes.iter().filter(|(of, _, _)| *of == column).map(|(_, hit, _)| hit.clone());
            let own = earlier.fold(hit.clone(), |own, earlier| own.and(earlier.not()));
            if !counts.contains(&own) {
                counts.push(own.clone());
            }
            changes.push((column, own, value));
        }
        let counts = counts.into_iter().reduce(Expr::or).unwrap_or_else(|| lit(false));
        mask = mask + counts.cast(DataType::UInt32) * lit(1_u32 << *bit);
    }
    let column = |name: &PlSmallStr| {
        let of = changes.iter().filter(|(column, _, _)| *column == name.as_str());
        let repaired = of
            .fold(col(name.clone()), |before, (_, hit, value)| when(hit.clone()).then(value.clone()).otherwise(before));
        repaired.alias(name.clone())
    };
    canonical.iter().map(column).chain([mask.alias(REPAIRS)]).collect()
}
