//! Shared code of checks on snapshots, and of checks that retain a volume's data in a snapshot: old
//! snapshots, the size of a snapshot, and whether one already contains the data of a volume.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::check::{CheckError, CheckOutput, Context, ResourceUse};
use crate::checks::aws::lines;
use crate::checks::aws::meter::kind;
use crate::checks::shared::Replacement;
use crate::checks::shared::rollout::removal;
use crate::inventory::{Inventory, Kind, Resource, detail, short_id};
use crate::money::{Currency, Money};
use crate::opportunity::Draft;

/// Bytes of a GB as EBS counts them (GiB).
const GB: i64 = 1 << 30;

/// Returns the full size of a snapshot in GB: the blocks that were written to its volume when it
/// was made (`FullSnapshotSizeInBytes` of the inventory). Amazon EC2 API Reference, `Snapshot`.
pub(in crate::checks) fn full_size_gb(snapshot: &Resource) -> Option<Decimal> {
    Decimal::from(snapshot.get(detail::FULL_SNAPSHOT_SIZE_IN_BYTES)?).checked_div(Decimal::from(GB))
}

/// Returns whether a usage is snapshot storage in the standard tier.
pub(in crate::checks) fn is_snapshot(used: &ResourceUse) -> bool {
    kind(used) == "EBS:SnapshotUsage"
}

/// Returns the snapshots that an AMI uses.
pub(in crate::checks) fn snapshots_of(image: &Resource) -> impl Iterator<Item = &str> {
    image.get(detail::SNAPSHOT_IDS).into_iter().flatten()
}

/// Returns the backup service that made a snapshot and deletes it again, according to its tags.
pub(in crate::checks) fn planned(snapshot: &Resource) -> Option<&'static str> {
    let has = |key: &str| snapshot.tags.keys().any(|k| k.starts_with(key));
    if has("aws:backup:") {
        return Some("AWS Backup");
    }
    has("aws:dlm:").then_some("Data Lifecycle Manager")
}

/// A billed snapshot that is old enough for a check and that no AMI uses.
pub(super) struct AgedSnapshot<'a> {
    pub(super) used: &'a ResourceUse,
    pub(super) snapshot: &'a Resource,
    /// ID of its volume.
    pub(super) volume: &'a str,
    pub(super) age_days: i64,
}

/// Returns the snapshots that are at least as old as `days` and that no AMI uses. Skips those whose
/// volume or age is unknown.
///
/// # Errors
/// [`CheckError`].
pub(super) fn aged_snapshots<'a>(
    cx: &'a Context<'_>,
    inventory: &Inventory,
    days: Decimal,
    out: &mut CheckOutput,
) -> Result<Vec<AgedSnapshot<'a>>, CheckError> {
    let of_images: BTreeSet<&str> = inventory.of_kind(Kind::Image).flat_map(snapshots_of).collect();
    let mut all = Vec::new();
    for used in cx.named_once(is_snapshot, out)? {
        let Some(snapshot) = cx.resource(&used.resource_id) else {
            out.skip(
                &used.resource_id,
                "billed, but not in the inventory: deleted since, or not collected",
            );
            continue;
        };
        let (Some(volume), Some(age_days)) =
            (snapshot.get(detail::VOLUME_ID), snapshot.age_days(cx.as_of))
        else {
            out.skip(&used.resource_id, "its volume or its age is missing from the inventory");
            continue;
        };
        let in_use = of_images.contains(short_id(&snapshot.resource_id));
        if Decimal::from(age_days) >= days && !in_use {
            all.push(AgedSnapshot { used, snapshot, volume, age_days });
        }
    }
    Ok(all)
}

/// Returns whether a backup plan made a snapshot. Skips it, because its plan deletes it.
pub(super) fn is_planned(used: &ResourceUse, snapshot: &Resource, out: &mut CheckOutput) -> bool {
    let plan = planned(snapshot);
    if let Some(plan) = plan {
        out.skip(
            &used.resource_id,
            format!("made by {plan}, which deletes it according to its own rules"),
        );
    }
    plan.is_some()
}

/// The snapshots of every volume, oldest first.
pub(in crate::checks) struct Snapshots<'a>(BTreeMap<&'a str, Vec<&'a Resource>>);

impl<'a> Snapshots<'a> {
    /// Collects the snapshots of an inventory.
    pub(in crate::checks) fn of(inventory: Option<&'a Inventory>) -> Self {
        let mut by_volume: BTreeMap<&str, Vec<&Resource>> = BTreeMap::new();
        for snapshot in inventory.into_iter().flat_map(|i| i.of_kind(Kind::Snapshot)) {
            if let Some(volume) = snapshot.get(detail::VOLUME_ID) {
                by_volume.entry(volume).or_default().push(snapshot);
            }
        }
        for snapshots in by_volume.values_mut() {
            snapshots.sort_by_key(|s| s.created_on);
        }
        Self(by_volume)
    }

    /// Returns what a new snapshot of a volume of `size` GB costs per month, at a price per GB.
    /// Expected: the blocks written when the newest snapshot was made if known, else the volume's
    /// full size. Highest: the full size. Lowest: zero.
    pub(in crate::checks) fn replacement(
        &self,
        volume_id: &str,
        size: i64,
        (price, currency): (Decimal, Currency),
    ) -> Replacement {
        let size = Decimal::from(size);
        let gb = self.written_gb(volume_id).map_or(size, |gb| gb.min(size));
        Replacement {
            least: Money::zero(currency),
            expected: Money::new(price * gb, currency),
            most: Money::new(price * size, currency),
        }
    }

    fn newest_first(&self, volume_id: &str) -> impl Iterator<Item = &'a Resource> {
        self.0.get(short_id(volume_id)).into_iter().flatten().rev().copied()
    }

    /// Returns the size of a new snapshot of a volume, GB: from the newest snapshot whose full size
    /// is known.
    fn written_gb(&self, volume_id: &str) -> Option<Decimal> {
        self.newest_first(volume_id).find_map(full_size_gb)
    }

    /// Returns a snapshot that contains all data of a volume: complete, made on a day after the
    /// last day on which data could have been written, and not deleted by a backup plan.
    pub(in crate::checks) fn since(
        &self,
        volume_id: &str,
        last_written: NaiveDate,
    ) -> Option<&'a Resource> {
        let complete =
            |s: &&Resource| s.state.as_deref() == Some("completed") && planned(s).is_none();
        self.newest_first(volume_id).find(|s| complete(s) && s.created_on > Some(last_written))
    }
}

/// Adds the steps of the deletion of a snapshot, which the Recycle Bin holds for a while; `id` is quoted for the shell.
pub(super) fn deleted(draft: Draft, id: &String) -> Draft {
    removal(
        draft,
        "retention rules may require it",
        &format!("moves it to the Recycle Bin, where it stays for {} days", lines::RECYCLE_DAYS),
    )
    .run(format!("save snapshot.json aws ec2 describe-snapshots --snapshot-ids {id}"))
    .run(lines::recycle_bin("EBS_SNAPSHOT", std::slice::from_ref(id)))
    .run(format!("aws ec2 delete-snapshot --snapshot-id {id}"))
    .undo(lines::restore_snapshot(id))
    .watch("requests to restore old data")
    .terraform("remove its aws_ebs_snapshot, if there is one")
}
