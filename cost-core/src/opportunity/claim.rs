//! [`Claim`]: which dollars an opportunity would save.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::money::{Money, MoneyError, Savings};
use crate::slice::Slice;

/// Which dollars an opportunity would save: two claims on the same slice of the same resource
/// compete for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Claim {
    /// `SubAccountId`: identifiers are unique within an account only.
    pub sub_account_id: Option<String>,
    /// `ResourceId` as the bill has it.
    pub resource_id: String,
    /// Which part of its cost.
    pub slice: Slice,
    /// What that part costs now: `EffectiveCost` per month of 730 h. Of a covered slice, what the
    /// same usage would cost on demand, as such usage is paid: that is what a commitment set free
    /// saves elsewhere.
    pub spend: Money,
    /// What this opportunity alone saves of it, per month of 730 h.
    pub savings: Savings,
    /// Of a covered slice, the commitments that pay for it; of compute, those that could. See
    /// [`crate::plan::Pools`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pools: Vec<String>,
}

impl Claim {
    /// Adds another claim on the same slice, on other usage of it.
    ///
    /// # Errors
    /// [`MoneyError`].
    pub fn try_extend(&mut self, other: Self) -> Result<(), MoneyError> {
        self.spend = self.spend.try_add(other.spend)?;
        self.savings = self.savings.try_add(other.savings)?;
        self.pools.extend(other.pools);
        self.pools.sort();
        self.pools.dedup();
        Ok(())
    }

    /// One claim of those with the same key, in the order of keys.
    ///
    /// # Errors
    /// [`MoneyError`]: of a claim, or of their sum.
    pub fn merged_by<K: Ord>(
        key: impl Fn(&Self) -> K,
        claims: impl IntoIterator<Item = Result<Self, MoneyError>>,
    ) -> Result<Vec<Self>, MoneyError> {
        let mut merged: BTreeMap<K, Self> = BTreeMap::new();
        for claim in claims {
            let claim = claim?;
            match merged.entry(key(&claim)) {
                Entry::Occupied(mut known) => known.get_mut().try_extend(claim)?,
                Entry::Vacant(place) => drop(place.insert(claim)),
            }
        }
        Ok(merged.into_values().collect())
    }

    /// The slice of cost it is on: account, resource, part.
    #[must_use]
    pub fn key(&self) -> (Option<String>, String, Slice) {
        (self.sub_account_id.clone(), self.resource_id.clone(), self.slice)
    }
}
