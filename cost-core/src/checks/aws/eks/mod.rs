//! Checks for EKS.

mod extended_support_cluster;
mod idle_kubernetes_cluster;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] =
    &[&idle_kubernetes_cluster::CHECK, &extended_support_cluster::CHECK];
