//! Checks for Amazon `WorkSpaces`.

mod busy_autostop_workspace;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[&busy_autostop_workspace::CHECK];
