"""Cases of runbooks that change databases, clusters, and search domains."""

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
    memory.create_cluster(ClusterName=name, NodeType="db.t4g.small", ACLName="open-access")
    found = lambda: [c["NodeType"] for c in memory.describe_clusters()["Clusters"] if c["Name"] == name]
    return Case({}, found, [], ["db.t4g.small"])


def orphaned_database_backup(of, short):
    rds = of("rds")
    rds.create_db_instance(DBInstanceIdentifier=short, DBInstanceClass="db.m5.large", Engine="mysql", MasterUsername="u", MasterUserPassword="secret99", AllocatedStorage=20)
    for name in ("a", "b"):
        rds.create_db_snapshot(DBInstanceIdentifier=short, DBSnapshotIdentifier=f"{short}-{name}")
    rds.delete_db_instance(DBInstanceIdentifier=short, SkipFinalSnapshot=True)
    probe = lambda: len(rds.describe_db_snapshots(DBInstanceIdentifier=short, SnapshotType="manual")["DBSnapshots"])
    return Case({}, probe, 0, None, env={"APPROVED": "yes"})


STORES = {
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
