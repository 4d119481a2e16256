//! Checks for networks: VPC, NAT gateways, and addresses.

mod address_of_stopped_instance;
mod cross_region_traffic;
mod cross_zone_traffic;
mod egress_without_cloudfront;
mod idle_address;
mod idle_client_vpn;
mod idle_nat_gateway;
mod idle_transit_attachment;
mod idle_vpc_endpoint;
mod idle_vpn_connection;
mod nat_traffic_to_endpoints;
mod replaceable_interface_endpoint;
mod replaceable_public_address;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[
    &idle_address::IdleAddress,
    &idle_nat_gateway::CHECK,
    &idle_vpc_endpoint::CHECK,
    &nat_traffic_to_endpoints::CHECK,
    &cross_zone_traffic::CHECK,
    &replaceable_public_address::CHECK,
    &idle_transit_attachment::CHECK,
    &address_of_stopped_instance::CHECK,
    &idle_client_vpn::CHECK,
    &idle_vpn_connection::CHECK,
    &cross_region_traffic::CrossRegionTraffic,
    &egress_without_cloudfront::EgressWithoutCloudfront,
    &replaceable_interface_endpoint::ReplaceableInterfaceEndpoint,
];
