//! Clusters and brokers that carry messages, domain controllers, models, and bursts of databases.
//! Each kind once as waste, and once as what only looks like it.

use rust_decimal::Decimal;
use serde_json::json;

use super::amounts::{usd, whole};
use super::services::{RDS, S3};
use crate::demo::thing::{HOURS, Metric, Service, Shape, Thing};

const KAFKA: Service =
    ("Amazon Managed Streaming for Apache Kafka", "Analytics", "Streaming Analytics");
const MQ: Service = ("Amazon MQ", "Integration", "Messaging");
const DIRECTORY: Service = ("AWS Directory Service", "Security", "Identity and Access Management");
const BEDROCK: Service = ("Amazon Bedrock", "AI and Machine Learning", "Generative AI");

/// All of them.
pub(super) fn messaging() -> Vec<Thing> {
    let mut all = clusters();
    all.extend(serverless());
    all.extend(brokers());
    all.extend(bursting());
    all.extend(others());
    all
}

/// A cluster of MSK. Its ARN ends with an ID.
fn cluster(name: &'static str, id: &str) -> Thing {
    let resource = format!("cluster/{name}/0a1b2c3d-0000-4000-8000-00000000000{id}");
    Thing::of_arn("kafka-cluster", "kafka", &resource, name)
}

/// Clusters with brokers.
fn clusters() -> Vec<Thing> {
    let small = |name: &'static str, id: &str| {
        cluster(name, id).hours(KAFKA, "USE1-Kafka.t3.small", usd(456), 2).holds(
            KAFKA,
            "USE1-Kafka.Storage.GP2",
            "GB-Mo",
            (usd(1_000), whole(200)),
        )
    };
    let m5 = usd(2_100);
    vec![
        small("events-old", "1-1").did(Metric::Network, Shape::Around(20_000.0)).waste(
            "idle_kafka_cluster",
            usd(456) * whole(2) * HOURS + usd(1_000) * whole(200),
            "its producers moved to the new cluster",
        ),
        small("events-standby", "2-2")
            .did(Metric::Network, Shape::Around(20_000.0))
            .tagged("role", "standby")
            .trap(&["idle_kafka_cluster"], "a standby: idle until the first cluster fails"),
        cluster("events", "3-3")
            .hours(KAFKA, "USE1-Kafka.m5.large", m5, 3)
            .did(Metric::Network, Shape::Around(4_000_000_000.0))
            .waste(
                "graviton_kafka_cluster",
                // 0.204 USD instead of 0.21 USD.
                m5 * whole(3) * HOURS * Decimal::new(29, 3),
                "its brokers are M5, and M7g costs less",
            ),
        cluster("prices", "4-4")
            .hours(KAFKA, "USE1-Express.m7g.large", usd(4_080), 3)
            .did(Metric::Network, Shape::Around(6_000_000_000.0))
            .trap(
                &["graviton_kafka_cluster", "idle_kafka_cluster"],
                "Express brokers are on Graviton, and carry all prices",
            ),
    ]
}

/// Serverless clusters.
fn serverless() -> Vec<Thing> {
    let of = |name: &'static str, id: &str| {
        cluster(name, id).hours(KAFKA, "USE1-KafkaServerless-ClusterHours", usd(7_500), 1)
    };
    vec![
        of("search-trial", "5-s1").waste(
            "idle_serverless_kafka_cluster",
            usd(7_500) * HOURS,
            "the trial ended, and nobody deleted it",
        ),
        of("clicks", "6-s2")
            .a_day(KAFKA, "USE1-KafkaServerless-In-Bytes", "GB", (usd(1_000), whole(5)))
            .trap(&["idle_serverless_kafka_cluster"], "the website writes to it"),
    ]
}

