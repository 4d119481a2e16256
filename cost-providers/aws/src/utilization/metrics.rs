//! Utilization metrics for each kind of resource.
//!
//! Source: `CloudWatch` metrics of each service in its user guide (EC2, EBS, RDS, `ElastiCache`,
//! Elastic Load Balancing, NAT gateways, Lambda), read 2026-11.

use cost_core::inventory::Kind;

use super::measure::Measure;
use super::wanted::{Reading, Resource, Wanted};

/// Metric, with the requested statistics.
pub(super) struct Asked {
    pub(super) namespace: &'static str,
    pub(super) metric: &'static str,
    pub(super) stats: &'static [(&'static str, Measure)],
}

impl Asked {
    /// Returns the requests of one series, for a resource.
    pub(super) fn of(
        &self,
        resource: &str,
        dimensions: &[(String, String)],
        reading: Reading,
    ) -> Vec<Wanted> {
        let one = |(stat, measure): &(&'static str, Measure)| Wanted {
            resource: resource.to_owned(),
            measure: *measure,
            namespace: self.namespace,
            metric: self.metric,
            stat,
            dimensions: dimensions.to_vec(),
            reading,
        };
        self.stats.iter().map(one).collect()
    }
}

/// Metric of a kind of resource.
struct MetricOf {
    kind: Kind,
    /// Dimension that identifies the resource.
    dimension: &'static str,
    asked: Asked,
}

const CPU: &[(&str, Measure)] =
    &[("Average", Measure::CpuMean), ("Maximum", Measure::CpuMax), ("p99", Measure::CpuP99)];
pub(super) const CPU_MEAN_AND_MAX: &[(&str, Measure)] =
    &[("Average", Measure::CpuMean), ("Maximum", Measure::CpuMax)];
const BYTES: &[(&str, Measure)] = &[("Sum", Measure::Network)];
const COUNT: &[(&str, Measure)] = &[("Sum", Measure::Operations)];
pub(super) const MEMORY: &[(&str, Measure)] =
    &[("Average", Measure::MemoryMean), ("Maximum", Measure::MemoryMax)];
/// The minimum of free capacity is the maximum of used capacity.
const FREE: &[(&str, Measure)] = &[("Minimum", Measure::StorageUsed)];
const FREE_MEMORY: &[(&str, Measure)] =
    &[("Average", Measure::MemoryMean), ("Minimum", Measure::MemoryMax)];

const fn metric(
    kind: Kind,
    namespace: &'static str,
    dimension: &'static str,
    metric: &'static str,
    stats: &'static [(&'static str, Measure)],
) -> MetricOf {
    MetricOf { kind, dimension, asked: Asked { namespace, metric, stats } }
}

