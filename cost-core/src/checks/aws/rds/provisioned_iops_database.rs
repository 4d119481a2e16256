//! Databases with io1 or io2 storage that would cost less with gp3.
//!
//! In:  monthly resource rows of provisioned IOPS storage of RDS; the inventory's size, IOPS, and
//!      engine; prices of gp3.
//! Out: one `Modify` opportunity per database.
//! Not here: gp2, which costs as much as gp3 in RDS.

use rust_decimal::Decimal;

use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, ResourceUse};
use crate::checks::aws::lines;
use crate::checks::aws::meter::kind;
use crate::checks::shared::plain::name_of;
use crate::checks::shared::{Replacement, cost_now, expected, less};
use crate::cloud::Provider;
use crate::inventory::detail;
use crate::money::Money;
use crate::opportunity::{Action, Draft, Evidence, Slice};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

/// The check that [`META`] describes.
pub(in crate::checks) struct ProvisionedIopsDatabase;

static META: CheckMeta = CheckMeta {
    id: "provisioned_iops_database",
    provider: Some(Provider::Aws),
    service: "rds",
    title: "Databases with io1 or io2 storage that would cost less with gp3",
    group: Group::Modernization,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["rds:DescribeDBInstances", "pricing:GetProducts"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[],
    docs: "\
## What it finds
RDS instances (MySQL, MariaDB, PostgreSQL, Oracle) with io1 or io2 storage for which gp3 of the same size supports the same IOPS for less. gp3 has
12,000 IOPS and 500 MiB/s included from 400 GB on (Oracle: 200 GB), and at most 64,000 IOPS. Smaller storage has 3,000 IOPS, and no more can be added.
Storage of gp2 costs as much as gp3, so there is nothing to save. SQL Server and other engines have other limits and are skipped.
## How the saving is computed
Per month: EffectiveCost of the storage and its IOPS − gp3 of the same size, IOPS, and throughput, at the price in the bill or the price list;
Multi-AZ costs twice as much. The throughput is what the old storage could deliver: 256 KiB per operation, at most 1,000 MiB/s. `high` is with only
the performance that gp3 includes.
## Trade-offs
The change is online, with higher latency while the storage is optimized (hours), and no other storage change is possible for six hours afterwards.
gp3 has a latency of single-digit milliseconds and a durability of 99.8 to 99.9 % (io2: less than one millisecond, 99.999 %).
## Source
Amazon RDS User Guide, \"Amazon RDS DB instance storage\" and \"Modifying settings for General Purpose SSD (gp3) storage\". Prices:
cost-core/data/prices/SOURCES.md. Read 2026-11.",
};

/// Included IOPS of gp3 storage of RDS: below and from the size of [`large_gb`] on. Amazon RDS User
/// Guide, "Amazon RDS DB instance storage".
const IOPS: (i64, i64) = (3_000, 12_000);
/// Maximum IOPS of gp3 storage of RDS. Same source.
const IOPS_MAX: i64 = 64_000;
/// Included throughput, MiB/s, of large gp3 storage. Same source.
const THROUGHPUT: i64 = 500;
/// Throughput of io1 and io2 storage per IOPS, KiB/s, and at most, MiB/s: the check does not assume
/// more, because hourly use is not measured. Amazon EBS User Guide, "Amazon EBS Provisioned IOPS SSD
/// volumes".
const OLD_THROUGHPUT: (i64, i64) = (256, 1_000);

/// Returns the size from which gp3 of an engine has the larger performance included, GB; `None` for
/// engines with other limits. Same source as [`IOPS`].
fn large_gb(engine: &str) -> Option<i64> {
    match engine {
        "mysql" | "mariadb" | "postgres" => Some(400),
        _ if engine.starts_with("oracle") => Some(200),
        _ => None,
    }
}

/// Returns whether a usage is io1 or io2 storage: `RDS:PIOPS-Storage`,
/// `RDS:Multi-AZ-PIOPS-Storage`, `RDS:PIOPS-Storage-IO2`.
fn is_storage(used: &ResourceUse) -> bool {
    kind(used).starts_with("RDS:") && kind(used).contains("PIOPS-Storage")
}

/// Returns whether a usage is such storage or its IOPS (`RDS:PIOPS`, `RDS:IO2-PIOPS`).
fn goes(used: &ResourceUse) -> bool {
    let kind = kind(used);
    is_storage(used)
        || (kind.starts_with("RDS:") && kind.ends_with("PIOPS") && !kind.contains("GP3"))
}

impl Check for ProvisionedIopsDatabase {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        for used in cx.named_once(is_storage, &mut out)? {
            match target(cx, used) {
                Ok(Some(target)) => judge(cx, used, &target, &mut out)?,
                Ok(None) => {}
                Err(reason) => out.skip(&used.resource_id, reason),
            }
        }
        Ok(out)
    }
}

/// gp3 storage with the same performance, and its cost per month.
struct Target {
    size: i64,
    iops: i64,
    /// MiB/s, for large storage.
    throughput: Option<i64>,
    cost: Replacement,
    source: &'static str,
}

