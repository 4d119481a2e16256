//! Membership in Auto Scaling groups, from the inventory.

use crate::check::Context;
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
