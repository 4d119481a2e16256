//! Site-to-Site VPN connections without traffic.
//!
//! In:  monthly resource rows of `VPN-Usage-Hours`; hourly bytes through the tunnels.
//! Out: one `Remove` opportunity per connection.

use crate::check::{CheckMeta, Context, Group, Input, ResourceUse, Threshold};
use crate::checks::aws::lines;
use crate::checks::aws::meter::text;
use crate::checks::shared::chosen;
use crate::checks::shared::idle::{DAYS, Dimension, IdleCheck, Statistic, YOUNG, always};
use crate::cloud::Provider;
use crate::inventory::{Resource, short_id};
use crate::opportunity::Draft;
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};
use crate::usage::Metric;

const BYTES: Threshold = chosen(
    "bytes_per_day",
    10_000_000.0,
    "bytes per day",
    "TunnelDataIn and TunnelDataOut, daily mean",
    "all hours measured",
    "chosen: BGP keepalive messages of two tunnels, every 10 seconds, are about 4 MB a day",
);

static META: CheckMeta = CheckMeta {
    id: "idle_vpn_connection",
    provider: Some(Provider::Aws),
    service: "vpc",
    title: "Site-to-Site VPN connections without traffic",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[Input::Utilization],
    permissions: &["cloudwatch:ListMetrics", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[BYTES, DAYS, YOUNG],
    docs: "\
## What it finds
Site-to-Site VPN connections with less than 10 MB a day through both tunnels in all hours measured: nothing but routing messages. Connections whose
name or tags show that they are a standby, such as behind AWS Direct Connect, are skipped.
## How the saving is computed
Per month of 730 h: EffectiveCost of all charges of the connection.
## Trade-offs
A new connection has other addresses and keys, and the device on the other side must be configured again.
## Source
AWS Site-to-Site VPN User Guide, \"Monitor AWS Site-to-Site VPN tunnels using Amazon CloudWatch\" (`TunnelDataIn`, `TunnelDataOut`, `TunnelState`).
AWS VPN pricing (by connection and hour). Read 2026-11.",
};

pub(in crate::checks) static CHECK: IdleCheck = IdleCheck {
    meta: &META,
    is_there: |u| text(u).contains("VPN-Usage-Hours"),
    goes: |_| true,
    dimensions: &[Dimension {
        metric: Metric::Network,
        statistic: Statistic::PerDay,
        threshold: BYTES,
        label: "bytes through the tunnels per day",
    }],
    noun: "VPN connection",
    trade_off,
    runbook,
    unless: always,
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "it carries no traffic, but can be the second path to a site";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("the site has one path fewer")
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "ask the network team whether it is a standby for AWS Direct Connect",
            "check whether both tunnels are down: then nobody uses it",
        ])
        .rollback(&["create a connection with the saved gateways, and configure the device again"])
}

fn runbook(draft: Draft, used: &ResourceUse, _: Option<&Resource>) -> Draft {
    let id = shell_word(short_id(&used.resource_id));
    let describe = format!("aws ec2 describe-vpn-connections --vpn-connection-ids {id}");
    let fields = [("Type", "Type"), ("CustomerGatewayId", "CustomerGatewayId")];
    let optional = [
        ("VpnGatewayId", "VpnGatewayId"),
        ("TransitGatewayId", "TransitGatewayId"),
        ("Options", "Options.StaticRoutesOnly && {StaticRoutesOnly: Options.StaticRoutesOnly}"),
    ];
    draft
        .rollout(&["run the script: it saves the settings and deletes the VPN connection"])
        .run(format!("save connection.json {describe}"))
        .run(lines::save_input("create.json", &describe, "VpnConnections[0]", &fields, &optional))
        .run(format!("aws ec2 delete-vpn-connection --vpn-connection-id {id}"))
        .undo("aws ec2 create-vpn-connection --cli-input-json file://create.json")
        .watch("routes to the site, and questions of its users, for a month")
        .terraform("remove its aws_vpn_connection")
}
