//! What changes together: the nodes of a replication group, or a single node.

use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, ResourceUse};
use crate::checks::shared::plain::{PlainCheck, name_of};
use crate::inventory::detail;
use crate::runbook::{Upgrade, Way, shell_word};

/// Returns the replication group of a node; `None` if it has none.
pub(super) fn group_of<'a>(cx: &'a Context<'_>, used: &'a ResourceUse) -> Option<&'a str> {
    cx.resource(&used.resource_id).and_then(|node| node.get(detail::REPLICATION_GROUP))
}

/// Returns the name of the replication group, or of the node if it has none.
pub(super) fn label<'a>(cx: &'a Context<'_>, used: &'a ResourceUse) -> &'a str {
    group_of(cx, used).unwrap_or_else(|| name_of(cx, used))
}

/// A check that changes all nodes of a replication group at once: one opportunity for each group.
pub(in crate::checks) struct GroupCheck(pub(in crate::checks) PlainCheck);

impl Check for GroupCheck {
    fn meta(&self) -> &'static CheckMeta {
        self.0.meta
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        self.0.run_by(cx, |used| group_of(cx, used).map(str::to_owned))
    }
}

/// A part of a command that changes a cache.
pub(super) struct Part<'a> {
    /// Lines before the command.
    pub(super) before: &'a str,
    /// Options of the command.
    pub(super) options: &'a str,
    /// Options of the command that restores a snapshot from before the command.
    pub(super) old: &'a str,
    pub(super) upgrade: Upgrade,
}

/// Returns the ways to make a change together with an upgrade, which cannot be undone in place: the
/// rollback restores a snapshot. A single node is changed as such or, for another engine, in a
/// replication group that the script creates around it.
pub(super) fn ways(cx: &Context<'_>, used: &ResourceUse, part: &Part<'_>) -> Vec<Way> {
    let (name, group, label) = (name_of(cx, used), group_of(cx, used), label(cx, used));
    let in_group = || shell_word(label);
    let last = shell_word(&format!("{label}-before-changes"));
    let (old, node) = (shell_word(&format!("{label}-before")), shell_word(name));
    let way = |start: &str, of: &str, option: &str, what: &str, created: &str| Way {
        before: part.before.to_owned(),
        command: (
            format!(
                "{start}save snapshot.json aws elasticache create-snapshot {option} --snapshot-name {last}\n\
                 until_is available 1440 aws elasticache describe-snapshots --snapshot-name {last} --query 'Snapshots[0].SnapshotStatus' --output text\n\
                 aws elasticache modify-{of} {option} "
            ),
            format!(" --apply-immediately\naws elasticache wait {what}-available {option}"),
        ),
        options: part.options.to_owned(),
        undo_before: String::new(),
        undo: (
            format!("aws elasticache create-{of} {created} --snapshot-name {last} --engine redis"),
            format!("\naws elasticache wait {what}-available --{what}-id {old}"),
        ),
        undo_options: part.old.to_owned(),
        upgrade: part.upgrade,
        downtime: "seconds to minutes, while nodes fail over; a single node is unavailable for minutes",
        rollback: "restore the snapshot made before the changes to a new cache, and point clients to it: it does not contain later writes",
    };
    let option = format!("--replication-group-id {}", in_group());
    let start = format!(
        "save group.json aws elasticache create-replication-group {option} --primary-cluster-id {node} --replication-group-description 'for the upgrade'\n\
         aws elasticache wait replication-group-available {option}\n"
    );
    let created = format!(
        "--replication-group-id {old} --replication-group-description 'as before the changes'"
    );
    let group_way =
        |start: &str| way(start, "replication-group", &option, "replication-group", &created);
    if group.is_some() {
        return vec![group_way("")];
    }
    let single = format!("--cache-cluster-id {node}");
    let again = format!("--cache-cluster-id {old} --num-cache-nodes 1");
    let alone = way("", "cache-cluster", &single, "cache-cluster", &again);
    match part.upgrade {
        // Only a replication group can change its engine.
        Upgrade::Engine => vec![group_way(&start)],
        _ => vec![alone, group_way(&start)],
    }
}
