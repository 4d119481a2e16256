//! Utilization of resources, one row per resource and hour.

mod table;

use std::collections::{BTreeMap, HashMap};

use polars::prelude::*;

use crate::inventory::resource_key;

pub use table::UTILIZATION;

/// Metric: a column of the utilization table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Metric {
    /// `CpuMeanPct`.
    CpuMean,
    /// `CpuMaxPct`.
    CpuMax,
    /// `CpuP99Pct`.
    CpuP99,
    /// `MemoryMeanPct`.
    MemoryMean,
    /// `MemoryMaxPct`.
    MemoryMax,
    /// `NetworkBytes`.
    Network,
    /// `Operations`.
    Operations,
    /// `StorageUsedPct`.
    StorageUsed,
    /// `ReadUnits`.
    ReadUnits,
    /// `WriteUnits`.
    WriteUnits,
}

impl Metric {
    /// All metrics, in the order of the columns of [`UTILIZATION`], after the resource and the
    /// hour.
    const ALL: [Self; 10] = [
        Self::CpuMean,
        Self::CpuMax,
        Self::CpuP99,
        Self::MemoryMean,
        Self::MemoryMax,
        Self::Network,
        Self::Operations,
        Self::StorageUsed,
        Self::ReadUnits,
        Self::WriteUnits,
    ];

    /// Returns whether it is a count of any size, not a percentage.
    fn is_count(self) -> bool {
        matches!(self, Self::Network | Self::Operations | Self::ReadUnits | Self::WriteUnits)
    }

    /// Encodes a value in two bytes, so that months of hours of many resources fit into memory:
    /// percentages to hundredths, counts to 0.07 % (logarithm), zero exactly.
    fn encode(self, value: f64) -> u16 {
        let code = if self.is_count() {
            value.max(0.0).ln_1p() * COUNT_STEPS
        } else {
            value.max(0.0) * PCT_STEPS
        };
        let code = code.round().min(f64::from(UNKNOWN - 1));
        #[expect(
            clippy::as_conversions,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "rounded, and within 0 and 65534"
        )]
        let code = code as u16;
        // A positive value is never encoded as zero.
        if value > 0.0 { code.max(1) } else { code }
    }

    fn decode(self, code: u16) -> f64 {
        if self.is_count() {
            (f64::from(code) / COUNT_STEPS).exp_m1()
        } else {
            f64::from(code) / PCT_STEPS
        }
    }
}

/// Steps per percent.
const PCT_STEPS: f64 = 100.0;
/// Steps per factor of e.
const COUNT_STEPS: f64 = 1500.0;
/// Code of an hour without a value.
const UNKNOWN: u16 = u16::MAX;
const MICROS_PER_HOUR: i64 = 3_600_000_000;

/// Hourly values of one metric of one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Hours {
    /// Hours since 1970 of the first value.
    first: i64,
    codes: Vec<u16>,
}

impl Hours {
    fn put(&mut self, hour: i64, code: u16) {
        if self.codes.is_empty() {
            self.first = hour;
        }
        let before = usize::try_from(self.first.saturating_sub(hour)).unwrap_or(0);
        if before > 0 {
            self.codes.splice(0..0, std::iter::repeat_n(UNKNOWN, before));
            self.first = hour;
        }
        let at = usize::try_from(hour - self.first).unwrap_or(0);
        if at >= self.codes.len() {
            self.codes.resize(at + 1, UNKNOWN);
        }
        // If an hour has two rows, the larger value counts, in any order.
        let old = self.codes[at];
        self.codes[at] = if old == UNKNOWN { code } else { old.max(code) };
    }
}

/// Utilization of one resource.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Use {
    metrics: BTreeMap<Metric, Hours>,
}

impl Use {
    /// Returns the number of hours with values of a metric.
    #[must_use]
    pub fn hours(&self, metric: Metric) -> usize {
        self.codes(metric).count()
    }

    /// Returns the number of full days that the measured hours of a metric make up.
    #[must_use]
    pub fn days(&self, metric: Metric) -> usize {
        self.hours(metric) / 24
    }

    /// Returns the measured hours (since 1970, UTC) and values, in order.
    pub fn values(&self, metric: Metric) -> impl Iterator<Item = (i64, f64)> {
        let hours = self.metrics.get(&metric);
        hours.into_iter().flat_map(move |h| {
            (h.first..)
                .zip(&h.codes)
                .filter(|(_, c)| **c != UNKNOWN)
                .map(move |(hour, c)| (hour, metric.decode(*c)))
        })
    }

    /// Returns the mean of the hourly values; `None` if the metric was not measured.
    #[must_use]
    pub fn mean(&self, metric: Metric) -> Option<f64> {
        let count = self.hours(metric);
        // Sorted by time, so that the result does not depend on the row order.
        let sum: f64 = self.values(metric).map(|(_, v)| v).sum();
        (count > 0).then(|| sum / as_f64(count))
    }

