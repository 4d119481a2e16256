"""Creates a small organization in an AWS emulator and prints, as JSON, what a pull must find.

    world.py URL

There are three accounts: the paying one, and `shop` and `data`, which are accessed through a role. Cost Explorer has amounts for
September and October 2026.
"""

import datetime
import io
import json
import sys
import urllib.request
import zipfile

import boto3

URL = sys.argv[1]
REGION = "us-east-1"


def client(service, keys=("test", "test", None), region=REGION):
    key, secret, token = keys
    return boto3.client(
        service,
        endpoint_url=URL,
        region_name=region,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
    )


def member(account):
    role = f"arn:aws:iam::{account}:role/CostReader"
    keys = client("sts").assume_role(RoleArn=role, RoleSessionName="seed")["Credentials"]
    return keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"]


def tags(kind, **pairs):
    return [{"ResourceType": kind, "Tags": [{"Key": k, "Value": v} for k, v in pairs.items()]}]


found = []


def expect(kind, resource, account, region=REGION, **fields):
    found.append({"Kind": kind, "ResourceId": resource, "SubAccountId": account, "RegionId": region, **fields})


payer = client("sts").get_caller_identity()["Account"]
organisation = client("organizations")
organisation.create_organization(FeatureSet="ALL")
accounts = {}
for name in ("shop", "data"):
    made = organisation.create_account(Email=f"{name}@example.org", AccountName=name)["CreateAccountStatus"]
    accounts[name] = made["AccountId"]
shop, data = accounts["shop"], accounts["data"]

# The paying account: instances, volumes, an address, a load balancer.
ec2 = client("ec2")
image = ec2.describe_images()["Images"][0]["ImageId"]
machines = ec2.run_instances(
    ImageId=image,
    MinCount=2,
    MaxCount=2,
    InstanceType="m5.large",
    TagSpecifications=tags("instance", Name="web", team='=HYPERLINK("x")'),
)["Instances"]
for machine in machines:
    expect("instance", machine["InstanceId"], payer, InstanceType="m5.large", State="running", Name="web",
           Details={"ImageId": image, "Lifecycle": "on-demand", "Tenancy": "default"},
           Tags={"Name": "web", "team": '=HYPERLINK("x")'})
    for mapping in ec2.describe_instances(InstanceIds=[machine["InstanceId"]])["Reservations"][0]["Instances"][0]["BlockDeviceMappings"]:
        expect("volume", mapping["Ebs"]["VolumeId"], payer, State="in-use", AttachedTo=machine["InstanceId"])
ec2.stop_instances(InstanceIds=[machines[1]["InstanceId"]])
found[[f["ResourceId"] for f in found].index(machines[1]["InstanceId"])]["State"] = "stopped"
volume = ec2.create_volume(Size=100, VolumeType="gp3", AvailabilityZone="us-east-1a", Iops=4000, Throughput=250)
expect("volume", volume["VolumeId"], payer, State="available", VolumeType="gp3", SizeGb=100, Iops=4000, ThroughputMbps=250)
snapshot = ec2.create_snapshot(VolumeId=volume["VolumeId"], Description="before the move")
expect("snapshot", snapshot["SnapshotId"], payer, SizeGb=100, Details={"VolumeId": volume["VolumeId"], "Description": "before the move"})
address = ec2.allocate_address(Domain="vpc")
expect("address", address["AllocationId"], payer, State="idle", Details={"PublicIp": address["PublicIp"]})
used = ec2.allocate_address(Domain="vpc")
ec2.associate_address(AllocationId=used["AllocationId"], InstanceId=machines[0]["InstanceId"])
expect("address", used["AllocationId"], payer, State="in-use", AttachedTo=machines[0]["InstanceId"])
subnets = ec2.describe_subnets()["Subnets"]
gateway = ec2.create_nat_gateway(SubnetId=subnets[0]["SubnetId"], ConnectivityType="private")["NatGateway"]
expect("nat-gateway", gateway["NatGatewayId"], payer, State="available", Details={"SubnetId": subnets[0]["SubnetId"]})
elb = client("elbv2")
balancer = elb.create_load_balancer(Name="front", Subnets=[s["SubnetId"] for s in subnets[:2]])["LoadBalancers"][0]
group = elb.create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId=subnets[0]["VpcId"])["TargetGroups"][0]
elb.register_targets(TargetGroupArn=group["TargetGroupArn"], Targets=[{"Id": machines[0]["InstanceId"]}])
elb.create_listener(LoadBalancerArn=balancer["LoadBalancerArn"], Protocol="HTTP", Port=80,
                    DefaultActions=[{"Type": "forward", "TargetGroupArn": group["TargetGroupArn"]}])
expect("load-balancer", balancer["LoadBalancerArn"], payer, Name="front", Details={"Type": "application", "TargetGroups": 1, "Targets": 1})
classic = client("elb")
classic.create_load_balancer(LoadBalancerName="old", AvailabilityZones=["us-east-1a"],
                             Listeners=[{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}])
