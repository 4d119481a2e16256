//! Usage of AWS by its usage type: the only way by which a check gets at one. Of usage of another
//! provider nothing is known, and every answer is empty.

use crate::check::{CheckOutput, Context, ResourceUse};
use crate::cloud::aws::UsageType;
use crate::money::MoneyError;

/// What is metered, without region and size: `EBS:VolumeUsage.gp2`; empty for usage of another
/// provider.
pub(in crate::checks) fn kind(used: &ResourceUse) -> &str {
    UsageType::of(used.metered()).map_or("", |of| of.kind)
}

/// The usage type as the bill has it; empty for usage of another provider.
pub(in crate::checks) fn text(used: &ResourceUse) -> &str {
    UsageType::of(used.metered()).map_or("", |of| of.text)
}

/// The type of instance or node whose hours are metered, if it is such usage.
pub(in crate::checks) fn instance_type(used: &ResourceUse) -> Option<&str> {
    UsageType::of(used.metered())?.instance_type
}

/// The type of an EC2 instance whose hours are metered, if it is such usage and no spot capacity.
pub(in crate::checks) fn box_usage(used: &ResourceUse) -> Option<&str> {
    UsageType::of(used.metered())?.box_usage()
}

/// On-demand hours of EC2 instances, with the instance type: no commitment pays for them, and they
/// are no spot capacity. What has no `ResourceId` is noted in `out`.
///
/// # Errors
/// [`MoneyError`] if a sum does not fit.
pub(in crate::checks) fn on_demand_instances<'c>(
    cx: &'c Context<'_>,
    out: &mut CheckOutput,
) -> Result<Vec<(&'c ResourceUse, &'c str)>, MoneyError> {
    let all = cx.named(|used| used.is_on_demand() && box_usage(used).is_some(), out)?;
    Ok(all.into_iter().filter_map(|used| Some((used, box_usage(used)?))).collect())
}

/// Whether a use is of a volume's, not of a machine's.
pub(in crate::checks) fn is_volume(used: &ResourceUse) -> bool {
    text(used).contains("EBS:Volume")
}
