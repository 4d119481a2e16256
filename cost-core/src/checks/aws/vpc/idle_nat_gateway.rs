//! NAT gateways without traffic.
//!
//! In:  monthly resource rows of `NatGateway-Hours` and `NatGateway-Bytes`.
//! Out: one `Remove` opportunity per gateway.
//! Not here: traffic that does not need a NAT gateway (see `nat_traffic_to_endpoints`).

use crate::check::{CheckMeta, Context, Group, Threshold};
use crate::checks::aws::lines;
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
    "chosen (ADR 0016): a few instances need this much for updates",
);

static META: CheckMeta = CheckMeta {
    id: "idle_nat_gateway",
    provider: Some(Provider::Aws),
    service: "vpc",
    title: "NAT gateways without traffic",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[],
    permissions: &["ec2:DescribeNatGateways"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 2,
    thresholds: &[BYTES, YOUNG],
    docs: "\
## What it finds
NAT gateways with hourly charges that processed no more than the threshold in each of the last three months. Needs only the bill. Gateways
without charges in the month before are excluded.
## How the saving is computed
Per month of 730 h: EffectiveCost of its hours and bytes. Its address is counted separately.
## Trade-offs
Subnets with a default route to it lose internet access: check route tables first. One gateway per zone is redundancy.
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
        let describe = format!("aws ec2 describe-nat-gateways --nat-gateway-ids {id}");
        draft
            .rollout(&[
                "remove it from the route tables first, and delete it a week later",
                "its Elastic IP stays, and is billed: set RELEASE to yes to release it with the gateway",
            ])
            .run(format!("save gateway.json {describe}"))
            .run(format!("ROUTES=$(aws ec2 describe-route-tables {} --query 'RouteTables[].RouteTableId' --output text)", filter("route.nat-gateway-id", short)))
            .run("[ -z \"$ROUTES\" ] || { echo \"remove its routes first: $ROUTES\" >&2; exit 1; }")
            .run(lines::save_input(
                "again.json",
                &describe,
                "NatGateways[0]",
                &[("SubnetId", "SubnetId"), ("ConnectivityType", "ConnectivityType || 'public'")],
                &[],
            ))
            .run(lines::keep("ADDRESS", &describe, "NatGateways[0].NatGatewayAddresses[0].AllocationId"))
            .run(format!("aws ec2 delete-nat-gateway --nat-gateway-id {id}"))
            .run(format!("aws ec2 wait nat-gateway-deleted --nat-gateway-ids {id}"))
            .run("[ \"$ADDRESS\" = None ] || [ -z \"${RELEASE:-}\" ] || aws ec2 release-address --allocation-id \"$ADDRESS\"")
            .undo(". ./ids.sh")
            .undo("if [ \"$ADDRESS\" = None ]; then\naws ec2 create-nat-gateway --cli-input-json file://again.json\nexit 0\nfi")
            .undo("if [ \"$(aws ec2 describe-addresses --filters Name=allocation-id,Values=\"$ADDRESS\" --query 'length(Addresses)' --output text)\" = 0 ]; then\nonce NEW_ADDRESS aws ec2 allocate-address --domain vpc --query AllocationId --output text\nADDRESS=\"$NEW_ADDRESS\"\nfi")
            .undo("once GATEWAY aws ec2 create-nat-gateway --cli-input-json file://again.json --allocation-id \"$ADDRESS\" --query NatGateway.NatGatewayId --output text")
            .watch("failed updates and calls from the private subnets, for a week")
            .terraform("remove its aws_nat_gateway and the aws_route that names it")
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "it has almost no traffic, but the remaining traffic would fail";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability(
            "if it is the only one in its Availability Zone, that zone loses internet access: keep one per zone if this matters",
        )
        .undo(Reversibility::WithEffort)
        .test_first(&["list the route tables that use it, and the resources in their subnets"])
        .rollback(&[
            "create a new gateway in the subnet and route to it; its address is new unless you retained the Elastic IP",
        ])
}
