//! Checks for Elastic Load Balancing.

mod idle_load_balancer;
mod load_balancer_without_targets;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] =
    &[&idle_load_balancer::CHECK, &load_balancer_without_targets::LoadBalancerWithoutTargets];
