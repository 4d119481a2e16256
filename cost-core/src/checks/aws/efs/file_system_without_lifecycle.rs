//! File systems that store everything in the Standard class.
//!
//! In:  monthly resource rows of `TimedStorage-ByteHrs` and `IATimedStorage-…` of Amazon EFS.
//! Out: one `Modify` opportunity per file system: lifecycle management.

use rust_decimal::Decimal;

use crate::check::{CheckMeta, Context, Group, ResourceUse, Threshold};
use crate::checks::aws::meter::{kind, text};
use crate::checks::shared::chosen;
use crate::checks::shared::plain::{Found, Look, PlainCheck, name_of};
use crate::cloud::Provider;
use crate::inventory::short_id;
use crate::opportunity::{Action, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const SIZE: Threshold = chosen(
    "least_gb",
    100.0,
    "GB",
    "data in the Standard class",
    "the month under review",
    "chosen: 30 USD a month at the list price of 0.30 USD per GB in us-east-1",
);
const COLD: Threshold = chosen(
    "cold_pct",
    50.0,
    "% of the data",
    "share assumed not to be read for 30 days",
    "",
    "chosen, cautious: measure it with the metric StorageBytes a month after the change",
);
const CHEAPER: Threshold = chosen(
    "cheaper_pct",
    90.0,
    "%",
    "price difference of Infrequent Access",
    "",
    "Amazon EFS pricing, us-east-1: 0.025 USD instead of 0.30 USD per GB is 91.7 % less; rounded down",
);

const READ: Threshold = chosen(
    "read_pct",
    3.7,
    "% of the saving",
    "cost of reads of Infrequent Access",
    "",
    "Amazon EFS pricing, us-east-1: reading costs 0.01 USD per GB, 3.6 % of the difference of 0.275 USD per GB; as if all cold data were read once a month",
);

static META: CheckMeta = CheckMeta {
    id: "file_system_without_lifecycle",
    provider: Some(Provider::Aws),
    service: "efs",
    title: "File systems without lifecycle management",
    group: Group::Storage,
    since: "0.2.0",
    needs: &[],
    permissions: &["elasticfilesystem:DescribeLifecycleConfiguration"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 1,
    thresholds: &[SIZE, COLD, CHEAPER, READ],
    docs: "\
## What it finds
Amazon EFS file systems with at least the threshold's data in the Standard class and nothing in Infrequent Access or Archive: lifecycle management is
off. Needs only the bill.
## How the saving is computed
Per month: EffectiveCost of the Standard storage × the share assumed to be cold × the price difference of Infrequent Access − 3.7 % for reads,
which are billed by GB (`read_pct`, as if all cold data were read once a month). `low` is 0, because the bill does not show how often files are read.
`high` is with twice the share.
## Trade-offs
The first read of a cold file is slower and is billed by GB. With the setting below, a file that is read moves back to Standard.
## Source
Amazon EFS User Guide, \"Managing storage lifecycle\"; Amazon EFS pricing. Read 2026-11.",
};

/// Returns whether a usage belongs to Amazon EFS.
fn is_efs(used: &ResourceUse) -> bool {
    used.service_name
        .as_deref()
        .is_some_and(|s| s.contains("Elastic File System") || s == "AmazonEFS")
}

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: |u| is_efs(u) && kind(u) == "TimedStorage-ByteHrs",
    look,
    trade_off,
    runbook: |draft, _, used| {
        let id = shell_word(short_id(&used.resource_id));
        let put = format!(
            "aws efs put-lifecycle-configuration --file-system-id {id} --lifecycle-policies"
        );
        draft
            .rollout(&["ask the owner how often old files are read: reads from the colder class cost a fee", "check after a month how much data moved, and how much is read again"])
            .run(format!("save lifecycle.json aws efs describe-lifecycle-configuration --file-system-id {id}"))
            .run(format!("{put} TransitionToIA=AFTER_30_DAYS TransitionToPrimaryStorageClass=AFTER_1_ACCESS"))
            .undo(format!("aws efs put-lifecycle-configuration --file-system-id {id} --cli-input-json file://lifecycle.json"))
            .watch("latency of the first reads, and GB of IADataAccess in the bill")
            .terraform("aws_efs_file_system: lifecycle_policy { transition_to_ia = \"AFTER_30_DAYS\" } and lifecycle_policy { transition_to_primary_storage_class = \"AFTER_1_ACCESS\" }")
    },
};

fn look(cx: &Context<'_>, used: &ResourceUse) -> Look {
    let gb =
        used.now().quantity.ok_or("its size cannot be determined: PricingQuantity is missing")?;
    let is_cold = |u: &ResourceUse| {
        text(u).contains("IATimedStorage") || text(u).contains("ArchiveTimedStorage")
    };
    let has_lifecycle = cx.of_resource(&used.resource_id).iter().any(is_cold);
    if has_lifecycle || gb < cx.decimal(META.id, &SIZE) {
        return Ok(None);
    }
    let pct = |threshold| cx.decimal(META.id, threshold) / Decimal::ONE_HUNDRED;
    let cold = cx.decimal(META.id, &COLD).normalize();
    Ok(Some(Found {
        share: pct(&COLD) * pct(&CHEAPER) * (Decimal::ONE - pct(&READ)),
        uncertain: true,
        title: format!("Turn on lifecycle management of {}", name_of(cx, used)),
        facts: vec![
            Evidence::new("in the Standard class", format!("{} GB", gb.round_dp(0)), "bill"),
            Evidence::new("in Infrequent Access or Archive", "nothing", "bill"),
            Evidence::new("assumed to be cold", format!("{cold} %"), "assumption"),
        ],
        change: Some((
            "files not read for 30 days",
            "Standard".to_owned(),
            "Infrequent Access".to_owned(),
        )),
    }))
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "the first read of a cold file is slower and is billed by GB";
    TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
        .reliability("none: both classes store data with the same durability")
        .undo(Reversibility::WithEffort)
        .effect("30 days after the change, as files become cold")
        .test_first(&["ask the owner for jobs that read all files, such as backups and scans: each of their reads is billed"])
        .rollback(&["restore the saved lifecycle configuration; to move files back to Standard, set TransitionToPrimaryStorageClass=AFTER_1_ACCESS and read them"])
        .caveats(&["files under 128 KB stay in Standard"])
}
