//! Elastic IP addresses, NAT gateways, VPC endpoints.

use cost_core::inventory::{Kind, Resource, detail};
use cost_provider_api::CallError;

use super::row::{Tagged, count, resource, tags};
use crate::connect::{At, client};
use crate::instant::day;
use crate::operation::{DESCRIBE_ADDRESSES, DESCRIBE_NAT_GATEWAYS, DESCRIBE_VPC_ENDPOINTS};

/// `State` is `in-use` or `idle`: associated or not. Details: `PublicIp`, `NetworkInterfaceId`.
pub(super) async fn addresses(at: At) -> Result<Vec<Resource>, CallError> {
    let ec2 = client!(aws_sdk_ec2, &at);
    let answer = at.place.call(DESCRIBE_ADDRESSES, || ec2.describe_addresses().send()).await?;
    let row = |a: aws_sdk_ec2::types::Address| {
        let some = |text: Option<String>| text.filter(|t| !t.is_empty());
        let attached_to = some(a.instance_id).or_else(|| some(a.network_interface_id.clone()));
        let used = some(a.association_id).is_some() || attached_to.is_some();
        let row = Resource {
            state: Some(if used { "in-use" } else { "idle" }.to_owned()),
            attached_to,
            ..resource(Kind::Address, a.allocation_id.or_else(|| a.public_ip.clone())?, &at)
        };
        let row = row
            .with(detail::PUBLIC_IP, a.public_ip)
            .with(detail::NETWORK_INTERFACE_ID, a.network_interface_id);
        Some(row.tagged(tags(a.tags)))
    };
    Ok(answer.addresses.unwrap_or_default().into_iter().filter_map(row).collect())
}

/// Details: `VpcId`, `SubnetId`, `ConnectivityType`.
pub(super) async fn nat_gateways(at: At) -> Result<Vec<Resource>, CallError> {
    let ec2 = client!(aws_sdk_ec2, &at);
    let make = |token| ec2.describe_nat_gateways().set_next_token(token).send();
    let all = at
        .place
        .pages(DESCRIBE_NAT_GATEWAYS, make, |p| (p.nat_gateways.unwrap_or_default(), p.next_token))
        .await?;
    let row = |n: aws_sdk_ec2::types::NatGateway| {
        let row = Resource {
            state: n.state.map(|s| s.as_str().to_owned()),
            created_on: day(n.create_time.as_ref()),
            ..resource(Kind::NatGateway, n.nat_gateway_id?, &at)
        };
        Some(
            row.with(detail::VPC_ID, n.vpc_id)
                .with(detail::SUBNET_ID, n.subnet_id)
                .with(detail::CONNECTIVITY_TYPE, n.connectivity_type.map(|c| c.as_str().to_owned()))
                .tagged(tags(n.tags)),
        )
    };
    Ok(all.into_iter().filter_map(row).collect())
}

/// Details: `EndpointType` (`Interface` and `GatewayLoadBalancer` are billed by the hour, `Gateway`
/// is free), `ServiceName`, `VpcId`, `Zones` (how many are billed for).
pub(super) async fn endpoints(at: At) -> Result<Vec<Resource>, CallError> {
    let ec2 = client!(aws_sdk_ec2, &at);
    let make = |token| ec2.describe_vpc_endpoints().set_next_token(token).send();
    let all = at
        .place
        .pages(DESCRIBE_VPC_ENDPOINTS, make, |p| {
            (p.vpc_endpoints.unwrap_or_default(), p.next_token)
        })
        .await?;
    let row = |e: aws_sdk_ec2::types::VpcEndpoint| {
        let zones = e.subnet_ids().len();
        let row = Resource {
            state: e.state.map(|s| s.as_str().to_owned()),
            created_on: day(e.creation_timestamp.as_ref()),
            ..resource(Kind::VpcEndpoint, e.vpc_endpoint_id?, &at)
        };
        Some(
            row.with(detail::ENDPOINT_TYPE, e.vpc_endpoint_type.map(|t| t.as_str().to_owned()))
                .with(detail::SERVICE_NAME, e.service_name)
                .with(detail::VPC_ID, e.vpc_id)
                .with(detail::ZONES, count(zones))
                .tagged(tags(e.tags)),
        )
    };
    Ok(all.into_iter().filter_map(row).collect())
}
