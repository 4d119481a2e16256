//! Checks of AWS: ECS.

mod oversized_service;

use crate::check::Check;

/// Every check of this folder: a new one is a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[&oversized_service::OversizedService];
