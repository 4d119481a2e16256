//! Buckets in S3 Standard that are rarely read.
//!
//! In:  monthly resource rows of `TimedStorage-ByteHrs` and of requests.
//! Out: one `Modify` opportunity per bucket.
//! Not here: buckets whose reads are unknown (see `standard_bucket`).

use rust_decimal::Decimal;

use super::bucket_rule::add_rule;
use super::side_effects::{Fees, OBJECT, of_class};
use crate::check::{CheckMeta, Context, Group, ResourceUse, Threshold};
use crate::checks::aws::meter::kind;
use crate::checks::shared::plain::{Found, PlainCheck, name_of};
use crate::checks::shared::uncertain::SUCCESS;
use crate::checks::shared::{cheaper, chosen};
use crate::cloud::Provider;
use crate::opportunity::{Action, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const READS: Threshold = chosen(
    "reads_per_gb",
    1.0,
    "GET requests per GB and month",
    "Requests-Tier2 ÷ TimedStorage-ByteHrs",
    "every month of the last three",
    "chosen (ADR 0016): with objects of 128 MB or more, each object is read once in eight months",
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
    title: "Buckets in S3 Standard that are rarely read",
    group: Group::Storage,
    since: "0.2.0",
    needs: &[],
    permissions: &["s3:ListAllMyBuckets", "s3:GetLifecycleConfiguration"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 2,
    thresholds: &[READS, SIZE, OBJECT, SUCCESS],
    docs: "\
## What it finds
Buckets with storage in S3 Standard and fewer GET requests per GB than the threshold in every month of the window. Needs only the bill. The
bill must contain requests by bucket, else the check is skipped.
## How the saving is computed
Per month: EffectiveCost of the storage × (1 − price of Standard-IA ÷ price paid per GB now). The price of Standard-IA is from the bill, or the list
price. Subtracted are the difference of the price of GET requests, retrieval of what they read, and a twelfth of the transition: one request per
object. The bill has the requests and the bytes that left the bucket, but not the number of objects, so 5 MB per object is assumed (`object_mb`).
Each storage class of a bucket has a share of the reads, by GB stored.
`low` is 0, because small objects are billed as 128 KB, and all of them for at least 30 days. `expected` is 50 % of what is possible (`success_pct`).
## Trade-offs
The same durability and access time. Retrieval is charged per GB.
## Source
Amazon S3 User Guide, \"Understanding and managing Amazon S3 storage classes\" and \"Understanding your AWS billing and
usage reports for Amazon S3\"; Amazon S3 pricing. Read 2026-11.",
};

/// Returns whether a usage is storage in S3 Standard.
pub(in crate::checks) fn is_standard(used: &ResourceUse) -> bool {
    let s3 = used
        .service_name
        .as_deref()
        .is_none_or(|s| s.contains("Simple Storage") || s.contains("S3"));
    s3 && kind(used) == "TimedStorage-ByteHrs"
}

/// Returns the S3 name of the current storage class: Standard or Standard-IA.
pub(in crate::checks) fn class_of(used: &ResourceUse) -> &'static str {
    if is_standard(used) { "STANDARD" } else { "STANDARD_IA" }
}

/// Returns the size of a bucket in GB, or `None` if it is less than a threshold.
pub(in crate::checks) fn large(
    cx: &Context<'_>,
    used: &ResourceUse,
    check: &str,
    least: &Threshold,
) -> Result<Option<Decimal>, String> {
    let gb =
        used.now().quantity.ok_or("its size cannot be determined: PricingQuantity is missing")?;
    Ok((gb >= cx.decimal(check, least)).then_some(gb))
}

fn is_read(used: &ResourceUse) -> bool {
    kind(used) == "Requests-Tier2"
}

/// Returns the GET requests per GB in the busiest month, or `None` if quantities are unknown.
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

/// Checks that the bill contains reads by bucket. The error is the reason for a skip.
pub(in crate::checks) fn has_reads_by_bucket(cx: &Context<'_>) -> Result<(), String> {
    let has_reads = cx.has_named(is_read);
    has_reads.then_some(()).ok_or_else(|| "the bill has no GET requests by bucket".to_owned())
}

/// A storage class that a bucket could be in.
pub(in crate::checks) struct Class {
    /// The name that S3 uses.
    pub(in crate::checks) name: &'static str,
    /// Its usage type.
    pub(in crate::checks) meter: &'static str,
    /// Its item in the price list.
    pub(in crate::checks) item: &'static str,
    /// The label of its price ratio.
    pub(in crate::checks) ratio: &'static str,
    /// Its fees.
    pub(super) fees: Fees,
    /// The check, for its assumed size of an object.
    pub(super) check: &'static str,
}

const INFREQUENT: Class = Class {
    name: "STANDARD_IA",
    meter: "TimedStorage-SIA-ByteHrs",
    item: "s3-standard-ia",
    ratio: "Standard-IA price ÷ Standard price",
    fees: Fees {
        get: "s3-standard-ia-get",
        retrieval: ("Retrieval-SIA", "s3-standard-ia-retrieval"),
        transition: "s3-standard-ia-transition",
    },
    check: "cold_bucket",
};

/// Returns the saving of another storage class for a bucket. `gb` is the stored size, `reads` the
/// GET requests per GB.
pub(in crate::checks) fn to_class(
    cx: &Context<'_>,
    used: &ResourceUse,
    class: &Class,
    title: String,
    (gb, reads): (Decimal, Decimal),
) -> Result<Found, String> {
    // Use its own price, because other services use the same usage type.
    let now = used.now().paid_unit_price().ok_or("its storage has no cost in the bill")?;
    let (then, source) =
        cx.paid_or_list(&used.region_id, class.meter, class.item).map_err(|e| e.to_string())?;
    let (fees, shown) = of_class(cx, (used, gb), class.check, &class.fees);
    let mut facts = vec![
        Evidence::new("stored", format!("{} GB", gb.round_dp(0)), "bill"),
        Evidence::new("GET requests per GB, busiest month", reads.round_dp(4).normalize(), "bill"),
        Evidence::new(class.ratio, (then / now).round_dp(4).normalize(), source),
    ];
    facts.extend(shown);
    Ok(Found {
        share: cheaper(now, then) - fees,
        uncertain: true,
        title,
        facts,
        change: Some(("storage class", class_of(used).to_owned(), class.name.to_owned())),
    })
}

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: is_standard,
    look: |cx, used| {
        has_reads_by_bucket(cx)?;
        let gb = used
            .now()
            .quantity
            .ok_or("its size cannot be determined: PricingQuantity is missing")?;
        let reads = reads_per_gb(cx, used).ok_or("PricingQuantity of its requests is unknown")?;
        if gb < cx.decimal(META.id, &SIZE)
            || used.months.len() < 2
            || reads >= cx.decimal(META.id, &READS)
        {
            return Ok(None);
        }
        let title = format!("Move {} to Standard-IA with a lifecycle rule", name_of(cx, used));
        to_class(cx, used, &INFREQUENT, title, (gb, reads)).map(Some)
    },
    trade_off,
    runbook: |draft, cx, used| {
        let id = shell_word(name_of(cx, used));
        add_rule(draft, &id, "to-standard-ia", "\"Transitions\": [{\"Days\": 30, \"StorageClass\": \"STANDARD_IA\"}]")
            .rollout(&[
                "start with one prefix, for a month",
                "then the complete bucket, for objects of 30 days and 128 KB or more",
            ])
            .watch("retrieval charges (Retrieval-SIA) in the next bill: they must stay below the savings")
            .terraform(
                "aws_s3_bucket_lifecycle_configuration: transition { days = 30, storage_class = \"STANDARD_IA\" }",
            )
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "if the data is read, retrieval is charged per GB";
    TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
        .effect("30 days after an object was written")
        .undo(Reversibility::WithEffort)
        .test_first(&["check S3 Storage Class Analysis of the bucket for a month"])
        .rollback(&["remove the rule; copying moved objects back costs requests and retrieval"])
        .caveats(&[
            "many small objects: each is billed as 128 KB, and moving costs one request per object",
        ])
}
