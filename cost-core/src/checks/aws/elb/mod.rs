//! Checks of AWS: Elastic Load Balancing.

mod idle_load_balancer;
mod load_balancer_without_targets;

use crate::check::Check;

/// Every check of this folder: a new one is a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] =
    &[&idle_load_balancer::CHECK, &load_balancer_without_targets::LoadBalancerWithoutTargets];
