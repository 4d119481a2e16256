//! Buckets in S3 Standard that are hardly read.
//!
//! In:  resource-by-month rows of `TimedStorage-ByteHrs` and of requests.
//! Out: one `Modify` opportunity a bucket.
//! Not here: buckets of which nothing is known (see `standard_bucket`).

use rust_decimal::Decimal;

use super::bucket_rule::add_rule;
use crate::check::{CheckMeta, Context, Group, ResourceUse, Threshold};
use crate::checks::aws::meter::kind;
use crate::checks::shared::plain::{Found, PlainCheck, name_of};
use crate::checks::shared::{cheaper, chosen};
use crate::cloud::Provider;
use crate::opportunity::{Action, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const READS: Threshold = chosen(
    "reads_per_gb",
    1.0,
    "GET requests a GB and month",
    "Requests-Tier2 ÷ TimedStorage-ByteHrs",
    "every month of the last three",
    "chosen (ADR 0016): at 128 MB and more an object that is every object once in eight months",
);
const SIZE: Threshold = chosen(
    "least_gb",
    100.0,
    "GB",
    "TimedStorage-ByteHrs",
    "the month under review",
    "chosen (ADR 0016)",
);

static META: CheckMeta = CheckMeta {
    id: "cold_bucket",
    provider: Some(Provider::Aws),
    service: "s3",
    title: "Buckets in S3 Standard that are hardly read",
    group: Group::Storage,
    since: "0.2.0",
    needs: &[],
    permissions: &["s3:ListAllMyBuckets", "s3:GetLifecycleConfiguration"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 2,
    thresholds: &[READS, SIZE],
    docs: "\
## What it finds
Buckets with storage in S3 Standard and fewer GET requests a GB than the threshold in every month of the window. From the bill alone; it
needs requests by bucket somewhere in the bill, else it is skipped.
## How the saving is computed
Per month: EffectiveCost of the storage × (1 − price of Standard-IA ÷ what is paid for a GB of it now). The price of Standard-IA is what the
bill shows, or the list price. `low` is 0: retrieval costs by the GB, objects under 128 KB and 30 days are billed as such, and moving costs a request an object.
## Trade-offs
The same durability and access time. Retrieval costs by the GB.
## Source
Amazon S3 User Guide, \"Understanding and managing Amazon S3 storage classes\". Read 2026-11.",
};

/// Storage in S3 Standard.
pub(in crate::checks) fn is_standard(used: &ResourceUse) -> bool {
    let s3 = used
        .service_name
        .as_deref()
        .is_none_or(|s| s.contains("Simple Storage") || s.contains("S3"));
    s3 && kind(used) == "TimedStorage-ByteHrs"
}

/// The storage class that warm storage is in, as S3 calls it.
pub(in crate::checks) fn class_of(used: &ResourceUse) -> &'static str {
    if is_standard(used) { "STANDARD" } else { "STANDARD_IA" }
}

/// What a bucket holds, GB; `None` if that is less than a threshold.
pub(in crate::checks) fn large(
    cx: &Context<'_>,
    used: &ResourceUse,
    check: &str,
    least: &Threshold,
) -> Result<Option<Decimal>, String> {
    let gb = used.now().quantity.ok_or("PricingQuantity is unknown: its size cannot be told")?;
    Ok((gb >= cx.decimal(check, least)).then_some(gb))
}

fn is_read(used: &ResourceUse) -> bool {
    kind(used) == "Requests-Tier2"
}

/// GET requests a GB of the busiest month; `None` if quantities are unknown.
pub(in crate::checks) fn reads_per_gb(cx: &Context<'_>, used: &ResourceUse) -> Option<Decimal> {
    let gb =
        used.months.iter().map(|m| m.quantity).collect::<Option<Vec<_>>>()?.into_iter().min()?;
    let mut most = Decimal::ZERO;
    for reads in cx.of_resource(&used.resource_id).iter().filter(|u| is_read(u)) {
        for month in &reads.months {
            most = most.max(month.quantity?);
        }
    }
    most.checked_div(gb)
}

/// Why what is read of buckets cannot be told from this bill.
pub(in crate::checks) fn told(cx: &Context<'_>) -> Result<(), String> {
    let tells = cx.used(is_read).any(|u| !u.resource_id.is_empty());
    tells.then_some(()).ok_or_else(|| "the bill has no GET requests by bucket".to_owned())
}

/// A storage class that a bucket could be in.
pub(in crate::checks) struct Class {
    /// As S3 calls it.
    pub(in crate::checks) name: &'static str,
    /// Its usage type.
    pub(in crate::checks) meter: &'static str,
    /// Its item of the price list.
    pub(in crate::checks) item: &'static str,
    /// What its price is set against.
    pub(in crate::checks) ratio: &'static str,
}

const INFREQUENT: Class = Class {
    name: "STANDARD_IA",
    meter: "TimedStorage-SIA-ByteHrs",
    item: "s3-standard-ia",
    ratio: "Standard-IA price ÷ Standard price",
};

/// A bucket in another class, of which so many GB are stored and so many times a GB are read.
pub(in crate::checks) fn to_class(
    cx: &Context<'_>,
    used: &ResourceUse,
    class: &Class,
    title: String,
    (gb, reads): (Decimal, Decimal),
) -> Result<Found, String> {
    // Its own: other services store by the same usage type.
    let now = used.now().paid_unit_price().ok_or("nothing is paid for its storage")?;
    let (then, source) =
        cx.paid_or_list(&used.region_id, class.meter, class.item).map_err(|e| e.to_string())?;
    Ok(Found {
        share: cheaper(now, then),
        uncertain: true,
        title,
        facts: vec![
            Evidence::new("stored", format!("{} GB", gb.round_dp(0)), "bill"),
            Evidence::new(
                "GET requests a GB, busiest month",
                reads.round_dp(4).normalize(),
                "bill",
            ),
            Evidence::new(class.ratio, (then / now).round_dp(4).normalize(), source),
        ],
        change: Some(("storage class", class_of(used).to_owned(), class.name.to_owned())),
    })
}

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: is_standard,
    look: |cx, used| {
        told(cx)?;
        let gb =
            used.now().quantity.ok_or("PricingQuantity is unknown: its size cannot be told")?;
        let reads = reads_per_gb(cx, used).ok_or("PricingQuantity of its requests is unknown")?;
        if gb < cx.decimal(META.id, &SIZE)
            || used.months.len() < 2
            || reads >= cx.decimal(META.id, &READS)
        {
            return Ok(None);
        }
        let title = format!("Move {} to Standard-IA by a lifecycle rule", name_of(cx, used));
        to_class(cx, used, &INFREQUENT, title, (gb, reads)).map(Some)
    },
    trade_off,
    runbook: |draft, cx, used| {
        let id = shell_word(name_of(cx, used));
        add_rule(draft, &id, "to-standard-ia", "\"Transitions\": [{\"Days\": 30, \"StorageClass\": \"STANDARD_IA\"}]")
            .rollout(&[
                "one prefix first, for a month",
                "then the whole bucket, for objects of 30 days and 128 KB or more",
            ])
            .watch("retrieval charges (Retrieval-SIA) in the next bill: they must stay under the saving")
            .terraform(
                "aws_s3_bucket_lifecycle_configuration: transition { days = 30, storage_class = \"STANDARD_IA\" }",
            )
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "if it is read after all, retrieval costs by the GB";
    TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
        .effect("30 days after an object was written")
        .undo(Reversibility::WithEffort)
        .test_first(&["look at S3 Storage Class Analysis of the bucket for a month"])
        .rollback(&["take the rule away; objects that moved are copied back at the price of requests and retrieval"])
        .caveats(&["many small objects: each is billed as 128 KB, and moving costs a request an object"])
}
