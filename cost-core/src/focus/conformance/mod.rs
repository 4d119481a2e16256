//! How a bill conforms to the FOCUS specification, column by column and across columns.
//!
//! Every rule is a sentence of the specification's "Content Constraints" or attributes with a MUST (source: see
//! [`super::columns`]). What a bill cannot show of itself, such as whether a price is the contracted one, is not
//! judged. Files are checked one by one: a lazy pass that counts, then one for each finding that ends with its last
//! example, and one that groups rows by commitment and invoice; the groups of all files are judged together. Memory is
//! bounded by the engine's batches, the examples, and the number of commitments, billing periods and invoices.

mod cells;
mod cross_row;
mod rules;
mod scan;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::columns::{COLUMNS, ColumnSpec, Level, Version, detect_version};
use super::{FocusError, Origin};

/// Version of the JSON output: the first number changes when a reader of the old one would break.
pub const SCHEMA_VERSION: &str = "1.0";

/// How a bill conforms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ValidateReport")]
pub struct Conformance {
    /// [`SCHEMA_VERSION`].
    pub schema_version: String,
    /// Program and version.
    pub generator: String,
    /// Version it was held against.
    pub focus_version: Version,
    /// Files checked, in order.
    pub files: Vec<String>,
    /// What exports that are no FOCUS the line items are made from: the FOCUS rows made of them are checked, and rows are numbered by these.
    /// Left out if the files are FOCUS.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub made_from: Vec<String>,
    /// Line items checked.
    pub rows: u64,
    /// Whether no rule is violated.
    pub conforms: bool,
    /// Every column of that version, by name.
    pub columns: Vec<ColumnReport>,
    /// Rules that look at several columns; those whose columns are not there are left out.
    pub cross_column: Vec<RuleReport>,
    /// Rules that look at several rows; those whose columns are not there are left out.
    pub cross_row: Vec<RuleReport>,
    /// Findings about headers that are no FOCUS columns.
    pub headers: Vec<Finding>,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ColumnReport {
    /// FOCUS column id.
    pub column: String,
    /// How strongly the specification asks for it.
    pub level: Level,
    /// Files that have it.
    pub present_in: u64,
    /// Line items in which it is null, of the files that have it.
    pub nulls: u64,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
}

/// One rule that looks at several columns, or at several rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RuleReport {
    /// Name of the rule.
    pub rule: String,
    /// What it asks.
    pub requirement: String,
    /// Columns it looks at.
    pub columns: Vec<String>,
    /// Files it was checked in.
    pub checked_in: u64,
    /// Line items that violate it; commitments in a billing period, or invoices, if the rule is about these.
    pub violations: u64,
    /// The first of them.
    pub examples: Vec<Example>,
}

/// A violated rule of a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Finding {
    /// `presence`, `name`, `nullability`, `type`, `format`, `allowed-values`, `custom-prefix`, `removed`.
    pub rule: String,
    /// What it asks.
    pub requirement: String,
    /// Line items, or files for rules about headers.
    pub violations: u64,
    /// The first of them.
    pub examples: Vec<Example>,
}

/// Where a rule is violated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Example {
    /// File.
    pub file: String,
    /// 1-based data row, a header line not counted; `None` if it is about the file's header.
    pub row: Option<u64>,
    /// The values looked at: column and text.
    pub values: Vec<(String, Option<String>)>,
}

/// A finding in the making: rule, requirement, count, examples.
#[derive(Default)]
struct Tally {
    requirement: String,
    violations: u64,
    examples: Vec<Example>,
}

type Findings = BTreeMap<&'static str, BTreeMap<&'static str, Tally>>;

/// What is gathered over all files.
struct Gathered {
    version: Version,
    most_examples: usize,
    rows: u64,
    present: BTreeMap<&'static str, u64>,
    nulls: BTreeMap<&'static str, u64>,
    columns: Findings,
    rules: Vec<(u64, Tally)>,
    cross_row: cross_row::CrossRows,
    custom: Tally,
    removed: Tally,
}

/// Holds the files of a bill against the specification: `version`, or the newest whose columns any of the files has.
///
/// # Errors
/// [`FocusError::Unreadable`] for a file that cannot be read at all.
pub fn validate(origins: &[Origin], version: Option<Version>, examples: u32) -> Result<Conformance, FocusError> {
    let all = origins.iter().flat_map(|o| o.rows.schema().iter_names()).map(polars::prelude::PlSmallStr::as_str);
    let version = version.unwrap_or_else(|| detect_version(all));
    let mut gathered = Gathered {
        version,
        most_examples: usize::try_from(examples).unwrap_or(3),
        rows: 0,
        present: BTreeMap::new(),
        nulls: BTreeMap::new(),
        columns: Findings::new(),
        rules: rules::RULES.iter().map(|r| (0, Tally::of(r.requirement))).collect(),
        cross_row: cross_row::CrossRows::new(version),
        custom: Tally::of("columns that FOCUS does not define start with x_ (attribute \"Column handling\")"),
        removed: Tally::of(&format!("columns that FOCUS {} no longer has are not there", version.as_str())),
    };
    for origin in origins {
        gathered.file(origin)?;
    }
    Ok(gathered.report(origins))
}

/// The columns a version has.
fn columns_of(version: Version) -> impl Iterator<Item = &'static ColumnSpec> {
    COLUMNS.iter().filter(move |c| c.is_in(version))
}

impl Tally {
    fn of(requirement: &str) -> Self {
        Self { requirement: requirement.to_owned(), ..Self::default() }
    }

    fn add(&mut self, violations: u64, examples: Vec<Example>, most: usize) {
        self.violations += violations;
        self.examples.extend(examples);
        self.examples.truncate(most);
    }

    fn finding(self, rule: &str) -> Finding {
        let Self { requirement, violations, examples } = self;
        Finding { rule: rule.to_owned(), requirement, violations, examples }
    }
}

impl Gathered {
    fn found(&mut self, column: &'static str, rule: &'static str, requirement: &str, n: u64, examples: Vec<Example>) {
        let tally = self.columns.entry(column).or_default().entry(rule).or_insert_with(|| Tally::of(requirement));
        tally.add(n, examples, self.most_examples);
    }

    fn report(mut self, origins: &[Origin]) -> Conformance {
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

impl Level {
    /// The word the specification uses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mandatory => "mandatory",
            Self::Conditional => "conditional",
            Self::Recommended => "recommended",
        }
    }
}
