//! Dates of cost details, which are written `2026-06-05`, `06/05/2026` or `05/06/2026`.
//!
//! The order is determined once for all cells of a file ([`order_of`]), never by cell: if
//! `03/04/2026` were a day of March and `13/04/2026` one of April in the same file, money would
//! move between months unnoticed.

use chrono::{Datelike, NaiveDate};
use polars::prelude::*;

use crate::rows::{batchwise, codes, collect, place};

const MICROS_PER_DAY: i64 = 86_400_000_000;
/// Days from 0001-01-01 to 1970-01-01.
const EPOCH: i32 = 719_163;

/// Order of day and month in dates such as `06/05/2026`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// Month first, as Enterprise Agreements export it.
    MonthFirst,
    /// Day first.
    DayFirst,
}

/// Numbers of a date in written order.
#[derive(Clone, Copy)]
enum Written {
    Iso(i32, u32, u32),
    /// Two numbers before the year.
    Mixed(u32, u32, i32),
}

fn written(text: &str) -> Option<Written> {
    let day = text.trim().split(['T', ' ']).next()?;
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    if day.len() == 8 && digits(day) {
        return Some(Written::Iso(
            day[..4].parse().ok()?,
            day[4..6].parse().ok()?,
            day[6..].parse().ok()?,
        ));
    }
    let parts: Vec<&str> = day.split(['/', '-', '.']).collect();
    let [first, second, third] = parts.as_slice() else { return None };
    if ![first, second, third].iter().all(|p| digits(p)) {
        return None;
    }
    match (first.len(), third.len()) {
        (4, 1 | 2) => {
            Some(Written::Iso(first.parse().ok()?, second.parse().ok()?, third.parse().ok()?))
        }
        (1 | 2, 4) => {
            Some(Written::Mixed(first.parse().ok()?, second.parse().ok()?, third.parse().ok()?))
        }
        _ => None,
    }
}

fn date(written: Written, order: DateOrder) -> Option<NaiveDate> {
    match (written, order) {
        (Written::Iso(y, m, d), _)
        | (Written::Mixed(m, d, y), DateOrder::MonthFirst)
        | (Written::Mixed(d, m, y), DateOrder::DayFirst) => NaiveDate::from_ymd_opt(y, m, d),
    }
}

/// Returns the order of a single date; `None` if it is in another format, or both orders are
/// possible.
fn order_of_one(written: Written) -> Option<DateOrder> {
    match written {
        Written::Mixed(first, _, _) if first > 12 => Some(DateOrder::DayFirst),
        Written::Mixed(_, second, _) if second > 12 => Some(DateOrder::MonthFirst),
        _ => None,
    }
}

/// Whether a day and the first day of its billing period are consistent in this order: periods
/// start with a month, and contain the day.
fn agrees(day: Option<Written>, start: Option<Written>, order: DateOrder) -> bool {
    let read = |w: Option<Written>| w.map(|w| date(w, order));
    match (read(day), read(start)) {
        (_, Some(None)) | (Some(None), _) => false,
        (day, Some(Some(start))) => {
            let within = |d: NaiveDate| (d.year(), d.month()) == (start.year(), start.month());
            start.day() == 1 && day.flatten().is_none_or(within)
        }
        _ => true,
    }
}

/// Evidence of one row for the order.
const MONTH_FIRST: i64 = 1;
const DAY_FIRST: i64 = 2;
/// Codes for dates that need an order but are no evidence.
const SILENT: i64 = 3;

const ORDER: &str = "order";

/// Returns the order of the dates of a file: that of the first date with a day after the twelfth;
/// else the one in which days are within their billing periods, and these start on the first.
/// `None` if no date needs it. `dates` are the day of the charge and the first and last day of its
/// billing period.
///
/// # Errors
/// Errors of polars; and if there is no evidence for either order: the file is ambiguous and is not
/// read.
pub(super) fn order_of(raw: LazyFrame, dates: [Expr; 3]) -> PolarsResult<Option<DateOrder>> {
    let [day, start, _] = dates.clone();
    let alone = codes(dates, |row| {
        let order = row.into_iter().flatten().filter_map(written).find_map(order_of_one)?;
        Some(if order == DateOrder::DayFirst { DAY_FIRST } else { MONTH_FIRST })
    });
    let first = raw.clone().select([alone.alias(ORDER)]).filter(col(ORDER).is_not_null()).limit(1);
    if let Some(code) = codes_in(first)?.first() {
        return Ok(Some(if *code == DAY_FIRST {
            DateOrder::DayFirst
        } else {
            DateOrder::MonthFirst
        }));
    }
    let by_period = codes([day, start], |row| {
        let [day, start] = row.map(|text| text.and_then(written));
        // March 3 is the same day in both orders.
        let needs_order =
            |w: &Written| matches!(w, Written::Mixed(first, second, _) if first != second);
        [day, start].into_iter().flatten().find(needs_order)?;
        let [month, other] =
            [DateOrder::MonthFirst, DateOrder::DayFirst].map(|order| agrees(day, start, order));
        Some(match (month, other) {
            (true, false) => MONTH_FIRST,
            (false, true) => DAY_FIRST,
            _ => SILENT,
        })
    });
    let orders = raw
        .select([by_period.alias(ORDER)])
        .filter(col(ORDER).is_not_null())
        .group_by([col(ORDER)])
        .agg([len()]);
    let orders = codes_in(orders)?;
    match (orders.contains(&MONTH_FIRST), orders.contains(&DAY_FIRST)) {
        (true, false) => Ok(Some(DateOrder::MonthFirst)),
        (false, true) => Ok(Some(DateOrder::DayFirst)),
        (false, false) if orders.is_empty() => Ok(None),
        _ => polars_bail!(
            ComputeError: "dates such as 03/04/2026 can be month first or day first, and neither \
                a day after the twelfth nor the billing period shows which: export the file \
                again with ISO dates (2026-03-04)"
        ),
    }
}

