//! What checks share that keep a volume's data in a snapshot: how much of it there is, and whether
//! a snapshot holds it already.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::orphaned_snapshot::planned;
use crate::checks::shared::Replacement;
use crate::inventory::{Inventory, Kind, Resource, detail, short_id};
use crate::money::{Currency, Money};

/// Bytes of a GB as EBS counts them (GiB).
const GB: i64 = 1 << 30;

/// The blocks that were written to a snapshot's volume when it was made, GB:
/// `FullSnapshotSizeInBytes` of the inventory, which is what a full copy of it holds. Amazon EC2
/// API Reference, `Snapshot`.
pub(in crate::checks) fn full_size_gb(snapshot: &Resource) -> Option<Decimal> {
    Decimal::from(snapshot.get(detail::FULL_SNAPSHOT_SIZE_IN_BYTES)?).checked_div(Decimal::from(GB))
}

/// The snapshots of every volume, oldest first.
pub(in crate::checks) struct Snapshots<'a>(BTreeMap<&'a str, Vec<&'a Resource>>);

impl<'a> Snapshots<'a> {
    /// Of what the inventory has.
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

    /// What a new snapshot of a volume of `size` GB costs per month, at a price by the GB: what was
    /// written when the newest snapshot was made, if that is known, else its full size; at most its
    /// full size, and at least nothing.
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

    /// What a new snapshot of a volume would hold, GB: the blocks of its newest snapshot that says
    /// so.
    fn written_gb(&self, volume_id: &str) -> Option<Decimal> {
        self.newest_first(volume_id).find_map(full_size_gb)
    }

    /// A snapshot that holds all a volume holds: made on a day after the one on which the last
    /// could have been written, and deleted by no plan.
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
