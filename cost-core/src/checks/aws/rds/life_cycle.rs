//! The life cycle setting of RDS and Aurora databases: what happens when standard support ends.

use super::aurora::{cluster_of, known_cluster};
use crate::check::{Context, ResourceUse};
use crate::inventory::detail;

/// Setting of a database whose extended support is turned off: AWS upgrades it on the last day of
/// standard support or shortly after, and bills no extended support. Amazon RDS User Guide and Amazon
/// Aurora User Guide, "RDS Extended Support behavior". Read 2026-11.
const TURNED_OFF: &str = "open-source-rds-extended-support-disabled";

/// Returns whether extended support is turned off for a database; false if the inventory does not
/// have the setting. That of a cluster applies to its instances (Amazon RDS API Reference,
/// `CreateDBInstance`, `EngineLifecycleSupport`. Read 2026-11).
pub(in crate::checks) fn is_turned_off(cx: &Context<'_>, used: &ResourceUse) -> bool {
    let Some(known) = known_cluster(cx, &used.resource_id) else { return false };
    let cluster = cluster_of(cx, known);
    let setting = cluster.and_then(|cluster| cluster.get(detail::ENGINE_LIFECYCLE_SUPPORT));
    setting.or_else(|| known.get(detail::ENGINE_LIFECYCLE_SUPPORT)) == Some(TURNED_OFF)
}
