//! Lines that create a cache again as it was, from a snapshot.

use super::cache::Cache;
use crate::checks::aws::lines;
use crate::runbook::shell_word;

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

/// Returns the name of the cache that a rollback creates beside it.
fn beside(cache: Cache<'_>) -> String {
    let most = match cache {
        Cache::Group(_) => LONGEST_GROUP,
        Cache::Cluster(_) => LONGEST_CLUSTER,
    };
    let end = "-before";
    let start: String = cache.id().chars().take(most.saturating_sub(end.len())).collect();
    format!("{}{end}", start.trim_end_matches('-'))
}

/// Returns lines that create a snapshot and wait until it is complete. A group in cluster mode is
/// saved as such, others by one of their nodes: a replica, so that the primary node is not slowed
/// down, if there is one.
///
/// Source: Amazon `ElastiCache` User Guide, "Taking manual backups". Read 2026-11.
pub(super) fn snapshot(cache: Cache<'_>, name: &str) -> String {
    let taken_of = |option: &str| {
        format!(
            "save snapshot.json aws elasticache create-snapshot {option} --snapshot-name {name}"
        )
    };
    let option = cache.option();
    let taken = match cache {
        Cache::Cluster(_) => taken_of(&option),
        Cache::Group(_) => {
            let (describe, at) = cache.describe(&option);
            format!(
                "once CLUSTERED {describe} --query '{at}.ClusterEnabled' --output text\n\
                 once SOURCE {describe} --query '{at}.not_null(NodeGroups[0].NodeGroupMembers[?CurrentRole==`\"replica\"`].CacheClusterId | [0], MemberClusters[0])' --output text\n\
                 if [ \"$CLUSTERED\" = True ]; then\n{}\nelse\n{}\nfi",
                taken_of(&option),
                taken_of("--cache-cluster-id \"$SOURCE\"")
            )
        }
    };
    format!(
        "{taken}\n\
         until_is available 1440 aws elasticache describe-snapshots --snapshot-name {name} --query 'Snapshots[0].SnapshotStatus' --output text\n\
         {}",
        lines::recent("snapshot.json")
    )
}

/// Returns lines that create a cache again beside the changed one, from a snapshot, and show its
/// endpoint.
pub(super) fn restore(cache: Cache<'_>, snapshot: &str) -> String {
    let (kind, beside) = (cache.kind(), shell_word(&beside(cache)));
    let option = format!("--{kind}-id \"$CREATED\"");
    let (describe, at) = cache.describe(&option);
    let (create, endpoint) = match cache {
        Cache::Group(_) => (
            with_token(&format!(
                "once CREATED aws elasticache create-replication-group --replication-group-id \"$AGAIN\" --cli-input-json file://input.json \
                 --snapshot-name {snapshot} --query ReplicationGroup.ReplicationGroupId --output text"
            )),
            "(ConfigurationEndpoint || NodeGroups[0].PrimaryEndpoint).Address",
        ),
        Cache::Cluster(_) => (
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
        cache.available(&option)
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
            let lines = restore(Cache::Group(&id), "last");
            assert!(lines.contains(&format!("AGAIN={restored}\n")), "{lines}");
        }
        let lines = restore(Cache::Cluster(&"c".repeat(50)), "last");
        assert!(lines.contains(&format!("AGAIN={}-before\n", "c".repeat(43))), "{lines}");
    }
}
