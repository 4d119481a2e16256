//! Checks for Amazon Bedrock.

mod lasting_provisioned_throughput;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[&lasting_provisioned_throughput::CHECK];
