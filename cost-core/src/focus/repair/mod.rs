//! Repair: what exporters are known to write otherwise than the specification says, put right by
//! named rules, and reported.
//!
//! A rule has a condition and a change; of each the review says how many line items it changed, and
//! of what cost. Nothing is changed without a rule, and [`Reading::as_is`](super::Reading::as_is)
//! gives a bill as it is.

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

/// The column that says which rules changed a line item: a bit each, in the order of [`RULES`].
pub(crate) const REPAIRS: &str = "__repairs";

/// What is known of a file before it is read.
pub(super) struct File<'a> {
    /// Whether it has a header.
    pub(super) has: &'a dyn Fn(&str) -> bool,
    /// Whether it may have line items of a cloud.
    pub(super) of: &'a dyn Fn(Provider) -> bool,
}

/// The rules for a file, with their bits.
pub(super) fn rules_for(file: &File<'_>) -> Vec<(u32, &'static Rule)> {
    let applies =
        |rule: &Rule| rule.needs.iter().all(|n| (file.has)(n)) && rule.provider.is_none_or(file.of);
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
    names
        .into_iter()
        .map(|n| super::expr::null_if_blank(col(n).cast(DataType::String)).alias(raw(n)))
        .collect()
}

/// The canonical columns as they are, and [`REPAIRS`].
pub(super) fn untouched(canonical: &[PlSmallStr]) -> Vec<Expr> {
    canonical
        .iter()
        .map(|name| col(name.clone()))
        .chain([lit(0).cast(DataType::UInt32).alias(REPAIRS)])
        .collect()
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

/// The canonical columns as rules leave them, and [`REPAIRS`], beside [`hits`]. Each rule sees what
/// the file has; of two that change a column the first counts.
pub(super) fn columns(canonical: &[PlSmallStr], rules: &[(u32, &Rule)]) -> Vec<Expr> {
    let mut mask = lit(0_u32);
    let mut changes: Vec<(&str, Expr, Expr)> = Vec::new();
    for (bit, rule) in rules {
        let hit = col(hit_name(rule));
        // What an earlier rule changed, this one does not.
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
