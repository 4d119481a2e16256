//! Checks for RDS and Aurora. Shared code: `aurora`, `life_cycle`.

pub(in crate::checks) mod aurora;
mod extended_support_database;
mod graviton_database;
mod high_serverless_minimum;
pub(in crate::checks) mod idle_database;
mod io_heavy_cluster;
mod io_light_cluster;
pub(in crate::checks) mod life_cycle;
mod multi_az_test_database;
mod off_hours_database;
mod orphaned_database_backup;
mod overallocated_database_storage;
mod oversized_database;
mod previous_generation_database;
mod provisioned_iops_database;
mod stopped_database;
mod surplus_credits_database;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[
    &idle_database::CHECK,
    &stopped_database::StoppedDatabase,
    &oversized_database::CHECK,
    &overallocated_database_storage::CHECK,
    &previous_generation_database::CHECK,
    &surplus_credits_database::SurplusCreditsDatabase,
    &graviton_database::CHECK,
    &high_serverless_minimum::HighServerlessMinimum,
    &io_light_cluster::IoLightCluster,
    &io_heavy_cluster::IoHeavyCluster,
    &provisioned_iops_database::ProvisionedIopsDatabase,
    &multi_az_test_database::MultiAzTestDatabase,
    &orphaned_database_backup::CHECK,
    &extended_support_database::CHECK,
    &off_hours_database::CHECK,
];
