//! NAT gateways that carry nothing.
//!
//! In:  resource-by-month rows of `NatGateway-Hours` and `NatGateway-Bytes`.
//! Out: one `Remove` opportunity a gateway.
//! Not here: traffic that need not pass a gateway (see `nat_traffic_to_endpoints`).

use crate::check::{CheckMeta, Context, Group, Threshold};
use crate::checks::aws::meter::kind;
use crate::checks::shared::chosen;
use crate::checks::shared::fee::FeeCheck;
use crate::checks::shared::idle::YOUNG;
use crate::cloud::Provider;
use crate::cloud::aws::filter;
use crate::inventory::short_id;
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const BYTES: Threshold = chosen(
    "gb_per_month",
    1.0,
    "GB",
    "NatGateway-Bytes of a month",
    "every month of the last three",
    "chosen (ADR 0016): what a few instances need for updates",
);

static META: CheckMeta = CheckMeta {
    id: "idle_nat_gateway",
    provider: Some(Provider::Aws),
    service: "vpc",
    title: "NAT gateways that carry nothing",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[],
    permissions: &["ec2:DescribeNatGateways"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 2,
    thresholds: &[BYTES, YOUNG],
    docs: "\
## What it finds
NAT gateways billed by the hour that processed no more than the threshold in every month of the last three. From the bill alone; one
that was not there in the month before is left out.
## How the saving is computed
Per month of 730 h: EffectiveCost of its hours and bytes. Its address is counted by itself.
## Trade-offs
Subnets whose default route it is lose their way out: look at route tables first. A gateway per zone is redundancy.
## Source
AWS, Amazon VPC User Guide, \"Pricing for NAT gateways\". Read 2026-11.",
};

pub(in crate::checks) static CHECK: FeeCheck = FeeCheck {
    meta: &META,
    is_fee: |u| kind(u) == "NatGateway-Hours",
    is_traffic: |u| kind(u) == "NatGateway-Bytes",
    most: BYTES,
    noun: "NAT gateway",
    trade_off,
    runbook: |draft, used, _| {
        let short = short_id(&used.resource_id);
        let id = shell_word(short);
        draft
            .rollout(&["take it out of the route tables first; delete it a week later"])
            .run(format!("aws ec2 describe-route-tables {}", filter("route.nat-gateway-id", short)))
            .run(format!("aws ec2 delete-nat-gateway --nat-gateway-id {id}"))
            .undo("aws ec2 create-nat-gateway --subnet-id SUBNET --allocation-id ADDRESS")
            .watch("failed updates and calls from the private subnets, for a week")
            .terraform("remove its aws_nat_gateway and the aws_route that names it")
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "next to nothing goes through it; what does would fail";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability(
            "if it is the one of its availability zone, a zone loses its way out: keep one a zone where that matters",
        )
        .undo(Reversibility::WithEffort)
        .test_first(&["list the route tables that name it, and what runs in their subnets"])
        .rollback(&[
            "make a new gateway in the subnet and route to it; its address is new unless the Elastic IP was kept",
        ])
}
