"""Cases of runbooks that change hosted services: keys, trails, apps, desktops, migrations, and commitments."""

import json

from runbook_world import Case, instance, states


def unused_key(of, short):
    kms = of("kms")
    made = kms.create_key()["KeyMetadata"]["KeyId"]
    return Case({short: made}, lambda: kms.describe_key(KeyId=made)["KeyMetadata"]["KeyState"], "PendingDeletion", "Enabled", first="Disabled")


def idle_stream_consumer(of, short):
    kinesis = of("kinesis")
    kinesis.create_stream(StreamName=short, ShardCount=1)
    arn = kinesis.describe_stream_summary(StreamName=short)["StreamDescriptionSummary"]["StreamARN"]
    for name in ("archive", "search"):
        kinesis.register_stream_consumer(StreamARN=arn, ConsumerName=name)

    def deregister(request):
        # moto keeps the consumer of this name, and removes the others.
        stream, name = of.backend("kinesis").streams[short], json.loads(request["body"])["ConsumerName"]
        stream.consumers = [c for c in stream.consumers if c.consumer_name != name]
        return {}

    probe = lambda: sorted(c["ConsumerName"] for c in kinesis.list_stream_consumers(StreamARN=arn)["Consumers"])
    return Case({}, probe, [], ["archive", "search"], answers={"kinesis.DeregisterStreamConsumer": deregister})


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
    def modify(request):
        of_workspace.update(json.loads(request["body"])["WorkspaceProperties"])
        return {}

    of_workspace = {"RunningMode": "AUTO_STOP", "RunningModeAutoStopTimeoutInMinutes": 60}
    answers = {
        "workspaces.DescribeWorkspaces": lambda _: {"Workspaces": [{"WorkspaceId": short, "WorkspaceProperties": of_workspace}]},
        "workspaces.ModifyWorkspaceProperties": modify,
    }
    return Case({}, lambda: of_workspace["RunningMode"], "ALWAYS_ON", "AUTO_STOP", answers=answers)


def always_on_development_endpoint(of, short):
    glue = of("glue")
    glue.create_dev_endpoint(EndpointName=short, RoleArn="arn:aws:iam::666666666666:role/x", NumberOfNodes=2)
    return Case({}, lambda: [e["EndpointName"] for e in glue.get_dev_endpoints()["DevEndpoints"]], [], [short], env={"FILES_MOVED": "yes"})


def second_trail(of, short):
    trails = of("cloudtrail")
    of("s3").create_bucket(Bucket="audit-of-trails")
    for name in ("organization", "audit-old"):
        trails.create_trail(Name=name, S3BucketName="audit-of-trails", IsMultiRegionTrail=name == "organization")
        trails.start_logging(Name=name)
    env = {"TRAIL": trails.get_trail(Name="audit-old")["Trail"]["TrailARN"]}
    return Case({}, lambda: trails.get_trail_status(Name="audit-old")["IsLogging"], False, True, env=env)


def continuous_recording(of, short):
    recorder = {"name": "default", "roleARN": "arn:aws:iam::666666666666:role/x", "recordingGroup": {"allSupported": True}}
    modes = ["CONTINUOUS"]

    def put(request):
        of_types = json.loads(request["body"])["ConfigurationRecorder"].get("recordingMode", {}).get("recordingModeOverrides", [])
        modes.insert(0, of_types[0]["recordingFrequency"] if of_types else "CONTINUOUS")
        return {}

    answers = {
        "config.DescribeConfigurationRecorders": lambda _: {"ConfigurationRecorders": [recorder]},
        "config.PutConfigurationRecorder": put,
    }
    return Case({}, lambda: modes[0], "DAILY", "CONTINUOUS", answers=answers)


def lasting_replication_instance(of, short):
    dms = of("dms")
    made = dms.create_replication_instance(ReplicationInstanceIdentifier="crm-move", ReplicationInstanceClass="dms.t3.medium")
    arn = made["ReplicationInstance"]["ReplicationInstanceArn"]
    probe = lambda: [i["ReplicationInstanceIdentifier"] for i in dms.describe_replication_instances()["ReplicationInstances"]]
    return Case({f"arn:aws:dms:us-east-1:666666666666:rep:{short}": arn}, probe, [], ["crm-move"])


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


