"""Cases of runbooks that change settings, networks, groups, and managed services.

Where moto lacks a call, a small answer changes the same state that the probe reads. It refuses what AWS would refuse.
"""

import json
import re

from runbook_world import REGION, Case, image, instance, states


def types(title):
    """Returns the old and the new type that a title names."""
    return re.search(r"(?:from )?(\S+) to (\S+)", title).groups()


def sent(request):
    """Returns the parameters of a request in JSON."""
    return json.loads(request["body"])


# Networks.


def idle_web_acl(of, short):
    waf, name = of("wafv2"), "forum-acl"
    seen = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "m"}
    rate = {"Name": "rate", "Priority": 1, "Statement": {"RateBasedStatement": {"Limit": 500, "AggregateKeyType": "IP"}}, "Action": {"Block": {}}, "VisibilityConfig": seen}
    made = waf.create_web_acl(Name=name, Scope="REGIONAL", DefaultAction={"Allow": {}}, VisibilityConfig=seen, Rules=[rate])["Summary"]["Id"]

    def probe():
        found = [a for a in waf.list_web_acls(Scope="REGIONAL")["WebACLs"] if a["Name"] == name]
        return [[r["Name"] for r in waf.get_web_acl(Name=name, Id=a["Id"], Scope="REGIONAL")["WebACL"]["Rules"]] for a in found]

    return Case({short: made}, probe, [], [["rate"]])


def idle_client_vpn(of, short):
    networks, routes = {"cvpn-assoc-1": "subnet-1", "cvpn-assoc-2": "subnet-2"}, [("10.1.0.0/16", "subnet-1")]

    def disassociate(request):
        subnet = networks.pop(request["body"]["AssociationId"])
        routes[:] = [r for r in routes if r[1] != subnet]
        return {}

    def associate(request):
        networks[f"cvpn-assoc-{len(networks) + 3}"] = request["body"]["SubnetId"]
        return {}

    def add(request):
        if request["body"]["TargetVpcSubnetId"] not in networks.values():
            raise ValueError("InvalidClientVpnAssociation")
        routes.append((request["body"]["DestinationCidrBlock"], request["body"]["TargetVpcSubnetId"]))
        return {}

    answers = {
        "ec2.DescribeClientVpnTargetNetworks": lambda _: {
            "ClientVpnTargetNetworks": [{"AssociationId": a, "TargetNetworkId": s, "Status": {"Code": "associated"}} for a, s in networks.items()]
        },
        "ec2.DescribeClientVpnRoutes": lambda _: {"Routes": [{"DestinationCidr": c, "TargetSubnet": s, "Origin": "add-route"} for c, s in routes]},
        "ec2.DisassociateClientVpnTargetNetwork": disassociate,
        "ec2.AssociateClientVpnTargetNetwork": associate,
        "ec2.CreateClientVpnRoute": add,
    }
    before = [["subnet-1", "subnet-2"], ["10.1.0.0/16"]]
    return Case({}, lambda: [sorted(networks.values()), [c for c, _ in routes]], [[], []], before, answers=answers)


