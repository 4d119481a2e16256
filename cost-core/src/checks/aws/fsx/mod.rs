//! Checks for Amazon `FSx`.

mod idle_file_system;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[&idle_file_system::CHECK];
