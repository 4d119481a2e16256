//! Public addresses of instances in Auto Scaling groups.
//!
//! In: monthly resource rows of `PublicIPv4:InUseAddress`; inventory `address` and `instance`
//! rows. Out: one `Modify` opportunity per address. Not here: unused addresses (see
//! `idle_address`).

use rust_decimal::Decimal;

use crate::check::{CheckMeta, Context, Group, Input, ResourceUse};
use crate::checks::aws::lines;
use crate::checks::aws::meter::kind;
use crate::checks::aws::scaling_group::group_of;
use crate::checks::shared::plain::{Found, PlainCheck};
use crate::checks::shared::uncertain::SUCCESS;
use crate::cloud::Provider;
use crate::inventory::short_id;
use crate::opportunity::{Action, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

static META: CheckMeta = CheckMeta {
    id: "replaceable_public_address",
    provider: Some(Provider::Aws),
    service: "vpc",
    title: "Public addresses of instances in groups",
    group: Group::Network,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["ec2:DescribeAddresses", "ec2:DescribeInstances", "autoscaling:DescribeAutoScalingInstances"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[SUCCESS],
    docs: "\
## What it finds
Public IPv4 addresses in use by instances of Auto Scaling groups. These instances are replaced often, so external clients cannot depend on their
addresses. Inbound traffic to a group uses a load balancer. Outbound traffic can use IPv6 or a NAT gateway.
## How the saving is computed
Per month of 730 h: EffectiveCost of the address. `low` is 0: if outbound access needs a new NAT gateway, it costs more than a few addresses.
`expected` is 50 % of what is possible (`success_pct`).
## Trade-offs
The subnet must have another outbound route (NAT gateway, endpoints, IPv6).
## Source
Amazon VPC pricing, \"Public IPv4 address\". Read 2026-11.",
};

/// Returns the instance of an address. The resource in a bill is the address, its interface, or the
/// instance.
fn instance_of<'a>(cx: &'a Context<'_>, used: &'a ResourceUse) -> &'a str {
    let of_address = cx.resource(&used.resource_id).and_then(|a| a.attached_to.as_deref());
    of_address.unwrap_or(&used.resource_id)
}

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: |u| kind(u) == "PublicIPv4:InUseAddress",
    look: |cx, used| {
        let instance = instance_of(cx, used);
        Ok(group_of(cx, instance).map(|group| Found {
            share: Decimal::ONE,
            uncertain: true,
            title: format!("Run {} of group {group} without a public address", short_id(instance)),
            facts: vec![Evidence::new("Auto Scaling group", group, "inventory")],
            change: None,
        }))
    },
    trade_off,
    runbook: |draft, cx, used| {
        let group = shell_word(group_of(cx, instance_of(cx, used)).unwrap_or_default());
        let describe = format!(
            "aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names {group}"
        );
        let of = |variable: &str, field: &str| {
            lines::keep(
                variable,
                &describe,
                &format!("AutoScalingGroups[0].LaunchTemplate.{field}"),
            )
        };
        draft
            .rollout(&["check that the subnet has another outbound route", "create a launch template without public addresses", "start an instance refresh"])
            .run(": \"${NEW_VERSION:?set NEW_VERSION to a version of the launch template without public addresses}\"")
            .run("[ ! -e refreshed.txt ] || { echo 'this was run before: see refreshed.txt' >&2; exit 1; }")
            .run(format!("save group.json {describe}"))
            .run(of("TEMPLATE", "LaunchTemplateId"))
            .run(of("VERSION", "Version"))
            .run("[ \"$TEMPLATE\" != None ] || { echo 'the group has no launch template of its own' >&2; exit 1; }")
            .run(lines::refresh(&group, "$NEW_VERSION"))
            .run("touch refreshed.txt")
            .undo(". ./ids.sh")
            .undo(lines::refresh(&group, "$VERSION"))
            .watch("failed outbound calls of the group's instances")
            .terraform("aws_launch_template: network_interfaces { associate_public_ip_address = false }")
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "without another outbound route, its instances lose internet access";
    TradeOff::new(Level::Medium, Level::Medium, reason, cx.currency())
        .reliability("none, if the subnet has another outbound route; less exposure to the internet")
        .undo(Reversibility::Reversible)
        .test_first(&["start one instance of the group without a public address and run the service's own checks"])
        .rollback(&["set the old launch template and start an instance refresh"])
        .caveats(&["a NAT gateway is billed by hour and GB: it only pays off if it already exists or for many addresses"])
}
