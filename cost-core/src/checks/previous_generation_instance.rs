//! On-demand instances of a generation that a newer one replaces for less.
//!
//! In:  resource-by-month rows of on-demand `BoxUsage`; instance facts and prices; CPU where it is known.
//! Out: one `Modify` opportunity an instance.
//! Not here: hours covered by a commitment (they save nothing until it ends); changes of size or architecture.

use rust_decimal::Decimal;

use super::{lines, scope_of};
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, Meter, ResourceUse};
use crate::money::{Money, Savings};
use crate::opportunity::{Action, Claim, Draft, Evidence, Slice};
use crate::price::InstanceType;
use crate::tradeoff::{Level, Reversibility, TradeOff};
use crate::usage::CpuUse;

/// CPU that sizing keeps under at the 99th percentile of hourly maxima, percent. Rule of the house (ARCHITECTURE.md).
const CPU_LIMIT_PCT: f64 = 70.0;
/// First generation on the Nitro system for classes c, m, r and t: older ones need ENA and `NVMe` drivers before they
/// move. AWS, Amazon EC2 User Guide, "Instances built on the AWS Nitro System".
fn is_xen(t: &InstanceType) -> bool {
    t.generation() < 5 && !(t.class() == "t" && t.generation() >= 3)
}

/// See [`META`].
pub(super) struct PreviousGenerationInstance;

static META: CheckMeta = CheckMeta {
    id: "previous_generation_instance",
    title: "Instances of an older generation",
    since: "0.1.0",
    permissions: &["ec2:DescribeInstances", "ec2:DescribeInstanceTypes", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter", "PricingCategory", "ListCost", "PricingQuantity"],
    history_months: 1,
    docs: "\
## What it finds
On-demand instances (usage type `BoxUsage`) for which a newer generation of the same class (m, c, r, t …) has the same
vCPUs and architecture x86_64, no less memory, network, EBS bandwidth, instance storage and CoreMark, and a lower
on-demand price. Of those the cheapest is named.
## How the saving is computed
Per month of 730 h: EffectiveCost of the on-demand hours × (1 − new price ÷ old price), both list prices: what is paid
scales, so private discounts are kept. `low` and `high` use the lowest and highest of the last three months, and never more
than this month's spend. Usage whose list price is not that of Linux on demand is skipped: another operating system or
licence changes the ratio.
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
        for used in cx.resource_use(Some("Standard"), |m| Meter::on_demand_instance(m).is_some())? {
            let Some(old) = Meter::on_demand_instance(&used.usage_type).and_then(|t| cx.prices.instance_type(t)) else {
                out.skip(&used.resource_id, format!("nothing is known of the instance type in {}", used.usage_type));
                continue;
            };
            // Only types that have successors at all are worth a word when something is unknown.
            let Some(new) = successor(cx, old) else { continue };
            match cx.priced_as_linux(&used, &old.instance_type) {
                Ok(price) => judge(cx, &used, (old, price), new, &mut out)?,
                Err(unknown) => out.skip_unknown(&used.resource_id, &unknown),
            }
        }
        Ok(out)
    }
}

