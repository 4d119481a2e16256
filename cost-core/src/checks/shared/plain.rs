//! What checks share that look at one usage type of a resource at a time and save a share of it.

use rust_decimal::Decimal;

use super::{cost_now, expected};
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, ResourceUse};
use crate::opportunity::{Action, Draft, Evidence};
use crate::tradeoff::TradeOff;

/// What a look at one use found.
pub(in crate::checks) struct Found {
    /// Share of its cost that goes away.
    pub(in crate::checks) share: Decimal,
    /// Whether it may be that nothing is saved.
    pub(in crate::checks) uncertain: bool,
    pub(in crate::checks) title: String,
    pub(in crate::checks) facts: Vec<Evidence>,
    /// What is changed, from what, to what.
    pub(in crate::checks) change: Option<(&'static str, String, String)>,
}

/// Something, nothing, or why it cannot be told.
pub(in crate::checks) type Look = Result<Option<Found>, String>;

/// A check of one usage type at a time.
pub(in crate::checks) struct PlainCheck {
    pub(in crate::checks) meta: &'static CheckMeta,
    pub(in crate::checks) action: Action,
    pub(in crate::checks) wanted: fn(&ResourceUse) -> bool,
    pub(in crate::checks) look: fn(&Context<'_>, &ResourceUse) -> Look,
    pub(in crate::checks) trade_off: fn(&Context<'_>) -> TradeOff,
    pub(in crate::checks) runbook: fn(Draft, &Context<'_>, &ResourceUse) -> Draft,
}

impl Check for PlainCheck {
    fn meta(&self) -> &'static CheckMeta {
        self.meta
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        for used in cx.named(self.wanted, &mut out)? {
            match (self.look)(cx, used) {
                Ok(Some(found)) => self.judge(cx, used, found, &mut out)?,
                Ok(None) => {}
                Err(reason) => out.skip(&used.resource_id, reason),
            }
        }
        Ok(out)
    }
}

impl PlainCheck {
    fn judge(
        &self,
        cx: &Context<'_>,
        used: &ResourceUse,
        found: Found,
        out: &mut CheckOutput,
    ) -> Result<(), CheckError> {
        let mut claim = cx.claim(used, found.share)?;
        if found.uncertain {
            claim.savings.low = cx.nothing();
        }
        let claims = vec![claim];
        if expected(cx, &claims)?.is_zero_or_less() {
            return Ok(());
        }
        let draft = Draft::new(
            self.meta.id,
            self.action,
            &used.resource_id,
            cx.scope_of(used),
            (self.trade_off)(cx),
        )
        .title(found.title)
        .facts(found.facts)
        .facts([cost_now(cx, &claims)?])
        .claims(claims);
        let draft = match &found.change {
            Some((what, from, to)) => draft.from_to(what, from, to),
            None => draft,
        };
        out.opportunities.push((self.runbook)(draft, cx, used).finish(cx.currency())?);
        Ok(())
    }
}

/// A name of a resource for people: the inventory's, or the end of its id.
pub(in crate::checks) fn name_of<'a>(cx: &'a Context<'_>, used: &'a ResourceUse) -> &'a str {
    let end = || used.resource_id.rsplit([':', '/']).next().unwrap_or(&used.resource_id);
    cx.resource(&used.resource_id).and_then(|r| r.name.as_deref()).unwrap_or_else(end)
}
