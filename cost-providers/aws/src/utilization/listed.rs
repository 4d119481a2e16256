//! Metrics that must be listed before they are requested, because only `CloudWatch` knows their
//! dimensions or whether they exist.
//!
//! Source: `CloudWatch` user guide, "Metrics collected by the `CloudWatch` agent" (default
//! configuration, Linux) and "Metrics collected by Lambda Insights"; user guides of Redshift,
//! `OpenSearch` Service, `DocumentDB`, Neptune, `MemoryDB`, `SageMaker`, `FSx` and Site-to-Site VPN,
//! "Monitoring with Amazon `CloudWatch`"; Amazon MSK Developer Guide, "Amazon MSK metrics for
//! monitoring Standard brokers with `CloudWatch`"; Amazon MQ Developer Guide, "Available `CloudWatch`
//! metrics" for `ActiveMQ` and for `RabbitMQ` brokers; read 2026-11.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_cloudwatch::operation::list_metrics::ListMetricsOutput;
use cost_core::inventory::Kind;
use cost_provider_api::CallError;

use super::measure::Measure;
use super::metrics::{Asked, CPU_MEAN_AND_MAX, MEMORY};
use super::wanted::{BYTES_OF_MIB, Reading, Resource, Wanted};
use crate::connect::{At, client, partition_of};
use crate::operation::LIST_METRICS;

/// Function memory that corresponds to one vCPU, MB. Source: AWS Lambda Developer Guide, "Configure
/// Lambda function memory", read 2026-11.
const MB_OF_VCPU: f64 = 1769.0;

/// Dimension names and values.
type Dimensions = Vec<(String, String)>;

/// One listing of metrics.
pub(super) struct LookUp {
    /// Name of the gap if it fails.
    pub(super) what: &'static str,
    namespace: &'static str,
    metric: &'static str,
    /// Requested only where such a resource exists; everywhere if the inventory does not contain
    /// its kind.
    kind: Option<Kind>,
    read: fn(&Known<'_>, &[Dimensions]) -> Vec<Wanted>,
}

/// All listings, one line each.
pub(super) const LOOK_UPS: &[LookUp] = &[
    LookUp {
        what: "memory of EC2 instances",
        namespace: "CWAgent",
        metric: "mem_used_percent",
        kind: Some(Kind::Instance),
        read: memory,
    },
    LookUp {
        what: "used storage of EBS volumes",
        namespace: "CWAgent",
        metric: "disk_used_percent",
        kind: Some(Kind::Volume),
        read: disks,
    },
    LookUp {
        what: "memory and CPU of Lambda functions",
        namespace: "LambdaInsights",
        metric: "memory_utilization",
        kind: Some(Kind::Function),
        read: functions,
    },
    LookUp {
        what: "utilization of Redshift clusters",
        namespace: "AWS/Redshift",
        metric: "DatabaseConnections",
        kind: None,
        read: warehouses,
    },
    LookUp {
        what: "utilization of OpenSearch domains",
        namespace: "AWS/ES",
        metric: "CPUUtilization",
        kind: None,
        read: domains,
    },
    LookUp {
        what: "utilization of DocumentDB instances",
        namespace: "AWS/DocDB",
        metric: "DatabaseConnections",
        kind: Some(Kind::DbInstance),
        read: documents,
    },
    LookUp {
        what: "utilization of Neptune instances",
        namespace: "AWS/Neptune",
        metric: "TotalRequestsPerSec",
        kind: Some(Kind::DbInstance),
        read: graphs,
    },
    LookUp {
        what: "utilization of MemoryDB clusters",
        namespace: "AWS/MemoryDB",
        metric: "GetTypeCmds",
        kind: None,
        read: memories,
    },
    LookUp {
        what: "utilization of SageMaker endpoints",
        namespace: "/aws/sagemaker/Endpoints",
        metric: "CPUUtilization",
        kind: None,
        read: endpoints,
    },
    LookUp {
        what: "traffic of VPN connections",
        namespace: "AWS/VPN",
        metric: "TunnelState",
        kind: None,
        read: vpn_connections,
    },
    LookUp {
        what: "utilization of FSx file systems",
        namespace: "AWS/FSx",
        metric: "DataReadBytes",
        kind: None,
        read: file_systems,
    },
    LookUp {
        what: "traffic of MSK clusters",
        namespace: "AWS/Kafka",
        metric: "BytesInPerSec",
        kind: None,
        read: kafka_clusters,
    },
    LookUp {
        what: "connections of RabbitMQ brokers",
        namespace: "AWS/AmazonMQ",
        metric: "ConnectionCount",
        kind: None,
        read: rabbit_brokers,
    },
    LookUp {
        what: "connections of ActiveMQ brokers",
        namespace: "AWS/AmazonMQ",
        metric: "CurrentConnectionsCount",
        kind: None,
        read: active_brokers,
    },
];

/// Known resources of an account and region.
struct Known<'a> {
    account: &'a str,
    region: &'a str,
    resources: &'a [Resource],
}

