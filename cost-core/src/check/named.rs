//! Usage of resources that the bill names. Usage without a `ResourceId` cannot be evaluated: it is
//! reported with its cost.

use super::context::Context;
use super::output::CheckOutput;
use super::uses::ResourceUse;
use crate::inventory::resource_key;
use crate::money::{Money, MoneyError};

impl Context<'_> {
    /// Usage of the month under review that `wanted` accepts and that has a `ResourceId`, by
    /// resource and usage type. Usage without one is noted in `out`, on one line with its
    /// `EffectiveCost` of the month; what costs nothing is left out.
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
        let reason = format!("needs ResourceId, which usage for {cost} in {month} does not have");
        for used in nameless {
            let service = || used.service_name.as_deref().unwrap_or("no usage type");
            let usage_type = Some(used.usage_type.as_str()).filter(|text| !text.is_empty());
            out.skip(usage_type.unwrap_or_else(service), &reason);
        }
        Ok(named)
    }

    /// The first such usage of each resource: for what is evaluated one resource at a time.
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
