//! Whether AWS upgrades a resource at the end of standard support instead of billing extended
//! support.

use super::units::Item;
use crate::check::{Context, ResourceUse};
use crate::checks::aws::rds::life_cycle::is_turned_off;
use crate::inventory::detail;

/// Upgrade policy of an EKS cluster that is upgraded at the end of standard support. Amazon EKS User
/// Guide, "View current cluster upgrade policy". Read 2026-11.
const STANDARD: &str = "STANDARD";

/// Returns whether AWS upgrades a resource instead of billing extended support; false if unknown.
/// Only EKS clusters, and RDS and Aurora databases, have such a setting.
pub(super) fn is_upgraded(cx: &Context<'_>, used: &ResourceUse, item: Item) -> bool {
    match item {
        Item::Cluster => {
            let known = cx.resource(&used.resource_id);
            known.and_then(|known| known.get(detail::SUPPORT_TYPE)) == Some(STANDARD)
        }
        Item::RdsVcpu | Item::ServerlessAcu => is_turned_off(cx, used),
        Item::DocumentVcpu | Item::CacheNode | Item::SearchNode => false,
    }
}
