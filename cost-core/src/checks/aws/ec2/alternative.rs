//! Shared code of checks that move an instance to another type of the same size.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::change_type;
use super::machine::{
    Catalogues, Key, Machine, estimated, is_instance_hours, key, machine_or_estimate, prices,
    trade_off, type_change, widened,
};
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, ResourceUse};
use crate::checks::aws::scaling_group::{group_of, without_emr};
use crate::checks::shared::{cheaper, covered_caveat, expected, spend_of};
use crate::cloud::aws::{Ec2Type, crossed, is_current_target};
use crate::opportunity::{Action, Draft, Evidence};
use crate::price::{InstanceType, System};
use crate::rightsizing::{CPU_LIMIT_PCT, Catalogue};
use crate::usage::{Metric, Use};

/// Returns whether a new value is at least `pct` percent of the old one. True if the old value is
/// unknown, false if only the new one is.
pub(in crate::checks) fn at_least(
    new: Option<Decimal>,
    old: Option<Decimal>,
    pct: Decimal,
) -> bool {
    old.is_none() || new.zip(old).is_some_and(|(new, old)| new * Decimal::ONE_HUNDRED >= old * pct)
}

/// Returns whether a type has the class and size of another, and no less memory, storage, and
/// network.
pub(in crate::checks) fn same_size(new: &InstanceType, old: &InstanceType) -> bool {
    new.class() == old.class()
        && old.vcpu.is_some()
        && new.vcpu == old.vcpu
        && new.memory_mib >= old.memory_mib
        && new.local_storage_gb >= old.local_storage_gb
        && new.burstable == old.burstable
        && at_least(new.network_baseline_gbps, old.network_baseline_gbps, Decimal::ONE_HUNDRED)
}

/// The lowest EBS bandwidth of a type with full CPU, as a percentage of that of a burstable one.
/// Chosen: M types have 650 Mbit/s where T3 has 695.
const LEAST_EBS_PCT: Decimal = Decimal::from_parts(90, 0, 0, false, 0);

/// Returns whether a type has full CPU instead of CPU credits, and is no worse than a burstable type
/// in any known property. `CoreMark` of the burstable type is that of its bursts.
pub(in crate::checks) fn has_full_cpu(new: &InstanceType, old: &InstanceType) -> bool {
    let all = Decimal::ONE_HUNDRED;
    new.burstable == Some(false)
        && matches!(new.class(), "m" | "c" | "r")
        && new.current_generation == Some(true)
        && old.vcpu.is_some()
        && new.vcpu == old.vcpu
        && old.memory_mib.is_some()
        && new.memory_mib >= old.memory_mib
        && new.architectures == old.architectures
        && at_least(new.network_baseline_gbps, old.network_baseline_gbps, all)
        && at_least(new.ebs_baseline_mbps, old.ebs_baseline_mbps, LEAST_EBS_PCT)
        && at_least(new.coremark_iterations_per_s, old.coremark_iterations_per_s, all)
}

/// Returns whether a new type is Graviton and an old type is not, and the new one is no older.
pub(in crate::checks) fn is_graviton(new: &InstanceType, old: &InstanceType) -> bool {
    new.maker() == "AWS" && old.maker() != "AWS" && new.generation() >= old.generation()
}

/// A check for instances for which another type of the same class and size costs less.
pub(in crate::checks) struct AlternativeCheck {
    pub(in crate::checks) meta: &'static CheckMeta,
    /// Whether the first type is a replacement that the check looks for, for the second type.
    pub(in crate::checks) is_sought: fn(&InstanceType, &InstanceType) -> bool,
    /// The operating systems that the check evaluates.
    pub(in crate::checks) systems: &'static [System],
    /// The reason for the risk level.
    pub(in crate::checks) reason: &'static str,
    /// The suffix of the title, such as ` (Graviton)`.
    pub(in crate::checks) label: &'static str,
}

impl Check for AlternativeCheck {
    fn meta(&self) -> &'static CheckMeta {
        self.meta
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        let mut catalogues = Catalogues::default();
        let mut groups: BTreeMap<Result<Key, Key>, Vec<(&ResourceUse, Machine<'_>)>> =
            BTreeMap::new();
        let all = cx.named_once(is_instance_hours, &mut out)?;
        for used in without_emr(cx, all, &mut out) {
            match machine_or_estimate(cx, used) {
                Ok(of) if !self.systems.contains(&of.system) => {}
                // Members of a group share one launch template and change together. Other instances
                // change individually.
                Ok(of) => {
                    let group = group_of(cx, &used.resource_id).map(|name| key(used, name));
                    groups
                        .entry(group.ok_or_else(|| key(used, &used.resource_id)))
                        .or_default()
                        .push((used, of));
                }
                Err(unknown) => out.skip_unknown(&used.resource_id, &unknown),
            }
        }
        for (group, members) in groups {
            let (Ok((_, region, name)) | Err((_, region, name))) = &group;
            let of = members[0].1;
            if members.iter().any(|(_, m)| {
                m.today.instance_type != of.today.instance_type
                    || m.system != of.system
                    || m.estimated != of.estimated
            }) {
                out.skip(name, "its members have different instance types".to_owned());
                continue;
            }
            let catalogue = catalogues.for_machine(cx, region, of);
            if let Some((new, then)) = self.alternative(catalogue, of) {
                let range = catalogue.range(&new.instance_type);
                let members: Vec<&ResourceUse> = members.iter().map(|(used, _)| *used).collect();
                self.judge(
                    cx,
                    (group.is_ok().then_some(name.as_str()), &members),
                    of,
                    (new, then, range),
                    &mut out,
                )?;
            }
        }
        Ok(out)
    }
}