/// Brokers of Amazon MQ.
fn brokers() -> Vec<Thing> {
    let broker = |name: &'static str, id: &str| {
        let resource = format!("broker:{name}:b-0a1b2c3d-0000-4000-8000-00000000000{id}");
        Thing::of_arn("broker", "mq", &resource, name)
    };
    let single = |name, id: &str| {
        broker(name, id).hours(MQ, "USE1-ActiveMQ-InstanceUsage:mq.t3.micro", usd(300), 1)
    };
    let rabbits = "USE1-RabbitMQ-3-InstanceUsage:mq.m5.large";
    vec![
        single("crm-bus", "1").did(Metric::Operations, Shape::Always(0.0)).waste(
            "idle_broker",
            usd(300) * HOURS,
            "the CRM that used it was replaced",
        ),
        single("orders-bus", "2")
            .did(Metric::Operations, Shape::Around(600.0))
            .trap(&["idle_broker"], "ten clients are connected to it"),
        broker("partners-bus-qa", "3")
            .tagged("env", "qa")
            .hours(MQ, rabbits, usd(8_640), 1)
            .did(Metric::Operations, Shape::Around(900.0))
            .waste(
                "multi_az_test_broker",
                usd(8_640) * HOURS * whole(2) / whole(3),
                "a cluster of three nodes for tests",
            ),
        broker("partners-bus", "4")
            .hours(MQ, "USE1-ActiveMQ-Multi-AZ-InstanceUsage:mq.t3.micro", usd(600), 1)
            .did(Metric::Operations, Shape::Around(1_200.0))
            .trap(&["multi_az_test_broker"], "for production"),
    ]
}

/// Burstable databases that pay for surplus CPU credits.
fn bursting() -> Vec<Thing> {
    let (now, then, credit) = (usd(2_720), usd(3_590), usd(750));
    let database = |name: &'static str, surplus: Decimal| {
        let mut of = Thing::of_arn("db-instance", "rds", &format!("db:{name}"), name);
        of.details = json!({ "Engine": "mysql", "EngineVersion": "8.4.6" });
        of.hours(RDS, "InstanceUsage:db.t3.xlarge", now, 1).a_day(
            RDS,
            "CPUCredits:db.t3",
            "vCPU-Hours",
            (credit, surplus * whole(24)),
        )
    };
    vec![
        // Two of its four vCPUs are above the baseline all day.
        database("timetable", whole(2)).waste(
            "surplus_credits_database",
            (credit * whole(2) - (then - now)) * HOURS,
            "full CPU costs less than the credits",
        ),
        database("weather", Decimal::new(5, 1)).trap(
            &["surplus_credits_database"],
            "its credits cost less than a class with full CPU",
        ),
    ]
}

/// Directories, models, and downloads.
fn others() -> Vec<Thing> {
    let directory = |name: &'static str, id: &str, controllers: u32| {
        let of = Thing::of_arn("directory", "ds", &format!("directory/{id}"), name);
        of.hours(DIRECTORY, "USE1-Std-MicrosoftAD-DC-Usage", usd(600), controllers)
    };
    let model = |name: &'static str, id: &str, hours: i64| {
        let of = Thing::of_arn("model", "bedrock", &format!("provisioned-model/{id}"), name);
        let usage = "USE1-Nova2.0Lite-ProvisionedThroughput-NoCommit-ModelUnits";
        of.a_day(BEDROCK, usage, "Hours", (usd(10_000), whole(hours)))
    };
    let name = "wanderlust-downloads";
    let billed_as = (format!("arn:aws:s3:::{name}"), "Bucket");
    let downloads = Thing::new("bucket", name, name.to_owned(), billed_as);
    vec![
        directory("corp", "d-0a1b2c3d4e", 3).waste(
            "extra_domain_controller",
            usd(600) * HOURS,
            "the third one was added for a migration of last year",
        ),
        directory("branch", "d-0a1b2c3d4f", 2)
            .trap(&["extra_domain_controller"], "two are the least that the service allows"),
        model("guide", "0a1b2c3d4e5f", 24).waste(
            "lasting_provisioned_throughput",
            // The bill does not show the calls: half of the cost.
            usd(10_000) * HOURS / whole(2),
            "a benchmark of the spring that nobody stopped",
        ),
        model("translator", "0a1b2c3d4e60", 2).trap(
            &["lasting_provisioned_throughput"],
            "created for two hours a day, and then deleted",
        ),
        downloads.a_day(S3, "DataTransfer-Out-Bytes", "GB", (usd(900), whole(20))).trap(
            &["egress_without_cloudfront"],
            "the shop's distribution uses all of what CloudFront serves free of charge",
        ),
    ]
}