expect("classic-load-balancer", f"arn:aws:elasticloadbalancing:{REGION}:{payer}:loadbalancer/old", payer, Name="old", Details={"Targets": 0})
s3 = client("s3")
s3.create_bucket(Bucket="fernweh-assets")
s3.put_bucket_versioning(Bucket="fernweh-assets", VersioningConfiguration={"Status": "Enabled"})
expect("bucket", "fernweh-assets", payer, Details={"LifecycleRules": 0, "Versioning": "Enabled", "ExpiresNoncurrent": False, "AbortsUploads": False})
logs = client("logs")
logs.create_log_group(logGroupName="/app/web")
logs.put_retention_policy(logGroupName="/app/web", retentionInDays=30)
expect("log-group", f"arn:aws:logs:{REGION}:{payer}:log-group:/app/web", payer, Name="/app/web", Details={"RetentionDays": 30})

# Cluster instances, an image, a function, an endpoint.
made = ec2.create_image(InstanceId=machines[0]["InstanceId"], Name="web-golden")
expect("image", made["ImageId"], payer, Name="web-golden", State="available")
service = f"com.amazonaws.{REGION}.s3"
endpoint = ec2.create_vpc_endpoint(VpcId=subnets[0]["VpcId"], ServiceName=service, VpcEndpointType="Gateway")["VpcEndpoint"]
expect("vpc-endpoint", endpoint["VpcEndpointId"], payer, State="available", Details={"ServiceName": service, "EndpointType": "Gateway"})
trust = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]})
role = client("iam").create_role(RoleName="worker", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
archive = io.BytesIO()
with zipfile.ZipFile(archive, "w") as file:
    file.writestr("main.py", "def handler(event, context): return 1")
function = client("lambda").create_function(FunctionName="resize", Runtime="python3.13", Role=role, Handler="main.handler", MemorySize=512, Timeout=9,
                                            Architectures=["arm64"], Code={"ZipFile": archive.getvalue()})
expect("function", function["FunctionArn"], payer, Name="resize", Details={"MemoryMb": 512, "Runtime": "python3.13", "Architecture": "arm64", "TimeoutSeconds": 9})
# Describing tasks does not change their state.
still = json.dumps({"model_name": "ecs::task", "transition": {"progression": "manual", "times": 1_000_000}}).encode()
urllib.request.urlopen(urllib.request.Request(f"{URL}/moto-api/state-manager/set-transition", still, {"Content-Type": "application/json"}))
ecs = client("ecs")
ecs.create_cluster(clusterName="apps")
document = json.dumps({"instanceId": machines[0]["InstanceId"], "region": REGION, "accountId": payer, "imageId": image, "instanceType": "m5.large"})
node = ecs.register_container_instance(cluster="apps", instanceIdentityDocument=document)["containerInstance"]
expect("ecs-node", node["containerInstanceArn"], payer, AttachedTo=machines[0]["InstanceId"], State="ACTIVE", Details={"RunningTasks": 0})
definition = ecs.register_task_definition(family="shop", requiresCompatibilities=["FARGATE"], networkMode="awsvpc", cpu="1024", memory="4096",
                                          containerDefinitions=[{"name": "web", "image": "web", "cpu": 1024, "memory": 4096}])["taskDefinition"]["taskDefinitionArn"]
firewall = ec2.describe_security_groups()["SecurityGroups"][0]["GroupId"]
places = {"awsvpcConfiguration": {"subnets": [subnets[0]["SubnetId"]], "securityGroups": [firewall]}}
service = ecs.create_service(cluster="apps", serviceName="shop", taskDefinition=definition, desiredCount=1, launchType="FARGATE", networkConfiguration=places)["service"]
expect("ecs-service", service["serviceArn"], payer, Name="shop", Details={"TaskDefinition": definition, "CpuUnits": 1024, "MemoryMb": 4096, "DesiredTasks": 1})
for task in ecs.run_task(cluster="apps", taskDefinition=definition, count=1, launchType="FARGATE", group="service:shop", networkConfiguration=places)["tasks"]:
    expect("ecs-task", task["taskArn"], payer, AttachedTo=service["serviceArn"])
eks = client("eks")
network = {"subnetIds": [s["SubnetId"] for s in subnets[:2]]}
made = eks.create_cluster(name="shop", version="1.33", roleArn=role, resourcesVpcConfig=network)["cluster"]
expect("eks-cluster", made["arn"], payer, Name="shop", State="ACTIVE", Details={"Version": "1.33"})
group = eks.create_nodegroup(clusterName="shop", nodegroupName="spot", nodeRole=role, subnets=network["subnetIds"], instanceTypes=["m5.large", "m5a.large"],
                             capacityType="SPOT", scalingConfig={"minSize": 1, "maxSize": 5, "desiredSize": 2})["nodegroup"]
expect("eks-node-group", group["nodegroupArn"], payer, Name="spot", InstanceType="m5.large",
       Details={"Cluster": "shop", "CapacityType": "SPOT", "InstanceTypes": ["m5.large", "m5a.large"], "MinSize": 1, "MaxSize": 5, "DesiredSize": 2})

# shop: a database and a table, in two regions.
keys = member(shop)
rds = client("rds", keys)
made = rds.create_db_instance(DBInstanceIdentifier="orders", DBInstanceClass="db.m5.large", Engine="postgres", MultiAZ=True,
                              AllocatedStorage=50, StorageType="gp3", MasterUsername="a", MasterUserPassword="a" * 12,
                              BackupRetentionPeriod=7)["DBInstance"]
expect("db-instance", made["DBInstanceArn"], shop, InstanceType="db.m5.large", SizeGb=50, VolumeType="gp3", Name="orders",
       Details={"Engine": "postgres", "MultiAz": True, "BackupRetentionDays": 7, "EngineLifecycleSupport": "open-source-rds-extended-support-disabled"})
cluster = rds.create_db_cluster(DBClusterIdentifier="ledger", Engine="aurora-postgresql", MasterUsername="admin1", MasterUserPassword="a" * 12,
                                BackupRetentionPeriod=14, ServerlessV2ScalingConfiguration={"MinCapacity": 0.5, "MaxCapacity": 8})["DBCluster"]
expect("db-cluster", cluster["DBClusterArn"], shop, Name="ledger",
       Details={"Engine": "aurora-postgresql", "BackupRetentionDays": 14, "ClusterResourceId": cluster["DbClusterResourceId"], "MinCapacity": "0.5", "MaxCapacity": "8",
                "EngineLifecycleSupport": "open-source-rds-extended-support-disabled"})
table = client("dynamodb", keys, "eu-west-1").create_table(
    TableName="carts", BillingMode="PROVISIONED", ProvisionedThroughput={"ReadCapacityUnits": 20, "WriteCapacityUnits": 10},
    KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}], AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
)["TableDescription"]
expect("table", table["TableArn"], shop, "eu-west-1", Name="carts", State="ACTIVE",
       Details={"BillingMode": "PROVISIONED", "ReadCapacityUnits": 20, "WriteCapacityUnits": 10})

