//! On-demand instances of a generation that a newer one replaces for less.
//!
//! In:  resource-by-month rows of `BoxUsage`; instance facts and prices; CPU where it is known.
//! Out: one `Modify` opportunity an instance.
//! Not here: changes of size (see `oversized_instance`), maker or architecture (`amd_instance`, `graviton_instance`).

use rust_decimal::Decimal;

use super::machine::{
    Catalogues, Machine, change_type, covered_caveat, is_instance_hours, machine, prices, share, trade_off,
};
use super::{expected, spend_of};
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, Group, ResourceUse};
use crate::opportunity::{Action, Change, Draft, Evidence};
use crate::price::InstanceType;
use crate::rightsizing::{CPU_LIMIT_PCT, Catalogue};
use crate::usage::{Metric, Use};

/// See [`META`].
pub(super) struct PreviousGenerationInstance;

static META: CheckMeta = CheckMeta {
    id: "previous_generation_instance",
    title: "Instances of an older generation",
    group: Group::Modernisation,
    since: "0.1.0",
    needs: &[],
    permissions: &["ec2:DescribeInstances", "ec2:DescribeInstanceTypes", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter", "ListCost", "PricingQuantity"],
    history_months: 1,
    thresholds: &[],
    docs: "\
## What it finds
Instances (usage type `BoxUsage`) for which a newer generation of the same class (m, c, r, t …) has the same
vCPUs and architecture x86_64, no less memory, network, EBS bandwidth, instance storage and CoreMark, and a lower
on-demand price. Of those the cheapest is named. From the bill alone.
## How the saving is computed
Per month of 730 h: EffectiveCost of the hours × (1 − new price ÷ old price), both list prices of what runs on it (Linux, Windows,
RHEL, told by the bill's own list price): what is paid scales, so private discounts are kept. Hours that a commitment pays for save
what other usage then does not cost on demand. `low` uses the lowest of the last three months. Usage with another list price is
skipped: an unknown licence changes the ratio.
## Trade-offs
A stop and start; for instances before Nitro (c4, m4, r4, t2 and older) ENA and NVMe drivers first. The new type may have
AMD processors: said in the caveats.
## Source
Facts and prices: datasets/prices/SOURCES.md. AWS, Amazon EC2 User Guide, \"Change the instance type\". Read 2026-11.",
};

impl Check for PreviousGenerationInstance {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        let mut catalogues = Catalogues::default();
        let mut last = "";
        for used in cx.used(is_instance_hours) {
            if used.resource_id == last {
                continue;
            }
            last = &used.resource_id;
            match machine(cx, used) {
                Ok(of) => {
                    let catalogue = catalogues.of(cx, &used.region_id, of.system);
                    if let Some(new) = successor(catalogue, of) {
                        judge(cx, used, of, new, &mut out)?;
                    }
                }
                Err(unknown) => out.skip_unknown(&used.resource_id, &unknown),
            }
        }
        Ok(out)
    }
}

/// The cheapest newer type that is no worse in anything known, and its on-demand price.
fn successor<'a>(catalogue: &Catalogue<'a>, of: Machine<'_>) -> Option<(&'a InstanceType, Decimal)> {
    let old = of.today;
    let at_least = |new: Option<Decimal>, old: Option<Decimal>| old.is_none() || new.is_some_and(|n| Some(n) >= old);
    // Without its size nothing can be called its equal.
    let (vcpu, memory) = (old.vcpu?, old.memory_mib?);
    let fits = |new: &InstanceType| {
        new.class() == old.class()
            && new.generation() > old.generation()
            && matches!(new.attributes(), "" | "a" | "i")
            && new.vcpu == Some(vcpu)
            && new.memory_mib >= Some(memory)
            && new.architectures.contains("x86_64")
            && new.local_storage_gb >= old.local_storage_gb
            && new.burstable == old.burstable
            && new.bare_metal == old.bare_metal
            && new.gpus == old.gpus
            && at_least(new.network_baseline_gbps, old.network_baseline_gbps)
            && at_least(new.ebs_baseline_mbps, old.ebs_baseline_mbps)
            && at_least(new.coremark_iterations_per_s, old.coremark_iterations_per_s)
    };
    catalogue.types().take_while(|(_, price)| *price < of.price).find(|(new, _)| fits(new))
}

fn judge(
    cx: &Context<'_>,
    used: &ResourceUse,
    of: Machine<'_>,
    (new, then): (&InstanceType, Decimal),
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let old = of.today;
    let claims = cx.claims(&used.resource_id, is_instance_hours, share(of.price, then))?;
    if expected(cx, &claims)?.is_zero_or_less() {
        return Ok(());
    }
    let reason = "same size and architecture, no less of anything measured; the image must boot on the new type";
    let mut facts = Vec::new();
    let caveat = cpu_evidence(cx.busy(&used.resource_id), old, new, &mut facts);
    let trade_off = trade_off(cx, old, new, reason).caveat(caveat).caveat(covered_caveat(&claims));
    let draft = Draft::new(META.id, Action::Modify, &used.resource_id, cx.scope_of(used), trade_off)
        .title(format!("Move {} to {}", old.instance_type, new.instance_type))
        .change(Change {
            what: "instance type".to_owned(),
            from: old.instance_type.clone(),
            to: new.instance_type.clone(),
            predicted_cpu_p99_pct: None,
            hours_above_70_pct: None,
            restart: true,
            architecture_change: false,
        });
    let draft = prices(draft, of.price, then, spend_of(cx, &claims)?).facts(facts).claims(claims);
    let draft = change_type(draft, &used.resource_id, &old.instance_type, &new.instance_type);
    out.opportunities.push(draft.finish(cx.currency())?);
    Ok(())
}

/// Adds what is known of the CPU, now and after the move (scaled by `CoreMark`), and gives a caveat if there is one.
fn cpu_evidence(of: Option<&Use>, old: &InstanceType, new: &InstanceType, facts: &mut Vec<Evidence>) -> Option<String> {
    let Some((of, now)) = of.and_then(|of| Some((of, of.percentile(Metric::CpuMax, 99)?))) else {
        return Some("its CPU use is not known: watch it for a week after the move".into());
    };
    let hours = of.hours(Metric::CpuMax);
    facts.push(Evidence::new("CPU p99 of hourly maxima", format!("{now:.0} % over {hours} hours"), "utilization"));
    let then = now * old.speed()? / new.speed()?;
    facts.push(Evidence::new("the same after the move, by CoreMark", format!("{then:.0} %"), "price list"));
    (then > CPU_LIMIT_PCT).then(|| {
        format!("CPU stays above {CPU_LIMIT_PCT:.0} % at its peaks: it needs a larger size, not a smaller one")
    })
}
