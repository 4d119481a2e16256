//! The AWS usage type of a usage. Checks read usage types only through this module. For usage of
//! another provider every answer is empty.

use crate::check::ResourceUse;
use crate::cloud::aws::UsageType;

/// Returns what is metered, without region and size, such as `EBS:VolumeUsage.gp2`. Empty for
/// usage of another provider.
pub(in crate::checks) fn kind(used: &ResourceUse) -> &str {
    UsageType::of(used.metered()).map_or("", |of| of.kind)
}

/// Returns the usage type as in the bill. Empty for usage of another provider.
pub(in crate::checks) fn text(used: &ResourceUse) -> &str {
    UsageType::of(used.metered()).map_or("", |of| of.text)
}

/// Returns the type of the instance or node if the usage is its hours.
pub(in crate::checks) fn instance_type(used: &ResourceUse) -> Option<&str> {
    UsageType::of(used.metered())?.instance_type
}

/// Returns the type of the EC2 instance if the usage is its hours and not spot capacity.
pub(in crate::checks) fn box_usage(used: &ResourceUse) -> Option<&str> {
    UsageType::of(used.metered())?.box_usage()
}

/// Returns on-demand hours of EC2 instances with the instance type. No commitment pays for these
/// hours, and they are not spot capacity.
pub(in crate::checks) fn on_demand_instances<'c>(
    cx: &'c crate::check::Context<'_>,
) -> impl Iterator<Item = (&'c ResourceUse, &'c str)> {
    cx.used(ResourceUse::is_on_demand).filter_map(|used| Some((used, box_usage(used)?)))
}

/// Returns whether a usage belongs to an EBS volume, not to an instance.
pub(in crate::checks) fn is_volume(used: &ResourceUse) -> bool {
    text(used).contains("EBS:Volume")
}