# data: an instance of another account, and a cache.
keys = member(data)
machine = client("ec2", keys, "eu-west-1").run_instances(ImageId=image, MinCount=1, MaxCount=1, InstanceType="r5.xlarge")["Instances"][0]
expect("instance", machine["InstanceId"], data, "eu-west-1", InstanceType="r5.xlarge", State="running")
cache = client("elasticache", keys).create_cache_cluster(CacheClusterId="sessions", CacheNodeType="cache.t3.micro", Engine="redis", NumCacheNodes=1)["CacheCluster"]
expect("cache-cluster", cache["ARN"], data, Name="sessions", InstanceType="cache.t3.micro", Details={"Engine": "redis", "Nodes": 1})

# Utilization on October 30 and 31: for each hour the values of its samples.
watch = client("cloudwatch")
hours = [datetime.datetime(2026, 10, 30, tzinfo=datetime.timezone.utc) + datetime.timedelta(hours=h) for h in range(48)]
measured = {}


def measure(namespace, metric, dimensions, values_of, watch=watch):
    dimensions = [{"Name": k, "Value": v} for k, v in dimensions.items()]
    data = [{"MetricName": metric, "Dimensions": dimensions, "Timestamp": hour + datetime.timedelta(minutes=5 * n), "Value": value}
            for number, hour in enumerate(hours) for n, value in enumerate(values_of(number))]
    for at in range(0, len(data), 100):
        watch.put_metric_data(Namespace=namespace, MetricData=data[at:at + 100])


def busy(resource, values_of):
    """Returns the expected hourly values of a resource."""
    for number, hour in enumerate(hours):
        measured[resource, hour] = {"ResourceId": resource, "Hour": hour.strftime("%Y-%m-%dT%H:%M:%SZ"), **values_of(number)}