impl Known<'_> {
    fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Resource> {
        self.resources.iter().filter(move |r| r.kind == kind)
    }

    fn arn(&self, service: &str, resource: &str) -> String {
        let (partition, region, account) = (partition_of(self.region), self.region, self.account);
        format!("arn:{partition}:{service}:{region}:{account}:{resource}")
    }
}

/// Returns the requests for an account and region, from one listing.
pub(super) async fn look_up(
    at: &At,
    of: &LookUp,
    resources: &[Resource],
) -> Result<Vec<Wanted>, CallError> {
    if of.kind.as_ref().is_some_and(|kind| resources.iter().all(|r| r.kind != *kind)) {
        return Ok(Vec::new());
    }
    let cloudwatch = client!(aws_sdk_cloudwatch, at);
    let make = |token| {
        cloudwatch
            .list_metrics()
            .namespace(of.namespace)
            .metric_name(of.metric)
            .set_next_token(token)
            .send()
    };
    let split = |p: ListMetricsOutput| (p.metrics.unwrap_or_default(), p.next_token);
    let metrics = at.place.pages(LIST_METRICS, make, split).await?;
    let pair = |d: &aws_sdk_cloudwatch::types::Dimension| Some((d.name.clone()?, d.value.clone()?));
    let mut all: Vec<Dimensions> =
        metrics.iter().map(|m| m.dimensions().iter().filter_map(pair).collect()).collect();
    // Sorted and without duplicates, for any order of the listing.
    all.sort();
    all.dedup();
    Ok((of.read)(&Known { account: at.account(), region: at.region(), resources }, &all))
}

fn value<'a>(dimensions: &'a Dimensions, name: &str) -> Option<&'a str> {
    dimensions.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
}

/// Returns the value of one dimension, if a series has exactly these dimensions: services also have
/// series for parts of a resource.
fn only<'a>(dimensions: &'a Dimensions, names: &[&str]) -> Option<&'a str> {
    (dimensions.len() == names.len() && names.iter().all(|n| value(dimensions, n).is_some()))
        .then(|| value(dimensions, names[0]))?
}

const fn asked(
    namespace: &'static str,
    metric: &'static str,
    stats: &'static [(&'static str, Measure)],
) -> Asked {
    Asked { namespace, metric, stats }
}

fn wanted(resource: &str, dimensions: &Dimensions, metrics: &[Asked]) -> Vec<Wanted> {
    metrics.iter().flat_map(|m| m.of(resource, dimensions, Reading::AsItIs)).collect()
}

const SUM: &[(&str, Measure)] = &[("Sum", Measure::Operations)];

/// An instance that moved between groups has several series: the first counts, not the sum.
fn memory(known: &Known<'_>, all: &[Dimensions]) -> Vec<Wanted> {
    let instances: BTreeSet<&str> = known.of_kind(Kind::Instance).map(|r| r.id.as_str()).collect();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for dimensions in all {
        let Some(id) = value(dimensions, "InstanceId").filter(|id| instances.contains(id)) else {
            continue;
        };
        if seen.insert(id) {
            found.extend(wanted(id, dimensions, &[asked("CWAgent", "mem_used_percent", MEMORY)]));
        }
    }
    found
}

/// File systems that are not on a volume, or contain boot files.
const NOT_DATA: [&str; 7] = ["tmpfs", "devtmpfs", "overlay", "squashfs", "vfat", "iso9660", "nfs4"];

