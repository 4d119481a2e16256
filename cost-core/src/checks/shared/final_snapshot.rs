//! Removals that retain the data of a resource in a final snapshot, whose storage is billed from
//! then on and reduces the saving.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::idle::IdleCheck;
use super::{Replacement, chosen, expected, less};
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, ResourceUse, Threshold};
use crate::cloud::cloud;
use crate::money::{Money, MoneyError};
use crate::opportunity::{Evidence, Opportunity};
use crate::price::UnknownPrice;
use crate::slice::Slice;

/// The largest cost of a copy whose size or price is unknown.
pub(in crate::checks) const UNKNOWN_COPY: Threshold = chosen(
    "unknown_copy_pct",
    8.0,
    "% of the saving",
    "largest cost of a final snapshot or image whose size or price is unknown",
    "",
    "chosen: an image of 100 GB at 0.05 USD is 7 % of the price of an m5.large, a snapshot of the 160 GB of a Redshift dc2.large at 0.023 USD 2 % of its price, and one of the memory of a cache.r6g.large at 0.085 USD 1 %",
);

/// A check whose removals retain a copy of the data, such as a final snapshot or an image.
pub(in crate::checks) struct WithCopy {
    pub(in crate::checks) check: IdleCheck,
    pub(in crate::checks) kept: Kept,
}

impl Check for WithCopy {
    fn meta(&self) -> &'static CheckMeta {
        self.check.meta
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = self.check.run(cx)?;
        self.kept.subtract(cx, &mut out)?;
        Ok(out)
    }
}

/// Size of a copy, GB, or the reason why it is unknown.
type Gb = Result<Decimal, String>;

/// What remains of a removed resource and is billed.
///
/// Saving: that of the removal − size of the copy × price of its storage, per month. `low` and
/// `expected` are with the full size, because the used part is unknown; `high` is without its cost,
/// which can be within a free allowance. If the price or the size is unknown, `low` is reduced by
/// [`UNKNOWN_COPY`] and `expected` by half of it, and the evidence says so.
#[derive(Clone, Copy)]
pub(in crate::checks) struct Kept {
    /// Label of the evidence.
    pub(in crate::checks) label: &'static str,
    /// Kind of usage of its storage in the bill.
    pub(in crate::checks) kind: &'static str,
    /// A word in the name of the service, for kinds that several services have at other prices.
    pub(in crate::checks) service: Option<&'static str>,
    /// Item of its storage in the price list.
    pub(in crate::checks) item: &'static str,
    /// Returns its largest size. `None`: the size of the resource in the inventory, else its storage
    /// in the bill.
    pub(in crate::checks) gb: Option<fn(&Context<'_>, &Opportunity) -> Gb>,
}

impl Kept {
    /// Returns a final snapshot of the size of the resource. `kind` is that of backup storage in the
    /// bill, such as `RDS:ChargedBackupUsage`, and `item` that in the price list.
    pub(in crate::checks) const fn snapshot(kind: &'static str, item: &'static str) -> Self {
        Self { label: "final snapshot, per month", kind, service: None, item, gb: None }
    }

    /// Returns the snapshot of a service whose kind of backup storage others have too.
    pub(in crate::checks) const fn of_service(self, service: &'static str) -> Self {
        Self { service: Some(service), ..self }
    }

    /// Subtracts the copies of all opportunities of a check. Those of which nothing is left are
    /// skipped.
    pub(in crate::checks) fn subtract(
        self,
        cx: &Context<'_>,
        out: &mut CheckOutput,
    ) -> Result<(), CheckError> {
        for opportunity in std::mem::take(&mut out.opportunities) {
            match self.subtracted(cx, opportunity)? {
                Ok(opportunity) => out.opportunities.push(opportunity),
                Err(subject) => {
                    let reason = "a final snapshot or image would cost as much as the resource";
                    out.skip(&subject, reason);
                }
            }
        }
        Ok(())
    }

