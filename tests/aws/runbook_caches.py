"""Cases of runbooks that change caches, on an ElastiCache that is stricter than the emulator: it describes a cache as AWS does, in the
answers of several calls, and refuses what AWS refuses."""

import re

import botocore.exceptions

from runbook_world import Case

ZONES = ["us-east-1b", "us-east-1a", "us-east-1c"]
NETWORK = {
    "CacheSubnetGroupName": "private",
    "SecurityGroupIds": ["sg-1", "sg-2"],
    "PreferredMaintenanceWindow": "sun:05:00-sun:06:00",
    "NotificationTopicArn": "arn:aws:sns:us-east-1:666666666666:caches",
    "AutoMinorVersionUpgrade": "false",
    "Port": "6380",
    "Tags": [{"Key": "team", "Value": "it's \"web\""}],
}
BACKUPS = {"SnapshotRetentionLimit": "3", "SnapshotWindow": "03:00-04:00"}
SLOW_LOG = {
    "LogType": "slow-log",
    "DestinationType": "cloudwatch-logs",
    "DestinationDetails": {"CloudWatchLogsDetails": {"LogGroup": "/caches/slow"}},
    "LogFormat": "json",
}
GROUP = NETWORK | BACKUPS | {
    "ReplicationGroupDescription": "carts, and \"more\"",
    "Engine": "redis",
    "AutomaticFailoverEnabled": "true",
    "MultiAZEnabled": "true",
    "TransitEncryptionEnabled": "true",
    "AtRestEncryptionEnabled": "true",
    "KmsKeyId": "arn:aws:kms:us-east-1:666666666666:key/1",
}
# What a change changes.
CHANGED = ["CacheNodeType", "Engine", "EngineVersion", "CacheParameterGroupName"]
# Fields of a command that are no settings of the cache.
COMMAND = {"Action", "Version", "ReplicationGroupId", "CacheClusterId", "SnapshotName"}


def nested(body):
    """Returns the fields of a request: `Tags.Tag.1.Key` is in a dictionary in a list."""
    tree = {}
    for name, value in body.items():
        *outer, last = name.split(".")
        at = tree
        for part in outer:
            at = at.setdefault(part, {})
        at[last] = str(value).lower() if isinstance(value, bool) else str(value)

    def lists(node):
        if not isinstance(node, dict):
            return node
        inner = next(iter(node.values())) if len(node) == 1 else None
        if isinstance(inner, dict) and all(key.isdigit() for key in inner):
            return [lists(inner[key]) for key in sorted(inner, key=int)]
        return {key: lists(value) for key, value in node.items()}

    return lists(tree)


def refuse(code, text=""):
    raise botocore.exceptions.ClientError({"Error": {"Code": code, "Message": text or code}}, "ElastiCache")


