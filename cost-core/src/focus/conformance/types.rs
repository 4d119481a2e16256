//! What is said of how a bill conforms.

use schemars::JsonSchema;
use serde::Serialize;

use crate::focus::columns::{Level, Version};

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
    /// What exports that are no FOCUS the line items are made from: the FOCUS rows made of them are
    /// checked, and rows are numbered by these. Left out if the files are FOCUS.
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
    /// Line items that violate it; commitments in a billing period, or invoices, if the rule is
    /// about these.
    pub violations: u64,
    /// The first of them.
    pub examples: Vec<Example>,
}

/// A violated rule of a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Finding {
    /// `presence`, `name`, `nullability`, `type`, `format`, `allowed-values`, `custom-prefix`,
    /// `removed`.
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