const METRICS: &[MetricOf] = &[
    metric(Kind::Instance, "AWS/EC2", "InstanceId", "CPUUtilization", CPU),
    metric(Kind::Instance, "AWS/EC2", "InstanceId", "NetworkIn", BYTES),
    metric(Kind::Instance, "AWS/EC2", "InstanceId", "NetworkOut", BYTES),
    metric(Kind::Volume, "AWS/EBS", "VolumeId", "VolumeReadOps", COUNT),
    metric(Kind::Volume, "AWS/EBS", "VolumeId", "VolumeWriteOps", COUNT),
    metric(Kind::Volume, "AWS/EBS", "VolumeId", "VolumeReadBytes", BYTES),
    metric(Kind::Volume, "AWS/EBS", "VolumeId", "VolumeWriteBytes", BYTES),
    metric(Kind::DbInstance, "AWS/RDS", "DBInstanceIdentifier", "CPUUtilization", CPU),
    metric(Kind::DbInstance, "AWS/RDS", "DBInstanceIdentifier", "FreeStorageSpace", FREE),
    metric(Kind::DbInstance, "AWS/RDS", "DBInstanceIdentifier", "FreeableMemory", FREE_MEMORY),
    metric(Kind::DbInstance, "AWS/RDS", "DBInstanceIdentifier", "DatabaseConnections", COUNT),
    metric(Kind::DbCluster, "AWS/RDS", "DBClusterIdentifier", "VolumeReadIOPs", COUNT),
    metric(Kind::DbCluster, "AWS/RDS", "DBClusterIdentifier", "VolumeWriteIOPs", COUNT),
    metric(Kind::CacheCluster, "AWS/ElastiCache", "CacheClusterId", "CPUUtilization", CPU),
    // Each engine has two of these. Connections do not show use: the service itself has some.
    metric(Kind::CacheCluster, "AWS/ElastiCache", "CacheClusterId", "GetTypeCmds", COUNT),
    metric(Kind::CacheCluster, "AWS/ElastiCache", "CacheClusterId", "SetTypeCmds", COUNT),
    metric(Kind::CacheCluster, "AWS/ElastiCache", "CacheClusterId", "CmdGet", COUNT),
    metric(Kind::CacheCluster, "AWS/ElastiCache", "CacheClusterId", "CmdSet", COUNT),
    metric(
        Kind::CacheCluster,
        "AWS/ElastiCache",
        "CacheClusterId",
        "DatabaseMemoryUsagePercentage",
        MEMORY,
    ),
    metric(
        Kind::Table,
        "AWS/DynamoDB",
        "TableName",
        "ConsumedReadCapacityUnits",
        &[("Sum", Measure::ReadUnits)],
    ),
    metric(
        Kind::Table,
        "AWS/DynamoDB",
        "TableName",
        "ConsumedWriteCapacityUnits",
        &[("Sum", Measure::WriteUnits)],
    ),
    metric(Kind::LoadBalancer, "AWS/ApplicationELB", "LoadBalancer", "RequestCount", COUNT),
    metric(Kind::LoadBalancer, "AWS/NetworkELB", "LoadBalancer", "NewFlowCount", COUNT),
    metric(Kind::ClassicLoadBalancer, "AWS/ELB", "LoadBalancerName", "RequestCount", COUNT),
    metric(Kind::NatGateway, "AWS/NATGateway", "NatGatewayId", "ConnectionAttemptCount", COUNT),
    metric(Kind::NatGateway, "AWS/NATGateway", "NatGatewayId", "BytesOutToDestination", BYTES),
    metric(Kind::Function, "AWS/Lambda", "FunctionName", "Invocations", COUNT),
    metric(Kind::EcsService, "AWS/ECS", "ServiceName", "CPUUtilization", CPU_MEAN_AND_MAX),
    metric(Kind::EcsService, "AWS/ECS", "ServiceName", "MemoryUtilization", MEMORY),
];

pub(super) fn is_measured(kind: &Kind) -> bool {
    METRICS.iter().any(|m| m.kind == *kind)
}

/// Returns the requests for a resource.
pub(super) fn measures(resource: &Resource) -> Vec<Wanted> {
    let of_kind = METRICS.iter().filter(|m| m.kind == resource.kind && fits(&m.asked, resource));
    let wanted = |m: &MetricOf| {
        let of_cluster = cluster(resource).map(|name| ("ClusterName".to_owned(), name.to_owned()));
        let dimensions: Vec<(String, String)> =
            of_cluster.into_iter().chain([(m.dimension.to_owned(), value(resource))]).collect();
        let reading = free_of(&m.asked, resource).map_or(Reading::AsItIs, Reading::UsedOf);
        m.asked.of(&resource.id, &dimensions, reading)
    };
    of_kind.flat_map(wanted).collect()
}

/// Returns the total capacity of a resource for a metric of free capacity.
fn free_of(m: &Asked, resource: &Resource) -> Option<f64> {
    match m.metric {
        "FreeStorageSpace" => resource.bytes,
        "FreeableMemory" => resource.memory_bytes,
        _ => None,
    }
}

