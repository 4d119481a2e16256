//! [`Claim`]: the cost that an opportunity would save.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::money::{Money, MoneyError, Savings};
use crate::slice::Slice;

/// Cost that an opportunity would save. Two claims on the same slice of the same resource overlap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Claim {
    /// `SubAccountId`: resource IDs are unique only within an account.
    pub sub_account_id: Option<String>,
    /// `ResourceId` as in the bill.
    pub resource_id: String,
    /// Slice of its cost.
    pub slice: Slice,
    /// Current cost of the slice: `EffectiveCost` per month of 730 h. For a covered slice, the
    /// on-demand equivalent at the prices paid for such usage, because a released commitment saves
    /// that elsewhere.
    pub spend: Money,
    /// Savings of this opportunity on its own, per month of 730 h.
    pub savings: Savings,
    /// Expected savings if everything that is uncertain turns out well: the change works completely,
    /// and other usage takes over all of a released commitment. Omitted if it is certain: then it is
    /// the expected amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub possible: Option<Money>,
    /// For a covered slice, the commitments that pay for it; for compute, those that could. See
    /// [`crate::plan::Pools`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pools: Vec<String>,
}

impl Claim {
    /// Returns the possible savings, which are the expected ones if nothing is uncertain.
    #[must_use]
    pub fn full(&self) -> Money {
        self.possible.unwrap_or(self.savings.expected)
    }

    /// Sets that the change may save nothing, and is expected to save a share of what is possible,
    /// in percent.
    ///
    /// # Errors
    /// [`MoneyError`].
    pub(crate) fn may_fail(&mut self, expected_pct: Decimal) -> Result<(), MoneyError> {
        self.possible = Some(self.full());
        let share = expected_pct / Decimal::ONE_HUNDRED;
        let expected = self.savings.expected.try_mul(share.clamp(Decimal::ZERO, Decimal::ONE))?;
        let low = Money::zero(expected.currency());
        self.savings = Savings::try_new(low, expected, self.savings.high)?;
        Ok(())
    }

    /// Adds a claim on other usage of the same slice.
    ///
    /// # Errors
    /// [`MoneyError`].
    pub fn try_extend(&mut self, other: Self) -> Result<(), MoneyError> {
        if self.possible.is_some() || other.possible.is_some() {
            self.possible = Some(self.full().try_add(other.full())?);
        }
        self.spend = self.spend.try_add(other.spend)?;
        self.savings = self.savings.try_add(other.savings)?;
        self.pools.extend(other.pools);
        self.pools.sort();
        self.pools.dedup();
        Ok(())
    }

    /// Merges claims with the same key, in the order of keys.
    ///
    /// # Errors
    /// [`MoneyError`] from a claim or from their sum.
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

    /// Returns the slice of cost: account, resource, part.
    #[must_use]
    pub fn key(&self) -> (Option<String>, String, Slice) {
        (self.sub_account_id.clone(), self.resource_id.clone(), self.slice)
    }
}