def replaceable_interface_endpoint(of, short):
    ec2, service = of("ec2"), "com.amazonaws.us-east-1.s3"
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/24")["Subnet"]["SubnetId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    tables = [t["RouteTableId"] for t in ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]]
    other = next(t for t in tables if t != table)
    made = ec2.create_vpc_endpoint(VpcEndpointType="Interface", VpcId=vpc, ServiceName=service, SubnetIds=[subnet])["VpcEndpoint"]["VpcEndpointId"]

    def probe():
        found = ec2.describe_vpc_endpoints(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["VpcEndpoints"]
        found = [e for e in found if e["State"] not in {"deleted", "deleting"}]
        dns = lambda e: e.get("PrivateDnsEnabled") if e["VpcEndpointType"] == "Interface" else None
        return [[e["VpcEndpointType"], len(e["RouteTableIds"]) if e["VpcEndpointType"] == "Gateway" else None, e.get("SubnetIds") == [subnet], dns(e)] for e in found]

    endpoint = of.backend("ec2").vpc_end_points[made]
    endpoint.private_dns_enabled = True

    def modify(request):
        # moto does not change private DNS, which must be off before the endpoint goes, and adds no routes to tables that come later.
        backend = of.backend("ec2")
        if added := request["body"].get("AddRouteTableId.1"):
            gateway = backend.vpc_end_points[request["body"]["VpcEndpointId"]]
            backend.create_route(added, None, gateway_id=gateway.id, destination_prefix_list_id=gateway.destination_prefix_list_id)
        if "PrivateDnsEnabled" not in request["body"]:
            return
        endpoint.private_dns_enabled = str(request["body"]["PrivateDnsEnabled"]).lower() == "true"

    def delete(request):
        if request["body"].get("VpcEndpointId.1") == made and endpoint.private_dns_enabled:
            raise ValueError("names still resolve to the interface endpoint")

    names = {short: made, "--vpc-id vpc-wanderlust": f"--vpc-id {vpc}", "Values=vpc-wanderlust": f"Values={vpc}"}
    answers = {"ec2.ModifyVpcEndpoint": modify, "ec2.DeleteVpcEndpoints": delete}
    with_gateway = lambda dns, *all_: [["Interface", None, True, dns], ["Gateway", len(all_), False, None]]
    # Private DNS stays on while a route table is missing; the missing ones are added by a later run.
    earlier = [({"TABLES": ""}, "set it to the route tables", [["Interface", None, True, True]]), ({"TABLES": table}, other, with_gateway(True, table))]
    return Case(
        names,
        probe,
        [["Gateway", len(tables), False, None]],
        [["Interface", None, True, True]],
        env={"TABLES": f"{table} {other}"},
        answers=answers,
        first=with_gateway(False, table, other),
        earlier=earlier,
    )


def idle_network_firewall(of, short):
    wall = of("network-firewall")
    policy = f"arn:aws:network-firewall:{REGION}:{of.account}:firewall-policy/p"
    wall.create_firewall(FirewallName=short, FirewallPolicyArn=policy, VpcId="vpc-1", SubnetMappings=[{"SubnetId": "subnet-1"}], DeleteProtection=True)
    all_ = of.backend("network-firewall").firewalls
    find = lambda request: next(f for f in all_.values() if f.firewall_name == sent(request)["FirewallName"])

    def unprotect(request):
        find(request).delete_protection = sent(request)["DeleteProtection"]
        return {}

    def delete(request):
        if find(request).delete_protection:
            raise ValueError("InvalidOperationException: delete protection")
        del all_[find(request).arn]
        return {}

    answers = {"network-firewall.UpdateFirewallDeleteProtection": unprotect, "network-firewall.DeleteFirewall": delete}
    probe = lambda: [[f.firewall_name, f.vpc_id, f.subnet_mappings] for f in all_.values() if f.firewall_name == short]
    return Case({}, probe, [], [[short, "vpc-1", [{"SubnetId": "subnet-1"}]]], answers=answers)


def idle_transfer_server(of, short):
    transfer = of("transfer")
    made = transfer.create_server(Protocols=["SFTP"], IdentityProviderType="SERVICE_MANAGED", EndpointType="PUBLIC", Domain="S3")["ServerId"]
    role = f"arn:aws:iam::{of.account}:role/files"
    transfer.create_user(ServerId=made, UserName="partner", Role=role, HomeDirectory="/bucket/partner")

    def probe():
        servers = of.backend("transfer").servers.values()
        return [[s.protocols, [[u.user_name, u.home_directory] for u in s._users]] for s in servers]

    # moto has no list of users.
    users = {"transfer.ListUsers": {"ServerId": made, "Users": [{"Arn": "a", "UserName": "partner"}]}, "transfer.StopServer": {}, "transfer.StartServer": {}}
    return Case({short: made}, probe, [], [[["SFTP"], [["partner", "/bucket/partner"]]]], answers=users)


# Schedules.


def schedules(of, input_):
    """Returns when a schedule calls what, and whether it does so for the resource."""
    scheduler = of("scheduler")
    found = [scheduler.get_schedule(Name=s["Name"]) for s in scheduler.list_schedules()["Schedules"]]
    return sorted([s["ScheduleExpression"], s["Target"]["Arn"].split(":aws-sdk:")[-1], json.loads(s["Target"]["Input"]) == input_] for s in found)


def role(of):
    return {"ROLE_ARN": f"arn:aws:iam::{of.account}:role/scheduler"}


def of_hours(of, short):
    """Returns the expressions of the title `… only Mon to Fri 07–19 UTC`."""
    first, last = re.search(r"only Mon to Fri (\d+)–(\d+) UTC$", of.title).groups()
    return [f"cron(0 {int(hour)} ? * MON,TUE,WED,THU,FRI *)" for hour in (first, last)]


def off_hours_instance(of, short):
    ec2, made = instance(of, "m5.large")
    start, stop = of_hours(of, short)
    after = sorted([[stop, "ec2:stopInstances", True], [start, "ec2:startInstances", True]])
    probe = lambda: [schedules(of, {"InstanceIds": [made]}), states(ec2)]
    return Case({short: made}, probe, [after, ["m5.large running"]], [[], ["m5.large running"]], env=role(of))


def off_hours_database(of, short):
    rds = of("rds")
    rds.create_db_instance(DBInstanceIdentifier=short, DBInstanceClass="db.m5.large", Engine="mysql", AllocatedStorage=20, MasterUsername="u", MasterUserPassword="secret99")
    rds.stop_db_instance(DBInstanceIdentifier=short)
    start, stop = of_hours(of, short)
    after = sorted([[stop, "rds:stopDBInstance", True], [start, "rds:startDBInstance", True]])
    probe = lambda: [schedules(of, {"DbInstanceIdentifier": short}), rds.describe_db_instances(DBInstanceIdentifier=short)["DBInstances"][0]["DBInstanceStatus"]]
    return Case({}, probe, [after, "stopped"], [[], "available"], env=role(of))


def always_on_notebook(of, short):
    maker = of("sagemaker")
    maker.create_notebook_instance(NotebookInstanceName=short, InstanceType="ml.t3.medium", RoleArn=role(of)["ROLE_ARN"])
    maker.stop_notebook_instance(NotebookInstanceName=short)
    after = [["cron(0 19 * * ? *)", "sagemaker:stopNotebookInstance", True]]
    probe = lambda: [schedules(of, {"NotebookInstanceName": short}), maker.describe_notebook_instance(NotebookInstanceName=short)["NotebookInstanceStatus"]]
    # The schedule has stopped it.
    return Case({}, probe, [after, "Stopped"], [[], "InService"], env=role(of) | {"HOUR": "19"})


# Machines and groups.


def rebuilt(of, short):
    """A machine that is built anew, because its image has another architecture."""
    old, new = types(of.title)
    ec2, made = instance(of, old)
    env = {"IMAGE": image(of, "arm64"), "TRAFFIC_MOVED": "yes", "TRAFFIC_BACK": "yes"}
    after, back = [f"{old} stopped", f"{new} running"], [f"{old} running", f"{new} stopped"]
    return Case({short: made}, lambda: states(ec2), sorted(after), sorted(back), env=env)


def spot_candidate(of, short):
    groups, template = of("autoscaling"), group_of(of, short, "m6i.large")
    backend = of.backend("autoscaling").autoscaling_groups

    def update(request):
        # In moto, a policy stays when a launch template replaces it.
        body = request["body"]
        if any(key.startswith("LaunchTemplate.") or key == "LaunchTemplate" for key in body):
            backend[short].mixed_instances_policy = None

    def probe():
        group = groups.describe_auto_scaling_groups(AutoScalingGroupNames=[short])["AutoScalingGroups"][0]
        policy = group.get("MixedInstancesPolicy")
        if not policy:
            return [group["LaunchTemplate"]["LaunchTemplateId"] == template, group["LaunchTemplate"]["Version"]]
        spec = policy["LaunchTemplate"]["LaunchTemplateSpecification"]
        return [spec["LaunchTemplateId"] == template, 100 - policy["InstancesDistribution"]["OnDemandPercentageAboveBaseCapacity"]]

    share = int(re.search(r"Run (\d+) %", of.title)[1])
    return Case({}, probe, [True, share], [True, "1"], answers={"autoscaling.UpdateAutoScalingGroup": update})


def group_of(of, name, kind):
    """A group with a launch template. Returns the template, and the versions that refreshes have started with."""
    ec2 = of("ec2")
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    data = {"ImageId": image(of), "InstanceType": kind}
    template = ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData=data)["LaunchTemplate"]["LaunchTemplateId"]
    named = {"LaunchTemplateId": template, "Version": "1"}
    of("autoscaling").create_auto_scaling_group(AutoScalingGroupName=name, MinSize=0, MaxSize=0, VPCZoneIdentifier=subnet, LaunchTemplate=named)
    return template


