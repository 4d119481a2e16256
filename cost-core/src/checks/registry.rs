//! The registry of all checks. It collects the lists of the folders and sorts them as the
//! documentation lists them.

use std::sync::LazyLock;

use super::{any, aws};
use crate::check::{Check, CheckSet};

/// The order of checks within a chapter of the check documentation. A check that is not listed
/// comes at the end of its chapter.
const ORDER: &[&str] = &[
    "unattached_volume",
    "idle_volume",
    "stopped_instance",
    "idle_address",
    "address_of_stopped_instance",
    "idle_load_balancer",
    "load_balancer_without_targets",
    "idle_nat_gateway",
    "idle_vpc_endpoint",
    "idle_client_vpn",
    "idle_vpn_connection",
    "idle_network_firewall",
    "idle_transfer_server",
    "idle_web_acl",
    "idle_instance",
    "idle_database",
    "stopped_database",
    "idle_cache",
    "idle_document_database",
    "idle_graph_database",
    "idle_memory_database",
    "idle_warehouse",
    "idle_search_domain",
    "idle_table",
    "idle_file_system",
    "idle_stream",
    "idle_stream_consumer",
    "idle_kafka_cluster",
    "idle_serverless_kafka_cluster",
    "idle_broker",
    "idle_kubernetes_cluster",
    "idle_inference_endpoint",
    "lasting_provisioned_throughput",
    "lasting_replication_instance",
    "orphaned_snapshot",
    "unused_image",
    "fast_snapshot_restore",
    "unused_capacity_reservation",
    "unused_log_group",
    "unused_secret",
    "unused_key",
    "second_trail",
    "oversized_instance",
    "oversized_scaling_group",
    "surplus_credits_instance",
    "surplus_credits_database",
    "oversized_service",
    "oversized_database",
    "high_serverless_minimum",
    "io_light_cluster",
    "oversized_cache",
    "multi_az_test_database",
    "multi_az_test_broker",
    "oversized_warehouse",
    "oversized_volume",
    "overallocated_database_storage",
    "overprovisioned_iops",
    "overprovisioned_table",
    "oversized_function",
    "unused_provisioned_concurrency",
    "busy_autostop_workspace",
    "extra_domain_controller",
    "continuous_recording",
    "detailed_monitoring",
    "previous_generation_instance",
    "previous_generation_database",
    "previous_generation_cache",
    "previous_generation_search_domain",
    "graviton_instance",
    "graviton_database",
    "graviton_cache",
    "graviton_search_domain",
    "graviton_kafka_cluster",
    "amd_instance",
    "graviton_function",
    "valkey_cache",
    "gp2_volume",
    "provisioned_iops_volume",
    "magnetic_volume",
    "provisioned_iops_database",
    "gp2_search_storage",
    "io_heavy_cluster",
    "extended_support_database",
    "extended_support_cache",
    "extended_support_search_domain",
    "extended_support_document_database",
    "extended_support_cluster",
    "cold_bucket",
    "archivable_bucket",
    "standard_bucket",
    "noncurrent_versions",
    "incomplete_uploads",
    "archivable_snapshot",
    "old_snapshot",
    "orphaned_database_backup",
    "log_retention",
    "log_class",
    "table_class",
    "extended_stream_retention",
    "file_system_without_lifecycle",
    "growing_image_repository",
    "nat_traffic_to_endpoints",
    "replaceable_interface_endpoint",
    "cross_zone_traffic",
    "cross_region_traffic",
    "egress_without_cloudfront",
    "replaceable_public_address",
    "idle_transit_attachment",
    "off_hours_instance",
    "off_hours_database",
    "off_hours_warehouse",
    "always_on_notebook",
    "always_on_studio_app",
    "always_on_development_endpoint",
    "spot_candidate",
    "uncovered_steady_usage",
    "unused_commitment",
    "ending_commitment",
    "untagged_spend",
    "inconsistent_tag_values",
];

static CHECKS: LazyLock<Vec<&'static dyn Check>> = LazyLock::new(|| {
    let mut all: Vec<&dyn Check> =
        aws::SERVICES.iter().flat_map(|(_, checks)| *checks).chain(any::CHECKS).copied().collect();
    all.sort_by_cached_key(|check| {
        let meta = check.meta();
        let place = ORDER.iter().position(|id| *id == meta.id);
        (meta.group, place.unwrap_or(ORDER.len()), meta.id)
    });
    all
});

/// Returns all checks in the order of the documentation.
#[cfg(test)]
pub(super) fn registry() -> &'static [&'static dyn Check] {
    &CHECKS
}

impl CheckSet {
    /// Returns a set with all built-in checks.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_names_checks_that_are_there_once_each() {
        let ids: Vec<&str> = registry().iter().map(|check| check.meta().id).collect();
        let strange: Vec<&&str> = ORDER.iter().filter(|id| !ids.contains(id)).collect();
        assert!(strange.is_empty(), "no checks: {strange:?}");
        assert_eq!(ORDER.iter().collect::<std::collections::BTreeSet<_>>().len(), ORDER.len());
    }
}