/// The agent reports file systems, not volumes: the assignment is certain only if an instance has
/// one of each.
fn disks(known: &Known<'_>, all: &[Dimensions]) -> Vec<Wanted> {
    let mut volumes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for volume in known.of_kind(Kind::Volume) {
        if let Some(instance) = &volume.attached_to {
            volumes.entry(instance).or_default().push(&volume.id);
        }
    }
    let mut systems: BTreeMap<&str, BTreeMap<&str, &Dimensions>> = BTreeMap::new();
    for dimensions in all {
        let (Some(id), Some(path)) = (value(dimensions, "InstanceId"), value(dimensions, "path"))
        else {
            continue;
        };
        let is_data = !NOT_DATA.contains(&value(dimensions, "fstype").unwrap_or(""));
        if is_data && !path.starts_with("/boot") {
            systems.entry(id).or_default().entry(path).or_insert(dimensions);
        }
    }
    let mut found = Vec::new();
    for (instance, paths) in systems {
        let one = volumes.get(instance).filter(|v| v.len() == 1 && paths.len() == 1);
        if let Some((volume, dimensions)) =
            one.and_then(|v| v.first()).zip(paths.into_values().next())
        {
            let full = asked("CWAgent", "disk_used_percent", &[("Maximum", Measure::StorageUsed)]);
            found.extend(wanted(volume, dimensions, &[full]));
        }
    }
    found
}

fn functions(known: &Known<'_>, all: &[Dimensions]) -> Vec<Wanted> {
    let named: BTreeMap<&str, &Resource> =
        known.of_kind(Kind::Function).filter_map(|f| Some((f.name.as_deref()?, f))).collect();
    let mut found = Vec::new();
    for dimensions in all {
        let Some((name, function)) =
            only(dimensions, &["function_name"]).and_then(|n| named.get_key_value(n))
        else {
            continue;
        };
        found.extend(wanted(
            &function.id,
            dimensions,
            &[asked("LambdaInsights", "memory_utilization", MEMORY)],
        ));
        let Some(mb) =
            function.memory_bytes.map(|bytes| bytes / BYTES_OF_MIB).filter(|mb| *mb > 0.0)
        else {
            continue;
        };
        // Milliseconds of CPU, as percent of those that the vCPUs have in one millisecond.
        let time = asked("LambdaInsights", "cpu_total_time", &[("Sum", Measure::CpuTime)]);
        let share = Reading::Times(100.0 * MB_OF_VCPU / mb);
        found.extend(time.of(&function.id, dimensions, share));
        let of_lambda = vec![("FunctionName".to_owned(), (*name).to_owned())];
        let duration = asked("AWS/Lambda", "Duration", &[("Sum", Measure::Duration)]);
        found.extend(wanted(&function.id, &of_lambda, &[duration]));
    }
    found
}

fn warehouses(known: &Known<'_>, all: &[Dimensions]) -> Vec<Wanted> {
    let metrics = [
        asked("AWS/Redshift", "DatabaseConnections", SUM),
        asked("AWS/Redshift", "CPUUtilization", CPU_MEAN_AND_MAX),
        asked("AWS/Redshift", "PercentageDiskSpaceUsed", &[("Maximum", Measure::StorageUsed)]),
    ];
    let of = |dimensions: &Dimensions| {
        let name = only(dimensions, &["ClusterIdentifier"])?;
        Some(wanted(&known.arn("redshift", &format!("cluster:{name}")), dimensions, &metrics))
    };
    all.iter().filter_map(of).flatten().collect()
}

/// Instances of the RDS API whose metrics are in the namespace of another service.
fn documents(known: &Known<'_>, all: &[Dimensions]) -> Vec<Wanted> {
    let metrics = [
        asked("AWS/DocDB", "DatabaseConnections", SUM),
        asked("AWS/DocDB", "CPUUtilization", CPU_MEAN_AND_MAX),
    ];
    instances(known, all, &metrics)
}

/// The same for Neptune. The metric is a rate, whose sum is zero only without requests.
fn graphs(known: &Known<'_>, all: &[Dimensions]) -> Vec<Wanted> {
    let metrics = [
        asked("AWS/Neptune", "TotalRequestsPerSec", SUM),
        asked("AWS/Neptune", "CPUUtilization", CPU_MEAN_AND_MAX),
    ];
    instances(known, all, &metrics)
}

