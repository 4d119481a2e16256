"""Resources in the emulator for each check: what a runbook changes, what must be there afterwards, and after the rollback.

A case returns `Case(names, probe, after, back)`: `names` replaces names of the demo by those of the emulator, and `probe` returns the
state. `after` and `back` are written by hand, from what the title of the opportunity promises. A check without a case is held to the
models of the AWS CLI only.
"""

import io
import json
import zipfile

from runbook_caches import CACHES
from runbook_hosted import HOSTED
from runbook_managed import MANAGED
from runbook_messaging import MESSAGING
from runbook_networks import NETWORKS
from runbook_recycle import RECYCLED
from runbook_stores import STORES
from runbook_world import Case, exists, instance, states


def retype(new):
    def make(of, short):
        ec2, made = instance(of, "c4.2xlarge")
        ec2.modify_instance_attribute(InstanceId=made, EnaSupport={"Value": True})
        one = {"InstanceTypeOfferings": [{"InstanceType": new}]}
        ena = {"ec2.DescribeInstanceTypeOfferings": one}
        # moto does not report `EnaSupport`: another property that is true stands for it.
        names = {short: made, "].EnaSupport": "].SourceDestCheck"}
        return Case(names, lambda: states(ec2), [f"{new} running"], ["c4.2xlarge running"], answers=ena)

    return make


def idle_instance(of, short):
    ec2, made = instance(of, "m5.large")
    return Case({short: made}, lambda: states(ec2), [], ["m5.large running"], first=["m5.large stopped"])


def stopped_instance(of, short):
    ec2, made = instance(of, "m5.large")
    ec2.stop_instances(InstanceIds=[made])
    return Case({short: made}, lambda: states(ec2), [], ["m5.large running"])


def volume(**properties):
    def make(of):
        ec2 = of("ec2")
        return ec2, ec2.create_volume(AvailabilityZone="us-east-1a", Size=100, **properties)["VolumeId"]

    return make


def modified(before, after, back):
    """A change of a volume's type, IOPS, and throughput."""

    def make(of, short):
        ec2, made = volume(**before)(of)

        def probe():
            v = ec2.describe_volumes(VolumeIds=[made])["Volumes"][0]
            # In moto, a volume without a throughput of its own has that of its former type.
            return [v["VolumeType"], v.get("Iops"), v.get("Throughput") if v["VolumeType"] == "gp3" else None]

        return Case({short: made}, probe, after, back, answers={"ec2.DescribeVolumesModifications": {"VolumesModifications": []}})

    return make


FAST = {"VolumeType": "gp3", "Iops": 4000, "Throughput": 250}


def volumes(of):
    """Returns a function that returns the volumes of the size of the case, and the number of new snapshots."""
    ec2 = of("ec2")
    count = lambda: len(ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"])
    before = count()

    def probe():
        found = ec2.describe_volumes(Filters=[{"Name": "size", "Values": ["100"]}])["Volumes"]
        return [[[v["VolumeType"], v.get("Iops"), v.get("Throughput"), bool(v["Attachments"])] for v in found], count() - before]

    return probe


def unattached_volume(of, short):
    _, made = volume(**FAST)(of)
    return Case({short: made}, volumes(of), [[], 1], [[[*FAST.values(), False]], 1])


def idle_volume(of, short):
    ec2, made = volume(**FAST)(of)
    _, host = instance(of)
    ec2.attach_volume(VolumeId=made, InstanceId=host, Device="/dev/sdf")
    return Case({short: made}, volumes(of), [[], 1], [[[*FAST.values(), True]], 1], first=[[[*FAST.values(), False]], 0])


def idle_address(of, short):
    ec2 = of("ec2")
    made = ec2.allocate_address(Domain="vpc")
    found = lambda: exists(lambda: ec2.describe_addresses(PublicIps=[made["PublicIp"]])["Addresses"])
    return Case({short: made["AllocationId"]}, found, False, True)


def idle_nat_gateway(of, short):
    ec2 = of("ec2")
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    made = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]

    def probe():
        gateways = [g for g in ec2.describe_nat_gateways()["NatGateways"] if g["State"] == "available"]
        return [[g["NatGatewayAddresses"][0]["AllocationId"] == address for g in gateways], len(ec2.describe_addresses(AllocationIds=[address])["Addresses"])]

    def release(_):
        # In moto, a deleted gateway still uses its address.
        backend = of.backend("ec2")
        for gateway in backend.nat_gateways.values():
            eip = next(a for a in backend.addresses if a.allocation_id == address)
            if gateway.state == "deleted" and eip.association_id:
                backend.disassociate_address(association_id=eip.association_id)

    return Case({short: made}, probe, [[], 1], [[True], 1], answers={"ec2.CreateNatGateway": release})


