//! The account of a company that was bought: waste of most kinds, and what only looks like it.
//! Prices are rounded public list prices of us-east-1; the savings follow from them and from what
//! is written here, not from the checks.

use rust_decimal::Decimal;
use serde_json::json;

use super::company::{date, hex_id};
use super::fleet;
use super::thing::{HOURS, Metric, Service, Shape, Thing};

const EC2: Service = ("Amazon Elastic Compute Cloud", "Compute", "Virtual Machines");
const EBS: Service = ("Amazon Elastic Compute Cloud", "Storage", "Block Storage");
const SNAPSHOTS: Service = ("Amazon Elastic Compute Cloud", "Storage", "Backup Storage");
const RDS: Service = ("Amazon Relational Database Service", "Databases", "Relational Databases");
const CACHE: Service = ("Amazon ElastiCache", "Databases", "Caching");
const REDSHIFT: Service = ("Amazon Redshift", "Analytics", "Data Warehouses");
const SEARCH: Service = ("Amazon OpenSearch Service", "Analytics", "Search");
const DYNAMO: Service = ("Amazon DynamoDB", "Databases", "NoSQL Databases");
const EKS: Service = ("Amazon Elastic Container Service for Kubernetes", "Compute", "Containers");
const SAGEMAKER: Service = ("Amazon SageMaker", "AI and Machine Learning", "Machine Learning");
const ELB: Service = ("Elastic Load Balancing", "Networking", "Network Connectivity");
const VPC: Service = ("Amazon Virtual Private Cloud", "Networking", "Network Connectivity");
const LOGS: Service = ("AmazonCloudWatch", "Management and Governance", "Observability");
const SECRETS: Service = ("AWS Secrets Manager", "Security", "Identity and Access Management");
const LAMBDA: Service = ("AWS Lambda", "Compute", "Serverless Compute");
const FARGATE: Service = ("Amazon Elastic Container Service", "Compute", "Containers");
const S3: Service = ("Amazon Simple Storage Service", "Storage", "Object Storage");

/// Checks that a trap for what is idle is laid out for.
const IDLE_MACHINE: &[&str] = &["idle_instance", "oversized_instance", "off_hours_instance"];
const IDLE_DATABASE: &[&str] = &["idle_database", "off_hours_database", "oversized_database"];

/// Size of the disk of the stopped machine.
const ARCHIVE_GB: i64 = 400;

/// Everything in the account.
pub(super) fn things() -> anyhow::Result<Vec<Thing>> {
    let mut all = machines()?;
    all.extend(disks());
    all.extend(snapshots());
    all.extend(databases());
    all.extend(stores());
    all.extend(records());
    all.extend(network());
    all.extend(functions());
    all.extend(caches());
    all.extend(containers());
    Ok(all)
}

/// So many ten-thousandths of a dollar.
fn usd(ten_thousandths: i64) -> Decimal {
    Decimal::new(ten_thousandths, 4)
}

fn whole(number: i64) -> Decimal {
    Decimal::from(number)
}

/// The part of a week that is off if it is on from 07:00 to 19:00 on weekdays: an hour around the
/// hours of use.
fn off_hours() -> Decimal {
    whole(168 - 5 * 12) / whole(168)
}