def idle_stream_consumer_alone(of, short):
    kinesis = of("kinesis")
    kinesis.create_stream(StreamName="clicks", ShardCount=1)
    arn = kinesis.describe_stream_summary(StreamName="clicks")["StreamDescriptionSummary"]["StreamARN"]
    for name in ("archive", "search"):
        kinesis.register_stream_consumer(StreamARN=arn, ConsumerName=name)

    def deregister(request):
        # moto keeps the consumer of this name, and removes the others.
        stream, name = of.backend("kinesis").streams["clicks"], json.loads(request["body"])["ConsumerName"]
        stream.consumers = [c for c in stream.consumers if c.consumer_name != name]
        return {}

    def register(request):
        # moto registers a name twice.
        if json.loads(request["body"])["ConsumerName"] in probe():
            raise ValueError("ResourceInUseException")

    probe = lambda: sorted(c["ConsumerName"] for c in kinesis.list_stream_consumers(StreamARN=arn)["Consumers"])
    return Case({}, probe, ["archive"], ["archive", "search"], answers={"kinesis.DeregisterStreamConsumer": deregister, "kinesis.RegisterStreamConsumer": register})


def ending_commitment(of, short):
    plan = {"savingsPlanId": short, "end": "2026-12-31T23:59:59.000Z", "offeringId": "offer-1", "state": "active"}
    queued = []

    def queue(request):
        body = json.loads(request["body"])
        queued.append([body["savingsPlanOfferingId"], body["commitment"], str(body["purchaseTime"])])
        return {"savingsPlanId": "queued-1"}

    answers = {
        "savingsplans.DescribeSavingsPlans": {"savingsPlans": [plan]},
        "savingsplans.CreateSavingsPlan": queue,
        "savingsplans.DeleteQueuedSavingsPlan": lambda _: queued.clear() or {},
    }
    # One second before 2027, as the API has it.
    after = [["offer-1", "1.25", "1798761599"]]
    return Case({}, lambda: [[*q[:2], q[2].split(".")[0]] for q in queued], after, [], env={"COMMITMENT": "1.25"}, answers=answers)


def lasting_provisioned_throughput(of, short):
    model = {"provisionedModelName": "chat", "modelArn": "arn:aws:bedrock:us-east-1::foundation-model/m", "modelUnits": 1}
    there = [dict(model)]

    def create(request):
        body = json.loads(request["body"])
        there.append({"provisionedModelName": body["provisionedModelName"], "modelArn": body["modelId"], "modelUnits": body["modelUnits"]})
        return {"provisionedModelArn": "arn"}

    answers = {
        "bedrock.GetProvisionedModelThroughput": lambda _: there[0],
        "bedrock.DeleteProvisionedModelThroughput": lambda _: there.clear() or {},
        "bedrock.CreateProvisionedModelThroughput": create,
    }
    return Case({}, lambda: list(there), [], [model], answers=answers)


def inconsistent_tag_values(of, short):
    arn = f"arn:aws:ec2:us-east-1:{of.account}:instance/i-0a1b2c3d4e5f60718"
    key, tags = of.subject.split("=")[0], {}
    old = "data-platform"

    def tag(request):
        sent = json.loads(request["body"])
        tags.update({arn: sent["Tags"][key] for arn in sent["ResourceARNList"]})
        return {"FailedResourcesMap": {}}

    def get(request):
        arns = json.loads(request["body"])["ResourceARNList"]
        return {"ResourceTagMappingList": [{"ResourceARN": a, "Tags": [{"Key": "env", "Value": "x"}, {"Key": key, "Value": tags.get(a, old)}]} for a in arns]}

    answers = {"resourcegroupstaggingapi.TagResources": tag, "resourcegroupstaggingapi.GetResources": get}
    probe = lambda: sorted(set(tags.values())) or [old]
    return Case({}, probe, ["Data Platform"], [old], env={"RESOURCES": arn}, answers=answers)


def inconsistent_tag_values_of_bucket(of, short):
    """The ARN of a bucket has no region, but its tags are set in its region only."""
    of("s3").create_bucket(Bucket="photos", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    case = inconsistent_tag_values(of, short)
    regions = []

    def answered(answer):
        return lambda request: regions.append(request["context"]["client_region"]) or answer(request)

    answers = {operation: answered(answer) for operation, answer in case.answers.items()}
    probe = lambda: [*case.probe(), *sorted(set(regions))]
    return Case({}, probe, ["Data Platform", "eu-west-1"], ["data-platform", "eu-west-1"], answers=answers)


HOSTED = {
    "inconsistent_tag_values_of_bucket": inconsistent_tag_values_of_bucket,
    "idle_stream_consumer_alone": idle_stream_consumer_alone,
    "ending_commitment": ending_commitment,
    "lasting_provisioned_throughput": lasting_provisioned_throughput,
    "inconsistent_tag_values": inconsistent_tag_values,
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