def idle_vpc_endpoint(of, short):
    ec2 = of("ec2")
    subnet = ec2.describe_subnets()["Subnets"][0]
    service = "com.amazonaws.us-east-1.ssm"
    made = ec2.create_vpc_endpoint(VpcEndpointType="Interface", VpcId=subnet["VpcId"], ServiceName=service, SubnetIds=[subnet["SubnetId"]])
    gone = {"deleted", "deleting"}
    probe = lambda: [[e["ServiceName"], e["SubnetIds"] == [subnet["SubnetId"]]] for e in ec2.describe_vpc_endpoints()["VpcEndpoints"] if e["State"] not in gone]
    return Case({short: made["VpcEndpoint"]["VpcEndpointId"]}, probe, [], [[service, True]])


def idle_transit_attachment(of, short):
    ec2 = of("ec2")
    subnet = ec2.describe_subnets()["Subnets"][0]
    hub = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    table = ec2.create_transit_gateway_route_table(TransitGatewayId=hub)["TransitGatewayRouteTable"]["TransitGatewayRouteTableId"]
    made = ec2.create_transit_gateway_vpc_attachment(TransitGatewayId=hub, VpcId=subnet["VpcId"], SubnetIds=[subnet["SubnetId"]])
    made = made["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"]
    # moto does not list the tables of an attachment.
    tables = {made: [table]}

    def turn(on):
        def change(request):
            of_one = tables.setdefault(request["body"]["TransitGatewayAttachmentId"], [])
            if (request["body"]["TransitGatewayRouteTableId"] in of_one) == on:
                raise ValueError("TransitGatewayRouteTablePropagation.Duplicate")
            of_one[:] = [request["body"]["TransitGatewayRouteTableId"]] if on else []
            return {"Propagation": {}}

        return change

    def listed(request):
        found = tables.get(request["body"]["TransitGatewayAttachmentId"], [])
        return {"TransitGatewayAttachmentPropagations": [{"TransitGatewayRouteTableId": t, "State": "enabled"} for t in found]}

    def probe():
        found = ec2.describe_transit_gateway_vpc_attachments()["TransitGatewayVpcAttachments"]
        return [[a["VpcId"] == subnet["VpcId"], tables.get(a["TransitGatewayAttachmentId"]) == [table]] for a in found if a["State"] == "available"]

    answers = {
        "ec2.GetTransitGatewayAttachmentPropagations": listed,
        "ec2.DisableTransitGatewayRouteTablePropagation": turn(False),
        "ec2.EnableTransitGatewayRouteTablePropagation": turn(True),
    }
    return Case({short: made}, probe, [], [[True, True]], answers=answers, first=[[True, False]])


def idle_load_balancer(of, short):
    ec2, elb = of("ec2"), of("elbv2")
    subnets = [s["SubnetId"] for s in ec2.describe_subnets()["Subnets"][:2]]
    name = short.split("/")[2]
    arn = elb.create_load_balancer(Name=name, Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
    answer = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200", "ContentType": "text/plain"}}]
    elb.create_listener(LoadBalancerArn=arn, Protocol="HTTP", Port=80, DefaultActions=answer)
    elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[{"Key": "deletion_protection.enabled", "Value": "true"}])

    def probe():
        found = [b for b in elb.describe_load_balancers()["LoadBalancers"] if b["LoadBalancerName"] == name]
        return [[x["Port"] for x in elb.describe_listeners(LoadBalancerArn=b["LoadBalancerArn"])["Listeners"]] for b in found]

    return Case({short: arn}, probe, [], [[80]])


def idle_database(of, short):
    rds, name = of("rds"), short.split(":")[-1]
    rds.create_db_instance(DBInstanceIdentifier=name, DBInstanceClass="db.m5.large", Engine="mysql", AllocatedStorage=20, MasterUsername="u", MasterUserPassword="secret99", DeletionProtection=True)

    def probe():
        found = [d["DBInstanceClass"] for d in rds.describe_db_instances()["DBInstances"] if d["DBInstanceIdentifier"] == name]
        return [found, len([s for s in rds.describe_db_snapshots()["DBSnapshots"] if s["DBInstanceIdentifier"] == name and s["SnapshotType"] == "manual"])]

    return Case({}, probe, [[], 1], [["db.m5.large"], 1])


