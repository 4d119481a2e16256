//! Nodes of ECS and EKS; services and tasks of ECS.

use std::collections::{BTreeMap, BTreeSet};

use cost_core::inventory::{Kind, Resource, detail};
use cost_provider_api::CallError;

use super::found::{Found, rows_of_each};
use super::row::{Tagged, resource};
use crate::connect::{At, client};
use crate::instant::day;
use crate::operation::{
    DESCRIBE_CONTAINER_INSTANCES, DESCRIBE_EKS_CLUSTER, DESCRIBE_NODEGROUP, DESCRIBE_SERVICES,
    DESCRIBE_TASK_DEFINITION, DESCRIBE_TASKS, LIST_CONTAINER_INSTANCES, LIST_ECS_CLUSTERS,
    LIST_EKS_CLUSTERS, LIST_NODEGROUPS, LIST_SERVICES, LIST_TASKS,
};

/// Container instances per describe request: the maximum of the operation.
const AT_A_TIME: usize = 100;
/// Services per describe request: the maximum of the operation.
const SERVICES_AT_A_TIME: usize = 10;

/// Container instances, services and tasks on Fargate of all ECS clusters.
///
/// `ecs-node`: `AttachedTo` is the EC2 instance. Details: `Cluster`, `RunningTasks`, `CpuUnits`,
/// `CpuUnitsFree`, `MemoryMb`, `MemoryMbFree`. `ecs-service`: details `Cluster`, `LaunchType`,
/// `TaskDefinition`, `DesiredTasks`, `RunningTasks`, `CpuUnits`, `MemoryMb` (of a task).
/// `ecs-task`: `AttachedTo` is the service, if it is of one. Details: `Cluster`, `CpuUnits`,
/// `MemoryMb`.
pub(super) async fn ecs(at: At) -> Result<Found, CallError> {
    let ecs = client!(aws_sdk_ecs, &at);
    let make = |token| ecs.list_clusters().set_next_token(token).send();
    let clusters = at
        .place
        .pages(LIST_ECS_CLUSTERS, make, |p| (p.cluster_arns.unwrap_or_default(), p.next_token))
        .await?;
    let mut found =
        rows_of_each("nodes of an ECS cluster", &clusters, |cluster| nodes(&at, cluster)).await;
    let services =
        rows_of_each("services of an ECS cluster", &clusters, |cluster| services(&at, cluster))
            .await;
    let tasks =
        rows_of_each("tasks of an ECS cluster", &clusters, |cluster| tasks(&at, cluster)).await;
    for more in [services, tasks] {
        found.rows.extend(more.rows);
        found.gaps.extend(more.gaps);
    }
    Ok(found)
}

async fn services(at: &At, cluster: &str) -> Result<Vec<Resource>, CallError> {
    let ecs = client!(aws_sdk_ecs, at);
    let make = |token| ecs.list_services().cluster(cluster).set_next_token(token).send();
    let arns = at
        .place
        .pages(LIST_SERVICES, make, |p| (p.service_arns.unwrap_or_default(), p.next_token))
        .await?;
    let mut all = Vec::new();
    for some in arns.chunks(SERVICES_AT_A_TIME) {
        let make = || {
            let tags = aws_sdk_ecs::types::ServiceField::Tags;
            ecs.describe_services()
                .cluster(cluster)
                .set_services(Some(some.to_vec()))
                .include(tags)
                .send()
        };
        all.extend(at.place.call(DESCRIBE_SERVICES, make).await?.services.unwrap_or_default());
    }
    let mut sizes: BTreeMap<String, (Option<i64>, Option<i64>)> = BTreeMap::new();
    for definition in all.iter().filter_map(|s| s.task_definition.clone()).collect::<BTreeSet<_>>()
    {
        let make = || ecs.describe_task_definition().task_definition(&definition).send();
        let known = at.place.call(DESCRIBE_TASK_DEFINITION, make).await?.task_definition;
        let size = known.map(|d| (units(d.cpu.as_deref()), units(d.memory.as_deref())));
        sizes.insert(definition, size.unwrap_or_default());
    }
    let row = |s: aws_sdk_ecs::types::Service| {
        let (cpu, memory) =
            s.task_definition.as_ref().and_then(|d| sizes.get(d)).copied().unwrap_or_default();
        let row = Resource {
            state: s.status,
            name: s.service_name,
            created_on: day(s.created_at.as_ref()),
            ..resource(Kind::EcsService, s.service_arn?, at)
        };
        Some(
            row.with(detail::CLUSTER, Some(cluster.to_owned()))
                .with(detail::LAUNCH_TYPE, s.launch_type.map(|t| t.as_str().to_owned()))
                .with(detail::TASK_DEFINITION, s.task_definition)
                .with(detail::DESIRED_TASKS, Some(s.desired_count))
                .with(detail::RUNNING_TASKS, Some(s.running_count))
                .with(detail::CPU_UNITS, cpu)
                .with(detail::MEMORY_MB, memory)
                .tagged(s.tags.unwrap_or_default().into_iter().map(|t| (t.key, t.value))),
        )
    };
    Ok(all.into_iter().filter_map(row).collect())
}

