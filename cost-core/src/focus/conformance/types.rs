//! Types of the conformance report.

use schemars::JsonSchema;
use serde::Serialize;

use crate::focus::columns::{Level, Version};

/// Version of the JSON output. The first number changes with incompatible changes.
pub const SCHEMA_VERSION: &str = "1.0";

/// Conformance report of a bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ValidateReport")]
pub struct Conformance {
    /// [`SCHEMA_VERSION`].
    pub schema_version: String,
    /// Program and version.
    pub generator: String,
    /// FOCUS version that it was checked against.
    pub focus_version: Version,
    /// Files checked, in order.
    pub files: Vec<String>,
    /// Source formats if the line items come from other exports than FOCUS. Then the FOCUS rows
    /// made from them are checked, and row numbers refer to the source. Omitted if the files are
    /// FOCUS.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub made_from: Vec<String>,
    /// Number of line items checked.
    pub rows: u64,
    /// Whether all rules are met.
    pub conforms: bool,
    /// Columns of that version, by name.
    pub columns: Vec<ColumnReport>,
    /// Rules across columns. Rules whose columns are missing are omitted.
    pub cross_column: Vec<RuleReport>,
    /// Rules across rows. Rules whose columns are missing are omitted.
    pub cross_row: Vec<RuleReport>,
    /// Findings about headers that are not FOCUS columns.
    pub headers: Vec<Finding>,
}

/// Result for one column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ColumnReport {
    /// FOCUS column ID.
    pub column: String,
    /// Feature level in the specification.
    pub level: Level,
    /// Number of files that have it.
    pub present_in: u64,
    /// Number of line items in which it is null, in files that have it.
    pub nulls: u64,
    /// Violated rules of the column.
    pub findings: Vec<Finding>,
}

/// Result for one rule across columns or rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RuleReport {
    /// ID of the rule.
    pub rule: String,
    /// Requirement.
    pub requirement: String,
    /// Columns that it uses.
    pub columns: Vec<String>,
    /// Number of files in which it was checked.
    pub checked_in: u64,
    /// Number of violating line items; for rules across rows, the number of commitments in a
    /// billing period, or of invoices.
    pub violations: u64,
    /// First violations, as examples.
    pub examples: Vec<Example>,
}

/// Violated rule of a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Finding {
    /// `presence`, `name`, `nullability`, `type`, `format`, `allowed-values`, `custom-prefix`,
    /// `removed`.
    pub rule: String,
    /// Requirement.
    pub requirement: String,
    /// Number of line items, or of files for rules about headers.
    pub violations: u64,
    /// First violations, as examples.
    pub examples: Vec<Example>,
}

/// Example of a violation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Example {
    /// File.
    pub file: String,
    /// 1-based data row; a header line is not counted. `None` if it is about the file's header.
    pub row: Option<u64>,
    /// Values of the checked columns: column and text.
    pub values: Vec<(String, Option<String>)>,
}

impl Level {
    /// Returns the specification's term.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mandatory => "mandatory",
            Self::Conditional => "conditional",
            Self::Recommended => "recommended",
        }
    }
}
