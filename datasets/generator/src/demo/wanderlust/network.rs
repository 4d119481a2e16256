//! Load balancers, gateways, endpoints and attachments.

use serde_json::json;

use super::amounts::{usd, whole};
use super::services::{ELB, VPC};
use crate::demo::thing::{HOURS, Metric, Shape, Thing};

pub(super) fn network() -> Vec<Thing> {
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
