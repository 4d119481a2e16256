//! Checks of AWS: Secrets Manager.

mod unused_secret;

use crate::check::Check;

/// Every check of this folder: a new one is a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[&unused_secret::CHECK];
