//! Buckets that retain old object versions forever.
//!
//! In: monthly resource rows of `TimedStorage-ByteHrs`; inventory `bucket` rows with versioning
//! and lifecycle rules. Out: one `Modify` opportunity per bucket.

use rust_decimal::Decimal;

use super::bucket_rule::add_rule;
use super::cold_bucket::{is_standard, large};
use crate::check::{CheckMeta, Context, Group, Input, Threshold};
use crate::checks::shared::chosen;
use crate::checks::shared::plain::{Found, PlainCheck, name_of};
use crate::cloud::Provider;
use crate::inventory::detail;
use crate::opportunity::{Action, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const SIZE: Threshold = chosen(
    "least_gb",
    100.0,
    "GB",
    "TimedStorage-ByteHrs",
    "the month under review",
    "chosen (ADR 0016)",
);
const OLD: Threshold = chosen(
    "old_pct",
    10.0,
    "% of the storage",
    "share assumed to be noncurrent versions",
    "",
    "chosen (ADR 0016), cautious: S3 Storage Lens shows the real share",
);
const DAYS: Threshold = chosen(
    "keep_days",
    30.0,
    "days",
    "days for which a noncurrent version is retained",
    "",
    "chosen (ADR 0016): a month to notice that an object was overwritten",
);

static META: CheckMeta = CheckMeta {
    id: "noncurrent_versions",
    provider: Some(Provider::Aws),
    service: "s3",
    title: "Versioned buckets that never expire old versions",
    group: Group::Storage,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["s3:ListAllMyBuckets", "s3:GetBucketVersioning", "s3:GetLifecycleConfiguration"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 1,
    thresholds: &[SIZE, OLD, DAYS],
    docs: "\
## What it finds
Buckets with versioning, at least the threshold in S3 Standard, and no enabled lifecycle rule that expires noncurrent versions. Overwritten and
deleted objects are retained and billed forever.
## How the saving is computed
Per month: EffectiveCost of the storage × the share assumed to be noncurrent versions. `low` is 0, because neither the bill nor the inventory shows
the real share. The free metrics of S3 Storage Lens do. `high` is with twice the share.
## Trade-offs
Old versions protect against deletion and overwriting by people and by ransomware. Retain them for as many days as you need to notice it.
## Source
Amazon S3 User Guide, \"Retaining multiple versions of objects with S3 Versioning\", \"Setting an S3 Lifecycle configuration on a bucket\"
and \"Amazon S3 Storage Lens metrics glossary\" (NoncurrentVersionStorageBytes). Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: is_standard,
    look: |cx, used| {
        let Some(gb) = large(cx, used, META.id, &SIZE)? else { return Ok(None) };
        let bucket = cx.resource(&used.resource_id);
        let versioning = bucket
            .and_then(|b| b.get(detail::VERSIONING))
            .ok_or("its versioning is missing from the inventory")?;
        if versioning == "Disabled" {
            return Ok(None);
        }
        let expires = bucket.and_then(|b| b.get(detail::EXPIRES_NONCURRENT));
        if expires.ok_or("the inventory does not show whether a rule expires old versions")? {
            return Ok(None);
        }
        let (old, days) = (cx.decimal(META.id, &OLD), cx.decimal(META.id, &DAYS).normalize());
        Ok(Some(Found {
            share: old / Decimal::ONE_HUNDRED,
            uncertain: true,
            title: format!("Expire old versions in {} after {days} days", name_of(cx, used)),
            facts: vec![
                Evidence::new("stored", format!("{} GB", gb.round_dp(0)), "bill"),
                Evidence::new("versioning", versioning, "inventory"),
                Evidence::new(
                    "share assumed to be old versions",
                    format!("{} %", old.normalize()),
                    "assumed",
                ),
            ],
            change: Some(("old versions", "forever".to_owned(), format!("{days} days"))),
        }))
    },
    trade_off,
    runbook: |draft, cx, used| {
        let id = shell_word(name_of(cx, used));
        let days = cx.decimal(META.id, &DAYS).normalize();
        let action = format!("\"NoncurrentVersionExpiration\": {{\"NoncurrentDays\": {days}}}");
        add_rule(draft, &id, "expire-old-versions", &action)
            .rollout(&[
                "check NoncurrentVersionStorageBytes in S3 Storage Lens",
                "start with one prefix, then the complete bucket",
            ])
            .watch("NoncurrentVersionStorageBytes: it should fall within days, and no other storage should")
            .terraform(format!(
                "aws_s3_bucket_lifecycle_configuration: noncurrent_version_expiration {{ noncurrent_days = {days} }}"
            ))
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "an old version that is needed after the retention days is lost";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("less protection: deleted or overwritten objects can only be restored within the retention days")
        .effect("within two days")
        .undo(Reversibility::Irreversible)
        .test_first(&[
            "check in S3 Storage Lens how much storage is old versions, and under which prefixes",
            "ask who restores versions, and check retention rules and Object Lock",
        ])
        .rollback(&["removing the rule stops the deletion, but deleted data cannot be restored"])
}
