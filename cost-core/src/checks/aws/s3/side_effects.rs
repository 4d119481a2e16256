//! Fees of a move to a colder storage class: reads, retrieval, transitions, and monitoring.
//!
//! They reduce the share of the storage cost that a move saves. The bill contains the reads of a
//! bucket and the bytes that leave it, but neither the number of objects nor the bytes that are read
//! within the region, so the average size of an object is assumed.

use rust_decimal::Decimal;

use crate::check::{Context, ResourceUse, Threshold};
use crate::checks::aws::meter::kind;
use crate::checks::shared::chosen;
use crate::opportunity::Evidence;
use crate::price::UnknownPrice;

/// Average size of an object.
pub(super) const OBJECT: Threshold = chosen(
    "object_mb",
    5.0,
    "MB",
    "average size of an object, assumed",
    "",
    "chosen: the default buffer of Amazon Data Firehose, which writes a file of at most 5 MB; S3 Storage Lens has the real size",
);

/// Months over which the fee of the transition is divided.
const FIRST_YEAR: Decimal = Decimal::from_parts(12, 0, 0, false, 0);
/// MB of a GB.
const MB: Decimal = Decimal::from_parts(1024, 0, 0, false, 0);

/// Items of a storage class in the price list, and its meter of retrieval.
pub(super) struct Fees {
    /// GET requests.
    pub(super) get: &'static str,
    /// Retrieval, by GB: meter and item.
    pub(super) retrieval: (&'static str, &'static str),
    /// Lifecycle transitions into the class, by request.
    pub(super) transition: &'static str,
}

/// Returns the share of the storage cost that the fees are, and the evidence. If a price is unknown,
/// the share is zero, and the evidence says so.
///
/// Fees per month = cost of the reads now × (price of a read there ÷ price now − 1) + GB read × price
/// of retrieval + objects × price of a transition ÷ 12. GB read = reads × average size, at least the
/// bytes that left the bucket. Each storage class has a share of the reads and of these bytes: its
/// GB ÷ GB of the bucket. Objects = GB stored ÷ average size.
pub(super) fn of_class(
    cx: &Context<'_>,
    (used, gb): (&ResourceUse, Decimal),
    check: &str,
    fees: &Fees,
) -> (Decimal, Vec<Evidence>) {
    let size = cx.decimal(check, &OBJECT);
    let region = &used.region_id;
    let computed = || -> Result<(Decimal, Decimal), UnknownPrice> {
        let part = part_of_bucket(cx, used, gb);
        let (requests, paid) = reads(cx, &used.resource_id);
        let (requests, paid) = (requests * part, paid * part);
        let ratio = fee(cx, region, fees.get)?.checked_div(fee(cx, region, "s3-get")?);
        let dearer = ratio.unwrap_or(Decimal::ONE) - Decimal::ONE;
        let read_gb = (requests * size / MB).max(bytes_out(cx, &used.resource_id) * part);
        let (meter, item) = fees.retrieval;
        let retrieval = match cx.paid_or_list(region, meter, item) {
            Ok((price, _)) => price,
            Err(_) => fee(cx, region, item)?,
        };
        let moved = transition(cx, region, gb, size, fees.transition)?;
        Ok((paid * dearer + read_gb * retrieval, moved))
    };
    with_evidence(cx, used, size, ("reads and retrieval, per month", computed()))
}

/// Returns as [`of_class`] the fees of Intelligent-Tiering: monitoring of each object, and the
/// transition.
pub(super) fn of_monitoring(
    cx: &Context<'_>,
    (used, gb): (&ResourceUse, Decimal),
    check: &str,
) -> (Decimal, Vec<Evidence>) {
    let size = cx.decimal(check, &OBJECT);
    let region = &used.region_id;
    let computed = || -> Result<(Decimal, Decimal), UnknownPrice> {
        let watched = objects(gb, size) * fee(cx, region, "s3-intelligent-tiering-monitoring")?;
        let moved = transition(cx, region, gb, size, "s3-intelligent-tiering-transition")?;
        Ok((watched, moved))
    };
    with_evidence(cx, used, size, ("monitoring, per month", computed()))
}

