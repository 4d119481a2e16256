//! How a bill conforms to the FOCUS specification, column by column and across columns.
//!
//! Every rule is a sentence of the specification's "Content Constraints" or attributes with a MUST
//! (source: see [`super::columns`]). What a bill cannot show of itself, such as whether a price is
//! the contracted one, is not judged. Files are checked one by one: a lazy pass that counts, then
//! one for each finding that ends with its last example, and one that groups rows by commitment and
//! invoice; the groups of all files are judged together. Memory is bounded by the engine's batches,
//! the examples, and the number of commitments, billing periods and invoices.

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

/// Holds the files of a bill against the specification: `version`, or the newest whose columns any
/// of the files has.
///
/// # Errors
/// [`FocusError::Unreadable`] for a file that cannot be read at all.
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
