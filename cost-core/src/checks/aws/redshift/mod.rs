//! Checks of AWS: Redshift.

mod idle_warehouse;

use crate::check::Check;

/// Every check of this folder: a new one is a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[&idle_warehouse::CHECK];
