//! Points of many series as one table, a row a resource and hour.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use polars::prelude::*;

use super::Wanted;
use super::metrics::MEASURES;
use crate::instant::midnight;

/// Seconds of an hour.
pub(super) const HOUR: u16 = 3600;

/// The measures of one hour; what was not measured is not a number.
type Hour = [f64; MEASURES.len()];

/// The hours of the resources of one account and region.
pub(super) struct Table {
    start: i64,
    hours: usize,
    resources: BTreeMap<String, Vec<Hour>>,
}

impl Table {
    /// An empty table of the days from one to another, half-open.
    pub(super) fn new(from: NaiveDate, until: NaiveDate) -> Self {
        let start = midnight(from);
        let days = usize::try_from(until.signed_duration_since(from).num_days()).unwrap_or(0);
        Self { start, hours: days * 24, resources: BTreeMap::new() }
    }

    /// Adds a series: what several metrics make up together is summed.
    pub(super) fn add(&mut self, wanted: &Wanted, points: &[(i64, f64)]) {
        let Some(column) = MEASURES.iter().position(|(m, _)| *m == wanted.measure) else { return };
        if points.is_empty() {
            return;
        }
        let hours = self.hours;
        let rows =
            self.resources.entry(wanted.resource.clone()).or_insert_with(|| vec![[f64::NAN; MEASURES.len()]; hours]);
        for (seconds, value) in points {
            let hour = usize::try_from((seconds - self.start).div_euclid(HOUR.into())).ok();
            let Some(row) = hour.and_then(|h| rows.get_mut(h)) else { continue };
            let known = &mut row[column];
            let value = wanted.value(*value);
            *known = if known.is_nan() { value } else { *known + value };
        }
    }
}

/// All tables as a utilization frame: rows with at least one measure, by resource and hour.
pub(super) fn to_frame(tables: Vec<Table>) -> PolarsResult<DataFrame> {
    let mut all: BTreeMap<String, (i64, Vec<Hour>)> = BTreeMap::new();
    for table in tables {
        all.extend(table.resources.into_iter().map(|(id, hours)| (id, (table.start, hours))));
    }
    let measured = |hour: &Hour| hour.iter().any(|v| !v.is_nan());
    let count = all.values().map(|(_, hours)| hours.iter().filter(|h| measured(h)).count()).sum();
    let mut ids = StringChunkedBuilder::new("ResourceId".into(), count);
    let mut times = PrimitiveChunkedBuilder::<Int64Type>::new("Hour".into(), count);
    let mut values = MEASURES.map(|(_, name)| PrimitiveChunkedBuilder::<Float64Type>::new(name.into(), count));
    for (id, (start, hours)) in all {
        for (second, hour) in (start..).step_by(HOUR.into()).zip(hours).filter(|(_, h)| measured(h)) {
            ids.append_value(&id);
            times.append_value(second * 1_000_000);
            for (builder, value) in values.iter_mut().zip(hour) {
                builder.append_option(Some(value).filter(|v| !v.is_nan()));
            }
        }
    }
    let hours = times.finish().into_datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)).into_series().into_column();
    let mut columns = vec![ids.finish().into_series().into_column(), hours];
    columns.extend(values.map(|b| b.finish().into_series().into_column()));
    DataFrame::new(count, columns)
}
