//! Checks for `DynamoDB`.

mod idle_table;
pub(in crate::checks) mod overprovisioned_table;
mod table_class;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[
    &idle_table::IdleTable,
    &overprovisioned_table::OverprovisionedTable,
    &table_class::TableClass,
];
