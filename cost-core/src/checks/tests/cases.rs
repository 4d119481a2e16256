//! For each check: an estate in which it fires with its savings (USD per month of 730 h), one in
//! which it stays quiet, and one in which it skips with the reason.

use serde_json::json;

use super::world::{EC2, Line, World, bare, busy, counted, day, hourly, resource, steady, stored};
use crate::inventory::Resource;
use crate::usage::Metric::{
    CpuMax, CpuMean, MemoryMax, Network, Operations, ReadUnits, StorageUsed, WriteUnits,
};
use crate::usage::Use;

pub(super) struct Case {
    pub(super) check: &'static str,
    pub(super) fires: fn() -> World,
    pub(super) saves: &'static str,
    pub(super) quiet: fn() -> World,
    pub(super) skips: fn() -> World,
    pub(super) reason: &'static str,
}

pub(super) const RDS: &str = "Amazon Relational Database Service";
pub(super) const S3: &str = "Amazon Simple Storage Service";
const LOGS: &str = "AmazonCloudWatch";
pub(super) const DB: &str = "arn:aws:rds:us-east-1:1:db:orders";
const CACHE: &str = "arn:aws:elasticache:us-east-1:1:cluster:sessions";
const LB: &str = "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/web/1";
const CLUSTER: &str = "arn:aws:eks:us-east-1:1:cluster/dev";
const WAREHOUSE: &str = "arn:aws:redshift:us-east-1:1:cluster:dw";
pub(super) const DOMAIN: &str = "arn:aws:es:us-east-1:1:domain/search";
const DOCUMENTS: &str = "Amazon DocumentDB (with MongoDB compatibility)";
const AURORA: &str = "arn:aws:rds:us-east-1:1:cluster:orders";
const BILLED_AURORA: &str = "arn:aws:rds:us-east-1:1:cluster:cluster-ABC";
const MEMORY: &str = "arn:aws:memorydb:us-east-1:1:cluster/carts";
const ENDPOINT: &str = "arn:aws:sagemaker:us-east-1:1:endpoint/model";
const NOTEBOOK: &str = "arn:aws:sagemaker:us-east-1:1:notebook-instance/lab";
const RESERVATION: &str = "arn:aws:ec2:us-east-1:1:capacity-reservation/cr-1";
const FUNCTION: &str = "arn:aws:lambda:us-east-1:1:function:thumbs";
const TABLE: &str = "arn:aws:dynamodb:us-east-1:1:table/carts";
pub(super) const SERVICE: &str = "arn:aws:ecs:us-east-1:1:service/web/shop";
const TASK: &str = "arn:aws:ecs:us-east-1:1:task/web/0123";
const GROUP: &str = "arn:aws:logs:us-east-1:1:log-group:/app";
const OTHER_GROUP: &str = "arn:aws:logs:us-east-1:1:log-group:/other";
const SECRET: &str = "arn:aws:secretsmanager:us-east-1:1:secret:key-a1";
const OTHER_SECRET: &str = "arn:aws:secretsmanager:us-east-1:1:secret:key-b2";
const STREAM: &str = "arn:aws:kinesis:us-east-1:1:stream/clicks";
const OTHER_STREAM: &str = "arn:aws:kinesis:us-east-1:1:stream/orders";
const SERVER: &str = "arn:aws:transfer:us-east-1:1:server/s-1";
const OTHER_SERVER: &str = "arn:aws:transfer:us-east-1:1:server/s-2";
const FIREWALL: &str = "arn:aws:network-firewall:us-east-1:1:firewall/edge";
const OTHER_FIREWALL: &str = "arn:aws:network-firewall:us-east-1:1:firewall/core";
const ACL: &str = "arn:aws:wafv2:us-east-1:1:global/webacl/site/a1";
const OTHER_ACL: &str = "arn:aws:wafv2:us-east-1:1:regional/webacl/api/b2";
const FILES: &str = "arn:aws:elasticfilesystem:us-east-1:1:file-system/fs-1";
const REPOSITORY: &str = "arn:aws:ecr:us-east-1:1:repository/shop/web";
const KEY: &str = "arn:aws:kms:us-east-1:1:key/k-1";
const OTHER_KEY: &str = "arn:aws:kms:us-east-1:1:key/k-2";
const APP: &str = "arn:aws:sagemaker:us-east-1:1:app/d-1/ana/jupyterlab/default";
const WORKSPACE: &str = "arn:aws:workspaces:us-east-1:1:workspace/ws-1";
const DEV_ENDPOINT: &str = "arn:aws:glue:us-east-1:1:devEndpoint/etl";
const REPLICATION: &str = "arn:aws:dms:us-east-1:1:rep:MOVE";
const MODEL: &str = "arn:aws:bedrock:us-east-1:1:provisioned-model/m-1";
const NO_COMMIT: &str = "USE1-Nova2.0Lite-ProvisionedThroughput-NoCommit-ModelUnits";
const RESERVED: &str = "arn:aws:ec2:us-east-1:1:reserved-instances/r-1";
const PLAN: &str = "arn:aws:savingsplans::1:savingsplan/p-1";
const SHARE: &str = "arn:aws:fsx:us-east-1:1:file-system/fs-1";
pub(super) const BUCKET: &str = "arn:aws:s3:::lake";
const KAFKA: &str =
    "arn:aws:kafka:us-east-1:1:cluster/clicks/0a1b2c3d-1111-4222-8333-444455556666-7";
const SERVERLESS: &str =
    "arn:aws:kafka:us-east-1:1:cluster/logs/0a1b2c3d-1111-4222-8333-444455556666-s1";
const OTHER_SERVERLESS: &str =
    "arn:aws:kafka:us-east-1:1:cluster/bids/0a1b2c3d-1111-4222-8333-444455556666-s2";
const BROKER: &str = "arn:aws:mq:us-east-1:1:broker:orders:b-0a1b2c3d-1111";
const QA_BROKER: &str = "arn:aws:mq:us-east-1:1:broker:orders-qa:b-0a1b2c3d-2222";
const DIRECTORY: &str = "arn:aws:ds:us-east-1:1:directory/d-0a1b2c3d4e";

pub(super) fn of(service: &'static str, line: Line) -> Line {
    Line { service, ..line }
}

/// A region without prices in the bundled list.
fn abroad(line: Line) -> Line {
    Line { region: "eu-west-1", ..line }
}

fn volume(days_since: &str, state: &str) -> Resource {
    Resource {
        state: Some(state.to_owned()),
        state_since: Some(day(days_since)),
        size_gb: Some(100),
        ..resource("volume", "vol-1", json!({ "AvailabilityZone": "us-east-1a" }))
    }
}

fn gp3() -> Line {
    stored("vol-1", "EBS:VolumeUsage.gp3", "8", "100")
}

fn attached(volume: Resource, to: &str) -> Resource {
    Resource { attached_to: Some(to.to_owned()), ..volume }
}

fn instance(state: &str, since: Option<&str>) -> Resource {
    Resource {
        state: Some(state.to_owned()),
        state_since: since.map(day),
        ..bare("instance", "i-1")
    }
}

fn in_group() -> Resource {
    resource("instance", "i-1", json!({ "AutoScalingGroup": "web" }))
}

fn idle_lines(usage: &'static str, id: &'static str) -> [Line; 1] {
    [hourly(id, usage, "7.44")]
}

fn named(kind: &str, id: &str, name: &str) -> Resource {
    Resource { name: Some(name.to_owned()), ..bare(kind, id) }
}

fn short(metrics: &[(crate::usage::Metric, f64)]) -> Use {
    metrics.iter().fold(Use::default(), |of, (metric, value)| busy(of, 5, *metric, |_| *value))
}

/// A batch on the last two days of the month.
fn batch() -> Use {
    busy(Use::default(), 30, CpuMax, |hour| if hour > 28 * 24 { 80.0 } else { 0.5 })
}

/// In use on weekdays from 08 to 17 UTC.
fn working(metric: crate::usage::Metric) -> Use {
    // The first hour is that of Friday 2026-10-02, 00:00.
    busy(Use::default(), 30, metric, |hour| {
        if (hour / 24 + 4) % 7 < 5 && (8..17).contains(&(hour % 24)) { 40.0 } else { 0.0 }
    })
}

fn pair(usage: &'static str) -> [Line; 2] {
    [hourly("i-1", usage, "71.424"), hourly("i-2", usage, "71.424")]
}

fn group(name: &str) -> [Resource; 2] {
    ["i-1", "i-2"].map(|id| resource("instance", id, json!({ "AutoScalingGroup": name })))
}

fn snapshot(volume: &str) -> Resource {
    Resource { size_gb: Some(100), ..resource("snapshot", "snap-1", json!({ "VolumeId": volume })) }
}

fn snapshot_line() -> Line {
    stored("snap-1", "EBS:SnapshotUsage", "5", "100")
}

fn image(public: bool) -> Resource {
    resource("image", "ami-1", json!({ "SnapshotIds": ["snap-1"], "Public": public }))
}

fn runs_from(image: &str) -> Resource {
    resource("instance", "i-1", json!({ "ImageId": image }))
}

fn database() -> Line {
    of(RDS, hourly(DB, "InstanceUsage:db.r5.large", "74.4"))
}

fn mysql() -> World {
    let known = resource("db-instance", DB, json!({ "Engine": "mysql" }));
    World::new([of(RDS, hourly(DB, "InstanceUsage:db.r5.xl", "74.4"))]).with([known])
}

fn mysql_large(engine: &str) -> World {
    World::new([database()]).with([resource("db-instance", DB, json!({ "Engine": engine }))])
}

/// A cluster of one instance, whose charges other than hours are under another ID.
fn aurora(details: serde_json::Value) -> [Resource; 2] {
    let mut cluster = named("db-cluster", AURORA, "orders");
    cluster.details =
        serde_json::from_value(json!({ "ClusterResourceId": "cluster-ABC" })).unwrap();
    let more: std::collections::BTreeMap<String, serde_json::Value> =
        serde_json::from_value(details).unwrap();
    cluster.details.extend(more);
    let member = resource("db-instance", DB, json!({ "ClusterId": "orders" }));
    [cluster, Resource { instance_type: Some("db.serverless".to_owned()), ..member }]
}

/// I/O requests, storage of 100 USD, and instance hours of 730 USD per month.
fn io(cost: &'static str) -> World {
    World::new([
        of(RDS, counted(BILLED_AURORA, "Aurora:StorageIOUsage", cost, "3720000000")),
        of(RDS, stored(BILLED_AURORA, "Aurora:StorageUsage", "100", "1000")),
        of(RDS, hourly(DB, "InstanceUsage:db.r6g.xlarge", "744")),
    ])
}

