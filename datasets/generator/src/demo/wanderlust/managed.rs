//! Managed services around the network, streams, and files: firewalls, VPN endpoints, file transfer,
//! web ACLs, streams, file systems, and table classes.

use rust_decimal::Decimal;
use serde_json::json;

use super::amounts::{usd, whole};
use super::services::{DYNAMO, VPC};
use crate::demo::thing::{HOURS, Service, Thing};

const FIREWALL: Service = ("AWS Network Firewall", "Security", "Threat Detection and Response");
const TRANSFER: Service = ("AWS Transfer Family", "Storage", "File Storage");
const WAF: Service = ("AWS WAF", "Security", "Threat Detection and Response");
const KINESIS: Service = ("Amazon Kinesis", "Analytics", "Streaming Analytics");
const EFS: Service = ("Amazon Elastic File System", "Storage", "File Storage");

/// Per month of 730 hours, what a day's amount costs.
fn per_month(a_day: Decimal) -> Decimal {
    a_day * HOURS / whole(24)
}

/// All of them.
pub(super) fn managed() -> Vec<Thing> {
    let mut all = endpoints();
    all.extend(transfers());
    all.extend(data());
    all
}

/// Endpoints and firewalls, each kind once without and once with traffic.
fn endpoints() -> Vec<Thing> {
    let vpn = |name: &'static str| {
        let part = "client-vpn-endpoint";
        let of = Thing::of_ec2(part, "cvpn-endpoint", part, name);
        of.hours(VPC, "ClientVPN-EndpointHours", usd(1_000), 2)
    };
    let firewall = |name: &'static str| {
        let resource = format!("firewall/{name}");
        let of = Thing::of_arn("network-firewall", "network-firewall", &resource, name);
        of.hours(FIREWALL, "Endpoint-Hour", usd(3_950), 1)
    };
    let mut to_s3 = Thing::of_ec2("vpc-endpoint", "vpce", "vpc-endpoint", "s3");
    to_s3.details = json!({
        "EndpointType": "Interface", "ServiceName": "com.amazonaws.us-east-1.s3", "VpcId": "vpc-wanderlust",
    });
    let bytes = (usd(100), whole(40));
    vec![
        vpn("forum-vpn").waste(
            "idle_client_vpn",
            usd(1_000) * whole(2) * HOURS,
            "the forum's team left, and nobody connects",
        ),
        vpn("office-vpn").a_day(VPC, "ClientVPN-ConnectionHours", "Hours", (usd(500), whole(40))),
        firewall("forum-firewall").waste(
            "idle_network_firewall",
            usd(3_950) * HOURS,
            "no route leads to it",
        ),
        firewall("shop-firewall").a_day(
            FIREWALL,
            "Traffic-GB-Processed",
            "GB",
            (usd(650), whole(20)),
        ),
        to_s3
            .hours(VPC, "VpcEndpoint-Hours", usd(100), 3)
            .a_day(VPC, "VpcEndpoint-Bytes", "GB", bytes)
            .waste(
                "replaceable_interface_endpoint",
                usd(100) * whole(3) * HOURS + per_month(bytes.0 * bytes.1),
                "only servers in the VPC use it, and a gateway endpoint is free",
            ),
    ]
}

/// File transfer servers and web ACLs, each kind once without and once with traffic.
fn transfers() -> Vec<Thing> {
    let server = |name: &'static str, id: &str| {
        let of = Thing::of_arn("transfer-server", "transfer", &format!("server/{id}"), name);
        of.hours(TRANSFER, "ProtocolHours", usd(3_000), 1)
    };
    let acl = |name: &'static str, id: &str| {
        let resource = format!("regional/webacl/{name}/{id}");
        let of = Thing::of_arn("web-acl", "wafv2", &resource, name);
        of.holds(WAF, "WebACLV2", "Month", (usd(50_000), whole(1)))
    };
    vec![
        server("partners-old", "s-0a1b2c3d4e5f60001").waste(
            "idle_transfer_server",
            usd(3_000) * HOURS,
            "its partners moved to the new server",
        ),
        server("partners", "s-0a1b2c3d4e5f60002").a_day(
            TRANSFER,
            "UploadBytes",
            "GB",
            (usd(400), whole(2)),
        ),
        acl("forum-acl", "11111111-aaaa").waste(
            "idle_web_acl",
            usd(50_000),
            "its load balancer was deleted",
        ),
        acl("shop-acl", "22222222-bbbb").a_day(
            WAF,
            "RequestV2-Tier1",
            "Request",
            (Decimal::new(6, 7), whole(400_000)),
        ),
    ]
}

/// Streams, file systems, and tables that store more, or more expensively, than needed.
fn data() -> Vec<Thing> {
    let files = |name: &'static str, id: &str, gb: i64| {
        let resource = format!("file-system/{id}");
        let of = Thing::of_arn("file-system", "elasticfilesystem", &resource, name);
        of.holds(EFS, "TimedStorage-ByteHrs", "GB-Mo", (usd(3_000), whole(gb)))
    };
    let stream = Thing::of_arn("stream", "kinesis", "stream/bookings", "bookings");
    let table = Thing::of_arn("table", "dynamodb", "table/history", "history");
    let writes = (Decimal::new(625, 9), whole(100_000));
    vec![
        stream
            .hours(KINESIS, "Storage-ShardHour", usd(150), 2)
            .hours(KINESIS, "Extended-ShardHour", usd(200), 2)
            .waste(
                "extended_stream_retention",
                usd(200) * whole(2) * HOURS,
                "its only reader is seconds behind, and all records are in a bucket too",
            ),
        files("photos", "fs-0a1b2c3d4e5f60001", 600).waste(
            "file_system_without_lifecycle",
            // Half of it is cold, and 90 % cheaper in Infrequent Access, less 3.7 % for reads.
            usd(3_000) * whole(600) * Decimal::new(45, 2) * Decimal::new(963, 3),
            "photos of past years that nobody opens",
        ),
        files("maps", "fs-0a1b2c3d4e5f60002", 150)
            .holds(EFS, "IATimedStorage-ByteHrs", "GB-Mo", (usd(250), whole(800)))
            .trap(
                &["file_system_without_lifecycle"],
                "lifecycle management is on: the cold files are in Infrequent Access",
            ),
        table
            .holds(DYNAMO, "TimedStorage-ByteHrs", "GB-Mo", (usd(2_500), whole(500)))
            .a_day(DYNAMO, "WriteRequestUnits", "WriteRequestUnits", writes)
            .waste(
                "table_class",
                // Storage 60 % cheaper, writes 25 % more expensive.
                usd(2_500) * whole(500) * Decimal::new(60, 2)
                    - per_month(writes.0 * writes.1) * Decimal::new(25, 2),
                "a history that is written once and hardly read",
            ),
    ]
}
