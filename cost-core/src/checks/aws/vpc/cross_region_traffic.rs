//! Traffic to other Regions.
//!
//! In:  monthly resource rows of usage types such as `USE1-USW2-AWS-Out-Bytes`.
//! Out: one `Modify` opportunity per resource.
//! Not here: traffic between Availability Zones (see `cross_zone_traffic`).

use rust_decimal::Decimal;

use crate::check::{
    Check, CheckError, CheckMeta, CheckOutput, Context, Group, ResourceUse, Threshold,
};
use crate::checks::aws::lines;
use crate::checks::aws::meter::text;
use crate::checks::shared::plain::name_of;
use crate::checks::shared::uncertain::uncertain;
use crate::checks::shared::{chosen, cost_now, expected};
use crate::cloud::Provider;
use crate::opportunity::{Action, Draft, Evidence};
use crate::tradeoff::{Level, TradeOff};

const BYTES: Threshold = chosen(
    "least_gb",
    1000.0,
    "GB",
    "traffic to other Regions",
    "the month under review",
    "chosen (ADR 0016), as for traffic between zones",
);
const SHARE: Threshold = chosen(
    "expected_pct",
    20.0,
    "% of the traffic",
    "share assumed to be avoidable",
    "",
    "chosen (ADR 0016), cautious: replication for recovery must stay",
);

/// The end of the usage types of traffic to other Regions. The start names both Regions.
const SUFFIX: &str = "-AWS-Out-Bytes";

/// The check that [`META`] describes.
pub(in crate::checks) struct CrossRegionTraffic;

static META: CheckMeta = CheckMeta {
    id: "cross_region_traffic",
    provider: Some(Provider::Aws),
    service: "vpc",
    title: "Traffic to other Regions",
    group: Group::Network,
    since: "0.2.0",
    needs: &[],
    permissions: &["ec2:DescribeFlowLogs"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 1,
    thresholds: &[BYTES, SHARE],
    docs: "\
## What it finds
Resources whose traffic to other AWS Regions reaches the threshold, such as a bucket that servers elsewhere read, or a database with a distant
reader. Needs only the bill.
## How the saving is computed
Per month of 730 h: EffectiveCost of the bytes × the share assumed to be avoidable. `low` is 0: only flow logs or access logs show who receives them.
Storage of a copy in the other Region is not subtracted. `high` is with twice the share.
## Trade-offs
Data that is read often can have a copy in the Region of its readers, compressed or filtered before it is sent. Replication for recovery stays.
## Source
Amazon EC2 pricing, \"Data Transfer OUT from Amazon EC2 to other AWS Regions\"; AWS Data Exports User Guide, usage types of data transfer.
Read 2026-11.",
};

/// Returns whether a usage is traffic to another Region.
fn is_cross_region(used: &ResourceUse) -> bool {
    text(used).ends_with(SUFFIX)
}

impl Check for CrossRegionTraffic {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        for used in cx.named_once(is_cross_region, &mut out)? {
            let sent = cx.of_resource(&used.resource_id).iter().filter(|u| is_cross_region(u));
            let sent = sent.map(|u| Some((regions(u), u.now().quantity?)));
            match sent.collect::<Option<Vec<(&str, Decimal)>>>() {
                None => out.skip(
                    &used.resource_id,
                    "its traffic cannot be determined: PricingQuantity is missing",
                ),
                Some(sent) => judge(cx, used, &sent, &mut out)?,
            }
        }
        Ok(out)
    }
}

/// Returns the billing codes of the two Regions, such as `USE1-USW2`.
fn regions(used: &ResourceUse) -> &str {
    text(used).strip_suffix(SUFFIX).unwrap_or_default()
}

/// Evaluates one resource. `sent` is the GB that it sent, by pair of Regions.
fn judge(
    cx: &Context<'_>,
    used: &ResourceUse,
    sent: &[(&str, Decimal)],
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let gb: Decimal = sent.iter().map(|(_, gb)| gb).sum();
    if gb < cx.decimal(META.id, &BYTES) {
        return Ok(());
    }
    let share = cx.decimal(META.id, &SHARE) / Decimal::ONE_HUNDRED;
    let mut claims = cx.claims(&used.resource_id, is_cross_region, share)?;
    let certainty = uncertain(cx, &META, &mut claims)?;
    if expected(cx, &claims)?.is_zero_or_less() {
        return Ok(());
    }
    let pair = |(regions, gb): &(&str, Decimal)| {
        let size = format!("{} GB", gb.round_dp(0));
        Evidence::new(&format!("sent in the month, {regions}"), size, "bill")
    };
    let draft =
        Draft::new(META.id, Action::Modify, &used.resource_id, cx.scope_of(used), trade_off(cx))
            .title(format!("Send less data of {} to another Region", name_of(cx, used)))
            .facts(sent.iter().map(pair))
            .facts([cost_now(cx, &claims)?])
            .facts(certainty)
            .claims(claims)
            .rollout(&[
                "find out who receives the data: flow logs of the VPC, or access logs of the bucket",
                "change one receiver first",
            ])
            .run(lines::FLOW_LOGS)
            .undo(lines::NO_FLOW_LOGS)
            .watch("latency and errors of the receivers, and the traffic of the copy")
            .terraform("the receiver's address of its data source; for a bucket, aws_s3_bucket_replication_configuration");
    out.opportunities.push(draft.finish(cx.currency())?);
    Ok(())
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "a receiver that reads a copy can read old data";
    TradeOff::new(Level::High, Level::Medium, reason, cx.currency())
        .reliability("replication between Regions for recovery must stay")
        .test_first(&[
            "collect logs for a day and add up the bytes by receiver",
            "try compression with one receiver",
        ])
        .rollback(&["let the receivers read from the old Region again"])
        .caveats(&["a copy in the other Region costs storage and replication"])
}