def template_type(of, template, version):
    found = of("ec2").describe_launch_template_versions(LaunchTemplateId=template, Versions=[version])
    return found["LaunchTemplateVersions"][0]["LaunchTemplateData"]["InstanceType"]


def oversized_scaling_group(of, short):
    old, new = types(of.title)
    template, versions = group_of(of, short, old), ["1"]

    def refresh(request):
        body = request["body"]
        start = "DesiredConfiguration.LaunchTemplate."
        if body[f"{start}LaunchTemplateId"] != template or body.get("Preferences.MinHealthyPercentage") != 90:
            raise ValueError(f"ValidationError: {body}")
        versions.append(body[f"{start}Version"])
        return {"InstanceRefreshId": "r"}

    # The type of the current version, and how many refreshes there were.
    probe = lambda: [template_type(of, template, versions[-1]), len(versions) - 1]
    return Case({}, probe, [new, 1], [old, 2], env={"IMAGE": image(of, "arm64")}, answers={"autoscaling.StartInstanceRefresh": refresh})


def node_group(has_template):
    """A node group with a launch template of its own gets a new version of it. Any other is replaced."""

    def make(of, short):
        eks = of("eks")
        old, new = types(of.title)
        arn = f"arn:aws:iam::{of.account}:role/x"
        eks.create_cluster(name="shop", roleArn=arn, resourcesVpcConfig={"subnetIds": ["subnet-1"]})
        more, versions = {"instanceTypes": [old], "amiType": "AL2023_x86_64_STANDARD"}, ["1"]
        if has_template:
            template = group_of(of, short, old)
            more = {"launchTemplate": {"id": template, "version": "1"}}
        size = {"minSize": 1, "maxSize": 3, "desiredSize": 2}
        eks.create_nodegroup(clusterName="shop", nodegroupName="workers", subnets=["subnet-1"], nodeRole=arn, scalingConfig=size, **more)

        def update(request):
            versions.append(sent(request)["launchTemplate"]["version"])
            return {"update": {"id": "u"}}

        def probe():
            if has_template:
                return [template_type(of, template, versions[-1]), size]
            all_ = [eks.describe_nodegroup(clusterName="shop", nodegroupName=n)["nodegroup"] for n in eks.list_nodegroups(clusterName="shop")["nodegroups"]]
            return [[*n["instanceTypes"], n["scalingConfig"]] for n in all_]

        after, back = ([new, size], [old, size]) if has_template else ([[new, size]], [[old, size]])
        return Case({}, probe, after, back, answers={"eks.UpdateNodegroupVersion": update})

    return make


