//! Traffic between Availability Zones.
//!
//! In:  monthly resource rows of `DataTransfer-Regional-Bytes`.
//! Out: one `Modify` opportunity per resource. Only flow logs can show the exact savings.

use rust_decimal::Decimal;

use crate::check::{CheckMeta, Context, Group, Threshold};
use crate::checks::aws::lines;
use crate::checks::aws::meter::kind;
use crate::checks::shared::chosen;
use crate::checks::shared::plain::{Found, PlainCheck, name_of};
use crate::cloud::Provider;
use crate::opportunity::{Action, Evidence};
use crate::tradeoff::{Level, TradeOff};

const BYTES: Threshold = chosen(
    "least_gb",
    1000.0,
    "GB",
    "DataTransfer-Regional-Bytes",
    "the month under review",
    "chosen (ADR 0016)",
);
const SHARE: Threshold = chosen(
    "expected_pct",
    20.0,
    "% of the traffic",
    "share assumed to be avoidable",
    "",
    "chosen (ADR 0016), cautious: replication between zones must stay",
);

static META: CheckMeta = CheckMeta {
    id: "cross_zone_traffic",
    provider: Some(Provider::Aws),
    service: "vpc",
    title: "Traffic between Availability Zones",
    group: Group::Network,
    since: "0.2.0",
    needs: &[],
    permissions: &["ec2:DescribeInstances"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 1,
    thresholds: &[BYTES, SHARE],
    docs: "\
## What it finds
Resources whose traffic between Availability Zones of a Region reaches the threshold. Needs only the bill.
## How the saving is computed
Per month of 730 h: EffectiveCost of the bytes × the share assumed to be avoidable. `low` is 0, because only flow logs show the real share. `high` is
with twice the share.
## Trade-offs
Calls within their own zone avoid this cost. Replication between zones is redundancy and stays.
## Source
Amazon EC2 pricing, \"Data Transfer within the same AWS Region\". Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: |u| kind(u) == "DataTransfer-Regional-Bytes",
    look: |cx, used| {
        let gb = used
            .now()
            .quantity
            .ok_or("its traffic cannot be determined: PricingQuantity is missing")?;
        Ok((gb >= cx.decimal(META.id, &BYTES)).then(|| Found {
            share: cx.decimal(META.id, &SHARE) / Decimal::ONE_HUNDRED,
            uncertain: true,
            title: format!("Keep calls of {} within their zone", name_of(cx, used)),
            facts: vec![Evidence::new(
                "traffic between zones in the month",
                format!("{} GB", gb.round_dp(0)),
                "bill",
            )],
            change: None,
        }))
    },
    trade_off,
    runbook: |draft, _, _| {
        draft
            .rollout(&["collect flow logs for a day to see zones, sources, and destinations", "change one service first"])
            .run(lines::FLOW_LOGS)
            .undo(lines::NO_FLOW_LOGS)
            .watch("the load balance between zones: a zone with more clients gets more load")
            .terraform("aws_lb_target_group: load_balancing_cross_zone_enabled = \"false\"; Kubernetes: trafficDistribution: PreferClose")
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "load is less evenly distributed between zones";
    TradeOff::new(Level::Medium, Level::Medium, reason, cx.currency())
        .reliability("redundancy between zones must stay: only calls with an equivalent target in their own zone may stay in it")
        .test_first(&["turn it on for one service in staging and test the failure of a zone"])
        .rollback(&["turn it off again: it takes effect at once"])
}
