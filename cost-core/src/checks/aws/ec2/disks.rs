//! EBS traffic of an instance: the reads and writes of the volumes attached to it.

use crate::check::Context;
use crate::inventory::Kind;
use crate::rightsizing::ebs_mbps;

/// Returns the EBS bandwidth that an instance needs, Mbit/s; `None` if it has no known volume, or
/// if the traffic of one of them was not measured.
pub(super) fn needed_ebs_mbps(cx: &Context<'_>, resource_id: &str) -> Option<f64> {
    let attached = cx.inventory?.attached_to(resource_id);
    let volumes = attached.filter(|r| r.kind == Kind::Volume);
    let uses: Option<Vec<_>> = volumes.map(|volume| cx.busy(&volume.resource_id)).collect();
    ebs_mbps(&uses?)
}
