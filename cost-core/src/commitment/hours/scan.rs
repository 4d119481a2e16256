//! Hourly sums from one scan of the line items.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use fnv::FnvHashMap;
use polars::prelude::*;

use super::group::{
    AMOUNTS, Group, HOUR_US, ID, KEYS, OF_RESOURCE, PROVIDER, RESOURCE, SERVICE, Texts, too_large,
};
use super::{HourlyUsage, Window, lines};
use crate::cloud::{Provider, cloud};
use crate::commitment::charges::is_coverable;
use crate::focus::text::is_null_text;
use crate::focus::{CHARGE_START, FocusError, FocusFrame, kernel};
use crate::rollup::scaled;
use crate::shield::{ENGINE, shield};

const END: &str = "ChargePeriodEnd";

/// Returns hourly usage. Resources in `apart` have lines of their own. Corrections and spot are
/// excluded.
///
/// Memory is bounded by lines × hours.
///
/// # Errors
/// [`FocusError`]: a cell that does not decode, or a sum that does not fit.
pub fn hourly(
    frame: &FocusFrame,
    window: Window,
    apart: &BTreeSet<String>,
) -> Result<HourlyUsage, FocusError> {
    let mut usage = Scan::of(window);
    read(frame, apart, &mut [&mut usage])?;
    usage.finish(frame)
}

/// Returns hourly usage as [`hourly`] does, and the usage of a second window without lines for
/// single resources. The line items are scanned once for both.
///
/// # Errors
/// As [`hourly`].
pub(crate) fn hourly_with_history(
    frame: &FocusFrame,
    (window, apart): (Window, &BTreeSet<String>),
    history: Window,
) -> Result<(HourlyUsage, HourlyUsage), FocusError> {
    let mut usage = Scan::of(window);
    let mut history = Scan { by_resource: false, ..Scan::of(history) };
    read(frame, apart, &mut [&mut usage, &mut history])?;
    Ok((usage.finish(frame)?, history.finish(frame)?))
}

/// Reads the line items that any of `scans` needs, and adds them to all.
fn read(
    frame: &FocusFrame,
    apart: &BTreeSet<String>,
    scans: &mut [&mut Scan],
) -> Result<(), FocusError> {
    let from = scans.iter().map(|s| s.from).min().unwrap_or(i64::MAX);
    let until = scans.iter().map(|s| s.until).max().unwrap_or(i64::MIN);
    let wanted = is_of_usage().and(is_within(from, until));
    let apart: Arc<BTreeSet<String>> = Arc::new(apart.clone());
    let resource =
        kernel(col("ResourceId"), DataType::String, move |ids| resources_apart(ids, &apart))
            .alias(RESOURCE);
    let keys: Vec<Expr> = [CHARGE_START, END].into_iter().chain(KEYS).map(col).collect();
    let sums = AMOUNTS.iter().map(|name| col(*name).sum());
    let nulls = AMOUNTS
        .iter()
        .map(|name| col(*name).null_count().gt(lit(0)).alias(format!("{name} unknown")));
    let aggregates: Vec<Expr> = sums.chain(nulls).chain([len().alias("items")]).collect();
    let _alone = frame.scanning();
    let added = shield(|| {
        for batch in frame.batches() {
            let rows = batch?.filter(wanted.clone()).with_columns([resource.clone()]);
            let grouped = rows.group_by(keys.clone()).agg(aggregates.clone());
            let grouped = grouped.collect_with_engine(ENGINE)?.unwrap_single();
            let found = Found::of(&grouped)?;
            scans.iter_mut().try_for_each(|scan| scan.add(&found))?;
        }
        Ok(())
    });
    added.map_err(|e| frame.explain(&e))
}

/// Returns the filter for usage that is neither a correction nor spot.
fn is_of_usage() -> Expr {
    let empty = |name: &str| col(name).is_null().or(col(name).eq(lit("")));
    col("ChargeCategory")
        .eq(lit("Usage"))
        .and(col("ChargeClass").is_null().or(col("ChargeClass").neq(lit("Correction"))))
        .and(
            empty("PricingCategory")
                .or(col("PricingCategory").neq(lit("Dynamic")))
                .or(empty("CommitmentDiscountId").not()),
        )
}

/// Returns the filter for charges that overlap the time from `from` to `until`, in microseconds
/// since 1970. A charge without an end lasts one hour.
fn is_within(from: i64, until: i64) -> Expr {
    let instant = |name: &str| col(name).cast(DataType::Int64);
    let end = instant(END).fill_null(instant(CHARGE_START) + lit(HOUR_US));
    instant(CHARGE_START).lt(lit(until)).and(end.gt(lit(from)))
}

/// Returns the IDs of resources with lines of their own, and null for all others.
fn resources_apart(ids: &Column, apart: &BTreeSet<String>) -> PolarsResult<Column> {
    let ids_apart: StringChunked =
        ids.str()?.iter().map(|id| id.filter(|id| apart.contains(*id))).collect();
    Ok(ids_apart.with_name(ids.name().clone()).into_series().into_column())
}

/// Returns whether a key is needed: usage that a commitment covered or could cover.
fn is_wanted(key: &Cells<'_>) -> bool {
    key[ID].is_some() || key[2].is_some_and(|usage| is_coverable(key[PROVIDER], usage))
}

/// Returns the service of a key whose usage types are those of another service.
fn other_service(key: &Cells<'_>) -> Option<&'static str> {
    cloud(Provider::of(key[PROVIDER])).other_service(key[SERVICE]?)
}

/// Start and end of a charge, microseconds since 1970.
type Time = (i64, i64);
/// A row's cells of [`KEYS`].
type Cells<'a> = [Option<&'a str>; KEYS.len()];

