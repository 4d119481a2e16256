//! Months of files that no manifest lists.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::NaiveDate;
use cost_core::focus::{FocusFrame, Part};
use cost_core::month::Month;
use cost_core::shield::shield;
use polars::prelude::*;

use crate::bill_file::{Format, bill_file};
use crate::content::{self, Content};
use crate::group::groups;

/// Returns the billing periods of the first rows of a file, by the month they start in. `None` if
/// it is not a bill, or cannot be read; the reader of the file reports the reason.
pub(super) fn of_first_rows(path: &Path) -> Option<BTreeSet<Month>> {
    let format = match content::look(path).ok()? {
        Content::Parquet => Format::Parquet,
        Content::Text(packing) => Format::Text(packing),
        _ => return None,
    };
    let group =
        groups(&[bill_file(path.to_owned(), format)], &mut Vec::new()).ok()?.into_iter().next()?;
    let rows = group.rows().ok()?;
    let rows = shield(|| group.kind.charges(&rows)).ok()?;
    let bill = FocusFrame::from_parts(vec![Part { rows, origins: Vec::new() }], &[]).ok()?;
    let periods = shield(|| {
        let Some(batch) = bill.batches().next() else { return Ok(DataFrame::empty()) };
        let start = col("BillingPeriodStart").cast(DataType::Date).cast(DataType::Int32);
        batch?.select([start]).unique(None, UniqueKeepStrategy::Any).collect()
    });
    let periods = periods.ok()?;
    let days = periods.column("BillingPeriodStart").ok()?.i32().ok()?;
    let month = |days: i32| NaiveDate::from_epoch_days(days).map(Month::of);
    Some(days.iter().flatten().filter_map(month).collect())
}