    /// Returns the opportunity with the cost of what remains subtracted, or its subject if nothing
    /// is left of the saving.
    fn subtracted(
        self,
        cx: &Context<'_>,
        mut opportunity: Opportunity,
    ) -> Result<Result<Opportunity, String>, CheckError> {
        let known = self.cost(cx, &opportunity);
        let (replacement, evidence) = match &known {
            Ok((cost, source)) => (
                Replacement { least: cx.nothing(), expected: *cost, most: *cost },
                Evidence::new(self.label, *cost, source),
            ),
            Err(reason) => self.unknown(cx, &opportunity, reason)?,
        };
        let largest = opportunity.claims.iter().max_by_key(|c| c.spend.amount()).map(|c| c.slice);
        if let Some(slice) = largest {
            less(&mut opportunity.claims, slice, replacement)?;
        }
        if known.is_ok() && expected(cx, &opportunity.claims)?.is_zero_or_less() {
            return Ok(Err(opportunity.subject));
        }
        opportunity.evidence.push(evidence);
        Ok(Ok(opportunity.summed(cx.currency())?))
    }

    /// Returns the assumed cost of a copy whose size or price is unknown, and the evidence.
    fn unknown(
        self,
        cx: &Context<'_>,
        opportunity: &Opportunity,
        reason: &str,
    ) -> Result<(Replacement, Evidence), MoneyError> {
        let pct = cx.decimal(&opportunity.check, &UNKNOWN_COPY);
        let saved = opportunity.savings.expected;
        let most = saved.try_mul(pct / Decimal::ONE_HUNDRED)?;
        let half = saved.try_mul(pct / Decimal::from(200))?;
        let text = format!(
            "unknown ({reason}): at most {} % of the saving is assumed, and half of that is expected",
            pct.normalize()
        );
        let replacement = Replacement { least: cx.nothing(), expected: half, most };
        Ok((replacement, Evidence::new(self.label, text, "assumption (unknown_copy_pct)")))
    }

    /// Returns the cost of what remains per month, and the source of its price.
    fn cost(
        self,
        cx: &Context<'_>,
        opportunity: &Opportunity,
    ) -> Result<(Money, &'static str), String> {
        let gb = match self.gb {
            Some(size) => size(cx, opportunity)?,
            None => self.stored(cx, opportunity)?,
        };
        let region = opportunity.scope.region_id.as_deref().unwrap_or_default();
        let (price, source) = self.price(cx, region).map_err(|unknown| unknown.to_string())?;
        let cost = price.checked_mul(gb).ok_or("its size is too large")?;
        Ok((Money::new(cost.round_dp(12), cx.currency()), source))
    }

    /// Returns the size of the resource: that of the inventory, else the storage that is billed for
    /// the claimed resources in the month.
    fn stored(self, cx: &Context<'_>, opportunity: &Opportunity) -> Gb {
        if let Some(gb) = cx.resource(&opportunity.subject).and_then(|r| r.size_gb) {
            return Ok(Decimal::from(gb));
        }
        let ids: BTreeSet<&str> =
            opportunity.claims.iter().map(|c| c.resource_id.as_str()).collect();
        let is_stored = |u: &&ResourceUse| {
            let of = cloud(u.provider);
            of.slice(u.metered()) == Slice::Storage && !of.kind(u.metered()).contains(self.kind)
        };
        let uses = ids.into_iter().flat_map(|id| cx.of_resource(id)).filter(is_stored);
        let sizes: Option<Vec<Decimal>> = uses.map(|u| u.now().quantity).collect();
        let gb: Decimal = sizes.unwrap_or_default().into_iter().sum();
        if gb.is_zero() {
            return Err("its size is missing from the inventory and the bill".to_owned());
        }
        Ok(gb)
    }

    /// Returns the price of a GB and month, and its source.
    fn price(
        self,
        cx: &Context<'_>,
        region: &str,
    ) -> Result<(Decimal, &'static str), UnknownPrice> {
        let Some(word) = self.service else { return cx.paid_or_list(region, self.kind, self.item) };
        let is_its = |u: &ResourceUse| {
            u.region_id == region
                && cloud(u.provider).kind(u.metered()) == self.kind
                && u.service_name.as_deref().is_some_and(|s| s.contains(word))
        };
        let mut paid = (Decimal::ZERO, Decimal::ZERO);
        for now in cx.used(is_its).map(ResourceUse::now) {
            let Some(gb) = now.quantity else { continue };
            paid = (paid.0 + now.effective.amount(), paid.1 + gb);
        }
        match paid.0.checked_div(paid.1).filter(|price| *price > Decimal::ZERO) {
            Some(price) => Ok((price, "bill")),
            None => cx.list(region, self.item).map(|price| (price, "price list")),
        }
    }
}
