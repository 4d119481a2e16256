//! Usage with a `ResourceId`. Usage without one cannot be evaluated and is reported as a skip with
//! its cost.

use std::borrow::Cow;

use super::context::Context;
use super::output::CheckOutput;
use super::uses::ResourceUse;
use crate::cloud::account_of_id;
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

    /// Returns one such usage of each resource, for checks that evaluate each resource once: the
    /// first one of its owner or, if it is not billed for the resource, of another account.
    ///
    /// # Errors
    /// [`MoneyError`] if a sum does not fit.
    pub fn named_once<'s>(
        &'s self,
        wanted: impl Fn(&ResourceUse) -> bool + 's,
        out: &mut CheckOutput,
    ) -> Result<Vec<&'s ResourceUse>, MoneyError> {
        let same = |a: &ResourceUse, b: &ResourceUse| {
            a.provider == b.provider && resource_key(&a.resource_id) == resource_key(&b.resource_id)
        };
        let mut all: Vec<&ResourceUse> = Vec::new();
        for used in self.named(wanted, out)? {
            let Some(last) = all.last_mut().filter(|last| same(last, used)) else {
                all.push(used);
                continue;
            };
            if !self.is_owners(last) && self.is_owners(used) {
                *last = used;
            }
        }
        Ok(all)
    }

    /// Returns whether the account that is billed for a usage owns the resource: the account in its
    /// ID or, if it has none, in the inventory.
    fn is_owners(&self, used: &ResourceUse) -> bool {
        let known = || self.resource(&used.resource_id)?.sub_account_id.as_deref();
        let owner = account_of_id(&used.resource_id).or_else(known);
        owner.is_some() && owner == used.sub_account_id.as_deref()
    }

    /// Returns the sum of usage of one resource, or of several that change together: its months
    /// contain all costs and quantities. The other fields are those of the owner's first usage.
    /// `None` if there is no usage.
    ///
    /// # Errors
    /// [`MoneyError`] if a sum does not fit.
    pub(crate) fn summed<'u>(
        &self,
        uses: &[&'u ResourceUse],
    ) -> Result<Option<Cow<'u, ResourceUse>>, MoneyError> {
        let owners = uses.iter().position(|used| self.is_owners(used)).unwrap_or(0);
        let (one, others) = match uses {
            [] => return Ok(None),
            [only] => return Ok(Some(Cow::Borrowed(*only))),
            all => (all[owners], all.iter().enumerate().filter(|(at, _)| *at != owners)),
        };
        let mut sum = one.clone();
        for (_, other) in others {
            sum.add(other)?;
        }
        Ok(Some(Cow::Owned(sum)))
    }
}
