//! Shared code of checks for idle resources: evidence for each measured metric, and the detection
//! of standbys, which are idle on purpose.

use rust_decimal::Decimal;

use super::{chosen, cost_now};
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, ResourceUse, Threshold};
use crate::inventory::Resource;
use crate::opportunity::{Action, Draft, Evidence};
use crate::tradeoff::TradeOff;
use crate::usage::{Metric, Use, as_f64};

/// The fewest days of measurements for which a resource can be called idle.
pub(in crate::checks) const DAYS: Threshold = chosen(
    "least_days",
    14.0,
    "days",
    "days measured",
    "",
    "AWS Compute Optimizer, idle resource recommendations: a look-back of 14 days; two weeks include two weekends",
);
/// The age in days below which a resource is young and may not be in use yet.
pub(in crate::checks) const YOUNG: Threshold = chosen(
    "young_days",
    14.0,
    "days",
    "days since creation",
    "",
    "chosen (ADR 0016): a resource created last week may be meant for next week",
);
/// Days of measurements that are enough to show a monthly job.
const MONTH: usize = 32;

/// The statistic that a dimension compares with its threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::checks) enum Statistic {
    /// The largest hour.
    Max,
    /// The mean sum of a day.
    PerDay,
}

/// One metric of utilization. It is idle if its statistic is at most the threshold.
#[derive(Clone, Copy, Debug)]
pub(in crate::checks) struct Dimension {
    pub(in crate::checks) metric: Metric,
    pub(in crate::checks) statistic: Statistic,
    pub(in crate::checks) threshold: Threshold,
    pub(in crate::checks) label: &'static str,
}

impl Dimension {
    fn value(&self, of: &Use) -> Option<f64> {
        match self.statistic {
            Statistic::Max => of.max(self.metric),
            Statistic::PerDay => {
                Some(of.total(self.metric)? * 24.0 / as_f64(of.hours(self.metric)))
            }
        }
    }
}

/// A check for unused resources of one kind.
pub(in crate::checks) struct IdleCheck {
    pub(in crate::checks) meta: &'static CheckMeta,
    /// Whether a usage shows that such a resource exists, such as its hours.
    pub(in crate::checks) is_there: fn(&ResourceUse) -> bool,
    /// Whether a usage ends when the resource is removed.
    pub(in crate::checks) goes: fn(&ResourceUse) -> bool,
    /// The metrics that must be low. The first one must have been measured.
    pub(in crate::checks) dimensions: &'static [Dimension],
    /// What the texts call such a resource.
    pub(in crate::checks) noun: &'static str,
    pub(in crate::checks) trade_off: fn(&Context<'_>) -> TradeOff,
    /// Adds commands, what to watch, and the Terraform change.
    pub(in crate::checks) runbook: fn(Draft, &ResourceUse, Option<&Resource>) -> Draft,
    /// Returns the reason why a resource is not evaluated, if there is one.
    pub(in crate::checks) unless: fn(&Context<'_>, &Resource) -> Option<String>,
}

impl Check for IdleCheck {
    fn meta(&self) -> &'static CheckMeta {
        self.meta
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        for used in cx.named_once(self.is_there, &mut out)? {
            match self.evidence(cx, used) {
                Ok(Some(facts)) => self.judge(cx, used, facts, &mut out)?,
                Ok(None) => {}
                Err(reason) => out.skip(&used.resource_id, reason),
            }
        }
        Ok(out)
    }
}

/// The evidence for an idle resource, and the days measured.
pub(in crate::checks) struct Seen {
    pub(in crate::checks) facts: Vec<Evidence>,
    pub(in crate::checks) days: usize,
}

impl IdleCheck {
    /// Returns the evidence that a resource is idle, or `None` if it is in use or young. The error
    /// is the reason why this cannot be determined.
    pub(in crate::checks) fn evidence(
        &self,
        cx: &Context<'_>,
        used: &ResourceUse,
    ) -> Result<Option<Seen>, String> {
        let known = cx.resource(&used.resource_id);
        if let Some(age) = known.and_then(|r| r.age_days(cx.as_of))
            && Decimal::from(age) < cx.decimal(self.meta.id, &YOUNG)
        {
            return Ok(None);
        }
        let busy = cx.busy(&used.resource_id).ok_or("its utilization is unknown")?;
        let first = self.dimensions.first().ok_or("the check compares no metric")?;
        let days = busy.days(first.metric);
        if as_f64(days) < cx.value(self.meta.id, &DAYS) {
            return Err(format!(
                "{}: measured for less than {} days",
                first.label,
                cx.value(self.meta.id, &DAYS)
            ));
        }
        let mut facts = Vec::new();
        for dimension in self.dimensions {
            let most = cx.value(self.meta.id, &dimension.threshold);
            let Some(value) = dimension.value(busy) else {
                facts.push(Evidence::new(dimension.label, "not measured", "utilization"));
                continue;
            };
            if value > most {
                return Ok(None);
            }
            let text =
                format!("{}; idle if at most {most} {}", rounded(value), dimension.threshold.unit);
            facts.push(Evidence::new(dimension.label, text, "utilization"));
        }
        if let Some(reason) = known.and_then(|r| standby(r).or_else(|| (self.unless)(cx, r))) {
            return Err(reason);
        }
        Ok(Some(Seen { facts, days }))
    }

