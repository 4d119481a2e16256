//! Conformance of a bill with the FOCUS specification, for single columns, across columns, and
//! across rows.
//!
//! Every rule is a sentence with MUST in the specification's "Content Constraints" or attributes
//! (source: see [`super::columns`]). Requirements that a bill alone cannot prove, such as whether a
//! price is the contracted one, are not evaluated. Files are checked one by one: a lazy pass that
//! counts, one pass for each finding up to its last example, and one that groups rows by commitment
//! and invoice. The groups of all files are evaluated together. Memory is limited by the engine's
//! batches, the examples, and the number of commitments, billing periods, and invoices.

mod cells;
mod cross_row;
mod gathered;
mod names;
mod rules;
mod scan;
#[cfg(test)]
mod tests;
mod types;

pub use types::{ColumnReport, Conformance, Example, Finding, RuleReport, SCHEMA_VERSION};

use self::gathered::Gathered;
use super::columns::{Version, detect_version};
use super::{FocusError, Origin};

/// Checks the files of a bill against a version of the specification: `version`, or the newest one
/// whose columns any file has.
///
/// # Errors
/// [`FocusError::Unreadable`] for a file that cannot be read.
pub fn validate(
    origins: &[Origin],
    version: Option<Version>,
    examples: u32,
) -> Result<Conformance, FocusError> {
    let all = origins
        .iter()
        .flat_map(|o| o.rows.schema().iter_names())
        .map(polars::prelude::PlSmallStr::as_str);
    let version = version.unwrap_or_else(|| detect_version(all));
    let mut gathered = Gathered::new(version, usize::try_from(examples).unwrap_or(3));
    for origin in origins {
        gathered.file(origin)?;
    }
    Ok(gathered.report(origins))
}