fn machines() -> anyhow::Result<Vec<Thing>> {
    let prices = fleet::price_list()?;
    let price = |t: &str| prices.get(t).and_then(|p| p.od_linux_usd_hr).unwrap_or_default();
    let machine = |name: &'static str, t: &'static str| {
        let mut of = Thing::of_ec2("instance", "i", "instance", name);
        of.state = "running";
        of.instance_type = Some(t);
        of.details = json!({ "ImageId": format!("ami-{}", hex_id("wanderlust-image-base-2026")) });
        let of = of.hours(EC2, &format!("BoxUsage:{t}"), price(t), 1);
        // The newer type of the same class and size that is cheapest and no slower.
        match t.strip_prefix("m5.") {
            Some(size) => {
                let saving = (price(t) - price(&format!("m6a.{size}"))) * HOURS;
                of.waste("previous_generation_instance", saving, "m5 is two generations old")
            }
            None => of,
        }
    };
    let calm = |of: Thing| {
        of.did(Metric::Cpu, Shape::Around(1.5)).did(Metric::Network, Shape::Around(30_000.0))
    };
    let mut young = calm(machine("new-checkout", "m6i.large"));
    young.created = date(2026, 10, 27);
    let mut stopped = Thing::of_ec2("instance", "i", "instance", "archive");
    (stopped.state, stopped.since, stopped.instance_type) =
        ("stopped", Some(date(2026, 6, 1)), Some("m5.large"));
    // An AMI of it keeps its blocks, and its volume is full.
    let kept = whole(ARCHIVE_GB) * (usd(800) - usd(500));
    let stopped = stopped.waste("stopped_instance", kept, "stopped since June; its volume is full");
    Ok(vec![
        calm(machine("intranet", "m5.large")).waste(
            "idle_instance",
            price("m5.large") * HOURS,
            "nobody has opened the old intranet since the move",
        ),
        machine("print", "m5.4xlarge")
            .did(Metric::Cpu, Shape::Around(11.0))
            .did(Metric::Memory, Shape::Around(9.0))
            .did(Metric::Network, Shape::Around(400_000_000.0))
            .waste(
                "oversized_instance",
                (price("m5.4xlarge") - price("m7i.large")) * HOURS,
                "never above 11 % of its CPU and 9 % of its memory: an m7i.large stays under 70 % and 85 %",
            ),
        machine("qa", "m6a.large")
            .did(Metric::Cpu, Shape::Office(55.0, 1.5))
            .did(Metric::Network, Shape::Office(50_000_000.0, 30_000.0))
            .tagged("env", "test")
            .waste(
                "off_hours_instance",
                price("m6a.large") * HOURS * off_hours(),
                "testers work from 08:00 to 18:00 UTC on weekdays",
            ),
        stopped,
        calm(machine("ledger-standby", "m5.xlarge"))
            .tagged("role", "standby")
            .trap(IDLE_MACHINE, "a standby: idle until the ledger's machine fails"),
        calm(machine("web-dr", "m5.large"))
            .tagged("purpose", "disaster recovery")
            .trap(IDLE_MACHINE, "kept for the day on which Ireland is gone"),
        machine("invoicing", "m5.2xlarge")
            .did(Metric::Cpu, Shape::MonthEnd(95.0, 1.5))
            .did(Metric::Network, Shape::MonthEnd(900_000_000.0, 30_000.0))
            .trap(&["idle_instance", "off_hours_instance"], "does nothing but on the last two days of a month"),
        young.trap(IDLE_MACHINE, "a week old: its launch is in November"),
    ])
}

fn disks() -> Vec<Thing> {
    let archive = Thing::of_ec2("instance", "i", "instance", "archive").id;
    let print = Thing::of_ec2("instance", "i", "instance", "print").id;
    let qa = Thing::of_ec2("instance", "i", "instance", "qa").id;
    let disk = |name: &'static str, volume_type: &'static str, size: i64, iops: i64, to: &str| {
        let mut of = Thing::of_ec2("volume", "vol", "volume", name);
        (of.state, of.volume_type, of.size_gb, of.iops) =
            ("in-use", Some(volume_type), Some(size), Some(iops));
        of.throughput = (volume_type == "gp3").then_some(125);
        of.attached_to = Some(to.to_owned());
        let (meter, price) =
            if volume_type == "io1" { ("piops", usd(1250)) } else { (volume_type, usd(800)) };
        of.holds(EBS, &format!("EBS:VolumeUsage.{meter}"), "GB-Mo", (price, whole(size)))
    };
    let busy = Shape::Around(3_600.0 * 3_500.0);
    vec![
        disk("archive", "gp3", ARCHIVE_GB, 3_000, &archive),
        disk("scratch", "gp3", 250, 3_000, &print)
            .did(Metric::Operations, Shape::Always(0.0))
            .waste(
                "idle_volume",
                whole(250) * usd(800),
                "a second disk that nothing reads or writes",
            ),
        disk("media", "gp3", 1_000, 3_000, &qa)
            .did(Metric::Operations, Shape::Office(3_600.0 * 400.0, 0.0))
            .did(Metric::StorageUsed, Shape::Always(12.0))
            .waste(
                "oversized_volume",
                whole(1_000 - 200) * usd(800),
                "an eighth of it is full: 200 GB are 60 % full of the same",
            ),
        disk("journal", "io1", 200, 4_000, &print)
            .holds(EBS, "EBS:VolumeP-IOPS.piops", "IOPS-Mo", (usd(650), whole(4_000)))
            .did(Metric::Operations, busy)
            .waste(
                "provisioned_iops_volume",
                whole(200) * (usd(1250) - usd(800)) + whole(4_000) * usd(650)
                    - whole(1_000) * usd(50),
                "gp3 gives as many operations",
            ),
        disk("reports", "gp3", 500, 12_000, &print)
            .holds(EBS, "EBS:VolumeP-IOPS.gp3", "IOPS-Mo", (usd(50), whole(9_000)))
            .did(Metric::Operations, Shape::Around(3_600.0 * 500.0))
            .waste(
                "overprovisioned_iops",
                whole(9_000) * usd(50),
                "500 operations a second at most, 12,000 are there",
            ),
    ]
}