fn instances(known: &Known<'_>, all: &[Dimensions], metrics: &[Asked]) -> Vec<Wanted> {
    let of = |dimensions: &Dimensions| {
        let name = only(dimensions, &["DBInstanceIdentifier"])?;
        Some(wanted(&known.arn("rds", &format!("db:{name}")), dimensions, metrics))
    };
    all.iter().filter_map(of).flatten().collect()
}

/// Each node of a cluster has its own series. They add up, also for the CPU.
fn memories(known: &Known<'_>, all: &[Dimensions]) -> Vec<Wanted> {
    let metrics = [
        asked("AWS/MemoryDB", "GetTypeCmds", SUM),
        asked("AWS/MemoryDB", "SetTypeCmds", SUM),
        asked("AWS/MemoryDB", "CPUUtilization", CPU_MEAN_AND_MAX),
    ];
    let of = |dimensions: &Dimensions| {
        let name = only(dimensions, &["ClusterName", "NodeName"])?;
        Some(wanted(&known.arn("memorydb", &format!("cluster/{name}")), dimensions, &metrics))
    };
    all.iter().filter_map(of).flatten().collect()
}

/// Rates are per minute: their sum over an hour is the number of requests.
fn domains(known: &Known<'_>, all: &[Dimensions]) -> Vec<Wanted> {
    let metrics = [
        asked("AWS/ES", "SearchRate", SUM),
        asked("AWS/ES", "IndexingRate", SUM),
        asked("AWS/ES", "CPUUtilization", CPU_MEAN_AND_MAX),
    ];
    let of = |dimensions: &Dimensions| {
        let name = only(dimensions, &["DomainName", "ClientId"])?;
        Some(wanted(&known.arn("es", &format!("domain/{name}")), dimensions, &metrics))
    };
    all.iter().filter_map(of).flatten().collect()
}

/// Invocations have points only in hours with calls. If the machines report their CPU, a missing
/// point means zero.
fn endpoints(known: &Known<'_>, all: &[Dimensions]) -> Vec<Wanted> {
    let metrics = [
        asked("AWS/SageMaker", "Invocations", SUM),
        asked("/aws/sagemaker/Endpoints", "CPUUtilization", &[("Average", Measure::Alive)]),
    ];
    let of = |dimensions: &Dimensions| {
        let name = only(dimensions, &["EndpointName", "VariantName"])?.to_lowercase();
        Some(wanted(&known.arn("sagemaker", &format!("endpoint/{name}")), dimensions, &metrics))
    };
    all.iter().filter_map(of).flatten().collect()
}

const BYTES: &[(&str, Measure)] = &[("Sum", Measure::Network)];

/// Both tunnels of a connection together: the series of single tunnels have another dimension.
fn vpn_connections(_: &Known<'_>, all: &[Dimensions]) -> Vec<Wanted> {
    let metrics =
        [asked("AWS/VPN", "TunnelDataIn", BYTES), asked("AWS/VPN", "TunnelDataOut", BYTES)];
    let of = |dimensions: &Dimensions| {
        let id = only(dimensions, &["VpnId"])?;
        Some(wanted(id, dimensions, &metrics))
    };
    all.iter().filter_map(of).flatten().collect()
}

/// File systems for ONTAP and `OpenZFS` have series by volume only, and are not measured.
fn file_systems(known: &Known<'_>, all: &[Dimensions]) -> Vec<Wanted> {
    let metrics =
        [asked("AWS/FSx", "DataReadBytes", BYTES), asked("AWS/FSx", "DataWriteBytes", BYTES)];
    let of = |dimensions: &Dimensions| {
        let id = only(dimensions, &["FileSystemId"])?;
        Some(wanted(&known.arn("fsx", &format!("file-system/{id}")), dimensions, &metrics))
    };
    all.iter().filter_map(of).flatten().collect()
}

/// Seconds between two points of a metric of MSK.
const SECONDS_OF_POINT: f64 = 60.0;

