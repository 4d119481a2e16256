//! Checks for AWS WAF.

mod idle_web_acl;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[&idle_web_acl::CHECK];