/// Snapshots and images, and what of them nothing needs any more.
fn snapshots() -> Vec<Thing> {
    let snapshot = |name: &'static str, gb: i64, volume: &str| {
        let mut of = Thing::of_ec2("snapshot", "snap", "snapshot", name);
        (of.state, of.size_gb) = ("completed", Some(gb));
        of.details = json!({ "VolumeId": volume, "Description": name });
        of.holds(SNAPSHOTS, "EBS:SnapshotUsage", "GB-Mo", (usd(500), whole(gb)))
    };
    let gone = |name: &str| format!("vol-{}", hex_id(&format!("wanderlust-gone-{name}")));
    let image = |name: &'static str, on: &Thing| {
        let mut of = Thing::of_ec2("image", "ami", "image", name);
        of.details = json!({ "SnapshotIds": [on.id], "Public": false });
        of
    };
    let (old_root, new_root) = (
        snapshot("golden-2024-root", 60, &gone("root-2024")),
        snapshot("base-2026-root", 40, &gone("root-2026")),
    );
    let mut young = snapshot("before-upgrade", 200, &gone("upgrade"));
    young.created = date(2026, 10, 25);
    let planned =
        snapshot("nightly", 150, &gone("nightly")).tagged("aws:backup:source-resource", "nightly");
    vec![
        snapshot("old-shop", 300, &gone("shop")).waste(
            "orphaned_snapshot",
            whole(300) * usd(500),
            "its volume went with the old shop",
        ),
        snapshot("old-forum", 120, &gone("forum")).waste(
            "orphaned_snapshot",
            whole(120) * usd(500),
            "its volume went with the old forum",
        ),
        young.trap(
            &["orphaned_snapshot", "archivable_snapshot"],
            "made before an upgrade, ten days ago",
        ),
        planned.trap(
            &["orphaned_snapshot", "archivable_snapshot"],
            "a backup plan made it, and deletes it",
        ),
        image("golden-2024", &old_root).waste(
            "unused_image",
            whole(60) * usd(500),
            "nothing runs from it since the image of 2026",
        ),
        image("base-2026", &new_root).trap(&["unused_image"], "the machines run from it"),
        old_root,
        new_root
            .trap(&["orphaned_snapshot", "archivable_snapshot"], "the image in use stands on it"),
    ]
}