def unused_capacity_reservation(of, short):
    reservations = {short: {"InstanceType": "m5.large", "InstancePlatform": "Linux/UNIX", "AvailabilityZone": "us-east-1a", "TotalInstanceCount": 2}}

    def cancel(request):
        del reservations[request["body"]["CapacityReservationId"]]
        return {"Return": True}

    def create(request):
        body = request["body"]
        same = {key: body[key] for key in ("InstanceType", "InstancePlatform", "AvailabilityZone")}
        reservations["cr-again"] = same | {"TotalInstanceCount": int(body["InstanceCount"])}
        return {"CapacityReservation": {}}

    described = lambda request: {
        "CapacityReservations": [
            r | {"InstanceMatchCriteria": "open", "Tenancy": "default", "EbsOptimized": False} for n, r in reservations.items() if n in request["body"].values()
        ]
    }
    answers = {"ec2.DescribeCapacityReservations": described, "ec2.CancelCapacityReservation": cancel, "ec2.CreateCapacityReservation": create}
    before = [dict(reservations[short])]
    return Case({}, lambda: list(reservations.values()), [], before, answers=answers)


def capacity_reservation_used_in_part(of, short):
    count = {"total": 3, "used": 2}

    def modify(request):
        if request["body"]["CapacityReservationId"] != short or int(request["body"]["InstanceCount"]) < count["used"]:
            raise ValueError("InvalidParameterValue")
        count["total"] = int(request["body"]["InstanceCount"])
        return {"Return": True}

    described = lambda _: {"CapacityReservations": [{"TotalInstanceCount": count["total"], "AvailableInstanceCount": count["total"] - count["used"]}]}
    answers = {"ec2.DescribeCapacityReservations": described, "ec2.ModifyCapacityReservation": modify}
    return Case({}, lambda: count["total"], 2, 3, answers=answers)


