//! Managed services that are billed by the hour or by the event, and that somebody left on: keys,
//! trails, consumers, apps, desktops, endpoints, and connections.

use rust_decimal::Decimal;

use super::amounts::{usd, whole};
use super::services::{SAGEMAKER, VPC};
use crate::demo::company::date;
use crate::demo::thing::{HOURS, Metric, Service, Shape, Thing};

const KMS: Service = ("AWS Key Management Service", "Security", "Identity and Access Management");
const TRAILS: Service = ("AWS CloudTrail", "Management and Governance", "Compliance");
const CONFIG: Service = ("AWS Config", "Management and Governance", "Compliance");
const KINESIS: Service = ("Amazon Kinesis", "Analytics", "Streaming Analytics");
const WORKSPACES: Service = ("Amazon WorkSpaces", "Other", "Other (Other)");
const GLUE: Service = ("AWS Glue", "Analytics", "Data Processing");
const DMS: Service = ("AWS Database Migration Service", "Migration", "Data Migration");
const FSX: Service = ("Amazon FSx", "Storage", "File Storage");

/// Hours of October, the month under review.
const OCTOBER: i64 = 744;

/// All of them.
pub(super) fn hosted() -> Vec<Thing> {
    let mut all = governance();
    all.extend(people());
    all.extend(pipelines());
    all.extend(networks());
    all
}

/// Per month of 730 hours, what an amount of October costs.
fn of_october(amount: Decimal) -> Decimal {
    amount * HOURS / whole(OCTOBER)
}

/// Keys, trails, and recorders.
fn governance() -> Vec<Thing> {
    let key = |name: &'static str, id: &str| {
        let of = Thing::of_arn("key", "kms", &format!("key/{id}"), name);
        of.holds(KMS, "us-east-1-KMS-Keys", "Keys", (usd(10_000), whole(1)))
    };
    let trail = Thing::of_arn("trail", "cloudtrail", "trail/audit-old", "audit-old");
    let event = Decimal::new(2, 5);
    let recorder = Thing::of_arn("recorder", "config", "config-recorder/default", "default");
    vec![
        key("forum-key", "11111111-0000-4000-8000-000000000001").waste(
            "unused_key",
            usd(10_000),
            "the forum and its data are gone",
        ),
        key("shop-key", "11111111-0000-4000-8000-000000000002")
            .a_day(KMS, "us-east-1-KMS-Requests", "Requests", (Decimal::new(3, 6), whole(50_000)))
            .trap(&["unused_key"], "the shop encrypts with it"),
        trail.a_day(TRAILS, "PaidEventsRecorded", "Events", (event, whole(60_000))).waste(
            "second_trail",
            event * whole(60_000) * HOURS / whole(24),
            "the trail of the organization has the same events",
        ),
        recorder
            .a_day(CONFIG, "ConfigurationItemRecorded", "Items", (usd(30), whole(2_000)))
            .waste(
                "continuous_recording",
                // Network interfaces of short-lived tasks make up a third of the items.
                usd(30) * whole(2_000) * HOURS / whole(24) * Decimal::new(30, 2),
                "tasks that live for minutes, each with a network interface",
            ),
    ]
}

/// Desktops and notebooks of people.
fn people() -> Vec<Thing> {
    let app = |name: &'static str| {
        let resource = format!("app/d-0a1b2c3d4e5f/{name}/jupyterlab/{name}-lab");
        Thing::of_arn("studio-app", "sagemaker", &resource, name)
    };
    let desktop = |name: &'static str, id: &str, hours_a_day: i64| {
        let of = Thing::of_arn("workspace", "workspaces", &format!("workspace/{id}"), name);
        let hours = (usd(3_000), whole(hours_a_day));
        of.a_day(WORKSPACES, "AW-HW-2-AutoStop-Usage", "Hours", hours).holds(
            WORKSPACES,
            "AW-HW-2-AutoStop-User",
            "Months",
            (usd(97_500), whole(1)),
        )
    };
    let studio = "Studio:JupyterLab-ml.t3.medium";
    vec![
        app("ines").hours(SAGEMAKER, studio, usd(500), 1).waste(
            "always_on_studio_app",
            // Off at night, 12 hours a day.
            usd(500) * HOURS / whole(2),
            "closed in the browser in spring, and never stopped",
        ),
        app("omar")
            .a_day(SAGEMAKER, studio, "Hours", (usd(500), whole(9)))
            .trap(&["always_on_studio_app"], "it stops when it is idle: nine hours a day"),
        desktop("accounting", "ws-0a1b2c3d1", 6).waste(
            "busy_autostop_workspace",
            // September has 180 hours, and 85 cost as much as a month of AlwaysOn.
            of_october(usd(3_000) * whole(180 - 85)),
            "used all day, and billed by the hour",
        ),
        desktop("reception", "ws-0a1b2c3d2", 2)
            .trap(&["busy_autostop_workspace"], "used for two hours a day"),
    ]
}

