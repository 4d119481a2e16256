//! Checks for Lambda.

mod graviton_function;
pub(in crate::checks) mod oversized_function;
mod unused_provisioned_concurrency;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[
    &oversized_function::CHECK,
    &unused_provisioned_concurrency::CHECK,
    &graviton_function::CHECK,
];
