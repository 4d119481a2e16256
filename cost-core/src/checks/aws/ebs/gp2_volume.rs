//! Volumes of type gp2 that would cost less as gp3.
//!
//! In: monthly resource rows of `EBS:VolumeUsage.gp2`; sizes from the inventory if there is one.
//! Out: one `Modify` opportunity per volume, with the IOPS and throughput that retain its
//! performance. Not here: io1 and io2 (see `provisioned_iops_volume`).

use rust_decimal::Decimal;

use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, Group, ResourceUse};
use crate::checks::aws::meter::kind;
use crate::checks::shared::rollout::tested;
use crate::checks::shared::{Replacement, cost_now, expected, less};
use crate::cloud::Provider;
use crate::inventory::short_id;
use crate::money::Money;
use crate::opportunity::{Action, Draft, Slice};
use crate::price::UnknownPrice;
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

/// gp2 baseline: IOPS per GB, up to the cap below. AWS, Amazon EBS User Guide, "General Purpose SSD
/// volumes".
const GP2_IOPS_PER_GB: i64 = 3;
/// gp2 cap, IOPS. Same source.
const GP2_IOPS_MAX: i64 = 16_000;
/// gp2 throughput of volumes of 334 GB and more, MB/s. Same source.
const GP2_THROUGHPUT: i64 = 250;
/// Size from which a gp2 volume has that throughput at its baseline, GB. Same source.
const GP2_FULL_THROUGHPUT_GB: i64 = 334;
/// Included in every gp3 volume, IOPS. Same source.
pub(in crate::checks) const GP3_IOPS: i64 = 3_000;
/// Included in every gp3 volume, MB/s. Same source.
pub(in crate::checks) const GP3_THROUGHPUT: i64 = 125;

/// The check that [`META`] describes.
pub(in crate::checks) struct Gp2Volume;

static META: CheckMeta = CheckMeta {
    id: "gp2_volume",
    provider: Some(Provider::Aws),
    service: "ebs",
    title: "gp2 volumes that would cost less as gp3",
    group: Group::Modernization,
    since: "0.1.0",
    needs: &[],
    permissions: &["ec2:DescribeVolumes"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 1,
    thresholds: &[],
    docs: "\
## What it finds
Every volume billed as `EBS:VolumeUsage.gp2`. Its size is from the inventory, or else the largest GB-month quantity of the
last three months. Needs only the bill.
## How the saving is computed
Per month: EffectiveCost × (1 − gp3 price ÷ gp2 price) − the cost of the same performance on gp3. That is the IOPS above 3,000 if
3 × GB is more, and 125 MB/s of throughput for volumes of 334 GB and more, at list price × paid gp2 price ÷ gp2 list
price. The ratio gp3 price ÷ gp2 price uses the prices per GB-month in the bill if the region has both, else list prices. If
these are unknown, the volume is skipped. `low` uses the cheapest of the last three months. `high` excludes the
extra performance.
## Trade-offs
The change is online, without detaching the volume. Performance is the same or better. Volumes of 170 to 333 GB lose bursts of
throughput between 125 and 250 MB/s unless throughput is added.
## Source
AWS, Amazon EBS User Guide, \"Amazon EBS General Purpose SSD volumes\" and \"Modify an Amazon EBS volume\". Read 2026-11.",
};

impl Check for Gp2Volume {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        for used in cx.named_once(is_gp2, &mut out)? {
            match Prices::of(cx, &used.region_id) {
                Ok(prices) => judge(cx, used, &prices, &mut out)?,
                Err(unknown) => out.skip_unknown(&used.resource_id, &unknown),
            }
        }
        Ok(out)
    }
}

/// Returns whether a usage is the storage of a gp2 volume.
fn is_gp2(used: &ResourceUse) -> bool {
    kind(used) == "EBS:VolumeUsage.gp2"
}

struct Prices {
    /// gp3 ÷ gp2 per GB-month.
    ratio: Decimal,
    /// Source of the gp3 price.
    source: &'static str,
    iops: Decimal,
    throughput: Decimal,
}

