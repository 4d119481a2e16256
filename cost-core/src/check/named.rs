//! Usage with a `ResourceId`. Usage without one cannot be evaluated and is reported as a skip with
//! its cost.

use super::context::Context;
use super::output::CheckOutput;
use super::uses::ResourceUse;
use crate::inventory::resource_key;
use crate::money::{Money, MoneyError};

impl Context<'_> {
    /// Returns usage of the month under review that `wanted` accepts and that has a `ResourceId`,
    /// by resource and usage type. Usage without one is added to `out` as one skip with its
    /// `EffectiveCost` in the month. Usage without cost is excluded from the skip.
    ///
    /// # Errors
    /// [`MoneyError`] if a sum does not fit.
    pub fn named<'s>(
        &'s self,
        wanted: impl Fn(&ResourceUse) -> bool + 's,
        out: &mut CheckOutput,
    ) -> Result<Vec<&'s ResourceUse>, MoneyError> {
        let (named, mut nameless): (Vec<&ResourceUse>, Vec<&ResourceUse>) =
            self.used(wanted).partition(|used| !used.resource_id.is_empty());
        nameless.retain(|used| !used.now().effective.amount().is_zero());
        let cost = Money::try_sum(nameless.iter().map(|u| u.now().effective), self.currency())?;
        let month = self.month;
        // Discounts and refunds can outweigh the usage.
        if cost.is_zero_or_less() {
            return Ok(named);
        }
        let reason = format!("needs ResourceId, which is missing for {cost} of usage in {month}");
        for used in nameless {
            let service = || used.service_name.as_deref().unwrap_or("no usage type");
            let usage_type = Some(used.usage_type.as_str()).filter(|text| !text.is_empty());
            out.skip(usage_type.unwrap_or_else(service), &reason);
        }
        Ok(named)
    }

    /// Returns whether the month under review has usage that `wanted` accepts and that has a
    /// `ResourceId`. Without any, the bill does not show which resource such usage belongs to.
    pub fn has_named(&self, wanted: impl Fn(&ResourceUse) -> bool) -> bool {
        self.used(wanted).any(|used| !used.resource_id.is_empty())
    }

    /// Returns the first such usage of each resource, for checks that evaluate each resource once.
    ///
    /// # Errors
    /// [`MoneyError`] if a sum does not fit.
    pub fn named_once<'s>(
        &'s self,
        wanted: impl Fn(&ResourceUse) -> bool + 's,
        out: &mut CheckOutput,
    ) -> Result<Vec<&'s ResourceUse>, MoneyError> {
        let mut all = self.named(wanted, out)?;
        all.dedup_by(|a, b| {
            a.provider == b.provider && resource_key(&a.resource_id) == resource_key(&b.resource_id)
        });
        Ok(all)
    }
}