# An instance, with its memory and its one disk as the agent reports them.
first = machines[0]["InstanceId"]
agent = {"ImageId": image, "InstanceId": first, "InstanceType": "m5.large"}
measure("AWS/EC2", "CPUUtilization", {"InstanceId": first}, lambda n: [n, n + 1.5, n + 3])
measure("AWS/EC2", "NetworkIn", {"InstanceId": first}, lambda n: [1000.0 * n])
measure("AWS/EC2", "NetworkOut", {"InstanceId": first}, lambda n: [1.0])
measure("CWAgent", "mem_used_percent", agent, lambda n: [40.0, 44.0])
busy(first, lambda n: {"CpuMeanPct": n + 1.5, "CpuMaxPct": n + 3.0, "MemoryMeanPct": 42.0, "MemoryMaxPct": 44.0, "NetworkBytes": 1000.0 * n + 1})
disk = next(f["ResourceId"] for f in found if f["Kind"] == "volume" and f.get("AttachedTo") == first)
measure("CWAgent", "disk_used_percent", agent | {"path": "/", "device": "nvme0n1p1", "fstype": "xfs"}, lambda n: [20.0, 21.0])
measure("CWAgent", "disk_used_percent", agent | {"path": "/dev/shm", "device": "tmpfs", "fstype": "tmpfs"}, lambda n: [0.0])
busy(disk, lambda n: {"StorageUsedPct": 21.0})
# A function with 512 MB, which is 512/1769 of a vCPU: 100 ms of CPU time in 1,000 ms.
measure("LambdaInsights", "memory_utilization", {"function_name": "resize"}, lambda n: [30.0, 50.0])
measure("LambdaInsights", "memory_utilization", {"function_name": "resize", "version": "1"}, lambda n: [99.0])
measure("LambdaInsights", "cpu_total_time", {"function_name": "resize"}, lambda n: [40.0, 60.0])
measure("AWS/Lambda", "Duration", {"FunctionName": "resize"}, lambda n: [500.0, 500.0])
busy(function["FunctionArn"], lambda n: {"MemoryMeanPct": 40.0, "MemoryMaxPct": 50.0, "CpuMeanPct": 10 * 1769 / 512})
# An ECS service, a Redshift cluster, a domain, and an endpoint. The endpoint has points only in hours with calls.
apps = {"ClusterName": "apps", "ServiceName": "shop"}
measure("AWS/ECS", "CPUUtilization", apps, lambda n: [10.0, 20.0])
measure("AWS/ECS", "MemoryUtilization", apps, lambda n: [30.0])
busy(service["serviceArn"], lambda n: {"CpuMeanPct": 15.0, "CpuMaxPct": 20.0, "MemoryMeanPct": 30.0, "MemoryMaxPct": 30.0})
measure("AWS/Redshift", "DatabaseConnections", {"ClusterIdentifier": "dw"}, lambda n: [2.0, 1.0])
measure("AWS/Redshift", "DatabaseConnections", {"ClusterIdentifier": "dw", "NodeID": "Leader"}, lambda n: [9.0])
measure("AWS/Redshift", "CPUUtilization", {"ClusterIdentifier": "dw"}, lambda n: [4.0])
measure("AWS/Redshift", "PercentageDiskSpaceUsed", {"ClusterIdentifier": "dw"}, lambda n: [20.0, 21.0])
busy(f"arn:aws:redshift:{REGION}:{payer}:cluster:dw", lambda n: {"Operations": 3.0, "CpuMeanPct": 4.0, "CpuMaxPct": 4.0, "StorageUsedPct": 21.0})
# The nodes of a MemoryDB cluster, and instances of the RDS API whose metrics are elsewhere.
for node in ("carts-0001-001", "carts-0001-002"):
    measure("AWS/MemoryDB", "GetTypeCmds", {"ClusterName": "carts", "NodeName": node}, lambda n: [3.0])
    measure("AWS/MemoryDB", "CPUUtilization", {"ClusterName": "carts", "NodeName": node}, lambda n: [2.0])
busy(f"arn:aws:memorydb:{REGION}:{payer}:cluster/carts", lambda n: {"Operations": 6.0, "CpuMeanPct": 4.0, "CpuMaxPct": 4.0})
of_shop = client("cloudwatch", member(shop))
measure("AWS/DocDB", "DatabaseConnections", {"DBInstanceIdentifier": "menus-1"}, lambda n: [2.0, 3.0], of_shop)
measure("AWS/DocDB", "DatabaseConnections", {"DBClusterIdentifier": "menus"}, lambda n: [9.0], of_shop)
busy(f"arn:aws:rds:{REGION}:{shop}:db:menus-1", lambda n: {"Operations": 5.0})
measure("AWS/Neptune", "TotalRequestsPerSec", {"DBInstanceIdentifier": "routes-1"}, lambda n: [0.5], of_shop)
busy(f"arn:aws:rds:{REGION}:{shop}:db:routes-1", lambda n: {"Operations": 0.5})
measure("AWS/RDS", "VolumeReadIOPs", {"DBClusterIdentifier": "ledger"}, lambda n: [100.0, 20.0], of_shop)
measure("AWS/RDS", "VolumeWriteIOPs", {"DBClusterIdentifier": "ledger"}, lambda n: [30.0], of_shop)
busy(cluster["DBClusterArn"], lambda n: {"Operations": 150.0})
domain = {"DomainName": "logs", "ClientId": payer}
for metric, values in (("SearchRate", [1.0, 2.0]), ("IndexingRate", [4.0]), ("CPUUtilization", [8.0])):
    measure("AWS/ES", metric, domain, lambda n: values)
busy(f"arn:aws:es:{REGION}:{payer}:domain/logs", lambda n: {"Operations": 7.0, "CpuMeanPct": 8.0, "CpuMaxPct": 8.0})
endpoint = {"EndpointName": "Ranker", "VariantName": "AllTraffic"}
measure("/aws/sagemaker/Endpoints", "CPUUtilization", endpoint, lambda n: [1.0])
measure("AWS/SageMaker", "Invocations", endpoint, lambda n: [5.0] if n < 10 else [])
busy(f"arn:aws:sagemaker:{REGION}:{payer}:endpoint/ranker", lambda n: {"Operations": 5.0 if n < 10 else 0.0})
# Brokers of an MSK cluster, by the second, and brokers of Amazon MQ. Their ARNs have an ID at the end, which metrics do not have.
for broker, values in (("1", [100.0, 200.0]), ("2", [50.0])):
    measure("AWS/Kafka", "BytesInPerSec", {"Cluster Name": "clicks", "Broker ID": broker}, lambda n: values)
