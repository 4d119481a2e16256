//! Every check there is: a new one is a file and a line here.

use crate::check::{Check, CheckSet};

static CHECKS: &[&dyn Check] = &[
    &super::unattached_volume::UnattachedVolume,
    &super::idle_volume::CHECK,
    &super::stopped_instance::StoppedInstance,
    &super::idle_address::IdleAddress,
    &super::idle_load_balancer::CHECK,
    &super::load_balancer_without_targets::LoadBalancerWithoutTargets,
    &super::idle_nat_gateway::CHECK,
    &super::idle_vpc_endpoint::CHECK,
    &super::idle_instance::CHECK,
    &super::idle_database::CHECK,
    &super::idle_cache::CHECK,
    &super::idle_warehouse::CHECK,
    &super::idle_search_domain::CHECK,
    &super::idle_table::IdleTable,
    &super::idle_kubernetes_cluster::CHECK,
    &super::idle_inference_endpoint::CHECK,
    &super::orphaned_snapshot::OrphanedSnapshot,
    &super::unused_image::UnusedImage,
    &super::unused_log_group::CHECK,
    &super::unused_secret::CHECK,
    &super::oversized_instance::OversizedInstance,
    &super::oversized_scaling_group::OversizedScalingGroup,
    &super::oversized_service::OversizedService,
    &super::oversized_database::CHECK,
    &super::oversized_volume::CHECK,
    &super::overallocated_database_storage::CHECK,
    &super::overprovisioned_iops::OverprovisionedIops,
    &super::overprovisioned_table::OverprovisionedTable,
    &super::oversized_function::CHECK,
    &super::unused_provisioned_concurrency::CHECK,
    &super::previous_generation_instance::CHECK,
    &super::previous_generation_database::CHECK,
    &super::previous_generation_cache::CHECK,
    &super::graviton_instance::CHECK,
    &super::graviton_database::CHECK,
    &super::graviton_cache::CHECK,
    &super::amd_instance::CHECK,
    &super::graviton_function::CHECK,
    &super::valkey_cache::CHECK,
    &super::gp2_volume::Gp2Volume,
    &super::provisioned_iops_volume::ProvisionedIopsVolume,
    &super::magnetic_volume::MagneticVolume,
    &super::extended_support_database::CHECK,
    &super::extended_support_cluster::CHECK,
    &super::cold_bucket::CHECK,
    &super::archivable_bucket::CHECK,
    &super::standard_bucket::CHECK,
    &super::noncurrent_versions::CHECK,
    &super::incomplete_uploads::CHECK,
    &super::archivable_snapshot::ArchivableSnapshot,
    &super::log_retention::CHECK,
    &super::nat_traffic_to_endpoints::CHECK,
    &super::cross_zone_traffic::CHECK,
    &super::replaceable_public_address::CHECK,
    &super::idle_transit_attachment::CHECK,
    &super::off_hours_instance::CHECK,
    &super::off_hours_database::CHECK,
    &super::spot_candidate::SpotCandidate,
    &super::uncovered_steady_usage::UncoveredSteadyUsage,
    &super::untagged_spend::UntaggedSpend,
    &super::inconsistent_tag_values::InconsistentTagValues,
];

/// The checks, in the order they are documented.
#[must_use]
pub fn registry() -> &'static [&'static dyn Check] {
    CHECKS
}

impl CheckSet {
    /// Every built-in check.
    ///
    /// ```
    /// # use cost_core::prelude::*;
    /// assert!(CheckSet::built_in().metas().any(|meta| meta.id == "idle_address"));
    /// ```
    #[must_use]
    pub fn built_in() -> Self {
        CHECKS.iter().fold(Self::empty(), |set, check| set.with(*check))
    }
}

impl Default for CheckSet {
    fn default() -> Self {
        Self::built_in()
    }
}
