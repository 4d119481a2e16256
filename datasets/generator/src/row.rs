//! Line items, and a data frame of many in FOCUS 1.2 columns.

use std::sync::Arc;

use chrono::{Datelike, Months, NaiveDate, NaiveDateTime};
use polars::prelude::*;
use rust_decimal::Decimal;

/// Text shared by many rows.
pub(crate) type Text = Arc<str>;

/// Commitment data on the rows it covers.
#[derive(Clone, Debug)]
pub(crate) struct Commitment {
    pub(crate) id: Text,
    pub(crate) name: Text,
    /// `Spend` or `Usage`.
    pub(crate) category: &'static str,
    pub(crate) kind: &'static str,
}

/// A price list entry.
#[derive(Clone, Debug)]
pub(crate) struct Sku {
    pub(crate) service: &'static str,
    pub(crate) service_category: &'static str,
    pub(crate) subcategory: &'static str,
    pub(crate) meter: Text,
    pub(crate) unit: &'static str,
    pub(crate) list_unit_price: Decimal,
    pub(crate) description: Text,
    pub(crate) publisher: &'static str,
}

/// Account, region, and tags.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) account_id: &'static str,
    pub(crate) account_name: &'static str,
    pub(crate) region: Option<(&'static str, &'static str)>,
    pub(crate) resource: Option<(Text, &'static str)>,
    pub(crate) tags: Option<Text>,
}

/// Costs and quantity; unit prices follow.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Costs {
    pub(crate) quantity: Option<Decimal>,
    pub(crate) contracted_unit_price: Option<Decimal>,
    pub(crate) list: Decimal,
    pub(crate) contracted: Decimal,
    pub(crate) billed: Decimal,
    pub(crate) effective: Decimal,
}

/// Line item.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) start: NaiveDateTime,
    pub(crate) end: NaiveDateTime,
    pub(crate) billing_month: NaiveDate,
    pub(crate) issuer: &'static str,
    pub(crate) category: &'static str,
    pub(crate) correction: bool,
    pub(crate) frequency: &'static str,
    pub(crate) pricing_category: Option<&'static str>,
    pub(crate) commitment: Option<(Commitment, Option<&'static str>)>,
    pub(crate) sku: Sku,
    pub(crate) place: Place,
    pub(crate) costs: Costs,
}

/// The payer of the company.
pub(crate) const BILLING_ACCOUNT: (&str, &str) = ("900000000001", "Fernweh Outdoor Holding");
/// Invoice issuer of all charges except marketplace.
pub(crate) const AWS: &str = "Amazon Web Services, Inc.";

impl Row {
    /// Creates on-demand usage at `unit_price` (the list price, or a negotiated price), from
    /// `start` to `end`.
    pub(crate) fn usage(
        sku: &Sku,
        place: &Place,
        (start, end): (NaiveDateTime, NaiveDateTime),
        quantity: Decimal,
        unit_price: Decimal,
    ) -> Self {
        let cost = (quantity * unit_price).round_dp(12);
        Self {
            start,
            end,
            billing_month: first_of_month(start.date()),
            issuer: AWS,
            category: "Usage",
            correction: false,
            frequency: "Usage-Based",
            pricing_category: Some("Standard"),
            commitment: None,
            sku: sku.clone(),
            place: place.clone(),
            costs: Costs {
                quantity: Some(quantity),
                contracted_unit_price: Some(unit_price),
                list: (quantity * sku.list_unit_price).round_dp(12),
                contracted: cost,
                billed: cost,
                effective: cost,
            },
        }
    }
}

pub(crate) fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

pub(crate) fn next_month(first: NaiveDate) -> NaiveDate {
    first.checked_add_months(Months::new(1)).unwrap_or(first)
}

/// A decimal in 10⁻¹² units.
fn scaled(value: Decimal) -> i128 {
    let mut value = value;
    value.rescale(12);
    value.mantissa()
}

fn decimals(name: &str, values: impl Iterator<Item = Option<Decimal>>) -> Column {
    let values: Int128Chunked = values.map(|v| v.map(scaled)).collect();
    values.with_name(name.into()).into_decimal_unchecked(38, 12).into_series().into_column()
}

fn texts<'a>(name: &str, values: impl Iterator<Item = Option<&'a str>>) -> Column {
    let values: StringChunked = values.collect();
    values.with_name(name.into()).into_series().into_column()
}

fn instants(name: &str, values: impl Iterator<Item = NaiveDateTime>) -> Column {
    let values: Int64Chunked = values.map(|v| Some(v.and_utc().timestamp_micros())).collect();
    let instants =
        values.with_name(name.into()).into_datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));
    instants.into_series().into_column()
}

fn midnight(day: NaiveDate) -> NaiveDateTime {
    day.and_time(chrono::NaiveTime::MIN)
}

