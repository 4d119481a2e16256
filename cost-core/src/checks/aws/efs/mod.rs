//! Checks for Amazon Elastic File System.

mod file_system_without_lifecycle;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[&file_system_without_lifecycle::CHECK];
