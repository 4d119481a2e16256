//! Interface endpoints without traffic.
//!
//! In:  monthly resource rows of `VpcEndpoint-Hours` and `VpcEndpoint-Bytes`.
//! Out: one `Remove` opportunity per endpoint.
//! Not here: gateway endpoints, which are free.

use crate::check::{CheckMeta, Context, Group, Threshold};
use crate::checks::aws::lines;
use crate::checks::aws::meter::kind;
use crate::checks::shared::chosen;
use crate::checks::shared::fee::FeeCheck;
use crate::checks::shared::idle::YOUNG;
use crate::cloud::Provider;
use crate::inventory::short_id;
use crate::runbook::shell_word;
use crate::tradeoff::{Level, TradeOff};

const BYTES: Threshold = chosen(
    "gb_per_month",
    0.1,
    "GB",
    "VpcEndpoint-Bytes of a month",
    "every month of the last three",
    "chosen (ADR 0016): health checks of agents cause this much",
);

static META: CheckMeta = CheckMeta {
    id: "idle_vpc_endpoint",
    provider: Some(Provider::Aws),
    service: "vpc",
    title: "Interface endpoints without traffic",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[],
    permissions: &["ec2:DescribeVpcEndpoints"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 2,
    thresholds: &[BYTES, YOUNG],
    docs: "\
## What it finds
Interface and Gateway Load Balancer endpoints with hourly charges that carried no more than the threshold in each of the last three months.
Needs only the bill. Endpoints without charges in the month before are excluded.
## How the saving is computed
Per month of 730 h: EffectiveCost of its hours in all zones, and of its bytes.
## Trade-offs
Resources that still use it reach the service over the public internet, if a route exists and policies allow it.
## Source
AWS PrivateLink pricing; AWS PrivateLink Guide, \"Access an AWS service using an interface VPC endpoint\". Read 2026-11.",
};

pub(in crate::checks) static CHECK: FeeCheck = FeeCheck {
    meta: &META,
    is_fee: |u| kind(u) == "VpcEndpoint-Hours",
    is_traffic: |u| kind(u) == "VpcEndpoint-Bytes",
    most: BYTES,
    noun: "VPC endpoint",
    trade_off,
    runbook: |draft, used, _| {
        let id = shell_word(short_id(&used.resource_id));
        let describe = format!("aws ec2 describe-vpc-endpoints --vpc-endpoint-ids {id}");
        draft
            .rollout(&["run the script: it saves the settings and deletes the endpoint"])
            .run(format!("save endpoint.json {describe}"))
            .run(lines::save_endpoint(&id))
            .run(format!("aws ec2 delete-vpc-endpoints --vpc-endpoint-ids {id}"))
            .undo("aws ec2 create-vpc-endpoint --cli-input-json file://again.json")
            .watch("calls to the endpoint's service from the VPC, for a week")
            .terraform("remove its aws_vpc_endpoint")
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "it has almost no traffic, but policies may require that calls stay in the VPC";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("none, unless subnets have no other route to the service")
        .test_first(&[
            "turn off its private DNS first and watch for a day",
            "search for policies with aws:SourceVpce",
        ])
        .rollback(&["create the endpoint again in the same subnets, with private DNS"])
}
