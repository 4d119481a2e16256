//! Shared code of checks that evaluate one usage type of a resource and save a share of its cost.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::uncertain::uncertain;
use super::{cost_now, expected};
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, ResourceUse};
use crate::inventory::resource_key;
use crate::opportunity::{Action, Claim, Draft, Evidence};
use crate::tradeoff::TradeOff;

/// The result for one usage of a resource: a share of its cost can be saved.
pub(in crate::checks) struct Found {
    /// Share of its cost that is saved, 0 to 1.
    pub(in crate::checks) share: Decimal,
    /// Whether the savings may be zero: see [`uncertain`].
    pub(in crate::checks) uncertain: bool,
    pub(in crate::checks) title: String,
    pub(in crate::checks) facts: Vec<Evidence>,
    /// The changed property, its old value, and its new value.
    pub(in crate::checks) change: Option<(&'static str, String, String)>,
}

/// What was found, `None` if there is no saving, or the reason why this cannot be determined.
pub(in crate::checks) type Look = Result<Option<Found>, String>;

/// A check that evaluates one usage type at a time. If several accounts are billed for a resource,
/// the opportunity belongs to its owner and counts what all of them pay. Resources that ended in
/// the month under review are skipped.
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
        self.run_by(cx, |_| None)
    }
}

impl PlainCheck {
    /// Runs the check with one opportunity for resources that change together: `group` returns the
    /// name of their group in an account and region, if they have one.
    ///
    /// # Errors
    /// [`CheckError`].
    pub(in crate::checks) fn run_by(
        &self,
        cx: &Context<'_>,
        group: impl Fn(&ResourceUse) -> Option<String>,
    ) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        for uses in together(cx.named(self.wanted, &mut out)?, group) {
            let Some(used) = cx.summed(&uses)? else { continue };
            match (self.look)(cx, &used) {
                Ok(Some(found)) => match cx.ended(&used.resource_id) {
                    Some(reason) => out.skip(&used.resource_id, reason),
                    None => self.judge(cx, (&used, &uses), found, &mut out)?,
                },
                Ok(None) => {}
                Err(reason) => out.skip(&used.resource_id, reason),
            }
        }
        Ok(out)
    }

    /// Adds the opportunity for `parts`, whose sum is `used`.
    fn judge(
        &self,
        cx: &Context<'_>,
        (used, parts): (&ResourceUse, &[&ResourceUse]),
        found: Found,
        out: &mut CheckOutput,
    ) -> Result<(), CheckError> {
        let of_slices = parts.iter().map(|part| cx.claim(part, found.share));
        let mut claims = Claim::merged_by(Claim::key, of_slices)?;
        let certainty =
            if found.uncertain { uncertain(cx, self.meta, &mut claims)? } else { Vec::new() };
        if expected(cx, &claims)?.is_zero_or_less() {
            return Ok(());
        }
        let resources: BTreeSet<&str> = parts.iter().map(|u| u.resource_id.as_str()).collect();
        let many = (resources.len() > 1).then(|| Evidence::new("nodes", resources.len(), "bill"));
        let draft = Draft::new(
            self.meta.id,
            self.action,
            &used.resource_id,
            cx.scope_of(used),
            (self.trade_off)(cx),
        )
        .title(found.title)
        .facts(found.facts)
        .facts(many)
        .facts([cost_now(cx, &claims)?])
        .facts(certainty)
        .claims(claims);
        let draft = match &found.change {
            Some((what, from, to)) => draft.from_to(what, from, to),
            None => draft,
        };
        out.opportunities.push((self.runbook)(draft, cx, used).finish(cx.currency())?);
        Ok(())
    }
}

/// Returns uses by what changes together, in the order of their first use: those of a group, else
/// those of one usage type and pricing of a resource, whichever account is billed for them.
fn together(
    uses: Vec<&ResourceUse>,
    group: impl Fn(&ResourceUse) -> Option<String>,
) -> Vec<Vec<&ResourceUse>> {
    let mut all: Vec<Vec<&ResourceUse>> = Vec::new();
    let mut places: BTreeMap<_, usize> = BTreeMap::new();
    for used in uses {
        let key = if let Some(name) = group(used) {
            (Some((&used.sub_account_id, &used.region_id, name)), None)
        } else {
            let id = resource_key(&used.resource_id);
            (None, Some((used.provider, id, &used.usage_type, &used.pricing)))
        };
        let place = *places.entry(key).or_insert(all.len());
        match all.get_mut(place) {
            Some(same) => same.push(used),
            None => all.push(vec![used]),
        }
    }
    all
}

/// Returns the name of a resource for people: from the inventory, or the last part of its ID.
pub(in crate::checks) fn name_of<'a>(cx: &'a Context<'_>, used: &'a ResourceUse) -> &'a str {
    let end = || used.resource_id.rsplit([':', '/']).next().unwrap_or(&used.resource_id);
    cx.resource(&used.resource_id).and_then(|r| r.name.as_deref()).unwrap_or_else(end)
}
