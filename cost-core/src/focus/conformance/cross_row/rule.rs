//! What a rule across rows is made of.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::Expr;

use super::super::rules::Versions;

/// A rule across rows.
pub(super) struct CrossRule {
    pub(super) id: &'static str,
    pub(super) requirement: &'static str,
    pub(super) versions: Versions,
    /// Columns it looks at; it is checked in files that have them all.
    pub(super) columns: &'static [&'static str],
    /// What makes rows a group; rows in which one of these is null are in none.
    pub(super) key: &'static [&'static str],
    /// A column of which the different values in a group are gathered.
    pub(super) values: Option<&'static str>,
    /// What is counted and summed of a group's rows.
    pub(super) numbers: fn() -> Vec<Number>,
    /// What is wrong with a group.
    pub(super) judge: fn(&Group) -> Option<Broken>,
}

/// A number of a group, an integer: a count, an amount in 10⁻¹² units, an instant in microseconds.
pub(super) struct Number {
    pub(super) name: &'static str,
    pub(super) fold: Fold,
    pub(super) of: Expr,
}

/// How the numbers of several files become one.
#[derive(Clone, Copy)]
pub(super) enum Fold {
    Sum,
    Least,
    Most,
    /// The first row, by file and row.
    First,
}

/// The rows with one key.
#[derive(Default)]
pub(super) struct Group {
    pub(super) key: Vec<String>,
    pub(super) numbers: BTreeMap<&'static str, i128>,
    pub(super) values: BTreeSet<String>,
}

impl Group {
    pub(super) fn known(&self, name: &str) -> Option<i128> {
        self.numbers.get(name).copied()
    }

    /// A count or a sum: of nothing it is 0.
    pub(super) fn total(&self, name: &str) -> i128 {
        self.known(name).unwrap_or(0)
    }

    pub(super) fn fold(&mut self, name: &'static str, fold: Fold, value: i128) {
        let so_far =
            self.numbers.entry(name).or_insert(if matches!(fold, Fold::Sum) { 0 } else { value });
        *so_far = match fold {
            Fold::Sum => so_far.saturating_add(value),
            Fold::Least | Fold::First => value.min(*so_far),
            Fold::Most => value.max(*so_far),
        };
    }
}

/// A violation: how many line items or groups, and what to show of it besides the row under the
/// number `row`.
pub(super) struct Broken {
    pub(super) violations: i128,
    pub(super) values: Vec<(String, Option<String>)>,
}
