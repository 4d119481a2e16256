//! Load balancers without traffic.
//!
//! In:  monthly resource rows of `LoadBalancerUsage`; hourly requests or flows.
//! Out: one `Remove` opportunity per load balancer.
//! Not here: load balancers without targets (see `load_balancer_without_targets`).

use crate::check::{CheckMeta, Context, Group, Input, ResourceUse, Threshold};
use crate::checks::aws::lines;
use crate::checks::aws::meter::kind;
use crate::checks::shared::chosen;
use crate::checks::shared::idle::{DAYS, Dimension, IdleCheck, Statistic, YOUNG};
use crate::checks::shared::rollout::removal;
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
    let draft = removal(
        draft,
        "remove the clients' rules from its security group for a week: failed connections show who still uses it",
        "saves its listeners and attributes, and deletes it",
    );
    let draft =
        if end.contains('/') { of_any(draft, &arn) } else { classic(draft, &shell_word(end)) };
    draft
        .watch("failed lookups of and connections to its DNS name, for a week")
        .terraform("remove its aws_lb with listeners and target groups")
}

/// Adds the lines that delete an Application, Network, or Gateway Load Balancer, and create it again
/// with its listeners. Rules and attributes are in the saved files.
fn of_any(draft: Draft, arn: &str) -> Draft {
    let describe = format!("aws elbv2 describe-load-balancers --load-balancer-arns {arn}");
    let listeners = format!("aws elbv2 describe-listeners --load-balancer-arn {arn}");
    draft
        .run(format!("save balancer.json {describe}"))
        .run(lines::save_input(
            "again.json",
            &describe,
            "LoadBalancers[0]",
            &[
                ("Name", "LoadBalancerName"),
                ("Subnets", "AvailabilityZones[].SubnetId"),
                ("Type", "Type"),
            ],
            &["Scheme", "SecurityGroups", "IpAddressType"].map(lines::same),
        ))
        .run(format!("save attributes.json aws elbv2 describe-load-balancer-attributes --load-balancer-arn {arn}"))
        .run(format!("save listeners.json {listeners}"))
        .run(lines::keep("COUNT", &listeners, "length(Listeners)"))
        .run("for ((I = 0; I < COUNT; I++)); do")
        .run(format!("LISTENER=$({listeners} --query \"Listeners[$I].ListenerArn\" --output text)"))
        .run("save \"rules-$I.json\" aws elbv2 describe-rules --listener-arn \"$LISTENER\"")
        .run(format!(
            "save \"listener-$I.json\" {listeners} --query \"Listeners[$I].merge({{DefaultActions: DefaultActions}}, \
             Protocol && {{Protocol: Protocol}} || \\`{{}}\\`, Port && {{Port: Port}} || \\`{{}}\\`, SslPolicy && {{SslPolicy: SslPolicy}} || \\`{{}}\\`, \
             Certificates && {{Certificates: Certificates[].{{CertificateArn: CertificateArn}}}} || \\`{{}}\\`)\"\ndone"
        ))
        .run(format!("aws elbv2 modify-load-balancer-attributes --load-balancer-arn {arn} --attributes Key=deletion_protection.enabled,Value=false"))
        .run(format!("aws elbv2 delete-load-balancer --load-balancer-arn {arn}"))
        .run(format!("aws elbv2 wait load-balancers-deleted --load-balancer-arns {arn}"))
        .undo(". ./ids.sh")
        .undo("once NEW aws elbv2 create-load-balancer --cli-input-json file://again.json --query 'LoadBalancers[0].LoadBalancerArn' --output text")
        .undo("aws elbv2 wait load-balancer-available --load-balancer-arns \"$NEW\"")
        .undo("for ((I = 0; I < COUNT; I++)); do\naws elbv2 create-listener --load-balancer-arn \"$NEW\" --cli-input-json \"file://listener-$I.json\"\ndone")
}

/// Adds the lines that delete a Classic Load Balancer, and create it again.
fn classic(draft: Draft, name: &str) -> Draft {
    let describe = format!("aws elb describe-load-balancers --load-balancer-names {name}");
    draft
        .run(format!("save balancer.json {describe}"))
        .run(lines::save_input(
            "again.json",
            &describe,
            "LoadBalancerDescriptions[0]",
            &[
                ("LoadBalancerName", "LoadBalancerName"),
                ("Listeners", "ListenerDescriptions[].Listener"),
                ("Subnets", "Subnets"),
                ("SecurityGroups", "SecurityGroups"),
                ("Scheme", "Scheme"),
            ],
            &[],
        ))
        .run(lines::save_input(
            "instances.json",
            &describe,
            "LoadBalancerDescriptions[0]",
            &[("LoadBalancerName", "LoadBalancerName"), ("Instances", "Instances")],
            &[],
        ))
        .run(format!("aws elb delete-load-balancer --load-balancer-name {name}"))
        .undo("aws elb create-load-balancer --cli-input-json file://again.json")
        .undo(
            "aws elb register-instances-with-load-balancer --cli-input-json file://instances.json",
        )
}
