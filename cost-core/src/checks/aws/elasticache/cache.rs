//! A cache that changes as one: its names in commands.

use crate::runbook::shell_word;

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
    pub(super) fn describe(self, option: &str) -> (String, &'static str) {
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
}
