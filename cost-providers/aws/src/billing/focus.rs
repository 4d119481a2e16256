//! Cost Explorer answers as FOCUS charges. Columns that the API does not provide are null.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use chrono::{Days, NaiveDate};
use cost_core::focus::typed;
use cost_core::month::Month;
use polars::prelude::*;

use super::cache::{Row, StoredMonth};
use super::region;

/// The answers of one month.
pub(super) struct OfMonth {
    pub(super) services: StoredMonth,
    pub(super) usage: StoredMonth,
    pub(super) shared: StoredMonth,
    pub(super) other: StoredMonth,
}

/// Services by usage type.
fn services(stored: &StoredMonth) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut of: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in &stored.rows {
        of.entry(&row.keys[1]).or_default().insert(&row.keys[0]);
    }
    of
}

/// Usage types that several services share.
pub(super) fn shared_types(services_of: &StoredMonth) -> BTreeSet<String> {
    services(services_of)
        .into_iter()
        .filter(|(_, s)| s.len() > 1)
        .map(|(t, _)| t.to_owned())
        .collect()
}

/// Charge before it becomes a row of a data frame.
#[derive(Default)]
struct Charge {
    day: NaiveDate,
    account: String,
    service: String,
    usage_type: Option<String>,
    category: &'static str,
    frequency: &'static str,
    billed: String,
    effective: String,
    currency: String,
    quantity: Option<String>,
    unit: Option<String>,
    record_type: Option<String>,
    status: Option<&'static str>,
}

impl Charge {
    fn usage(row: &Row, service: String, usage_type: Option<String>) -> Self {
        let quantity = usage_type.as_ref().and(row.quantity.clone());
        let unit = usage_type.as_ref().and(row.unit.clone()).filter(|u| u != "N/A");
        Self {
            day: row.day,
            account: row.keys[0].clone(),
            service,
            usage_type,
            category: "Usage",
            frequency: "Usage-Based",
            billed: row.unblended.clone(),
            effective: row.amortized.clone(),
            currency: row.currency.clone(),
            quantity,
            unit,
            ..Self::default()
        }
    }
}

/// FOCUS category and frequency of a record type. Source: as in the mapping of cost reports; record
/// types are those of the dimension `RECORD_TYPE`, which are the line item types, some with spaces.
fn category(record_type: &str) -> (&'static str, &'static str) {
    let plain: String = record_type.chars().filter(char::is_ascii_alphanumeric).collect();
    match plain.as_str() {
        "RIFee" | "SavingsPlanRecurringFee" => ("Purchase", "Recurring"),
        "Fee" | "SavingsPlanUpfrontFee" | "Support" => ("Purchase", "One-Time"),
        "Tax" => ("Tax", "One-Time"),
        "Credit" => ("Credit", "One-Time"),
        other if other.contains("Discount") => ("Usage", "Usage-Based"),
        _ => ("Adjustment", "One-Time"),
    }
}

/// Charges other than usage. The unused part of a recurring commitment fee becomes a separate
/// charge.
fn other(row: &Row) -> Vec<Charge> {
    let (category, frequency) = category(&row.keys[1]);
    let charge = Charge {
        category,
        frequency,
        record_type: Some(row.keys[1].clone()),
        ..Charge::usage(row, row.keys[1].clone(), None)
    };
    if frequency != "Recurring" {
        return vec![charge];
    }
    let unused = Charge {
        category: "Usage",
        frequency: "Usage-Based",
        billed: "0".to_owned(),
        status: Some("Unused"),
        record_type: charge.record_type.clone(),
        ..Charge::usage(row, row.keys[1].clone(), None)
    };
    vec![Charge { effective: "0".to_owned(), ..charge }, unused]
}

/// The charges of some months.
pub(super) fn charges(
    payer: &str,
    months: &[OfMonth],
    as_of: NaiveDate,
) -> PolarsResult<LazyFrame> {
    let mut all: Vec<Charge> = Vec::new();
    for m in months {
        let services = services(&m.services);
        let one = |usage_type: &str| {
            let of = services.get(usage_type).and_then(|s| s.first()).copied();
            of.unwrap_or("Unknown to Cost Explorer").to_owned()
        };
        let single = m.usage.rows.iter().filter(|r| !m.shared.narrowed_to.contains(&r.keys[1]));
        all.extend(single.map(|r| Charge::usage(r, one(&r.keys[1]), Some(r.keys[1].clone()))));
        all.extend(m.shared.rows.iter().map(|r| Charge::usage(r, r.keys[1].clone(), None)));
        all.extend(m.other.rows.iter().flat_map(other));
    }
    all.retain(|c| c.day < as_of);
    frame(payer, &all)
}

fn frame(payer: &str, all: &[Charge]) -> PolarsResult<LazyFrame> {
    let text = |name: &str, get: &dyn Fn(&Charge) -> Option<String>| {
        all.iter()
            .map(get)
            .collect::<StringChunked>()
            .into_series()
            .with_name(name.into())
            .into_column()
    };
    let day = |d: NaiveDate| Some(d.format("%Y-%m-%dT00:00:00Z").to_string());
    let next = |d: NaiveDate| d.checked_add_days(Days::new(1)).unwrap_or(d);
    let description = |c: &Charge| {
        let mut words = c.record_type.clone().unwrap_or_else(|| c.service.clone());
        if let Some(usage_type) = &c.usage_type {
            let _ = write!(words, ", {usage_type}");
        }
        if c.status.is_some() {
            words.push_str(", not used");
        }
        Some(words)
    };
    let columns = vec![
        text("BilledCost", &|c| Some(c.billed.clone())),
        text("BillingAccountId", &|_| Some(payer.to_owned())),
        text("BillingCurrency", &|c| Some(c.currency.clone())),
        text("BillingPeriodEnd", &|c| day(Month::of(c.day).end())),
        text("BillingPeriodStart", &|c| day(Month::of(c.day).first_day())),
        text("ChargeCategory", &|c| Some(c.category.to_owned())),
        text("ChargeClass", &|_| None),
        text("ChargeDescription", &description),
        text("ChargeFrequency", &|c| Some(c.frequency.to_owned())),
        text("ChargePeriodEnd", &|c| day(next(c.day))),
        text("ChargePeriodStart", &|c| day(c.day)),
        text("CommitmentDiscountStatus", &|c| c.status.map(ToOwned::to_owned)),
        text("ConsumedQuantity", &|c| c.quantity.clone()),
        text("ConsumedUnit", &|c| c.unit.clone()),
        text("ContractedCost", &|_| None),
        text("EffectiveCost", &|c| Some(c.effective.clone())),
        text("InvoiceIssuerName", &|_| None),
        text("ListCost", &|_| None),
        text("PricingQuantity", &|c| c.quantity.clone()),
        text("PricingUnit", &|c| c.unit.clone()),
        text("ProviderName", &|_| Some("AWS".to_owned())),
        text("PublisherName", &|_| None),
        text("RegionId", &|c| {
            region::of_usage_type(c.usage_type.as_deref()?).map(ToOwned::to_owned)
        }),
        text("ResourceId", &|_| None),
        text("ServiceName", &|c| Some(c.service.clone())),
        text("SkuMeter", &|c| c.usage_type.clone()),
        text("SubAccountId", &|c| Some(c.account.clone())),
        text("x_LineItemType", &|c| c.record_type.clone()),
    ];
    typed(DataFrame::new(all.len(), columns)?.lazy())
}
