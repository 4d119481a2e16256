//! Checks for Amazon MSK.

mod cluster;
mod graviton_kafka_cluster;
mod idle_kafka_cluster;
mod idle_serverless_kafka_cluster;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[
    &graviton_kafka_cluster::CHECK,
    &idle_kafka_cluster::CHECK,
    &idle_serverless_kafka_cluster::CHECK,
];
