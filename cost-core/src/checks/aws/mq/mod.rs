//! Checks for Amazon MQ.

mod broker;
mod idle_broker;
mod multi_az_test_broker;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] =
    &[&idle_broker::CHECK, &multi_az_test_broker::CHECK];
