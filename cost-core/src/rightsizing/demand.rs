//! Demand of a machine, derived from its utilization.

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
    /// Required memory, MiB, before the limit; the current machine's total memory if it was not
    /// measured.
    pub memory_mib: f64,
    /// Whether memory was measured.
    pub memory_known: bool,
    /// Required network bandwidth, Gbit/s; `None` if it was not measured.
    pub network_gbps: Option<f64>,
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
            memory_mib: used.map_or(memory, |pct| memory * pct / 100.0),
            memory_known: used.is_some(),
            network_gbps: bytes.map(|b| b * BITS_OF_BYTE / SECONDS_OF_HOUR / 1e9 * PEAK_OF_HOUR),
        })
    }

    /// Returns the demand of a machine that can replace either of two: the CPU of the busier one,
    /// and the memory and network of the one that needs more.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        let memory_mib = self.memory_mib.max(other.memory_mib);
        let memory_known = self.memory_known && other.memory_known;
        let network_gbps = self.network_gbps.zip(other.network_gbps).map(|(a, b)| a.max(b));
        let busier = if other.cpu_p99_pct > self.cpu_p99_pct { other } else { self };
        Self { memory_mib, memory_known, network_gbps, ..busier }
    }

    /// Converts a percentage of the current machine to one of another machine.
    pub(super) fn on(&self, coremark: f64, pct: f64) -> f64 {
        pct * self.coremark / coremark
    }
}

impl Trend {
    /// Returns the growth from the Theil–Sen slope of daily means, extrapolated for a month. The
    /// slope is the median of the slopes between days that are complete weeks apart, so that
    /// weekends do not bias it. Source: P. K. Sen, "Estimates of the regression coefficient based
    /// on Kendall's tau", 1968.
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
        let slope = median(&mut slopes);
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
        let mut of = Use::default();
        for hour in 0..28 * 24 {
            of.put(Metric::CpuMean, hour, value(hour / 24));
        }
        of
    }

    #[test]
    fn a_rise_raises_the_demand_and_a_weekly_rhythm_does_not() {
        let rising = Trend::of(&daily(|day| 10.0 + 0.2 * f64::from(i32::try_from(day).unwrap())));
        assert!((1.3..=1.5).contains(&rising.factor), "{}", rising.factor);
        let weekly = Trend::of(&daily(|day| if day % 7 < 5 { 30.0 } else { 5.0 }));
        assert!((weekly.factor - 1.0).abs() < 1e-12);
        let falling = Trend::of(&daily(|day| 40.0 - f64::from(i32::try_from(day).unwrap())));
        assert!((falling.factor - 1.0).abs() < 1e-12);
    }
}
