//! Customer managed keys without requests.
//!
//! In:  monthly resource rows of `KMS-Keys` and `KMS-Requests`.
//! Out: one `Remove` opportunity per key.

use crate::check::{CheckMeta, Context, Group, Threshold};
use crate::checks::aws::lines;
use crate::checks::aws::meter::kind;
use crate::checks::shared::chosen;
use crate::checks::shared::fee::FeeCheck;
use crate::checks::shared::idle::YOUNG;
use crate::cloud::Provider;
use crate::inventory::short_id;
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const REQUESTS: Threshold = chosen(
    "requests_per_month",
    0.0,
    "requests",
    "requests with the key in a month",
    "every month of the last three",
    "chosen: a key that is used once a month can protect a backup",
);

static META: CheckMeta = CheckMeta {
    id: "unused_key",
    provider: Some(Provider::Aws),
    service: "kms",
    title: "Customer managed keys without requests",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[],
    permissions: &["kms:DescribeKey", "kms:ListAliases"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 2,
    thresholds: &[REQUESTS, YOUNG],
    docs: "\
## What it finds
Customer managed KMS keys that are billed by the month and had no request in each of the last three months. Needs only the bill. Keys without
charges in the month before are excluded. If no key in the bill has requests, the check is skipped.
## How the saving is computed
Per month: EffectiveCost of the key. A disabled key is billed like an enabled one. A key that is scheduled for deletion is not billed.
## Trade-offs
Without the key, everything that is encrypted with it is lost: snapshots, backups, objects, and secrets that nobody reads for months. The script
therefore schedules the deletion with the longest waiting period, in which the key cannot be used and each attempt shows in CloudTrail.
## Source
AWS KMS pricing (by key and month, prorated by the hour; requests). AWS KMS Developer Guide, \"Delete an AWS KMS key\" (waiting period of 7 to 30
days). Read 2026-11.",
};

pub(in crate::checks) static CHECK: FeeCheck = FeeCheck {
    meta: &META,
    is_fee: |u| kind(u).ends_with("KMS-Keys"),
    is_traffic: |u| kind(u).contains("KMS-Requests"),
    most: REQUESTS,
    noun: "key",
    trade_off,
    runbook: |draft, used, _| {
        let id = shell_word(short_id(&used.resource_id));
        draft
            .rollout(&[
                "disable it for a month: everything that needs it fails at once, and enabling it again repairs that",
                "then schedule the deletion",
            ])
            .run(format!("save key.json aws kms describe-key --key-id {id}"))
            .run(format!("save aliases.json aws kms list-aliases --key-id {id}"))
            .run(format!(
                "save policy.json aws kms get-key-policy --key-id {id} --policy-name default"
            ))
            .run(lines::first_step(
                "disabled.txt",
                &format!("aws kms disable-key --key-id {id}"),
                30,
                ("it is disabled", "schedule its deletion"),
            ))
            .run(format!(
                "aws kms schedule-key-deletion --key-id {id} --pending-window-in-days 30"
            ))
            .undo(format!("STATE=$(aws kms describe-key --key-id {id} --query KeyMetadata.KeyState --output text)"))
            .undo(format!("[ \"$STATE\" != PendingDeletion ] || aws kms cancel-key-deletion --key-id {id}"))
            .undo(format!("aws kms enable-key --key-id {id}"))
            .watch("CloudTrail events with the error KMSInvalidStateException that name the key, until the waiting period ends")
            .terraform("remove its aws_kms_key, which has deletion_window_in_days = 30")
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "old backups can need it: data that is encrypted with a deleted key is lost";
    TradeOff::new(Level::Low, Level::High, reason, cx.currency())
        .reliability("recovery from old backups and snapshots may depend on it")
        .effect("from the day of the change: a key pending deletion is not billed")
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "list snapshots, backups, buckets, secrets, and databases that name the key",
            "read its last use in CloudTrail Lake or in the trail's bucket, also of years ago",
            "ask the owner which data is encrypted with it",
        ])
        .rollback(&["cancel the deletion within the waiting period, then enable the key"])
}