/// The cheapest newer type that is no worse in anything known, and its on-demand price.
fn successor<'a>(cx: &Context<'a>, old: &InstanceType) -> Option<(&'a InstanceType, Decimal)> {
    let at_least = |new: Option<Decimal>, old: Option<Decimal>| old.is_none() || new.is_some_and(|n| Some(n) >= old);
    // Without its size nothing can be called its equal.
    let (vcpu, memory) = (old.vcpu?, old.memory_mib?);
    let old_price = old.od_linux_usd_hr?;
    let fits = |new: &&InstanceType| {
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
    let priced = cx.prices.instance_types().filter(fits).filter_map(|t| Some((t, t.od_linux_usd_hr?)));
    let cheapest = priced.min_by(|a, b| a.1.cmp(&b.1).then_with(|| a.0.instance_type.cmp(&b.0.instance_type)));
    cheapest.filter(|(_, price)| *price < old_price)
}

fn judge(
    cx: &Context<'_>,
    used: &ResourceUse,
    (old, old_price): (&InstanceType, Decimal),
    (new, new_price): (&InstanceType, Decimal),
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let spend = used.now().spend()?;
    let share = Decimal::ONE - new_price / old_price;
    if spend.is_zero_or_less() {
        return Ok(());
    }
    let (low, high) = used.spend_range()?;
    let expected = spend.try_mul(share)?;
    let savings = Savings::try_new(low.try_mul(share)?, expected, high.try_mul(share)?.try_min(spend)?)?;
    let mut evidence = vec![
        Evidence::new("cost now, per month (on-demand hours)", spend, "bill"),
        Evidence::new("price now, USD per hour", old_price.normalize(), "price list"),
        Evidence::new("price then, USD per hour", new_price.normalize(), "price list"),
    ];
    let cpu = cx.utilization.and_then(|u| u.cpu(&used.resource_id));
    let caveat = cpu_evidence(cpu, old, new, &mut evidence);
    let draft = Draft {
        title: format!("Move {} to {}", old.instance_type, new.instance_type),
        subject: used.resource_id.clone(),
        scope: scope_of(used),
        action: Action::Modify,
        trade_off: trade_off(Money::zero(cx.currency()), old, new, caveat),
        evidence,
        claims: vec![Claim {
            sub_account_id: used.sub_account_id.clone(),
            resource_id: used.resource_id.clone(),
            slice: Slice::Compute,
            spend,
            savings,
        }],
    };
    out.opportunities.push(draft.finish(META.id, cx.currency())?);
    Ok(())
}

/// Adds what is known of the CPU, now and after the move (scaled by `CoreMark`), and gives a caveat if there is one.
fn cpu_evidence(
    cpu: Option<&CpuUse>,
    old: &InstanceType,
    new: &InstanceType,
    evidence: &mut Vec<Evidence>,
) -> Option<String> {
    let Some(cpu) = cpu else {
        return Some("its CPU use is not known: watch it for a week after the move".into());
    };
    let speed = |t: &InstanceType| t.coremark_iterations_per_s.and_then(|c| c.to_string().parse::<f64>().ok());
    let now = cpu.p99_of_hourly_max_pct;
    evidence.push(Evidence::new(
        "CPU p99 of hourly maxima",
        format!("{now:.0} % over {} hours", cpu.hours),
        "utilization",
    ));
    let (old, new) = (speed(old)?, speed(new)?);
    let then = now * old / new;
    evidence.push(Evidence::new("the same after the move, by CoreMark", format!("{then:.0} %"), "price list"));
    (then > CPU_LIMIT_PCT).then(|| {
        format!("CPU stays above {CPU_LIMIT_PCT:.0} % at its peaks: it needs a larger size, not a smaller one")
    })
}

fn trade_off(nothing: Money, old: &InstanceType, new: &InstanceType, caveat: Option<String>) -> TradeOff {
    let mut caveats: Vec<String> = caveat.into_iter().collect();
    if new.attributes() == "a" && old.attributes() != "a" {
        caveats.push("AMD instead of Intel processors: check software licensed or tuned for Intel".into());
    }
    if is_xen(old) {
        caveats.push("Xen to Nitro: the image needs the ENA and NVMe drivers, and device names change".into());
    }
    TradeOff {
        effort: if is_xen(old) { Level::Medium } else { Level::Low },
        risk: if is_xen(old) { Level::Medium } else { Level::Low },
        risk_reason: "same size and architecture, no less of anything measured; the image must boot on the new type"
            .into(),
        reliability: "none once moved; newer generations have more capacity in most zones".into(),
        downtime:
            "a stop and start, some minutes; none if replaced behind a load balancer or by its Auto Scaling group"
                .into(),
        commitment_months: None,
        upfront: nothing,
        break_even_months: None,
        reversibility: Reversibility::Reversible,
        test_first: lines(&[
            "start the same image on the new type in staging and run the service's own checks",
            "move one instance of a group first and compare latency and CPU over a day",
        ]),
        rollback: lines(&["stop the instance, change the type back, start it"]),
        caveats,
    }
}
