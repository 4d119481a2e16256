//! The catalogue of checks: a line each for people, whole as Markdown and JSON.

use schemars::JsonSchema;
use serde::Serialize;

use super::layout::Grid;
use super::{Look, ReportError, json};
use crate::check::CheckMeta;

/// Version of the JSON output: the first number changes when a reader of the old one would break.
const SCHEMA_VERSION: &str = "1.0";

/// The catalogue as JSON has it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ChecksReport")]
pub(super) struct Catalogue<'a> {
    /// Version of this output.
    schema_version: &'a str,
    /// Program and version.
    generator: &'a str,
    /// Every check.
    checks: &'a [&'a CheckMeta],
}

/// A line a check.
#[must_use]
pub fn checks_table(checks: &[&CheckMeta], look: &Look) -> String {
    let mut grid = Grid::new(&["check", "finds", ">months", "since"]);
    for c in checks {
        grid.row([c.id.into(), c.title.into(), c.history_months.to_string(), c.since.into()]);
    }
    let table = grid.show(look, look.width);
    format!("{table}\n`cost checks ID` tells what a check looks at, how it computes, and its sources.\n")
}

/// All there is to say of each check, as Markdown.
#[must_use]
pub fn checks_markdown(checks: &[&CheckMeta]) -> String {
    let code = |names: &[&str]| names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
    let page = |c: &&CheckMeta| {
        format!(
            "# {}: {}\n\nSince {}. Needs {} complete months of bills.\n\n- FOCUS columns, besides those every bill \
             has: {}\n- Permissions to collect its data: {}\n\n{}\n",
            c.id,
            c.title,
            c.since,
            c.history_months,
            code(c.columns),
            code(c.permissions),
            c.docs
        )
    };
    checks.iter().map(page).collect::<Vec<_>>().join("\n")
}

/// The catalogue as JSON.
///
/// # Errors
/// [`ReportError`].
pub fn checks_json(checks: &[&CheckMeta]) -> Result<String, ReportError> {
    json::pretty(&Catalogue { schema_version: SCHEMA_VERSION, generator: crate::GENERATOR, checks })
}