/// Storage of 225 USD and instance hours of 949 USD per month.
fn io_optimized() -> World {
    World::new([
        of(RDS, stored(BILLED_AURORA, "Aurora:IO-OptimizedStorageUsage", "225", "1000")),
        of(RDS, hourly(DB, "InstanceUsageIOOptimized:db.r6g.xlarge", "967.2")),
    ])
}

/// Capacity of 8 units in every hour.
fn serverless() -> World {
    World::new([of(RDS, counted(DB, "Aurora:ServerlessV2Usage", "714.24", "5952"))])
}

/// A cluster of a service with the API of RDS: an instance, and storage of 10 USD.
fn documents(service: &'static str) -> World {
    World::new([
        of(service, hourly(DB, "InstanceUsage:db.r6g.large", "7.44")),
        of(service, stored(BILLED_AURORA, "StorageUsage", "10", "100")),
    ])
}

fn multi_az() -> World {
    World::new([
        of(RDS, hourly(DB, "Multi-AZUsage:db.r5.large", "74.4")),
        of(RDS, stored(DB, "RDS:Multi-AZ-GP3-Storage", "115", "500")),
    ])
}

fn provisioned(size_gb: i64) -> World {
    let iops = Line { unit: "IOPS-Mo", ..counted(DB, "RDS:PIOPS", "500", "5000") };
    let known = resource("db-instance", DB, json!({ "Engine": "mysql" }));
    World::new([of(RDS, stored(DB, "RDS:PIOPS-Storage", "125", "1000")), of(RDS, iops)])
        .with([Resource { size_gb: Some(size_gb), iops: Some(5_000), ..known }])
}

fn in_state(state: &str) -> World {
    let known = bare("db-instance", DB);
    World::new([of(RDS, stored(DB, "RDS:GP3-Storage", "115", "1000"))])
        .with([Resource { state: Some(state.to_owned()), size_gb: Some(1_000), ..known }])
        .listed("rds-backup", "0.1")
}

/// A warehouse of four nodes.
fn warehouse() -> World {
    let nodes = Line { quantity: "2976", ..hourly(WAREHOUSE, "Node:ra3.4xlarge", "74.4") };
    World::new([of("Amazon Redshift", nodes)])
}

/// A database of 101.18 USD that also pays for surplus credits.
fn database_with_credits(cost: &'static str) -> World {
    World::new([
        of(RDS, hourly(DB, "InstanceUsage:db.t3.large", "101.184")),
        of(RDS, counted(DB, "CPUCredits:db.t3", cost, "992")),
    ])
    .with([resource("db-instance", DB, json!({ "Engine": "mysql" }))])
}

/// It, with the prices of its class and of one with full CPU.
fn priced_with_credits(cost: &'static str) -> World {
    database_with_credits(cost)
        .listed("mysql db.t3.large", "0.136")
        .listed("mysql db.m6i.large", "0.171")
        .listed("mysql db.m7i.large", "0.18")
}

fn old_database() -> World {
    let known = resource("db-instance", DB, json!({ "Engine": "mysql" }));
    World::new([of(RDS, hourly(DB, "InstanceUsage:db.r4.large", "74.4"))]).with([known])
}

pub(super) fn old_cache(class: &str, engine: &str) -> World {
    let node = resource("cache-cluster", CACHE, json!({ "Engine": engine }));
    let node = Resource { instance_type: Some(class.to_owned()), ..node };
    World::new([hourly(CACHE, "NodeUsage:cache.r5.large", "74.4")]).with([node])
}

pub(super) fn function() -> Resource {
    resource("function", FUNCTION, json!({ "MemoryMb": 1024 }))
}

/// A task of 2 vCPU and 8 GB.
pub(super) fn fargate(tags: &'static str) -> [Line; 2] {
    let line = |usage, cost, quantity| Line { tags, ..counted(TASK, usage, cost, quantity) };
    [line("Fargate-vCPU-Hours:perCPU", "37.2", "1488"), line("Fargate-GB-Hours", "18.6", "5952")]
}

pub(super) fn service() -> Resource {
    let details =
        json!({ "CpuUnits": 2048, "MemoryMb": 8192, "Cluster": "web", "TaskDefinition": "shop:7" });
    Resource { name: Some("shop".to_owned()), ..resource("ecs-service", SERVICE, details) }
}

pub(super) fn task() -> Resource {
    attached(bare("ecs-task", TASK), SERVICE)
}

fn logs(id: &'static str) -> Line {
    of(LOGS, stored(id, "TimedStorage-ByteHrs", "3", "100"))
}

fn intake(id: &'static str, gb: &'static str) -> Line {
    of(LOGS, counted(id, "DataProcessing-Bytes", "5", gb))
}

fn bucket(cost: &'static str, gb: &'static str) -> Line {
    of(S3, stored(BUCKET, "TimedStorage-ByteHrs", cost, gb))
}

pub(super) fn reads(id: &'static str) -> Line {
    of(S3, counted(id, "Requests-Tier2", "1", "1000000"))
}

fn large() -> Line {
    hourly("i-1", "BoxUsage:m5.2xlarge", "285.696")
}

fn calm() -> Use {
    steady(&[(CpuMax, 5.0), (CpuMean, 2.0)])
}

fn full() -> Use {
    steady(&[(CpuMax, 95.0), (CpuMean, 80.0)])
}

fn iops_volume(iops: i64) -> Resource {
    let kind = Some("io1".to_owned());
    Resource { size_gb: Some(100), iops: Some(iops), volume_type: kind, ..bare("volume", "vol-1") }
}

fn io1() -> [Line; 2] {
    let iops =
        Line { unit: "IOPS-Mo", ..counted("vol-1", "EBS:VolumeP-IOPS.piops", "325", "5000") };
    [stored("vol-1", "EBS:VolumeUsage.piops", "12.5", "100"), iops]
}

fn fast_gp3() -> [Line; 2] {
    [gp3(), Line { unit: "IOPS-Mo", ..counted("vol-1", "EBS:VolumeP-IOPS.gp3", "35", "7000") }]
}

fn fast_volume() -> Resource {
    let kind = Some("gp3".to_owned());
    Resource {
        iops: Some(10_000),
        throughput_mbps: Some(125),
        volume_type: kind,
        ..bare("volume", "vol-1")
    }
}

fn table(reads: i64, writes: i64) -> Resource {
    resource("table", TABLE, json!({ "ReadCapacityUnits": reads, "WriteCapacityUnits": writes }))
}

fn capacity() -> [Line; 2] {
    [hourly(TABLE, "ReadCapacityUnit-Hrs", "74.4"), hourly(TABLE, "WriteCapacityUnit-Hrs", "7.44")]
}

fn nat(vpc: Option<&str>) -> Resource {
    resource("nat-gateway", "nat-1", vpc.map_or(json!({}), |v| json!({ "VpcId": v })))
}

fn s3_endpoint() -> Resource {
    let details = json!({ "EndpointType": "Gateway", "ServiceName": "com.amazonaws.us-east-1.s3", "VpcId": "vpc-1" });
    resource("vpc-endpoint", "vpce-1", details)
}

fn nodes(count: i64) -> Resource {
    resource("eks-node-group", "ng-1", json!({ "Cluster": "dev", "DesiredSize": count }))
}

pub(super) fn team(id: &'static str, cost: &'static str, tags: &'static str) -> Line {
    Line { tags, ..hourly(id, "BoxUsage:m5.large", cost) }
}

pub(super) fn by_team(lines: impl IntoIterator<Item = Line>) -> World {
    World { tag_keys: vec!["team".to_owned()], ..World::new(lines) }
}

fn server(line: Line) -> Line {
    of("AWS Transfer Family", line)
}

fn firewall(line: Line) -> Line {
    of("AWS Network Firewall", line)
}

fn files(line: Line) -> Line {
    of("Amazon Elastic File System", line)
}

