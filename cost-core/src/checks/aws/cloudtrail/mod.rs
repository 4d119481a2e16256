//! Checks for AWS `CloudTrail`.

mod second_trail;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[&second_trail::SecondTrail];
