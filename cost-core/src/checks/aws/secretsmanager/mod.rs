//! Checks for Secrets Manager.

mod unused_secret;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[&unused_secret::CHECK];
