//! Points of many series as one table, a row a resource and hour.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use polars::prelude::*;

use super::Wanted;
use super::metrics::{MEASURES, Measure};
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
        let column = wanted.measure.place();
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
            let value = wanted.reading.value(*value);
            *known = if known.is_nan() { value } else { *known + value };
        }
    }
}

/// What a measure of an hour is; `None` if it was not measured.
fn known(hour: &Hour, measure: Measure) -> Option<f64> {
    Some(hour[measure.place()]).filter(|v| !v.is_nan())
}

impl Table {
    /// Tells what measures tell together, once all series are there.
    pub(super) fn settle(&mut self) {
        for hour in self.resources.values_mut().flatten() {
            let cpu = known(hour, Measure::CpuTime).zip(known(hour, Measure::Duration).filter(|d| *d > 0.0));
            if let Some((time, duration)) = cpu {
                hour[Measure::CpuMean.place()] = (time / duration).min(100.0);
            }
            if known(hour, Measure::Alive).is_some() && known(hour, Measure::Operations).is_none() {
                hour[Measure::Operations.place()] = 0.0;
            }
        }
    }
}

/// All tables as a utilization frame: rows with at least one measure, by resource and hour.
pub(super) fn to_frame(tables: Vec<Table>) -> PolarsResult<DataFrame> {
    let mut all: BTreeMap<String, (i64, Vec<Hour>)> = BTreeMap::new();
    for table in tables {
        all.extend(table.resources.into_iter().map(|(id, hours)| (id, (table.start, hours))));
    }
    let measured = |hour: &Hour| MEASURES.iter().zip(hour).any(|((_, name), v)| name.is_some() && !v.is_nan());
    let count = all.values().map(|(_, hours)| hours.iter().filter(|h| measured(h)).count()).sum();
    let mut ids = StringChunkedBuilder::new("ResourceId".into(), count);
    let mut times = PrimitiveChunkedBuilder::<Int64Type>::new("Hour".into(), count);
    let named = MEASURES.iter().filter_map(|(_, name)| *name);
    let mut values: Vec<PrimitiveChunkedBuilder<Float64Type>> =
        named.map(|name| PrimitiveChunkedBuilder::new(name.into(), count)).collect();
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
    columns.extend(values.into_iter().map(|b| b.finish().into_series().into_column()));
    DataFrame::new(count, columns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::utilization::Reading;

    #[test]
    fn what_only_measures_together_tell_is_told() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 10, day).expect("a day");
        let mut table = Table::new(day(1), day(2));
        let start = midnight(day(1));
        let wanted = |resource: &str, measure| Wanted {
            resource: resource.to_owned(),
            measure,
            namespace: "",
            metric: "",
            stat: "",
            dimensions: Vec::new(),
            reading: Reading::AsItIs,
        };
        table.add(&wanted("function", Measure::CpuTime), &[(start, 30_000.0), (start + 3600, 10.0)]);
        table.add(&wanted("function", Measure::Duration), &[(start, 1000.0)]);
        table.add(&wanted("endpoint", Measure::Alive), &[(start, 1.0), (start + 3600, 1.0)]);
        table.add(&wanted("endpoint", Measure::Operations), &[(start, 7.0)]);
        table.settle();
        let frame = to_frame(vec![table]).expect("a frame");
        assert_eq!(frame.width(), cost_core::usage::COLUMNS.len());
        let values = |name: &str| frame.column(name).expect("there").f64().expect("numbers").to_vec();
        // The endpoint had two hours, and calls in one; of the function's second hour nothing is known.
        assert_eq!(values("Operations"), [Some(7.0), Some(0.0), None]);
        assert_eq!(values("CpuMeanPct"), [None, None, Some(30.0)]);
    }
}
