//! What changes together: the nodes of a replication group, or a single node.

use super::again::{self, ROLLBACK};
use super::cache::Cache;
use super::settings;
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, ResourceUse};
use crate::checks::shared::plain::{PlainCheck, name_of};
use crate::inventory::detail;
use crate::opportunity::Draft;
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
    pub(super) upgrade: Upgrade,
}

/// Returns the ways to make a change together with an upgrade, which cannot be undone in place: the
/// rollback creates the cache again as it was, from a snapshot. A single node is changed as such or,
/// for another engine, in a replication group that the script creates around it.
pub(super) fn ways(cx: &Context<'_>, used: &ResourceUse, part: &Part<'_>) -> Vec<Way> {
    if let Some(group) = group_of(cx, used) {
        let group = Cache::Group(group);
        return vec![way(part, group, group, "")];
    }
    let name = name_of(cx, used);
    let (alone, group) = (Cache::Cluster(name), Cache::Group(name));
    let option = group.option();
    let start = format!(
        "save group.json aws elasticache create-replication-group {option} --primary-cluster-id {} --replication-group-description 'for the upgrade'\n\
         {}\n",
        shell_word(name),
        group.available(&option)
    );
    let grouped = way(part, alone, group, &start);
    match part.upgrade {
        // Only a replication group can change its engine.
        Upgrade::Engine => vec![grouped],
        _ => vec![way(part, alone, alone, ""), grouped],
    }
}

/// Returns the way to change a cache that was another one `before`: `start` are the lines that make
/// it what it is.
fn way(part: &Part<'_>, before: Cache<'_>, changed: Cache<'_>, start: &str) -> Way {
    let snapshot = snapshot_of(before.id());
    let option = changed.option();
    Way {
        before: part.before.to_owned(),
        command: (
            format!(
                "{}\n{}\n{start}aws elasticache modify-{} {option} ",
                settings::save(before),
                again::snapshot(before, &snapshot),
                changed.kind()
            ),
            format!(" --apply-immediately\n{}", changed.available(&option)),
        ),
        options: part.options.to_owned(),
        undo: (again::restore(before, &snapshot), String::new()),
        upgrade: part.upgrade,
        downtime: "seconds to minutes, while nodes fail over; a single node is unavailable for minutes",
        rollback: ROLLBACK,
        ..Way::default()
    }
}

/// Returns the name of the snapshot of a cache before its changes, as a word of the shell.
fn snapshot_of(id: &str) -> String {
    shell_word(&format!("{id}-before-changes"))
}

/// Adds the lines of an upgrade alone, with its rollback.
pub(super) fn upgraded(
    draft: Draft,
    cx: &Context<'_>,
    used: &ResourceUse,
    part: &Part<'_>,
) -> Draft {
    let ways = ways(cx, used, part);
    let draft = draft.rollout(&[
        "restore a snapshot to a copy, upgrade the copy, and run the application's tests against it",
        "upgrade this cache outside busy hours",
        &format!("after a week without errors, delete the snapshot {}: it is billed", snapshot_of(label(cx, used))),
    ]);
    let draft = match ways.first() {
        Some(way) => draft
            .run(way.before.clone())
            .run(format!("{}{}{}", way.command.0, way.options, way.command.1))
            .undo(format!("{}{}", way.undo.0, way.undo.1)),
        None => draft,
    };
    ways.into_iter()
        .fold(draft, Draft::way)
        .watch("client errors, latency, and Evictions, for a week")
}
