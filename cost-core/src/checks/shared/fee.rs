//! Shared code of checks for resources that cost an hourly fee and carry no traffic, such as
//! gateways, endpoints, and load balancers. The bill itself shows how much traffic they carried.

use rust_decimal::Decimal;

use super::idle::{YOUNG, standby};
use super::{cost_now, spend_of};
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, ResourceUse, Threshold};
use crate::inventory::Resource;
use crate::opportunity::{Action, Draft};
use crate::tradeoff::TradeOff;

/// A check for gateways, endpoints, and load balancers that carry no traffic. Resources that ended
/// in the month under review are skipped.
pub(in crate::checks) struct FeeCheck {
    pub(in crate::checks) meta: &'static CheckMeta,
    /// Whether a usage is the hourly fee.
    pub(in crate::checks) is_fee: fn(&ResourceUse) -> bool,
    /// Whether a usage is the traffic. Its amount is the bill's quantity.
    pub(in crate::checks) is_traffic: fn(&ResourceUse) -> bool,
    /// The largest traffic of a month at which a resource counts as idle.
    pub(in crate::checks) most: Threshold,
    /// What the texts call such a resource.
    pub(in crate::checks) noun: &'static str,
    pub(in crate::checks) trade_off: fn(&Context<'_>) -> TradeOff,
    pub(in crate::checks) runbook: fn(Draft, &ResourceUse, Option<&Resource>) -> Draft,
}

impl Check for FeeCheck {
    fn meta(&self) -> &'static CheckMeta {
        self.meta
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        // If no resource has traffic in the complete bill, the bill does not contain this traffic.
        let has_traffic = cx.has_named(self.is_traffic);
        for used in cx.named_once(self.is_fee, &mut out)? {
            let known = cx.resource(&used.resource_id);
            let young = known.and_then(|r| r.age_days(cx.as_of));
            // A resource without charges in the month before is young, whatever its age in the
            // inventory.
            let is_young = used.months.len() < 2
                || young.is_some_and(|a| Decimal::from(a) < cx.decimal(self.meta.id, &YOUNG));
            if is_young {
                continue;
            }
            match self.carried(cx, &used.resource_id) {
                _ if !has_traffic => out.skip(
                    &used.resource_id,
                    "the bill has no usage type for the traffic of such resources",
                ),
                None => {
                    out.skip(&used.resource_id, "PricingQuantity of its traffic is unknown");
                }
                Some(carried) if carried > cx.decimal(self.meta.id, &self.most) => {}
                Some(carried) => {
                    match cx.ended(&used.resource_id).or_else(|| known.and_then(standby)) {
                        Some(reason) => out.skip(&used.resource_id, reason),
                        None => self.judge(cx, used, carried, &mut out)?,
                    }
                }
            }
        }
        Ok(out)
    }
}

impl FeeCheck {
    /// Returns the largest traffic of a month in the window, or `None` if it is unknown.
    fn carried(&self, cx: &Context<'_>, resource_id: &str) -> Option<Decimal> {
        let traffic = cx.of_resource_in_window(resource_id).filter(|u| (self.is_traffic)(u));
        let mut most = Decimal::ZERO;
        for used in traffic {
            for month in &used.months {
                most = most.max(month.quantity?);
            }
        }
        Some(most)
    }

    fn judge(
        &self,
        cx: &Context<'_>,
        used: &ResourceUse,
        carried: Decimal,
        out: &mut CheckOutput,
    ) -> Result<(), CheckError> {
        let claims = cx.claims(&used.resource_id, |_| true, Decimal::ONE)?;
        if spend_of(cx, &claims)?.is_zero_or_less() {
            return Ok(());
        }
        let known = cx.resource(&used.resource_id);
        let name = known.and_then(|r| r.name.clone()).map(|n| format!(" {n}")).unwrap_or_default();
        let most = cx.decimal(self.meta.id, &self.most).normalize();
        let seen = format!(
            "{}; idle if at most {most} {}",
            carried.round_dp(3).normalize(),
            self.most.unit
        );
        let draft = Draft::new(
            self.meta.id,
            Action::Remove,
            &used.resource_id,
            cx.scope_of(used),
            (self.trade_off)(cx),
        )
        .title(format!("Remove the idle {}{name}", self.noun))
        .evidence(&format!("{}, busiest month", self.most.metric), seen, "bill")
        .evidence("months seen", used.months.len(), "bill")
        .facts([cost_now(cx, &claims)?])
        .claims(claims);
        let draft = (self.runbook)(draft, used, known);
        out.opportunities.push(draft.finish(cx.currency())?);
        Ok(())
    }
}