fn databases() -> Vec<Thing> {
    let database = |name: &'static str, class: &str, ten_thousandths: i64| {
        let mut of = Thing::of_arn("db-instance", "rds", &format!("db:{name}"), name);
        of.details = json!({ "Engine": "mysql", "EngineVersion": "8.0.40" });
        of.hours(RDS, &format!("InstanceUsage:{class}"), usd(ten_thousandths), 1)
    };
    let storage = |of: Thing, gb: i64| {
        let mut of = of.holds(RDS, "RDS:GP3-Storage", "GB-Mo", (usd(1150), whole(gb)));
        of.size_gb = Some(gb);
        of
    };
    let unused = |of: Thing| {
        of.did(Metric::Operations, Shape::Always(0.0))
            .did(Metric::Cpu, Shape::Around(4.0))
            .did(Metric::Memory, Shape::Around(20.0))
    };
    let mut crm = storage(database("crm", "db.r5.2xl", 10_000), 1_000);
    crm.details = json!({ "Engine": "mysql", "EngineVersion": "5.7.44" });
    let mut replica = unused(database("crm-replica", "db.r5.2xl", 10_000));
    replica.details = json!({ "Engine": "mysql", "EngineVersion": "8.0.40", "ReplicaOf": "crm" });
    vec![
        crm.a_day(
            RDS,
            "ExtendedSupport:Yr1-Yr2:MySQL5.7",
            "vCPU-Hours",
            (usd(1000), whole(8 * 24)),
        )
        .did(Metric::Operations, Shape::Around(900.0))
        .did(Metric::Cpu, Shape::Around(14.0))
        .did(Metric::Memory, Shape::Around(30.0))
        .waste(
            "oversized_database",
            usd(5_000) * HOURS,
            "14 % of its CPU and 30 % of its memory are used: half the class holds both",
        )
        .did(Metric::StorageUsed, Shape::Always(20.0))
        .waste(
            "extended_support_database",
            usd(1000) * whole(8) * HOURS,
            "MySQL 5.7 is past its standard support",
        )
        .waste(
            "overallocated_database_storage",
            // A fifth of it is full: 286 GB are 70 % full of the same.
            usd(1150) * whole(1_000 - 286),
            "a fifth of its storage is full",
        ),
        storage(unused(database("crm-test", "db.m5.large", 1_710)), 200).waste(
            "idle_database",
            usd(1710) * HOURS + usd(1150) * whole(200),
            "nobody has connected since the migration",
        ),
        database("crm-qa", "db.t3.large", 1_360)
            .did(Metric::Operations, Shape::Office(40.0, 0.0))
            .did(Metric::Cpu, Shape::Office(60.0, 3.0))
            .tagged("env", "test")
            .waste(
                "off_hours_database",
                usd(1360) * HOURS * off_hours(),
                "testers connect on weekdays only",
            ),
        replica.trap(IDLE_DATABASE, "a read replica: it takes over if the primary fails"),
        unused(
            Thing::of_arn("redshift-cluster", "redshift", "cluster:reports-old", "reports-old")
                .hours(REDSHIFT, "Node:dc2.large", usd(2_500), 2),
        )
        .waste(
            "idle_warehouse",
            usd(2_500) * whole(2) * HOURS,
            "no connection and no query",
        ),
        Thing::of_arn("search-domain", "es", "domain/catalog-old", "catalog-old")
            .hours(SEARCH, "ESInstance:m5.large", usd(1_420), 1)
            .did(Metric::Operations, Shape::Always(0.0))
            .waste("idle_search_domain", usd(1_420) * HOURS, "no search and no write"),
    ]
}

/// Caches of Redis OSS, with what Graviton and Valkey cost for the same.
fn caches() -> Vec<Thing> {
    let cache = |name: &'static str, class: &'static str, now: i64, graviton: i64, valkey: i64| {
        let mut of =
            Thing::of_arn("cache-cluster", "elasticache", &format!("cluster:{name}"), name);
        of.instance_type = Some(class);
        of.details = json!({ "Engine": "redis" });
        of.hours(CACHE, &format!("NodeUsage:{class}"), usd(now), 1)
            .waste(
                "graviton_cache",
                usd(now - graviton) * HOURS,
                "Graviton has the same node for less",
            )
            .waste("valkey_cache", usd(now - valkey) * HOURS, "Valkey costs a fifth less")
    };
    let unused = |of: Thing| {
        of.did(Metric::Operations, Shape::Always(0.0)).did(Metric::Cpu, Shape::Around(4.0))
    };
    let used = |of: Thing| {
        of.did(Metric::Operations, Shape::Around(4_000.0)).did(Metric::Cpu, Shape::Around(35.0))
    };
    let mut member = unused(cache("sessions-002", "cache.m5.large", 1560, 1490, 1248));
    member.details = json!({ "Engine": "redis", "ReplicationGroup": "sessions" });
    vec![
        unused(cache("sessions-old", "cache.m5.large", 1560, 1490, 1248)).waste(
            "idle_cache",
            usd(1560) * HOURS,
            "nothing connects to it",
        ),
        member.trap(
            &["idle_cache"],
            "a replica of the sessions' cache: nothing connects to it until it is the primary",
        ),
        used(cache("pages", "cache.r4.large", 2280, 2060, 1824))
            .did(Metric::Memory, Shape::Around(60.0))
            .waste(
                "previous_generation_cache",
                usd(2280 - 2160) * HOURS,
                "r5 is newer and costs less",
            ),
    ]
}