/// The sums of a batch: one row for all line items with the same texts and hours.
struct Found<'a> {
    texts: Vec<&'a StringChunked>,
    times: Vec<Option<Time>>,
    amounts: Vec<Vec<i128>>,
    unknown: Vec<&'a BooleanChunked>,
    items: Vec<u64>,
}

/// The sum of one or more rows.
#[derive(Clone, Copy, Default)]
struct Sum {
    amounts: [i128; AMOUNTS.len()],
    items: u64,
}

impl<'a> Found<'a> {
    fn of(grouped: &'a DataFrame) -> PolarsResult<Self> {
        let instants = |name: &str| grouped.column(name)?.cast(&DataType::Int64);
        let (starts, ends) = (instants(CHARGE_START)?, instants(END)?);
        let time = |(start, end): (Option<i64>, Option<i64>)| {
            start.map(|s| (s, end.unwrap_or(s.saturating_add(HOUR_US))))
        };
        let null = |name: &&str| grouped.column(&format!("{name} unknown"))?.bool();
        let items = grouped.column("items")?.cast(&DataType::UInt64)?;
        Ok(Self {
            texts: KEYS
                .iter()
                .map(|k| grouped.column(k)?.str())
                .collect::<PolarsResult<Vec<_>>>()?,
            times: starts.i64()?.iter().zip(ends.i64()?.iter()).map(time).collect(),
            amounts: AMOUNTS
                .iter()
                .map(|name| scaled(grouped.column(name)?))
                .collect::<PolarsResult<Vec<_>>>()?,
            unknown: AMOUNTS.iter().map(null).collect::<PolarsResult<Vec<_>>>()?,
            items: items.u64()?.iter().map(Option::unwrap_or_default).collect(),
        })
    }

    fn sum(&self, row: usize) -> Sum {
        Sum { amounts: std::array::from_fn(|at| self.amounts[at][row]), items: self.items[row] }
    }

    /// Returns the sums of rows with their times. Rows that differ only in the resource are merged.
    fn without_resources(&self, rows: &[usize]) -> PolarsResult<Vec<(Time, Sum)>> {
        let mut sums: FnvHashMap<(Time, Cells<'_>), Sum> = FnvHashMap::default();
        for (row, time) in rows.iter().filter_map(|row| Some((*row, self.times[*row]?))) {
            let texts =
                std::array::from_fn(|at| self.texts[at].get(row).filter(|_| at != OF_RESOURCE));
            let (sum, more) = (sums.entry((time, texts)).or_default(), self.sum(row));
            sum.items = sum.items.saturating_add(more.items);
            for (at, (sum, amount)) in sum.amounts.iter_mut().zip(more.amounts).enumerate() {
                *sum = sum.checked_add(amount).ok_or_else(|| too_large(at))?;
            }
        }
        Ok(sums.into_iter().map(|((time, _), sum)| (time, sum)).collect())
    }
}

/// The sums of the line items of one window.
struct Scan {
    window: Window,
    /// The window in microseconds since 1970, half-open.
    from: i64,
    until: i64,
    /// Whether selected resources have groups of their own.
    by_resource: bool,
    groups: BTreeMap<Texts, Group>,
    spread: u64,
}

impl Scan {
    fn of(window: Window) -> Self {
        let (from, until) = (window.start().timestamp_micros(), window.end().timestamp_micros());
        Self { window, from, until, by_resource: true, groups: BTreeMap::new(), spread: 0 }
    }

    fn add(&mut self, found: &Found<'_>) -> PolarsResult<()> {
        // Each key occurs once per hour, so rows are grouped by their cells before anything is
        // copied.
        let mut rows: FnvHashMap<Cells<'_>, Vec<usize>> = FnvHashMap::default();
        for (row, time) in found.times.iter().enumerate() {
            if time.is_none_or(|(start, end)| start >= self.until || end <= self.from) {
                continue;
            }
            let is_of_key = |at: usize| self.by_resource || at != OF_RESOURCE;
            let text =
                |at: usize| found.texts[at].get(row).filter(|t| is_of_key(at) && !is_null_text(t));
            let mut key: Cells<'_> = std::array::from_fn(text);
            key[SERVICE] = other_service(&key);
            rows.entry(key).or_default().push(row);
        }
        for (key, rows) in rows.into_iter().filter(|(key, _)| is_wanted(key)) {
            let group = self.groups.entry(key.map(|t| t.map(str::to_owned))).or_default();
            group.quantities.resize(self.window.hours(), 0);
            group.effective_by_hour.resize(self.window.hours(), 0);
            for (known, null) in group.unknown.iter_mut().zip(&found.unknown) {
                *known |= rows.iter().any(|row| null.get(*row).unwrap_or_default());
            }
            let sums = if self.by_resource {
                rows.iter().filter_map(|row| Some((found.times[*row]?, found.sum(*row)))).collect()
            } else {
                found.without_resources(&rows)?
            };
            for (time, sum) in sums {
                if group.spread(self.window, time, sum.amounts)? > 1 {
                    self.spread = self.spread.saturating_add(sum.items);
                }
            }
        }
        Ok(())
    }

    fn finish(self, frame: &FocusFrame) -> Result<HourlyUsage, FocusError> {
        let usage = lines::usage(&self.groups, self.window, self.spread);
        usage.map_err(|source| FocusError::Money { origin: frame.label().to_owned(), source })
    }
}
