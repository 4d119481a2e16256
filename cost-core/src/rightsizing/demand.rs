//! Demand of a machine, derived from its utilization.

use std::collections::BTreeMap;

use crate::price::InstanceType;
use crate::usage::{Metric, Use, as_f64};

/// Percentile of hourly maxima that the sizing limits apply to.
pub(super) const PERCENTILE: u32 = 99;
/// Days for which a rising trend is extrapolated. Chosen (ADR 0016): until the third monthly review
/// from now can correct it.
const HORIZON_DAYS: f64 = 30.0;
/// Largest growth factor from a trend. Chosen (ADR 0016): a short window that happens to rise is
/// not a forecast.
const MOST_GROWTH: f64 = 1.5;
/// Growth over the horizon below which it counts as noise, as a share. Chosen (ADR 0016).
const LEAST_GROWTH: f64 = 0.05;
/// Days per week: each day is compared with the same weekday.
const WEEK: usize = 7;
/// Fewest pairs of days for a trend: two weeks of them, so three weeks of days. Measured (ADR 0016):
/// a trend from two weeks makes the prediction worse.
const LEAST_PAIRS: usize = 2 * WEEK;

/// Growth of the demand from the window to the horizon.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trend {
    /// Growth factor, 1 or more.
    pub factor: f64,
}

/// Demand of a machine.
#[derive(Clone, Debug)]
pub struct Demand {
    /// Number of measured days.
    pub days: usize,
    /// 99th percentile of the hourly CPU maxima, percent of the current machine.
    pub cpu_p99_pct: f64,
    /// Growth of the demand.
    pub trend: Trend,
    /// Hourly CPU means in order of time, percent of the current machine, without hours that were
    /// not measured.
    pub hourly_mean_pct: Vec<f64>,
    /// Hourly CPU maxima, percent of the current machine.
    pub hourly_max_pct: Vec<f64>,
    /// Speed of the current machine, `CoreMark` iterations per second, all threads.
    pub coremark: f64,
    /// Used memory, MiB, at the 99th percentile; 0 if it was not measured. The limit applies to it.
    pub memory_mib: f64,
    /// Memory that the new machine must have in any case, MiB: the current machine's, if its use was
    /// not measured; otherwise 0.
    pub least_memory_mib: f64,
    /// Whether memory was measured: on every member, for the demand of several machines.
    pub memory_known: bool,
    /// Required network bandwidth, Gbit/s; `None` if it was not measured.
    pub network_gbps: Option<f64>,
    /// Whether network was measured: on every member, for the demand of several machines.
    pub network_known: bool,
    /// Required EBS bandwidth, Mbit/s; `None` if reads and writes of its volumes were not measured.
    pub ebs_mbps: Option<f64>,
}

/// Assumed ratio of the peak within an hour to its mean, if only hourly sums are known. Chosen (ADR
/// 0016).
const PEAK_OF_HOUR: f64 = 2.0;
const BITS_OF_BYTE: f64 = 8.0;
const SECONDS_OF_HOUR: f64 = 3600.0;

impl Demand {
    /// Returns the demand of a machine from its type and utilization; `None` if its CPU was not
    /// measured, or the type's speed or memory is unknown.
    #[must_use]
    pub fn of(of: &Use, machine: &InstanceType) -> Option<Self> {
        let hourly_max_pct: Vec<f64> = of.values(Metric::CpuMax).map(|(_, v)| v).collect();
        let hourly_mean_pct: Vec<f64> = of.values(Metric::CpuMean).map(|(_, v)| v).collect();
        if hourly_mean_pct.is_empty() {
            return None;
        }
        let memory = f64::from(u32::try_from(machine.memory_mib?).ok()?);
        let used = of.percentile(Metric::MemoryMax, PERCENTILE);
        let bytes = of.percentile(Metric::Network, PERCENTILE);
        Some(Self {
            days: of.days(Metric::CpuMax),
            cpu_p99_pct: of.percentile(Metric::CpuMax, PERCENTILE)?,
            trend: Trend::of(of),
            hourly_mean_pct,
            hourly_max_pct,
            coremark: machine.speed()?,
            memory_mib: used.map_or(0.0, |pct| memory * pct / 100.0),
            least_memory_mib: if used.is_some() { 0.0 } else { memory },
            memory_known: used.is_some(),
            network_gbps: bytes.map(|b| b * BITS_OF_BYTE / SECONDS_OF_HOUR / 1e9 * PEAK_OF_HOUR),
            network_known: bytes.is_some(),
            ebs_mbps: None,
        })
    }

    /// Sets the required EBS bandwidth, Mbit/s: see [`ebs_mbps`].
    #[must_use]
    pub fn with_ebs_mbps(self, ebs_mbps: Option<f64>) -> Self {
        Self { ebs_mbps, ..self }
    }

    /// Returns the demand of a machine that can replace either of two: the CPU of the busier one,
    /// and the memory, network, and EBS bandwidth of the one that needs more.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        let memory_mib = self.memory_mib.max(other.memory_mib);
        let least_memory_mib = self.least_memory_mib.max(other.least_memory_mib);
        let memory_known = self.memory_known && other.memory_known;
        let network_gbps = larger(self.network_gbps, other.network_gbps);
        let network_known = self.network_known && other.network_known;
        let ebs_mbps = larger(self.ebs_mbps, other.ebs_mbps);
        let busier = if other.cpu_p99_pct > self.cpu_p99_pct { other } else { self };
        Self {
            memory_mib,
            least_memory_mib,
            memory_known,
            network_gbps,
            network_known,
            ebs_mbps,
            ..busier
        }
    }

    /// Converts a percentage of the current machine to one of another machine.
    pub(super) fn on(&self, coremark: f64, pct: f64) -> f64 {
        pct * self.coremark / coremark
    }
}

