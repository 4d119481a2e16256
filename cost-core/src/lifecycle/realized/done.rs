//! Implemented recommendations, and which of them affect the same cost slice.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::inventory::resource_key;
use crate::lifecycle::ledger::{Place, Tracked};
use crate::opportunity::Slice;

/// Cost slice of a resource.
pub(super) type Part<'a> = (&'a Option<String>, &'a str, Slice);

/// Returns the cost slice of a place.
pub(super) fn part(place: &Place) -> Part<'_> {
    (&place.sub_account_id, resource_key(&place.resource_id), place.slice)
}

/// Implemented recommendation.
#[derive(Clone, Copy)]
pub(super) struct Done<'a> {
    pub(super) step: &'a Tracked,
    pub(super) on: NaiveDate,
    pub(super) replaced_by: &'a [String],
}

impl<'a> Done<'a> {
    pub(super) fn of(step: &'a Tracked) -> Option<Self> {
        step.done().map(|(on, replaced_by)| Self { step, on, replaced_by })
    }
}

/// Returns a group number per step: steps on the same cost slice share a group.
pub(super) fn groups(done: &[Done<'_>]) -> Vec<usize> {
    let mut group: Vec<usize> = (0..done.len()).collect();
    let mut first: BTreeMap<Part<'_>, usize> = BTreeMap::new();
    for (at, this) in done.iter().enumerate() {
        for place in &this.step.places {
            let other = *first.entry(part(place)).or_insert(at);
            let (from, to) = (group[at].max(group[other]), group[at].min(group[other]));
            group.iter_mut().filter(|g| **g == from).for_each(|g| *g = to);
        }
    }
    group
}