def oversized_service(of, short):
    ecs = of("ecs")
    ecs.create_cluster(clusterName="wander")
    web = [{"name": "web", "image": "i", "essential": True}]
    old = ecs.register_task_definition(family="wander", cpu="2048", memory="8192", networkMode="awsvpc", requiresCompatibilities=["FARGATE"], containerDefinitions=web)
    old = old["taskDefinition"]["taskDefinitionArn"]
    ecs.create_service(cluster="wander", serviceName="api", taskDefinition=old, desiredCount=0)

    def probe():
        now = ecs.describe_services(cluster="wander", services=["api"])["services"][0]["taskDefinition"]
        task = ecs.describe_task_definition(taskDefinition=now)["taskDefinition"]
        return [task["cpu"], task["memory"], len(ecs.list_task_definitions(familyPrefix="wander")["taskDefinitionArns"])]

    vcpu, gb = re.search(r"with (\d+) vCPU, (\d+) GB", of.title).groups()
    return Case({"wander:7": old.split("/")[-1]}, probe, [str(int(vcpu) * 1024), str(int(gb) * 1024), 2], ["2048", "8192", 2])


# Disks.


def oversized_volume(of, short):
    ec2, host = instance(of)
    zone = ec2.describe_instances(InstanceIds=[host])["Reservations"][0]["Instances"][0]["Placement"]["AvailabilityZone"]
    old, new = (int(gb) for gb in re.search(r"from (\d+) to (\d+) GB", of.title).groups())
    made = ec2.create_volume(AvailabilityZone=zone, Size=old, VolumeType="gp3")["VolumeId"]
    ec2.attach_volume(VolumeId=made, InstanceId=host, Device="/dev/sdf")
    mine = lambda: {v["VolumeId"] for v in ec2.describe_volumes()["Volumes"]}
    others = mine() - {made}

    def probe():
        found = [v for v in ec2.describe_volumes()["Volumes"] if v["VolumeId"] not in others]
        return sorted([v["Size"], [a["InstanceId"] for a in v["Attachments"]] == [host]] for v in found)

    return Case({short: made}, probe, [[new, True], [old, True]], [[new, False], [old, True]])


def archivable_snapshot(of, short):
    ec2 = of("ec2")
    made = ec2.create_snapshot(VolumeId=ec2.create_volume(AvailabilityZone="us-east-1a", Size=300)["VolumeId"])["SnapshotId"]
    snapshot = of.backend("ec2").snapshots[made]

    def restore(request):
        if not request["body"].get("PermanentRestore") in {True, "true"}:
            raise ValueError("the restore is temporary")
        snapshot.storage_tier = "standard"
        return {}

    return Case({short: made}, lambda: snapshot.storage_tier, "archive", "standard", answers={"ec2.RestoreSnapshotTier": restore})


def file_system_without_lifecycle(of, short):
    efs = of("efs")
    made = efs.create_file_system(CreationToken="photos")["FileSystemId"]
    probe = lambda: efs.describe_lifecycle_configuration(FileSystemId=made)["LifecyclePolicies"]
    back = {"TransitionToPrimaryStorageClass": "AFTER_1_ACCESS"}
    return Case({short: made}, probe, [{"TransitionToIA": "AFTER_30_DAYS"}, back], [])


# Databases, caches, and streams.


def cache(of, short):
    elasticache = of("elasticache")
    old, new = types(of.title)
    elasticache.create_cache_cluster(CacheClusterId=short, CacheNodeType=old, Engine="redis", EngineVersion="6.2", NumCacheNodes=1)
    node = of.backend("elasticache").cache_clusters[short]

    def modify(request):
        if str(request["body"].get("ApplyImmediately")).lower() == "true":
            node.cache_node_type = request["body"]["CacheNodeType"]
        return {}

    allowed = {"elasticache.ListAllowedNodeTypeModifications": {"ScaleUpModifications": [new], "ScaleDownModifications": []}}
    return Case({}, lambda: node.cache_node_type, new, old, answers=allowed | {"elasticache.ModifyCacheCluster": modify})


def table_class(of, short):
    dynamodb = of("dynamodb")
    key = {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}], "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}]}
    dynamodb.create_table(TableName=short, BillingMode="PAY_PER_REQUEST", **key)
    tables = of.backend("dynamodb").tables
    current = ["STANDARD"]

    def update(request):
        # moto does not change the class.
        current[:] = [sent(request)["TableClass"]]
        return {"TableDescription": {"TableName": tables[short].name}}

    return Case({}, lambda: current[0], "STANDARD_INFREQUENT_ACCESS", "STANDARD", answers={"dynamodb.UpdateTable": update})