/// Images in a repository, GB, by the number of months since they are stored.
fn images(gb: [&'static str; 3]) -> World {
    let line = |(since, gb): (u32, &'static str)| Line {
        since,
        ..of(
            "Amazon EC2 Container Registry (ECR)",
            stored(REPOSITORY, "TimedStorage-ByteHrs", "2", gb),
        )
    };
    World::new([2, 1, 0].into_iter().zip(gb).map(line))
}

fn addressed(state: &str, since: Option<&str>) -> World {
    World::new([hourly("eipalloc-1", "PublicIPv4:IdleAddress", "3.72")])
        .with([attached(bare("address", "eipalloc-1"), "i-1"), instance(state, since)])
}

fn endpoint(service: &str) -> World {
    let details = json!({ "EndpointType": "Interface", "ServiceName": service, "VpcId": "vpc-1" });
    World::new(idle_lines("VpcEndpoint-Hours", "vpce-1")).with([resource(
        "vpc-endpoint",
        "vpce-1",
        details,
    )])
}

/// A snapshot of 2025-10-01, its volume, and a snapshot of a later day.
fn old_snapshot(newer: &str) -> World {
    let newer = Resource {
        resource_id: "snap-2".to_owned(),
        created_on: Some(day(newer)),
        state: Some("completed".to_owned()),
        ..snapshot("vol-1")
    };
    World::new([snapshot_line()]).with([volume("2025-01-01", "in-use"), snapshot("vol-1"), newer])
}

fn planned() -> World {
    let mut world = old_snapshot("2026-10-01");
    for r in world.inventory.iter_mut().flatten().filter(|r| r.resource_id == "snap-1") {
        r.tags.insert("aws:dlm:lifecycle-policy-id".to_owned(), "policy-1".to_owned());
    }
    world
}

/// A table with storage, and with writes of 73 USD per month.
pub(super) fn table_of_class(
    storage: &'static str,
    cost: &'static str,
    writes: &'static str,
) -> [Line; 2] {
    let line = |line| of("Amazon DynamoDB", line);
    [line(stored(TABLE, storage, cost, "1000")), line(hourly(TABLE, writes, "74.4"))]
}

/// An instance of 61.90 USD that also pays for surplus credits.
fn with_credits(cost: &'static str) -> World {
    World::new([
        hourly("i-1", "BoxUsage:t3.large", "61.9008"),
        counted("i-1", "CPUCredits:t3", cost, "744"),
    ])
}

/// Usage without a resource, in a bill that has resources.
fn account_wide(line: Line) -> World {
    World::new([hourly("i-1", "BoxUsage:m5.large", "71.424"), line])
}

/// An instance with detailed monitoring, and metrics of 0.30 USD.
fn monitored(environment: &str) -> World {
    let known = resource("instance", "i-1", json!({ "DetailedMonitoring": true }));
    let tags = [("env".to_owned(), environment.to_owned())].into();
    World::new([
        hourly("i-1", "BoxUsage:m5.large", "71.424"),
        counted("", "CW:MetricMonitorUsage", "30", "100"),
    ])
    .with([Resource { tags, ..known }])
}

/// Usage that a commitment covers, and the unused part of the commitment.
fn committed(id: &'static str, status: &'static str) -> World {
    World::new([
        Line { pricing: "Committed:Reserved", ..hourly("i-1", "BoxUsage:m5.large", "40") },
        Line { pricing: status, ..hourly(id, "HeavyUsage:m5.large", "74.4") },
    ])
}

/// A Savings Plan with these details.
fn owned(details: serde_json::Value) -> World {
    committed("i-2", "Committed:Reserved").with([resource("savings-plan", PLAN, details)])
}

fn vpn(bytes_per_hour: f64) -> World {
    World::new([hourly("vpn-1", "VPN-Usage-Hours:ipsec.1", "37.2")])
        .seen("vpn-1", steady(&[(Network, bytes_per_hour)]))
}

fn no_resource() -> World {
    World::new([hourly("", "BoxUsage:m5.large", "71.424")])
}

fn strange() -> World {
    World::new([hourly("i-1", "BoxUsage:m99.large", "100")])
}

fn unknown_quantity(id: &'static str, usage: &'static str) -> World {
    World::new([counted(id, usage, "10", "")])
}

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    Case { check: "unattached_volume", saves: "3", reason: "not in the inventory",
        fires: || World::new([gp3()]).with([volume("2026-09-01", "available")]),
        quiet: || World::new([gp3()]).with([volume("2026-10-30", "available")]),
        skips: || World::new([gp3()]).with([bare("volume", "vol-2")]) },
    Case { check: "idle_volume", saves: "8", reason: "standby",
        fires: || World::new([gp3()]).with([attached(volume("2026-01-01", "in-use"), "i-1")]).seen("vol-1", steady(&[(Operations, 0.0)])),
        quiet: || World::new([gp3()]).with([attached(volume("2026-01-01", "in-use"), "i-1")]).seen("vol-1", steady(&[(Operations, 100.0)])),
        skips: || World::new([gp3()]).with([Resource { name: Some("db standby".into()), ..attached(volume("2026-01-01", "in-use"), "i-1") }]).seen("vol-1", steady(&[(Operations, 0.0)])) },
    Case { check: "stopped_instance", saves: "3", reason: "since when",
        fires: || World::new([gp3()]).with([instance("stopped", Some("2026-08-01")), attached(volume("2026-01-01", "in-use"), "i-1")]),
        quiet: || World::new([gp3()]).with([instance("stopped", Some("2026-10-25")), attached(volume("2026-01-01", "in-use"), "i-1")]),
        skips: || World::new([gp3()]).with([instance("stopped", None), attached(volume("2026-01-01", "in-use"), "i-1")]) },
    Case { check: "idle_address", saves: "3.65", reason: "PricingQuantity",
        fires: || World::new([hourly("eipalloc-1", "PublicIPv4:IdleAddress", "3.72")]),
        quiet: || World::new([counted("eipalloc-1", "PublicIPv4:IdleAddress", "0.5", "100")]),
        skips: || unknown_quantity("eipalloc-1", "PublicIPv4:IdleAddress") },
    Case { check: "idle_load_balancer", saves: "7.3", reason: "utilization is unknown",
        fires: || World::new(idle_lines("LoadBalancerUsage", LB)).seen(LB, steady(&[(Operations, 1.0)])),
        quiet: || World::new(idle_lines("LoadBalancerUsage", LB)).seen(LB, steady(&[(Operations, 100.0)])),
        skips: || World::new(idle_lines("LoadBalancerUsage", LB)).seen("other", calm()) },
    Case { check: "load_balancer_without_targets", saves: "7.3", reason: "its targets are missing",
        fires: || World::new(idle_lines("LoadBalancerUsage", LB)).with([resource("load-balancer", LB, json!({ "Targets": 0 }))]),
        quiet: || World::new(idle_lines("LoadBalancerUsage", LB)).with([resource("load-balancer", LB, json!({ "Targets": 2 }))]),
        skips: || World::new(idle_lines("LoadBalancerUsage", LB)).with([bare("load-balancer", LB)]) },
    Case { check: "idle_nat_gateway", saves: "7.3", reason: "no usage type for the traffic",
        fires: || World::new([hourly("nat-1", "NatGateway-Hours", "7.44"), counted("nat-2", "NatGateway-Bytes", "9", "200")]),
        quiet: || World::new([hourly("nat-1", "NatGateway-Hours", "7.44"), counted("nat-1", "NatGateway-Bytes", "9", "200")]),
        skips: || World::new([hourly("nat-1", "NatGateway-Hours", "7.44")]) },
    Case { check: "idle_vpc_endpoint", saves: "7.3", reason: "no usage type for the traffic",
        fires: || World::new([hourly("vpce-1", "VpcEndpoint-Hours", "7.44"), counted("vpce-2", "VpcEndpoint-Bytes", "2", "200")]),
        quiet: || World::new([Line { since: 0, ..hourly("vpce-1", "VpcEndpoint-Hours", "7.44") }, counted("vpce-2", "VpcEndpoint-Bytes", "2", "200")]),
        skips: || World::new([hourly("vpce-1", "VpcEndpoint-Hours", "7.44")]) },
    // 70.08 USD − 4 % for an image of unknown size.
    Case { check: "idle_instance", saves: "67.28", reason: "Auto Scaling group",
        fires: || World::new([hourly("i-1", "BoxUsage:m5.large", "71.424")]).with([bare("instance", "i-1")]).seen("i-1", steady(&[(CpuMax, 1.0), (Network, 100.0)])),
        // Use on two days at the end of a month is not idle.
        quiet: || World::new([hourly("i-1", "BoxUsage:m5.large", "71.424")]).seen("i-1", batch()),
        skips: || World::new([hourly("i-1", "BoxUsage:m5.large", "71.424")]).with([in_group()]).seen("i-1", steady(&[(CpuMax, 1.0)])) },
    // 73 USD − 4 % for a snapshot of unknown size; the next two alike.
    Case { check: "idle_database", saves: "70.08", reason: "read replica",
        fires: || World::new([database()]).seen(DB, steady(&[(Operations, 0.0), (CpuMax, 5.0)])),
        quiet: || World::new([database()]).seen(DB, steady(&[(Operations, 3.0), (CpuMax, 5.0)])),
        skips: || World::new([database()]).with([resource("db-instance", DB, json!({ "ReplicaOf": "main" }))]).seen(DB, steady(&[(Operations, 0.0)])) },
    Case { check: "idle_cache", saves: "7.01", reason: "replication group",
        fires: || World::new(idle_lines("NodeUsage:cache.r6g.large", CACHE)).seen(CACHE, steady(&[(Operations, 0.0), (CpuMax, 1.0)])),
        quiet: || World::new(idle_lines("NodeUsage:cache.r6g.large", CACHE)).with([Resource { created_on: Some(day("2026-10-25")), ..bare("cache-cluster", CACHE) }]).seen(CACHE, steady(&[(Operations, 0.0)])),
        skips: || World::new(idle_lines("NodeUsage:cache.r6g.large", CACHE)).with([resource("cache-cluster", CACHE, json!({ "ReplicationGroup": "sessions" }))]).seen(CACHE, steady(&[(Operations, 0.0)])) },
    Case { check: "idle_warehouse", saves: "7.01", reason: "measured for less than 14 days",
        fires: || World::new([of("Amazon Redshift", hourly(WAREHOUSE, "Node:ra3.xlplus", "7.44"))]).seen(WAREHOUSE, steady(&[(Operations, 0.0), (CpuMax, 1.0)])),
        quiet: || World::new([of("Amazon Redshift", hourly(WAREHOUSE, "Node:ra3.xlplus", "7.44"))]).seen(WAREHOUSE, steady(&[(Operations, 0.0), (CpuMax, 30.0)])),
        skips: || World::new([of("Amazon Redshift", hourly(WAREHOUSE, "Node:ra3.xlplus", "7.44"))]).seen(WAREHOUSE, short(&[(Operations, 0.0)])) },
    Case { check: "idle_search_domain", saves: "7.3", reason: "standby",
        fires: || World::new(idle_lines("ESInstance:r6g.large.search", DOMAIN)).seen(DOMAIN, steady(&[(Operations, 0.0)])),
        quiet: || World::new(idle_lines("ESInstance:r6g.large.search", DOMAIN)).seen(DOMAIN, steady(&[(Operations, 5.0)])),
        skips: || World::new(idle_lines("ESInstance:r6g.large.search", DOMAIN)).with([named("search-domain", DOMAIN, "logs-dr")]).seen(DOMAIN, steady(&[(Operations, 0.0)])) },
    // 17.30 USD − a snapshot of 100 GB at 0.021 USD.
    Case { check: "idle_document_database", saves: "15.2", reason: "its cluster is unknown",
        fires: || documents(DOCUMENTS).with(aurora(json!({}))).seen(DB, steady(&[(Operations, 0.0), (CpuMax, 5.0)])),
        // Its replica is in use.
        quiet: || {
            let replica = "arn:aws:rds:us-east-1:1:db:replica";
            let mut world = documents(DOCUMENTS);
            world.lines.push(of(DOCUMENTS, hourly(replica, "InstanceUsage:db.r6g.large", "7.44")));
            let known = resource("db-instance", replica, json!({ "ClusterId": "orders" }));
            world.with(aurora(json!({}))).with([known]).seen(DB, steady(&[(Operations, 0.0), (CpuMax, 5.0)])).seen(replica, steady(&[(Operations, 9.0), (CpuMax, 5.0)]))
        },
        skips: || documents(DOCUMENTS).with([bare("db-instance", DB)]).seen(DB, steady(&[(Operations, 0.0), (CpuMax, 5.0)])) },
    Case { check: "idle_graph_database", saves: "15.2", reason: "standby",
        fires: || documents("Amazon Neptune").with(aurora(json!({}))).seen(DB, steady(&[(Operations, 0.0), (CpuMax, 5.0)])),
        quiet: || documents(DOCUMENTS).with(aurora(json!({}))).seen(DB, steady(&[(Operations, 0.0), (CpuMax, 5.0)])),
        skips: || documents("Amazon Neptune").with(aurora(json!({})).map(|r| Resource { name: Some("orders".into()), tags: [("role".to_owned(), "dr".to_owned())].into(), ..r })).seen(DB, steady(&[(Operations, 0.0), (CpuMax, 5.0)])) },
    // 7.30 USD − a snapshot of 16 GiB at 0.085 USD.
    Case { check: "idle_memory_database", saves: "5.94", reason: "measured for less than 14 days",
        fires: || World::new([of("Amazon MemoryDB", hourly(MEMORY, "NodeUsage:db.r6g.large", "7.44"))]).seen(MEMORY, steady(&[(Operations, 0.0), (CpuMax, 5.0)])),
        quiet: || World::new([of("Amazon MemoryDB", hourly(MEMORY, "NodeUsage:db.r6g.large", "7.44"))]).seen(MEMORY, steady(&[(Operations, 1.0), (CpuMax, 5.0)])),
        skips: || World::new([of("Amazon MemoryDB", hourly(MEMORY, "NodeUsage:db.r6g.large", "7.44"))]).seen(MEMORY, short(&[(Operations, 0.0)])) },
    // 115 USD − 1,000 GB of snapshot at 0.10 USD.
    Case { check: "stopped_database", saves: "15", reason: "its state is missing",
        fires: || in_state("stopped"),
        // Stopped on the day of the estate, but it ran.
        quiet: || {
            let mut world = in_state("stopped");
            world.lines.push(database());
            world
        },
        skips: || World::new([of(RDS, stored(DB, "RDS:GP3-Storage", "115", "1000"))]).with([bare("db-instance", DB)]) },
    // 730 USD of I/O − 30 % of 730 USD − 125 % of 100 USD.
    Case { check: "io_heavy_cluster", saves: "386", reason: "its instances are unknown",
        fires: || io("744").with(aurora(json!({}))),
        quiet: || io("74.4").with(aurora(json!({}))),
        skips: || io("744").with([bare("db-instance", DB)]) },
    // 949 USD × (1 − 1 ÷ 1.3) + 225 USD × (1 − 1 ÷ 2.25) − 73 million requests at 0.20 USD per million.
    Case { check: "io_light_cluster", saves: "329.4", reason: "were not measured",
        fires: || io_optimized().with(aurora(json!({}))).seen(AURORA, steady(&[(Operations, 100_000.0)])),
        // 1.46 billion requests cost 292 USD, and 50 % more of them 438 USD.
        quiet: || io_optimized().with(aurora(json!({}))).seen(AURORA, steady(&[(Operations, 2_000_000.0)])),
        skips: || io_optimized().with(aurora(json!({}))).seen(DB, calm()) },
    // 5 % of 32 units are 1.6, at 70 % of 2.5 units: 700.80 USD × (1 − 2.5 ÷ 8).
    Case { check: "high_serverless_minimum", saves: "481.8", reason: "capacity range is missing",
        fires: || serverless().with(aurora(json!({ "MinCapacity": "8", "MaxCapacity": "32" }))).seen(DB, steady(&[(CpuMax, 5.0)])),
        // It scales up.
        quiet: || serverless().with(aurora(json!({ "MinCapacity": "2", "MaxCapacity": "32" }))).seen(DB, steady(&[(CpuMax, 5.0)])),
        skips: || serverless().with(aurora(json!({}))).seen(DB, steady(&[(CpuMax, 5.0)])) },
    // 625 USD − 1,000 GB at 0.115 USD, with 12,000 IOPS included.
    Case { check: "provisioned_iops_database", saves: "470", reason: "size or its IOPS",
        fires: || provisioned(1_000),
        // Below 400 GB, gp3 has only 3,000 IOPS.
        quiet: || provisioned(300),
        skips: || World::new([of(RDS, stored(DB, "RDS:PIOPS-Storage", "125", "1000"))]).with([bare("db-instance", DB)]) },
    Case { check: "orphaned_database_backup", saves: "95", reason: "does not show the database",
        fires: || World::new([of(RDS, stored(DB, "RDS:ChargedBackupUsage", "95", "1000"))]),
        // The database is there, and stopped.
        quiet: || World::new([of(RDS, stored(DB, "RDS:ChargedBackupUsage", "95", "1000"))]).with([bare("db-instance", DB)]),
        skips: || World::new([of(RDS, stored("arn:aws:rds:us-east-1:1:snapshot:orders-final", "RDS:ChargedBackupUsage", "95", "1000"))]) },
    // Half of 73 USD and of 115 USD.
    Case { check: "multi_az_test_database", saves: "94", reason: "its tags are unknown",
        fires: || multi_az().with([Resource { tags: [("Environment".to_owned(), "team-qa".to_owned())].into(), ..bare("db-instance", DB) }]),
        quiet: || multi_az().with([Resource { tags: [("Environment".to_owned(), "production".to_owned()), ("app".to_owned(), "test".to_owned())].into(), ..bare("db-instance", DB) }]),
        skips: || multi_az().with([bare("volume", "vol-1")]) },
    // 0.431 USD to 0.216 USD per hour.
    Case { check: "oversized_cache", saves: "36.42", reason: "memory was not measured",
        fires: || old_cache("cache.r5.xlarge", "redis").seen(CACHE, steady(&[(CpuMax, 30.0), (MemoryMax, 30.0)])),
        // Half of the memory would be 81 % full.
        quiet: || old_cache("cache.r5.xlarge", "redis").seen(CACHE, steady(&[(CpuMax, 30.0), (MemoryMax, 40.0)])),
        skips: || old_cache("cache.r5.xlarge", "redis").seen(CACHE, steady(&[(CpuMax, 30.0)])) },
    Case { check: "oversized_warehouse", saves: "36.5", reason: "storage was not measured",
        fires: || warehouse().seen(WAREHOUSE, steady(&[(CpuMax, 20.0), (StorageUsed, 20.0)])),
        quiet: || warehouse().seen(WAREHOUSE, steady(&[(CpuMax, 40.0), (StorageUsed, 20.0)])),
        skips: || warehouse().seen(WAREHOUSE, steady(&[(CpuMax, 20.0)])) },
    // Off in 113 of 168 hours.
    Case { check: "off_hours_warehouse", saves: "49.1", reason: "utilization is unknown",
        fires: || warehouse().seen(WAREHOUSE, working(Operations)),
        quiet: || warehouse().seen(WAREHOUSE, steady(&[(Operations, 1.0)])),
        skips: || warehouse().seen("other", calm()) },
    // 0.142 USD to 0.128 USD per hour.
    Case { check: "graviton_search_domain", saves: "7.2", reason: "the EC2 type in the name",
        fires: || World::new([hourly(DOMAIN, "ESInstance:m5.large", "74.4")]),
        quiet: || World::new([hourly(DOMAIN, "ESInstance:r6g.large.search", "74.4")]),
        skips: || World::new([hourly(DOMAIN, "ESInstance:m99.large", "74.4")]) },
    // 0.151 USD to 0.142 USD per hour.
    Case { check: "previous_generation_search_domain", saves: "4.35", reason: "the EC2 type in the name",
        fires: || World::new([hourly(DOMAIN, "ESInstance:m4.large", "74.4")]),
        quiet: || World::new([hourly(DOMAIN, "ESInstance:m5.large", "74.4")]),
        skips: || World::new([hourly(DOMAIN, "ESInstance:m99.large", "74.4")]) },
    // 0.135 USD to 0.122 USD per GB.
    Case { check: "gp2_search_storage", saves: "1.3", reason: "is unknown",
        fires: || World::new([stored(DOMAIN, "ES:GP2-Storage", "13.5", "100")]),
        quiet: || World::new([stored(DOMAIN, "ES:GP3-Storage", "12.2", "100")]),
        skips: || World::new([abroad(stored(DOMAIN, "ES:GP2-Storage", "13.5", "100"))]) },
    Case { check: "extended_support_cache", saves: "73", reason: "needs ResourceId",
        fires: || World::new([hourly(CACHE, "USE1-ExtendedSupportYr1_Yr2-NodeUsage:cache.r5.large", "74.4")]),
        quiet: || World::new([hourly(CACHE, "NodeUsage:cache.r5.large", "74.4")]),
        skips: || World::new([hourly("", "USE1-ExtendedSupportYr3-NodeUsage:cache.r5.large", "74.4")]) },
    Case { check: "extended_support_search_domain", saves: "73", reason: "needs ResourceId",
        fires: || World::new([hourly(DOMAIN, "USE1-OpenSearchExtendedSupport", "74.4")]),
        quiet: || World::new([hourly(DOMAIN, "ESInstance:m5.large", "74.4")]),
        skips: || World::new([hourly("", "USE1-OpenSearchExtendedSupport", "74.4")]) },
    Case { check: "extended_support_document_database", saves: "73", reason: "needs ResourceId",
        fires: || World::new([of(DOCUMENTS, hourly(DB, "ExtendedSupport:Yr1-Yr2:3.6", "74.4"))]),
        quiet: || World::new([of(RDS, hourly(DB, "ExtendedSupport:Yr1-Yr2:MySQL8.0", "74.4"))]),
        skips: || World::new([of(DOCUMENTS, hourly("", "ExtendedSupport:Yr1-Yr2:3.6", "74.4"))]) },
    Case { check: "idle_table", saves: "80.3", reason: "utilization is unknown",
        fires: || World::new(capacity()).seen(TABLE, steady(&[(ReadUnits, 0.0), (WriteUnits, 0.0)])),
        quiet: || World::new(capacity()).seen(TABLE, steady(&[(ReadUnits, 1.0), (WriteUnits, 0.0)])),
        skips: || World::new(capacity()).seen("other", calm()) },
    Case { check: "idle_kubernetes_cluster", saves: "73", reason: "may not have been collected",
        fires: || World::new([hourly(CLUSTER, "AmazonEKS-Hours:perCluster", "74.4")]).with([nodes(0)]),
        quiet: || World::new([hourly(CLUSTER, "AmazonEKS-Hours:perCluster", "74.4")]).with([nodes(3)]),
        skips: || World::new([hourly(CLUSTER, "AmazonEKS-Hours:perCluster", "74.4")]).with([bare("volume", "vol-1")]) },
    Case { check: "idle_inference_endpoint", saves: "7.3", reason: "utilization is unknown",
        fires: || World::new(idle_lines("Host:ml.m5.large", ENDPOINT)).seen(ENDPOINT, steady(&[(Operations, 0.0)])),
        quiet: || World::new(idle_lines("Host:ml.m5.large", ENDPOINT)).seen(ENDPOINT, steady(&[(Operations, 2.0)])),
        skips: || World::new(idle_lines("Host:ml.m5.large", ENDPOINT)).seen("other", calm()) },
    Case { check: "unused_capacity_reservation", saves: "73", reason: "needs ResourceId",
        fires: || World::new([hourly(RESERVATION, "UnusedBox:m5.large", "74.4")]),
        quiet: || World::new([hourly(RESERVATION, "Reservation:m5.large", "74.4")]),
        skips: || World::new([hourly("", "UnusedBox:m5.large", "74.4")]) },
    // 74.4 USD in 744 h are 73 USD in 730 h, and half of the hours are off.
    Case { check: "always_on_notebook", saves: "36.5", reason: "PricingQuantity",
        fires: || World::new([hourly(NOTEBOOK, "Notebk:ml.t3.medium", "74.4")]),
        quiet: || World::new([counted(NOTEBOOK, "Notebk:ml.t3.medium", "20", "200")]),
        skips: || unknown_quantity(NOTEBOOK, "Notebk:ml.t3.medium") },
    Case { check: "orphaned_snapshot", saves: "5", reason: "AWS Backup",
        fires: || World::new([snapshot_line()]).with([snapshot("vol-gone"), bare("volume", "vol-1")]),
        quiet: || World::new([snapshot_line()]).with([snapshot("vol-1"), bare("volume", "vol-1")]),
        skips: || World::new([snapshot_line()]).with([Resource { tags: [("aws:backup:source-resource".to_owned(), "x".to_owned())].into(), ..snapshot("vol-gone") }, bare("volume", "vol-1")]) },
    Case { check: "unused_image", saves: "5", reason: "public",
        fires: || World::new([snapshot_line()]).with([image(false), runs_from("ami-2")]),
        quiet: || World::new([snapshot_line()]).with([image(false), runs_from("ami-1")]),
        skips: || World::new([snapshot_line()]).with([image(true), runs_from("ami-2")]) },
    Case { check: "unused_log_group", saves: "3", reason: "does not show the ingested logs",
        fires: || World::new([logs(GROUP), intake(OTHER_GROUP, "10")]),
        quiet: || World::new([logs(GROUP), intake(GROUP, "10")]),
        skips: || World::new([logs(GROUP)]) },
    Case { check: "unused_secret", saves: "7.3", reason: "does not show the requests by secret",
        fires: || World::new([hourly(SECRET, "USE1-AWSSecretsManager-Secrets", "7.44"), counted(OTHER_SECRET, "USE1-AWSSecretsManagerAPIRequest", "1", "9")]),
        quiet: || World::new([hourly(SECRET, "USE1-AWSSecretsManager-Secrets", "7.44"), counted(SECRET, "USE1-AWSSecretsManagerAPIRequest", "1", "9")]),
        skips: || World::new([hourly(SECRET, "USE1-AWSSecretsManager-Secrets", "7.44")]) },
    Case { check: "oversized_instance", saves: "133.15", reason: "measured for less than 14 days",
        fires: || World::new([large()]).seen("i-1", calm()),
        quiet: || World::new([hourly("i-1", "BoxUsage:t4g.nano", "3.1248")]).seen("i-1", full()),
        skips: || World::new([large()]).seen("i-1", short(&[(CpuMax, 5.0), (CpuMean, 2.0)])) },
    Case { check: "oversized_scaling_group", saves: "133.15", reason: "utilization of its members is unknown",
        fires: || World::new([large()]).with([in_group()]).seen("i-1", calm()),
        quiet: || World::new([large()]).with([bare("instance", "i-1")]).seen("i-1", calm()),
        skips: || World::new([large()]).with([in_group()]).seen("i-2", calm()) },
    Case { check: "oversized_database", saves: "36.5", reason: "memory was not measured",
        fires: || mysql().seen(DB, steady(&[(CpuMax, 30.0), (CpuMean, 20.0), (MemoryMax, 40.0)])),
        // Half the memory would be too full.
        quiet: || mysql().seen(DB, steady(&[(CpuMax, 30.0), (CpuMean, 20.0), (MemoryMax, 45.0)])),
        skips: || mysql().seen(DB, steady(&[(CpuMax, 30.0), (CpuMean, 20.0)])) },
    Case { check: "oversized_service", saves: "27.38", reason: "without a known service",
        fires: || World::new(fargate("")).with([service(), task()]).seen(SERVICE, steady(&[(CpuMax, 30.0), (CpuMean, 20.0), (MemoryMax, 40.0)])),
        // Half the CPU would be too busy, and half the memory too full.
        quiet: || World::new(fargate("")).with([service(), task()]).seen(SERVICE, steady(&[(CpuMax, 60.0), (CpuMean, 20.0), (MemoryMax, 80.0)])),
        skips: || World::new(fargate("")).with([service()]).seen(SERVICE, steady(&[(CpuMax, 30.0), (CpuMean, 20.0), (MemoryMax, 40.0)])) },
    Case { check: "oversized_volume", saves: "5.28", reason: "depends on its size",
        fires: || World::new([gp3()]).with([volume("2026-01-01", "in-use")]).seen("vol-1", steady(&[(StorageUsed, 20.0)])),
        quiet: || World::new([gp3()]).with([volume("2026-01-01", "in-use")]).seen("vol-1", steady(&[(StorageUsed, 40.0)])),
        skips: || World::new([stored("vol-1", "EBS:VolumeUsage.gp2", "10", "100")]).with([volume("2026-01-01", "in-use")]).seen("vol-1", steady(&[(StorageUsed, 20.0)])) },
    Case { check: "oversized_function", saves: "4.56", reason: "Lambda Insights",
        fires: || World::new([counted(FUNCTION, "Lambda-GB-Second", "7.44", "446400")]).with([function()]).seen(FUNCTION, steady(&[(MemoryMax, 30.0), (CpuMean, 20.0)])),
        // With less memory it would have too little CPU.
        quiet: || World::new([counted(FUNCTION, "Lambda-GB-Second", "7.44", "446400")]).with([function()]).seen(FUNCTION, steady(&[(MemoryMax, 30.0), (CpuMean, 65.0)])),
        skips: || World::new([counted(FUNCTION, "Lambda-GB-Second", "7.44", "446400")]).with([function()]).seen(FUNCTION, steady(&[(Operations, 30.0)])) },
    Case { check: "overallocated_database_storage", saves: "82.11", reason: "size is missing",
        fires: || World::new([of(RDS, stored(DB, "RDS:GP3-Storage", "115", "1000"))]).with([Resource { size_gb: Some(1000), ..bare("db-instance", DB) }]).seen(DB, steady(&[(StorageUsed, 20.0)])),
        quiet: || World::new([of(RDS, stored(DB, "RDS:GP3-Storage", "115", "1000"))]).with([Resource { size_gb: Some(1000), ..bare("db-instance", DB) }]).seen(DB, steady(&[(StorageUsed, 60.0)])),
        skips: || World::new([of(RDS, stored(DB, "RDS:GP3-Storage", "115", "1000"))]).with([bare("db-instance", DB)]).seen(DB, steady(&[(StorageUsed, 20.0)])) },
    Case { check: "overprovisioned_iops", saves: "35", reason: "not in the inventory",
        fires: || World::new(fast_gp3()).with([fast_volume()]).seen("vol-1", steady(&[(Operations, 360_000.0)])),
        quiet: || World::new(fast_gp3()).with([fast_volume()]).seen("vol-1", steady(&[(Operations, 14_400_000.0)])),
        skips: || World::new(fast_gp3()).with([bare("volume", "vol-2")]).seen("vol-1", steady(&[(Operations, 360_000.0)])) },
    Case { check: "overprovisioned_table", saves: "72.34", reason: "capacity is missing",
        fires: || World::new(capacity()).with([table(1000, 100)]).seen(TABLE, steady(&[(ReadUnits, 248_400.0), (WriteUnits, 24_840.0)])),
        quiet: || World::new(capacity()).with([table(1000, 100)]).seen(TABLE, steady(&[(ReadUnits, 3_240_000.0), (WriteUnits, 324_000.0)])),
        skips: || World::new(capacity()).with([bare("table", TABLE)]).seen(TABLE, steady(&[(ReadUnits, 248_400.0)])) },
    Case { check: "unused_provisioned_concurrency", saves: "5.84", reason: "PricingQuantity",
        fires: || World::new([counted(FUNCTION, "Lambda-Provisioned-Concurrency", "7.44", "1000"), counted(FUNCTION, "Lambda-Provisioned-GB-Second", "1", "100")]),
        quiet: || World::new([counted(FUNCTION, "Lambda-Provisioned-Concurrency", "7.44", "1000"), counted(FUNCTION, "Lambda-Provisioned-GB-Second", "1", "500")]),
        skips: || unknown_quantity(FUNCTION, "Lambda-Provisioned-Concurrency") },
    Case { check: "previous_generation_instance", saves: "19.86", reason: "the instance type is unknown",
        fires: || World::new([hourly("i-1", "BoxUsage:m4.xlarge", "148.8")]),
        quiet: || World::new([hourly("i-1", "BoxUsage:m8a.large", "90.55968")]),
        skips: strange },
    Case { check: "graviton_instance", saves: "27.74", reason: "the instance type is unknown",
        fires: || World::new([hourly("i-1", "BoxUsage:m5.xlarge", "142.848")]),
        quiet: || World::new([hourly("i-1", "BoxUsage:m7g.large", "60.7104")]),
        skips: strange },
    Case { check: "amd_instance", saves: "7.01", reason: "the instance type is unknown",
        fires: || World::new([hourly("i-1", "BoxUsage:m6i.large", "71.424")]),
        quiet: || World::new([hourly("i-1", "BoxUsage:m6a.large", "64.2816")]),
        skips: strange },
    Case { check: "previous_generation_database", saves: "3.65", reason: "mysql classes in us-east-1 are missing",
        fires: || old_database().listed("mysql db.r4.large", "0.24").listed("mysql db.r5.large", "0.228").listed("mysql db.r6g.large", "0.2"),
        quiet: || old_database().listed("mysql db.r4.large", "0.24").listed("mysql db.r5.large", "0.24"),
        skips: || old_database().listed("postgres db.r4.large", "0.24") },
    Case { check: "graviton_database", saves: "7.3", reason: "includes a license",
        fires: || mysql_large("mysql").listed("mysql db.r5.large", "0.24").listed("mysql db.r6g.large", "0.216").listed("mysql db.r7g.large", "0.239"),
        quiet: || mysql_large("mysql").listed("mysql db.r5.large", "0.24").listed("mysql db.m6g.large", "0.1"),
        skips: || mysql_large("sqlserver-se").listed("sqlserver-se db.r5.large", "0.24") },
    Case { check: "previous_generation_cache", saves: "3.84", reason: "engine is unknown",
        fires: || old_cache("cache.r4.large", "redis"),
        // Its 6.42 GiB do not fit into 6.38, and its memory use is unknown.
        quiet: || old_cache("cache.m4.large", "redis"),
        skips: || World::new([hourly(CACHE, "NodeUsage:cache.r4.large", "74.4")]).with([bare("volume", "vol-1")]) },
    Case { check: "graviton_cache", saves: "3.38", reason: "engine is missing",
        fires: || old_cache("cache.r5.large", "redis"),
        quiet: || old_cache("cache.r6g.large", "redis"),
        skips: || World::new([hourly(CACHE, "NodeUsage:cache.r5.large", "74.4")]).with([bare("cache-cluster", CACHE)]) },
    Case { check: "valkey_cache", saves: "14.6", reason: "redis classes in us-east-1 are missing",
        fires: || old_cache("cache.r6g.large", "redis"),
        quiet: || old_cache("cache.r6g.large", "memcached"),
        skips: || old_cache("cache.r99.large", "redis") },
    Case { check: "graviton_function", saves: "1.46", reason: "is unknown",
        fires: || World::new([counted(FUNCTION, "Lambda-GB-Second", "7.44", "446400")]),
        quiet: || World::new([counted(FUNCTION, "Lambda-GB-Second-ARM", "7.44", "446400")]),
        skips: || World::new([abroad(counted(FUNCTION, "Lambda-GB-Second", "7.44", "446400"))]) },
    Case { check: "gp2_volume", saves: "2", reason: "is unknown",
        fires: || World::new([stored("vol-1", "EBS:VolumeUsage.gp2", "10", "100")]),
        quiet: || World::new([gp3()]),
        skips: || World::new([abroad(stored("vol-1", "EBS:VolumeUsage.gp2", "10", "100"))]) },
    // 337.50 USD − 100 GB at 0.08 USD − 2,000 IOPS at 0.005 USD − 375 MiB/s at 0.04 USD.
    Case { check: "provisioned_iops_volume", saves: "304.5", reason: "size or its IOPS",
        fires: || World::new(io1()).with([iops_volume(5_000)]),
        quiet: || World::new(io1()).with([iops_volume(20_000)]),
        skips: || World::new(io1()).with([bare("volume", "vol-1")]) },
    Case { check: "magnetic_volume", saves: "6.81", reason: "PricingQuantity",
        fires: || World::new([stored("vol-1", "EBS:VolumeUsage", "5", "100"), counted("vol-1", "EBS:VolumeIOUsage", "10", "200000000")]),
        quiet: || World::new([stored("vol-1", "EBS:VolumeUsage", "5", "100")]),
        skips: || unknown_quantity("vol-1", "EBS:VolumeUsage") },
    Case { check: "extended_support_database", saves: "73", reason: "needs ResourceId",
        fires: || World::new([of(RDS, hourly(DB, "USE1-ExtendedSupport:Yr1-Yr2:MySQL5.7", "74.4"))]),
        quiet: || World::new([database()]),
        skips: no_resource },
    Case { check: "extended_support_cluster", saves: "365", reason: "PricingQuantity",
        fires: || World::new([hourly(CLUSTER, "AmazonEKS-Hours:extendedSupport", "446.4")]),
        quiet: || World::new([hourly(CLUSTER, "AmazonEKS-Hours:perCluster", "74.4")]),
        skips: || unknown_quantity(CLUSTER, "AmazonEKS-Hours:extendedSupport") },
    // 1,000 GB × (0.023 − 0.0125) USD − a twelfth of 204,800 transitions at 0.00001 USD.
    Case { check: "cold_bucket", saves: "10.33", reason: "no GET requests by bucket",
        fires: || World::new([bucket("23", "1000"), reads("arn:aws:s3:::media")]),
        quiet: || World::new([bucket("23", "1000"), reads(BUCKET)]),
        skips: || World::new([bucket("23", "1000")]) },
    // 1,000 GB × (0.023 − 0.004) USD − a twelfth of 204,800 transitions at 0.00002 USD.
    Case { check: "archivable_bucket", saves: "18.66", reason: "no GET requests by bucket",
        fires: || World::new([bucket("23", "1000"), reads("arn:aws:s3:::media")]),
        // One request per hour is too many for 1,000 GB.
        quiet: || World::new([bucket("23", "1000"), of(S3, counted(BUCKET, "Requests-Tier2", "1", "744"))]),
        skips: || World::new([bucket("23", "1000")]) },
    // 30 % of 2,000 GB × (0.023 − 0.0125) USD − 409,600 objects × (0.0000025 + 0.00001 ÷ 12) USD.
    Case { check: "standard_bucket", saves: "4.93", reason: "lifecycle rules",
        fires: || World::new([bucket("46", "2000")]).with([resource("bucket", "lake", json!({ "LifecycleRules": 0 }))]),
        quiet: || World::new([bucket("46", "2000")]).with([resource("bucket", "lake", json!({ "LifecycleRules": 1 }))]),
        skips: || World::new([bucket("46", "2000")]).with([bare("bucket", "lake")]) },
    Case { check: "noncurrent_versions", saves: "2.3", reason: "whether a rule expires old versions",
        fires: || World::new([bucket("23", "1000")]).with([resource("bucket", "lake", json!({ "Versioning": "Enabled", "ExpiresNoncurrent": false }))]),
        quiet: || World::new([bucket("23", "1000")]).with([resource("bucket", "lake", json!({ "Versioning": "Enabled", "ExpiresNoncurrent": true }))]),
        skips: || World::new([bucket("23", "1000")]).with([resource("bucket", "lake", json!({ "Versioning": "Enabled" }))]) },
    Case { check: "incomplete_uploads", saves: "0.23", reason: "whether a rule aborts",
        fires: || World::new([bucket("23", "1000")]).with([resource("bucket", "lake", json!({ "AbortsUploads": false }))]),
        quiet: || World::new([bucket("23", "1000")]).with([resource("bucket", "lake", json!({ "AbortsUploads": true }))]),
        skips: || World::new([bucket("23", "1000")]).with([bare("bucket", "lake")]) },
    Case { check: "archivable_snapshot", saves: "3.75", reason: "full size",
        fires: || World::new([snapshot_line()]).with([snapshot("vol-1")]),
        // Little changed since the previous snapshot: a full copy in the archive would cost more.
        quiet: || World::new([snapshot_line()]).with([Resource { size_gb: Some(500), ..snapshot("vol-1") }]),
        skips: || World::new([snapshot_line()]).with([Resource { size_gb: None, ..snapshot("vol-1") }]) },
    Case { check: "log_retention", saves: "2.87", reason: "not in the inventory",
        fires: || World::new([logs(GROUP), intake(GROUP, "10")]).with([bare("log-group", GROUP)]),
        quiet: || World::new([logs(GROUP), intake(GROUP, "10")]).with([resource("log-group", GROUP, json!({ "RetentionDays": 30 }))]),
        skips: || World::new([logs(GROUP), intake(GROUP, "10")]).with([bare("log-group", OTHER_GROUP)]) },
    Case { check: "nat_traffic_to_endpoints", saves: "4.42", reason: "VPC is missing",
        fires: || World::new([counted("nat-1", "NatGateway-Bytes", "45", "1000")]).with([nat(Some("vpc-1"))]),
        quiet: || World::new([counted("nat-1", "NatGateway-Bytes", "45", "1000")]).with([nat(Some("vpc-1")), s3_endpoint()]),
        skips: || World::new([counted("nat-1", "NatGateway-Bytes", "45", "1000")]).with([nat(None)]) },
    Case { check: "cross_zone_traffic", saves: "3.92", reason: "PricingQuantity",
        fires: || World::new([counted("i-1", "DataTransfer-Regional-Bytes", "20", "2000")]),
        quiet: || World::new([counted("i-1", "DataTransfer-Regional-Bytes", "1", "100")]),
        skips: || unknown_quantity("i-1", "DataTransfer-Regional-Bytes") },
    Case { check: "replaceable_public_address", saves: "3.65", reason: "needs an inventory",
        fires: || World::new([hourly("eipalloc-1", "PublicIPv4:InUseAddress", "3.72")]).with([attached(bare("address", "eipalloc-1"), "i-1"), in_group()]),
        quiet: || World::new([hourly("eipalloc-1", "PublicIPv4:InUseAddress", "3.72")]).with([attached(bare("address", "eipalloc-1"), "i-1"), bare("instance", "i-1")]),
        skips: || World::new([hourly("eipalloc-1", "PublicIPv4:InUseAddress", "3.72")]) },
    Case { check: "idle_transit_attachment", saves: "7.3", reason: "PricingQuantity of its traffic",
        fires: || World::new([hourly("tgw-attach-1", "TransitGateway-Hours", "7.44"), counted("tgw-attach-2", "TransitGateway-Bytes", "2", "200")]),
        quiet: || World::new([hourly("tgw-attach-1", "TransitGateway-Hours", "7.44"), counted("tgw-attach-1", "TransitGateway-Bytes", "2", "200")]),
        skips: || World::new([hourly("tgw-attach-1", "TransitGateway-Hours", "7.44"), counted("tgw-attach-1", "TransitGateway-Bytes", "2", "")]) },
    Case { check: "off_hours_instance", saves: "47.14", reason: "standby",
        fires: || World::new([hourly("i-1", "BoxUsage:m5.large", "71.424")]).seen("i-1", working(CpuMax)),
        quiet: || World::new([hourly("i-1", "BoxUsage:m5.large", "71.424")]).seen("i-1", full()),
        skips: || World::new([hourly("i-1", "BoxUsage:m5.large", "71.424")]).with([named("instance", "i-1", "web-standby")]).seen("i-1", working(CpuMax)) },
    Case { check: "off_hours_database", saves: "49.1", reason: "every hour of two weeks",
        fires: || World::new([database()]).seen(DB, working(Operations)),
        quiet: || World::new([database()]).seen(DB, steady(&[(Operations, 5.0)])),
        skips: || World::new([database()]).seen(DB, short(&[(Operations, 5.0)])) },
    Case { check: "spot_candidate", saves: "61.81", reason: "different instance types",
        fires: || World::new(pair("BoxUsage:m6i.large")).with(group("web")),
        quiet: || World::new(pair("BoxUsage:m6i.large")).with([bare("instance", "i-1"), bare("instance", "i-2")]),
        skips: || World::new([hourly("i-1", "BoxUsage:m6i.large", "71.424"), hourly("i-2", "BoxUsage:m5.large", "71.424")]).with(group("web")) },
    Case { check: "uncovered_steady_usage", saves: "28.91", reason: "does not have this type",
        fires: || World::new([hourly("i-1", "BoxUsage:m5.large", "71.424")]),
        quiet: || World::new([Line { since: 1, ..hourly("i-1", "BoxUsage:m5.large", "71.424") }]),
        skips: strange },
    Case { check: "untagged_spend", saves: "0", reason: "there are no tag keys",
        fires: || by_team([team("i-1", "100", "{}")]),
        quiet: || by_team([team("i-1", "1000", "{\"team\":\"web\"}")]),
        skips: || World::new([team("i-1", "100", "{}")]) },
    Case { check: "inconsistent_tag_values", saves: "0", reason: "there are no tag keys",
        fires: || by_team([team("i-1", "100", "{\"team\":\"Data Platform\"}"), team("i-2", "50", "{\"team\":\"data-platform\"}")]),
        quiet: || by_team([team("i-1", "100", "{\"team\":\"web\"}"), team("i-2", "50", "{\"team\":\"data\"}")]),
        skips: || World::new([Line { service: EC2, ..team("i-1", "100", "{}") }]) },
    Case { check: "address_of_stopped_instance", saves: "3.65", reason: "since when",
        fires: || addressed("stopped", Some("2026-08-01")),
        quiet: || addressed("running", Some("2026-08-01")),
        skips: || addressed("stopped", None) },
    Case { check: "fast_snapshot_restore", saves: "547.5", reason: "PricingQuantity",
        fires: || World::new([hourly("snap-1", "EBS:FastSnapshotRestore", "558")]),
        quiet: || World::new([counted("snap-1", "EBS:FastSnapshotRestore", "75", "100")]),
        skips: || unknown_quantity("snap-1", "EBS:FastSnapshotRestore") },
    Case { check: "old_snapshot", saves: "5", reason: "made by Data Lifecycle Manager",
        fires: || old_snapshot("2026-10-01"),
        // The other snapshot is older.
        quiet: || old_snapshot("2025-09-01"),
        skips: planned },
    Case { check: "idle_client_vpn", saves: "73", reason: "PricingQuantity of its traffic",
        fires: || World::new([hourly("cvpn-endpoint-1", "ClientVPN-EndpointHours", "74.4"), counted("cvpn-endpoint-2", "ClientVPN-ConnectionHours", "5", "100")]),
        quiet: || World::new([hourly("cvpn-endpoint-1", "ClientVPN-EndpointHours", "74.4"), counted("cvpn-endpoint-1", "ClientVPN-ConnectionHours", "5", "100")]),
        skips: || World::new([hourly("cvpn-endpoint-1", "ClientVPN-EndpointHours", "74.4"), counted("cvpn-endpoint-1", "ClientVPN-ConnectionHours", "5", "")]) },
    Case { check: "idle_network_firewall", saves: "288.35", reason: "no usage type for the traffic",
        fires: || World::new([firewall(hourly(FIREWALL, "Endpoint-Hour", "293.88")), firewall(counted(OTHER_FIREWALL, "Traffic-GB-Processed", "65", "1000"))]),
        quiet: || World::new([firewall(hourly(FIREWALL, "Endpoint-Hour", "293.88")), firewall(counted(FIREWALL, "Traffic-GB-Processed", "65", "1000"))]),
        skips: || World::new([firewall(hourly(FIREWALL, "Endpoint-Hour", "293.88"))]) },
    Case { check: "idle_transfer_server", saves: "219", reason: "no usage type for the traffic",
        fires: || World::new([server(hourly(SERVER, "ProtocolHours", "223.2")), server(counted(OTHER_SERVER, "UploadBytes", "4", "100"))]),
        quiet: || World::new([server(hourly(SERVER, "ProtocolHours", "223.2")), server(counted(SERVER, "DownloadBytes", "0.04", "1"))]),
        skips: || World::new([server(hourly(SERVER, "ProtocolHours", "223.2"))]) },
    Case { check: "idle_web_acl", saves: "8", reason: "no usage type for the traffic",
        // A web ACL of 5 USD with three rules of 1 USD each.
        fires: || World::new([Line { unit: "Month", ..counted(ACL, "Global-WebACLV2", "5", "1") }, Line { unit: "Month", ..counted(ACL, "Global-RuleV2", "3", "3") }, counted(OTHER_ACL, "USE1-RequestV2-Tier1", "6", "10000000")]),
        quiet: || World::new([Line { unit: "Month", ..counted(ACL, "Global-WebACLV2", "5", "1") }, counted(ACL, "Global-RequestV2-Tier1", "6", "10000000")]),
        skips: || World::new([Line { unit: "Month", ..counted(ACL, "Global-WebACLV2", "5", "1") }]) },
    Case { check: "idle_stream", saves: "10.95", reason: "no usage type for the traffic",
        fires: || World::new([hourly(STREAM, "Storage-ShardHour", "11.16"), counted(OTHER_STREAM, "PutRequestPayloadUnits", "1", "1000000")]),
        quiet: || World::new([hourly(STREAM, "OnDemand-StreamHour", "29.76"), counted(STREAM, "OnDemand-BilledIncomingBytes", "0.08", "1")]),
        skips: || World::new([hourly(STREAM, "Storage-ShardHour", "11.16")]) },
    Case { check: "extended_stream_retention", saves: "14.6", reason: "PricingQuantity",
        fires: || World::new([hourly(STREAM, "Storage-ShardHour", "11.16"), hourly(STREAM, "Extended-ShardHour", "14.88")]),
        quiet: || World::new([hourly(STREAM, "Storage-ShardHour", "11.16")]),
        skips: || unknown_quantity(STREAM, "Extended-ShardHour") },
    // 30 USD × 50 % × 90 % − 3.7 % of it for reads.
    Case { check: "file_system_without_lifecycle", saves: "13", reason: "PricingQuantity",
        fires: || World::new([files(stored(FILES, "TimedStorage-ByteHrs", "30", "100"))]),
        quiet: || World::new([files(stored(FILES, "TimedStorage-ByteHrs", "30", "100")), files(stored(FILES, "IATimedStorage-ByteHrs", "1", "40"))]),
        skips: || World::new([files(stored(FILES, "TimedStorage-ByteHrs", "30", ""))]) },
    Case { check: "growing_image_repository", saves: "2.4", reason: "PricingQuantity",
        // 60 GB, then 80 GB, then 100 GB for 6 USD.
        fires: || images(["60", "20", "20"]),
        quiet: || images(["80", "5", "5"]),
        skips: || images(["60", "20", ""]) },
    Case { check: "log_class", saves: "2.45", reason: "its class is missing",
        fires: || World::new([intake(GROUP, "100")]).with([resource("log-group", GROUP, json!({ "Class": "STANDARD" }))]),
        quiet: || World::new([intake(GROUP, "100")]).with([resource("log-group", GROUP, json!({ "Class": "INFREQUENT_ACCESS" }))]),
        skips: || World::new([intake(GROUP, "100")]).with([bare("log-group", GROUP)]) },
    Case { check: "table_class", saves: "131.75", reason: "reserved capacity",
        // 250 USD × 60 % − 73 USD × 25 %.
        fires: || World::new(table_of_class("TimedStorage-ByteHrs", "250", "WriteCapacityUnit-Hrs")),
        quiet: || World::new(table_of_class("TimedStorage-ByteHrs", "30", "WriteCapacityUnit-Hrs")),
        skips: || World::new(table_of_class("TimedStorage-ByteHrs", "250", "WriteCapacityUnit-Hrs").map(|l| Line { pricing: "Committed:Reserved", ..l })) },
    Case { check: "cross_region_traffic", saves: "7.85", reason: "PricingQuantity",
        fires: || World::new([counted("i-1", "USE1-USW2-AWS-Out-Bytes", "30", "1500"), counted("i-1", "USE1-EU-AWS-Out-Bytes", "10", "500")]),
        quiet: || World::new([counted("i-1", "USE1-USW2-AWS-Out-Bytes", "10", "500")]),
        skips: || unknown_quantity("i-1", "USE1-USW2-AWS-Out-Bytes") },
    Case { check: "replaceable_interface_endpoint", saves: "7.3", reason: "its service is missing",
        fires: || endpoint("com.amazonaws.us-east-1.s3"),
        quiet: || endpoint("com.amazonaws.us-east-1.ssm"),
        skips: || World::new(idle_lines("VpcEndpoint-Hours", "vpce-1")).with([bare("vpc-endpoint", "vpce-1")]) },
    Case { check: "unused_key", saves: "1", reason: "no usage type for the traffic",
        fires: || World::new([Line { unit: "Month", ..counted(KEY, "us-east-1-KMS-Keys", "1", "1") }, counted(OTHER_KEY, "us-east-1-KMS-Requests", "0.3", "100000")]),
        quiet: || World::new([Line { unit: "Month", ..counted(KEY, "us-east-1-KMS-Keys", "1", "1") }, counted(KEY, "us-east-1-KMS-Requests", "0.01", "1")]),
        skips: || World::new([Line { unit: "Month", ..counted(KEY, "us-east-1-KMS-Keys", "1", "1") }]) },
    Case { check: "idle_stream_consumer", saves: "10.95", reason: "no data that consumers read",
        fires: || World::new([hourly(STREAM, "EnhancedFanoutHour", "11.16"), counted(OTHER_STREAM, "ReadBytes", "1", "77")]),
        quiet: || World::new([hourly(STREAM, "EnhancedFanoutHour", "11.16"), counted(STREAM, "ReadBytes", "0.01", "1")]),
        skips: || World::new([hourly(STREAM, "EnhancedFanoutHour", "11.16")]) },
    // Half of 73 USD.
    Case { check: "always_on_studio_app", saves: "36.5", reason: "PricingQuantity",
        fires: || World::new([hourly(APP, "USE1-Studio:JupyterLab-ml.t3.medium", "74.4")]),
        quiet: || World::new([counted(APP, "USE1-Studio:JupyterLab-ml.t3.medium", "20", "200")]),
        skips: || unknown_quantity(APP, "USE1-Studio:JupyterLab-ml.t3.medium") },
    // 85 of 170 hours for 51 USD in 744 h, which are 50.04 USD in 730 h.
    Case { check: "busy_autostop_workspace", saves: "25.02", reason: "a bundle with graphics",
        fires: || World::new([counted(WORKSPACE, "AW-HW-2-AutoStop-Usage", "51", "170")]),
        quiet: || World::new([counted(WORKSPACE, "AW-HW-2-AutoStop-Usage", "18", "60")]),
        skips: || World::new([counted(WORKSPACE, "AW-HW-4-AutoStop-Usage", "297.5", "170")]) },
    // 5 DPUs × 0.44 USD × 730 h × 75 %.
    Case { check: "always_on_development_endpoint", saves: "1204.5", reason: "PricingQuantity",
        fires: || World::new([counted(DEV_ENDPOINT, "USE1-DEVED-DPU-Hour", "1636.8", "3720")]),
        quiet: || World::new([counted(DEV_ENDPOINT, "USE1-DEVED-DPU-Hour", "220", "500")]),
        skips: || unknown_quantity(DEV_ENDPOINT, "USE1-DEVED-DPU-Hour") },
    // 20.46 USD in 744 h.
    Case { check: "second_trail", saves: "20.08", reason: "PricingQuantity",
        fires: || account_wide(counted("", "USE1-PaidEventsRecorded", "20.46", "1023000")),
        quiet: || account_wide(counted("", "USE1-FreeEventsRecorded", "1", "1000000")),
        skips: || account_wide(counted("", "USE1-PaidEventsRecorded", "10", "")) },
    // 292 USD × 30 %.
    Case { check: "continuous_recording", saves: "87.6", reason: "PricingQuantity",
        fires: || account_wide(counted("", "USE1-ConfigurationItemRecorded", "297.6", "99200")),
        quiet: || account_wide(counted("", "USE1-ConfigurationItemRecorded", "60", "20000")),
        skips: || account_wide(counted("", "USE1-ConfigurationItemRecorded", "10", "")) },
    Case { check: "lasting_replication_instance", saves: "36.5", reason: "PricingQuantity",
        fires: || World::new([hourly(REPLICATION, "USE1-InstanceUsg:dms.r5.large", "74.4")]),
        quiet: || World::new([Line { since: 1, ..hourly(REPLICATION, "USE1-InstanceUsg:dms.r5.large", "74.4") }]),
        skips: || unknown_quantity(REPLICATION, "USE1-InstanceUsg:dms.r5.large") },
    Case { check: "lasting_provisioned_throughput", saves: "365", reason: "PricingQuantity",
        fires: || World::new([hourly(MODEL, NO_COMMIT, "744")]),
        quiet: || World::new([counted(MODEL, NO_COMMIT, "24", "24")]),
        skips: || unknown_quantity(MODEL, NO_COMMIT) },
    // 36.50 USD of credits − 730 h × (0.0864 − 0.0832) USD: an m6a.large instead of a t3.large.
    Case { check: "surplus_credits_instance", saves: "34.16", reason: "Auto Scaling group",
        fires: || with_credits("37.2"),
        quiet: || with_credits("1.2"),
        skips: || with_credits("37.2").with([in_group()]) },
    // Half of 180 USD in 744 h: 1,024 of 2,048 GB.
    Case { check: "egress_without_cloudfront", saves: "88.31", reason: "PricingQuantity",
        fires: || World::new([of(S3, counted(BUCKET, "DataTransfer-Out-Bytes", "180", "2048"))]),
        quiet: || World::new([of(S3, counted(BUCKET, "DataTransfer-Out-Bytes", "180", "2048")), of("Amazon CloudFront", counted("dist", "US-DataTransfer-Out-Bytes", "85", "1000"))]),
        skips: || World::new([of(S3, counted(BUCKET, "DataTransfer-Out-Bytes", "180", ""))]) },
    // Seven metrics of 0.30 USD.
    Case { check: "detailed_monitoring", saves: "2.1", reason: "is unknown",
        fires: || monitored("dev"),
        quiet: || monitored("prod"),
        skips: || { let mut world = monitored("dev"); world.lines.pop(); world } },
    Case { check: "unused_commitment", saves: "36.5", reason: "needs ResourceId",
        fires: || committed(RESERVED, "Committed:Reserved:Unused"),
        quiet: || committed(RESERVED, "Committed:Reserved"),
        skips: || committed("", "Committed:Reserved:Unused") },
    Case { check: "ending_commitment", saves: "0", reason: "the end of its term is missing",
        fires: || owned(json!({ "EndsOn": "2026-12-31" })),
        quiet: || owned(json!({ "EndsOn": "2027-01-01" })),
        skips: || owned(json!({})) },
    // 7.44 USD − a backup of 100 GB at 0.05 USD.
    Case { check: "idle_file_system", saves: "2.44", reason: "utilization is unknown",
        fires: || World::new([of("Amazon FSx", stored(SHARE, "USE1-Storage", "7.44", "100"))]).seen(SHARE, steady(&[(Network, 0.0)])),
        quiet: || World::new([of("Amazon FSx", stored(SHARE, "USE1-Storage", "7.44", "100"))]).seen(SHARE, steady(&[(Network, 1_000_000.0)])),
        skips: || World::new([of("Amazon FSx", stored(SHARE, "USE1-Storage", "7.44", "100"))]).seen("other", calm()) },
    Case { check: "idle_vpn_connection", saves: "36.5", reason: "standby",
        fires: || vpn(100_000.0),
        quiet: || vpn(1_000_000.0),
        skips: || vpn(100_000.0).with([named("vpn-connection", "vpn-1", "office-standby")]) },
    // 73 USD of credits − 730 h × (0.18 − 0.136) USD. M6i is of an older generation.
    Case { check: "surplus_credits_database", saves: "40.88", reason: "mysql classes in us-east-1 are missing",
        fires: || priced_with_credits("74.4"),
        quiet: || priced_with_credits("7.44"),
        skips: || database_with_credits("74.4") },
    // Metrics have the cluster's name without the ID at the end of its ARN.
    Case { check: "idle_kafka_cluster", saves: "83", reason: "utilization is unknown",
        fires: || World::new([hourly(KAFKA, "USE1-Kafka.m5.large", "74.4"), stored(KAFKA, "USE1-Kafka.Storage.GP2", "10", "100")]).seen("arn:aws:kafka:us-east-1:1:cluster/clicks", steady(&[(Network, 400_000.0)])),
        // 10.08 MB a day.
        quiet: || World::new([hourly(KAFKA, "USE1-Kafka.m5.large", "74.4")]).seen(KAFKA, steady(&[(Network, 420_000.0)])),
        skips: || World::new([hourly(KAFKA, "USE1-Express.m7g.large", "74.4")]).seen("other", calm()) },
    Case { check: "idle_serverless_kafka_cluster", saves: "547.5", reason: "no usage type for the traffic",
        fires: || World::new([hourly(SERVERLESS, "USE1-KafkaServerless-ClusterHours", "558"), counted(OTHER_SERVERLESS, "USE1-KafkaServerless-In-Bytes", "1", "10")]),
        quiet: || World::new([hourly(SERVERLESS, "USE1-KafkaServerless-ClusterHours", "558"), counted(SERVERLESS, "USE1-KafkaServerless-Out-Bytes", "1", "10")]),
        skips: || World::new([hourly(SERVERLESS, "USE1-KafkaServerless-ClusterHours", "558")]) },
    // 2.9 % of 146 USD.
    Case { check: "graviton_kafka_cluster", saves: "4.23", reason: "needs ResourceId",
        fires: || World::new([hourly(KAFKA, "USE1-Kafka.m5.large", "148.8")]),
        quiet: || World::new([hourly(KAFKA, "USE1-Kafka.m5.24xlarge", "148.8"), hourly(KAFKA, "USE1-Kafka.m7g.large", "148.8"), stored(KAFKA, "Kafka.Storage.GP2", "10", "100")]),
        skips: || World::new([hourly("", "USE1-Kafka.m5.large", "148.8")]) },
    Case { check: "idle_broker", saves: "83", reason: "utilization is unknown",
        fires: || World::new([hourly(BROKER, "USE1-ActiveMQ-Multi-AZ-InstanceUsage:mq.m5.large", "74.4"), stored(BROKER, "USE1-MQ:StorageUsage", "10", "33")]).seen("arn:aws:mq:us-east-1:1:broker:orders", steady(&[(Operations, 0.0)])),
        quiet: || World::new([hourly(BROKER, "USE1-RabbitMQ-3-InstanceUsage:mq.m5.large", "74.4")]).seen(BROKER, steady(&[(Operations, 60.0)])),
        skips: || World::new([hourly(BROKER, "USE1-ActiveMQ-InstanceUsage:mq.m5.large", "74.4")]).seen("other", calm()) },
    // Two of three instances.
    Case { check: "multi_az_test_broker", saves: "48.67", reason: "does not say what it is for",
        fires: || World::new([hourly(QA_BROKER, "USE1-RabbitMQ-3-InstanceUsage:mq.m5.large", "74.4")]),
        quiet: || World::new([hourly(QA_BROKER, "USE1-ActiveMQ-InstanceUsage:mq.m5.large", "74.4"), hourly(BROKER, "USE1-RabbitMQ-3-InstanceUsage:mq.m5.large", "74.4")]).with([bare("broker", BROKER)]),
        skips: || World::new([hourly(BROKER, "USE1-ActiveMQ-Multi-AZ-InstanceUsage:mq.m5.large", "74.4")]) },
    // One of three domain controllers.
    Case { check: "extra_domain_controller", saves: "73", reason: "PricingQuantity",
        fires: || World::new([counted(DIRECTORY, "USE1-Std-MicrosoftAD-DC-Usage", "223.2", "2232")]),
        // The third one ran for half of the month.
        quiet: || World::new([counted(DIRECTORY, "USE1-Std-MicrosoftAD-DC-Usage", "186", "1860")]),
        skips: || unknown_quantity(DIRECTORY, "USE1-MicrosoftAD-DC-Usage") },
];
