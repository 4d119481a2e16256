"""Cases of runbooks that change clusters and brokers of messages, directories, models, and monitoring."""

import json

from runbook_world import Case

SUBNETS = ["subnet-00000000000000001", "subnet-00000000000000002", "subnet-00000000000000003"]


def kafka_clusters(of):
    """Returns the client and the backend of MSK. What is created is active at once."""
    backend = of.backend("kafka")

    def active(create):
        def made(*args, **given):
            answer = create(*args, **given)
            backend.clusters[answer[0]].state = "ACTIVE"
            return answer

        return made

    backend.create_cluster = active(backend.create_cluster)
    backend.create_cluster_v2 = active(backend.create_cluster_v2)
    return of("kafka"), backend


def brokers_of(kafka, kind):
    brokers = {"InstanceType": kind, "ClientSubnets": SUBNETS[:2]}
    made = kafka.create_cluster(ClusterName="events", KafkaVersion="3.6.0", NumberOfBrokerNodes=2, BrokerNodeGroupInfo=brokers)
    return made["ClusterArn"]


def idle_kafka_cluster(of, short):
    kafka, backend = kafka_clusters(of)
    arn = brokers_of(kafka, "kafka.t3.small")
    probe = lambda: [[c.cluster_name, c.number_of_broker_nodes, c.broker_node_group_info["instanceType"]] for c in backend.clusters.values()]
    return Case({of.subject: arn}, probe, [], [["events", 2, "kafka.t3.small"]], env={"APPROVED": "yes"})


def idle_serverless_kafka_cluster(of, short):
    kafka, backend = kafka_clusters(of)
    made = kafka.create_cluster_v2(ClusterName="search-trial", Serverless={"VpcConfigs": [{"SubnetIds": SUBNETS}]})
    probe = lambda: [[c.cluster_name, c.cluster_type] for c in backend.clusters.values()]
    return Case({of.subject: made["ClusterArn"]}, probe, [], [["search-trial", "SERVERLESS"]], env={"APPROVED": "yes"})


def graviton_kafka_cluster(of, short):
    kafka, backend = kafka_clusters(of)
    arn = brokers_of(kafka, "kafka.m5.large")
    brokers = backend.clusters[arn].broker_node_group_info

    def update(request):
        brokers["instanceType"] = json.loads(request["body"])["targetInstanceType"]
        return {"ClusterArn": arn}

    answers = {"kafka.UpdateBrokerType": update}
    return Case({of.subject: arn}, lambda: brokers["instanceType"], "kafka.m7g.large", "kafka.m5.large", answers=answers)


def broker(of, name, mode, subnets):
    mq = of("mq")
    user = {"Username": "admin", "Password": "secret-123456"}
    kind = {"EngineType": "RABBITMQ", "EngineVersion": "3.13", "HostInstanceType": "mq.m5.large", "PubliclyAccessible": False}
    made = mq.create_broker(BrokerName=name, DeploymentMode=mode, AutoMinorVersionUpgrade=True, SubnetIds=subnets, Users=[user], **kind)
    probe = lambda: sorted([b["BrokerName"], b["DeploymentMode"]] for b in mq.list_brokers()["BrokerSummaries"])
    env = {"BROKER_USER": "admin", "BROKER_PASSWORD": "secret-123456"}
    return made["BrokerId"], probe, env


def idle_broker(of, short):
    made, probe, env = broker(of, "crm-bus", "SINGLE_INSTANCE", SUBNETS[:1])
    return Case({short: made}, probe, [], [["crm-bus", "SINGLE_INSTANCE"]], env=env | {"APPROVED": "yes"})


def multi_az_test_broker(of, short):
    made, probe, env = broker(of, "bus-qa", "CLUSTER_MULTI_AZ", SUBNETS)
    after, back = [["bus-qa-single", "SINGLE_INSTANCE"]], [["bus-qa", "CLUSTER_MULTI_AZ"]]
    return Case({short: made}, probe, after, back, env=env | {"MOVED": "yes", "MOVED_BACK": "yes"})


def extra_domain_controller(of, short):
    count = [3]

    def update(request):
        count[0] = json.loads(request["body"])["DesiredNumber"]
        return {}

    answers = {
        "ds.DescribeDirectories": lambda _: {"DirectoryDescriptions": [{"DirectoryId": short, "DesiredNumberOfDomainControllers": count[0]}]},
        "ds.UpdateNumberOfDomainControllers": update,
        "ds.DescribeDomainControllers": lambda _: {"DomainControllers": [{"Status": "Active"}] * count[0]},
    }
    return Case({}, lambda: count[0], 2, 3, answers=answers)


def lasting_provisioned_throughput(of, short):
    model = {"provisionedModelName": "guide", "modelArn": "arn:aws:bedrock:us-east-1::foundation-model/a", "modelUnits": 1}
    models = [model]
    answers = {
        "bedrock.GetProvisionedModelThroughput": lambda _: dict(model),
        "bedrock.DeleteProvisionedModelThroughput": lambda _: models.clear() or {},
        "bedrock.CreateProvisionedModelThroughput": lambda _: models.append(model) or {"provisionedModelArn": "arn"},
    }
    return Case({}, lambda: [m["provisionedModelName"] for m in models], [], ["guide"], answers=answers)


def detailed_monitoring(of, short):
    states = ["enabled"]
    answers = {
        "ec2.UnmonitorInstances": lambda _: states.insert(0, "disabled") or {"InstanceMonitorings": []},
        "ec2.MonitorInstances": lambda _: states.insert(0, "enabled") or {"InstanceMonitorings": []},
    }
    return Case({}, lambda: states[0], "disabled", "enabled", answers=answers)


MESSAGING = {
    "idle_kafka_cluster": idle_kafka_cluster,
    "idle_serverless_kafka_cluster": idle_serverless_kafka_cluster,
    "graviton_kafka_cluster": graviton_kafka_cluster,
    "idle_broker": idle_broker,
    "multi_az_test_broker": multi_az_test_broker,
    "extra_domain_controller": extra_domain_controller,
    "lasting_provisioned_throughput": lasting_provisioned_throughput,
    "detailed_monitoring": detailed_monitoring,
}