def oversized_database(of, short):
    rds, name = of("rds"), short.split(":")[-1]
    rds.create_db_instance(DBInstanceIdentifier=name, DBInstanceClass="db.r5.2xlarge", Engine="mysql", AllocatedStorage=20, MasterUsername="u", MasterUserPassword="secret99")
    probe = lambda: rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]["DBInstanceClass"]
    return Case({}, probe, "db.r5.xlarge", "db.r5.2xlarge")


def table(after):
    def make(of, short):
        dynamodb, name = of("dynamodb"), short
        dynamodb.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            ProvisionedThroughput={"ReadCapacityUnits": 2000, "WriteCapacityUnits": 500},
        )

        def probe():
            t = dynamodb.describe_table(TableName=name)["Table"]
            units = t["ProvisionedThroughput"]
            mode = t.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED")
            return [mode] if mode == "PAY_PER_REQUEST" else [mode, units["ReadCapacityUnits"], units["WriteCapacityUnits"]]

        return Case({}, probe, after, ["PROVISIONED", 2000, 500])

    return make


def bucket(rule):
    def make(of, short):
        s3, name = of("s3"), short
        if not exists(lambda: s3.head_bucket(Bucket=name), "404"):
            s3.create_bucket(Bucket=name)
        old = {"Rules": [{"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "x/"}, "Expiration": {"Days": 9}}]}
        s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration=old)
        probe = lambda: [r["ID"] for r in s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]]
        return Case({}, probe, ["old", rule], ["old"])

    return make


def unused_log_group(of, short):
    logs, s3, name = of("logs"), of("s3"), short.split("log-group:")[-1]
    logs.create_log_group(logGroupName=name)
    s3.create_bucket(Bucket="exports-of-logs")
    probe = lambda: [g["logGroupName"] for g in logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]]
    return Case({}, probe, [], [name], env={"BUCKET": "exports-of-logs"})


def log_retention(of, short):
    logs, name = of("logs"), short.split("log-group:")[-1]
    logs.create_log_group(logGroupName=name)
    probe = lambda: logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"][0].get("retentionInDays")
    return Case({}, probe, 90, None)


def unused_secret(of, short):
    secrets = of("secretsmanager")
    arn = secrets.create_secret(Name=short.split(":")[-1], SecretString="x")["ARN"]
    probe = lambda: "DeletedDate" in secrets.describe_secret(SecretId=arn)
    return Case({short: arn}, probe, True, False)


def idle_inference_endpoint(of, short):
    maker, name = of("sagemaker"), short
    role = "arn:aws:iam::666666666666:role/x"
    maker.create_model(ModelName="m", ExecutionRoleArn=role, PrimaryContainer={"Image": "1.dkr.ecr.us-east-1.amazonaws.com/i:1"})
    variant = {"VariantName": "a", "ModelName": "m", "InitialInstanceCount": 1, "InstanceType": "ml.m5.large"}
    maker.create_endpoint_config(EndpointConfigName="recommender-v3", ProductionVariants=[variant])
    maker.create_endpoint(EndpointName=name, EndpointConfigName="recommender-v3")
    def probe():
        if not exists(lambda: maker.describe_endpoint(EndpointName=name), "Could not find"):
            return None
        return maker.describe_endpoint(EndpointName=name)["EndpointConfigName"]
    return Case({}, probe, None, "recommender-v3")


def idle_warehouse(of, short):
    redshift, name = of("redshift"), short.split(":")[-1]
    redshift.create_cluster(ClusterIdentifier=name, NodeType="ra3.large", MasterUsername="u", MasterUserPassword="Secret99", NumberOfNodes=2)
    found = lambda: [[c["NodeType"], c["NumberOfNodes"]] for c in redshift.describe_clusters()["Clusters"] if c["ClusterIdentifier"] == name]
    return Case({}, found, [], [["ra3.large", 2]])


