"""Cases of runbooks that change databases, clusters, and search domains."""

import json
import re

from runbook_world import Case, exists


def database(before, probe, after, back, **env):
    """A change of a database instance."""

    def make(of, short):
        rds, name = of("rds"), short
        rds.create_db_instance(DBInstanceIdentifier=name, DBInstanceClass="db.m5.large", Engine="mysql", MasterUsername="u", MasterUserPassword="secret99", **before)
        one = lambda: rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]
        return Case({}, lambda: probe(one()), after, back, env=env)

    return make


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
    settings = {"SecurityGroupIds": ["sg-1", "sg-2"], "MaintenanceWindow": "sun:05:00-sun:06:00", "SnapshotRetentionLimit": 3, "NumShards": 2, "NumReplicasPerShard": 2}
    memory.create_cluster(ClusterName=name, NodeType="db.t4g.small", ACLName="open-access", TLSEnabled=True, **settings)

    def one(c):
        groups = [g["SecurityGroupId"] for g in c["SecurityGroups"]]
        return [c["NodeType"], groups, c["MaintenanceWindow"], c["SnapshotRetentionLimit"], [len(s["Nodes"]) for s in c["Shards"]], c["TLSEnabled"]]

    found = lambda: [one(c) for c in memory.describe_clusters(ShowShardDetails=True)["Clusters"] if c["Name"] == name]
    return Case({}, found, [], [["db.t4g.small", ["sg-1", "sg-2"], "sun:05:00-sun:06:00", 3, [3, 3], True]])


def orphaned_database_backup(of, short):
    rds = of("rds")
    rds.create_db_instance(DBInstanceIdentifier=short, DBInstanceClass="db.m5.large", Engine="mysql", MasterUsername="u", MasterUserPassword="secret99", AllocatedStorage=20)
    for name in ("a", "b"):
        rds.create_db_snapshot(DBInstanceIdentifier=short, DBSnapshotIdentifier=f"{short}-{name}")
    rds.delete_db_instance(DBInstanceIdentifier=short, SkipFinalSnapshot=True)
    probe = lambda: len(rds.describe_db_snapshots(DBInstanceIdentifier=short, SnapshotType="manual")["DBSnapshots"])
    return Case({}, probe, 0, None, env={"APPROVED": "yes"})


def extended_support_search_domain(of, short):
    search = of("opensearch")
    exists(lambda: search.delete_domain(DomainName=short))
    search.create_domain(DomainName=short, EngineVersion="Elasticsearch_7.10")
    versions, checked = ["Elasticsearch_7.10"], []

    def upgrade(request):
        body = json.loads(request["body"])
        if body["PerformCheckOnly"]:
            checked.append(body["TargetVersion"])
        elif body["TargetVersion"] in checked:
            versions.append(body["TargetVersion"])
        return {}

    answers = {
        "opensearch.GetCompatibleVersions": {"CompatibleVersions": []},
        "opensearch.UpgradeDomain": upgrade,
        "opensearch.GetUpgradeStatus": {"StepStatus": "SUCCEEDED_WITH_ISSUES"},
    }
    env = {"VERSION": "OpenSearch_1.3", "SNAPSHOT_DONE": "yes"}
    return Case({}, lambda: versions[-1], "OpenSearch_1.3", None, env=env, answers=answers)


def warehouse(of, name, nodes=2):
    redshift = of("redshift")
    redshift.create_cluster(ClusterIdentifier=name, NodeType="ra3.xlplus", MasterUsername="u", MasterUserPassword="Secret99", NumberOfNodes=nodes)
    return redshift, of.backend("redshift").clusters[name]


def off_hours_warehouse(of, short):
    name = short.split(":")[-1]
    redshift, _ = warehouse(of, name)
    redshift.pause_cluster(ClusterIdentifier=name)
    actions = {}

    def create(request):
        body = request["body"]
        if body["ScheduledActionName"] in actions:
            raise ValueError("ScheduledActionAlreadyExists")
        kind = next(k.split(".")[1] for k in body if k.startswith("TargetAction."))
        actions[body["ScheduledActionName"]] = [body["Schedule"], kind]
        return {}

    answers = {
        "redshift.CreateScheduledAction": create,
        "redshift.DeleteScheduledAction": lambda request: actions.pop(request["body"]["ScheduledActionName"]) and {},
    }
    first, last = re.search(r"only Mon to Fri (\d+)–(\d+) UTC$", of.title).groups()
    after = [[f"cron(0 {int(hour)} ? * MON,TUE,WED,THU,FRI *)", kind] for hour, kind in ((last, "PauseCluster"), (first, "ResumeCluster"))]
    probe = lambda: [sorted(actions.values()), redshift.describe_clusters(ClusterIdentifier=name)["Clusters"][0]["ClusterStatus"]]
    role = {"ROLE_ARN": f"arn:aws:iam::{of.account}:role/scheduler"}
    return Case({}, probe, [sorted(after), "paused"], [[], "available"], env=role, answers=answers)


def oversized_warehouse(of, short):
    old, new = (int(n) for n in re.search(r"from (\d+) to (\d+) nodes", of.title).groups())
    _, cluster = warehouse(of, short.split(":")[-1], old)

    def resize(request):
        if str(request["body"]["Classic"]).lower() == "true":
            raise ValueError("a classic resize takes hours")
        cluster.number_of_nodes = int(request["body"]["NumberOfNodes"])
        return {}

    return Case({}, lambda: cluster.number_of_nodes, new, old, answers={"redshift.ResizeCluster": resize})


def search_domain_changes(of, short):
    """Two changes of a domain by one update of its configuration."""
    search = of("opensearch")
    exists(lambda: search.delete_domain(DomainName=short))
    search.create_domain(DomainName=short, EngineVersion="OpenSearch_2.11", ClusterConfig={"InstanceType": "m5.large.search", "InstanceCount": 2}, EBSOptions={"EBSEnabled": True, "VolumeType": "gp2", "VolumeSize": 100})
    updates = []

    def probe():
        status = search.describe_domain(DomainName=short)["DomainStatus"]
        return [status["ClusterConfig"]["InstanceType"], status["EBSOptions"]["VolumeType"], status["EBSOptions"]["VolumeSize"], len(updates)]

    # The emulator makes the update.
    answers = {
        "opensearch.DescribeInstanceTypeLimits": {"LimitsByRole": {}},
        "opensearch.UpdateDomainConfig": lambda request: updates.append(request["body"]) if request["body"] not in updates else None,
    }
    new = re.search(r"to (\S+\.search)", of.title)[1]
    return Case({}, probe, [new, "gp3", 100, 1], ["m5.large.search", "gp2", 100, 2], answers=answers)


STORES = {
    "search_domain_changes": search_domain_changes,
    "extended_support_search_domain": extended_support_search_domain,
    "off_hours_warehouse": off_hours_warehouse,
    "oversized_warehouse": oversized_warehouse,
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
}
