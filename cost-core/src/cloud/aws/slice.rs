//! Cost slices by AWS usage type.

use super::usage_type::UsageType;
use crate::slice::Slice;

/// Returns the cost slice of a usage type without a commitment.
pub(super) fn slice(of: UsageType<'_>) -> Slice {
    let kind = of.kind;
    let has = |parts: &[&str]| parts.iter().any(|p| kind.contains(p));
    match () {
        () if has(&["xtendedSupport"]) => Slice::Fee,
        // Their names contain those of other slices.
        () if has(&["PIOPS-Storage"]) => Slice::Storage,
        () if has(&["StorageIOUsage"]) => Slice::Requests,
        () if has(&[
            "P-IOPS",
            "PIOPS",
            "P-Throughput",
            "CapacityUnit",
            "Provisioned-Concurrency",
        ]) =>
        {
            Slice::Performance
        }
        () if has(&["Address"]) => Slice::Address,
        () if has(&["Bytes"]) && !has(&["TimedStorage", "Storage-Bytes"]) => Slice::Traffic,
        () if has(&[
            "VolumeUsage",
            "SnapshotUsage",
            "SnapshotArchive",
            "Storage",
            "BackupUsage",
        ]) =>
        {
            Slice::Storage
        }
        () if has(&["Request", "IOUsage"]) => Slice::Requests,
        () if has(&[
            "BoxUsage",
            "SpotUsage",
            "DedicatedUsage",
            "InstanceUsage",
            "Multi-AZUsage",
            "NodeUsage",
            "Node:",
        ]) =>
        {
            Slice::Compute
        }
        () if has(&["ESInstance", "Fargate", "GB-Second", "ml.", "HeavyUsage", "vCPU"]) => {
            Slice::Compute
        }
        () => Slice::Fee,
    }
}
