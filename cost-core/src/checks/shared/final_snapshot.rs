//! Removals that retain the data of a resource in a final snapshot, whose storage is billed from
//! then on and reduces the saving.

use rust_decimal::Decimal;

use super::idle::IdleCheck;
use super::{Replacement, expected, less};
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context};
use crate::money::Money;
use crate::opportunity::{Evidence, Opportunity};

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
        for opportunity in std::mem::take(&mut out.opportunities) {
            match self.kept.subtracted(cx, opportunity)? {
                Ok(opportunity) => out.opportunities.push(opportunity),
                Err(subject) => {
                    let reason = "a final snapshot or image would cost as much as the resource";
                    out.skip(&subject, reason);
                }
            }
        }
        Ok(out)
    }
}

/// Returns the size of a resource in the inventory, GB.
fn size_of(cx: &Context<'_>, resource_id: &str) -> Result<Decimal, String> {
    let size = cx.resource(resource_id).and_then(|r| r.size_gb);
    size.map(Decimal::from).ok_or_else(|| "its size is missing from the inventory".to_owned())
}

/// What remains of a removed resource and is billed.
///
/// Saving: that of the removal − size of the copy × price of its storage, per month. `low` and
/// `expected` are with the full size, because the used part is unknown; `high` is without its cost,
/// which can be within a free allowance. If the price or the size is unknown, the saving is not
/// reduced, and the evidence says so.
#[derive(Clone, Copy)]
pub(in crate::checks) struct Kept {
    /// Label of the evidence.
    pub(in crate::checks) label: &'static str,
    /// Kind of usage of its storage in the bill.
    pub(in crate::checks) kind: &'static str,
    /// Item of its storage in the price list.
    pub(in crate::checks) item: &'static str,
    /// Returns its largest size for a resource ID, GB, or the reason why it is unknown.
    pub(in crate::checks) gb: fn(&Context<'_>, &str) -> Result<Decimal, String>,
}

impl Kept {
    /// Returns a final snapshot of the size that the inventory has for the resource. `kind` is that
    /// of backup storage in the bill, such as `RDS:ChargedBackupUsage`, and `item` that in the price
    /// list.
    pub(in crate::checks) const fn snapshot(kind: &'static str, item: &'static str) -> Self {
        Self { label: "final snapshot, per month", kind, item, gb: size_of }
    }

    /// Returns the opportunity with the cost of what remains subtracted, or its subject if nothing
    /// is left of the saving.
    pub(in crate::checks) fn subtracted(
        self,
        cx: &Context<'_>,
        mut opportunity: Opportunity,
    ) -> Result<Result<Opportunity, String>, CheckError> {
        let (cost, source) = match self.cost(cx, &opportunity) {
            Ok(known) => known,
            Err(reason) => {
                let value = format!("unknown, and not subtracted from the saving: {reason}");
                opportunity.evidence.push(Evidence::new(self.label, value, "bill"));
                return Ok(Ok(opportunity));
            }
        };
        let largest = opportunity.claims.iter().max_by_key(|c| c.spend.amount()).map(|c| c.slice);
        if let Some(slice) = largest {
            let replacement = Replacement { least: cx.nothing(), expected: cost, most: cost };
            less(&mut opportunity.claims, slice, replacement)?;
        }
        if expected(cx, &opportunity.claims)?.is_zero_or_less() {
            return Ok(Err(opportunity.subject));
        }
        opportunity.evidence.push(Evidence::new(self.label, cost, source));
        Ok(Ok(opportunity.summed(cx.currency())?))
    }

    /// Returns the cost of what remains per month, and the source of its price.
    fn cost(
        self,
        cx: &Context<'_>,
        opportunity: &Opportunity,
    ) -> Result<(Money, &'static str), String> {
        let gb = (self.gb)(cx, &opportunity.subject)?;
        let region = opportunity.scope.region_id.as_deref().unwrap_or_default();
        let (price, source) =
            cx.paid_or_list(region, self.kind, self.item).map_err(|unknown| unknown.to_string())?;
        let cost = price.checked_mul(gb).ok_or("its size is too large")?;
        Ok((Money::new(cost.round_dp(12), cx.currency()), source))
    }
}
