//! EC2 disks and their snapshots.

use serde_json::json;

use super::amounts::{usd, whole};
use super::services::{EBS, SNAPSHOTS};
use crate::demo::company::{date, hex_id};
use crate::demo::thing::{Metric, Shape, Thing};

/// Size of the disk of the stopped machine.
pub(super) const ARCHIVE_GB: i64 = 400;

pub(super) fn disks() -> Vec<Thing> {
    let archive = Thing::of_ec2("instance", "i", "instance", "archive").id;
    let print = Thing::of_ec2("instance", "i", "instance", "print").id;
    let qa = Thing::of_ec2("instance", "i", "instance", "qa").id;
    let disk = |name: &'static str, volume_type: &'static str, size: i64, iops: i64, to: &str| {
        let mut of = Thing::of_ec2("volume", "vol", "volume", name);
        (of.state, of.volume_type, of.size_gb, of.iops) =
            ("in-use", Some(volume_type), Some(size), Some(iops));
        of.throughput = (volume_type == "gp3").then_some(125);
        of.attached_to = Some(to.to_owned());
        let (meter, price) =
            if volume_type == "io1" { ("piops", usd(1250)) } else { (volume_type, usd(800)) };
        of.holds(EBS, &format!("EBS:VolumeUsage.{meter}"), "GB-Mo", (price, whole(size)))
    };
    let busy = Shape::Around(3_600.0 * 3_500.0);
    vec![
        disk("archive", "gp3", ARCHIVE_GB, 3_000, &archive),
        disk("scratch", "gp3", 250, 3_000, &print)
            .did(Metric::Operations, Shape::Always(0.0))
            .waste(
                "idle_volume",
                whole(250) * usd(800),
                "a second disk that nothing reads or writes",
            ),
        disk("media", "gp3", 1_000, 3_000, &qa)
            .did(Metric::Operations, Shape::Office(3_600.0 * 400.0, 0.0))
            .did(Metric::StorageUsed, Shape::Always(12.0))
            .waste(
                "oversized_volume",
                whole(1_000 - 200) * usd(800),
                "an eighth of it is full: 200 GB are 60 % full of the same",
            ),
        disk("journal", "io1", 200, 4_000, &print)
            .holds(EBS, "EBS:VolumeP-IOPS.piops", "IOPS-Mo", (usd(650), whole(4_000)))
            .did(Metric::Operations, busy)
            .waste(
                "provisioned_iops_volume",
                // With 1,000 IOPS and 375 MiB/s more than gp3 includes.
                whole(200) * (usd(1250) - usd(800)) + whole(4_000) * usd(650)
                    - whole(1_000) * usd(50)
                    - whole(375) * usd(400),
                "gp3 gives as many operations",
            ),
        disk("reports", "gp3", 500, 12_000, &print)
            .holds(EBS, "EBS:VolumeP-IOPS.gp3", "IOPS-Mo", (usd(50), whole(9_000)))
            .did(Metric::Operations, Shape::Around(3_600.0 * 500.0))
            .waste(
                "overprovisioned_iops",
                whole(9_000) * usd(50),
                "500 operations a second at most, 12,000 are there",
            ),
    ]
}

/// Snapshots and images, and what of them nothing needs any more.
pub(super) fn snapshots() -> Vec<Thing> {
    let snapshot = |name: &'static str, gb: i64, volume: &str| {
        let mut of = Thing::of_ec2("snapshot", "snap", "snapshot", name);
        (of.state, of.size_gb) = ("completed", Some(gb));
        of.details = json!({ "VolumeId": volume, "Description": name });
        of.holds(SNAPSHOTS, "EBS:SnapshotUsage", "GB-Mo", (usd(500), whole(gb)))
    };
    let gone = |name: &str| format!("vol-{}", hex_id(&format!("wanderlust-gone-{name}")));
    let image = |name: &'static str, on: &Thing| {
        let mut of = Thing::of_ec2("image", "ami", "image", name);
        of.details = json!({ "SnapshotIds": [on.id], "Public": false });
        of
    };
    let (old_root, new_root) = (
        snapshot("golden-2024-root", 60, &gone("root-2024")),
        snapshot("base-2026-root", 40, &gone("root-2026")),
    );
    let mut young = snapshot("before-upgrade", 200, &gone("upgrade"));
    young.created = date(2026, 10, 25);
    let planned =
        snapshot("nightly", 150, &gone("nightly")).tagged("aws:backup:source-resource", "nightly");
    vec![
        snapshot("old-shop", 300, &gone("shop")).waste(
            "orphaned_snapshot",
            whole(300) * usd(500),
            "its volume went with the old shop",
        ),
        snapshot("old-forum", 120, &gone("forum")).waste(
            "orphaned_snapshot",
            whole(120) * usd(500),
            "its volume went with the old forum",
        ),
        young.trap(
            &["orphaned_snapshot", "archivable_snapshot"],
            "made before an upgrade, ten days ago",
        ),
        planned.trap(
            &["orphaned_snapshot", "archivable_snapshot"],
            "a backup plan made it, and deletes it",
        ),
        image("golden-2024", &old_root).waste(
            "unused_image",
            whole(60) * usd(500),
            "nothing runs from it since the image of 2026",
        ),
        image("base-2026", &new_root).trap(&["unused_image"], "the machines run from it"),
        old_root,
        new_root
            .trap(&["orphaned_snapshot", "archivable_snapshot"], "the image in use stands on it"),
    ]
}
