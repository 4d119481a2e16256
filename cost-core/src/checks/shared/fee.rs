//! What checks for things share that cost a fee for being there and carry nothing: the bill itself
//! says how much they carried.

use rust_decimal::Decimal;

use super::idle::{YOUNG, standby};
use super::{cost_now, spend_of};
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, ResourceUse, Threshold};
use crate::inventory::Resource;
use crate::opportunity::{Action, Draft};
use crate::tradeoff::TradeOff;

/// A check for gateways, endpoints and balancers that carry nothing.
pub(in crate::checks) struct FeeCheck {
    pub(in crate::checks) meta: &'static CheckMeta,
    /// The fee, by the hour.
    pub(in crate::checks) is_fee: fn(&ResourceUse) -> bool,
    /// What it carries, in the bill's quantity.
    pub(in crate::checks) is_traffic: fn(&ResourceUse) -> bool,
    /// Most that it carries in a month.
    pub(in crate::checks) most: Threshold,
    /// What it is called.
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
        // Where no such thing carries anything in the whole bill, the bill does not say what they
        // carry.
        let tells = cx.used(self.is_traffic).any(|u| !u.resource_id.is_empty());
        for used in cx.named_once(self.is_fee, &mut out)? {
            let known = cx.resource(&used.resource_id);
            let young = known.and_then(|r| r.age_days(cx.as_of));
            // One that was not there in the month before is young, whatever the inventory says.
            let is_young = used.months.len() < 2
                || young.is_some_and(|a| Decimal::from(a) < cx.decimal(self.meta.id, &YOUNG));
            if is_young {
                continue;
            }
            match self.carried(cx, &used.resource_id) {
                _ if !tells => out.skip(
                    &used.resource_id,
                    "no usage type of the bill says what such things carry",
                ),
                None => {
                    out.skip(&used.resource_id, "PricingQuantity of what it carries is unknown");
                }
                Some(carried) if carried > cx.decimal(self.meta.id, &self.most) => {}
                Some(carried) => match known.and_then(standby) {
                    Some(reason) => out.skip(&used.resource_id, reason),
                    None => self.judge(cx, used, carried, &mut out)?,
                },
            }
        }
        Ok(out)
    }
}

impl FeeCheck {
    /// The most it carried in a month of the window; `None` if that is unknown.
    fn carried(&self, cx: &Context<'_>, resource_id: &str) -> Option<Decimal> {
        let traffic = cx.of_resource(resource_id).iter().filter(|u| (self.is_traffic)(u));
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
            "{}, at most {most} {} is idle",
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
