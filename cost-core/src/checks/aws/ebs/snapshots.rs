//! Shared code of checks that retain a volume's data in a snapshot: the size of the snapshot, and
//! whether an existing snapshot already contains the data.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::orphaned_snapshot::planned;
use crate::checks::shared::Replacement;
use crate::inventory::{Inventory, Kind, Resource, detail, short_id};
use crate::money::{Currency, Money};

/// Bytes of a GB as EBS counts them (GiB).
const GB: i64 = 1 << 30;

/// Returns the full size of a snapshot in GB: the blocks that were written to its volume when it
/// was made (`FullSnapshotSizeInBytes` of the inventory). Amazon EC2 API Reference, `Snapshot`.
pub(in crate::checks) fn full_size_gb(snapshot: &Resource) -> Option<Decimal> {
    Decimal::from(snapshot.get(detail::FULL_SNAPSHOT_SIZE_IN_BYTES)?).checked_div(Decimal::from(GB))
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
