//! Checks for AWS Database Migration Service.

mod lasting_replication_instance;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[&lasting_replication_instance::CHECK];
