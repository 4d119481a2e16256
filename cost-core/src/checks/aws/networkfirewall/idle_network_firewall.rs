//! Network firewalls without traffic.
//!
//! In:  monthly resource rows of `Endpoint-Hour` and `Traffic-GB-Processed`.
//! Out: one `Remove` opportunity per firewall.

use crate::check::{CheckMeta, Context, Group, ResourceUse, Threshold};
use crate::checks::aws::lines;
use crate::checks::aws::meter::kind;
use crate::checks::shared::chosen;
use crate::checks::shared::fee::FeeCheck;
use crate::checks::shared::idle::YOUNG;
use crate::cloud::Provider;
use crate::inventory::short_id;
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const BYTES: Threshold = chosen(
    "gb_per_month",
    1.0,
    "GB",
    "Traffic-GB-Processed of a month",
    "every month of the last three",
    "chosen (ADR 0016), as for NAT gateways",
);

static META: CheckMeta = CheckMeta {
    id: "idle_network_firewall",
    provider: Some(Provider::Aws),
    service: "networkfirewall",
    title: "Network firewalls without traffic",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[],
    permissions: &["network-firewall:DescribeFirewall", "ec2:DescribeRouteTables"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 2,
    thresholds: &[BYTES, YOUNG],
    docs: "\
## What it finds
AWS Network Firewall firewalls with hourly charges for endpoints that inspected no more than the threshold in each of the last three months. Usually
no route leads to them. Needs only the bill. Firewalls without charges in the month before are excluded.
## How the saving is computed
Per month of 730 h: EffectiveCost of the endpoints in all zones, and of the traffic.
## Trade-offs
Routes that still lead to an endpoint lose their target, and the traffic is dropped: check route tables first. The policy and its rule groups stay.
## Source
AWS Network Firewall pricing (by endpoint and hour, and by GB). Read 2026-11.",
};

/// Returns whether a usage belongs to Network Firewall: other services have hours of endpoints too.
fn is_firewall(used: &ResourceUse) -> bool {
    used.service_name
        .as_deref()
        .is_some_and(|s| s.contains("Network Firewall") || s == "AWSNetworkFirewall")
}

pub(in crate::checks) static CHECK: FeeCheck = FeeCheck {
    meta: &META,
    is_fee: |u| is_firewall(u) && kind(u) == "Endpoint-Hour",
    is_traffic: |u| is_firewall(u) && kind(u).ends_with("Traffic-GB-Processed"),
    most: BYTES,
    noun: "network firewall",
    trade_off,
    runbook: |draft, used, _| {
        let id = shell_word(short_id(&used.resource_id));
        let describe = format!("aws network-firewall describe-firewall --firewall-name {id}");
        draft
            .rollout(&["change the routes that lead to its endpoints first", "delete the firewall a week later"])
            .run(format!("save firewall.json {describe}"))
            .run(lines::save_input(
                "again.json",
                &describe,
                "Firewall",
                &["FirewallName", "FirewallPolicyArn", "VpcId", "SubnetMappings"].map(lines::same),
                &["Description", "EncryptionConfiguration"].map(lines::same),
            ))
            .run(format!("for ENDPOINT in $({describe} --query 'FirewallStatus.SyncStates.*.Attachment.EndpointId' --output text); do"))
            .run("ROUTES=$(aws ec2 describe-route-tables --query \"RouteTables[?Routes[?GatewayId=='$ENDPOINT']].RouteTableId\" --output text)")
            .run("[ -z \"$ROUTES\" ] || { echo \"change its routes first: $ROUTES\" >&2; exit 1; }\ndone")
            .run(format!("aws network-firewall update-firewall-delete-protection --firewall-name {id} --no-delete-protection"))
            .run(format!("aws network-firewall delete-firewall --firewall-name {id}"))
            .undo("aws network-firewall create-firewall --cli-input-json file://again.json")
            .watch("dropped connections of the VPC, for a week")
            .terraform("remove its aws_networkfirewall_firewall and the aws_route that names its endpoints")
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "no traffic passes it, but a security policy may require it";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("none while no route leads to it")
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "check that no route table has a route to its endpoints",
            "ask the security team: it may be prepared for a network that comes later",
        ])
        .rollback(&["create the firewall again with the saved policy and subnets, and route to the new endpoints"])
        .caveats(&["hours of a NAT gateway behind it that were free of charge are billed afterwards"])
}