/// Returns the share of the storage cost that the fees are, and the evidence: fees per month by
/// their label, and the transition.
fn with_evidence(
    cx: &Context<'_>,
    used: &ResourceUse,
    size: Decimal,
    (label, fees): (&str, Result<(Decimal, Decimal), UnknownPrice>),
) -> (Decimal, Vec<Evidence>) {
    match fees {
        Ok((monthly, moved)) => (
            share(used, monthly + moved),
            vec![
                money(cx, label, monthly),
                money(cx, "transition, per month of the first year", moved),
                assumed(size),
                list_of(cx, &used.region_id),
            ],
        ),
        Err(unknown) => (Decimal::ZERO, vec![not_known(&unknown)]),
    }
}

/// Returns the number of objects of this average size, MB.
fn objects(gb: Decimal, size: Decimal) -> Decimal {
    (gb * MB).checked_div(size).unwrap_or_default()
}

/// Region whose fees stand for those of regions that the price list lacks.
const LISTED: &str = "us-east-1";

/// Returns the list price of a fee in a region, else that of us-east-1. Chosen: without any fee, the
/// saving would be too high.
fn fee(cx: &Context<'_>, region: &str, item: &str) -> Result<Decimal, UnknownPrice> {
    cx.list(region, item).or_else(|unknown| cx.list(LISTED, item).map_err(|_| unknown))
}

/// Returns whose prices the fees are.
fn list_of(cx: &Context<'_>, region: &str) -> Evidence {
    let is_listed = cx.list(region, "s3-get").is_ok();
    let source = if is_listed { "price list" } else { "assumption (fees of us-east-1)" };
    Evidence::new("prices of requests", if is_listed { region } else { LISTED }, source)
}

/// Returns the cost of moving all objects, per month of the first year.
fn transition(
    cx: &Context<'_>,
    region: &str,
    gb: Decimal,
    size: Decimal,
    item: &str,
) -> Result<Decimal, UnknownPrice> {
    Ok(objects(gb, size) * fee(cx, region, item)? / FIRST_YEAR)
}

/// Returns the share of a storage class in the GB stored in its bucket. The reads of the bucket are
/// divided by it, because the bill does not say which objects were read.
fn part_of_bucket(cx: &Context<'_>, used: &ResourceUse, gb: Decimal) -> Decimal {
    let of_bucket = cx.of_resource(&used.resource_id).iter();
    let stored = of_bucket.filter(|u| {
        let kind = kind(u);
        kind.starts_with("TimedStorage-") && kind.ends_with("ByteHrs")
    });
    let all: Decimal = stored.filter_map(|u| u.now().quantity).sum();
    gb.checked_div(all).unwrap_or(Decimal::ONE).min(Decimal::ONE)
}

/// Returns the reads of a bucket in the month, and their cost.
fn reads(cx: &Context<'_>, bucket: &str) -> (Decimal, Decimal) {
    let of_bucket = cx.of_resource(bucket).iter().filter(|u| kind(u).ends_with("-Tier2"));
    of_bucket.fold((Decimal::ZERO, Decimal::ZERO), |(requests, cost), read| {
        let now = read.now();
        (requests + now.quantity.unwrap_or_default(), cost + now.effective.amount())
    })
}

/// Returns the bytes that left a bucket in the month, GB. Reads from the same region are not billed.
fn bytes_out(cx: &Context<'_>, bucket: &str) -> Decimal {
    let out = cx.of_resource(bucket).iter().filter(|u| kind(u).ends_with("Out-Bytes"));
    out.filter_map(|u| u.now().quantity).sum()
}

/// Returns an amount of the month as a share of the storage cost.
fn share(used: &ResourceUse, amount: Decimal) -> Decimal {
    amount.checked_div(used.now().effective.amount()).unwrap_or_default()
}

fn money(cx: &Context<'_>, label: &str, amount: Decimal) -> Evidence {
    Evidence::new(label, crate::money::Money::new(amount.round_dp(12), cx.currency()), "computed")
}

fn assumed(size: Decimal) -> Evidence {
    let size = format!("{} MB", size.normalize());
    Evidence::new("average size of an object", size, "assumption (object_mb)")
}

fn not_known(unknown: &UnknownPrice) -> Evidence {
    let value = format!("unknown, and not subtracted from the saving: {unknown}");
    Evidence::new("fees of reads and transitions", value, "price list")
}