/// Each broker of a cluster has its own series, and they add up. Topics have further ones. The
/// metrics are rates by the second, with a point each minute: their sum over an hour × 60 is the
/// number of bytes. The cluster has its ARN without the ID at its end.
fn kafka_clusters(known: &Known<'_>, all: &[Dimensions]) -> Vec<Wanted> {
    let metrics =
        [asked("AWS/Kafka", "BytesInPerSec", BYTES), asked("AWS/Kafka", "BytesOutPerSec", BYTES)];
    let mut found = Vec::new();
    for dimensions in all {
        let Some(name) = only(dimensions, &["Cluster Name", "Broker ID"]) else { continue };
        let arn = known.arn("kafka", &format!("cluster/{name}"));
        let of = |m: &Asked| m.of(&arn, dimensions, Reading::Times(SECONDS_OF_POINT));
        found.extend(metrics.iter().flat_map(of));
    }
    found
}

/// The sum of a count of connections is zero only without connections, and that of the rate of
/// messages only without messages.
fn rabbit_brokers(known: &Known<'_>, all: &[Dimensions]) -> Vec<Wanted> {
    let metrics =
        [asked("AWS/AmazonMQ", "ConnectionCount", SUM), asked("AWS/AmazonMQ", "PublishRate", SUM)];
    let of = |dimensions: &Dimensions| {
        let name = only(dimensions, &["Broker"])?;
        Some(wanted(&known.arn("mq", &format!("broker:{name}")), dimensions, &metrics))
    };
    all.iter().filter_map(of).flatten().collect()
}