/// Returns the gp3 storage, `None` if gp3 does not support the IOPS, or the reason why this cannot
/// be determined.
fn target(cx: &Context<'_>, used: &ResourceUse) -> Result<Option<Target>, String> {
    let database = cx
        .resource(&used.resource_id)
        .ok_or("billed, but not in the inventory: its size and IOPS are unknown")?;
    let (size, iops) = database
        .size_gb
        .zip(database.iops)
        .ok_or("its size or its IOPS are missing from the inventory")?;
    let engine = database.get(detail::ENGINE).ok_or("its engine is missing from the inventory")?;
    let Some(large) = large_gb(engine) else {
        return Err(format!("{engine}: the limits of gp3 storage of this engine are different"));
    };
    let is_large = size >= large;
    let included = if is_large { IOPS.1 } else { IOPS.0 };
    if iops > included && (!is_large || iops > IOPS_MAX) {
        return Ok(None);
    }
    let (region, zones) = (&used.region_id, if kind(used).contains("Multi-AZ") { 2 } else { 1 });
    let known = || {
        let multi = if zones == 2 { "RDS:Multi-AZ-GP3-Storage" } else { "RDS:GP3-Storage" };
        let (mut gb, source) = cx.paid_or_list(region, multi, "rds-gp3")?;
        if source != "bill" {
            gb *= Decimal::from(zones);
        }
        let per = |item| {
            Ok::<_, crate::price::UnknownPrice>(cx.list(region, item)? * Decimal::from(zones))
        };
        Ok::<_, crate::price::UnknownPrice>((
            gb,
            source,
            per("rds-gp3-iops")?,
            per("rds-gp3-throughput")?,
        ))
    };
    let (gb, source, per_iops, per_mbps) = known().map_err(|unknown| unknown.to_string())?;
    let then = iops.max(included);
    let old_mbps = (iops * OLD_THROUGHPUT.0 / 1024).min(OLD_THROUGHPUT.1);
    let more_mbps = if is_large { (old_mbps - THROUGHPUT).max(0) } else { 0 };
    let money = |usd: Decimal| Money::new(usd, cx.currency());
    let storage = gb * Decimal::from(size);
    let with_iops = storage + per_iops * Decimal::from(then - included);
    let cost = Replacement {
        least: money(storage),
        expected: money(with_iops + per_mbps * Decimal::from(more_mbps)),
        most: money(with_iops + per_mbps * Decimal::from(more_mbps)),
    };
    let throughput = is_large.then_some(old_mbps.max(THROUGHPUT));
    Ok(Some(Target { size, iops: then, throughput, cost, source }))
}

fn judge(
    cx: &Context<'_>,
    used: &ResourceUse,
    target: &Target,
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let Target { size, iops, throughput, cost, source } = target;
    let mut claims = cx.claims(&used.resource_id, goes, Decimal::ONE)?;
    let largest = claims.iter().max_by_key(|c| c.spend.amount()).map(|c| c.slice);
    less(&mut claims, largest.unwrap_or(Slice::Storage), *cost)?;
    if expected(cx, &claims)?.is_zero_or_less() {
        return Ok(());
    }
    let name = name_of(cx, used);
    let database = cx.resource(&used.resource_id);
    let old = database.and_then(|d| d.volume_type.as_deref()).unwrap_or("io1");
    let old_iops = database.and_then(|d| d.iops).unwrap_or(*iops);
    let id = shell_word(name);
    let describe = format!("aws rds describe-db-instances --db-instance-identifier {id}");
    let modify =
        format!("aws rds modify-db-instance --db-instance-identifier {id} --apply-immediately");
    let options = throughput
        .map_or_else(String::new, |mbps| format!(" --iops {iops} --storage-throughput {mbps}"));
    let draft =
        Draft::new(META.id, Action::Modify, &used.resource_id, cx.scope_of(used), trade_off(cx, old))
            .title(format!("Change the {size} GB of {name} from {old} to gp3 ({iops} IOPS)"))
            .from_to("storage type", old, "gp3")
            .facts([Evidence::new("IOPS provisioned", old_iops, "inventory"), cost_now(cx, &claims)?])
            .evidence("gp3 with the same performance, per month", cost.expected, source)
            .claims(claims)
            .rollout(&["restore a snapshot to gp3 and replay a busy hour", "change production outside busy hours"])
            .run(format!("save database.json {describe}"))
            .run(lines::keep("TYPE", &describe, "DBInstances[0].StorageType"))
            .run(format!("{modify} --storage-type gp3{options}"))
            .run(format!("aws rds wait db-instance-available --db-instance-identifier {id}"))
            .undo(". ./ids.sh")
            .undo(format!("{modify} --storage-type \"$TYPE\" --iops {old_iops}"))
            .watch("ReadLatency, WriteLatency, DiskQueueDepth, and ReadThroughput + WriteThroughput for a week")
            .terraform("aws_db_instance: storage_type = \"gp3\", iops, storage_throughput");
    out.opportunities.push(draft.finish(cx.currency())?);
    Ok(())
}

fn trade_off(cx: &Context<'_>, old: &str) -> TradeOff {
    let (reason, reliability) = if old == "io2" {
        (
            "the same IOPS, but without the latency that AWS states for io2",
            "durability 99.8 to 99.9 % instead of io2's 99.999 %: backups matter more",
        )
    } else {
        ("the same IOPS, but the latency can vary more", "none: durability is the same")
    };
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability(reliability)
        .undo(Reversibility::WithEffort)
        .no_downtime("none; latency is higher for hours, while the storage is optimized")
        .test_first(&[
            "compare ReadThroughput + WriteThroughput of the busiest hours with 500 MiB/s (storage below 400 GB: 125 MiB/s)",
            "restore a snapshot to gp3 and replay a busy hour",
        ])
        .rollback(&["change the storage back, six hours after the first change at the earliest"])
}
