//! Results collected over the files of a bill.

use std::collections::{BTreeMap, BTreeSet};

use super::types::{ColumnReport, Conformance, Example, Finding, RuleReport, SCHEMA_VERSION};
use super::{cross_row, rules};
use crate::focus::Origin;
use crate::focus::columns::{COLUMNS, ColumnSpec, Version};

/// Finding under construction: rule, requirement, count, examples.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) requirement: String,
    pub(super) violations: u64,
    pub(super) examples: Vec<Example>,
}

pub(super) type Findings = BTreeMap<&'static str, BTreeMap<&'static str, Tally>>;

/// Results collected over all files.
pub(super) struct Gathered {
    pub(super) version: Version,
    pub(super) most_examples: usize,
    pub(super) rows: u64,
    pub(super) present: BTreeMap<&'static str, u64>,
    pub(super) nulls: BTreeMap<&'static str, u64>,
    pub(super) columns: Findings,
    pub(super) rules: Vec<(u64, Tally)>,
    pub(super) cross_row: cross_row::CrossRows,
    pub(super) custom: Tally,
    pub(super) removed: Tally,
}

/// Returns the columns of a version.
pub(super) fn columns_of(version: Version) -> impl Iterator<Item = &'static ColumnSpec> {
    COLUMNS.iter().filter(move |c| c.is_in(version))
}

impl Tally {
    pub(super) fn of(requirement: &str) -> Self {
        Self { requirement: requirement.to_owned(), ..Self::default() }
    }

    pub(super) fn add(&mut self, violations: u64, examples: Vec<Example>, most: usize) {
        self.violations += violations;
        self.examples.extend(examples);
        self.examples.truncate(most);
    }

    pub(super) fn finding(self, rule: &str) -> Finding {
        let Self { requirement, violations, examples } = self;
        Finding { rule: rule.to_owned(), requirement, violations, examples }
    }
}

impl Gathered {
    /// Creates empty results.
    pub(super) fn new(version: Version, most_examples: usize) -> Self {
        Self {
            version,
            most_examples,
            rows: 0,
            present: BTreeMap::new(),
            nulls: BTreeMap::new(),
            columns: Findings::new(),
            rules: rules::RULES.iter().map(|r| (0, Tally::of(r.requirement))).collect(),
            cross_row: cross_row::CrossRows::new(version),
            custom: Tally::of(
                "custom columns, which FOCUS does not define, start with x_ (attribute \"Column handling\")",
            ),
            removed: Tally::of(&format!(
                "columns that FOCUS {} removed are absent",
                version.as_str()
            )),
        }
    }

    /// Adds violations of a column rule.
    pub(super) fn found(
        &mut self,
        column: &'static str,
        rule: &'static str,
        requirement: &str,
        n: u64,
        examples: Vec<Example>,
    ) {
        let tally = self
            .columns
            .entry(column)
            .or_default()
            .entry(rule)
            .or_insert_with(|| Tally::of(requirement));
        tally.add(n, examples, self.most_examples);
    }

    /// Returns the report over all files.
    pub(super) fn report(mut self, origins: &[Origin]) -> Conformance {
        let mut columns = Vec::new();
        for spec in columns_of(self.version) {
            let tallies = self.columns.remove(spec.name).unwrap_or_default();
            columns.push(ColumnReport {
                column: spec.name.to_owned(),
                level: spec.level_in(self.version),
                present_in: self.present.get(spec.name).copied().unwrap_or(0),
                nulls: self.nulls.get(spec.name).copied().unwrap_or(0),
                findings: tallies.into_iter().map(|(rule, tally)| tally.finding(rule)).collect(),
            });
        }
        let rules = rules::RULES.iter().zip(self.rules).filter(|(_, (files, _))| *files > 0);
        let cross_column: Vec<RuleReport> = rules
            .map(|(rule, (checked_in, tally))| RuleReport {
                rule: rule.id.to_owned(),
                requirement: tally.requirement,
                columns: rule.columns.iter().map(|c| (*c).to_owned()).collect(),
                checked_in,
                violations: tally.violations,
                examples: tally.examples,
            })
            .collect();
        let cross_row = self.cross_row.report(self.most_examples);
        let headers = [(self.custom, "custom-prefix"), (self.removed, "removed")];
        let headers = headers.into_iter().filter(|(tally, _)| tally.violations > 0);
        let headers: Vec<Finding> = headers.map(|(tally, rule)| tally.finding(rule)).collect();
        let conforms = columns.iter().all(|c| c.findings.is_empty())
            && cross_column.iter().chain(&cross_row).all(|r| r.violations == 0)
            && headers.is_empty();
        let files: BTreeSet<&String> = origins.iter().map(|o| &o.label).collect();
        Conformance {
            schema_version: SCHEMA_VERSION.to_owned(),
            generator: crate::GENERATOR.to_owned(),
            focus_version: self.version,
            files: files.into_iter().cloned().collect(),
            made_from: Vec::new(),
            rows: self.rows,
            conforms,
            columns,
            cross_column,
            cross_row,
            headers,
        }
    }
}
