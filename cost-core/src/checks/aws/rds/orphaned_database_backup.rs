//! Backups of databases that no longer exist.
//!
//! In:  monthly resource rows of backup storage of RDS and Aurora, and of everything else that is
//!      billed for the same database; the inventory, if there is one.
//! Out: one `Remove` opportunity per database.

use rust_decimal::Decimal;

use super::aurora::known_cluster;
use crate::check::{CheckMeta, Context, Group, ResourceUse, Threshold};
use crate::checks::aws::meter::kind;
use crate::checks::shared::chosen;
use crate::checks::shared::plain::{Found, Look, PlainCheck};
use crate::checks::shared::rollout::removal;
use crate::checks::shared::uncertain::SUCCESS;
use crate::cloud::Provider;
use crate::cloud::aws::arn::{Arn, last_part};
use crate::inventory::{Kind, Resource};
use crate::opportunity::{Action, Draft, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const MONTHS: Threshold = chosen(
    "least_months",
    3.0,
    "months",
    "months in which the backups were billed, and nothing else of the database",
    "the last three months",
    "chosen: automated backups are retained for at most 35 days, so that older ones stay until someone deletes them",
);

static META: CheckMeta = CheckMeta {
    id: "orphaned_database_backup",
    provider: Some(Provider::Aws),
    service: "rds",
    title: "Backups of deleted databases",
    group: Group::Storage,
    since: "0.2.0",
    needs: &[],
    permissions: &["rds:DescribeDBSnapshots", "rds:DescribeDBClusterSnapshots"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 3,
    thresholds: &[MONTHS, SUCCESS],
    docs: "\
## What it finds
Backup storage of RDS and Aurora databases that had no other charge in the last three months and are not in the inventory: the database was deleted,
and its manual snapshots stay. Bills name the database of most backups. Backups that the bill names by themselves are skipped, with the reason, because
it does not show their database. Backups are also skipped if a database or cluster of the same name exists in another region or account: they may be
copies for disaster recovery. Backup storage up to the size of the databases of a region is free and not part of the bill.
## How the saving is computed
Per month: EffectiveCost of the backup storage. `low` is 0, because the owner may want to retain a copy. If free backup storage of the region is
then used by other backups, their cost does not change.
`expected` is 50 % of what is possible (`success_pct`).
## Trade-offs
The data is lost permanently. An export to S3 (Parquet) of the newest snapshot costs less than its storage in RDS.
## Source
Amazon RDS User Guide, \"Deleting a DB snapshot\" and \"Backup storage\"; AWS Database Blog, \"Amazon RDS now supports detailed backup storage
billing\". Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck =
    PlainCheck { meta: &META, action: Action::Remove, wanted: is_backup, look, trade_off, runbook };

fn is_backup(used: &ResourceUse) -> bool {
    matches!(kind(used), "RDS:ChargedBackupUsage" | "Aurora:BackupUsage")
}

fn is_cluster(used: &ResourceUse) -> bool {
    used.resource_id.contains(":cluster:")
}

/// Returns whether an ID is that of a database or cluster of RDS.
fn is_database(id: &str) -> bool {
    Arn::of(id).is_some_and(|arn| {
        arn.service == "rds" && ["db:", "cluster:"].iter().any(|of| arn.resource.starts_with(of))
    })
}

/// Returns whether a database or cluster of this name is in another region or account of the bill
/// or inventory. Its backups may be copied to where it has no other charge.
fn exists_elsewhere(cx: &Context<'_>, used: &ResourceUse, name: &str) -> bool {
    let place = (used.sub_account_id.as_deref(), Some(used.region_id.as_str()));
    let mut billed = cx.used_in_window(|u| {
        !is_backup(u)
            && is_database(&u.resource_id)
            && last_part(&u.resource_id) == name
            && (u.sub_account_id.as_deref(), Some(u.region_id.as_str())) != place
    });
    let is_same = |r: &Resource| {
        (r.name.as_deref() == Some(name) || last_part(&r.resource_id) == name)
            && (r.sub_account_id.as_deref(), r.region_id.as_deref()) != place
    };
    let mut known = cx
        .inventory
        .into_iter()
        .flat_map(|i| i.of_kind(Kind::DbInstance).chain(i.of_kind(Kind::DbCluster)));
    billed.next().is_some() || known.any(is_same)
}

fn look(cx: &Context<'_>, used: &ResourceUse) -> Look {
    let id = &used.resource_id;
    if !is_cluster(used) && !id.contains(":db:") {
        return Err("the bill does not show the database of this backup".to_owned());
    }
    let months = used.months.len();
    let has_others = cx.of_resource_in_window(id).any(|u| !is_backup(u));
    let exists = cx.resource(id).is_some() || known_cluster(cx, id).is_some();
    if has_others
        || exists
        || Decimal::from(u32::try_from(months).unwrap_or(0)) < cx.decimal(META.id, &MONTHS)
    {
        return Ok(None);
    }
    let name = last_part(id);
    if exists_elsewhere(cx, used, name) {
        return Err("a database or cluster of the same name exists in another region or account: the backups may be copies for disaster recovery".to_owned());
    }
    Ok(Some(Found {
        share: Decimal::ONE,
        uncertain: true,
        title: format!("Delete the backups of the deleted database {name}"),
        facts: vec![
            Evidence::new("other charges of the database", "none", "bill"),
            Evidence::new("months seen", months, "bill"),
        ],
        change: None,
    }))
}

fn runbook(draft: Draft, _: &Context<'_>, used: &ResourceUse) -> Draft {
    let id = shell_word(last_part(&used.resource_id));
    // Bills may name a cluster by its resource ID, which snapshots have too.
    let (list, delete) = if is_cluster(used) {
        (
            format!(
                "aws rds describe-db-cluster-snapshots --snapshot-type manual --query \"DBClusterSnapshots[?DBClusterIdentifier=='\"{id}\"' || DbClusterResourceId=='\"{id}\"'].[DBClusterSnapshotIdentifier]\" --output text"
            ),
            "aws rds delete-db-cluster-snapshot --db-cluster-snapshot-identifier",
        )
    } else {
        (
            format!(
                "aws rds describe-db-snapshots --snapshot-type manual --db-instance-identifier {id} --query 'DBSnapshots[].[DBSnapshotIdentifier]' --output text"
            ),
            "aws rds delete-db-snapshot --db-snapshot-identifier",
        )
    };
    let draft = removal(
        draft,
        "retention rules may require them",
        "writes the list of snapshots to snapshots.txt, and deletes them when the owner has approved the list",
    );
    draft
        .run(format!("save snapshots.txt {list}"))
        .run(": \"${APPROVED:?set APPROVED to yes when the owner has approved the list in snapshots.txt, and retention rules and legal holds allow it}\"")
        .run(format!("while read -r NAME; do\n{delete} \"$NAME\"\ndone < snapshots.txt"))
        .watch("requests to restore old data")
        .terraform("remove its aws_db_snapshot or aws_db_cluster_snapshot, if there is one")
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "they are the last copies of the data: it is lost permanently";
    TradeOff::new(Level::Low, Level::High, reason, cx.currency())
        .reliability("removes the backups of a database that no longer exists: check retention rules and legal holds first")
        .undo(Reversibility::Irreversible)
        .test_first(&[
            "ask the owner; check retention rules and legal holds",
            "export the newest snapshot to S3 if the data may be needed again",
        ])
        .rollback(&["none: restore the tables from the export in S3, if there is one"])
        .caveats(&["retained automated backups are not deleted by the script: they expire at the end of their retention"])
}
