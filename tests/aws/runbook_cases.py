"""Resources in the emulator for each check: what a runbook changes, what must be there afterwards, and after the rollback.

A case returns `Case(names, probe, after, back)`: `names` replaces names of the demo by those of the emulator, and `probe` returns the
state. `after` and `back` are written by hand, from what the title of the opportunity promises. A check without a case is held to the
models of the AWS CLI only.
"""

import dataclasses
import io
import json
import logging
import threading
import zipfile

import boto3
from moto.backends import get_backend
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

REGION = "us-east-1"


@dataclasses.dataclass
class Case:
    names: dict
    probe: callable
    after: object
    back: object
    env: dict = dataclasses.field(default_factory=dict)
    answers: dict = dataclasses.field(default_factory=dict)


class World:
    def __init__(self):
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.url, self.known, self.made = f"http://127.0.0.1:{server.server_port}", {}, {}

    def keys(self, account):
        if account not in self.known:
            sts = boto3.client("sts", endpoint_url=self.url, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test")
            keys = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/Owner", RoleSessionName="runbook")["Credentials"]
            self.known[account] = {
                "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
                "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
                "AWS_SESSION_TOKEN": keys["SessionToken"],
            }
        return self.known[account]

    def client(self, service, account):
        keys = {name.lower(): value for name, value in self.keys(account).items()}
        return boto3.client(service, endpoint_url=self.url, region_name=REGION, **keys)

    def case(self, check, account, short):
        make = CASES.get(check)
        return make(lambda service: self.client(service, account), short) if make else None


def exists(call, *faults):
    """Returns whether a call finds something."""
    try:
        return bool(call())
    except Exception as fault:
        if not any(word in str(fault) for word in ("NotFound", "does not exist", "not found", "not exist", *faults)):
            raise
        return False


def account_of(of):
    return of("sts").get_caller_identity()["Account"]


def instance(of, kind="c4.2xlarge"):
    ec2 = of("ec2")
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    made = ec2.run_instances(ImageId=image, InstanceType=kind, SubnetId=subnet, MinCount=1, MaxCount=1)
    return ec2, made["Instances"][0]["InstanceId"]


def states(ec2):
    all_ = [i for r in ec2.describe_instances()["Reservations"] for i in r["Instances"]]
    return sorted(f"{i['InstanceType']} {i['State']['Name']}" for i in all_ if i["State"]["Name"] != "terminated")


def own_account(case):
    """Makes a case see only its own resources: instances of earlier cases are terminated."""

    def make(of, short):
        ec2 = of("ec2")
        ids = [i["InstanceId"] for r in ec2.describe_instances()["Reservations"] for i in r["Instances"]]
        if ids:
            ec2.terminate_instances(InstanceIds=ids)
        return case(of, short)

    return make


def retype(new):
    @own_account
    def make(of, short):
        ec2, made = instance(of, "c4.2xlarge")
        ec2.modify_instance_attribute(InstanceId=made, EnaSupport={"Value": True})
        one = {"InstanceTypeOfferings": [{"InstanceType": new}]}
        ena = {"ec2.DescribeInstanceTypeOfferings": one}
        # moto does not report `EnaSupport`: another property that is true stands for it.
        names = {short: made, "].EnaSupport": "].SourceDestCheck"}
        return Case(names, lambda: states(ec2), [f"{new} running"], ["c4.2xlarge running"], answers=ena)

    return make


@own_account
def idle_instance(of, short):
    ec2, made = instance(of, "m5.large")
    return Case({short: made}, lambda: states(ec2), [], ["m5.large running"])


@own_account
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
            return [v["VolumeType"], v.get("Iops"), v.get("Throughput")]

        return Case({short: made}, probe, after, back, answers={"ec2.DescribeVolumesModifications": {"VolumesModifications": []}})

    return make


def volumes(ec2, size=100):
    found = ec2.describe_volumes(Filters=[{"Name": "size", "Values": [str(size)]}])["Volumes"]
    return [len(found), len(ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"])]


def unattached_volume(of, short):
    ec2, made = volume(VolumeType="gp2")(of)
    count, snapshots = volumes(ec2)
    return Case({short: made}, lambda: volumes(ec2), [count - 1, snapshots + 1], [count, snapshots + 1])


@own_account
def idle_volume(of, short):
    ec2, made = volume(VolumeType="gp2")(of)
    _, host = instance(of)
    ec2.attach_volume(VolumeId=made, InstanceId=host, Device="/dev/sdf")
    count, snapshots = volumes(ec2)

    def attached():
        found = ec2.describe_volumes(Filters=[{"Name": "attachment.instance-id", "Values": [host]}])["Volumes"]
        return volumes(ec2) + [len([v for v in found if v["Size"] == 100])]

    return Case({short: made}, attached, [count - 1, snapshots + 1, 0], [count, snapshots + 1, 1])


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
        backend = get_backend("ec2")[account_of(of)][REGION]
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
    made = ec2.create_transit_gateway_vpc_attachment(TransitGatewayId=hub, VpcId=subnet["VpcId"], SubnetIds=[subnet["SubnetId"]])
    probe = lambda: [a["VpcId"] == subnet["VpcId"] for a in ec2.describe_transit_gateway_vpc_attachments()["TransitGatewayVpcAttachments"] if a["State"] == "available"]
    return Case({short: made["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"]}, probe, [], [True])


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


def unused_image(of, short):
    ec2, host = instance(of)
    made = ec2.create_image(InstanceId=host, Name=f"of {host}")["ImageId"]
    probe = lambda: len(ec2.describe_images(ImageIds=[made])["Images"]) if exists(lambda: ec2.describe_images(ImageIds=[made]), "InvalidAMIID") else 0
    snapshot = ec2.describe_images(ImageIds=[made])["Images"][0]["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
    return Case({short: made, "snap-43dd3dbc857b48343": snapshot}, probe, 0, None, answers={"ec2.DisableImage": {}, "ec2.EnableImage": {}})


def orphaned_snapshot(of, short):
    ec2, made = volume(VolumeType="gp2")(of)
    snapshot = ec2.create_snapshot(VolumeId=made)["SnapshotId"]
    probe = lambda: exists(lambda: ec2.describe_snapshots(SnapshotIds=[snapshot])["Snapshots"])
    return Case({short: snapshot}, probe, False, None)


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


def idle_cache(of, short):
    cache, name = of("elasticache"), short.split(":")[-1]
    cache.create_cache_cluster(CacheClusterId=name, CacheNodeType="cache.m5.large", Engine="redis", EngineVersion="6.2", NumCacheNodes=1)
    found = lambda: [c["CacheNodeType"] for c in cache.describe_cache_clusters()["CacheClusters"] if c["CacheClusterId"] == name]

    def finish(_):
        # In moto, a cluster is being deleted forever.
        clusters = get_backend("elasticache")[account_of(of)][REGION].cache_clusters
        for gone in [n for n, c in clusters.items() if c.cache_cluster_status == "deleting"]:
            del clusters[gone]

    answers = {"elasticache.DescribeCacheClusters": finish, "elasticache.CreateSnapshot": {"Snapshot": {}}, "elasticache.DescribeSnapshots": {"Snapshots": [{"SnapshotStatus": "available"}]}}
    return Case({}, found, [], ["cache.m5.large"], answers=answers)


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


def off_hours(stop, start):
    def make(of, short):
        scheduler = of("scheduler")
        group = scheduler.list_schedules
        probe = lambda: sorted([scheduler.get_schedule(Name=s["Name"])["ScheduleExpression"], s["Target"]["Arn"].split(":")[-1]] for s in group()["Schedules"])
        role = "arn:aws:iam::666666666666:role/scheduler"
        return Case({}, probe, sorted([stop, start]), [], env={"ROLE_ARN": role})

    return make


def database(before, probe, after, back, **env):
    """A change of a database instance."""

    def make(of, short):
        rds, name = of("rds"), short
        rds.create_db_instance(DBInstanceIdentifier=name, DBInstanceClass="db.m5.large", Engine="mysql", MasterUsername="u", MasterUserPassword="secret99", **before)
        one = lambda: rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]
        return Case({}, lambda: probe(one()), after, back, env=env)

    return make


def stopped_database(of, short):
    case = idle_database(of, short)
    of("rds").stop_db_instance(DBInstanceIdentifier=short)
    return case


def cluster(name, engine, before, probe, after, back, changed=None, **env):
    """A change of a cluster with an instance."""

    def make(of, short):
        rds = of("rds")
        rds.create_db_cluster(DBClusterIdentifier=name, Engine=engine, MasterUsername="u", MasterUserPassword="secret99", **before)
        rds.create_db_instance(DBInstanceIdentifier=f"{name}-1", DBClusterIdentifier=name, DBInstanceClass="db.r6g.large", Engine=engine)
        if changed:
            rds.modify_db_cluster(DBClusterIdentifier=name, **changed)
        # moto names automated snapshots after the minute: a restore in the same minute would fail.
        for snapshot in rds.describe_db_cluster_snapshots(DBClusterIdentifier=name)["DBClusterSnapshots"]:
            rds.delete_db_cluster_snapshot(DBClusterSnapshotIdentifier=snapshot["DBClusterSnapshotIdentifier"])

        def state():
            if not exists(lambda: rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"]):
                return None
            return probe(rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0])

        return Case({}, state, after, back, env=env)

    return make


def capacity(cluster):
    scaling = cluster["ServerlessV2ScalingConfiguration"]
    return [scaling["MinCapacity"], scaling["MaxCapacity"]]


def domain(new):
    """A change of a search domain: the type of its nodes, and of their volumes."""

    def make(of, short):
        search, name = of("opensearch"), short
        old = "m4.large.search" if name == "catalog" else "m5.large.search"
        exists(lambda: search.delete_domain(DomainName=name))
        search.create_domain(DomainName=name, EngineVersion="OpenSearch_2.11", ClusterConfig={"InstanceType": old, "InstanceCount": 2}, EBSOptions={"EBSEnabled": True, "VolumeType": "gp2", "VolumeSize": 100})

        def probe():
            status = search.describe_domain(DomainName=name)["DomainStatus"]
            return [status["ClusterConfig"]["InstanceType"], status["EBSOptions"]["VolumeType"], status["EBSOptions"]["VolumeSize"]]

        before = [old, "gp2", 100]
        after = [new or old, "gp2" if new else "gp3", 100]
        return Case({}, probe, after, before, answers={"opensearch.DescribeInstanceTypeLimits": {"LimitsByRole": {}}})

    return make


def idle_memory_database(of, short):
    memory, name = of("memorydb"), short
    memory.create_cluster(ClusterName=name, NodeType="db.t4g.small", ACLName="open-access")
    found = lambda: [c["NodeType"] for c in memory.describe_clusters()["Clusters"] if c["Name"] == name]
    return Case({}, found, [], ["db.t4g.small"])


def unused_key(of, short):
    kms = of("kms")
    made = kms.create_key()["KeyMetadata"]["KeyId"]
    return Case({short: made}, lambda: kms.describe_key(KeyId=made)["KeyMetadata"]["KeyState"], "PendingDeletion", "Enabled")


def idle_stream_consumer(of, short):
    kinesis = of("kinesis")
    kinesis.create_stream(StreamName=short, ShardCount=1)
    arn = kinesis.describe_stream_summary(StreamName=short)["StreamDescriptionSummary"]["StreamARN"]
    for name in ("archive", "search"):
        kinesis.register_stream_consumer(StreamARN=arn, ConsumerName=name)
    probe = lambda: sorted(c["ConsumerName"] for c in kinesis.list_stream_consumers(StreamARN=arn)["Consumers"])
    return Case({}, probe, [], ["archive", "search"])


def always_on_studio_app(of, short):
    app = {"DomainId": "d-0a1b2c3d4e5f", "SpaceName": "ines", "AppType": "JupyterLab", "AppName": short}
    app["ResourceSpec"] = {"InstanceType": "ml.t3.medium"}
    apps = [app]
    answers = {
        "sagemaker.ListApps": lambda _: {"Apps": list(apps)},
        "sagemaker.DeleteApp": lambda _: apps.clear() or {},
        "sagemaker.CreateApp": lambda _: apps.append(app) or {"AppArn": "arn"},
    }
    return Case({}, lambda: [a["SpaceName"] for a in apps], [], ["ines"], answers=answers)


def busy_autostop_workspace(of, short):
    of_workspace = {"RunningMode": "AUTO_STOP", "RunningModeAutoStopTimeoutInMinutes": 60}
    other = {"AUTO_STOP": "ALWAYS_ON", "ALWAYS_ON": "AUTO_STOP"}
    answers = {
        "workspaces.DescribeWorkspaces": lambda _: {"Workspaces": [{"WorkspaceId": short, "WorkspaceProperties": of_workspace}]},
        "workspaces.ModifyWorkspaceProperties": lambda _: of_workspace.update(RunningMode=other[of_workspace["RunningMode"]]) or {},
    }
    return Case({}, lambda: of_workspace["RunningMode"], "ALWAYS_ON", "AUTO_STOP", answers=answers)


def always_on_development_endpoint(of, short):
    glue = of("glue")
    glue.create_dev_endpoint(EndpointName=short, RoleArn="arn:aws:iam::666666666666:role/x", NumberOfNodes=2)
    return Case({}, lambda: [e["EndpointName"] for e in glue.get_dev_endpoints()["DevEndpoints"]], [], [short])


def second_trail(of, short):
    trails = of("cloudtrail")
    of("s3").create_bucket(Bucket="audit-of-trails")
    for name in ("organization", "audit-old"):
        trails.create_trail(Name=name, S3BucketName="audit-of-trails")
        trails.start_logging(Name=name)
    env = {"TRAIL": trails.get_trail(Name="audit-old")["Trail"]["TrailARN"]}
    return Case({}, lambda: trails.get_trail_status(Name="audit-old")["IsLogging"], False, True, env=env)


def continuous_recording(of, short):
    recorder = {"name": "default", "roleARN": "arn:aws:iam::666666666666:role/x", "recordingGroup": {"allSupported": True}}
    modes = ["CONTINUOUS"]
    answers = {
        "config.DescribeConfigurationRecorders": lambda _: {"ConfigurationRecorders": [recorder]},
        "config.PutConfigurationRecorder": lambda _: (modes.reverse() if len(modes) > 1 else modes.insert(0, "DAILY")) or {},
    }
    return Case({}, lambda: modes[0], "DAILY", "CONTINUOUS", answers=answers)


def lasting_replication_instance(of, short):
    dms = of("dms")
    made = dms.create_replication_instance(ReplicationInstanceIdentifier="crm-move", ReplicationInstanceClass="dms.t3.medium")
    arn = made["ReplicationInstance"]["ReplicationInstanceArn"]
    probe = lambda: [i["ReplicationInstanceIdentifier"] for i in dms.describe_replication_instances()["ReplicationInstances"]]
    return Case({f"arn:aws:dms:us-east-1:666666666666:rep:{short}": arn}, probe, [], ["crm-move"])


@own_account
def surplus_credits_instance(of, short):
    ec2, made = instance(of, "t3.large")
    one = {"InstanceTypeOfferings": [{"InstanceType": "m6a.large"}]}
    answers = {"ec2.DescribeInstanceTypeOfferings": one}
    return Case({short: made}, lambda: states(ec2), ["m6a.large running"], ["t3.large running"], answers=answers)


def idle_vpn_connection(of, short):
    ec2 = of("ec2")
    device = ec2.create_customer_gateway(Type="ipsec.1", PublicIp="203.0.113.7", BgpAsn=65000)["CustomerGateway"]["CustomerGatewayId"]
    gateway = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    made = ec2.create_vpn_connection(Type="ipsec.1", CustomerGatewayId=device, VpnGatewayId=gateway)["VpnConnection"]["VpnConnectionId"]
    probe = lambda: [c["CustomerGatewayId"] == device for c in ec2.describe_vpn_connections()["VpnConnections"] if c["State"] not in ("deleted", "deleting")]
    return Case({short: made}, probe, [], [True])


def idle_file_system(of, short):
    fsx, ec2 = of("fsx"), of("ec2")
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    made = fsx.create_file_system(FileSystemType="WINDOWS", StorageCapacity=32, SubnetIds=[subnet], WindowsConfiguration={"ThroughputCapacity": 8})
    probe = lambda: len(fsx.describe_file_systems()["FileSystems"])
    answers = {"fsx.DescribeBackups": {"Backups": [{"Lifecycle": "AVAILABLE"}]}, "fsx.CreateFileSystemFromBackup": {"FileSystem": {}}}
    return Case({short: made["FileSystem"]["FileSystemId"]}, probe, 0, None, answers=answers)


def unused_commitment(of, short):
    listings = []
    answers = {
        "ec2.DescribeReservedInstances": {"ReservedInstances": [{"ReservedInstancesId": short}]},
        "ec2.CreateReservedInstancesListing": lambda _: listings.append("active") or {"ReservedInstancesListings": [{"ReservedInstancesListingId": "l-1"}]},
        "ec2.CancelReservedInstancesListing": lambda _: listings.clear() or {"ReservedInstancesListings": []},
    }
    return Case({}, lambda: list(listings), ["active"], [], env={"COUNT": "1", "PRICE": "300", "MONTHS": "3"}, answers=answers)


def orphaned_database_backup(of, short):
    rds = of("rds")
    rds.create_db_instance(DBInstanceIdentifier=short, DBInstanceClass="db.m5.large", Engine="mysql", MasterUsername="u", MasterUserPassword="secret99", AllocatedStorage=20)
    for name in ("a", "b"):
        rds.create_db_snapshot(DBInstanceIdentifier=short, DBSnapshotIdentifier=f"{short}-{name}")
    rds.delete_db_instance(DBInstanceIdentifier=short, SkipFinalSnapshot=True)
    probe = lambda: len(rds.describe_db_snapshots(DBInstanceIdentifier=short, SnapshotType="manual")["DBSnapshots"])
    return Case({}, probe, 0, None, env={"APPROVED": "yes"})


CASES = {
    "amd_instance": retype("c6a.2xlarge"),
    "previous_generation_instance": retype("c6a.2xlarge"),
    "idle_instance": idle_instance,
    "stopped_instance": stopped_instance,
    "gp2_volume": modified({"VolumeType": "gp2"}, ["gp3", 3600, 250], None),
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
    "provisioned_iops_database": database({"AllocatedStorage": 500, "StorageType": "io1", "Iops": 4000}, lambda d: [d["StorageType"], d["Iops"]], ["gp3", 12000], ["io1", 4000]),
    "multi_az_test_database": database({"AllocatedStorage": 20, "MultiAZ": True}, lambda d: d["MultiAZ"], False, True),
    "orphaned_database_backup": orphaned_database_backup,
    "io_heavy_cluster": cluster("events", "aurora-mysql", {}, lambda c: c["StorageType"], "aurora-iopt1", "aurora", {"StorageType": "aurora"}),
    "io_light_cluster": cluster("audit", "aurora-mysql", {}, lambda c: c["StorageType"], "aurora", "aurora-iopt1", {"StorageType": "aurora-iopt1"}),
    "high_serverless_minimum": cluster("quotes", "aurora-postgresql", {"ServerlessV2ScalingConfiguration": {"MinCapacity": 8, "MaxCapacity": 32}}, capacity, [2.5, 32.0], [8.0, 32.0]),
    # moto has no DocumentDB and restores no Neptune: a cluster of another engine with the same API stands for them.
    "idle_document_database": cluster("cms", "aurora-mysql", {"DeletionProtection": True}, lambda c: [c["Engine"], len(c["DBClusterMembers"])], None, ["aurora-mysql", 1]),
    "idle_graph_database": cluster("friends", "aurora-mysql", {"DeletionProtection": True}, lambda c: [c["Engine"], len(c["DBClusterMembers"])], None, ["aurora-mysql", 1]),
    "extended_support_document_database": cluster("menus", "aurora-mysql", {}, lambda c: c["EngineVersion"], "5.0.0", None, VERSION="5.0.0", GROUP="default.docdb5.0"),
    "idle_memory_database": idle_memory_database,
    "graviton_search_domain": domain("m6g.large.search"),
    "previous_generation_search_domain": domain("m5.large.search"),
    "gp2_search_storage": domain(None),
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
    "unused_image": unused_image,
    "orphaned_snapshot": orphaned_snapshot,
    "idle_inference_endpoint": idle_inference_endpoint,
    "idle_cache": idle_cache,
    "idle_warehouse": idle_warehouse,
    "idle_kubernetes_cluster": idle_kubernetes_cluster,
    "oversized_function": oversized_function,
    "graviton_function": graviton_function,
    "unused_key": unused_key,
    "idle_stream_consumer": idle_stream_consumer,
    "always_on_studio_app": always_on_studio_app,
    "busy_autostop_workspace": busy_autostop_workspace,
    "always_on_development_endpoint": always_on_development_endpoint,
    "second_trail": second_trail,
    "continuous_recording": continuous_recording,
    "lasting_replication_instance": lasting_replication_instance,
    "surplus_credits_instance": surplus_credits_instance,
    "idle_vpn_connection": idle_vpn_connection,
    "idle_file_system": idle_file_system,
    "unused_commitment": unused_commitment,
}