    fn judge(
        &self,
        cx: &Context<'_>,
        used: &ResourceUse,
        seen: Seen,
        out: &mut CheckOutput,
    ) -> Result<(), CheckError> {
        let claims = cx.claims(&used.resource_id, self.goes, Decimal::ONE)?;
        if super::spend_of(cx, &claims)?.is_zero_or_less() {
            return Ok(());
        }
        let short = (seen.days < MONTH).then(|| {
            format!(
                "measured for only {} days: a job that runs once a month may be missing from the data",
                seen.days
            )
        });
        let known = cx.resource(&used.resource_id);
        let unknown = known
            .is_none()
            .then(|| "not in the inventory: its age, tags, and purpose are unknown".to_owned());
        let trade_off = (self.trade_off)(cx)
            .caveat(short)
            .caveat(unknown)
            .caveat(super::covered_caveat(&claims));
        let name = known.and_then(|r| r.name.clone()).map(|n| format!(" {n}")).unwrap_or_default();
        let draft = Draft::new(
            self.meta.id,
            Action::Remove,
            &used.resource_id,
            cx.scope_of(used),
            trade_off,
        )
        .title(format!("Remove the idle {}{name}", self.noun))
        .facts(seen.facts)
        .evidence("days measured", seen.days, "utilization")
        .facts([cost_now(cx, &claims)?])
        .claims(claims);
        let draft = (self.runbook)(draft, used, known);
        out.opportunities.push(draft.finish(cx.currency())?);
        Ok(())
    }
}

/// Formats a value for people: two decimals, or none from 100 on.
pub(in crate::checks) fn rounded(value: f64) -> String {
    if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

/// Words in names and tags of resources that are idle on purpose.
const STANDBY: [&str; 8] =
    ["standby", "dr", "failover", "passive", "secondary", "disaster", "recovery", "warm"];

/// Returns the reason if a resource is a standby by its name or tags. A standby is idle on purpose,
/// for the day when the other resource fails.
pub(in crate::checks) fn standby(resource: &Resource) -> Option<String> {
    let named = resource.name.iter().map(|n| ("name", n));
    let tagged = resource.tags.iter().map(|(k, v)| (k.as_str(), v));
    for (where_, text) in named.chain(tagged) {
        let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
        if let Some(word) = words.find(|w| STANDBY.iter().any(|s| w.eq_ignore_ascii_case(s))) {
            return Some(format!(
                "a standby according to its {where_} (`{word}`): idle on purpose"
            ));
        }
    }
    None
}

/// Returns the reason if the utilization of a resource does not show the size it needs: a standby
/// must be able to take the load of the other resource.
pub(in crate::checks) fn sized_for_another(resource: &Resource) -> Option<String> {
    standby(resource)
        .map(|reason| format!("{reason}; it must be as large as the resource it can replace"))
}

/// Evaluates every resource: there is no further reason to skip one.
pub(in crate::checks) fn always(_: &Context<'_>, _: &Resource) -> Option<String> {
    None
}
