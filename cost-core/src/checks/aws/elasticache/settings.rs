//! Lines that save the settings of a cache as the input of the command that creates it again.
//!
//! Each part of the input is read by one call as JSON in one line, because the settings of a
//! replication group are in three answers: those of the group, of its nodes, and of its tags.

use super::cache::Cache;
use crate::checks::aws::lines;
use crate::runbook::shell_word;

/// Where a description has a value other than the default. Some engine versions refuse the option
/// even with the default.
const NOT_DEFAULT: [(&str, &str); 2] = [
    ("NetworkType", "NetworkType!=`\"ipv4\"` && NetworkType"),
    ("IpDiscovery", "IpDiscovery!=`\"ipv4\"` && IpDiscovery"),
];
/// Where the description of a node has the settings that nodes and groups have in common.
const OF_NODES: [(&str, &str); 5] = [
    lines::same("CacheSubnetGroupName"),
    ("CacheParameterGroupName", "CacheParameterGroup.CacheParameterGroupName"),
    ("SecurityGroupIds", "SecurityGroups[].SecurityGroupId"),
    lines::same("PreferredMaintenanceWindow"),
    ("NotificationTopicArn", "NotificationConfiguration.TopicArn"),
];
/// The same for settings whose place is the same in the descriptions of nodes and groups.
const OF_BOTH: [(&str, &str); 2] = [
    ("SnapshotWindow", "SnapshotRetentionLimit>`0` && SnapshotWindow"),
    (
        "LogDeliveryConfigurations",
        "LogDeliveryConfigurations[].{LogType: LogType, DestinationType: DestinationType, DestinationDetails: DestinationDetails, LogFormat: LogFormat}",
    ),
];
/// Where the description of a group has settings that not every group has. The first node of a group
/// becomes its primary node.
const OF_GROUPS: [(&str, &str); 10] = [
    ("NumCacheClusters", "!ClusterEnabled && length(MemberClusters)"),
    (
        "PreferredCacheClusterAZs",
        "!ClusterEnabled && NodeGroups[0].[NodeGroupMembers[?CurrentRole==`\"primary\"`], NodeGroupMembers[?CurrentRole!=`\"primary\"`]][].PreferredAvailabilityZone",
    ),
    ("NumNodeGroups", "ClusterEnabled && length(NodeGroups)"),
    (
        "NodeGroupConfiguration",
        "ClusterEnabled && NodeGroups[].merge({ReplicaCount: length(NodeGroupMembers[1:]), PrimaryAvailabilityZone: NodeGroupMembers[0].PreferredAvailabilityZone}, \
         Slots && {Slots: Slots} || `{}`, NodeGroupMembers[1:] && {ReplicaAvailabilityZones: NodeGroupMembers[1:].PreferredAvailabilityZone} || `{}`)",
    ),
    lines::same("KmsKeyId"),
    lines::same("UserGroupIds"),
    ("DataTieringEnabled", "DataTiering==`\"enabled\"`"),
    ("TransitEncryptionMode", "TransitEncryptionMode==`\"preferred\"` && TransitEncryptionMode"),
    ("ClusterMode", "ClusterMode==`\"compatible\"` && ClusterMode"),
    ("Port", "(NodeGroups[0].PrimaryEndpoint.Port || ConfigurationEndpoint.Port)"),
];
/// Where the description of a cluster of its own has settings that not every cluster has. Only
/// clusters of Memcached have nodes in several zones.
const OF_CLUSTERS: [(&str, &str); 6] = [
    ("SnapshotRetentionLimit", "SnapshotRetentionLimit>`0` && SnapshotRetentionLimit"),
    lines::same("TransitEncryptionEnabled"),
    (
        "PreferredAvailabilityZone",
        "PreferredAvailabilityZone!=`\"Multiple\"` && PreferredAvailabilityZone",
    ),
    (
        "PreferredAvailabilityZones",
        "PreferredAvailabilityZone==`\"Multiple\"` && CacheNodes[].CustomerAvailabilityZone",
    ),
    ("AZMode", "PreferredAvailabilityZone==`\"Multiple\"` && `\"cross-az\"`"),
    ("Port", "(CacheNodes[0].Endpoint.Port || ConfigurationEndpoint.Port)"),
];

/// Returns lines that save the input which creates a cache again as `again.json`.
pub(super) fn save(cache: Cache<'_>) -> String {
    match cache {
        Cache::Group(_) => save_group(cache),
        Cache::Cluster(_) => save_cluster(cache),
    }
}

