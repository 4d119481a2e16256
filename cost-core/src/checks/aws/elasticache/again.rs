//! Lines that save how a cache is created again as it was, and lines that create it again.
//!
//! Each part of the input is read by one call as JSON in one line, because the settings of a
//! replication group are in three answers: those of the group, of its nodes, and of its tags.

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

/// The most characters of the ID of a group.
///
/// Source: Amazon `ElastiCache` API Reference, `CreateReplicationGroup`. Read 2026-11.
const LONGEST_GROUP: usize = 40;
/// The most characters of the ID of a cluster.
///
/// Source: Amazon `ElastiCache` API Reference, `CreateCacheCluster`. Read 2026-11.
const LONGEST_CLUSTER: usize = 50;

/// How a restored cache replaces the changed one.
pub(super) const ROLLBACK: &str = "create the cache again as it was from the snapshot made before the change: it does not contain later writes. \
    Its endpoint has another name: point clients to it, and delete the changed cache. To retain the name, delete the changed cache first and run the \
    rollback with AGAIN set to its name: until the new one is available, clients have no cache";

/// What no description contains, so that the rollback does not restore it.
pub(super) const NOT_RESTORED: &str = "the rollback does not restore what no description contains: it asks for the AUTH token, and alarms and scaling policies name the old nodes";

