//! EBS volumes at the limit of their operations or throughput, and gp2 volumes that spend their
//! burst credits.

use rust_decimal::Decimal;

use super::found::{Measured, change, measured, no_fix, ordered, period, risk, scaled_cost};
use crate::check::{CheckError, CheckOutput, Context, ResourceUse};
use crate::checks::aws::ebs::gp2_volume::{GP3_IOPS, GP3_THROUGHPUT};
use crate::checks::aws::meter::{is_volume, text};
use crate::inventory::{Resource, short_id};
use crate::money::Money;
use crate::opportunity::Evidence;
use crate::price::UnknownPrice;
use crate::risk::{Fix, ReliabilityRisk, RiskKind};
use crate::runbook::{Runbook, shell_word};
use crate::usage::{Metric, Use};

/// Largest performance of a gp3 volume: IOPS and MiB/s. Amazon EBS User Guide, "General Purpose SSD
/// volumes" (before the increase of 2025, so that it holds in every region). Read 2026-11.
const GP3_MOST: (i64, i64) = (16_000, 1_000);
const SECONDS: f64 = 3600.0;
const MIB: f64 = 1_048_576.0;

/// Returns the risks of volumes.
pub(super) fn risks(
    cx: &Context<'_>,
    out: &mut CheckOutput,
) -> Result<Vec<ReliabilityRisk>, CheckError> {
    let mut found = Vec::new();
    for used in cx.named_once(is_volume, out)? {
        let Some(volume) = cx.resource(&used.resource_id) else {
            out.skip(&used.resource_id, "billed, but not in the inventory: its limits are unknown");
            continue;
        };
        // An unattached volume has no operations.
        if volume.attached_to.is_none() {
            continue;
        }
        let busy = match measured(cx, &used.resource_id, Metric::Operations) {
            Ok(busy) => busy,
            Err(reason) => {
                out.skip(&used.resource_id, reason);
                continue;
            }
        };
        let Some((of, needs)) = at_limit(cx, volume, busy) else { continue };
        let fix = fix(cx, used, volume, needs)?;
        let ids = vec![used.resource_id.clone()];
        found.push(risk(cx.scope_of(used), &used.resource_id, ids, of, fix));
    }
    Ok(found)
}

/// Needed operations per second and MiB/s.
#[derive(Clone, Copy)]
struct Needs {
    iops: i64,
    mibps: i64,
}

/// Returns the limit that the busiest hours reach, and what the volume needs.
fn at_limit(cx: &Context<'_>, volume: &Resource, busy: &Use) -> Option<(Measured, Needs)> {
    let limits = &cx.settings.reliability;
    let per_second = |metric, scale: f64| busy.percentile(metric, 99).map(|v| v / SECONDS / scale);
    let iops = per_second(Metric::Operations, 1.0).unwrap_or(0.0);
    let mibps = per_second(Metric::Network, MIB).unwrap_or(0.0);
    let target = limits.capacity_target_pct.max(1.0) / 100.0;
    let needs = Needs { iops: whole(iops / target), mibps: whole(mibps / target) };
    let used = |value: f64, limit: Option<i64>| {
        let limit = f64::from(u32::try_from(limit?).ok()?);
        (limit > 0.0).then(|| (100.0 * value / limit, limit))
    };
    let id = short_id(&volume.resource_id);
    let found = [
        (RiskKind::Operations, Metric::Operations, "IOPS", iops, used(iops, volume.iops)),
        (
            RiskKind::Throughput,
            Metric::Network,
            "MiB/s",
            mibps,
            used(mibps, volume.throughput_mbps),
        ),
    ];
    let (kind, metric, unit, value, (share, limit)) = found
        .into_iter()
        .filter_map(|(kind, metric, unit, value, used)| Some((kind, metric, unit, value, used?)))
        .filter(|(.., (share, _))| *share > limits.capacity_limit_pct)
        .max_by(|a, b| a.4.0.total_cmp(&b.4.0))?;
    let of = Measured {
        kind,
        title: format!("volume {id}: {} at its limit", kind.title()),
        value: format!("{value:.0} {unit}, {share:.0} % of {limit:.0}"),
        threshold: format!("{} %, p99 of hourly means", limits.capacity_limit_pct),
        period: period(busy, metric),
        evidence: vec![
            Evidence::new(
                "operations per second, p99 of hourly means",
                format!("{iops:.0}"),
                "utilization",
            ),
            Evidence::new("MiB/s, p99 of hourly means", format!("{mibps:.1}"), "utilization"),
            Evidence::new(&format!("provisioned {unit}"), format!("{limit:.0}"), "inventory"),
        ],
    };
    Some((of, needs))
}

fn whole(value: f64) -> i64 {
    Decimal::from_f64_retain(value.ceil()).and_then(|d| i64::try_from(d).ok()).unwrap_or(0)
}

