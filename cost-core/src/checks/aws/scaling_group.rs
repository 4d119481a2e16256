//! Membership in Auto Scaling groups and EMR clusters, from the inventory.

use crate::check::{CheckOutput, Context, ResourceUse};
use crate::inventory::detail;

/// The tag that AWS puts on instances of Auto Scaling groups.
const GROUP_TAG: &str = "aws:autoscaling:groupName";

/// Returns the Auto Scaling group of an instance, if the inventory contains it.
pub(in crate::checks) fn group_of<'a>(cx: &'a Context<'_>, resource_id: &str) -> Option<&'a str> {
    let instance = cx.resource(resource_id)?;
    instance
        .get(detail::AUTO_SCALING_GROUP)
        .or_else(|| instance.tags.get(GROUP_TAG).map(String::as_str))
}

/// The tag that EMR puts on the instances of a cluster. Source: AWS, Amazon EMR Management Guide,
/// "Tag and categorize Amazon EMR cluster resources". Read 2026-11.
const EMR_TAG: &str = "aws:elasticmapreduce:job-flow-id";

/// Returns why an instance is not changed by itself, if it is a node of an EMR cluster: EMR chooses
/// its type, and replaces a node that is stopped or changed.
pub(in crate::checks) fn emr_reason(cx: &Context<'_>, resource_id: &str) -> Option<String> {
    let cluster = cx.resource(resource_id)?.tags.get(EMR_TAG)?;
    Some(format!("a node of EMR cluster {cluster}: change the cluster instead"))
}

/// Removes the nodes of EMR clusters, with the reason.
pub(in crate::checks) fn without_emr<'a>(
    cx: &Context<'_>,
    mut all: Vec<&'a ResourceUse>,
    out: &mut CheckOutput,
) -> Vec<&'a ResourceUse> {
    all.retain(|used| match emr_reason(cx, &used.resource_id) {
        Some(reason) => {
            out.skip(&used.resource_id, reason);
            false
        }
        None => true,
    });
    all
}