/// Consumers, endpoints, and migrations.
fn pipelines() -> Vec<Thing> {
    let stream = |name: &'static str| {
        let of = Thing::of_arn("stream", "kinesis", &format!("stream/{name}"), name);
        of.hours(KINESIS, "EnhancedFanoutHour", usd(150), 2)
    };
    let replication = |name: &'static str, id: &str| {
        let of = Thing::of_arn("replication-instance", "dms", &format!("rep:{id}"), name);
        of.hours(DMS, "InstanceUsg:dms.t3.medium", usd(720), 1)
    };
    let mut young = replication("stock-move", "YOUNGMOVE");
    young.created = date(2026, 9, 15);
    let endpoint = Thing::of_arn("dev-endpoint", "glue", "devEndpoint/etl-lab", "etl-lab");
    vec![
        stream("ratings").waste(
            "idle_stream_consumer",
            usd(150) * whole(2) * HOURS,
            "its application was replaced and never started again",
        ),
        stream("offers")
            .a_day(KINESIS, "ReadBytes", "GB", (usd(130), whole(10)))
            .trap(&["idle_stream_consumer"], "its application reads all the time"),
        endpoint.hours(GLUE, "DEVED-DPU-Hour", usd(4_400), 2).waste(
            "always_on_development_endpoint",
            usd(4_400) * whole(2) * HOURS * Decimal::new(75, 2),
            "one notebook is opened on it, twice a week",
        ),
        replication("crm-move", "OLDMOVE").waste(
            "lasting_replication_instance",
            // The bill does not show whether a task runs: half of the cost.
            usd(720) * HOURS / whole(2),
            "the move of the CRM ended in spring",
        ),
        young.trap(&["lasting_replication_instance"], "the stock's database moves since September"),
    ]
}

/// Connections and file systems.
fn networks() -> Vec<Thing> {
    let connection = |name: &'static str, bytes: f64| {
        let of = Thing::of_ec2("vpn-connection", "vpn", "vpn-connection", name);
        of.hours(VPC, "VPN-Usage-Hours:ipsec.1", usd(500), 1)
            .did(Metric::Network, Shape::Around(bytes))
    };
    let share = |name: &'static str, id: &str, bytes: f64| {
        let of = Thing::of_arn("file-system", "fsx", &format!("file-system/{id}"), name);
        of.holds(FSX, "Storage-SSD:Windows", "GB-Mo", (usd(1_300), whole(200)))
            .did(Metric::Network, Shape::Around(bytes))
    };
    vec![
        connection("warehouse-vpn", 100_000.0).waste(
            "idle_vpn_connection",
            usd(500) * HOURS,
            "the warehouse was closed",
        ),
        connection("office-site-vpn", 400_000_000.0)
            .trap(&["idle_vpn_connection"], "the office works through it"),
        connection("airport-vpn", 100_000.0)
            .tagged("role", "standby")
            .trap(&["idle_vpn_connection"], "a standby: idle until the direct line fails"),
        share("finance-share", "fs-0f1e2d3c4b5a60001", 0.0).waste(
            "idle_file_system",
            // The final backup costs 0.05 USD per GB.
            (usd(1_300) - usd(500)) * whole(200),
            "its users work with the new share",
        ),
        share("design-share", "fs-0f1e2d3c4b5a60002", 900_000_000.0)
            .trap(&["idle_file_system"], "designers work with it"),
    ]
}