/// Returns the fix: more IOPS and throughput of a gp3 volume. gp2 becomes gp3 in the same change.
fn fix(
    cx: &Context<'_>,
    used: &ResourceUse,
    volume: &Resource,
    needs: Needs,
) -> Result<Fix, CheckError> {
    let kind = volume.volume_type.as_deref().unwrap_or("");
    let (most_iops, most_mibps) = GP3_MOST;
    if let Some(now) = volume.iops.filter(|now| matches!(kind, "io1" | "io2") && needs.iops > *now)
    {
        return more_iops(cx, used, kind, (now, needs.iops));
    }
    if !matches!(kind, "gp2" | "gp3") || needs.iops > most_iops || needs.mibps > most_mibps {
        let why = format!(
            "a volume of type {kind} that needs {} IOPS and {} MiB/s: compare io2 and more volumes",
            needs.iops, needs.mibps
        );
        return Ok(no_fix("Provision more performance", why));
    }
    let iops = needs.iops.max(GP3_IOPS).max(volume.iops.unwrap_or(0).min(most_iops));
    let mibps = needs.mibps.max(GP3_THROUGHPUT).max(volume.throughput_mbps.unwrap_or(0));
    let id = shell_word(short_id(&used.resource_id));
    let cost = cost(cx, used, volume, (iops, mibps));
    let shown = |v: Option<i64>| v.map_or_else(|| "–".to_owned(), |v| v.to_string());
    let (cost, unknown) = match cost {
        Ok(amount) => {
            let basis = "IOPS above 3,000 and MiB/s above 125 at the price paid or listed; for gp2, also the difference of the storage prices";
            (Some(ordered([amount; 3], basis.to_owned(), false)), None)
        }
        Err(unknown) => (None, Some(unknown.to_string())),
    };
    Ok(Fix {
        title: format!("Provision gp3 with {iops} IOPS and {mibps} MiB/s"),
        change: Some(change(
            "volume performance",
            format!("{kind}, {} IOPS, {} MiB/s", shown(volume.iops), shown(volume.throughput_mbps)),
            format!("gp3, {iops} IOPS, {mibps} MiB/s"),
            false,
        )),
        cost,
        unknown,
        caveats: vec![
            "the instance has its own EBS limit: compare its EBS bandwidth first".to_owned(),
        ],
        rollback: vec![
            "modify the volume back; a volume can be modified again after about six hours"
                .to_owned(),
        ],
        runbook: Runbook {
            rollout: vec!["at any time: the volume stays in use".to_owned()],
            commands: vec![modify(&id, "gp3", Some(iops), Some(mibps))],
            rollback_commands: vec![modify(&id, kind, volume.iops, volume.throughput_mbps)],
            watch: vec!["VolumeQueueLength and latency".to_owned()],
            terraform: vec![format!(
                "aws_ebs_volume: type = \"gp3\", iops = {iops}, throughput = {mibps}"
            )],
        },
    })
}

/// Returns the fix of a volume with provisioned IOPS: more of them, at the price that is paid.
fn more_iops(
    cx: &Context<'_>,
    used: &ResourceUse,
    kind: &str,
    (now, then): (i64, i64),
) -> Result<Fix, CheckError> {
    let id = shell_word(short_id(&used.resource_id));
    let parts: Vec<&ResourceUse> =
        cx.of_resource(&used.resource_id).iter().filter(|u| text(u).contains("P-IOPS")).collect();
    let ratio = Decimal::from(then).checked_div(Decimal::from(now)).unwrap_or(Decimal::ONE);
    let basis = "cost of the provisioned IOPS × (new ÷ current IOPS − 1)";
    let known = !parts.is_empty();
    let cost = scaled_cost(cx, parts, [ratio; 3], basis, false)?.filter(|_| known);
    Ok(Fix {
        title: format!("Provision {then} IOPS of {kind} instead of {now}"),
        change: Some(change("IOPS", now.to_string(), then.to_string(), false)),
        unknown: cost
            .is_none()
            .then(|| "the bill has no provisioned IOPS of the volume".to_owned()),
        cost,
        caveats: vec![
            "compare gp3 with the same IOPS first: it costs less, with less durability than io2"
                .to_owned(),
            "the instance has its own EBS limit: compare its EBS bandwidth first".to_owned(),
        ],
        rollback: vec![
            "modify the volume back; a volume can be modified again after about six hours"
                .to_owned(),
        ],
        runbook: Runbook {
            rollout: vec!["at any time: the volume stays in use".to_owned()],
            commands: vec![modify(&id, kind, Some(then), None)],
            rollback_commands: vec![modify(&id, kind, Some(now), None)],
            watch: vec!["VolumeQueueLength and latency".to_owned()],
            terraform: vec![format!("aws_ebs_volume: iops = {then}")],
        },
    })
}

/// Returns the command that sets the type and performance of a volume, whose ID is quoted.
fn modify(id: &str, kind: &str, iops: Option<i64>, mibps: Option<i64>) -> String {
    let iops = iops.filter(|_| kind != "gp2").map(|v| format!(" --iops {v}"));
    let mibps = mibps.filter(|_| kind == "gp3").map(|v| format!(" --throughput {v}"));
    format!(
        "aws ec2 modify-volume --volume-id {id} --volume-type {kind}{}{}",
        iops.unwrap_or_default(),
        mibps.unwrap_or_default()
    )
}

/// Returns the additional cost per month.
fn cost(
    cx: &Context<'_>,
    used: &ResourceUse,
    volume: &Resource,
    (iops, mibps): (i64, i64),
) -> Result<Money, UnknownPrice> {
    let region = &used.region_id;
    let is_gp2 = volume.volume_type.as_deref() == Some("gp2");
    let has =
        |value: Option<i64>, free: i64| if is_gp2 { free } else { value.unwrap_or(free).max(free) };
    let more =
        |then: i64, value: Option<i64>, free: i64| Decimal::from((then - has(value, free)).max(0));
    let mut price = Decimal::ZERO;
    let more_iops = more(iops, volume.iops, GP3_IOPS);
    let more_mibps = more(mibps, volume.throughput_mbps, GP3_THROUGHPUT);
    if more_iops > Decimal::ZERO {
        price += more_iops * cx.paid_or_list(region, "EBS:VolumeP-IOPS.gp3", "gp3-iops")?.0;
    }
    if more_mibps > Decimal::ZERO {
        price += more_mibps * cx.list(region, "gp3-throughput")?;
    }
    if is_gp2 {
        let size = Decimal::from(volume.size_gb.unwrap_or(0));
        price += size * (cx.list(region, "gp3")? - cx.list(region, "gp2")?);
    }
    Ok(Money::new(price, cx.currency()))
}
