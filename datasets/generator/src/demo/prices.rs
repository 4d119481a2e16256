//! Rounded public list prices of database classes, which the bundled price list does not have.

use cost_core::price::{PriceRow, STORAGE_TERMS, Usd};
use cost_core::table::frame_of;
use polars::prelude::{DataFrame, PolarsResult};
use rust_decimal::Decimal;

use super::company::{self, US};

/// Item, and hundredths of a cent per hour.
const PRICES: [(&str, i64); 2] = [("mysql db.t3.xlarge", 2_720), ("mysql db.m7i.xlarge", 3_590)];

/// The prices.
pub(super) fn prices() -> PolarsResult<DataFrame> {
    let row = |(item, price): (&str, i64)| PriceRow {
        region_id: US.0.to_owned(),
        item: item.to_owned(),
        terms: STORAGE_TERMS.to_owned(),
        unit: Some("Hrs".to_owned()),
        usd_per_unit: Usd(Decimal::new(price, 4)),
        as_of: Some(company::as_of()),
    };
    frame_of(&PRICES.map(row))
}