/// Services on Fargate, whose tasks are billed.
fn containers() -> Vec<Thing> {
    // A task of 2 vCPU and 8 GB.
    let (cpu, memory) = (Decimal::new(4_048, 5), Decimal::new(4_445, 6));
    let a_month = (whole(2) * cpu + whole(8) * memory) * HOURS;
    let service = |name: &'static str| {
        let mut of = Thing::of_arn("ecs-service", "ecs", &format!("service/wander/{name}"), name);
        (of.state, of.details) = (
            "ACTIVE",
            json!({ "Cluster": "wander", "CpuUnits": 2048, "MemoryMb": 8192, "TaskDefinition": "wander:7" }),
        );
        of.did(Metric::Cpu, Shape::Around(30.0)).did(Metric::Memory, Shape::Around(38.0))
    };
    let task =
        |name: &'static str, of: &Thing| {
            let id = hex_id(&format!("wanderlust-task-{name}"));
            let mut task = Thing::of_arn("ecs-task", "ecs", &format!("task/wander/{id}"), name);
            (task.state, task.attached_to) = ("RUNNING", Some(of.id.clone()));
            task.a_day(FARGATE, "Fargate-vCPU-Hours:perCPU", "vCPU-Hours", (cpu, whole(2 * 24)))
                .a_day(FARGATE, "Fargate-GB-Hours", "GB-Hours", (memory, whole(8 * 24)))
        };
    let (api, standby) =
        (service("api"), service("api-failover").tagged("purpose", "disaster recovery"));
    vec![
        task("api-1", &api),
        task("api-2", &api),
        task("api-failover-1", &standby),
        api.waste(
            "oversized_service",
            a_month,
            "two tasks of twice the size that holds 30 % of their CPU and 38 % of their memory",
        ),
        standby.trap(
            &["oversized_service"],
            "as large as the service that it takes over from when Ireland is gone",
        ),
    ]
}

fn stores() -> Vec<Thing> {
    let table = |name: &'static str, reads: i64, writes: i64| {
        let mut of = Thing::of_arn("table", "dynamodb", &format!("table/{name}"), name);
        of.details = json!({ "ReadCapacityUnits": reads, "WriteCapacityUnits": writes });
        let (read, write) = (Decimal::new(13, 5), Decimal::new(65, 5));
        of.a_day(DYNAMO, "ReadCapacityUnit-Hrs", "ReadCapacityUnit-Hrs", (read, whole(24 * reads)))
            .a_day(
                DYNAMO,
                "WriteCapacityUnit-Hrs",
                "WriteCapacityUnit-Hrs",
                (write, whole(24 * writes)),
            )
    };
    let units = |of: Thing, reads: f64, writes: f64| {
        of.did(Metric::ReadUnits, Shape::Always(3_600.0 * reads))
            .did(Metric::WriteUnits, Shape::Always(3_600.0 * writes))
    };
    let month = |read: i64, write: i64| {
        (Decimal::new(13, 5) * whole(read) + Decimal::new(65, 5) * whole(write)) * HOURS
    };
    let bucket = |name: &'static str| {
        Thing::new("bucket", name, name.to_owned(), (format!("arn:aws:s3:::{name}"), "Bucket"))
    };
    let standard = Decimal::new(207, 4);
    let mut photos = bucket("wanderlust-photos");
    photos.details = json!({ "LifecycleRules": 2, "Versioning": "Suspended", "ExpiresNoncurrent": true, "AbortsUploads": true });
    let mut archive = bucket("wanderlust-archive");
    archive.details = json!({ "LifecycleRules": 0, "Versioning": "Enabled", "ExpiresNoncurrent": false, "AbortsUploads": false });
    vec![
        units(table("wishlists", 200, 100), 0.0, 0.0).waste(
            "idle_table",
            month(200, 100),
            "nothing reads or writes it",
        ),
        units(table("stock", 2_000, 500), 209.5, 34.5).waste(
            "overprovisioned_table",
            // At 70 % of use, 300 and 50 units are enough.
            month(2_000 - 300, 500 - 50),
            "209.5 read and 34.5 write units a second in the busiest hour",
        ),
        archive
            .holds(S3, "TimedStorage-ByteHrs", "GB-Mo", (standard, whole(8_000)))
            .a_day(S3, "Requests-Tier2", "Requests", (Decimal::new(4, 7), whole(200)))
            .waste(
                "cold_bucket",
                whole(8_000) * (standard - usd(125)),
                "200 reads a day of 8,000 GB",
            ),
        photos
            .holds(S3, "TimedStorage-ByteHrs", "GB-Mo", (standard, whole(900)))
            .waste(
                "cold_bucket",
                whole(900) * (standard - usd(125)),
                "nobody reads the photos of the old shop",
            )
            .waste(
                "archivable_bucket",
                whole(900) * (standard - usd(40)),
                "nobody reads the photos of the old shop",
            ),
    ]
}