/// A cache that changes as one.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cache<'a> {
    /// A replication group.
    Group(&'a str),
    /// A cluster of its own: one node, or several nodes with Memcached.
    Cluster(&'a str),
}

impl<'a> Cache<'a> {
    /// The name of its kind in commands.
    pub(super) const fn kind(self) -> &'static str {
        match self {
            Self::Group(_) => "replication-group",
            Self::Cluster(_) => "cache-cluster",
        }
    }

    /// Its ID.
    pub(super) const fn id(self) -> &'a str {
        match self {
            Self::Group(id) | Self::Cluster(id) => id,
        }
    }

    /// The option that names it.
    pub(super) fn option(self) -> String {
        format!("--{}-id {}", self.kind(), shell_word(self.id()))
    }

    /// The command that describes it, and the place of its description in the answer.
    fn describe(self, option: &str) -> (String, &'static str) {
        match self {
            Self::Group(_) => (
                format!("aws elasticache describe-replication-groups {option}"),
                "ReplicationGroups[0]",
            ),
            Self::Cluster(_) => (
                format!("aws elasticache describe-cache-clusters --show-cache-node-info {option}"),
                "CacheClusters[0]",
            ),
        }
    }

    /// Returns a line that waits until it is available. A waiter of the AWS CLI ends after 10 minutes,
    /// and large caches take longer.
    pub(super) fn available(self, option: &str) -> String {
        let (describe, at) = self.describe(option);
        let status = match self {
            Self::Group(_) => "Status",
            Self::Cluster(_) => "CacheClusterStatus",
        };
        format!("until_is available 1440 {describe} --query '{at}.{status}' --output text")
    }

    /// Returns the name of the cache that a rollback creates beside it.
    fn beside(self) -> String {
        let most = match self {
            Self::Group(_) => LONGEST_GROUP,
            Self::Cluster(_) => LONGEST_CLUSTER,
        };
        let end = "-before";
        let start: String = self.id().chars().take(most.saturating_sub(end.len())).collect();
        format!("{}{end}", start.trim_end_matches('-'))
    }

    /// Returns lines that save the input which creates it again as `again.json`.
    pub(super) fn save(self) -> String {
        match self {
            Self::Group(id) => save_group(id),
            Self::Cluster(id) => save_cluster(id),
        }
    }

    /// Returns lines that create a snapshot and wait until it is complete. A group in cluster mode is
    /// saved as such, others by one of their nodes: a replica, so that the primary node is not slowed
    /// down, if there is one.
    ///
    /// Source: Amazon `ElastiCache` User Guide, "Taking manual backups". Read 2026-11.
    pub(super) fn snapshot(self, name: &str) -> String {
        let snapshot = |option: &str| {
            format!(
                "save snapshot.json aws elasticache create-snapshot {option} --snapshot-name {name}"
            )
        };
        let option = self.option();
        let taken = match self {
            Self::Cluster(_) => snapshot(&option),
            Self::Group(_) => {
                let (describe, at) = self.describe(&option);
                format!(
                    "once CLUSTERED {describe} --query '{at}.ClusterEnabled' --output text\n\
                     once SOURCE {describe} --query '{at}.not_null(NodeGroups[0].NodeGroupMembers[?CurrentRole==`\"replica\"`].CacheClusterId | [0], MemberClusters[0])' --output text\n\
                     if [ \"$CLUSTERED\" = True ]; then\n{}\nelse\n{}\nfi",
                    snapshot(&option),
                    snapshot("--cache-cluster-id \"$SOURCE\"")
                )
            }
        };
        format!(
            "{taken}\n\
             until_is available 1440 aws elasticache describe-snapshots --snapshot-name {name} --query 'Snapshots[0].SnapshotStatus' --output text"
        )
    }

    /// Returns lines that create it again beside the changed one, from a snapshot, and show its
    /// endpoint.
    pub(super) fn restore(self, snapshot: &str) -> String {
        let (kind, beside) = (self.kind(), shell_word(&self.beside()));
        let option = format!("--{kind}-id \"$CREATED\"");
        let (describe, at) = self.describe(&option);
        let (create, endpoint) = match self {
            Self::Group(_) => (
                with_token(&format!(
                    "once CREATED aws elasticache create-replication-group --replication-group-id \"$AGAIN\" --cli-input-json file://input.json \
                     --snapshot-name {snapshot} --query ReplicationGroup.ReplicationGroupId --output text"
                )),
                "(ConfigurationEndpoint || NodeGroups[0].PrimaryEndpoint).Address",
            ),
            Self::Cluster(_) => (
                format!(
                    "once CREATED aws elasticache create-cache-cluster --cache-cluster-id \"$AGAIN\" --cli-input-json file://again.json \
                     --snapshot-name {snapshot} --query CacheCluster.CacheClusterId --output text"
                ),
                "CacheNodes[0].Endpoint.Address",
            ),
        };
        format!(
            ". ./ids.sh\n\
             [ -n \"${{AGAIN:-}}\" ] || AGAIN={beside}\n\
             {create}\n\
             {}\n\
             ENDPOINT=$({describe} --query '{at} | {endpoint}' --output text)\n\
             echo 'point clients to' \"$ENDPOINT\"",
            self.available(&option)
        )
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

fn save_cluster(id: &str) -> String {
    let cache = Cache::Cluster(id);
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

fn save_group(id: &str) -> String {
    let cache = Cache::Group(id);
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

/// Returns lines that write `again.json` with the AUTH token, if the group has one, as `input.json`
/// for a command. The file is deleted after it, also after an error, and only the user can read it:
/// all users of a computer see the arguments of its processes.
fn with_token(command: &str) -> String {
    format!(
        "{}\n\
         (\n\
         trap 'rm -f input.json' EXIT\n\
         umask 077\n\
         INPUT=$(< again.json)\n\
         if [ \"$AUTH\" = True ]; then\n\
         : \"${{AUTH_TOKEN:?set AUTH_TOKEN to the AUTH token that clients use}}\"\n\
         printf '%s,\"AuthToken\":%s}}' \"${{INPUT%\\}}}}\" \"$(escaped \"$AUTH_TOKEN\")\" > input.json\n\
         else\n\
         printf '%s' \"$INPUT\" > input.json\n\
         fi\n\
         {command}\n\
         )\n\
         . ./ids.sh",
        lines::ESCAPED
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_restored_cache_is_one_that_aws_takes() {
        let a = "a".repeat(32);
        for (id, restored) in [
            ("shop".to_owned(), "shop-before".to_owned()),
            // 40 characters: 33 of them, the last of which is a hyphen, and `-before`.
            (format!("{a}-bcdefgh"), format!("{a}-before")),
            ("b".repeat(40), format!("{}-before", "b".repeat(33))),
        ] {
            let lines = Cache::Group(&id).restore("last");
            assert!(lines.contains(&format!("AGAIN={restored}\n")), "{lines}");
        }
        let lines = Cache::Cluster(&"c".repeat(50)).restore("last");
        assert!(lines.contains(&format!("AGAIN={}-before\n", "c".repeat(43))), "{lines}");
    }
}
