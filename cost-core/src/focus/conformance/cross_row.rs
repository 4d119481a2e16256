//! Rules across rows: one grouped pass per file, whose groups are merged over all files.
//!
//! Memory: one group per commitment, billing period, currency, and invoice, independent of the
//! number of rows.

mod rule;
mod rules;

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

use self::rule::{CrossRule, Fold, Group};
use super::types::{Example, RuleReport};
use crate::focus::columns::Version;
use crate::shield::ENGINE;

/// Groups collected so far.
pub(super) struct CrossRows {
    version: Version,
    files: Vec<String>,
    rules: Vec<Checked>,
}

#[derive(Default)]
struct Checked {
    files: u64,
    groups: BTreeMap<Vec<String>, Group>,
}

/// A row of a file as one number, ordered by file, then row.
const FILE: i128 = 1 << 64;

fn column(rule: usize, number: &str) -> String {
    format!("{rule}#{number}")
}

impl CrossRows {
    pub(super) fn new(version: Version) -> Self {
        Self {
            version,
            files: Vec::new(),
            rules: rules::RULES.iter().map(|_| Checked::default()).collect(),
        }
    }

    /// Returns the rules that apply to a file, by its columns.
    fn applied(&self, has: impl Fn(&str) -> bool) -> Vec<(usize, &'static CrossRule)> {
        let applies =
            |r: &CrossRule| r.versions.has(self.version) && r.columns.iter().all(|c| has(c));
        rules::RULES.iter().enumerate().filter(|(_, r)| applies(r)).collect()
    }

    /// Starts a file. The following batches belong to it.
    pub(super) fn file(&mut self, label: &str, has: impl Fn(&str) -> bool) {
        self.files.push(label.to_owned());
        for (at, _) in self.applied(has) {
            if let Some(checked) = self.rules.get_mut(at) {
                checked.files += 1;
            }
        }
    }

    /// Adds rows of the file. `typed` are the cells as the rules use them, with the row number
    /// within the batch in column [`super::names::ROW`]. `before` is the number of earlier rows of
    /// the file.
    pub(super) fn batch(
        &mut self,
        typed: &LazyFrame,
        before: u64,
        has: impl Fn(&str) -> bool,
    ) -> PolarsResult<()> {
        let file = i128::try_from(self.files.len().saturating_sub(1)).unwrap_or(i128::MAX / FILE);
        let rules = self.applied(has);
        let Some(grouped) = grouped(&rules, typed)? else { return Ok(()) };
        for (at, rule) in rules {
            let Some(checked) = self.rules.get_mut(at) else { continue };
            let keys = rule
                .key
                .iter()
                .map(|name| texts(&grouped, name))
                .collect::<PolarsResult<Vec<_>>>()?;
            let values = rule.values.map(|name| texts(&grouped, name)).transpose()?;
            let numbers = (rule.numbers)().into_iter().map(|n| {
                let cells = integers(grouped.column(&column(at, n.name))?)?;
                Ok((n.name, n.fold, cells))
            });
            let numbers = numbers.collect::<PolarsResult<Vec<_>>>()?;
            for row in 0..grouped.height() {
                let Some(key) =
                    keys.iter().map(|k| k[row].clone()).collect::<Option<Vec<String>>>()
                else {
                    continue;
                };
                let group = checked
                    .groups
                    .entry(key.clone())
                    .or_insert_with(|| Group { key, ..Group::default() });
                for (name, fold, cells) in &numbers {
                    let Some(value) = cells[row] else { continue };
                    let value = if matches!(fold, Fold::First) {
                        file * FILE + i128::from(before) + value
                    } else {
                        value
                    };
                    group.fold(name, *fold, value);
                }
                group.values.extend(values.as_ref().and_then(|v| v[row].clone()));
            }
        }
        Ok(())
    }

    /// Returns a report of each rule that was checked in a file.
    pub(super) fn report(self, most_examples: usize) -> Vec<RuleReport> {
        let Self { files, rules, .. } = self;
        let checked = rules::RULES.iter().zip(rules).filter(|(_, c)| c.files > 0);
        checked.map(|(rule, checked)| judged(rule, checked, &files, most_examples)).collect()
    }
}

fn judged(
    rule: &CrossRule,
    checked: Checked,
    files: &[String],
    most_examples: usize,
) -> RuleReport {
    let mut violations = 0_i128;
    let mut found = Vec::new();
    for group in checked.groups.values() {
        let Some(broken) = (rule.judge)(group) else { continue };
        violations += broken.violations;
        found.push((group.total("row"), broken.values));
    }
    found.sort();
    let example = |(at, values): (i128, Vec<(String, Option<String>)>)| Example {
        file: usize::try_from(at / FILE)
            .ok()
            .and_then(|f| files.get(f))
            .cloned()
            .unwrap_or_default(),
        row: u64::try_from(at % FILE + 1).ok(),
        values,
    };
    RuleReport {
        rule: rule.id.to_owned(),
        requirement: rule.requirement.to_owned(),
        columns: rule.columns.iter().map(|c| (*c).to_owned()).collect(),
        checked_in: checked.files,
        violations: u64::try_from(violations).unwrap_or(u64::MAX),
        examples: found.into_iter().take(most_examples).map(example).collect(),
    }
}

/// Returns the groups of a file for all rules; `None` without rules.
fn grouped(rules: &[(usize, &CrossRule)], typed: &LazyFrame) -> PolarsResult<Option<DataFrame>> {
    let names: BTreeSet<&str> =
        rules.iter().flat_map(|(_, r)| r.key.iter().copied().chain(r.values)).collect();
    let in_a_group = |r: &CrossRule| r.key.iter().map(|k| col(*k).is_not_null()).reduce(Expr::and);
    let Some(of_any) = rules.iter().filter_map(|(_, r)| in_a_group(r)).reduce(Expr::or) else {
        return Ok(None);
    };
    let keys: Vec<Expr> =
        names.iter().map(|n| col(*n).cast(DataType::String).alias(format!("key#{n}"))).collect();
    let numbers = |(at, r): &(usize, &CrossRule)| {
        let at = *at;
        (r.numbers)().into_iter().map(move |n| n.of.alias(column(at, n.name)))
    };
    let numbers: Vec<Expr> = rules.iter().flat_map(numbers).collect();
    let grouped = typed.clone().filter(of_any).group_by(keys).agg(numbers);
    grouped.collect_with_engine(ENGINE).map(|found| Some(found.unwrap_single()))
}

fn texts(frame: &DataFrame, name: &str) -> PolarsResult<Vec<Option<String>>> {
    let column = frame.column(&format!("key#{name}"))?;
    Ok(column.str()?.iter().map(|t| t.map(ToOwned::to_owned)).collect())
}

fn integers(column: &Column) -> PolarsResult<Vec<Option<i128>>> {
    if column.dtype().is_decimal() {
        let physical = column.as_materialized_series().to_physical_repr().into_owned();
        return Ok(physical.i128()?.iter().collect());
    }
    let column = column.cast(&DataType::Int64)?;
    Ok(column.i64()?.iter().map(|v| v.map(i128::from)).collect())
}