/// Log groups and secrets.
fn records() -> Vec<Thing> {
    let logs = |name: &'static str, gb: i64, intake: i64| {
        let of = Thing::of_arn("log-group", "logs", &format!("log-group:{name}"), name);
        let of = of.holds(LOGS, "TimedStorage-ByteHrs", "GB-Mo", (usd(300), whole(gb)));
        if intake == 0 {
            of
        } else {
            of.a_day(LOGS, "DataProcessing-Bytes", "GB", (usd(5_000), whole(intake)))
        }
    };
    let secret = |name: &'static str| {
        let of = Thing::of_arn("secret", "secretsmanager", &format!("secret:{name}"), name);
        // 0.40 USD a month: a twelfth of a year's.
        let a_day = (whole(12) / whole(365)).round_dp(10);
        of.a_day(SECRETS, "AWSSecretsManager-Secrets", "Secrets", (usd(4_000), a_day))
    };
    vec![
        logs("/wanderlust/forum", 400, 0).waste(
            "unused_log_group",
            usd(300) * whole(400),
            "nothing is written to it",
        ),
        logs("/wanderlust/api", 2_000, 3).waste(
            "log_retention",
            // 90 days of 3 GB, compressed to 15 %.
            usd(300) * (whole(2_000) - whole(90 * 3) * Decimal::new(15, 2)),
            "two thousand gigabytes of which 90 days take 40",
        ),
        secret("forum-password").waste(
            "unused_secret",
            usd(4_000),
            "nothing has read it in three months",
        ),
        secret("api-password").a_day(
            SECRETS,
            "AWSSecretsManagerAPIRequest",
            "API Requests",
            (Decimal::new(5, 6), whole(3_000)),
        ),
    ]
}

fn network() -> Vec<Thing> {
    let balancer = |name: &'static str, id: &str, targets: i64| {
        let of = Thing::of_arn(
            "load-balancer",
            "elasticloadbalancing",
            &format!("loadbalancer/app/{name}/{id}"),
            name,
        );
        let mut of = of.hours(ELB, "LoadBalancerUsage", usd(225), 1);
        (of.state, of.details) = ("active", json!({ "Targets": targets, "Type": "application" }));
        of
    };
    let nat = |name: &'static str| {
        Thing::of_ec2("nat-gateway", "nat", "natgateway", name).hours(
            VPC,
            "NatGateway-Hours",
            usd(450),
            1,
        )
    };
    let endpoint = |name: &'static str| {
        let mut of = Thing::of_ec2("vpc-endpoint", "vpce", "vpc-endpoint", name);
        of.details = json!({ "EndpointType": "Interface", "ServiceName": format!("com.amazonaws.us-east-1.{name}") });
        of.hours(VPC, "VpcEndpoint-Hours", usd(100), 3)
    };
    let attachment = |name: &'static str| {
        let of =
            Thing::of_ec2("transit-attachment", "tgw-attach", "transit-gateway-attachment", name);
        of.hours(VPC, "TransitGateway-Hours", usd(500), 1)
    };
    vec![
        balancer("promo", "a1", 1).did(Metric::Operations, Shape::Always(0.2)).waste(
            "idle_load_balancer",
            usd(225) * HOURS,
            "five requests a day, all from its own health checks' neighbours",
        ),
        balancer("api-old", "b2", 0).waste(
            "load_balancer_without_targets",
            usd(225) * HOURS,
            "its targets are gone",
        ),
        balancer("web-failover", "c3", 0).tagged("purpose", "disaster recovery").trap(
            &["idle_load_balancer", "load_balancer_without_targets"],
            "gets its targets when Ireland is gone",
        ),
        nat("forum").waste("idle_nat_gateway", usd(450) * HOURS, "the forum's network is empty"),
        endpoint("kinesis-streams").waste(
            "idle_vpc_endpoint",
            usd(100) * whole(3) * HOURS,
            "nothing goes through it",
        ),
        endpoint("ssm").a_day(VPC, "VpcEndpoint-Bytes", "GB", (usd(100), whole(2))),
        attachment("forum").waste(
            "idle_transit_attachment",
            usd(500) * HOURS,
            "the forum's network is empty",
        ),
        attachment("shop").a_day(VPC, "TransitGateway-Bytes", "GB", (usd(200), whole(30))),
    ]
}

