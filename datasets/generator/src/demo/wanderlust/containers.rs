//! Containers, clusters, functions and models.

use rust_decimal::Decimal;
use serde_json::json;

use super::amounts::{usd, whole};
use super::services::{EKS, FARGATE, LAMBDA, SAGEMAKER};
use crate::demo::company::hex_id;
use crate::demo::thing::{HOURS, Metric, Shape, Thing};

/// Services on Fargate, whose tasks are billed.
pub(super) fn containers() -> Vec<Thing> {
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

/// Details of a cluster. The first is upgraded at the end of standard support, and is never billed
/// for more.
fn version(name: &str) -> serde_json::Value {
    match name {
        "staging" => json!({ "Version": "1.34", "SupportType": "STANDARD" }),
        _ => json!({ "Version": "1.32", "SupportType": "EXTENDED" }),
    }
}

pub(super) fn functions() -> Vec<Thing> {
    let cluster = |name: &'static str, meter: &str, price: Decimal| {
        let mut of = Thing::of_arn("eks-cluster", "eks", &format!("cluster/{name}"), name);
        of.details = version(name);
        of.hours(EKS, &format!("AmazonEKS-Hours:{meter}"), price, 1)
    };
    let nodes = |name: &'static str, cluster: &str, count: i64| {
        let mut of =
            Thing::of_arn("eks-node-group", "eks", &format!("nodegroup/{cluster}/{name}"), name);
        of.details = json!({ "Cluster": cluster, "DesiredSize": count });
        of
    };
    let ready = Decimal::new(41_667, 10);
    let provisioned = whole(2 * 86_400);
    let function = Thing::of_arn("function", "lambda", "function:checkout-old", "checkout-old")
        .a_day(LAMBDA, "Lambda-Provisioned-Concurrency", "seconds", (ready, provisioned))
        .a_day(
            LAMBDA,
            "Lambda-Provisioned-GB-Second",
            "seconds",
            (Decimal::new(97_222, 10), provisioned * Decimal::new(5, 2)),
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
            ready * provisioned * HOURS / whole(24) * Decimal::new(90, 2),
            "a twentieth of what is kept ready is used",
        ),
    ]
}