class Caches:
    """Clusters and replication groups, each as the input that creates it."""

    def __init__(self, account, allowed=()):
        self.prefix, self.allowed = f"arn:aws:elasticache:us-east-1:{account}", list(allowed)
        self.clusters, self.groups, self.snapshots, self.before = {}, {}, {}, None
        self.deleting = set()

    def answers(self):
        names = [name for name in dir(self) if name[0].isupper()]
        return {f"elasticache.{name}": lambda request, name=name: getattr(self, name)(nested(request["body"])) for name in names}

    def state(self):
        """Returns each cache, and whether its settings are those of the first cache in the beginning."""
        all_ = [("group", id_, spec) for id_, spec in self.groups.items()] + [("cluster", id_, spec) for id_, spec in self.clusters.items()]
        rest = lambda spec: {key: value for key, value in spec.items() if key not in CHANGED}
        self.before = self.before or rest(all_[0][2])
        row = lambda kind, id_, spec: [kind, id_, *(spec.get(key) for key in CHANGED), "same settings" if rest(spec) == self.before else "other settings"]
        return [sorted(row(*one) for one in all_), sorted(self.snapshots)]

    def members(self, id_, spec):
        """Returns the nodes of a group, by shard."""
        if "NodeGroupConfiguration" in spec:
            shards = spec["NodeGroupConfiguration"]
            return [[f"{id_}-{s + 1:04}-{n + 1:03}" for n in range(int(shard["ReplicaCount"]) + 1)] for s, shard in enumerate(shards)]
        return [[spec["PrimaryClusterId"]]] if "PrimaryClusterId" in spec else [[f"{id_}-{n + 1:03}" for n in range(int(spec["NumCacheClusters"]))]]

    def node(self, id_, spec, group=None):
        """Returns the description of a node: of a group, it has only a part of the settings."""
        version = spec["EngineVersion"]
        return {
            "CacheClusterId": id_,
            "CacheClusterStatus": "deleting" if id_ in self.deleting else "available",
            "CacheNodeType": spec["CacheNodeType"],
            "Engine": spec["Engine"],
            "EngineVersion": version if int(version.split(".")[0]) < 6 else f"{version}.6",
            "NumCacheNodes": 1,
            "PreferredAvailabilityZone": spec.get("PreferredAvailabilityZone", "us-east-1a"),
            "PreferredMaintenanceWindow": spec["PreferredMaintenanceWindow"],
            "NotificationConfiguration": {"TopicArn": spec["NotificationTopicArn"], "TopicStatus": "active"},
            "CacheParameterGroup": {"CacheParameterGroupName": spec["CacheParameterGroupName"], "ParameterApplyStatus": "in-sync"},
            "CacheSubnetGroupName": spec["CacheSubnetGroupName"],
            "SecurityGroups": [{"SecurityGroupId": s, "Status": "active"} for s in spec["SecurityGroupIds"]],
            "AutoMinorVersionUpgrade": spec["AutoMinorVersionUpgrade"] == "true",
            "SnapshotRetentionLimit": int(spec["SnapshotRetentionLimit"]) if group is None else 0,
            "SnapshotWindow": spec["SnapshotWindow"],
            "CacheNodes": [{"CacheNodeId": "0001", "Endpoint": {"Address": f"{id_}.cache", "Port": int(spec["Port"])}}],
            "ARN": f"{self.prefix}:cluster:{id_}",
            "NetworkType": "ipv4",
            "IpDiscovery": "ipv4",
        } | ({"ReplicationGroupId": group} if group else {})

    def group(self, id_, spec):
        """Returns the description of a group: it has neither security groups nor a version."""
        is_clustered = "NodeGroupConfiguration" in spec
        shards = []
        for number, nodes in enumerate(self.members(id_, spec)):
            one = spec["NodeGroupConfiguration"][number] if is_clustered else {}
            zones = [one["PrimaryAvailabilityZone"], *one.get("ReplicaAvailabilityZones", [])] if is_clustered else spec.get("PreferredCacheClusterAZs", ZONES)
            members = [{"CacheClusterId": n, "PreferredAvailabilityZone": z} | ({} if is_clustered else {"CurrentRole": "replica"}) for n, z in zip(nodes, zones)]
            if not is_clustered:
                # The primary node is not always the first one.
                members[0]["CurrentRole"] = "primary"
                members.reverse()
            shards.append({"NodeGroupId": f"{number + 1:04}", "Status": "available", "NodeGroupMembers": members} | ({"Slots": one["Slots"]} if is_clustered else {}))
        end = {"Address": f"{id_}.cache", "Port": int(spec["Port"])}
        for shard in [] if is_clustered else shards:
            shard["PrimaryEndpoint"] = end
        is_true = lambda key: spec.get(key) == "true"
        on = lambda key: "enabled" if is_true(key) else "disabled"
        return {
            "ReplicationGroupId": id_,
            "Description": spec["ReplicationGroupDescription"],
            "GlobalReplicationGroupInfo": {},
            "Status": "available",
            "MemberClusters": [n for nodes in self.members(id_, spec) for n in nodes],
            "NodeGroups": shards,
            "AutomaticFailover": on("AutomaticFailoverEnabled"),
            "MultiAZ": on("MultiAZEnabled"),
            "SnapshotRetentionLimit": int(spec.get("SnapshotRetentionLimit", 0)),
            "SnapshotWindow": spec.get("SnapshotWindow", "05:00-06:00"),
            "ClusterEnabled": is_clustered,
            "CacheNodeType": spec["CacheNodeType"],
            "AuthTokenEnabled": "AuthToken" in spec,
            "TransitEncryptionEnabled": is_true("TransitEncryptionEnabled"),
            "AtRestEncryptionEnabled": is_true("AtRestEncryptionEnabled"),
            "ARN": f"{self.prefix}:replicationgroup:{id_}",
            "UserGroupIds": spec.get("UserGroupIds", []),
            "LogDeliveryConfigurations": [one | {"Status": "active"} for one in spec.get("LogDeliveryConfigurations", [])],
            "AutoMinorVersionUpgrade": is_true("AutoMinorVersionUpgrade"),
            "DataTiering": "disabled",
            "NetworkType": "ipv4",
            "IpDiscovery": "ipv4",
            "ClusterMode": "enabled" if is_clustered else "disabled",
            "Engine": spec["Engine"],
        } | ({"ConfigurationEndpoint": end} if is_clustered else {}) | ({"KmsKeyId": spec["KmsKeyId"]} if "KmsKeyId" in spec else {})

    def check(self, spec, is_clustered):
        version, parameters = spec["EngineVersion"], spec["CacheParameterGroupName"]
        if int(version.split(".")[0]) >= 6 and version.count(".") > 1:
            refuse("InvalidParameterValue", f"specify {version} by its major and minor version")
        if parameters.endswith(".cluster.on") != is_clustered and parameters.startswith("default."):
            refuse("InvalidParameterCombination", f"{parameters} is of the other cluster mode")
        if parameters.startswith("default.") and spec["Engine"] not in parameters:
            refuse("InvalidParameterCombination", f"{parameters} is not of {spec['Engine']}")

    def restorable(self, name, spec):
        if name not in self.snapshots:
            refuse("SnapshotNotFoundFault")
        number = lambda version: [int(part) for part in version.split(".")]
        engine, version = self.snapshots[name]
        if engine != spec["Engine"] or number(version) > number(spec["EngineVersion"]):
            refuse("InvalidParameterValue", f"{engine} {version} cannot be restored to {spec['Engine']} {spec['EngineVersion']}")

    def found(self, id_):
        """Returns what a node belongs to: the ID of its group, if it has one, and the input."""
        for group, spec in self.groups.items():
            if any(id_ in nodes for nodes in self.members(group, spec)):
                return group, spec
        if id_ not in self.clusters:
            refuse("CacheClusterNotFound")
        return None, self.clusters[id_]

    def DescribeReplicationGroups(self, body):
        if body["ReplicationGroupId"] not in self.groups:
            refuse("ReplicationGroupNotFoundFault")
        return {"ReplicationGroups": [self.group(body["ReplicationGroupId"], self.groups[body["ReplicationGroupId"]])]}

    def DescribeCacheClusters(self, body):
        id_ = body["CacheClusterId"]
        group, spec = self.found(id_)
        node = self.node(id_, spec, group)
        if id_ in self.deleting:
            # It is described once while it is being deleted.
            self.deleting.remove(id_)
            del self.clusters[id_]
        if body.get("ShowCacheNodeInfo") != "true":
            del node["CacheNodes"]
        return {"CacheClusters": [node]}

    def ListTagsForResource(self, body):
        kind, id_ = body["ResourceName"].removeprefix(f"{self.prefix}:").split(":")
        spec = self.groups[id_] if kind == "replicationgroup" else self.found(id_)[1]
        return {"TagList": [*spec.get("Tags", []), {"Key": "aws:cloudformation:stack-name", "Value": "caches"}]}

    def ListAllowedNodeTypeModifications(self, _):
        return {"ScaleUpModifications": self.allowed, "ScaleDownModifications": []}

    def DescribeCacheParameters(self, _):
        return {"Parameters": [{"ParameterName": "maxmemory-policy", "ParameterValue": "allkeys-lru"}]}

    def CreateSnapshot(self, body):
        if "ReplicationGroupId" in body:
            spec = self.groups[body["ReplicationGroupId"]]
            if "NodeGroupConfiguration" not in spec:
                refuse("InvalidParameterValue", "not in cluster mode: name a node")
        else:
            spec = self.found(body["CacheClusterId"])[1]
            if "NodeGroupConfiguration" in spec:
                refuse("InvalidParameterValue", "in cluster mode: name the group")
        self.snapshots[body["SnapshotName"]] = [spec["Engine"], spec["EngineVersion"]]
        return {"Snapshot": {"SnapshotName": body["SnapshotName"]}}

    def DescribeSnapshots(self, body):
        return {"Snapshots": [{"SnapshotStatus": "available"} for name in self.snapshots if name == body["SnapshotName"]]}

    def CreateReplicationGroup(self, body):
        id_ = body["ReplicationGroupId"]
        if id_ in self.groups or len(id_) > 40:
            refuse("ReplicationGroupAlreadyExists")
        spec = {key: value for key, value in body.items() if key not in COMMAND}
        if "PrimaryClusterId" in spec:
            spec = self.clusters.pop(spec["PrimaryClusterId"]) | spec
        else:
            is_clustered = "NodeGroupConfiguration" in spec
            self.check(spec, is_clustered)
            self.restorable(body["SnapshotName"], spec)
            if "AuthToken" in spec and spec["TransitEncryptionEnabled"] != "true":
                refuse("InvalidParameterCombination", "AuthToken needs TLS")
            if is_clustered and spec.pop("NumNodeGroups") != str(len(spec["NodeGroupConfiguration"])):
                refuse("InvalidParameterCombination", "NumNodeGroups")
            if not is_clustered and len(spec["PreferredCacheClusterAZs"]) != int(spec["NumCacheClusters"]):
                refuse("InvalidParameterCombination", "the number of zones must be that of the nodes")
        self.groups[id_] = spec
        return {"ReplicationGroup": {"ReplicationGroupId": id_}}

    def ModifyReplicationGroup(self, body):
        return self.modify(self.groups[body["ReplicationGroupId"]], body, "NodeGroupConfiguration" in self.groups[body["ReplicationGroupId"]])

    def ModifyCacheCluster(self, body):
        if "Engine" in body:
            refuse("InvalidParameterValue", "only a replication group can change its engine")
        return self.modify(self.clusters[body["CacheClusterId"]], body, False)

    def modify(self, spec, body, is_clustered):
        upgrades = "EngineVersion" in body
        if body.get("ApplyImmediately") != "true" or upgrades and not self.snapshots:
            refuse("InvalidParameterValue", "an upgrade without a snapshot, or later")
        new = spec | {key: body[key] for key in CHANGED if key in body}
        self.check(new, is_clustered)
        spec.update(new)
        return {}

    def CreateCacheCluster(self, body):
        id_ = body["CacheClusterId"]
        if id_ in self.clusters or len(id_) > 50:
            refuse("CacheClusterAlreadyExists")
        spec = {key: value for key, value in body.items() if key not in COMMAND}
        self.check(spec, False)
        self.restorable(body["SnapshotName"], spec)
        self.clusters[id_] = spec
        return {"CacheCluster": {"CacheClusterId": id_}}

    def DeleteCacheCluster(self, body):
        if body["CacheClusterId"] not in self.clusters:
            refuse("CacheClusterNotFound")
        self.deleting.add(body["CacheClusterId"])
        return {}