fn functions() -> Vec<Thing> {
    let cluster = |name: &'static str, meter: &str, price: Decimal| {
        let of = Thing::of_arn("eks-cluster", "eks", &format!("cluster/{name}"), name);
        of.hours(EKS, &format!("AmazonEKS-Hours:{meter}"), price, 1)
    };
    let nodes = |name: &'static str, cluster: &str, count: i64| {
        let mut of =
            Thing::of_arn("eks-node-group", "eks", &format!("nodegroup/{cluster}/{name}"), name);
        of.details = json!({ "Cluster": cluster, "DesiredSize": count });
        of
    };
    let ready = Decimal::new(41_667, 10);
    let kept = whole(2 * 86_400);
    let function = Thing::of_arn("function", "lambda", "function:checkout-old", "checkout-old")
        .a_day(LAMBDA, "Lambda-Provisioned-Concurrency", "seconds", (ready, kept))
        .a_day(
            LAMBDA,
            "Lambda-Provisioned-GB-Second",
            "seconds",
            (Decimal::new(97_222, 10), kept * Decimal::new(5, 2)),
        );
    // On Graviton, so that its memory is all there is to save.
    let a_day = (Decimal::new(133_334, 10), whole(400_000));
    let mut thumbnails = Thing::of_arn("function", "lambda", "function:thumbnails", "thumbnails");
    thumbnails.details =
        json!({ "MemoryMb": 2048, "Architecture": "arm64", "Runtime": "python3.13" });
    let thumbnails = thumbnails
        .a_day(LAMBDA, "Lambda-GB-Second-ARM", "Lambda-GB-Second", a_day)
        .did(Metric::Cpu, Shape::Always(15.0))
        .did(Metric::Memory, Shape::Always(20.0))
        .waste(
            "oversized_function",
            a_day.0 * a_day.1 * HOURS / whole(24) * Decimal::new(75, 2),
            "a fifth of 2,048 MB is used, and 15 % of the CPU: 512 MB hold both",
        );
    vec![
        thumbnails,
        cluster("staging", "perCluster", usd(1_000)).waste(
            "idle_kubernetes_cluster",
            usd(1_000) * HOURS,
            "it has no nodes",
        ),
        nodes("staging", "staging", 0),
        cluster("wander", "extendedSupport", usd(6_000)).waste(
            "extended_support_cluster",
            (usd(6_000) - usd(1_000)) * HOURS,
            "its version is past standard support",
        ),
        nodes("wander", "wander", 2),
        Thing::of_arn("inference-endpoint", "sagemaker", "endpoint/recommender", "recommender")
            .hours(SAGEMAKER, "Host:ml.m5.large", usd(1_150), 1)
            .did(Metric::Operations, Shape::Always(0.0))
            .waste("idle_inference_endpoint", usd(1_150) * HOURS, "nobody calls it"),
        function.waste(
            "unused_provisioned_concurrency",
            // A twentieth of it is used; twice that stays ready.
            ready * kept * HOURS / whole(24) * Decimal::new(90, 2),
            "a twentieth of what is kept ready is used",
        ),
    ]
}
