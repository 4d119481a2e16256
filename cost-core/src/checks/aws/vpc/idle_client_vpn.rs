//! Client VPN endpoints without connections.
//!
//! In:  monthly resource rows of `ClientVPN-EndpointHours` and `ClientVPN-ConnectionHours`.
//! Out: one `Remove` opportunity per endpoint: its subnet associations, which are billed.

use crate::check::{CheckMeta, Context, Group, Threshold};
use crate::checks::aws::lines;
use crate::checks::aws::meter::kind;
use crate::checks::shared::chosen;
use crate::checks::shared::fee::FeeCheck;
use crate::checks::shared::idle::YOUNG;
use crate::cloud::Provider;
use crate::inventory::short_id;
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const HOURS: Threshold = chosen(
    "connection_hours_per_month",
    1.0,
    "hours",
    "ClientVPN-ConnectionHours of a month",
    "every month of the last three",
    "chosen: less than one session of an hour is a test of the connection",
);

static META: CheckMeta = CheckMeta {
    id: "idle_client_vpn",
    provider: Some(Provider::Aws),
    service: "vpc",
    title: "Client VPN endpoints without connections",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[],
    permissions: &["ec2:DescribeClientVpnEndpoints", "ec2:DescribeClientVpnTargetNetworks"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 2,
    thresholds: &[HOURS, YOUNG],
    docs: "\
## What it finds
Client VPN endpoints that are billed for subnet associations and had no more connection hours than the threshold in each of the last three months.
Needs only the bill. Endpoints without charges in the month before are excluded. If no endpoint in the bill has connections, the check is skipped.
## How the saving is computed
Per month of 730 h: EffectiveCost of its association hours. Each associated subnet is billed separately.
## Trade-offs
Users cannot connect until a subnet is associated again. The endpoint itself is free without associations, so its certificates and its
address stay.
## Source
AWS VPN pricing, \"AWS Client VPN\" (by association and hour, and by connection and hour); AWS Client VPN Administrator Guide, \"Target networks\".
Read 2026-11.",
};

pub(in crate::checks) static CHECK: FeeCheck = FeeCheck {
    meta: &META,
    is_fee: |u| kind(u) == "ClientVPN-EndpointHours",
    is_traffic: |u| kind(u) == "ClientVPN-ConnectionHours",
    most: HOURS,
    noun: "Client VPN association",
    trade_off,
    runbook: |draft, used, _| {
        let id = shell_word(short_id(&used.resource_id));
        let list =
            format!("aws ec2 describe-client-vpn-target-networks --client-vpn-endpoint-id {id}");
        draft
            .rollout(&["tell its users, and remove the associations a week later", "delete the endpoint after a month without questions"])
            .run(format!("save networks.json {list}"))
            .run(lines::keep("SUBNETS", &list, "ClientVpnTargetNetworks[].TargetNetworkId"))
            .run(format!(
                "save routes.txt aws ec2 describe-client-vpn-routes --client-vpn-endpoint-id {id} \
                 --query \"Routes[?Origin=='add-route'].[DestinationCidr,TargetSubnet]\" --output text"
            ))
            .run(format!("for ASSOCIATION in $({list} --query 'ClientVpnTargetNetworks[].AssociationId' --output text); do"))
            .run(format!("aws ec2 disassociate-client-vpn-target-network --client-vpn-endpoint-id {id} --association-id \"$ASSOCIATION\""))
            .run("done")
            .undo(". ./ids.sh\nfor SUBNET in $SUBNETS; do")
            .undo(format!("aws ec2 associate-client-vpn-target-network --client-vpn-endpoint-id {id} --subnet-id \"$SUBNET\""))
            .undo(format!("done\nuntil_is 0 30 {list} --query \"length(ClientVpnTargetNetworks[?Status.Code!='associated'])\" --output text"))
            .undo("while read -r CIDR SUBNET; do")
            .undo(format!(
                "aws ec2 create-client-vpn-route --client-vpn-endpoint-id {id} --destination-cidr-block \"$CIDR\" --target-vpc-subnet-id \"$SUBNET\""
            ))
            .undo("done < routes.txt")
            .watch("tickets about failed connections, for a month")
            .terraform("remove its aws_ec2_client_vpn_network_association and aws_ec2_client_vpn_route")
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "nobody connects, but it may be the way in during an emergency";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("if it is the emergency access to the network, that access takes minutes longer")
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "ask its owner whether it is for emergencies or on-call work",
            "check its connection log for the last three months",
        ])
        .rollback(&["associate the saved subnets again and create the saved routes: this takes about ten minutes"])
}