    /// Returns the sum of the hourly values; `None` if the metric was not measured.
    #[must_use]
    pub fn total(&self, metric: Metric) -> Option<f64> {
        (self.hours(metric) > 0).then(|| self.values(metric).map(|(_, v)| v).sum())
    }

    /// Returns the largest hourly value; `None` if the metric was not measured.
    #[must_use]
    pub fn max(&self, metric: Metric) -> Option<f64> {
        self.codes(metric).max().map(|c| metric.decode(c))
    }

    /// Returns the smallest value that at least `pct` percent of the hours do not exceed (nearest
    /// rank, never interpolated down); `None` if the metric was not measured.
    #[must_use]
    pub fn percentile(&self, metric: Metric, pct: u32) -> Option<f64> {
        let mut codes: Vec<u16> = self.codes(metric).collect();
        let rank =
            (codes.len() * usize::try_from(pct.min(100)).unwrap_or(100)).div_ceil(100).max(1);
        (!codes.is_empty()).then(|| metric.decode(*codes.select_nth_unstable(rank - 1).1))
    }

    /// Returns the share of the measured hours above a value, percent; `None` if the metric was not
    /// measured.
    #[must_use]
    pub fn hours_above_pct(&self, metric: Metric, value: f64) -> Option<f64> {
        let count = self.hours(metric);
        let above = self.values(metric).filter(|(_, v)| *v > value).count();
        (count > 0).then(|| 100.0 * as_f64(above) / as_f64(count))
    }

    /// Returns the days (since 1970) on which a metric exceeded a value in at least one hour, in
    /// order.
    #[must_use]
    pub fn days_above(&self, metric: Metric, value: f64) -> Vec<i64> {
        let mut days: Vec<i64> = self
            .values(metric)
            .filter(|(_, v)| *v > value)
            .map(|(hour, _)| hour.div_euclid(24))
            .collect();
        days.dedup();
        days
    }

    fn codes(&self, metric: Metric) -> impl Iterator<Item = u16> {
        self.metrics
            .get(&metric)
            .into_iter()
            .flat_map(|h| h.codes.iter().copied())
            .filter(|c| *c != UNKNOWN)
    }

    /// Records one hour of one metric.
    pub fn put(&mut self, metric: Metric, hour: i64, value: f64) {
        let hours = self.metrics.entry(metric).or_insert(Hours { first: hour, codes: Vec::new() });
        hours.put(hour, metric.encode(value));
    }
}

pub(crate) fn as_f64(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Utilization of all resources.
#[derive(Clone, Debug, Default)]
pub struct Utilization {
    uses: BTreeMap<String, Use>,
}

impl Utilization {
    /// Reads the rows of [`UTILIZATION`].
    ///
    /// # Errors
    /// The engine's error if a column is missing or has another type.
    pub fn from_frame(frame: &DataFrame) -> PolarsResult<Self> {
        let mut reading = Reading::default();
        reading.add(frame)?;
        Ok(reading.finish())
    }

    /// Creates the utilization of these resources.
    #[must_use]
    pub fn new(all: impl IntoIterator<Item = (String, Use)>) -> Self {
        Self { uses: all.into_iter().map(|(id, of)| (resource_key(&id).to_owned(), of)).collect() }
    }

    /// Returns the utilization of the resource with `resource_id` as in the bill.
    #[must_use]
    pub fn of(&self, resource_id: &str) -> Option<&Use> {
        self.uses.get(resource_key(resource_id))
    }

    /// Returns the number of observed resources.
    #[must_use]
    pub fn len(&self) -> usize {
        self.uses.len()
    }

    /// Returns whether no resource was observed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.uses.is_empty()
    }
}

/// Utilization from a table that is too large for memory and is read in parts.
#[derive(Debug, Default)]
pub struct Reading {
    places: HashMap<String, usize, foldhash::fast::FixedState>,
    uses: Vec<Use>,
}