measure("AWS/Kafka", "BytesInPerSec", {"Cluster Name": "clicks", "Broker ID": "1", "Topic": "pages"}, lambda n: [90.0])
measure("AWS/Kafka", "BytesOutPerSec", {"Cluster Name": "clicks", "Broker ID": "1"}, lambda n: [10.0])
busy(f"arn:aws:kafka:{REGION}:{payer}:cluster/clicks", lambda n: {"NetworkBytes": 360.0 * 60})
measure("AWS/AmazonMQ", "ConnectionCount", {"Broker": "orders"}, lambda n: [2.0])
measure("AWS/AmazonMQ", "PublishRate", {"Broker": "orders"}, lambda n: [0.5])
busy(f"arn:aws:mq:{REGION}:{payer}:broker:orders", lambda n: {"Operations": 2.5})
for instance, connections in (("bus-1", 1.0), ("bus-2", 0.0)):
    measure("AWS/AmazonMQ", "CurrentConnectionsCount", {"Broker": instance}, lambda n: [connections])
busy(f"arn:aws:mq:{REGION}:{payer}:broker:bus", lambda n: {"Operations": 1.0})
# A warehouse in a region without other resources of its account.
measure("AWS/Redshift", "DatabaseConnections", {"ClusterIdentifier": "alone"}, lambda n: [1.0], client("cloudwatch", region="eu-west-1"))
busy(f"arn:aws:redshift:eu-west-1:{payer}:cluster:alone", lambda n: {"Operations": 1.0})
busy = [measured[key] for key in sorted(measured)]

# Cost Explorer, in the order of the requests.
days = [f"2026-09-{d:02}" for d in range(1, 31)] + [f"2026-10-{d:02}" for d in range(1, 32)]


def answer(of, groups):
    def metrics(billed, effective, unit):
        usd = lambda amount: {"Amount": amount, "Unit": "USD"}
        return {"UnblendedCost": usd(billed), "AmortizedCost": usd(effective), "UsageQuantity": {"Amount": "24", "Unit": unit}}

    rows = [{"Keys": [a, b], "Metrics": metrics(c, d, "Hrs")} for a, b, c, d in groups]
    by_time = [{"TimePeriod": {"Start": d, "End": d}, "Total": {}, "Estimated": False, "Groups": rows} for d in of]
    return {"ResultsByTime": by_time, "GroupDefinitions": [], "DimensionValueAttributes": []}


compute, storage, other = "Amazon Elastic Compute Cloud - Compute", "Amazon Simple Storage Service", "EC2 - Other"
answers = [
    answer(["2026-09-01", "2026-10-01"], [(compute, "EU-BoxUsage:m5.large", "1", "1"), (storage, "DataTransfer-Out-Bytes", "1", "1"), (other, "DataTransfer-Out-Bytes", "1", "1")]),
    answer(days, [(payer, "EU-BoxUsage:m5.large", "10.000000000001", "8.5"), (shop, "DataTransfer-Out-Bytes", "3", "3")]),
    answer(days, [(shop, storage, "1.1", "1.1"), (shop, other, "1.9", "1.9")]),
    answer(days, [(payer, "Tax", "0.50", "0.50"), (payer, "SavingsPlanRecurringFee", "2", "0.25")]),
]
body = json.dumps({"results": answers}).encode()
request = urllib.request.Request(f"{URL}/moto-api/static/ce/cost-and-usage-results", body, {"Content-Type": "application/json"})
urllib.request.urlopen(request)

# Not supported by moto: list prices of two regions, existing commitments and their utilization, recommendations.
def term(number, attributes, **usd_by_unit):
    dimensions = {f"{number}.{unit}": {"unit": unit.replace("_", "-"), "pricePerUnit": {"USD": usd}} for unit, usd in usd_by_unit.items()}
    return {f"T{number}": {"priceDimensions": dimensions, "termAttributes": attributes}}


products = []


def product(service, region, family, unit, usd, upfront=None, **attributes):
    reserved = {"LeaseContractLength": "1yr", "OfferingClass": "standard", "PurchaseOption": "All Upfront"}
    terms = {"OnDemand": term(1, {}, **{unit: usd})} | ({"Reserved": term(2, reserved, Quantity=upfront, Hrs="0.0000000000")} if upfront else {})
    attributes |= {"regionCode": region, "locationType": "AWS Region"}
    products.append({"serviceCode": service, "product": {"productFamily": family, "attributes": attributes}, "terms": terms})


linux = {"operatingSystem": "Linux", "operation": "RunInstances", "tenancy": "Shared", "capacitystatus": "Used", "preInstalledSw": "NA"}
for region, prefix in ((REGION, ""), ("eu-west-1", "EU-")):
    # More than one page of types, and items that are not requested.
    for number in range(230):
        product("AmazonEC2", region, "Compute Instance", "Hrs", f"0.{number + 1:04}000000", instanceType=f"t{number}.nano", **linux)
    product("AmazonEC2", region, "Compute Instance", "Hrs", "0.1880000000", instanceType="m5.large", **(linux | {"operatingSystem": "Windows"}))
    product("AmazonEC2", region, "Storage", "GB_Mo", "0.0880000000", volumeApiName="gp3", usagetype=f"{prefix}EBS:VolumeUsage.gp3")
    product("AmazonEC2", region, "Provisioned Throughput", "GiBps_mo", "45.0560000000", usagetype=f"{prefix}EBS:VolumeP-Throughput.gp3")
    product("AmazonEC2", region, "Storage Snapshot", "GB_Mo", "0.0500000000", usagetype=f"{prefix}EBS:SnapshotUsage")
    product("AmazonEC2", region, "Storage Snapshot", "GB_Mo", "0.0125000000", usagetype=f"{prefix}EBS:SnapshotArchiveStorage")
    product("AmazonVPC", region, None, "Hrs", "0.0050000000", group="VPCPublicIPv4Address", usagetype=f"{prefix}PublicIPv4:IdleAddress")
