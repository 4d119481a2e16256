//! Checks for AWS Directory Service.

mod extra_domain_controller;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[&extra_domain_controller::CHECK];
