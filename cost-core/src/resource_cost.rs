//! Costs by resource and day, where the bill itself names no resources.
//!
//! Cost Explorer tells them of some services and of the last days only. They are kept beside the bill and not in it: in it, a month's
//! cost of a resource would be that of some of its days, and what a check then finds would be too little without a word.
//! They name the resources behind an anomaly, and are in no sum.

use chrono::NaiveDate;
use polars::prelude::*;

use crate::cells::Texts;
use crate::money::{Currency, Money};

/// Columns of `resources/daily.parquet`, grain: one row a day, account, service, usage type and resource, of days that are told.
///
/// `ChargeDay` (`Date`), `SubAccountId`, `ServiceName`, `SkuMeter`, `ResourceId`, `EffectiveCost` (`Decimal(38, 12)`), `BillingCurrency`.
/// None is null.
pub const COLUMNS: &[&str] =
    &["ChargeDay", "SubAccountId", "ServiceName", "SkuMeter", "ResourceId", "EffectiveCost", "BillingCurrency"];

/// The type of one of [`COLUMNS`].
#[must_use]
pub fn column_type(name: &str) -> DataType {
    match name {
        "ChargeDay" => DataType::Date,
        "EffectiveCost" => DataType::Decimal(38, 12),
        _ => DataType::String,
    }
}

/// What a resource cost on a day, of one usage type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceCost {
    /// The day.
    pub day: NaiveDate,
    /// `SubAccountId`.
    pub sub_account_id: String,
    /// `ServiceName`.
    pub service_name: String,
    /// `SkuMeter`: AWS usage type.
    pub usage_type: String,
    /// `ResourceId`.
    pub resource_id: String,
    /// `EffectiveCost` of the day.
    pub effective: Money,
}

/// The rows of a frame with [`COLUMNS`], in its order. A row with a null is left out.
///
/// # Errors
/// The engine's, when a column is missing.
pub fn from_frame(frame: &DataFrame) -> PolarsResult<Vec<ResourceCost>> {
    let texts = Texts::of(frame, COLUMNS)?;
    let row = |row: usize| {
        let text = |column: usize| texts.get(column, row).map(ToOwned::to_owned);
        let currency: Currency = texts.parsed(6, row)?;
        Some(ResourceCost {
            day: texts.parsed(0, row)?,
            sub_account_id: text(1)?,
            service_name: text(2)?,
            usage_type: text(3)?,
            resource_id: text(4)?,
            effective: Money::new(texts.parsed(5, row)?, currency),
        })
    };
    Ok((0..texts.height()).filter_map(row).collect())
}