def single(of, short, kind, version, parameters, allowed=()):
    """Returns a cluster with one node."""
    caches = Caches(of.account, allowed)
    spec = {"CacheNodeType": kind, "NumCacheNodes": "1", "Engine": "redis", "EngineVersion": version, "PreferredAvailabilityZone": "us-east-1b"}
    caches.clusters[short] = spec | NETWORK | BACKUPS | {"CacheParameterGroupName": parameters}
    return caches


def row(kind, id_, *changed, settings="same settings"):
    return [kind, id_, *changed, settings]


def idle_cache(of, short):
    name = short.split(":")[-1]
    caches = single(of, name, "cache.m5.large", "6.2", "default.redis6.x")
    before = row("cluster", name, "cache.m5.large", "redis", "6.2", "default.redis6.x")
    last = [f"{name}-final"]
    return Case({}, caches.state, [[], last], [[before], last], answers=caches.answers())


def valkey_cache(of, short):
    caches = single(of, short, "cache.r5.large", "6.2", "default.redis6.x")
    after = row("group", short, "cache.r5.large", "valkey", "7.2", "default.valkey7", settings="other settings")
    before = row("cluster", f"{short}-before", "cache.r5.large", "redis", "6.2", "default.redis6.x")
    last = [f"{short}-before-changes"]
    return Case({}, caches.state, [[after], last], [[before, after], last], answers=caches.answers())