/// CPU units or MiB, which the API returns as text.
fn units(text: Option<&str>) -> Option<i64> {
    text?.parse().ok()
}

async fn tasks(at: &At, cluster: &str) -> Result<Vec<Resource>, CallError> {
    let ecs = client!(aws_sdk_ecs, at);
    let on = aws_sdk_ecs::types::LaunchType::Fargate;
    let make = |token| {
        ecs.list_tasks().cluster(cluster).launch_type(on.clone()).set_next_token(token).send()
    };
    let arns = at
        .place
        .pages(LIST_TASKS, make, |p| (p.task_arns.unwrap_or_default(), p.next_token))
        .await?;
    let mut rows = Vec::new();
    for some in arns.chunks(AT_A_TIME) {
        let make = || ecs.describe_tasks().cluster(cluster).set_tasks(Some(some.to_vec())).send();
        let answer = at.place.call(DESCRIBE_TASKS, make).await?;
        rows.extend(
            answer.tasks.unwrap_or_default().into_iter().filter_map(|t| task(t, cluster, at)),
        );
    }
    Ok(rows)
}

fn task(t: aws_sdk_ecs::types::Task, cluster: &str, at: &At) -> Option<Resource> {
    let arn = t.task_arn?;
    // The ARN of a service has the location and cluster of the ARNs of its tasks.
    let place = arn
        .split_once(":task/")
        .map(|(place, rest)| (place, rest.rsplit_once('/').map_or("", |(c, _)| c)));
    let service = t.group.as_deref().and_then(|g| g.strip_prefix("service:"));
    let row = Resource {
        state: t.last_status,
        attached_to: place
            .zip(service)
            .map(|((place, name), service)| format!("{place}:service/{name}/{service}")),
        created_on: day(t.started_at.as_ref()),
        ..resource(Kind::EcsTask, arn.clone(), at)
    };
    Some(
        row.with(detail::CLUSTER, Some(cluster.to_owned()))
            .with(detail::CPU_UNITS, units(t.cpu.as_deref()))
            .with(detail::MEMORY_MB, units(t.memory.as_deref())),
    )
}

async fn nodes(at: &At, cluster: &str) -> Result<Vec<Resource>, CallError> {
    let ecs = client!(aws_sdk_ecs, at);
    let make = |token| ecs.list_container_instances().cluster(cluster).set_next_token(token).send();
    let split =
        |p: aws_sdk_ecs::operation::list_container_instances::ListContainerInstancesOutput| {
            (p.container_instance_arns.unwrap_or_default(), p.next_token)
        };
    let nodes = at.place.pages(LIST_CONTAINER_INSTANCES, make, split).await?;
    let mut rows = Vec::new();
    for some in nodes.chunks(AT_A_TIME) {
        let make = || {
            ecs.describe_container_instances()
                .cluster(cluster)
                .set_container_instances(Some(some.to_vec()))
                .send()
        };
        let answer = at.place.call(DESCRIBE_CONTAINER_INSTANCES, make).await?;
        rows.extend(
            answer
                .container_instances
                .unwrap_or_default()
                .into_iter()
                .filter_map(|n| node(n, cluster, at)),
        );
    }
    Ok(rows)
}

fn node(n: aws_sdk_ecs::types::ContainerInstance, cluster: &str, at: &At) -> Option<Resource> {
    let amount = |all: &[aws_sdk_ecs::types::Resource], name: &str| {
        all.iter().find(|r| r.name.as_deref() == Some(name)).map(|r| r.integer_value)
    };
    let (registered, remaining) = (n.registered_resources(), n.remaining_resources());
    let (cpu, cpu_free) = (amount(registered, "CPU"), amount(remaining, "CPU"));
    let (memory, memory_free) = (amount(registered, "MEMORY"), amount(remaining, "MEMORY"));
    let row = Resource {
        state: n.status,
        attached_to: n.ec2_instance_id,
        created_on: day(n.registered_at.as_ref()),
        ..resource(Kind::EcsNode, n.container_instance_arn?, at)
    };
    Some(
        row.with(detail::CLUSTER, Some(cluster.to_owned()))
            .with(detail::RUNNING_TASKS, Some(n.running_tasks_count))
            .with(detail::CPU_UNITS, cpu)
            .with(detail::CPU_UNITS_FREE, cpu_free)
            .with(detail::MEMORY_MB, memory)
            .with(detail::MEMORY_MB_FREE, memory_free),
    )
}