rds = {"deploymentOption": "Single-AZ", "licenseModel": "No license required", "databaseEngine": "PostgreSQL"}
product("AmazonRDS", REGION, "Database Instance", "Hrs", "0.1780000000", instanceType="db.m5.large", usagetype="InstanceUsage:db.m5.large", **rds)
product("AmazonRDS", REGION, "Database Instance", "Hrs", "0.3560000000", instanceType="db.m5.large", usagetype="Multi-AZUsage:db.m5.large", **(rds | {"deploymentOption": "Multi-AZ"}))
product("AmazonElastiCache", REGION, "Cache Instance", "Hrs", "0.0170000000", instanceType="cache.t3.micro", cacheEngine="Redis", usagetype="NodeUsage:cache.t3.micro")
product("AmazonEC2", REGION, "Compute Instance", "Hrs", "0.0960000000", "438", instanceType="m5.large", **linux)
product("AmazonEC2", "eu-west-1", "Compute Instance", "Hrs", "0.2820000000", instanceType="r5.xlarge", **linux)


def plan_rate(plan, payment, years, region, usage, rate, **more):
    offering = {"offeringId": "o", "planType": plan, "paymentOption": payment, "durationSeconds": years * 31536000, "currency": "USD"} | more
    return {"savingsPlanOffering": offering, "rate": rate, "unit": "Hrs", "productType": "EC2", "serviceCode": "AmazonEC2", "usageType": usage,
            "operation": "RunInstances", "properties": [{"name": "region", "value": region}, {"name": "tenancy", "value": "shared"}]}


def reserved(number, length, option, upfront, hourly, **more):
    return term(number, {"LeaseContractLength": length, "PurchaseOption": option} | more, Quantity=upfront, Hrs=hourly)


box = "EU-BoxUsage:m5.large"
rates = [
    plan_rate("Compute", "No Upfront", 1, "eu-west-1", box, "0.077"),
    plan_rate("EC2Instance", "Partial Upfront", 3, "eu-west-1", box, "0.05"),
    plan_rate("Compute", "All Upfront", 1, "eu-west-1", box, "0.6", currency="CNY"),
    plan_rate("Compute", "No Upfront", 1, "eu-west-1", "EU-BoxUsage:never.used", "0.1"),
    plan_rate("SageMaker", "No Upfront", 1, "eu-west-1", "EU-BoxUsage:never.used", "0.1"),
]
terms = reserved(3, "1yr", "Partial Upfront", "438", "0.0300000000", OfferingClass="convertible") | reserved(4, "3yr", "All Upfront", "1051.2", "0", OfferingClass="standard")
attributes = {"regionCode": "eu-west-1", "locationType": "AWS Region", "usagetype": box, "operation": "RunInstances"}
products.append({"serviceCode": "AmazonEC2", "product": {"productFamily": "Compute Instance", "attributes": attributes}, "terms": {"Reserved": terms}})


def plan_month(month, committed, used, covered, uncovered):
    unused = f"{float(committed) - float(used):g}"
    period = {"Start": f"2026-{month}-01", "End": f"2026-{month}-28"}
    utilization = {"TotalCommitment": committed, "UsedCommitment": used, "UnusedCommitment": unused, "UtilizationPercentage": "0"}
    saved = {"NetSavings": "12.5", "OnDemandCostEquivalent": "62.5"}
    return (
        {"TimePeriod": period, "Utilization": utilization, "Savings": saved, "AmortizedCommitment": {"TotalAmortizedCommitment": committed}},
        {"TimePeriod": period, "Coverage": {"SpendCoveredBySavingsPlans": covered, "OnDemandCost": uncovered}, "Attributes": {}},
    )


