//! Magnetic volumes, a previous generation, that cost more than gp3.
//!
//! In:  monthly resource rows of `EBS:VolumeUsage` and `EBS:VolumeIOUsage`.
//! Out: one `Modify` opportunity per volume.

use rust_decimal::Decimal;

use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, Group, ResourceUse};
use crate::checks::aws::meter::{is_volume, kind};
use crate::checks::shared::rollout::tested;
use crate::checks::shared::{Replacement, cost_now, expected, less};
use crate::cloud::Provider;
use crate::inventory::short_id;
use crate::money::Money;
use crate::opportunity::{Action, Draft, Slice};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

/// The check that [`META`] describes.
pub(in crate::checks) struct MagneticVolume;

static META: CheckMeta = CheckMeta {
    id: "magnetic_volume",
    provider: Some(Provider::Aws),
    service: "ebs",
    title: "Magnetic volumes that would cost less as gp3",
    group: Group::Modernization,
    since: "0.2.0",
    needs: &[],
    permissions: &["ec2:DescribeVolumes"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 1,
    thresholds: &[],
    docs: "\
## What it finds
Volumes billed as `EBS:VolumeUsage` (type `standard`) whose storage and I/O requests together cost more than a gp3 volume of the same
size. Needs only the bill.
## How the saving is computed
Per month: EffectiveCost of storage and requests − GB-months × the gp3 price in the bill, or the list price.
## Trade-offs
The change is online. gp3 is faster in every respect.
## Source
Amazon EBS User Guide, \"Amazon EBS previous generation volumes\". Read 2026-11.",
};

impl Check for MagneticVolume {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        let is_stored = |u: &ResourceUse| kind(u) == "EBS:VolumeUsage";
        for used in cx.named_once(is_stored, &mut out)? {
            match (
                cx.quantity(&used.resource_id, is_stored),
                cx.paid_or_list(&used.region_id, "EBS:VolumeUsage.gp3", "gp3"),
            ) {
                (None, _) => out.skip(
                    &used.resource_id,
                    "its size cannot be determined: PricingQuantity is missing",
                ),
                (_, Err(unknown)) => out.skip_unknown(&used.resource_id, &unknown),
                (Some(gb), Ok((price, source))) => judge(cx, used, gb, (price, source), &mut out)?,
            }
        }
        Ok(out)
    }
}

fn judge(
    cx: &Context<'_>,
    used: &ResourceUse,
    gb: Decimal,
    (price, source): (Decimal, &str),
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let then = Money::new((price * gb).round_dp(12), cx.currency());
    let mut claims = cx.claims(&used.resource_id, is_volume, Decimal::ONE)?;
    less(&mut claims, Slice::Storage, Replacement::exactly(then))?;
    if expected(cx, &claims)?.is_zero_or_less() {
        return Ok(());
    }
    let id = shell_word(short_id(&used.resource_id));
    let size = gb.round();
    let draft =
        Draft::new(META.id, Action::Modify, &used.resource_id, cx.scope_of(used), trade_off(cx))
            .title(format!("Change the {size} GB magnetic volume to gp3"))
            .from_to("volume type", "standard", "gp3")
            .facts([cost_now(cx, &claims)?])
            .evidence("gp3 of the same size, per month", then, source)
            .claims(claims);
    let draft = tested(draft, "volume")
        .run(format!("aws ec2 modify-volume --volume-id {id} --volume-type gp3"))
        .watch("latency of the services that use it, for a day")
        .terraform("aws_ebs_volume: type = \"gp3\"");
    out.opportunities.push(draft.finish(cx.currency())?);
    Ok(())
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    TradeOff::new(Level::Low, Level::Low, "an online change to a faster type", cx.currency())
        .reliability("better: gp3 is the current generation")
        .no_downtime(
            "none; the volume is somewhat slower while it is being optimized (minutes to hours)",
        )
        // A volume can be modified again only after six hours.
        .undo(Reversibility::WithEffort)
        .test_first(&["take a snapshot; change one volume in staging"])
        .rollback(&["not needed: gp3 does everything that magnetic volumes do"])
}
