//! Buckets that are almost never read.
//!
//! In:  monthly resource rows of S3 storage and of requests.
//! Out: one `Modify` opportunity per bucket and storage class.
//! Not here: buckets that are read occasionally (see `cold_bucket`).

use rust_decimal::Decimal;

use super::bucket_rule::add_rule;
use super::cold_bucket::{
    Class, class_of, has_reads_by_bucket, is_standard, large, reads_per_gb, to_class,
};
use super::side_effects::{Fees, OBJECT};
use crate::check::{CheckMeta, Context, Group, ResourceUse, Threshold};
use crate::checks::aws::meter::kind;
use crate::checks::shared::chosen;
use crate::checks::shared::plain::{Look, PlainCheck, name_of};
use crate::cloud::Provider;
use crate::opportunity::Action;
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const READS: Threshold = chosen(
    "reads_per_gb",
    0.01,
    "GET requests per GB and month",
    "Requests-Tier2 ÷ GB stored",
    "every month of the last three",
    "chosen (ADR 0018): retrieval is charged per GB, so only buckets with almost no reads qualify",
);
const SIZE: Threshold =
    chosen("least_gb", 100.0, "GB", "GB stored", "the month under review", "chosen (ADR 0018)");

static META: CheckMeta = CheckMeta {
    id: "archivable_bucket",
    provider: Some(Provider::Aws),
    service: "s3",
    title: "Buckets that are almost never read",
    group: Group::Storage,
    since: "0.2.0",
    needs: &[],
    permissions: &["s3:ListAllMyBuckets", "s3:GetLifecycleConfiguration"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 3,
    thresholds: &[READS, SIZE, OBJECT],
    docs: "\
## What it finds
Buckets with storage in S3 Standard or Standard-IA that were almost never read in any of three months. Needs only the bill. The bill must
contain requests by bucket, else the check is skipped.
## How the saving is computed
Per month: EffectiveCost of the storage × (1 − price of Glacier Instant Retrieval ÷ price paid per GB now). The price of Glacier Instant Retrieval is
from the bill, or the list price. Subtracted are the difference of the price of GET requests, retrieval of what they read, and a twelfth of the
transition: one request per object. The bill has the requests and the bytes that left the bucket, but not the number of objects, so 5 MB per object is
assumed (`object_mb`). Each storage class of a bucket has a share of the reads, by GB stored. `low` is 0, because small objects are billed as 128 KB,
and all of them for at least 90 days. `expected` is 50 % of what is possible (`success_pct`).
## Trade-offs
The same durability, and access in milliseconds. Retrieval is charged per GB, at three times the price of Standard-IA.
## Source
Amazon S3 User Guide, \"Understanding S3 Glacier storage classes\" and \"Transitioning objects using Amazon S3 Lifecycle\"; Amazon S3
pricing. Read 2026-11.",
};

const ARCHIVE: Class = Class {
    name: "GLACIER_IR",
    meter: "TimedStorage-GIR-ByteHrs",
    item: "s3-glacier-instant-retrieval",
    ratio: "new price ÷ current price",
    fees: Fees {
        get: "s3-glacier-instant-retrieval-get",
        retrieval: ("Retrieval-GIR", "s3-glacier-instant-retrieval-retrieval"),
        transition: "s3-glacier-instant-retrieval-transition",
    },
    check: "archivable_bucket",
};

/// Returns whether a usage is storage that a lifecycle rule can move to Glacier Instant Retrieval.
fn is_warm(used: &ResourceUse) -> bool {
    is_standard(used) || kind(used) == "TimedStorage-SIA-ByteHrs"
}

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: is_warm,
    look,
    trade_off,
    runbook: |draft, cx, used| {
        let id = shell_word(name_of(cx, used));
        add_rule(draft, &id, "to-glacier-ir", "\"Transitions\": [{\"Days\": 90, \"StorageClass\": \"GLACIER_IR\"}]")
            .rollout(&[
                "start with one prefix, for a quarter",
                "then the complete bucket, for objects of 90 days and 128 KB or more",
            ])
            .watch("retrieval charges (Retrieval-GIR) in the next bills: they must stay below the savings")
            .terraform(
                "aws_s3_bucket_lifecycle_configuration: transition { days = 90, storage_class = \"GLACIER_IR\" }",
            )
    },
};

fn look(cx: &Context<'_>, used: &ResourceUse) -> Look {
    has_reads_by_bucket(cx)?;
    let Some(gb) = large(cx, used, META.id, &SIZE)? else { return Ok(None) };
    let reads = reads_per_gb(cx, used).ok_or("PricingQuantity of its requests is unknown")?;
    if used.months.len() < 3 || reads >= cx.decimal(META.id, &READS) {
        return Ok(None);
    }
    let class = class_of(used);
    let title = format!("Move {} from {class} to Glacier Instant Retrieval", name_of(cx, used));
    let found = to_class(cx, used, &ARCHIVE, title, (gb, reads))?;
    Ok(Some(found).filter(|f| f.share > Decimal::ZERO))
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "if the data is read, retrieval is charged per GB, and objects deleted within 90 days are billed for 90 days";
    TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
        .reliability("none: the same durability, the same number of zones, and the same read latency in milliseconds")
        .effect("90 days after an object was written")
        .undo(Reversibility::WithEffort)
        .test_first(&["check S3 Storage Class Analysis or server access logs of the bucket for a quarter"])
        .rollback(&["remove the rule; copying moved objects back costs requests and retrieval"])
        .caveats(&["many small objects: each is billed as 128 KB, and moving costs one request per object"])
}