impl Reading {
    /// Adds rows, in any order.
    ///
    /// # Errors
    /// The engine's error if a column is missing or has another type.
    pub fn add(&mut self, frame: &DataFrame) -> PolarsResult<()> {
        let ids = frame.column("ResourceId")?.cast(&DataType::String)?;
        let micros = DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));
        let hours = frame.column("Hour")?.cast(&micros)?;
        let hours = hours.datetime()?.physical();
        let mut metrics = Vec::new();
        for (metric, declared) in Metric::ALL.into_iter().zip(&UTILIZATION.columns[2..]) {
            match frame.column(declared.name) {
                Ok(column) => metrics.push((metric, column.cast(&DataType::Float64)?)),
                Err(_) if declared.optional => {}
                Err(missing) => return Err(missing),
            }
        }
        let columns: Vec<(Metric, &Float64Chunked)> =
            metrics.iter().map(|(m, c)| Ok((*m, c.f64()?))).collect::<PolarsResult<_>>()?;
        let ids = ids.str()?.rechunk();
        let hours = hours.rechunk();
        let columns: Vec<(Metric, std::borrow::Cow<'_, Float64Chunked>)> =
            columns.into_iter().map(|(m, c)| (m, c.rechunk())).collect();
        let mut last: Option<(&str, usize)> = None;
        for row in 0..frame.height() {
            let (Some(id), Some(at)) = (ids.get(row), hours.get(row)) else { continue };
            let place = match last {
                Some((known, place)) if known == id => place,
                _ => self.place(resource_key(id)),
            };
            last = Some((id, place));
            let of = &mut self.uses[place];
            for (metric, values) in &columns {
                if let Some(value) = values.get(row).filter(|v| v.is_finite()) {
                    of.put(*metric, at.div_euclid(MICROS_PER_HOUR), value);
                }
            }
        }
        Ok(())
    }

    fn place(&mut self, key: &str) -> usize {
        if let Some(place) = self.places.get(key) {
            return *place;
        }
        self.uses.push(Use::default());
        self.places.insert(key.to_owned(), self.uses.len() - 1);
        self.uses.len() - 1
    }

    /// Returns the utilization of all added rows.
    #[must_use]
    pub fn finish(self) -> Utilization {
        let Self { places, mut uses } = self;
        let uses = places.into_iter().map(|(id, place)| (id, std::mem::take(&mut uses[place])));
        // Resources without measured values are unknown.
        Utilization { uses: uses.filter(|(_, of)| !of.metrics.is_empty()).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hourly(metric: Metric, values: &[f64]) -> Use {
        let mut of = Use::default();
        for (hour, value) in (0..).zip(values) {
            of.put(metric, hour, *value);
        }
        of
    }

    #[test]
    fn statistics_are_of_the_measured_hours() {
        let mut of = hourly(Metric::CpuMax, &[10.0, 20.0, 30.0, 40.0]);
        of.put(Metric::CpuMax, 100, 50.0);
        assert_eq!((of.hours(Metric::CpuMax), of.max(Metric::CpuMax)), (5, Some(50.0)));
        assert_eq!(
            (of.mean(Metric::CpuMax), of.percentile(Metric::CpuMax, 60)),
            (Some(30.0), Some(30.0))
        );
        assert_eq!(of.percentile(Metric::CpuMax, 99), Some(50.0));
        assert_eq!(of.hours_above_pct(Metric::CpuMax, 30.0), Some(40.0));
        assert_eq!(of.days_above(Metric::CpuMax, 30.0), [0, 4]);
        assert_eq!(
            (of.mean(Metric::MemoryMax), of.percentile(Metric::MemoryMax, 99)),
            (None, None)
        );
    }

    #[test]
    fn two_bytes_keep_percent_to_hundredths_and_counts_to_a_thousandth() {
        for value in [0.0, 0.01, 69.99, 100.0, 320.5] {
            assert!((Metric::CpuMax.decode(Metric::CpuMax.encode(value)) - value).abs() < 0.005);
        }
        for value in [0.0, 1.0, 12_345.0, 9.87e12] {
            let back = Metric::Network.decode(Metric::Network.encode(value));
            assert!((back - value).abs() <= value * 1e-3, "{value} {back}");
        }
        assert!(Metric::Network.decode(Metric::Network.encode(1e-9)) > 0.0);
    }

    #[test]
    fn row_order_and_the_form_of_an_id_do_not_matter() {
        let micros = |hours: Vec<i64>| {
            let hours = Int64Chunked::from_vec(
                "Hour".into(),
                hours.into_iter().map(|h| h * MICROS_PER_HOUR).collect(),
            );
            hours
                .into_datetime(TimeUnit::Microseconds, Some(TimeZone::UTC))
                .into_series()
                .into_column()
        };
        let frame = |ids: [&str; 3], hours: Vec<i64>, cpu: [Option<f64>; 3]| {
            let cpu = |name: &str| Column::new(name.into(), cpu.to_vec());
            let columns = vec![
                Column::new("ResourceId".into(), ids.to_vec()),
                micros(hours),
                cpu("CpuMeanPct"),
                cpu("CpuMaxPct"),
            ];
            DataFrame::new(3, columns).unwrap()
        };
        let one = frame(["i-1", "i-1", "i-2"], vec![5, 6, 5], [Some(1.0), Some(2.0), None]);
        let arn = "arn:aws:ec2:r:1:instance/i-1";
        let other = frame(["i-2", arn, arn], vec![5, 6, 5], [None, Some(2.0), Some(1.0)]);
        let (one, other) =
            (Utilization::from_frame(&one).unwrap(), Utilization::from_frame(&other).unwrap());
        assert_eq!(one.of(arn), other.of("i-1"));
        assert!(one.of("i-1").is_some() && one.of("i-2").is_none());
    }
}
