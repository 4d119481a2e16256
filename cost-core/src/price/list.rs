//! List prices of an estate.

use std::str::FromStr;

use chrono::NaiveDate;
use polars::prelude::*;
use rust_decimal::Decimal;

use crate::table::{ColumnType, ColumnValue, Place, Table, TableRow, numbered_rows_of, row};

/// Terms of on-demand prices: Linux without license, shared tenancy, USD per hour.
pub const ON_DEMAND_LINUX: &str = "on demand, Linux";
/// Terms of standard reserved instances, 1 year, all upfront, Linux, USD per hour of the term.
pub const RESERVED_1Y_ALL_UPFRONT_LINUX: &str = "reserved 1 year all upfront, Linux";
/// Terms of spot prices: Linux, mean of the last 14 days over the region's zones, USD per hour.
pub const SPOT_LINUX: &str = "spot, Linux";
/// Terms of items with one on-demand price: storage, and classes of databases and caches. USD per
/// unit of the row.
pub const STORAGE_TERMS: &str = "storage";

/// Table of list prices.
pub static PRICES: Table = Table {
    name: "prices",
    label: "prices",
    path: "prices/list.parquet",
    doc: "List prices. One row per region, item, and pricing terms.",
    columns: PriceRow::COLUMNS,
    key: &["RegionId", "Item", "Terms"],
    opt_in: false,
    rules: |frame| read(frame).map(|_| Vec::new()),
};

row! {
    /// List price.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct PriceRow {
        /// Region.
        #[column("RegionId")]
        pub region_id: String,
        /// Instance type (`m5.large`), engine and class of a database or cache
        /// (`mysql db.r6g.large`), or storage item (`gp3`).
        #[column("Item")]
        pub item: String,
        /// `on demand, Linux`, `reserved 1 year all upfront, Linux`, `spot, Linux`, or `storage`
        /// for any item with one on-demand price.
        #[column("Terms")]
        pub terms: String,
        /// Unit that the price is for, such as `Hrs` or `GB-Mo`.
        #[column("Unit", optional = true)]
        pub unit: Option<String>,
        /// Price.
        #[column("UsdPerUnit", unit = "USD")]
        pub usd_per_unit: Usd,
        /// Day on which the price was collected.
        #[column("AsOf")]
        pub as_of: Option<NaiveDate>,
    }
}

/// Price in USD. Text that is not a number is an error that names the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usd(pub Decimal);

impl ColumnValue for Usd {
    const TYPE: ColumnType = ColumnType::Amount;

    fn read(text: Option<&str>, at: Place) -> PolarsResult<Option<Self>> {
        let Some(usd) = text else { return Ok(None) };
        let price = Decimal::from_str(usd)
            .map_err(|e| polars_err!(ComputeError: "row {}: `{usd}`: {e}", at.row))?;
        Ok(Some(Self(price.normalize())))
    }

    fn series<'a>(values: impl Iterator<Item = Option<&'a Self>>) -> PolarsResult<Series> {
        Decimal::series(values.map(|v| v.map(|v| &v.0)))
    }
}

/// Reads the rows of [`PRICES`].
///
/// # Errors
/// The engine's error if a column is missing; an error with the row if a price is not a number or
/// is negative.
pub(super) fn read(frame: &DataFrame) -> PolarsResult<Vec<PriceRow>> {
    let checked = |(row, price): (usize, PriceRow)| {
        if price.usd_per_unit.0.is_sign_negative() {
            polars_bail!(ComputeError: "row {row}: the price of {} is negative", price.item);
        }
        Ok(price)
    };
    numbered_rows_of(frame)?.into_iter().map(checked).collect()
}
