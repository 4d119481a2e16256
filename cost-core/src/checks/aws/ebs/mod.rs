//! Checks for Amazon EBS volumes and snapshots. Shared code: `snapshots`.

mod archivable_snapshot;
mod fast_snapshot_restore;
pub(in crate::checks) mod gp2_volume;
mod idle_volume;
mod magnetic_volume;
mod old_snapshot;
mod orphaned_snapshot;
mod overprovisioned_iops;
mod oversized_volume;
mod provisioned_iops_volume;
pub(in crate::checks) mod snapshots;
mod unattached_volume;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[
    &unattached_volume::UnattachedVolume,
    &idle_volume::CHECK,
    &orphaned_snapshot::OrphanedSnapshot,
    &oversized_volume::CHECK,
    &overprovisioned_iops::OverprovisionedIops,
    &gp2_volume::Gp2Volume,
    &provisioned_iops_volume::ProvisionedIopsVolume,
    &magnetic_volume::MagneticVolume,
    &archivable_snapshot::ArchivableSnapshot,
    &fast_snapshot_restore::CHECK,
    &old_snapshot::OldSnapshot,
];
