//! Points of many series as one table: one row per resource and hour.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use polars::prelude::*;

use super::measure::{MEASURES, Measure};
use super::wanted::Wanted;
use crate::instant::midnight;

/// Seconds of an hour.
pub(super) const HOUR: u16 = 3600;

/// Measures of one hour; NaN if not measured.
type Hour = [f64; MEASURES.len()];

/// Hours of the resources of one account and region.
pub(super) struct Table {
    start: i64,
    hours: usize,
    resources: BTreeMap<String, Vec<Hour>>,
    /// Values that only help to compute columns, by hour, for the few resources that have some.
    parts: BTreeMap<String, BTreeMap<Measure, Vec<f64>>>,
}

/// Adds a value to an hour.
fn add_to(known: &mut f64, value: f64) {
    *known = if known.is_nan() { value } else { *known + value };
}

impl Table {
    /// Creates an empty table for a half-open range of days.
    pub(super) fn new(from: NaiveDate, until: NaiveDate) -> Self {
        let start = midnight(from);
        let days = usize::try_from(until.signed_duration_since(from).num_days()).unwrap_or(0);
        Self { start, hours: days * 24, resources: BTreeMap::new(), parts: BTreeMap::new() }
    }

    /// Adds a series; values that several metrics make up are summed.
    pub(super) fn add(&mut self, wanted: &Wanted, points: &[(i64, f64)]) {
        if points.is_empty() {
            return;
        }
        let (start, hours, resource) = (self.start, self.hours, wanted.resource.clone());
        let hour = |seconds: i64| {
            usize::try_from((seconds - start).div_euclid(HOUR.into())).ok().filter(|h| *h < hours)
        };
        let values = points
            .iter()
            .filter_map(|(at, value)| Some((hour(*at)?, wanted.reading.value(*value))));
        if let Some(column) = wanted.measure.column() {
            let rows = self.resources.entry(resource).or_insert_with(|| unmeasured(hours));
            for (hour, value) in values {
                add_to(&mut rows[hour][column], value);
            }
        } else {
            let parts = self.parts.entry(resource).or_default();
            let part = parts.entry(wanted.measure).or_insert_with(|| vec![f64::NAN; hours]);
            for (hour, value) in values {
                add_to(&mut part[hour], value);
            }
        }
    }

    /// Computes the columns that need several series, after all series are added.
    pub(super) fn settle(&mut self) {
        for (resource, parts) in std::mem::take(&mut self.parts) {
            let rows = self.resources.entry(resource).or_insert_with(|| unmeasured(self.hours));
            let part =
                |measure, hour: usize| parts.get(&measure).map(|p| p[hour]).filter(|v| !v.is_nan());
            for (hour, row) in rows.iter_mut().enumerate() {
                let duration = part(Measure::Duration, hour).filter(|d| *d > 0.0);
                let cpu = part(Measure::CpuTime, hour)
                    .zip(duration)
                    .map(|(time, of)| (time / of).min(100.0));
                if let Some((cpu, mean)) = cpu.zip(cell(row, Measure::CpuMean)) {
                    *mean = cpu;
                }
                let operations =
                    part(Measure::Alive, hour).and_then(|_| cell(row, Measure::Operations));
                if let Some(none) = operations.filter(|known| known.is_nan()) {
                    *none = 0.0;
                }
            }
        }
    }
}

/// Returns the column of a measure in an hour.
fn cell(hour: &mut Hour, measure: Measure) -> Option<&mut f64> {
    hour.get_mut(measure.column()?)
}

/// Hours without data.
fn unmeasured(hours: usize) -> Vec<Hour> {
    vec![[f64::NAN; MEASURES.len()]; hours]
}

/// Returns all tables as a utilization data frame: rows with at least one measure, by resource and
/// hour.
pub(super) fn to_frame(tables: Vec<Table>) -> PolarsResult<DataFrame> {
    let mut all: BTreeMap<String, (i64, Vec<Hour>)> = BTreeMap::new();
    for table in tables {
        all.extend(table.resources.into_iter().map(|(id, hours)| (id, (table.start, hours))));
    }
    let measured = |hour: &Hour| hour.iter().any(|v| !v.is_nan());
    let count = all.values().map(|(_, hours)| hours.iter().filter(|h| measured(h)).count()).sum();
    let mut ids = StringChunkedBuilder::new("ResourceId".into(), count);
    let mut times = PrimitiveChunkedBuilder::<Int64Type>::new("Hour".into(), count);
    let mut values =
        MEASURES.map(|(_, name)| PrimitiveChunkedBuilder::<Float64Type>::new(name.into(), count));
    for (id, (start, hours)) in all {
        for (second, hour) in (start..).step_by(HOUR.into()).zip(hours).filter(|(_, h)| measured(h))
        {
            ids.append_value(&id);
            times.append_value(second * 1_000_000);
            for (builder, value) in values.iter_mut().zip(hour) {
                builder.append_option(Some(value).filter(|v| !v.is_nan()));
            }
        }
    }
    let hours = times
        .finish()
        .into_datetime(TimeUnit::Microseconds, Some(TimeZone::UTC))
        .into_series()
        .into_column();
    let mut columns = vec![ids.finish().into_series().into_column(), hours];
    columns.extend(values.into_iter().map(|b| b.finish().into_series().into_column()));
    DataFrame::new(count, columns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::utilization::wanted::Reading;

    #[test]
    fn values_derived_from_several_metrics_are_computed() {
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
        table
            .add(&wanted("function", Measure::CpuTime), &[(start, 30_000.0), (start + 3600, 10.0)]);
        table.add(&wanted("function", Measure::Duration), &[(start, 1000.0)]);
        table.add(&wanted("endpoint", Measure::Alive), &[(start, 1.0), (start + 3600, 1.0)]);
        table.add(&wanted("endpoint", Measure::Operations), &[(start, 7.0)]);
        table.settle();
        let frame = to_frame(vec![table]).expect("a frame");
        assert_eq!(cost_core::usage::UTILIZATION.unmet(&frame), Vec::<String>::new());
        let values =
            |name: &str| frame.column(name).expect("there").f64().expect("numbers").to_vec();
        // The endpoint had two hours, and calls in one; of the function's second hour nothing is
        // known.
        assert_eq!(values("Operations"), [Some(7.0), Some(0.0), None]);
        assert_eq!(values("CpuMeanPct"), [None, None, Some(30.0)]);
    }
}