def idle_kubernetes_cluster(of, short):
    eks, name = of("eks"), short.split("/")[-1]
    role, network = "arn:aws:iam::666666666666:role/x", {"subnetIds": ["subnet-1"]}
    eks.create_cluster(name=name, roleArn=role, resourcesVpcConfig=network)
    eks.create_nodegroup(clusterName=name, nodegroupName="empty", subnets=["subnet-1"], nodeRole=role, scalingConfig={"minSize": 0, "maxSize": 1, "desiredSize": 0})
    eks.create_fargate_profile(clusterName=name, fargateProfileName="jobs", podExecutionRoleArn=role, selectors=[{"namespace": "jobs"}])
    return Case({}, lambda: eks.list_clusters()["clusters"], [], None)


def lambdas(of, name, **properties):
    functions, iam = of("lambda"), of("iam")
    if not exists(lambda: iam.get_role(RoleName="runs"), "NoSuchEntity"):
        iam.create_role(RoleName="runs", AssumeRolePolicyDocument="{}")
    arn = iam.get_role(RoleName="runs")["Role"]["Arn"]
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as z:
        z.writestr("m.py", "def f(a, b): pass")
    functions.create_function(FunctionName=name, Role=arn, Runtime="python3.12", Handler="m.f", Code={"ZipFile": data.getvalue()}, Publish=True, **properties)
    if not exists(lambda: of("s3").head_bucket(Bucket="code-packages"), "404"):
        of("s3").create_bucket(Bucket="code-packages")
    of("s3").put_object(Bucket="code-packages", Key="arm.zip", Body=data.getvalue())
    return functions


def oversized_function(of, short):
    name = short.split(":")[-1]
    functions = lambdas(of, name, MemorySize=2048)
    return Case({}, lambda: functions.get_function_configuration(FunctionName=name)["MemorySize"], 512, 2048)


def graviton_function(of, short):
    name = short.split(":")[-1]
    functions = lambdas(of, name)
    current = ["x86_64"]

    def update(request):
        current[:] = json.loads(request["body"])["Architectures"]

    # moto does not change the architecture.
    return Case({}, lambda: list(current), ["arm64"], ["x86_64"], env={"BUCKET": "code-packages", "KEY": "arm.zip"}, answers={"lambda.UpdateFunctionCode": update})


def stopped_database(of, short):
    case = idle_database(of, short)
    of("rds").stop_db_instance(DBInstanceIdentifier=short)
    return case


CASES = {
    **MANAGED,
    **RECYCLED,
    **HOSTED,
    **MESSAGING,
    **STORES,
    **CACHES,
    **NETWORKS,
    "amd_instance": MANAGED["oversized_scaling_group"],
    "previous_generation_instance": retype("c6a.2xlarge"),
    "idle_instance": idle_instance,
    "stopped_instance": stopped_instance,
    "gp2_volume": modified({"VolumeType": "gp2"}, ["gp3", 3600, 250], None),
    "magnetic_volume": modified({"VolumeType": "standard"}, ["gp3", None, None], None),
    "overprovisioned_iops": modified({"VolumeType": "gp3", "Iops": 12000, "Throughput": 125}, ["gp3", 3000, 125], ["gp3", 12000, 125]),
    "provisioned_iops_volume": modified({"VolumeType": "io1", "Iops": 4000}, ["gp3", 4000, 500], ["io1", 4000, None]),
    "unattached_volume": unattached_volume,
    "idle_volume": idle_volume,
    "idle_address": idle_address,
    "idle_nat_gateway": idle_nat_gateway,
    "idle_vpc_endpoint": idle_vpc_endpoint,
    "idle_transit_attachment": idle_transit_attachment,
    "idle_load_balancer": idle_load_balancer,
    "load_balancer_without_targets": idle_load_balancer,
    "idle_database": idle_database,
    "oversized_database": oversized_database,
    "stopped_database": stopped_database,
    "idle_table": table(["PAY_PER_REQUEST"]),
    "overprovisioned_table": table(["PROVISIONED", 300, 50]),
    "cold_bucket": bucket("to-standard-ia"),
    "standard_bucket": bucket("to-intelligent-tiering"),
    "noncurrent_versions": bucket("expire-old-versions"),
    "archivable_bucket": bucket("to-glacier-ir"),
    "incomplete_uploads": bucket("abort-incomplete-uploads"),
    "unused_log_group": unused_log_group,
    "log_retention": log_retention,
    "unused_secret": unused_secret,
    "idle_inference_endpoint": idle_inference_endpoint,
    "idle_warehouse": idle_warehouse,
    "idle_kubernetes_cluster": idle_kubernetes_cluster,
    "oversized_function": oversized_function,
    "graviton_function": graviton_function,
}
