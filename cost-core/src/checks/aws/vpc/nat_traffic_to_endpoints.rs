//! Traffic through NAT gateways that gateway endpoints could carry for free.
//!
//! In: monthly resource rows of `NatGateway-Bytes`; inventory of NAT gateways and endpoints by
//! VPC. Out: one `Modify` opportunity per gateway. Only flow logs can show the exact savings. Not
//! here: gateways without traffic (see `idle_nat_gateway`).

use rust_decimal::Decimal;

use crate::check::{CheckMeta, Context, Group, Input, Threshold};
use crate::checks::aws::meter::kind;
use crate::checks::shared::chosen;
use crate::checks::shared::plain::{Found, PlainCheck, name_of};
use crate::cloud::Provider;
use crate::cloud::aws::filter;
use crate::inventory::{Kind, detail, short_id};
use crate::opportunity::{Action, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, TradeOff};

const BYTES: Threshold = chosen(
    "least_gb",
    100.0,
    "GB",
    "NatGateway-Bytes",
    "the month under review",
    "chosen (ADR 0016)",
);
const SHARE: Threshold = chosen(
    "expected_pct",
    10.0,
    "% of the traffic",
    "share assumed to be for S3 and DynamoDB",
    "",
    "chosen (ADR 0016), cautious: a bill does not show it, but flow logs do",
);

static META: CheckMeta = CheckMeta {
    id: "nat_traffic_to_endpoints",
    provider: Some(Provider::Aws),
    service: "vpc",
    title: "NAT traffic that gateway endpoints could carry for free",
    group: Group::Network,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["ec2:DescribeNatGateways", "ec2:DescribeVpcEndpoints"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 1,
    thresholds: &[BYTES, SHARE],
    docs: "\
## What it finds
NAT gateways whose traffic reaches the threshold, in a VPC without a gateway endpoint for S3. Traffic of private subnets to S3 (and DynamoDB)
in the Region then goes through the gateway and is charged per GB. Through a gateway endpoint it is free.
## How the saving is computed
Per month of 730 h: EffectiveCost of the bytes × the share assumed to be for S3. `low` is 0, because only flow logs show the real share. `high` is
with twice the share.
## Trade-offs
A new route in the subnets' route tables. Only connections to S3 that are open when the routes change are interrupted.
## Source
Amazon VPC User Guide, \"Gateway endpoints\"; \"Pricing for NAT gateways\". Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: |u| kind(u) == "NatGateway-Bytes",
    look: |cx, used| {
        let gb = used
            .now()
            .quantity
            .ok_or("its traffic cannot be determined: PricingQuantity is missing")?;
        if gb < cx.decimal(META.id, &BYTES) {
            return Ok(None);
        }
        let vpc = cx
            .resource(&used.resource_id)
            .and_then(|n| n.get(detail::VPC_ID))
            .ok_or("its VPC is missing from the inventory")?;
        let endpoints = cx.inventory.into_iter().flat_map(|i| i.of_kind(Kind::VpcEndpoint));
        let has = endpoints.into_iter().any(|e| {
            let to_s3 =
                e.get(detail::SERVICE_NAME).is_some_and(|s| s.rsplit('.').next() == Some("s3"));
            e.get(detail::VPC_ID) == Some(vpc)
                && e.get(detail::ENDPOINT_TYPE) == Some("Gateway")
                && to_s3
        });
        Ok((!has).then(|| Found {
            share: cx.decimal(META.id, &SHARE) / Decimal::ONE_HUNDRED,
            uncertain: true,
            title: format!(
                "Route S3 traffic of {vpc} through a gateway endpoint instead of {}",
                name_of(cx, used)
            ),
            facts: vec![
                Evidence::new("processed in the month", format!("{} GB", gb.round_dp(0)), "bill"),
                Evidence::new("gateway endpoint for S3 in the VPC", "none", "inventory"),
            ],
            change: None,
        }))
    },
    trade_off,
    runbook: |draft, _, used| {
        let short = short_id(&used.resource_id);
        let id = shell_word(short);
        draft
            .rollout(&["collect flow logs of the gateway's interface for a day to see the share that goes to S3's prefixes", "create the endpoint outside busy hours"])
            .run(format!("VPC=$(aws ec2 describe-nat-gateways --nat-gateway-ids {id} --query 'NatGateways[0].VpcId' --output text)"))
            .run(format!(
                "TABLES=$(aws ec2 describe-route-tables {} --query 'RouteTables[].RouteTableId' --output text)",
                filter("route.nat-gateway-id", short)
            ))
            .run(format!(
                "once ENDPOINT aws ec2 create-vpc-endpoint --vpc-endpoint-type Gateway --vpc-id \"$VPC\" --service-name com.amazonaws.{}.s3 --route-table-ids $(echo \"$TABLES\") \
                 --query VpcEndpoint.VpcEndpointId --output text",
                shell_word(&used.region_id)
            ))
            .undo(". ./ids.sh\naws ec2 delete-vpc-endpoints --vpc-endpoint-ids \"$ENDPOINT\"")
            .watch("NatGateway-Bytes of the next days, and errors of S3 calls")
            .terraform("aws_vpc_endpoint: vpc_endpoint_type = \"Gateway\", route_table_ids")
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "open connections to S3 break once when the routes change, and bucket policies by IP address no longer match";
    TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
        .reliability("better: traffic to S3 no longer depends on the NAT gateway")
        .no_downtime("none, except for connections that are open at that moment")
        .test_first(&[
            "search for bucket policies with aws:SourceIp",
            "change one route table first",
        ])
        .rollback(&["delete the endpoint: this restores the routes automatically"])
}
