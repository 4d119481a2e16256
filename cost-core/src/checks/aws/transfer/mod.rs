//! Checks for AWS Transfer Family.

mod idle_transfer_server;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[&idle_transfer_server::CHECK];
