//! Checks of AWS: `CloudWatch` Logs.

mod log_retention;
mod unused_log_group;

use crate::check::Check;

/// Every check of this folder: a new one is a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] =
    &[&unused_log_group::CHECK, &log_retention::CHECK];
