"""Puts a small organisation into an emulator of AWS, and prints as JSON what a pull must find.

    world.py URL

Three accounts: the paying one, and `shop` and `data`, which are reached by a role. Amounts of Cost Explorer are given for September
and October 2026.
"""

import datetime
import json
import sys
import urllib.request

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

# The paying account: machines, disks, an address, a balancer.
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
expect("classic-load-balancer", "old", payer, Details={"Targets": 0})
s3 = client("s3")
s3.create_bucket(Bucket="fernweh-assets")
s3.put_bucket_versioning(Bucket="fernweh-assets", VersioningConfiguration={"Status": "Enabled"})
# What moto answers to GetBucketVersioning is no answer of S3's: a gap, and the bucket is kept.
expect("bucket", "fernweh-assets", payer, Details={"LifecycleRules": 0})
logs = client("logs")
logs.create_log_group(logGroupName="/app/web")
logs.put_retention_policy(logGroupName="/app/web", retentionInDays=30)
expect("log-group", f"arn:aws:logs:{REGION}:{payer}:log-group:/app/web", payer, Name="/app/web", Details={"RetentionDays": 30})

# shop: a database and a table, in two regions.
keys = member(shop)
rds = client("rds", keys)
made = rds.create_db_instance(DBInstanceIdentifier="orders", DBInstanceClass="db.m5.large", Engine="postgres", MultiAZ=True,
                              AllocatedStorage=50, StorageType="gp3", MasterUsername="a", MasterUserPassword="a" * 12,
                              BackupRetentionPeriod=7)["DBInstance"]
expect("db-instance", made["DBInstanceArn"], shop, InstanceType="db.m5.large", SizeGb=50, VolumeType="gp3", Name="orders",
       Details={"Engine": "postgres", "MultiAz": True, "BackupRetentionDays": 7})
table = client("dynamodb", keys, "eu-west-1").create_table(
    TableName="carts", BillingMode="PROVISIONED", ProvisionedThroughput={"ReadCapacityUnits": 20, "WriteCapacityUnits": 10},
    KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}], AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
)["TableDescription"]
expect("table", table["TableArn"], shop, "eu-west-1", Name="carts", State="ACTIVE",
       Details={"BillingMode": "PROVISIONED", "ReadCapacityUnits": 20, "WriteCapacityUnits": 10})

# data: a machine of another account, and a cache.
keys = member(data)
machine = client("ec2", keys, "eu-west-1").run_instances(ImageId=image, MinCount=1, MaxCount=1, InstanceType="r5.xlarge")["Instances"][0]
expect("instance", machine["InstanceId"], data, "eu-west-1", InstanceType="r5.xlarge", State="running")
cache = client("elasticache", keys).create_cache_cluster(CacheClusterId="sessions", CacheNodeType="cache.t3.micro", Engine="redis", NumCacheNodes=1)["CacheCluster"]
expect("cache-cluster", cache["ARN"], data, Name="sessions", InstanceType="cache.t3.micro", Details={"Engine": "redis", "Nodes": 1})

# How busy the first machine was on 30 and 31 October, a sample an hour of three values; its memory as the agent tells it.
watch = client("cloudwatch")
hours = [datetime.datetime(2026, 10, 30, tzinfo=datetime.timezone.utc) + datetime.timedelta(hours=h) for h in range(48)]
samples = {}


def measure(namespace, metric, dimensions, values_of):
    dimensions = [{"Name": k, "Value": v} for k, v in dimensions.items()]
    for number, hour in enumerate(hours):
        data = [{"MetricName": metric, "Dimensions": dimensions, "Timestamp": hour + datetime.timedelta(minutes=5 * n), "Value": value, "Unit": "Percent"}
                for n, value in enumerate(values_of(number))]
        watch.put_metric_data(Namespace=namespace, MetricData=data)


first = machines[0]["InstanceId"]
measure("AWS/EC2", "CPUUtilization", {"InstanceId": first}, lambda n: [n, n + 1.5, n + 3])
measure("AWS/EC2", "NetworkIn", {"InstanceId": first}, lambda n: [1000.0 * n])
measure("AWS/EC2", "NetworkOut", {"InstanceId": first}, lambda n: [1.0])
measure("CWAgent", "mem_used_percent", {"ImageId": image, "InstanceId": first, "InstanceType": "m5.large"}, lambda n: [40.0, 44.0])
busy = [
    {"ResourceId": first, "Hour": hour.strftime("%Y-%m-%dT%H:%M:%SZ"), "CpuMeanPct": n + 1.5, "CpuMaxPct": n + 3.0, "MemoryMeanPct": 42.0,
     "MemoryMaxPct": 44.0, "NetworkBytes": 1000.0 * n + 1}
    for n, hour in enumerate(hours)
]

# Cost Explorer, in the order of the questions.
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

print(json.dumps({"payer": payer, "shop": shop, "data": data, "resources": found, "utilization": busy}))
