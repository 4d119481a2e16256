//! Buckets that retain parts of incomplete uploads forever.
//!
//! In: monthly resource rows of `TimedStorage-ByteHrs`; inventory `bucket` rows with their
//! lifecycle rules. Out: one `Modify` opportunity per bucket.

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
use crate::tradeoff::{Level, TradeOff};

const SIZE: Threshold = chosen(
    "least_gb",
    1000.0,
    "GB",
    "TimedStorage-ByteHrs",
    "the month under review",
    "chosen (ADR 0016)",
);
const PARTS: Threshold = chosen(
    "parts_pct",
    1.0,
    "% of the storage",
    "share assumed to be parts of incomplete uploads",
    "",
    "chosen (ADR 0016), cautious: S3 Storage Lens shows the real share",
);
/// Days after which an upload is aborted: the example of the Amazon S3 User Guide.
const DAYS: u32 = 7;

static META: CheckMeta = CheckMeta {
    id: "incomplete_uploads",
    provider: Some(Provider::Aws),
    service: "s3",
    title: "Buckets that retain incomplete uploads",
    group: Group::Storage,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["s3:ListAllMyBuckets", "s3:GetLifecycleConfiguration"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 1,
    thresholds: &[SIZE, PARTS],
    docs: "\
## What it finds
Buckets with at least the threshold in S3 Standard and no enabled lifecycle rule that aborts incomplete multipart uploads. Parts of failed uploads
are not listed as objects, and are billed until someone deletes them.
## How the saving is computed
Per month: EffectiveCost of the storage × the share assumed to be such parts. `low` is 0, because neither the bill nor the inventory shows the real
share. The free metrics of S3 Storage Lens do. `high` is with twice the share.
## Trade-offs
Uploads that take longer than a week are aborted.
## Source
Amazon S3 User Guide, \"Configuring a bucket lifecycle configuration to delete incomplete multipart uploads\" and \"Amazon S3 Storage Lens metrics
glossary\" (IncompleteMultipartUploadStorageBytes). Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: is_standard,
    look: |cx, used| {
        let Some(gb) = large(cx, used, META.id, &SIZE)? else { return Ok(None) };
        let aborts = cx.resource(&used.resource_id).and_then(|b| b.get(detail::ABORTS_UPLOADS));
        if aborts.ok_or("the inventory does not show whether a rule aborts incomplete uploads")? {
            return Ok(None);
        }
        let parts = cx.decimal(META.id, &PARTS);
        Ok(Some(Found {
            share: parts / Decimal::ONE_HUNDRED,
            uncertain: true,
            title: format!("Abort incomplete uploads in {} after {DAYS} days", name_of(cx, used)),
            facts: vec![
                Evidence::new("stored", format!("{} GB", gb.round_dp(0)), "bill"),
                Evidence::new(
                    "share assumed to be parts of uploads",
                    format!("{} %", parts.normalize()),
                    "assumed",
                ),
            ],
            change: Some(("incomplete uploads", "forever".to_owned(), format!("{DAYS} days"))),
        }))
    },
    trade_off,
    runbook: |draft, cx, used| {
        let id = shell_word(name_of(cx, used));
        let draft = draft.run(format!("aws s3api list-multipart-uploads --bucket {id}"));
        let action =
            format!("\"AbortIncompleteMultipartUpload\": {{\"DaysAfterInitiation\": {DAYS}}}");
        add_rule(draft, &id, "abort-incomplete-uploads", &action)
            .rollout(&["check uploads in progress, then change all buckets at once"])
            .watch("client uploads that take days")
            .terraform(format!("aws_s3_bucket_lifecycle_configuration: abort_incomplete_multipart_upload {{ days_after_initiation = {DAYS} }}"))
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "only parts of incomplete uploads are deleted; objects do not change";
    TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
        .effect("within two days")
        .test_first(&[
            "list the uploads in progress: an upload that takes longer than a week would be aborted",
        ])
        .rollback(&["remove the rule; clients upload the aborted files again"])
}
