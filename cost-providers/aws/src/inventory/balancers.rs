//! Load balancers (Classic, Application, Network, Gateway), with their targets.

use std::collections::BTreeMap;

use aws_sdk_elasticloadbalancingv2::types::{LoadBalancer, TargetGroup};
use cost_core::inventory::{Kind, Resource, detail};
use cost_provider_api::CallError;

use super::found::{Found, each};
use super::row::{count, resource};
use crate::connect::{At, client, partition_of};
use crate::instant::day;
use crate::operation::{
    DESCRIBE_CLASSIC_BALANCERS, DESCRIBE_LOAD_BALANCERS, DESCRIBE_TARGET_GROUPS,
    DESCRIBE_TARGET_HEALTH,
};

/// Targets of a load balancer: number registered, and number healthy.
#[derive(Clone, Copy, Default)]
struct Targets {
    registered: usize,
    healthy: usize,
}

/// Targets and number of target groups by load balancer; unknown if one of the groups is unknown.
type Groups = BTreeMap<String, (usize, Option<Targets>)>;

/// Details: `Type` (`application`, `network`, `gateway`), `Scheme`, `VpcId`, `TargetGroups`,
/// `Targets`, `HealthyTargets`.
pub(super) async fn balancers(at: At) -> Result<Found, CallError> {
    let elb = client!(aws_sdk_elasticloadbalancingv2, &at);
    let make = |marker| elb.describe_load_balancers().set_marker(marker).send();
    let split = |p: aws_sdk_elasticloadbalancingv2::operation::describe_load_balancers::DescribeLoadBalancersOutput| {
        (p.load_balancers.unwrap_or_default(), p.next_marker)
    };
    let all = at.place.pages(DESCRIBE_LOAD_BALANCERS, make, split).await?;
    let mut found = Found::default();
    if all.is_empty() {
        return Ok(found);
    }
    let targets = targets(&at, &mut found).await;
    let row = |b: LoadBalancer| {
        let arn = b.load_balancer_arn?;
        let groups =
            targets.as_ref().map(|t| t.get(&arn).copied().unwrap_or((0, Some(Targets::default()))));
        let of = groups.and_then(|(_, targets)| targets);
        let row = Resource {
            state: b.state.and_then(|s| s.code).map(|c| c.as_str().to_owned()),
            created_on: day(b.created_time.as_ref()),
            name: b.load_balancer_name,
            ..resource(Kind::LoadBalancer, arn, &at)
        };
        Some(
            row.with(detail::TYPE, b.r#type.map(|t| t.as_str().to_owned()))
                .with(detail::SCHEME, b.scheme.map(|s| s.as_str().to_owned()))
                .with(detail::VPC_ID, b.vpc_id)
                .with(detail::TARGET_GROUPS, groups.and_then(|(groups, _)| count(groups)))
                .with(detail::TARGETS, of.and_then(|t| count(t.registered)))
                .with(detail::HEALTHY_TARGETS, of.and_then(|t| count(t.healthy))),
        )
    };
    found.rows = all.into_iter().filter_map(row).collect();
    Ok(found)
}

/// Returns targets by load balancer; `None` if the groups are unknown.
async fn targets(at: &At, found: &mut Found) -> Option<Groups> {
    let what = "targets of load balancers";
    let groups = found.known(what, target_groups(at).await)?;
    let answers = each(&groups, |group| health(at, group)).await;
    let mut targets = Groups::new();
    for (group, answer) in groups.iter().zip(answers) {
        let here = found.known(what, answer);
        for balancer in group.load_balancer_arns() {
            let (count, all) =
                targets.entry(balancer.clone()).or_insert((0, Some(Targets::default())));
            *count += 1;
            let add = |(a, b): (Targets, Targets)| Targets {
                registered: a.registered + b.registered,
                healthy: a.healthy + b.healthy,
            };
            *all = all.zip(here).map(add);
        }
    }
    Some(targets)
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
    let make =
        || elb.describe_target_health().set_target_group_arn(group.target_group_arn.clone()).send();
    let answer = at.place.call(DESCRIBE_TARGET_HEALTH, make).await?;
    let all = answer.target_health_descriptions();
    let is_healthy = |state: &aws_sdk_elasticloadbalancingv2::types::TargetHealthStateEnum| {
        state.as_str() == "healthy"
    };
    let healthy = all
        .iter()
        .filter_map(|t| t.target_health.as_ref()?.state.as_ref())
        .filter(|s| is_healthy(s))
        .count();
    Ok(Targets { registered: all.len(), healthy })
}

/// Details: `Scheme`, `VpcId`, `Targets` (instances registered).
pub(super) async fn classic(at: At) -> Result<Vec<Resource>, CallError> {
    let elb = client!(aws_sdk_elasticloadbalancing, &at);
    let make = |marker| elb.describe_load_balancers().set_marker(marker).send();
    let split = |p: aws_sdk_elasticloadbalancing::operation::describe_load_balancers::DescribeLoadBalancersOutput| {
        (p.load_balancer_descriptions.unwrap_or_default(), p.next_marker)
    };
    let all = at.place.pages(DESCRIBE_CLASSIC_BALANCERS, make, split).await?;
    let row = |b: aws_sdk_elasticloadbalancing::types::LoadBalancerDescription| {
        let targets = b.instances().len();
        let name = b.load_balancer_name?;
        // The API returns only the name; bills have the ARN.
        let (partition, region, account) = (partition_of(at.region()), at.region(), at.account());
        let arn =
            format!("arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/{name}");
        let row = Resource {
            created_on: day(b.created_time.as_ref()),
            name: Some(name),
            ..resource(Kind::ClassicLoadBalancer, arn, &at)
        };
        Some(
            row.with(detail::SCHEME, b.scheme)
                .with(detail::VPC_ID, b.vpc_id)
                .with(detail::TARGETS, count(targets)),
        )
    };
    Ok(all.into_iter().filter_map(row).collect())
}