def valkey_cache_group(of, short):
    """A group in cluster mode with users and parameters of its own."""
    caches = Caches(of.account)
    shard = lambda slots, count: {"Slots": slots, "ReplicaCount": str(count), "PrimaryAvailabilityZone": ZONES[0]} | ({"ReplicaAvailabilityZones": ZONES[1 : count + 1]} if count else {})
    more = {"NodeGroupConfiguration": [shard("0-8191", 2), shard("8192-16383", 1)], "UserGroupIds": ["shop-users"], "LogDeliveryConfigurations": [SLOW_LOG]}
    old = {"CacheNodeType": "cache.r5.large", "EngineVersion": "7.1", "CacheParameterGroupName": "shop-redis7"}
    caches.groups["shop"] = GROUP | more | old
    after = row("group", "shop", "cache.r5.large", "valkey", "7.2", "shop-valkey7")
    before = row("group", "shop-before", "cache.r5.large", "redis", "7.1", "shop-redis7")
    last = ["shop-before-changes"]
    return Case({}, caches.state, [[after], last], [[after, before], last], env={"GROUP": "shop-valkey7"}, answers=caches.answers())


def extended_support_cache(of, short):
    caches = single(of, short, "cache.r5.large", "5.0.6", "default.redis5.0")
    after = row("cluster", short, "cache.r5.large", "redis", "7.1", "default.redis7")
    before = row("cluster", f"{short}-before", "cache.r5.large", "redis", "5.0.6", "default.redis5.0")
    last = [f"{short}-before-changes"]
    return Case({}, caches.state, [[after], last], [[after, before], last], env={"VERSION": "7.1", "GROUP": "default.redis7"}, answers=caches.answers())


def cache_group_changes(of, short):
    """A new version and another node type of a replication group by one call."""
    old, new = re.search(r"from (cache\.\S+) to (cache\.[\w.]+)", of.title).groups()
    caches = Caches(of.account, [new])
    more = {"NumCacheClusters": "2", "PreferredCacheClusterAZs": ZONES[:2], "AuthToken": "never-in-a-description"}
    caches.groups["shop"] = GROUP | more | {"CacheNodeType": old, "EngineVersion": "5.0.6", "CacheParameterGroupName": "shop-redis5"}
    after = row("group", "shop", new, "redis", "7.1", "default.redis7")
    before = row("group", "shop-before", old, "redis", "5.0.6", "shop-redis5")
    last = ["shop-before-changes"]
    env = {"VERSION": "7.1", "GROUP": "default.redis7", "AUTH_TOKEN": more["AuthToken"]}
    return Case({}, caches.state, [[after], last], [[after, before], last], env=env, answers=caches.answers())


CACHES = {
    "idle_cache": idle_cache,
    "valkey_cache": valkey_cache,
    "valkey_cache_group": valkey_cache_group,
    "extended_support_cache": extended_support_cache,
    "cache_group_changes": cache_group_changes,
}