def blue_green(change):
    """A database that a blue/green deployment changes. `change` returns the case."""

    def make(of, short):
        rds = of("rds")
        rds.create_db_instance(
            DBInstanceIdentifier=short, DBInstanceClass="db.r5.2xlarge", Engine="mysql", EngineVersion="5.7.44", AllocatedStorage=1000, MasterUsername="u", MasterUserPassword="secret99"
        )
        return change(of, rds, short)

    return make


@blue_green
def extended_support_database(of, rds, short):
    probe = lambda: rds.describe_db_instances(DBInstanceIdentifier=short)["DBInstances"][0]["EngineVersion"]
    env = {"VERSION": "8.0.39", "GROUP": "default.mysql8.0", "TESTED": "yes"}
    return Case({}, probe, "8.0.39", None, env=env)


@blue_green
def overallocated_database_storage(of, rds, short):
    probe = lambda: rds.describe_db_instances(DBInstanceIdentifier=short)["DBInstances"][0]["AllocatedStorage"]
    new = int(re.search(r"to (\d+) GB", of.title)[1])
    return Case({}, probe, new, None, env={"TESTED": "yes"})


def database(of, short):
    """A change of a database's type in its next maintenance window, which in the emulator is now."""
    rds = of("rds")
    old, new = types(of.title)
    rds.create_db_instance(DBInstanceIdentifier=short, DBInstanceClass=old, Engine="mysql", EngineVersion="8.0.39", AllocatedStorage=20, MasterUsername="u", MasterUserPassword="secret99")
    offered = {"OrderableDBInstanceOptions": [{"DBInstanceClass": new, "AvailabilityZones": []}]}
    probe = lambda: rds.describe_db_instances(DBInstanceIdentifier=short)["DBInstances"][0]["DBInstanceClass"]
    return Case({}, probe, new, old, answers={"rds.DescribeOrderableDBInstanceOptions": offered})


def idle_stream(of, short):
    kinesis = of("kinesis")
    kinesis.create_stream(StreamName=short, ShardCount=3)
    probe = lambda: [kinesis.describe_stream_summary(StreamName=n)["StreamDescriptionSummary"]["OpenShardCount"] for n in kinesis.list_streams()["StreamNames"]]
    return Case({}, probe, [], [3])


def growing_image_repository(of, short):
    ecr, short = of("ecr"), of.subject.split(":repository/")[-1]
    ecr.create_repository(repositoryName=short)
    old = {"rules": [{"rulePriority": 9, "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 99}, "action": {"type": "expire"}}]}
    ecr.put_lifecycle_policy(repositoryName=short, lifecyclePolicyText=json.dumps(old))
    probe = lambda: [r["selection"]["tagStatus"] for r in json.loads(ecr.get_lifecycle_policy(repositoryName=short)["lifecyclePolicyText"])["rules"]]
    preview = {"ecr.StartLifecyclePolicyPreview": {}, "ecr.GetLifecyclePolicyPreview": {"status": "COMPLETE", "previewResults": []}}
    return Case({}, probe, ["untagged"], ["any"], answers=preview)


def log_class(of, short):
    logs, name = of("logs"), short.split("log-group:")[-1]
    logs.create_log_group(logGroupName=name)
    classes = {name: "STANDARD"}

    def create(request):
        # moto does not know the class.
        classes[sent(request)["logGroupName"]] = sent(request)["logGroupClass"]

    probe = lambda: [classes[g["logGroupName"]] for g in logs.describe_log_groups()["logGroups"]]
    return Case({}, probe, ["STANDARD", "INFREQUENT_ACCESS"], ["STANDARD"], answers={"logs.CreateLogGroup": create})


def fast_snapshot_restore(of, short):
    zones = {"us-east-1a": "enabled", "us-east-1b": "enabled", "us-east-1c": "disabled"}

    def set_(state):
        def change(request):
            for key, zone in request["body"].items():
                if key.startswith("AvailabilityZone."):
                    zones[zone] = state
            return {}

        return change

    answers = {
        "ec2.DescribeFastSnapshotRestores": lambda _: {"FastSnapshotRestores": [{"AvailabilityZone": z, "State": s} for z, s in zones.items()]},
        "ec2.DisableFastSnapshotRestores": set_("disabled"),
        "ec2.EnableFastSnapshotRestores": set_("enabled"),
    }
    on = lambda: [z for z, s in zones.items() if s == "enabled"]
    return Case({}, on, [], ["us-east-1a", "us-east-1b"], answers=answers)


def extended_stream_retention(of, short):
    kinesis = of("kinesis")
    kinesis.create_stream(StreamName=short, ShardCount=1)
    kinesis.increase_stream_retention_period(StreamName=short, RetentionPeriodHours=168)
    probe = lambda: kinesis.describe_stream_summary(StreamName=short)["StreamDescriptionSummary"]["RetentionPeriodHours"]
    return Case({}, probe, 24, 168)


def idle_search_domain(of, short):
    search = of("opensearch")
    allow = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "es:*"}]})
    search.create_domain(DomainName=short, EngineVersion="OpenSearch_2.11", AccessPolicies=allow)

    def probe():
        policy = lambda name: json.loads(search.describe_domain(DomainName=name)["DomainStatus"]["AccessPolicies"])
        return [[d["DomainName"], policy(d["DomainName"])["Statement"][0]["Effect"]] for d in search.list_domain_names()["DomainNames"]]

    return Case({}, probe, [], None, env={"SNAPSHOT_DONE": "yes"}, refusal="create a domain as in domain.json", first=[[short, "Deny"]])


