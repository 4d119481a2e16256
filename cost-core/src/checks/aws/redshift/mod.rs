//! Checks for Redshift.

mod idle_warehouse;
mod off_hours_warehouse;
mod oversized_warehouse;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[
    &idle_warehouse::CHECK,
    &oversized_warehouse::OversizedWarehouse,
    &off_hours_warehouse::CHECK,
];