/// EKS clusters, and their managed node groups.
///
/// `eks-cluster`: details `Version`, `SupportType`. `eks-node-group`: details `Cluster`,
/// `CapacityType`, `InstanceTypes`, `MinSize`, `MaxSize`, `DesiredSize`, `AutoScalingGroups`,
/// `Version`.
pub(super) async fn eks(at: At) -> Result<Found, CallError> {
    let eks = client!(aws_sdk_eks, &at);
    let make = |token| eks.list_clusters().set_next_token(token).send();
    let clusters = at
        .place
        .pages(LIST_EKS_CLUSTERS, make, |p| (p.clusters.unwrap_or_default(), p.next_token))
        .await?;
    let mut found =
        rows_of_each("an EKS cluster", &clusters, |cluster| eks_cluster(&at, cluster)).await;
    let groups = rows_of_each("node groups of an EKS cluster", &clusters, |cluster| {
        node_groups(&at, cluster)
    })
    .await;
    found.rows.extend(groups.rows);
    found.gaps.extend(groups.gaps);
    Ok(found)
}

async fn eks_cluster(at: &At, name: &str) -> Result<Option<Resource>, CallError> {
    let eks = client!(aws_sdk_eks, at);
    let make = || eks.describe_cluster().name(name).send();
    let Some(c) = at.place.call(DESCRIBE_EKS_CLUSTER, make).await?.cluster else { return Ok(None) };
    let Some(arn) = c.arn else { return Ok(None) };
    let policy = c.upgrade_policy.and_then(|p| p.support_type).map(|t| t.as_str().to_owned());
    let row = Resource {
        state: c.status.map(|s| s.as_str().to_owned()),
        name: c.name,
        created_on: day(c.created_at.as_ref()),
        ..resource(Kind::EksCluster, arn, at)
    };
    let tags = c.tags.unwrap_or_default().into_iter().map(|(k, v)| (Some(k), Some(v)));
    Ok(Some(row.with(detail::VERSION, c.version).with(detail::SUPPORT_TYPE, policy).tagged(tags)))
}

async fn node_groups(at: &At, cluster: &str) -> Result<Vec<Resource>, CallError> {
    let eks = client!(aws_sdk_eks, at);
    let make = |token| eks.list_nodegroups().cluster_name(cluster).set_next_token(token).send();
    let groups = at
        .place
        .pages(LIST_NODEGROUPS, make, |p| (p.nodegroups.unwrap_or_default(), p.next_token))
        .await?;
    let mut rows = Vec::new();
    for group in groups {
        let make = || eks.describe_nodegroup().cluster_name(cluster).nodegroup_name(&group).send();
        let answer = at.place.call(DESCRIBE_NODEGROUP, make).await?;
        rows.extend(answer.nodegroup.and_then(|g| node_group(g, cluster, at)));
    }
    Ok(rows)
}

fn node_group(g: aws_sdk_eks::types::Nodegroup, cluster: &str, at: &At) -> Option<Resource> {
    let scaling = g.scaling_config.as_ref();
    let groups =
        g.resources.as_ref().map(aws_sdk_eks::types::NodegroupResources::auto_scaling_groups);
    let groups: Option<Vec<String>> =
        groups.map(|all| all.iter().filter_map(|a| a.name.clone()).collect());
    let tags = g.tags.clone().unwrap_or_default();
    let row = Resource {
        state: g.status.as_ref().map(|s| s.as_str().to_owned()),
        instance_type: g.instance_types().first().cloned(),
        name: g.nodegroup_name.clone(),
        created_on: day(g.created_at.as_ref()),
        ..resource(Kind::EksNodeGroup, g.nodegroup_arn.clone()?, at)
    };
    Some(
        row.with(detail::CLUSTER, Some(cluster.to_owned()))
            .with(detail::CAPACITY_TYPE, g.capacity_type.as_ref().map(|c| c.as_str().to_owned()))
            .with(detail::INSTANCE_TYPES, g.instance_types.clone())
            .with(detail::MIN_SIZE, scaling.and_then(|s| s.min_size))
            .with(detail::MAX_SIZE, scaling.and_then(|s| s.max_size))
            .with(detail::DESIRED_SIZE, scaling.and_then(|s| s.desired_size))
            .with(detail::AUTO_SCALING_GROUPS, groups)
            .with(detail::VERSION, g.version.clone())
            .tagged(tags.into_iter().map(|(k, v)| (Some(k), Some(v)))),
    )
}
