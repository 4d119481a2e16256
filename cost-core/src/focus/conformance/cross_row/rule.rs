//! Definition of rules across rows.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::Expr;

use super::super::rules::Versions;

/// Rule across rows.
pub(super) struct CrossRule {
    pub(super) id: &'static str,
    pub(super) requirement: &'static str,
    pub(super) versions: Versions,
    /// Columns that it uses. It is checked in files that have all of them.
    pub(super) columns: &'static [&'static str],
    /// Key of a group. Rows with null in a key column belong to no group.
    pub(super) key: &'static [&'static str],
    /// Column whose distinct values in a group are collected.
    pub(super) values: Option<&'static str>,
    /// Counts and sums of a group's rows.
    pub(super) numbers: fn() -> Vec<Number>,
    /// Returns the violation of a group, if any.
    pub(super) judge: fn(&Group) -> Option<Broken>,
}

/// Integer of a group: a count, an amount in 10⁻¹² units, or an instant in microseconds.
pub(super) struct Number {
    pub(super) name: &'static str,
    pub(super) fold: Fold,
    pub(super) of: Expr,
}

/// How the numbers of several files are combined.
#[derive(Clone, Copy)]
pub(super) enum Fold {
    Sum,
    Least,
    Most,
    /// First row, by file and row.
    First,
}

/// Rows with one key.
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

    /// Returns a count or a sum; 0 without rows.
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

/// Violation: the number of line items or groups, and the values to show in addition to the row in
/// the number `row`.
pub(super) struct Broken {
    pub(super) violations: i128,
    pub(super) values: Vec<(String, Option<String>)>,
}