/// Metrics have the name of a broker with the number of its instance: `orders-1`, and of a pair
/// also `orders-2`.
fn active_brokers(known: &Known<'_>, all: &[Dimensions]) -> Vec<Wanted> {
    let metrics = [
        asked("AWS/AmazonMQ", "CurrentConnectionsCount", SUM),
        asked("AWS/AmazonMQ", "TotalEnqueueCount", SUM),
    ];
    let of = |dimensions: &Dimensions| {
        let instance = only(dimensions, &["Broker"])?;
        let name = ["-1", "-2"].iter().find_map(|end| instance.strip_suffix(end))?;
        Some(wanted(&known.arn("mq", &format!("broker:{name}")), dimensions, &metrics))
    };
    all.iter().filter_map(of).flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(kind: &str, id: &str) -> Resource {
        Resource { id: id.to_owned(), kind: kind.into(), ..Resource::default() }
    }

    fn dimensions(pairs: &[(&str, &str)]) -> Dimensions {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn found(
        read: fn(&Known<'_>, &[Dimensions]) -> Vec<Wanted>,
        resources: &[Resource],
        all: &[Dimensions],
    ) -> Vec<Wanted> {
        read(&Known { account: "1", region: "cn-north-1", resources }, all)
    }

    #[test]
    fn volume_use_is_measured_only_for_instances_with_one_volume() {
        let volume =
            |id: &str| Resource { attached_to: Some("i-1".to_owned()), ..resource("volume", id) };
        let disk = |path: &str, kind: &str| {
            dimensions(&[
                ("InstanceId", "i-1"),
                ("device", "nvme0n1p1"),
                ("fstype", kind),
                ("path", path),
            ])
        };
        let all = [disk("/", "xfs"), disk("/boot", "xfs"), disk("/dev/shm", "tmpfs")];
        let one = found(disks, &[volume("vol-1")], &all);
        assert_eq!(one.len(), 1);
        assert_eq!(
            (one[0].resource.as_str(), one[0].measure, one[0].stat),
            ("vol-1", Measure::StorageUsed, "Maximum")
        );
        assert!(
            found(disks, &[volume("vol-1"), volume("vol-2")], &all).is_empty(),
            "which volume is it?"
        );
        assert!(
            found(disks, &[volume("vol-1")], &[disk("/", "xfs"), disk("/data", "xfs")]).is_empty(),
            "two on one"
        );
    }

    #[test]
    fn the_cpu_of_a_function_is_a_share_of_what_comes_with_its_memory() {
        let mb = 1769.0 / 2.0;
        let function = Resource {
            name: Some("resize".to_owned()),
            memory_bytes: Some(mb * BYTES_OF_MIB),
            ..resource("function", "arn:resize")
        };
        let series = [
            dimensions(&[("function_name", "resize")]),
            dimensions(&[("function_name", "resize"), ("version", "1")]),
            dimensions(&[("function_name", "other")]),
        ];
        let all = found(functions, &[function], &series);
        assert_eq!(all.len(), 4);
        let time = all.iter().find(|w| w.measure == Measure::CpuTime).expect("asked for");
        // Half a vCPU has 500 ms in a second: 250 of them are half of it, and 25 % of the second.
        assert!((time.reading.value(250.0) / 1000.0 - 50.0).abs() < 1e-9);
        let duration = all.iter().find(|w| w.measure == Measure::Duration).expect("asked for");
        assert_eq!(
            (duration.namespace, duration.dimensions[0].0.as_str()),
            ("AWS/Lambda", "FunctionName")
        );
    }

    #[test]
    fn what_the_inventory_lacks_has_the_arn_that_bills_have() {
        let ids = |read, series: &[Dimensions]| {
            found(read, &[], series)
                .into_iter()
                .map(|w| w.resource)
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect::<Vec<_>>()
        };
        let nodes = [
            dimensions(&[("ClusterIdentifier", "dw")]),
            dimensions(&[("ClusterIdentifier", "dw"), ("NodeID", "Leader")]),
        ];
        assert_eq!(ids(warehouses, &nodes), ["arn:aws-cn:redshift:cn-north-1:1:cluster:dw"]);
        let domain = [dimensions(&[("ClientId", "1"), ("DomainName", "logs")])];
        assert_eq!(ids(domains, &domain), ["arn:aws-cn:es:cn-north-1:1:domain/logs"]);
        let endpoint = [dimensions(&[("EndpointName", "Model-A"), ("VariantName", "AllTraffic")])];
        assert_eq!(
            ids(endpoints, &endpoint),
            ["arn:aws-cn:sagemaker:cn-north-1:1:endpoint/model-a"]
        );
        let connection = [
            dimensions(&[("TunnelIpAddress", "203.0.113.1")]),
            dimensions(&[("VpnId", "vpn-1")]),
            dimensions(&[("TunnelIpAddress", "203.0.113.1"), ("VpnId", "vpn-1")]),
        ];
        assert_eq!(ids(vpn_connections, &connection), ["vpn-1"]);
        let files = [
            dimensions(&[("FileSystemId", "fs-1")]),
            dimensions(&[("FileSystemId", "fs-2"), ("VolumeId", "fsvol-1")]),
        ];
        assert_eq!(ids(file_systems, &files), ["arn:aws-cn:fsx:cn-north-1:1:file-system/fs-1"]);
    }
    #[test]
    fn clusters_and_brokers_have_their_arn_without_the_id_at_its_end() {
        let pairs = |of: &[(&str, &str)]| dimensions(of);
        let all = [
            pairs(&[("Cluster Name", "clicks")]),
            pairs(&[("Broker ID", "1"), ("Cluster Name", "clicks")]),
            pairs(&[("Broker ID", "1"), ("Cluster Name", "clicks"), ("Topic", "pages")]),
        ];
        let bytes = found(kafka_clusters, &[], &all);
        let arns: BTreeSet<&str> = bytes.iter().map(|w| w.resource.as_str()).collect();
        assert_eq!(arns, BTreeSet::from(["arn:aws-cn:kafka:cn-north-1:1:cluster/clicks"]));
        // 1,000 bytes a second are 60 points of 1,000, and 3,600,000 bytes.
        let read: Vec<f64> = bytes.iter().map(|w| w.reading.value(60_000.0)).collect();
        assert_eq!(read, [3_600_000.0, 3_600_000.0]);
        let brokers = [
            pairs(&[("Broker", "orders")]),
            pairs(&[("Broker", "orders"), ("Queue", "new"), ("VirtualHost", "/")]),
        ];
        let rabbits = found(rabbit_brokers, &[], &brokers);
        assert_eq!(rabbits.len(), 2);
        assert_eq!(rabbits[0].resource, "arn:aws-cn:mq:cn-north-1:1:broker:orders");
        let pair = ["orders-1", "orders-2", "orders"].map(|name| pairs(&[("Broker", name)]));
        let actives = found(active_brokers, &[], &pair);
        assert_eq!(actives.len(), 4);
        assert!(actives.iter().all(|w| w.resource == rabbits[0].resource));
    }
}
