//! Checks of AWS: `DynamoDB`.

mod idle_table;
mod overprovisioned_table;

use crate::check::Check;

/// Every check of this folder: a new one is a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] =
    &[&idle_table::IdleTable, &overprovisioned_table::OverprovisionedTable];