plan_months = [plan_month("09", "50", "40", "30", "10"), plan_month("10", "50", "47.5", "45", "15")]
hours = {"PurchasedHours": "744", "TotalActualHours": "372", "UnusedHours": "372", "TotalAmortizedFee": "36.5", "OnDemandCostOfRIHoursUsed": "35.71", "NetRISavings": "-0.79"}
october = {"Start": "2026-10-01", "End": "2026-11-01"}
seconds = datetime.datetime(2026, 10, 31, tzinfo=datetime.timezone.utc).timestamp()
saving = lambda usd: {"savingsOpportunityPercentage": 10.0, "estimatedMonthlySavings": {"currency": "USD", "value": usd}}
first_arn = f"arn:aws:ec2:{REGION}:{payer}:instance/{first}"
lacking = {
    "products": products,
    "rates": rates,
    "denied": ["rds:DescribeDBClusters"],
    "answers": {
        "GetSavingsPlansUtilization": [{"SavingsPlansUtilizationsByTime": [u for u, _ in plan_months], "Total": {"Utilization": {}}}],
        # Two pages.
        "GetSavingsPlansCoverage": [{"SavingsPlansCoverages": [c]} for _, c in plan_months],
        "GetReservationUtilization": [{"UtilizationsByTime": [{"TimePeriod": october, "Groups": [], "Total": hours}]}],
        "GetReservationCoverage": [{"CoveragesByTime": [{"TimePeriod": october, "Groups": [], "Total": {"CoverageHours": {"OnDemandHours": "1116", "ReservedHours": "372"}}}]}],
        "GetCostAndUsageWithResources:USAGE_TYPE": [
            answer(["2026-10-30"], [("i-web", "EU-BoxUsage:m5.large", "9", "7.5"), ("NoResourceId", "EU-BoxUsage:m5.large", "1", "1")]),
            answer(["2026-10-31"], [("i-web", "EU-BoxUsage:m5.large", "9", "7.25")])],
        "GetCostAndUsageWithResources:LINKED_ACCOUNT": [answer(["2026-10-18"], [(shop, "i-web", "9", "7.5")])],
        "ListEnrollmentStatuses": [{"items": [{"accountId": payer, "status": "Active"}]}],
        "GetPreferences": [{"savingsEstimationMode": "AfterDiscounts"}],
        "ListRecommendations": [
            {"items": [{"recommendationId": "1", "accountId": payer, "region": REGION, "resourceId": volume["VolumeId"], "actionType": "Delete",
                        "currentResourceSummary": "gp3, 100 GiB", "estimatedMonthlySavings": 17.25, "currencyCode": "USD", "implementationEffort": "Low",
                        "restartNeeded": False, "rollbackPossible": True, "recommendationLookbackPeriodInDays": 32, "lastRefreshTimestamp": seconds}]},
            {"items": [{"recommendationId": "2", "accountId": shop, "region": REGION, "actionType": "PurchaseSavingsPlans", "estimatedMonthlySavings": 120.5,
                        "currencyCode": "USD", "recommendedResourceSummary": "Compute Savings Plan, 1 year, no upfront, 0.4 USD an hour"}]},
        ],
        "GetEC2InstanceRecommendations": [{
            "instanceRecommendations": [
                {"instanceArn": first_arn, "accountId": payer, "currentInstanceType": "m5.large", "finding": "Overprovisioned", "lookBackPeriodInDays": 14.0,
                 "lastRefreshTimestamp": seconds, "recommendationOptions": [
                     {"instanceType": "t3.large", "rank": 2, "performanceRisk": 3.0, "savingsOpportunity": saving(9.0)},
                     {"instanceType": "m5.medium", "rank": 1, "performanceRisk": 1.0, "migrationEffort": "VeryLow", "savingsOpportunity": saving(35.04),
                      "savingsOpportunityAfterDiscounts": saving(29.784)}]},
                {"instanceArn": f"arn:aws:ec2:{REGION}:{payer}:instance/i-fine", "finding": "Optimized", "recommendationOptions": []}],
            "errors": [{"identifier": "i-gone", "code": "ResourceNotFound", "message": "no metrics"}]}],
        "GetEBSVolumeRecommendations": [{"volumeRecommendations": [
            {"volumeArn": f"arn:aws:ec2:{REGION}:{payer}:volume/{volume['VolumeId']}", "finding": "NotOptimized", "lookBackPeriodInDays": 14.0, "volumeRecommendationOptions": [
                {"rank": 1, "performanceRisk": 0.0, "configuration": {"volumeType": "gp3", "volumeSize": 100, "volumeBaselineIOPS": 3000, "volumeBaselineThroughput": 125},
                 "savingsOpportunity": saving(10.0)}],
             "currentConfiguration": {"volumeType": "gp3", "volumeSize": 100, "volumeBaselineIOPS": 4000, "volumeBaselineThroughput": 250}}]}],
    },
    "plans": [{"savingsPlanArn": f"arn:aws:savingsplans::{payer}:savingsplan/1", "savingsPlanId": "1", "state": "active", "start": "2026-01-01T00:00:00.000Z",
               "end": "2027-01-01T00:00:00.000Z", "savingsPlanType": "Compute", "paymentOption": "No Upfront", "commitment": "0.0672", "currency": "USD",
               "productTypes": ["EC2", "Lambda"], "termDurationInSeconds": 31536000}],
    "reserved": "<item><reservedInstancesId>ri-1</reservedInstancesId><instanceType>m5.large</instanceType><instanceCount>1</instanceCount>"
                "<start>2026-01-01T00:00:00Z</start><end>2027-01-01T00:00:00Z</end><duration>31536000</duration><fixedPrice>438.0</fixedPrice>"
                "<offeringClass>standard</offeringClass><offeringType>All Upfront</offeringType><productDescription>Linux/UNIX</productDescription>"
                "<scope>Region</scope><state>active</state></item>",
}
expect("savings-plan", f"arn:aws:savingsplans::{payer}:savingsplan/1", payer, State="active", CreatedOn="2026-01-01",
       Details={"Type": "Compute", "CommitmentUsdPerHour": "0.0672", "PaymentOption": "No Upfront", "EndsOn": "2027-01-01", "Products": ["EC2", "Lambda"]})