/// Returns the larger of two values, or the known one.
fn larger(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    a.into_iter().chain(b).reduce(f64::max)
}

/// Returns the bandwidth that the volumes of a machine need together, Mbit/s: the 99th percentile
/// of the hourly sums of their reads and writes, times two for peaks within the hour. `None` if
/// there is no volume, or if the traffic of one was not measured.
#[must_use]
pub fn ebs_mbps(volumes: &[&Use]) -> Option<f64> {
    let mut hours: BTreeMap<i64, f64> = BTreeMap::new();
    for volume in volumes {
        if volume.hours(Metric::Network) == 0 {
            return None;
        }
        for (hour, bytes) in volume.values(Metric::Network) {
            *hours.entry(hour).or_default() += bytes;
        }
    }
    let mut sums: Vec<f64> = hours.into_values().collect();
    sums.sort_by(f64::total_cmp);
    let rank = (sums.len() * usize::try_from(PERCENTILE).unwrap_or(100)).div_ceil(100).max(1);
    let bytes = sums.get(rank - 1)?;
    Some(bytes * BITS_OF_BYTE / SECONDS_OF_HOUR / 1e6 * PEAK_OF_HOUR)
}

impl Trend {
    /// Returns the growth of daily means, extrapolated for a month. It is the lower quartile of the
    /// slopes between days that are complete weeks apart: weekends do not bias it, and a rise
    /// counts only if three quarters of the pairs rise at least as much. The median of all slopes,
    /// the Theil–Sen estimator, is higher than the growth that follows (ADR 0016). Source: P. K.
    /// Sen, "Estimates of the regression coefficient based on Kendall's tau", 1968.
    #[must_use]
    pub fn of(of: &Use) -> Self {
        let mut days: Vec<(i64, f64, usize)> = Vec::new();
        for (hour, value) in of.values(Metric::CpuMean) {
            let day = hour.div_euclid(24);
            match days.last_mut().filter(|(d, _, _)| *d == day) {
                Some((_, sum, count)) => {
                    *sum += value;
                    *count += 1;
                }
                None => days.push((day, value, 1)),
            }
        }
        let means: Vec<(i64, f64)> =
            days.into_iter().map(|(day, sum, count)| (day, sum / as_f64(count))).collect();
        let mut slopes = Vec::new();
        for (at, (day, mean)) in means.iter().enumerate() {
            for (later, then) in &means[at + 1..] {
                let apart = usize::try_from(later - day).unwrap_or(1);
                if apart % WEEK == 0 {
                    slopes.push((then - mean) / as_f64(apart));
                }
            }
        }
        let level = median(&mut means.iter().map(|(_, m)| *m).collect::<Vec<_>>());
        slopes.sort_by(f64::total_cmp);
        let slope = slopes.get(slopes.len() / 4).filter(|_| slopes.len() >= LEAST_PAIRS);
        let growth = match (slope, level) {
            (Some(slope), Some(level)) if level > 0.0 => slope * HORIZON_DAYS / level,
            _ => 0.0,
        };
        Self { factor: if growth < LEAST_GROWTH { 1.0 } else { (1.0 + growth).min(MOST_GROWTH) } }
    }
}

fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn daily(value: impl Fn(i64) -> f64) -> Use {
        days(28, value)
    }

    fn days(count: i64, value: impl Fn(i64) -> f64) -> Use {
        let mut of = Use::default();
        for hour in 0..count * 24 {
            of.put(Metric::CpuMean, hour, value(hour / 24));
        }
        of
    }

    /// 4.5 GB in an hour are 10 Mbit/s on average.
    #[test]
    fn volumes_of_a_machine_need_bandwidth_together() {
        let volume = |bytes: f64, hours: i64| {
            let mut of = Use::default();
            (0..hours).for_each(|hour| of.put(Metric::Network, hour, bytes));
            of
        };
        let (one, other) = (volume(4.5e9, 300), volume(9e9, 100));
        let needs = ebs_mbps(&[&one, &other]).unwrap();
        assert!((needs - 60.0).abs() < 0.1, "{needs}");
        // Ten busy hours of three hundred are above the 99th percentile, two are not.
        let rare = ebs_mbps(&[&one, &volume(9e9, 2)]).unwrap();
        assert!((rare - 20.0).abs() < 0.1, "{rare}");
        assert_eq!(ebs_mbps(&[&one, &Use::default()]), None);
        assert_eq!(ebs_mbps(&[]), None);
    }

    #[test]
    fn a_rise_raises_the_demand_and_a_weekly_rhythm_does_not() {
        let rising = Trend::of(&daily(|day| 10.0 + 0.2 * f64::from(i32::try_from(day).unwrap())));
        assert!((1.3..=1.5).contains(&rising.factor), "{}", rising.factor);
        let weekly = Trend::of(&daily(|day| if day % 7 < 5 { 30.0 } else { 5.0 }));
        assert!((weekly.factor - 1.0).abs() < 1e-12);
        // One busy week is no trend, and two weeks are too short for one.
        let busy = Trend::of(&daily(|day| if day < 21 { 10.0 } else { 20.0 }));
        assert!((busy.factor - 1.0).abs() < 1e-12, "{}", busy.factor);
        let short = days(14, |day| 10.0 + f64::from(i32::try_from(day).unwrap()));
        assert!((Trend::of(&short).factor - 1.0).abs() < 1e-12);
        let falling = Trend::of(&daily(|day| 40.0 - f64::from(i32::try_from(day).unwrap())));
        assert!((falling.factor - 1.0).abs() < 1e-12);
    }
}
