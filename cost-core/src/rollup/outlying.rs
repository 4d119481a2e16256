//! [`OutlyingCharges`]: charges far outside the bill's days, such as with a wrong year.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use polars::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::cube::CostCube;
use super::keys::LINE_ITEMS;
use super::query::QueryError;
use crate::cells::{day, day_lit};
use crate::money::Money;
use crate::text::counted;

/// First and last day on which the charges of each file start, days since 1970.
pub(super) type FileDays = BTreeMap<String, (i32, i32)>;

/// Most files that a note names.
const MOST_NAMED: usize = 3;

/// A few charges far outside the days of all others (ADR 0043). They count in their own month and
/// billing period, and so in invoice totals, but do not move the days of the bill: its first and
/// last day, the default month, and the days that are monitored for anomalies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct OutlyingCharges {
    /// First day on which one of them starts.
    pub first_day: NaiveDate,
    /// Last day on which one of them starts.
    pub last_day: NaiveDate,
    /// Number of line items.
    pub line_items: u64,
    /// Σ `BilledCost`.
    pub billed: Money,
    /// Σ `EffectiveCost` on the days on which they start.
    pub effective: Money,
    /// Files that contain them; empty if the bill was not read from files.
    pub files: Vec<String>,
}

impl OutlyingCharges {
    /// Returns a note on them.
    #[must_use]
    pub fn note(&self) -> String {
        let Self { line_items, billed, effective, files, .. } = self;
        let days = self.days();
        let (are, they, count) = if *line_items == 1 {
            ("is", "it does", "counts in its")
        } else {
            ("are", "they do", "count in their")
        };
        let mut names: Vec<String> = files.iter().take(MOST_NAMED).cloned().collect();
        if let Some(more) = files.len().checked_sub(MOST_NAMED).filter(|n| *n > 0) {
            names.push(format!("{more} more"));
        }
        let of_files =
            if names.is_empty() { String::new() } else { format!(", {}", names.join(", ")) };
        format!(
            "{} {are} dated {days}, far from all others ({billed} of BilledCost, {effective} of EffectiveCost{of_files}): \
             {they} not change the days of the bill, and {count} own month and billing period; check ChargePeriodStart",
            counted(*line_items, "line item")
        )
    }

    /// Returns the days on which they start: `2062-03-05`, or `2062-03-05 to 2062-03-09`.
    #[must_use]
    pub fn days(&self) -> String {
        let Self { first_day, last_day, .. } = self;
        if first_day == last_day {
            first_day.to_string()
        } else {
            format!("{first_day} to {last_day}")
        }
    }
}

/// Returns the charges of a table that are outlying, before the bill's days and after them.
///
/// # Errors
/// [`QueryError`].
pub(super) fn outlying(
    cube: &CostCube,
    files: &FileDays,
) -> Result<Vec<OutlyingCharges>, QueryError> {
    let Some(extent) = cube.extent() else { return Ok(Vec::new()) };
    let starts = || col(LINE_ITEMS).gt(lit(0));
    let mut all = Vec::new();
    if let Some(until) = extent.before.and_then(day) {
        let of_file = |(first, _): (i32, i32)| day(first).is_some_and(|first| first <= until);
        let days = starts().and(col("ChargeDay").lt_eq(day_lit(until)));
        all.extend(sum(cube, days, named(files, of_file))?);
    }
    if let Some(from) = extent.after.and_then(day) {
        let of_file = |(_, last): (i32, i32)| day(last).is_some_and(|last| last >= from);
        let days = starts().and(col("ChargeDay").gt_eq(day_lit(from)));
        all.extend(sum(cube, days, named(files, of_file))?);
    }
    Ok(all)
}

fn named(files: &FileDays, of: impl Fn((i32, i32)) -> bool) -> Vec<String> {
    files.iter().filter(|(_, days)| of(**days)).map(|(file, _)| file.clone()).collect()
}

fn sum(
    cube: &CostCube,
    of: Expr,
    files: Vec<String>,
) -> Result<Option<OutlyingCharges>, QueryError> {
    let groups = cube.sum_by(&["ChargeDay"], of)?;
    let days: Vec<NaiveDate> = groups.iter().filter_map(|g| g.key(0).parse().ok()).collect();
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Ok(None) };
    let zero = Money::zero(cube.currency());
    let mut all = OutlyingCharges {
        first_day: *first,
        last_day: *last,
        line_items: 0,
        billed: zero,
        effective: zero,
        files,
    };
    for group in &groups {
        all.line_items += group.amounts.line_items;
        all.billed = all.billed.try_add(group.amounts.billed)?;
        all.effective = all.effective.try_add(group.amounts.effective)?;
    }
    Ok(Some(all))
}