def extended_support_cluster(of, short):
    """Two versions, one after the other: the add-on and the node group follow before the next one."""
    eks, role = of("eks"), f"arn:aws:iam::{of.account}:role/x"
    eks.create_cluster(name=short, version="1.32", roleArn=role, resourcesVpcConfig={"subnetIds": ["subnet-1"]})
    eks.create_nodegroup(clusterName=short, nodegroupName="workers", version="1.32", subnets=["subnet-1"], nodeRole=role, scalingConfig={"minSize": 1, "maxSize": 1, "desiredSize": 1})
    cluster, order = of.backend("eks").clusters[short], []
    group, addon = cluster.nodegroups["workers"], {"version": "v1.32"}

    def control_plane(request):
        new = sent(request)["version"]
        if int(new.split(".")[1]) != int(cluster.version.split(".")[1]) + 1:
            raise ValueError("Unsupported Kubernetes minor version update")
        if group.version != cluster.version or addon["version"] != f"v{cluster.version}":
            raise ValueError("the add-on or the node group has not followed")
        cluster.version = new
        order.append(new)
        return {"update": {"id": "u1", "status": "InProgress"}}

    def nodes(request):
        group.version = sent(request)["version"]
        return {"update": {"id": "u2"}}

    def add_on(request):
        addon["version"] = sent(request)["addonVersion"]
        return {"update": {"id": "u3"}}

    def versions(request):
        return {"addons": [{"addonName": "coredns", "addonVersions": [{"addonVersion": f"v{cluster.version}", "compatibilities": [{"defaultVersion": True}]}]}]}

    answers = {
        "eks.ListInsights": {"insights": []},
        "eks.ListAddons": {"addons": ["coredns"]},
        "eks.DescribeAddon": lambda _: {"addon": {"addonName": "coredns", "addonVersion": addon["version"], "status": "ACTIVE"}},
        "eks.DescribeAddonVersions": versions,
        "eks.UpdateAddon": add_on,
        "eks.UpdateClusterVersion": control_plane,
        "eks.UpdateNodegroupVersion": nodes,
        "eks.DescribeUpdate": {"update": {"status": "Successful"}},
    }
    probe = lambda: [cluster.version, group.version, addon["version"], len(order)]
    return Case({}, probe, ["1.34", "1.34", "v1.34", 2], None, env={"TARGET": "1.34"}, answers=answers)


def unused_provisioned_concurrency(of, short):
    arn = f"arn:aws:lambda:{REGION}:{of.account}:function:{short}"
    now = {"live": 10, "beta": 3}

    def put(request):
        now[request["query_string"]["Qualifier"]] = sent(request)["ProvisionedConcurrentExecutions"]
        return {}

    configs = lambda _: {
        "ProvisionedConcurrencyConfigs": [{"FunctionArn": f"{arn}:{q}", "RequestedProvisionedConcurrentExecutions": n} for q, n in now.items()]
    }
    answers = {"lambda.ListProvisionedConcurrencyConfigs": configs, "lambda.PutProvisionedConcurrencyConfig": put}
    # It is halved, rounded up.
    return Case({}, lambda: dict(now), {"live": 5, "beta": 2}, {"live": 10, "beta": 3}, answers=answers)