fn codes_in(frame: LazyFrame) -> PolarsResult<Vec<i64>> {
    Ok(collect(frame)?.column(ORDER)?.i64()?.iter().flatten().collect())
}

/// Days of one column.
fn dates_of(column: &Column, order: Option<DateOrder>) -> PolarsResult<Vec<Option<NaiveDate>>> {
    let from_days = |days: i32| NaiveDate::from_num_days_from_ce_opt(days.checked_add(EPOCH)?);
    match column.dtype() {
        DataType::Null => Ok(vec![None; column.len()]),
        DataType::Date => {
            Ok(column.date()?.physical().iter().map(|d| d.and_then(from_days)).collect())
        }
        DataType::Datetime(..) => {
            let days = column.cast(&DataType::Date)?;
            Ok(days.date()?.physical().iter().map(|d| d.and_then(from_days)).collect())
        }
        _ => {
            let text = column.cast(&DataType::String)?;
            // Files repeat the same few days, so the last one is cached.
            let mut last: Option<(String, NaiveDate)> = None;
            let mut parse = |text: &str| -> PolarsResult<Option<NaiveDate>> {
                if cost_core::focus::text::is_null_text(text) {
                    return Ok(None);
                }
                if let Some((_, known)) = last.as_ref().filter(|(seen, _)| seen == text) {
                    return Ok(Some(*known));
                }
                let (order, words) = match order {
                    Some(DateOrder::DayFirst) => {
                        (DateOrder::DayFirst, " with the day first, as in the rest of the file")
                    }
                    Some(DateOrder::MonthFirst) => {
                        (DateOrder::MonthFirst, " with the month first, as in the rest of the file")
                    }
                    None => (DateOrder::MonthFirst, ""),
                };
                let bad = || {
                    let (name, cell) = (column.name(), cost_core::focus::quote_cell(text));
                    polars_err!(ComputeError: "column {name}: {cell} is not a date{words}")
                };
                let day = written(text).and_then(|w| date(w, order)).ok_or_else(bad)?;
                last = Some((text.to_owned(), day));
                Ok(Some(day))
            };
            text.str()?.iter().map(|cell| cell.map_or(Ok(None), &mut parse)).collect()
        }
    }
}

/// Returns the instant at which a day begins (UTC). A function determines the day from the days in
/// each row.
pub(super) fn days(
    inputs: &[Expr],
    order: Option<DateOrder>,
    function: impl Fn(&[Option<NaiveDate>]) -> Option<NaiveDate> + Send + Sync + 'static,
) -> Expr {
    let kernel = move |columns: &[Column], height: usize| {
        let dates = columns.iter().map(|c| dates_of(c, order)).collect::<PolarsResult<Vec<_>>>()?;
        let cell = |column: &Vec<Option<NaiveDate>>, at: usize| {
            column.get(place(column.len(), at)).copied().flatten()
        };
        let micros = |day: NaiveDate| i64::from(day.num_days_from_ce() - EPOCH) * MICROS_PER_DAY;
        let instant = |at: usize| {
            function(&dates.iter().map(|d| cell(d, at)).collect::<Vec<_>>()).map(micros)
        };
        let instants: Int64Chunked = (0..height).map(instant).collect();
        Ok(instants.into_datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)).into_series())
    };
    batchwise(inputs, DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)), kernel)
}

/// Returns a column of instants that fails the scan with this message.
pub(super) fn undecided(message: String) -> Expr {
    let kernel = move |_: &[Column], _: usize| -> PolarsResult<Series> {
        polars_bail!(ComputeError: "{message}")
    };
    batchwise(&[lit(0)], DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)), kernel)
}

/// Returns the first day of the month.
pub(super) fn month_of(day: NaiveDate) -> Option<NaiveDate> {
    day.with_day(1)
}

/// Returns the first day of the next month.
pub(super) fn month_after(day: NaiveDate) -> Option<NaiveDate> {
    let (year, month) = if day.month() == 12 {
        (day.year().checked_add(1)?, 1)
    } else {
        (day.year(), day.month() + 1)
    };
    NaiveDate::from_ymd_opt(year, month, 1)
}
