//! Names of columns that passes add to those of a file.

/// The row's number, from 0.
pub(super) const ROW: &str = "row#";

/// Columns that rules sum, exactly.
pub(super) const EXACT: &[&str] = &["BilledCost", "EffectiveCost"];

/// The column of a column's amounts as exact decimals.
pub(super) fn exact_name(column: &str) -> String {
    format!("exact#{column}")
}
