//! Checks for ECS.

pub(in crate::checks) mod oversized_service;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[&oversized_service::OversizedService];
