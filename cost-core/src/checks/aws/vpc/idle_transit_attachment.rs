//! Transit gateway attachments without traffic.
//!
//! In:  monthly resource rows of `TransitGateway-Hours` and `TransitGateway-Bytes`.
//! Out: one `Remove` opportunity per attachment.

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

const BYTES: Threshold = chosen(
    "gb_per_month",
    1.0,
    "GB",
    "TransitGateway-Bytes of a month",
    "every month of the last three",
    "chosen (ADR 0016), as for NAT gateways",
);

/// Days from the first step, without route propagation, to the deletion.
const WEEK: u32 = 7;

static META: CheckMeta = CheckMeta {
    id: "idle_transit_attachment",
    provider: Some(Provider::Aws),
    service: "vpc",
    title: "Transit gateway attachments without traffic",
    group: Group::Network,
    since: "0.2.0",
    needs: &[],
    permissions: &["ec2:DescribeTransitGatewayAttachments"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 2,
    thresholds: &[BYTES, YOUNG],
    docs: "\
## What it finds
Transit gateway attachments with hourly charges that carried no more than the threshold in each of the last three months. Needs only the
bill.
## How the saving is computed
Per month of 730 h: EffectiveCost of the attachment's hours and bytes.
## Trade-offs
Resources that still use it lose the connection between the networks. An attachment of a disaster recovery network has no traffic until the day it
is needed: ask its owner.
## Source
AWS Transit Gateway pricing (by attachment and hour, and by GB). Read 2026-11.",
};

pub(in crate::checks) static CHECK: FeeCheck = FeeCheck {
    meta: &META,
    is_fee: |u| kind(u) == "TransitGateway-Hours",
    is_traffic: |u| kind(u) == "TransitGateway-Bytes",
    most: BYTES,
    noun: "transit gateway attachment",
    trade_off,
    runbook: |draft, used, _| {
        let id = shell_word(short_id(&used.resource_id));
        let describe = format!(
            "aws ec2 describe-transit-gateway-vpc-attachments --transit-gateway-attachment-ids {id}"
        );
        let propagations = |attachment: &str| {
            format!(
                "aws ec2 get-transit-gateway-attachment-propagations --transit-gateway-attachment-id {attachment} \
                 --query 'TransitGatewayAttachmentPropagations[].TransitGatewayRouteTableId' --output text"
            )
        };
        let change = |verb: &str, attachment: &str| {
            format!(
                "aws ec2 {verb}-transit-gateway-route-table-propagation --transit-gateway-route-table-id \"$TABLE\" --transit-gateway-attachment-id {attachment}"
            )
        };
        draft
            .rollout(&["disable its route propagation first, and delete it a week later"])
            .run(format!("save attachment.json {describe}"))
            .run(lines::save_input(
                "again.json",
                &describe,
                "TransitGatewayVpcAttachments[0]",
                &[
                    ("TransitGatewayId", "TransitGatewayId"),
                    ("VpcId", "VpcId"),
                    ("SubnetIds", "SubnetIds"),
                ],
                &[("Options", "Options")],
            ))
            .run(format!("once TABLES {}", propagations(&id)))
            .run(lines::first_step(
                "disabled.txt",
                &format!("for TABLE in $(echo \"$TABLES\"); do\n{}\ndone", change("disable", &id)),
                WEEK,
                ("its routes are not propagated", "delete it"),
            ))
            .run(format!(
                "aws ec2 delete-transit-gateway-vpc-attachment --transit-gateway-attachment-id {id}\ntouch deleted.txt"
            ))
            .undo(format!(". ./ids.sh\nATTACHMENT={id}\nif [ -e deleted.txt ]; then"))
            .undo(
                "once AGAIN aws ec2 create-transit-gateway-vpc-attachment --cli-input-json file://again.json \
                 --query TransitGatewayVpcAttachment.TransitGatewayAttachmentId --output text\n\
                 ATTACHMENT=\"$AGAIN\"",
            )
            .undo("until_is available 30 aws ec2 describe-transit-gateway-vpc-attachments --transit-gateway-attachment-ids \"$ATTACHMENT\" \
                   --query 'TransitGatewayVpcAttachments[0].State' --output text\nfi")
            // A new attachment can propagate to the default route table already.
            .undo(format!("NOW=$({})", propagations("\"$ATTACHMENT\"")))
            .undo(format!(
                "for TABLE in $(echo \"$TABLES\"); do\ncase \"$NOW\" in *\"$TABLE\"*) continue ;; esac\n{}\ndone",
                change("enable", "\"$ATTACHMENT\"")
            ))
            .watch("connections between the networks, for a week")
            .terraform("remove its aws_ec2_transit_gateway_vpc_attachment")
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "it has almost no traffic, but a recovery network has none on purpose";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("if it belongs to a recovery plan, the plan loses a network")
        .undo(Reversibility::WithEffort)
        .test_first(&["remove its routes from one table for a day"])
        .rollback(&["enable its route propagation again or, after a week, attach the VPC again; create static routes to a new attachment again"])
}