impl Prices {
    fn of(cx: &Context<'_>, region: &str) -> Result<Self, UnknownPrice> {
        let (gp2, of_gp2) = cx.paid_or_list(region, "EBS:VolumeUsage.gp2", "gp2")?;
        let (gp3, source) = cx.paid_or_list(region, "EBS:VolumeUsage.gp3", "gp3")?;
        // Compare paid prices with paid prices, and list prices with list prices: the paid gp2
        // price may include a discount that list prices do not have.
        let list = cx.list(region, "gp2")?;
        let (from, to) =
            if of_gp2 == source { (gp2, gp3) } else { (list, cx.list(region, "gp3")?) };
        let ratio = to.checked_div(from).unwrap_or(Decimal::ONE);
        let share = gp2.checked_div(list).unwrap_or(Decimal::ONE);
        let extra = |item: &str| cx.list(region, item).map(|price| price * share);
        Ok(Self { ratio, source, iops: extra("gp3-iops")?, throughput: extra("gp3-throughput")? })
    }
}

fn judge(
    cx: &Context<'_>,
    used: &ResourceUse,
    prices: &Prices,
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let known_size = cx.resource(&used.resource_id).and_then(|v| v.size_gb);
    let billed: Vec<&ResourceUse> =
        cx.of_resource(&used.resource_id).iter().filter(|u| is_gp2(u)).collect();
    let all = cx.summed(&billed)?;
    let billed_size = all.iter().flat_map(|u| &u.months).filter_map(|m| m.quantity).max();
    let Some(size) = known_size.or_else(|| billed_size.and_then(|q| i64::try_from(q.round()).ok()))
    else {
        out.skip(
            &used.resource_id,
            "its size is missing: neither the inventory nor PricingQuantity has it",
        );
        return Ok(());
    };
    let iops = (size * GP2_IOPS_PER_GB).clamp(GP3_IOPS, GP2_IOPS_MAX);
    let throughput = if size >= GP2_FULL_THROUGHPUT_GB { GP2_THROUGHPUT } else { GP3_THROUGHPUT };
    let extra = Decimal::from(iops - GP3_IOPS) * prices.iops
        + Decimal::from(throughput - GP3_THROUGHPUT) * prices.throughput;
    let extra = Money::new(extra, cx.currency());
    let mut claims = cx.claims(&used.resource_id, is_gp2, Decimal::ONE - prices.ratio)?;
    let performance = Replacement { least: cx.nothing(), ..Replacement::exactly(extra) };
    less(&mut claims, Slice::Storage, performance)?;
    if expected(cx, &claims)?.is_zero_or_less() {
        out.skip(&used.resource_id, "gp3 with the same performance would not cost less");
        return Ok(());
    }
    let id = shell_word(short_id(&used.resource_id));
    let draft = Draft::new(
        META.id,
        Action::Modify,
        &used.resource_id,
        cx.scope_of(used),
        trade_off(cx, size),
    )
    .title(format!("Change the {size} GB volume from gp2 to gp3 ({iops} IOPS, {throughput} MB/s)"))
    .from_to("volume type", "gp2", "gp3")
    .facts([cost_now(cx, &claims)?])
    .evidence("gp3 price ÷ gp2 price", prices.ratio.round_dp(4).normalize(), prices.source)
    .evidence("IOPS and throughput added for the same performance, per month", extra, "price list")
    .claims(claims);
    let draft = tested(draft, "volume")
        .run(format!(
            "aws ec2 modify-volume --volume-id {id} --volume-type gp3 --iops {iops} --throughput {throughput}"
        ))
        .run(format!("aws ec2 describe-volumes-modifications --volume-ids {id}"))
        .undo(format!("aws ec2 modify-volume --volume-id {id} --volume-type gp2"))
        .watch("VolumeReadOps, VolumeWriteOps, VolumeQueueLength, and the service's latency, for a day")
        .terraform(format!("aws_ebs_volume: type = \"gp3\", iops = {iops}, throughput = {throughput}"));
    out.opportunities.push(draft.finish(cx.currency())?);
    Ok(())
}

fn trade_off(cx: &Context<'_>, size_gb: i64) -> TradeOff {
    let bursts = (170..GP2_FULL_THROUGHPUT_GB).contains(&size_gb);
    let reason = "an online change that AWS supports; baseline performance stays the same";
    let caveat = "bursts between 125 and 250 MB/s are lost unless throughput is added: check VolumeReadBytes first";
    TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
        .reliability("none: same durability class (99.8 to 99.9 %), same snapshots")
        .no_downtime(
            "none; the volume is somewhat slower while it is being optimized (minutes to hours)",
        )
        // A volume can be modified again only after six hours.
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "change one volume in staging and compare latency and queue length over a day",
        ])
        .rollback(&[
            "modify the volume back to gp2; a volume can be modified again after about six hours",
        ])
        .caveat(bursts.then(|| caveat.to_owned()))
}
