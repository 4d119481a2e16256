//! Checks for `CloudWatch` and its logs.

mod detailed_monitoring;
mod log_class;
mod log_retention;
mod unused_log_group;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[
    &unused_log_group::CHECK,
    &log_retention::CHECK,
    &log_class::CHECK,
    &detailed_monitoring::DetailedMonitoring,
];