/// Both load balancer types have one kind: the ARN shows the namespace.
fn fits(m: &Asked, resource: &Resource) -> bool {
    match m.namespace {
        // Free capacity is not useful without the total: Aurora storage grows automatically.
        "AWS/RDS" if m.metric.starts_with("Free") => free_of(m, resource).is_some(),
        "AWS/ApplicationELB" => resource.id.contains("loadbalancer/app/"),
        "AWS/NetworkELB" => resource.id.contains("loadbalancer/net/"),
        _ => true,
    }
}

/// Returns the cluster of an ECS service, from its ARN:
/// `arn:aws:ecs:REGION:ACCOUNT:service/CLUSTER/NAME`.
fn cluster(resource: &Resource) -> Option<&str> {
    Some(resource.id.split_once(":service/")?.1.rsplit_once('/')?.0)
        .filter(|_| resource.kind == Kind::EcsService)
}

/// Returns the dimension value of a resource: usually its ID; for databases, caches, functions,
/// tables, and services its name; for load balancers the end of its ARN.
fn value(resource: &Resource) -> String {
    if let Some((_, end)) = resource.id.split_once("loadbalancer/") {
        return end.to_owned();
    }
    let named = matches!(
        resource.kind,
        Kind::DbInstance
            | Kind::DbCluster
            | Kind::CacheCluster
            | Kind::Function
            | Kind::Table
            | Kind::EcsService
    );
    resource.name.clone().filter(|_| named).unwrap_or_else(|| resource.id.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(kind: &str, id: &str, name: &str) -> Resource {
        Resource {
            id: id.to_owned(),
            kind: kind.into(),
            name: Some(name.to_owned()),
            bytes: Some(100.0),
            memory_bytes: Some(200.0),
            attached_to: None,
        }
    }

    #[test]
    fn each_kind_is_asked_for_by_its_own_name() {
        let of = |kind: &str, id: &str, name: &str| {
            let first = measures(&resource(kind, id, name)).first().cloned().expect("measured");
            (first.namespace, first.dimensions[0].1.clone())
        };
        assert_eq!(of("instance", "i-1", "web"), ("AWS/EC2", "i-1".to_owned()));
        assert_eq!(
            of("db-instance", "arn:aws:rds:r:1:db:orders", "orders"),
            ("AWS/RDS", "orders".to_owned())
        );
        let arn = "arn:aws:elasticloadbalancing:r:1:loadbalancer/net/front/50dc";
        assert_eq!(
            of("load-balancer", arn, "front"),
            ("AWS/NetworkELB", "net/front/50dc".to_owned())
        );
        let classic = "arn:aws:elasticloadbalancing:r:1:loadbalancer/old";
        assert_eq!(of("classic-load-balancer", classic, "old"), ("AWS/ELB", "old".to_owned()));
        let free = measures(&resource("db-instance", "arn:aws:rds:r:1:db:orders", "orders"));
        let free = free.iter().find(|w| w.metric == "FreeStorageSpace").expect("measured");
        assert!((free.reading.value(25.0) - 75.0).abs() < 1e-9);
        let all = measures(&resource("db-instance", "arn:aws:rds:r:1:db:orders", "orders"));
        let memory = all
            .iter()
            .find(|w| w.metric == "FreeableMemory" && w.stat == "Minimum")
            .expect("measured");
        assert!((memory.reading.value(50.0) - 75.0).abs() < 1e-9);
        assert!(
            all.iter()
                .all(|w| matches!(w.reading, Reading::UsedOf(_)) == w.metric.starts_with("Free"))
        );
        let service =
            measures(&resource("ecs-service", "arn:aws:ecs:r:1:service/apps/shop", "shop"));
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            service[0].dimensions,
            [pair("ClusterName", "apps"), pair("ServiceName", "shop")]
        );
        assert!(!is_measured(&Kind::Snapshot));
        assert_eq!(measures(&resource("instance", "i-1", "web")).len(), 5);
    }
}
