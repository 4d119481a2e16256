//! Load balancers of both generations, with their targets.

use std::collections::BTreeMap;

use aws_sdk_elasticloadbalancingv2::types::{LoadBalancer, TargetGroup};
use cost_provider_api::CallError;

use super::row::{Row, day};
use crate::connect::{At, client};
use crate::operation::{
    DESCRIBE_CLASSIC_BALANCERS, DESCRIBE_LOAD_BALANCERS, DESCRIBE_TARGET_GROUPS, DESCRIBE_TARGET_HEALTH,
};

/// Targets of a balancer: registered, and healthy among them.
#[derive(Clone, Copy, Default)]
struct Targets {
    registered: usize,
    healthy: usize,
}

/// Details: `Type` (`application`, `network`, `gateway`), `Scheme`, `VpcId`, `TargetGroups`, `Targets`, `HealthyTargets`.
pub(super) async fn balancers(at: At) -> Result<Vec<Row>, CallError> {
    let elb = client!(aws_sdk_elasticloadbalancingv2, &at);
    let make = |marker| elb.describe_load_balancers().set_marker(marker).send();
    let split = |p: aws_sdk_elasticloadbalancingv2::operation::describe_load_balancers::DescribeLoadBalancersOutput| {
        (p.load_balancers.unwrap_or_default(), p.next_marker)
    };
    let all = at.place.pages(DESCRIBE_LOAD_BALANCERS, make, split).await?;
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let groups = target_groups(&at).await?;
    let mut targets: BTreeMap<String, (usize, Targets)> = BTreeMap::new();
    for group in &groups {
        let found = health(&at, group).await?;
        for balancer in group.load_balancer_arns() {
            let (groups, all) = targets.entry(balancer.clone()).or_default();
            *groups += 1;
            all.registered += found.registered;
            all.healthy += found.healthy;
        }
    }
    let row = |b: LoadBalancer| {
        let arn = b.load_balancer_arn?;
        let (groups, of) = targets.get(&arn).copied().unwrap_or_default();
        let row = Row {
            state: b.state.and_then(|s| s.code).map(|c| c.as_str().to_owned()),
            created_on: day(b.created_time.as_ref()),
            name: b.load_balancer_name,
            ..Row::new("load-balancer", arn, &at)
        };
        Some(
            row.detail("Type", b.r#type.map(|t| t.as_str().to_owned()))
                .detail("Scheme", b.scheme.map(|s| s.as_str().to_owned()))
                .detail("VpcId", b.vpc_id)
                .detail("TargetGroups", Some(groups))
                .detail("Targets", Some(of.registered))
                .detail("HealthyTargets", Some(of.healthy)),
        )
    };
    Ok(all.into_iter().filter_map(row).collect())
}

async fn target_groups(at: &At) -> Result<Vec<TargetGroup>, CallError> {
    let elb = client!(aws_sdk_elasticloadbalancingv2, at);
    let make = |marker| elb.describe_target_groups().set_marker(marker).send();
    let split = |p: aws_sdk_elasticloadbalancingv2::operation::describe_target_groups::DescribeTargetGroupsOutput| {
        (p.target_groups.unwrap_or_default(), p.next_marker)
    };
    at.place.pages(DESCRIBE_TARGET_GROUPS, make, split).await
}

async fn health(at: &At, group: &TargetGroup) -> Result<Targets, CallError> {
    let elb = client!(aws_sdk_elasticloadbalancingv2, at);
    let make = || elb.describe_target_health().set_target_group_arn(group.target_group_arn.clone()).send();
    let answer = at.place.call(DESCRIBE_TARGET_HEALTH, make).await?;
    let all = answer.target_health_descriptions();
    let is_healthy = |state: &aws_sdk_elasticloadbalancingv2::types::TargetHealthStateEnum| state.as_str() == "healthy";
    let healthy = all.iter().filter_map(|t| t.target_health.as_ref()?.state.as_ref()).filter(|s| is_healthy(s)).count();
    Ok(Targets { registered: all.len(), healthy })
}

/// Details: `Scheme`, `VpcId`, `Targets` (instances registered).
pub(super) async fn classic(at: At) -> Result<Vec<Row>, CallError> {
    let elb = client!(aws_sdk_elasticloadbalancing, &at);
    let make = |marker| elb.describe_load_balancers().set_marker(marker).send();
    let split = |p: aws_sdk_elasticloadbalancing::operation::describe_load_balancers::DescribeLoadBalancersOutput| {
        (p.load_balancer_descriptions.unwrap_or_default(), p.next_marker)
    };
    let all = at.place.pages(DESCRIBE_CLASSIC_BALANCERS, make, split).await?;
    let row = |b: aws_sdk_elasticloadbalancing::types::LoadBalancerDescription| {
        let targets = b.instances().len();
        let name = b.load_balancer_name?;
        let row = Row {
            created_on: day(b.created_time.as_ref()),
            name: Some(name.clone()),
            ..Row::new("classic-load-balancer", name, &at)
        };
        Some(row.detail("Scheme", b.scheme).detail("VpcId", b.vpc_id).detail("Targets", Some(targets)))
    };
    Ok(all.into_iter().filter_map(row).collect())
}
