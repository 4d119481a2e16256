//! Buckets that keep every old version of every object for ever.
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
    "share taken to be noncurrent versions",
    "",
    "chosen (ADR 0016), cautious: S3 Storage Lens tells what it is",
);
const DAYS: Threshold = chosen(
    "keep_days",
    30.0,
    "days",
    "days that a noncurrent version is kept",
    "",
    "chosen (ADR 0016): a month to find out that something was overwritten",
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
Buckets with versioning, more in S3 Standard than the threshold, and no enabled lifecycle rule that expires noncurrent versions: what is overwritten
or deleted is kept, and paid for, for ever.
## How the saving is computed
Per month: EffectiveCost of the storage × the share taken to be noncurrent versions. `low` is 0: neither bill nor inventory says how much it is; the
free metrics of S3 Storage Lens do.
## Trade-offs
Old versions are a protection against deletion and overwriting by people and by ransomware: keep as many days as it takes to notice.
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
            .ok_or("the inventory does not say whether it keeps versions")?;
        if versioning == "Disabled" {
            return Ok(None);
        }
        let expires = bucket.and_then(|b| b.get(detail::EXPIRES_NONCURRENT));
        if expires.ok_or("the inventory does not say whether a rule expires old versions")? {
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
                    "taken to be old versions",
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
                "look at NoncurrentVersionStorageBytes in S3 Storage Lens",
                "one prefix first, then the whole bucket",
            ])
            .watch("NoncurrentVersionStorageBytes falls within days; nothing else does")
            .terraform(format!(
                "aws_s3_bucket_lifecycle_configuration: noncurrent_version_expiration {{ noncurrent_days = {days} }}"
            ))
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "an old version that is needed after the days kept is gone";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("less protection: what was deleted or overwritten can be had back for the days kept only")
        .effect("within two days")
        .undo(Reversibility::Irreversible)
        .test_first(&[
            "look at S3 Storage Lens: how much is old, and under which prefixes",
            "ask who restores versions, and rules of retention or object lock",
        ])
        .rollback(&["removing the rule stops the deletion, but deleted data cannot be restored"])
}
