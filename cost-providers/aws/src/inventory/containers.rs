//! Nodes of ECS and EKS.

use cost_provider_api::CallError;

use super::row::Row;
use super::{Found, rows_of_each};
use crate::connect::{At, client};
use crate::instant::day;
use crate::operation::{
    DESCRIBE_CONTAINER_INSTANCES, DESCRIBE_NODEGROUP, LIST_CONTAINER_INSTANCES, LIST_ECS_CLUSTERS, LIST_EKS_CLUSTERS,
    LIST_NODEGROUPS,
};

/// Container instances that are described at a time: the most the operation takes.
const AT_A_TIME: usize = 100;

/// Container instances of all ECS clusters. `AttachedTo` is the EC2 instance. Details: `Cluster`, `RunningTasks`, `CpuUnits`,
/// `CpuUnitsFree`, `MemoryMb`, `MemoryMbFree`.
pub(super) async fn ecs(at: At) -> Result<Found, CallError> {
    let ecs = client!(aws_sdk_ecs, &at);
    let make = |token| ecs.list_clusters().set_next_token(token).send();
    let clusters =
        at.place.pages(LIST_ECS_CLUSTERS, make, |p| (p.cluster_arns.unwrap_or_default(), p.next_token)).await?;
    Ok(rows_of_each("nodes of an ECS cluster", &clusters, |cluster| nodes(&at, cluster)).await)
}

async fn nodes(at: &At, cluster: &str) -> Result<Vec<Row>, CallError> {
    let ecs = client!(aws_sdk_ecs, at);
    let make = |token| ecs.list_container_instances().cluster(cluster).set_next_token(token).send();
    let split = |p: aws_sdk_ecs::operation::list_container_instances::ListContainerInstancesOutput| {
        (p.container_instance_arns.unwrap_or_default(), p.next_token)
    };
    let nodes = at.place.pages(LIST_CONTAINER_INSTANCES, make, split).await?;
    let mut rows = Vec::new();
    for some in nodes.chunks(AT_A_TIME) {
        let make =
            || ecs.describe_container_instances().cluster(cluster).set_container_instances(Some(some.to_vec())).send();
        let answer = at.place.call(DESCRIBE_CONTAINER_INSTANCES, make).await?;
        rows.extend(answer.container_instances.unwrap_or_default().into_iter().filter_map(|n| node(n, cluster, at)));
    }
    Ok(rows)
}

fn node(n: aws_sdk_ecs::types::ContainerInstance, cluster: &str, at: &At) -> Option<Row> {
    let amount = |all: &[aws_sdk_ecs::types::Resource], name: &str| {
        all.iter().find(|r| r.name.as_deref() == Some(name)).map(|r| r.integer_value)
    };
    let (registered, remaining) = (n.registered_resources(), n.remaining_resources());
    let (cpu, cpu_free) = (amount(registered, "CPU"), amount(remaining, "CPU"));
    let (memory, memory_free) = (amount(registered, "MEMORY"), amount(remaining, "MEMORY"));
    let row = Row {
        state: n.status,
        attached_to: n.ec2_instance_id,
        created_on: day(n.registered_at.as_ref()),
        ..Row::new("ecs-node", n.container_instance_arn?, at)
    };
    Some(
        row.detail("Cluster", Some(cluster.to_owned()))
            .detail("RunningTasks", Some(n.running_tasks_count))
            .detail("CpuUnits", cpu)
            .detail("CpuUnitsFree", cpu_free)
            .detail("MemoryMb", memory)
            .detail("MemoryMbFree", memory_free),
    )
}

/// Managed node groups of all EKS clusters. Details: `Cluster`, `CapacityType`, `InstanceTypes`, `MinSize`, `MaxSize`, `DesiredSize`,
/// `AutoScalingGroups`, `Version`.
pub(super) async fn eks(at: At) -> Result<Found, CallError> {
    let eks = client!(aws_sdk_eks, &at);
    let make = |token| eks.list_clusters().set_next_token(token).send();
    let clusters = at.place.pages(LIST_EKS_CLUSTERS, make, |p| (p.clusters.unwrap_or_default(), p.next_token)).await?;
    Ok(rows_of_each("node groups of an EKS cluster", &clusters, |cluster| node_groups(&at, cluster)).await)
}

async fn node_groups(at: &At, cluster: &str) -> Result<Vec<Row>, CallError> {
    let eks = client!(aws_sdk_eks, at);
    let make = |token| eks.list_nodegroups().cluster_name(cluster).set_next_token(token).send();
    let groups = at.place.pages(LIST_NODEGROUPS, make, |p| (p.nodegroups.unwrap_or_default(), p.next_token)).await?;
    let mut rows = Vec::new();
    for group in groups {
        let make = || eks.describe_nodegroup().cluster_name(cluster).nodegroup_name(&group).send();
        let answer = at.place.call(DESCRIBE_NODEGROUP, make).await?;
        rows.extend(answer.nodegroup.and_then(|g| node_group(g, cluster, at)));
    }
    Ok(rows)
}

fn node_group(g: aws_sdk_eks::types::Nodegroup, cluster: &str, at: &At) -> Option<Row> {
    let scaling = g.scaling_config.as_ref();
    let groups = g.resources.as_ref().map(aws_sdk_eks::types::NodegroupResources::auto_scaling_groups);
    let groups: Option<Vec<String>> = groups.map(|all| all.iter().filter_map(|a| a.name.clone()).collect());
    let tags = g.tags.clone().unwrap_or_default();
    let row = Row {
        state: g.status.as_ref().map(|s| s.as_str().to_owned()),
        instance_type: g.instance_types().first().cloned(),
        name: g.nodegroup_name.clone(),
        created_on: day(g.created_at.as_ref()),
        ..Row::new("eks-node-group", g.nodegroup_arn.clone()?, at)
    };
    Some(
        row.detail("Cluster", Some(cluster.to_owned()))
            .detail("CapacityType", g.capacity_type.as_ref().map(|c| c.as_str().to_owned()))
            .detail("InstanceTypes", g.instance_types.clone())
            .detail("MinSize", scaling.and_then(|s| s.min_size))
            .detail("MaxSize", scaling.and_then(|s| s.max_size))
            .detail("DesiredSize", scaling.and_then(|s| s.desired_size))
            .detail("AutoScalingGroups", groups)
            .detail("Version", g.version.clone())
            .tagged(tags.into_iter().map(|(k, v)| (Some(k), Some(v)))),
    )
}