impl AlternativeCheck {
    /// Returns the cheapest type that the check looks for and that is no worse in any known
    /// property.
    fn alternative<'a>(
        &self,
        catalogue: &Catalogue<'a>,
        of: Machine<'_>,
    ) -> Option<(&'a InstanceType, Decimal)> {
        let old = of.today;
        // Without a known memory size, types cannot be compared.
        old.memory_mib?;
        let all = Decimal::ONE_HUNDRED;
        let fits = |new: &InstanceType| {
            (self.is_sought)(new, old)
                && is_current_target(old, new)
                && crossed(old, new).is_some()
                && !new.architectures.is_empty()
                && same_size(new, old)
                && new.bare_metal == old.bare_metal
                && new.accelerates_like(old)
                && at_least(new.ebs_baseline_mbps, old.ebs_baseline_mbps, all)
                && at_least(new.coremark_iterations_per_s, old.coremark_iterations_per_s, all)
        };
        catalogue.types().take_while(|(_, price)| *price < of.price).find(|(new, _)| fits(new))
    }

    fn judge(
        &self,
        cx: &Context<'_>,
        (group, members): (Option<&str>, &[&ResourceUse]),
        of: Machine<'_>,
        (new, then, range): (&InstanceType, Decimal, Option<(Decimal, Decimal)>),
        out: &mut CheckOutput,
    ) -> Result<(), CheckError> {
        let old = of.today;
        let mut claims = Vec::new();
        let share = cheaper(of.price, then);
        let shares = range.map(|(low, high)| (cheaper(of.price, high), cheaper(of.price, low)));
        for used in members {
            let all = cx.claims(&used.resource_id, is_instance_hours, share)?;
            claims.extend(widened(all, share, shares)?);
        }
        if expected(cx, &claims)?.is_zero_or_less() {
            return Ok(());
        }
        let mut facts = Vec::new();
        let caveat = cpu_evidence(busiest(cx, members), old, new, &mut facts);
        let asks =
            trade_off(cx, old, new, self.reason).caveat(caveat).caveat(covered_caveat(&claims));
        let asks = match group {
            Some(_) if members.len() > 1 => {
                asks.no_downtime("none: the group replaces its members one by one")
            }
            _ => asks,
        };
        let subject = group.unwrap_or(&members[0].resource_id);
        let title = group.map_or_else(
            || format!("Move {} to {}{}", old.instance_type, new.instance_type, self.label),
            |name| {
                let count = members.len();
                format!(
                    "Move group {name} ({count} × {}) to {}{}",
                    old.instance_type, new.instance_type, self.label
                )
            },
        );
        let draft =
            Draft::new(self.meta.id, Action::Modify, subject, cx.scope_of(members[0]), asks)
                .title(title)
                .change(type_change(old, new, None));
        let draft =
            prices(draft, of.price, then, spend_of(cx, &claims)?).facts(facts).claims(claims);
        let draft = estimated(draft, range);
        let draft = match group {
            Some(name) => change_type::of_group(cx, draft, (name, members[0]), (old, new)),
            None => change_type::of_instance(draft, subject, old, new),
        };
        out.opportunities.push(draft.finish(cx.currency())?);
        Ok(())
    }
}

/// Returns the utilization of the member with the highest CPU peaks, among those measured.
fn busiest<'a>(cx: &'a Context<'_>, members: &[&ResourceUse]) -> Option<&'a Use> {
    let peak = |of: &&Use| of.percentile(Metric::CpuMax, 99);
    let measured = members
        .iter()
        .filter_map(|used| cx.busy(&used.resource_id))
        .filter(|of| peak(of).is_some());
    measured.max_by(|a, b| peak(a).partial_cmp(&peak(b)).unwrap_or(std::cmp::Ordering::Equal))
}

/// Adds evidence of CPU use, now and after the move (scaled by `CoreMark`). Returns a caveat if CPU
/// use is unknown or above the limit.
fn cpu_evidence(
    of: Option<&Use>,
    old: &InstanceType,
    new: &InstanceType,
    facts: &mut Vec<Evidence>,
) -> Option<String> {
    let Some((of, now)) = of.and_then(|of| Some((of, of.percentile(Metric::CpuMax, 99)?))) else {
        return Some("its CPU use is unknown: watch it for a week after the move".into());
    };
    let hours = of.hours(Metric::CpuMax);
    facts.push(Evidence::new(
        "CPU p99 of hourly maxima",
        format!("{now:.0} % over {hours} hours"),
        "utilization",
    ));
    let then = now * old.speed()? / new.speed()?;
    facts.push(Evidence::new(
        "CPU p99 after the move, scaled by CoreMark",
        format!("{then:.0} %"),
        "price list",
    ));
    (then > CPU_LIMIT_PCT).then(|| {
        format!("CPU peaks stay above {CPU_LIMIT_PCT:.0} %: the instance needs a larger size, not a smaller one")
    })
}
