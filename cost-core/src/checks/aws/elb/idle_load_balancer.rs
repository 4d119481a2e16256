//! Load balancers without traffic.
//!
//! In:  monthly resource rows of `LoadBalancerUsage`; hourly requests or flows.
//! Out: one `Remove` opportunity per load balancer.
//! Not here: load balancers without targets (see `load_balancer_without_targets`).

use crate::check::{CheckMeta, Context, Group, Input, ResourceUse, Threshold};
use crate::checks::aws::meter::kind;
use crate::checks::shared::chosen;
use crate::checks::shared::idle::{DAYS, Dimension, IdleCheck, Statistic, YOUNG};
use crate::cloud::Provider;
use crate::inventory::{Resource, detail};
use crate::opportunity::Draft;
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};
use crate::usage::Metric;

const REQUESTS: Threshold = chosen(
    "requests_per_day",
    100.0,
    "requests per day",
    "RequestCount or NewFlowCount, daily mean",
    "all hours measured",
    "AWS Trusted Advisor, \"Idle Load Balancers\": fewer than 100 requests a day for 7 days; here for all days measured",
);

static META: CheckMeta = CheckMeta {
    id: "idle_load_balancer",
    provider: Some(Provider::Aws),
    service: "elb",
    title: "Load balancers without traffic",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[Input::Utilization],
    permissions: &["elasticloadbalancing:DescribeLoadBalancers", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[REQUESTS, DAYS, YOUNG],
    docs: "\
## What it finds
Application, Network, and Classic Load Balancers with hours in the month and no more requests or new flows per day than the threshold, over all
days measured.
## How the saving is computed
Per month of 730 h: EffectiveCost of its hours and capacity units. Other checks cover its public addresses.
## Trade-offs
Its DNS name is lost permanently: records that point to it break.
## Source
AWS Trusted Advisor check reference, \"Idle Load Balancers\". Read 2026-11.",
};

pub(in crate::checks) static CHECK: IdleCheck = IdleCheck {
    meta: &META,
    is_there,
    goes: |_| true,
    dimensions: &[Dimension {
        metric: Metric::Operations,
        statistic: Statistic::PerDay,
        threshold: REQUESTS,
        label: "requests or flows per day",
    }],
    noun: "load balancer",
    trade_off,
    runbook,
    unless: |_, balancer| {
        let empty = balancer.get(detail::TARGETS) == Some(0);
        empty.then(|| "it has no targets: see load_balancer_without_targets".to_owned())
    },
};

/// Returns whether a usage is the hours of a load balancer.
pub(in crate::checks) fn is_there(used: &ResourceUse) -> bool {
    kind(used) == "LoadBalancerUsage"
}

pub(in crate::checks) fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "it has almost no traffic, but DNS records that point to it break";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("if it is a standby for failover, that option is lost")
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "search DNS zones for its name",
            "close its listeners for a week before deleting it",
        ])
        .rollback(&[
            "create the load balancer again with its listeners and target groups; its DNS name is new",
        ])
}

pub(in crate::checks) fn runbook(draft: Draft, used: &ResourceUse, _: Option<&Resource>) -> Draft {
    let arn = shell_word(&used.resource_id);
    // A Classic Load Balancer's ARN ends in its name without further parts.
    let end = used.resource_id.split_once("loadbalancer/").map_or("", |(_, end)| end);
    let delete = if end.contains('/') {
        format!("aws elbv2 delete-load-balancer --load-balancer-arn {arn}")
    } else {
        format!("aws elb delete-load-balancer --load-balancer-name {}", shell_word(end))
    };
    draft
        .rollout(&["start with development; production follows after a week with closed listeners"])
        .run(delete)
        .undo(
            "aws elbv2 create-load-balancer --name NAME --subnets SUBNETS --security-groups GROUPS",
        )
        .watch("failed lookups of and connections to its DNS name, for a week")
        .terraform("remove its aws_lb with listeners and target groups")
}
