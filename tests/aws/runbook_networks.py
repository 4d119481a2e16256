"""Cases of runbooks that change traffic, addresses, and what watches instances."""

import re

from runbook_managed import group_of
from runbook_world import REGION, Case, instance


def address_of_stopped_instance(of, short):
    ec2, host = instance(of, "m5.large")
    ec2.stop_instances(InstanceIds=[host])
    made = ec2.allocate_address(Domain="vpc")
    ec2.associate_address(AllocationId=made["AllocationId"], InstanceId=host)
    # Whether the address is there, and belongs to the instance.
    probe = lambda: [a.get("InstanceId") == host for a in ec2.describe_addresses()["Addresses"] if a["PublicIp"] == made["PublicIp"]]
    return Case({short: made["AllocationId"]}, probe, [], [True])


def flow_logs(of, short):
    """Traffic is measured first: what is changed then is the owner's."""
    ec2 = of("ec2")
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    of("s3").create_bucket(Bucket="flows")
    probe = lambda: [[f["ResourceId"] == vpc, f["LogDestination"]] for f in ec2.describe_flow_logs()["FlowLogs"]]
    return Case({}, probe, [[True, "arn:aws:s3:::flows"]], [], env={"VPC": vpc, "BUCKET": "flows"})


def nat_traffic_to_endpoints(of, short):
    ec2 = of("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.8.1.0/24")["Subnet"]["SubnetId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    made = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
    tables = [ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"] for _ in range(2)]
    ec2.create_route(RouteTableId=tables[0], DestinationCidrBlock="0.0.0.0/0", NatGatewayId=made)

    def probe():
        found = ec2.describe_vpc_endpoints(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["VpcEndpoints"]
        return [[e["ServiceName"], e["RouteTableIds"] == tables[:1]] for e in found if e["State"] not in {"deleted", "deleting"}]

    return Case({short: made}, probe, [[f"com.amazonaws.{REGION}.s3", True]], [])


def replaceable_public_address(of, short):
    name = re.search(r"of group (\S+) without", of.title)[1]
    template, versions = group_of(of, name, "m5.large"), ["1"]
    bare = {"NetworkInterfaces": [{"DeviceIndex": 0, "AssociatePublicIpAddress": False}]}
    of("ec2").create_launch_template_version(LaunchTemplateId=template, SourceVersion="1", LaunchTemplateData=bare)

    def refresh(request):
        body, start = request["body"], "DesiredConfiguration.LaunchTemplate."
        if body[f"{start}LaunchTemplateId"] != template or body.get("Preferences.MinHealthyPercentage") != 90:
            raise ValueError(f"ValidationError: {body}")
        versions.append(body[f"{start}Version"])
        return {"InstanceRefreshId": "r"}

    answers = {"autoscaling.StartInstanceRefresh": refresh}
    return Case({}, lambda: versions[-1], "2", "1", env={"NEW_VERSION": "2"}, answers=answers)


def egress_without_cloudfront(of, short):
    front = of("cloudfront")
    of("s3").create_bucket(Bucket=short)

    def probe():
        found = front.list_distributions()["DistributionList"].get("Items", [])
        return [[d["Origins"]["Items"][0]["DomainName"], d["Enabled"]] for d in found]

    origin = f"{short}.s3.{REGION}.amazonaws.com"
    return Case({}, probe, [[origin, True]], [[origin, False]])


def detailed_monitoring(of, short):
    _, made = instance(of, "m5.large")
    states = {made: "enabled"}

    def turn(state):
        def change(request):
            states[request["body"]["InstanceId.1"]] = state
            return {"InstanceMonitorings": []}

        return change

    answers = {"ec2.UnmonitorInstances": turn("disabled"), "ec2.MonitorInstances": turn("enabled")}
    return Case({short: made}, lambda: states[made], "disabled", "enabled", answers=answers)


NETWORKS = {
    "address_of_stopped_instance": address_of_stopped_instance,
    "cross_region_traffic": flow_logs,
    "cross_zone_traffic": flow_logs,
    "nat_traffic_to_endpoints": nat_traffic_to_endpoints,
    "replaceable_public_address": replaceable_public_address,
    "egress_without_cloudfront": egress_without_cloudfront,
    "detailed_monitoring": detailed_monitoring,
}