/// Returns a line that stores a part of an input as JSON.
fn once(variable: &str, (describe, at): (&str, &str), query: &str) -> String {
    let query = shell_word(&format!("{at}.to_string({query})"));
    format!("once {variable} {describe} --query {query} --output text")
}

/// Returns lines that read the version and tags of a cache, whose description is at a place in the
/// answer of `describe`. From version 6 on, `ElastiCache` takes no patch version (versions of
/// Memcached start with 1). Tags that start with `aws:` are set by AWS only.
///
/// Source: Amazon `ElastiCache` User Guide, "Supported engines and versions". Read 2026-11.
fn version_and_tags(node: &str, (describe, at): (&str, &str)) -> String {
    format!(
        "once OLD_VERSION {node} --query 'CacheClusters[0].EngineVersion' --output text\n\
         once ARN {describe} --query '{at}.ARN' --output text\n\
         once TAGS_INPUT aws elasticache list-tags-for-resource --resource-name \"$ARN\" --query {} --output text\n\
         case \"$OLD_VERSION\" in [1-5].*) ;; *.*.*) OLD_VERSION=\"${{OLD_VERSION%.*}}\" ;; esac",
        shell_word(
            "TagList[?!starts_with(Key, `\"aws:\"`)] | (@ && join(`\"\"`, [`\",\\\"Tags\\\":\"`, to_string(@)])) || `\"\"`"
        )
    )
}

fn save_cluster(cache: Cache<'_>) -> String {
    let (describe, at) = cache.describe(&cache.option());
    let fields = [
        lines::same("CacheNodeType"),
        lines::same("NumCacheNodes"),
        lines::same("Engine"),
        ("AutoMinorVersionUpgrade", "AutoMinorVersionUpgrade!=`false`"),
    ];
    let optional = [&OF_NODES[..], &OF_BOTH, &NOT_DEFAULT, &OF_CLUSTERS].concat();
    format!(
        "{}\n{}\n\
         save again.json printf '%s,\"EngineVersion\":\"%s\"%s}}\\n' \"${{NODE_INPUT%\\}}}}\" \"$OLD_VERSION\" \"$TAGS_INPUT\"",
        once("NODE_INPUT", (&describe, at), &lines::input(&fields, &optional)),
        version_and_tags(&describe, (&describe, at))
    )
}

fn save_group(cache: Cache<'_>) -> String {
    let (describe, at) = cache.describe(&cache.option());
    let node = "aws elasticache describe-cache-clusters --cache-cluster-id \"$MEMBER\"";
    let fields = [
        ("ReplicationGroupDescription", "Description"),
        lines::same("CacheNodeType"),
        ("AutomaticFailoverEnabled", "AutomaticFailover==`\"enabled\"`"),
        ("MultiAZEnabled", "MultiAZ==`\"enabled\"`"),
        ("TransitEncryptionEnabled", "TransitEncryptionEnabled==`true`"),
        ("AtRestEncryptionEnabled", "AtRestEncryptionEnabled==`true`"),
        ("AutoMinorVersionUpgrade", "AutoMinorVersionUpgrade!=`false`"),
        ("SnapshotRetentionLimit", "not_null(SnapshotRetentionLimit, `0`)"),
    ];
    let optional = [&OF_GROUPS[..], &OF_BOTH, &NOT_DEFAULT].concat();
    let place = (describe.as_str(), at);
    format!(
        "GLOBAL=$({describe} --query '{at}.GlobalReplicationGroupInfo.GlobalReplicationGroupId' --output text)\n\
         [ \"$GLOBAL\" = None ] || {{ echo \"it is a member of the global datastore $GLOBAL: change that instead\" >&2; exit 1; }}\n\
         once MEMBER {describe} --query '{at}.MemberClusters[0]' --output text\n\
         once AUTH {describe} --query '{at}.AuthTokenEnabled' --output text\n\
         {}\n{}\n{}\n\
         save again.json printf '%s,\"EngineVersion\":\"%s\"%s,%s\\n' \"${{GROUP_INPUT%\\}}}}\" \"$OLD_VERSION\" \"$TAGS_INPUT\" \"${{NODE_INPUT#\\{{}}\"",
        once("GROUP_INPUT", place, &lines::input(&fields, &optional)),
        once(
            "NODE_INPUT",
            (node, "CacheClusters[0]"),
            &lines::input(&[lines::same("Engine")], &OF_NODES)
        ),
        version_and_tags(node, place)
    )
}