/// A column of text: its name, and its cell of a row; null if there is none.
type TextField = (&'static str, fn(&Row) -> Option<&str>);

/// A column: its name, and its cell of a row.
type Field<T> = (&'static str, fn(&Row) -> T);

/// Columns of text: who pays, what is charged, and where.
const FIELDS: [TextField; 31] = [
    ("BillingAccountId", |_| Some(BILLING_ACCOUNT.0)),
    ("BillingAccountName", |_| Some(BILLING_ACCOUNT.1)),
    ("BillingAccountType", |_| Some("Organization payer")),
    ("BillingCurrency", |_| Some("USD")),
    ("InvoiceIssuerName", |r| Some(r.issuer)),
    ("ProviderName", |_| Some("AWS")),
    ("PublisherName", |r| Some(r.sku.publisher)),
    ("ChargeCategory", |r| Some(r.category)),
    ("ChargeClass", |r| r.correction.then_some("Correction")),
    ("ChargeDescription", |r| Some(&r.sku.description)),
    ("ChargeFrequency", |r| Some(r.frequency)),
    ("CommitmentDiscountCategory", |r| r.commitment.as_ref().map(|(c, _)| c.category)),
    ("CommitmentDiscountId", |r| r.commitment.as_ref().map(|(c, _)| &*c.id)),
    ("CommitmentDiscountName", |r| r.commitment.as_ref().map(|(c, _)| &*c.name)),
    ("CommitmentDiscountStatus", |r| r.commitment.as_ref().and_then(|(_, s)| *s)),
    ("CommitmentDiscountType", |r| r.commitment.as_ref().map(|(c, _)| c.kind)),
    ("ConsumedUnit", |r| is_usage(r).then_some(r.sku.unit)),
    ("PricingCategory", |r| r.pricing_category),
    ("PricingUnit", |r| priced(r).then_some(r.sku.unit)),
    ("SkuMeter", |r| priced(r).then_some(&*r.sku.meter)),
    ("ServiceCategory", |r| Some(r.sku.service_category)),
    ("ServiceName", |r| Some(r.sku.service)),
    ("ServiceSubcategory", |r| Some(r.sku.subcategory)),
    ("RegionId", |r| r.place.region.map(|(id, _)| id)),
    ("RegionName", |r| r.place.region.map(|(_, name)| name)),
    ("ResourceId", |r| r.place.resource.as_ref().map(|(id, _)| &**id)),
    ("ResourceType", |r| r.place.resource.as_ref().map(|(_, kind)| *kind)),
    ("SubAccountId", |r| Some(r.place.account_id)),
    ("SubAccountName", |r| Some(r.place.account_name)),
    ("SubAccountType", |_| Some("Account")),
    ("Tags", |r| r.place.tags.as_deref()),
];

/// Columns of text that is put together.
const WORDED: [Field<Option<String>>; 3] = [
    ("InvoiceId", |r| Some(invoice(r))),
    ("SkuId", |r| priced(r).then(|| sku_id(r))),
    ("SkuPriceId", |r| {
        priced(r).then(|| format!("{}.{}", sku_id(r), r.pricing_category.unwrap_or("none")))
    }),
];

/// Columns of costs, prices and quantities.
const NUMBERS: [Field<Option<Decimal>>; 8] = [
    ("BilledCost", |r| Some(r.costs.billed)),
    ("ConsumedQuantity", |r| r.costs.quantity.filter(|_| is_usage(r))),
    ("ContractedCost", |r| Some(r.costs.contracted)),
    ("ContractedUnitPrice", |r| r.costs.contracted_unit_price),
    ("EffectiveCost", |r| Some(r.costs.effective)),
    ("ListCost", |r| Some(r.costs.list)),
    ("ListUnitPrice", |r| priced(r).then_some(r.sku.list_unit_price)),
    ("PricingQuantity", |r| r.costs.quantity),
];

/// Columns of instants.
const INSTANTS: [Field<NaiveDateTime>; 4] = [
    ("BillingPeriodEnd", |r| midnight(next_month(r.billing_month))),
    ("BillingPeriodStart", |r| midnight(r.billing_month)),
    ("ChargePeriodEnd", |r| r.end),
    ("ChargePeriodStart", |r| r.start),
];

/// The rows as FOCUS 1.2 columns, in alphabetical order of their names.
pub(crate) fn to_frame(rows: &[Row]) -> PolarsResult<DataFrame> {
    let fields = FIELDS.iter().map(|(name, get)| texts(name, rows.iter().map(get)));
    let worded = WORDED.iter().map(|(name, get)| {
        let values: Vec<Option<String>> = rows.iter().map(get).collect();
        texts(name, values.iter().map(Option::as_deref))
    });
    let numbers = NUMBERS.iter().map(|(name, get)| decimals(name, rows.iter().map(get)));
    let instants = INSTANTS.iter().map(|(name, get)| instants(name, rows.iter().map(get)));
    let mut columns: Vec<Column> = fields.chain(worded).chain(numbers).chain(instants).collect();
    columns.sort_by(|a, b| a.name().cmp(b.name()));
    DataFrame::new(rows.len(), columns)
}

/// One invoice a month of each issuer.
fn invoice(row: &Row) -> String {
    let issuer = if row.issuer == AWS { "AWS" } else { "MKT" };
    format!("{issuer}-{}", row.billing_month.format("%Y%m"))
}

fn is_unused(row: &Row) -> bool {
    row.commitment.as_ref().is_some_and(|(_, status)| *status == Some("Unused"))
}

/// Whether it is usage of a quantity, and not what of a commitment nothing used.
fn is_usage(row: &Row) -> bool {
    row.category == "Usage" && !is_unused(row) && row.costs.quantity.is_some()
}

fn sku_id(row: &Row) -> String {
    format!("SKU-{:08X}", hash(&row.sku.meter))
}

/// Whether a price list entry stands behind the row.
fn priced(row: &Row) -> bool {
    row.costs.quantity.is_some()
}

/// FNV-1a, 32 bits.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