expect("reserved-instances", "ri-1", payer, State="active", InstanceType="m5.large",
       Details={"Count": 1, "OfferingClass": "standard", "OfferingType": "All Upfront", "UpfrontUsd": "438", "Scope": "Region", "EndsOn": "2027-01-01"})
request = urllib.request.Request(f"{URL}/lacking", json.dumps(lacking).encode(), {"Content-Type": "application/json"})
urllib.request.urlopen(request)

def price(region, item, terms, unit, usd, places=12):
    return {"RegionId": region, "Item": item, "Terms": terms, "Unit": unit, "UsdPerUnit": f"{float(usd):.{places}f}"}


prices = [
    price(REGION, "m5.large", "on demand, Linux", "Hrs", "0.096"),
    price(REGION, "m5.large", "reserved 1 year all upfront, Linux", "Hrs", "0.05"),
    # moto's only spot price, from 2006.
    price(REGION, "m5.large", "spot, Linux", "Hrs", "0.00001"),
    price(REGION, "t229.nano", "on demand, Linux", "Hrs", "0.0230"),
    price("eu-west-1", "r5.xlarge", "on demand, Linux", "Hrs", "0.282"),
    price("eu-west-1", "gp3", "storage", "GB-Mo", "0.088"),
    price("eu-west-1", "gp3-throughput", "storage", "MiBps-Mo", "0.044"),
    price("eu-west-1", "snapshot", "storage", "GB-Mo", "0.05"),
    price(REGION, "postgres db.m5.large", "storage", "Hrs", "0.178"),
    price(REGION, "redis cache.t3.micro", "storage", "Hrs", "0.017"),
    price(REGION, "idle-address", "storage", "Hrs", "0.005"),
]
recommended = [
    {"Source": "Compute Optimizer", "ResourceId": first_arn, "SubAccountId": payer, "RegionId": REGION, "Action": "Overprovisioned", "Current": "m5.large",
     "Recommended": "m5.medium", "MonthlySavings": "29.784000000000", "Currency": "USD", "Effort": "VeryLow", "Risk": "low", "LookbackDays": 14,
     "RefreshedOn": "2026-10-31", "Basis": "after discounts"},
    {"Source": "Compute Optimizer", "Action": "NotOptimized", "Current": "gp3, 100 GiB, 4000 IOPS, 250 MiB/s", "MonthlySavings": "10.000000000000", "Basis": "list price"},
    {"Source": "Cost Optimization Hub", "Action": "Delete", "ResourceId": volume["VolumeId"], "RestartNeeded": "false", "RollbackPossible": "true", "LookbackDays": 32},
    {"Source": "Cost Optimization Hub", "Action": "PurchaseSavingsPlans", "SubAccountId": shop, "MonthlySavings": "120.500000000000", "Basis": "after discounts"},
]
plans = {"CommitmentDiscountType": "Savings Plans", "Unit": "USD", "Currency": "USD", "Committed": "50.000000000000"}
used = [
    plans | {"Month": "2026-09", "Used": "40.000000000000", "Unused": "10.000000000000", "Covered": "30.000000000000"},
    {"Month": "2026-10", "CommitmentDiscountType": "EC2 Reserved Instances", "Unit": "Hours", "Committed": "744.000000000000", "Uncovered": "1116.000000000000",
     "NetSavings": "-0.790000000000", "AmortizedCost": "36.500000000000", "OnDemandEquivalent": "35.710000000000"},
    plans | {"Month": "2026-10", "Used": "47.500000000000", "Unused": "2.500000000000", "Covered": "45.000000000000", "Uncovered": "15.000000000000"},
]
by_resource = [{"ChargeDay": day, "SubAccountId": shop, "ServiceName": compute, "SkuMeter": "EU-BoxUsage:m5.large", "ResourceId": "i-web",
                "EffectiveCost": f"{cost}0000000000", "BillingCurrency": "USD"} for day, cost in [("2026-10-30", "7.50"), ("2026-10-31", "7.25")]]
def offer(instrument, years, payment, usd, upfront):
    return {"Instrument": instrument, "TermYears": years, "PaymentOption": payment, "RegionId": "eu-west-1", "SkuMeter": box, "Operation": "RunInstances",
            "UsdPerUnit": usd, "UpfrontPct": upfront}


offers = [
    offer("Compute Savings Plans", 1, "No Upfront", "0.077000000000", "0.000000000000"),
    offer("Convertible Reserved Instances", 1, "Partial Upfront", "0.080000000000", "62.500000000000"),
    offer("EC2 Instance Savings Plans", 3, "Partial Upfront", "0.050000000000", "50.000000000000"),
    offer("Standard Reserved Instances", 3, "All Upfront", "0.040000000000", "100.000000000000"),
]
told = {"offers": offers, "prices": prices, "resource_costs": by_resource, "recommendations": recommended, "commitments": used}
print(json.dumps(told | {"payer": payer, "shop": shop, "data": data, "resources": found, "utilization": busy}))
