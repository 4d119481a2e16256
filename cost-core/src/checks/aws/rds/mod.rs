//! Checks for RDS and Aurora.

mod extended_support_database;
mod graviton_database;
pub(in crate::checks) mod idle_database;
mod off_hours_database;
mod overallocated_database_storage;
mod oversized_database;
mod previous_generation_database;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[
    &idle_database::CHECK,
    &oversized_database::CHECK,
    &overallocated_database_storage::CHECK,
    &previous_generation_database::CHECK,
    &graviton_database::CHECK,
    &extended_support_database::CHECK,
    &off_hours_database::CHECK,
];
