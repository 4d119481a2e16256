//! Checks for AWS Key Management Service.

mod unused_key;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[&unused_key::CHECK];
