//! Repair: named rules correct known exporter errors and report every change.
//!
//! A rule has a condition and a change. The review reports, for each rule, the number of changed
//! line items and their cost. Nothing is changed without a rule, and
//! [`Reading::as_is`](super::Reading::as_is) reads a bill without repairs.

mod amortized;
mod kernels;
mod rule;
mod rules;

use polars::prelude::*;

use self::rule::raw;
use crate::cloud::Provider;

pub(crate) use amortized::Amortized;
pub use rule::{Repair, Rule};
pub use rules::RULES;
pub(crate) use rules::UNCLEAR_PURCHASE;

/// Column with the rules that changed a line item: one bit each, in the order of [`RULES`].
pub(crate) const REPAIRS: &str = "__repairs";

/// Properties of a file that are known before it is read.
pub(super) struct File<'a> {
    /// Returns whether it has a header.
    pub(super) has: &'a dyn Fn(&str) -> bool,
    /// Returns whether it may have line items of a cloud.
    pub(super) of: &'a dyn Fn(Provider) -> bool,
}

/// Returns the rules for a file, with their bits.
pub(super) fn rules_for(file: &File<'_>) -> Vec<(u32, &'static Rule)> {
    let applies =
        |rule: &Rule| rule.needs.iter().all(|n| (file.has)(n)) && rule.provider.is_none_or(file.of);
    (0_u32..).zip(RULES).filter(|(_, rule)| applies(rule)).collect()
}

/// Returns the bit of a rule in [`REPAIRS`]; `None` if the rule does not exist.
pub(crate) fn place(id: &str) -> Option<usize> {
    RULES.iter().position(|rule| rule.id == id)
}

/// Returns the raw columns that rules use, with their names in rules.
pub(super) fn extra_columns(rules: &[(u32, &Rule)]) -> Vec<Expr> {
    let mut names: Vec<&str> = rules.iter().flat_map(|(_, rule)| rule.needs).copied().collect();
    names.sort_unstable();
    names.dedup();
    names
        .into_iter()
        .map(|n| super::expr::null_if_blank(col(n).cast(DataType::String)).alias(raw(n)))
        .collect()
}

/// Returns the canonical columns unchanged, and [`REPAIRS`].
pub(super) fn untouched(canonical: &[PlSmallStr]) -> Vec<Expr> {
    canonical
        .iter()
        .map(|name| col(name.clone()))
        .chain([lit(0).cast(DataType::UInt32).alias(REPAIRS)])
        .collect()
}

/// Returns the name of the column with the line items that a rule applies to.
fn hit_name(rule: &Rule) -> String {
    format!("hit:{}", rule.id)
}

/// Returns one column per rule with the line items it applies to, so that each condition is
/// evaluated once.
pub(super) fn hits(rules: &[(u32, &Rule)], amortized: &Amortized) -> Vec<Expr> {
    let hit = |(_, rule): &(u32, &Rule)| {
        let of_cloud = rule.provider.map(|cloud| kernels::is_of(col("ProviderName"), cloud));
        let is_amortized = rule.if_amortized.then(|| amortized.has(col("CommitmentDiscountId")));
        let hit = of_cloud.into_iter().chain(is_amortized).fold((rule.hit)(), Expr::and);
        hit.fill_null(lit(false)).alias(hit_name(rule))
    };
    rules.iter().map(hit).collect()
}

/// Returns the repaired canonical columns and [`REPAIRS`], given the columns of [`hits`]. Each rule
/// sees the original values. If two rules change a column, the first one counts.
pub(super) fn columns(canonical: &[PlSmallStr], rules: &[(u32, &Rule)]) -> Vec<Expr> {
    let mut mask = lit(0_u32);
    let mut changes: Vec<(&str, Expr, Expr)> = Vec::new();
    for (bit, rule) in rules {
        let hit = col(hit_name(rule));
        // A rule does not change what an earlier rule changed.
        let mut counts: Vec<Expr> = Vec::new();
        for (column, value) in (rule.change)() {
            let earlier =
                changes.iter().filter(|(of, _, _)| *of == column).map(|(_, hit, _)| hit.clone());
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
        let repaired = of.fold(col(name.clone()), |before, (_, hit, value)| {
            when(hit.clone()).then(value.clone()).otherwise(before)
        });
        repaired.alias(name.clone())
    };
    canonical.iter().map(column).chain([mask.alias(REPAIRS)]).collect()
}