# Money and tags.


def uncovered_steady_usage(of, short):
    bought = []

    def buy(request):
        bought.append([request["body"]["ReservedInstancesOfferingId"], int(request["body"]["InstanceCount"])])
        return {"ReservedInstancesId": "r1"}

    offered = lambda request: {
        "ReservedInstancesOfferings": [{"ReservedInstancesOfferingId": f"for-{request['body']['InstanceType']}"}] if request["body"]["OfferingClass"] == "standard" else []
    }
    count, kind = re.search(r"Cover (\d+) steady (\S+)", of.title).groups()
    answers = {"ec2.DescribeReservedInstancesOfferings": offered, "ec2.PurchaseReservedInstancesOffering": buy}
    return Case({}, lambda: list(bought), [[f"for-{kind}", int(count)]], None, env={"APPROVED": "yes"}, answers=answers)


def untagged_spend(of, short):
    tags = {}

    def tag(request):
        for arn in sent(request)["ResourceARNList"]:
            tags[arn] = sent(request)["Tags"]
        return {"FailedResourcesMap": {}}

    def untag(request):
        for arn in sent(request)["ResourceARNList"]:
            for key in sent(request)["TagKeys"]:
                del tags[arn][key]
        return {"FailedResourcesMap": {}}

    probe = lambda: [bool(tags), all(f":{of.account}:" in arn for arn in tags), sorted({json.dumps(t) for t in tags.values()})]
    answers = {"resourcegroupstaggingapi.TagResources": tag, "resourcegroupstaggingapi.UntagResources": untag}
    key = re.search(r"with (\S+):", of.title)[1]
    return Case({}, probe, [True, True, [json.dumps({key: "shop"})]], [True, True, ["{}"]], env={"VALUE": "shop"}, answers=answers)


def oversized_cache(of, short):
    elasticache, name = of("elasticache"), of.title.split()[2]
    old, new = types(of.title)
    elasticache.create_replication_group(ReplicationGroupId=name, ReplicationGroupDescription="d", CacheNodeType=old, Engine="redis", NumCacheClusters=2)
    node = of.backend("elasticache").replication_groups[name]
    allowed = {"elasticache.ListAllowedNodeTypeModifications": {"ScaleUpModifications": [], "ScaleDownModifications": [new]}}
    return Case({}, lambda: node.cache_node_type, new, old, answers=allowed)


MANAGED = {
    "oversized_cache": oversized_cache,
    "idle_web_acl": idle_web_acl,
    "idle_client_vpn": idle_client_vpn,
    "replaceable_interface_endpoint": replaceable_interface_endpoint,
    "idle_network_firewall": idle_network_firewall,
    "idle_transfer_server": idle_transfer_server,
    "off_hours_instance": off_hours_instance,
    "off_hours_database": off_hours_database,
    "always_on_notebook": always_on_notebook,
    "graviton_instance": rebuilt,
    "oversized_instance": rebuilt,
    "spot_candidate": spot_candidate,
    "oversized_service": oversized_service,
    "oversized_volume": oversized_volume,
    "archivable_snapshot": archivable_snapshot,
    "file_system_without_lifecycle": file_system_without_lifecycle,
    "previous_generation_cache": cache,
    "graviton_cache": cache,
    "table_class": table_class,
    "oversized_scaling_group": oversized_scaling_group,
    "node_group": node_group(False),
    "node_group_with_template": node_group(True),
    "unused_capacity_reservation": unused_capacity_reservation,
    "capacity_reservation_used_in_part": capacity_reservation_used_in_part,
    "graviton_database": database,
    "surplus_credits_database": database,
    "previous_generation_database": database,
    "idle_stream": idle_stream,
    "growing_image_repository": growing_image_repository,
    "log_class": log_class,
    "fast_snapshot_restore": fast_snapshot_restore,
    "extended_support_database": extended_support_database,
    "overallocated_database_storage": overallocated_database_storage,
    "extended_stream_retention": extended_stream_retention,
    "idle_search_domain": idle_search_domain,
    "extended_support_cluster": extended_support_cluster,
    "unused_provisioned_concurrency": unused_provisioned_concurrency,
    "uncovered_steady_usage": uncovered_steady_usage,
    "untagged_spend": untagged_spend,
}
