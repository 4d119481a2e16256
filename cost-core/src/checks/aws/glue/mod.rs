//! Checks for AWS Glue.

mod always_on_development_endpoint;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[&always_on_development_endpoint::CHECK];
