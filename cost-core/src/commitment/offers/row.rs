//! Offers of commitments, as an estate has them.

use chrono::NaiveDate;
use polars::prelude::*;
use rust_decimal::Decimal;

use super::terms::{Payment, Product, Term};
use crate::table::{ColumnType, ColumnValue, Place, Table, TableRow, row, rows_of};

/// The table of commitment offers.
pub static OFFERS: Table = Table {
    name: "offers",
    label: "offers of commitments",
    path: "commitments/offers.parquet",
    doc: "Commitments that can be bought, for the usage of the bill. One row per product, term, payment, region, usage type, and operation. \
          Rows with an unknown product, term, or payment option are skipped.",
    columns: OfferRow::COLUMNS,
    key: &["Instrument", "TermYears", "PaymentOption", "RegionId", "SkuMeter", "Operation"],
    opt_in: false,
    rules: |frame| rows_of::<OfferRow>(frame).map(|_| Vec::new()),
};

row! {
    /// One offer for one kind of usage.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct OfferRow {
        /// Product, such as `Compute Savings Plans` or `Standard Reserved Instances`.
        #[column("Instrument")]
        pub product: Product,
        /// Term: 1 or 3.
        #[column("TermYears", unit = "years")]
        pub term: Term,
        /// `No Upfront`, `Partial Upfront`, or `All Upfront`.
        #[column("PaymentOption")]
        pub payment: Payment,
        /// Region.
        #[column("RegionId")]
        pub region_id: String,
        /// AWS usage type, with the prefix of its region.
        #[column("SkuMeter")]
        pub usage_type: String,
        /// AWS operation, such as `RunInstances`; empty if there is none.
        #[column("Operation")]
        pub operation: Option<String>,
        /// Price of a unit of usage, with upfront payments spread over the hours of the term.
        #[column("UsdPerUnit", unit = "USD")]
        pub usd_per_unit: UpTo<1_000_000>,
        /// Part of the cost of the term that is paid upfront.
        #[column("UpfrontPct", unit = "%")]
        pub upfront_pct: UpTo<100>,
        /// Day of the offer.
        #[column("AsOf")]
        pub as_of: Option<NaiveDate>,
    }
}

/// A number from 0 to `MOST`. Any other value in a file is an error with the row and the column,
/// because prices must not be guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UpTo<const MOST: i64>(pub Decimal);

impl<const MOST: i64> ColumnValue for UpTo<MOST> {
    const TYPE: ColumnType = ColumnType::Amount;

    fn read(text: Option<&str>, at: Place) -> PolarsResult<Option<Self>> {
        let text = text.unwrap_or_default();
        let number: Option<Decimal> =
            text.parse().ok().filter(|n| *n >= Decimal::ZERO && *n <= Decimal::from(MOST));
        let (row, column) = (at.row, at.column.name);
        let number = number.ok_or_else(
            || polars_err!(ComputeError: "row {row}: column {column}: `{text}` is not a number from 0 to {MOST}"),
        )?;
        Ok(Some(Self(number.normalize())))
    }

    fn series<'a>(values: impl Iterator<Item = Option<&'a Self>>) -> PolarsResult<Series> {
        Decimal::series(values.map(|v| v.map(|v| &v.0)))
    }
}
