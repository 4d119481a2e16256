//! Load balancers without traffic.
//!
//! In:  monthly resource rows of `LoadBalancerUsage`; hourly requests or flows.
//! Out: one `Remove` opportunity per balancer.
//! Not here: balancers that have no targets at all (see `load_balancer_without_targets`).

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
    "requests a day",
    "RequestCount or NewFlowCount, mean of a day",
    "all hours measured",
    "AWS Trusted Advisor, \"Idle Load Balancers\": fewer than 100 requests a day for 7 days; here for all that was measured",
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
Application, Network and Classic Load Balancers with hours in the month and fewer requests or new flows a day than the threshold, over all
days measured.
## How the saving is computed
Per month of 730 h: EffectiveCost of its hours and capacity units. Its public addresses are counted by themselves.
## Trade-offs
Its DNS name goes for good: records that point to it break.
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
        label: "requests or flows a day",
    }],
    noun: "load balancer",
    trade_off,
    runbook,
    unless: |_, balancer| {
        let empty = balancer.get(detail::TARGETS) == Some(0);
        empty.then(|| "it has no targets: see load_balancer_without_targets".to_owned())
    },
};

/// Hours of load balancers.
pub(in crate::checks) fn is_there(used: &ResourceUse) -> bool {
    kind(used) == "LoadBalancerUsage"
}

pub(in crate::checks) fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "next to nothing goes through it; a name that points to it breaks";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("if it stands by for failover, that way goes")
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "search DNS zones for its name",
            "close its listeners for a week before deleting it",
        ])
        .rollback(&[
            "make the balancer again with its listeners and target groups; its DNS name is new",
        ])
}

pub(in crate::checks) fn runbook(draft: Draft, used: &ResourceUse, _: Option<&Resource>) -> Draft {
    let arn = shell_word(&used.resource_id);
    // A Classic Load Balancer's ARN ends in its name alone.
    let end = used.resource_id.split_once("loadbalancer/").map_or("", |(_, end)| end);
    let delete = if end.contains('/') {
        format!("aws elbv2 delete-load-balancer --load-balancer-arn {arn}")
    } else {
        format!("aws elb delete-load-balancer --load-balancer-name {}", shell_word(end))
    };
    draft
        .rollout(&["development first; production after a week with closed listeners"])
        .run(delete)
        .undo(
            "aws elbv2 create-load-balancer --name NAME --subnets SUBNETS --security-groups GROUPS",
        )
        .watch("failed look-ups and connections to its DNS name, for a week")
        .terraform("remove its aws_lb with listeners and target groups")
}
