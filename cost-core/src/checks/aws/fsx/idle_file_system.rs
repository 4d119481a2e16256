//! `FSx` file systems without reads and writes.
//!
//! In:  monthly resource rows of `FSx` file systems; hourly bytes read and written.
//! Out: one `Remove` opportunity per file system.

use crate::check::{CheckMeta, Context, Group, Input, ResourceUse, Threshold};
use crate::checks::aws::lines;
use crate::checks::shared::chosen;
use crate::checks::shared::final_snapshot::{Kept, UNKNOWN_COPY, WithCopy};
use crate::checks::shared::idle::{DAYS, Dimension, IdleCheck, Statistic, YOUNG, always};
use crate::cloud::Provider;
use crate::inventory::{Resource, short_id};
use crate::opportunity::Draft;
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};
use crate::usage::Metric;

const BYTES: Threshold = chosen(
    "bytes_per_day",
    1_000_000.0,
    "bytes per day",
    "DataReadBytes and DataWriteBytes, daily mean",
    "all hours measured",
    "chosen: directory listings and health checks of mounted clients, without files",
);

static META: CheckMeta = CheckMeta {
    id: "idle_file_system",
    provider: Some(Provider::Aws),
    service: "fsx",
    title: "FSx file systems without reads and writes",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[Input::Utilization],
    permissions: &["cloudwatch:ListMetrics", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[BYTES, DAYS, YOUNG, UNKNOWN_COPY],
    docs: "\
## What it finds
Amazon FSx file systems on which less than 1 MB a day was read and written in all hours measured. Storage, throughput, and IOPS are billed whether or
not a client uses them. File systems of FSx for ONTAP and FSx for OpenZFS report these metrics by volume only and are not measured.
## How the saving is computed
Per month of 730 h: EffectiveCost of all charges of the file system − a backup of its storage capacity, at the price of backup storage in the bill or
the price list. `high` is without the backup, which contains only used and deduplicated data. If its size or price is unknown, `low` assumes a copy of
8 % of the saving (`unknown_copy_pct`) and `expected` half of that. HDD storage costs less than a backup of the same size: with much of it, nothing is
saved, and the file system is skipped.
## Trade-offs
Clients that mount it fail. The file system can be created again from its final backup, with another address.
## Source
Amazon FSx for Windows File Server User Guide and FSx for Lustre User Guide, \"Monitoring with Amazon CloudWatch\" (`DataReadBytes`,
`DataWriteBytes`). Amazon FSx API Reference, \"DeleteFileSystem\" (final backup). Read 2026-11.",
};

pub(in crate::checks) static CHECK: WithCopy = WithCopy {
    kept: Kept {
        label: "final backup, per month",
        ..Kept::snapshot("BackupUsage", "fsx-backup").of_service("FSx")
    },
    check: IdleCheck {
        meta: &META,
        is_there: is_file_system,
        goes: |_| true,
        dimensions: &[Dimension {
            metric: Metric::Network,
            statistic: Statistic::PerDay,
            threshold: BYTES,
            label: "bytes read and written per day",
        }],
        noun: "file system",
        trade_off,
        runbook,
        unless: always,
    },
};

fn is_file_system(used: &ResourceUse) -> bool {
    // Backups, which are other resources, are excluded.
    (used.resource_id.is_empty() || used.resource_id.contains(":file-system/"))
        && used.service_name.as_deref().is_some_and(|s| s.contains("FSx"))
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "nothing was read or written, and a backup stays";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("clients that mount it fail")
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "list the clients that mount it: connections in its metrics, and mount commands in images",
            "ask the owner whether it serves a job that runs a few times a year",
        ])
        .rollback(&["create a file system from the backup, and change the address in its clients"])
}

fn runbook(draft: Draft, used: &ResourceUse, _: Option<&Resource>) -> Draft {
    let id = shell_word(short_id(&used.resource_id));
    let describe = format!("aws fsx describe-file-systems --file-system-ids {id}");
    draft
        .rollout(&["run the script: it takes a backup, waits for it, and deletes the file system"])
        .run(format!("save file-system.json {describe}"))
        .run(lines::keep("SUBNET", &describe, "FileSystems[0].SubnetIds[0]"))
        .run(format!(
            "BACKUP=$(aws fsx create-backup --file-system-id {id} --query Backup.BackupId --output text)\n\
             keep BACKUP \"$BACKUP\"\n\
             until_is AVAILABLE 1440 aws fsx describe-backups --backup-ids \"$BACKUP\" --query 'Backups[0].Lifecycle' --output text"
        ))
        .run(format!("aws fsx delete-file-system --file-system-id {id}"))
        .undo(". ./ids.sh")
        .undo("aws fsx create-file-system-from-backup --backup-id \"$BACKUP\" --subnet-ids \"$SUBNET\"")
        .watch("errors of clients that mount it, for a month")
        .terraform("remove its aws_fsx_windows_file_system or aws_fsx_lustre_file_system")
}
