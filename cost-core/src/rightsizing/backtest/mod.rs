//! Backtest of rightsizing rules on recorded machines: recommendations from the first days of a
//! trace, evaluated on the later days that the rule has not used.
//!
//! Each machine is placed on the cheapest type that fits its provisioned capacity. Every rule
//! chooses from the same catalog, with the same memory (the provisioned one, because its use is not
//! recorded) and with sufficient CPU credits; rules differ only in the CPU they require. A machine
//! without records in the first days keeps its type and counts.

mod predicted;
mod score;
mod traces;

pub use predicted::{Predicted, TooSmall};
pub use score::{MachineScore, Score, Sizing, backtest};
pub use traces::{Trace, TraceError, read};

use crate::usage::{Metric, Use};

use super::demand::Demand;

/// `CoreMark` iterations per second that one recorded MHz stands for: an m5.large has 28,470 on two
/// threads of at most 3,100 MHz. Source: cost-core/data/prices/SOURCES.md; AWS, "Amazon EC2 M5
/// instances" (up to 3.1 GHz), read 2026-11.
pub const COREMARK_PER_MHZ: f64 = 28_470.0 / (2.0 * 3_100.0);

/// Rule: the CPU that it requires.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    /// Rule of this tool: the limit at the 99th percentile of hourly maxima, with the trend; or as
    /// fast as the current type.
    House {
        /// CPU limit, percent.
        limit_pct: f64,
    },
    /// AWS Compute Optimizer's default: the 99.5th percentile of the samples, with 20 % headroom
    /// above it.
    ComputeOptimizerLike,
    /// The largest sample.
    Maximum,
    /// The mean of the samples.
    Mean,
    /// The cheapest type with no more shortfall than the current one on the days evaluated. No rule
    /// can know it in advance: the limit of what any rule can save at no more risk.
    Hindsight,
}

impl Rule {
    /// Returns the label for reports.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::House { limit_pct } => {
                format!("this tool, CPU under {limit_pct:.0} % at p99 of hourly maxima")
            }
            Self::ComputeOptimizerLike => "like Compute Optimizer: p99.5, 20 % headroom".to_owned(),
            Self::Maximum => "maximum".to_owned(),
            Self::Mean => "average".to_owned(),
            Self::Hindsight => "in hindsight, no more shortfall than today".to_owned(),
        }
    }

    /// Returns the `CoreMark` that the rule requires, from samples of the first days. This tool's
    /// rule uses [`Demand`] instead.
    fn needs(self, samples: &[f64]) -> Option<f64> {
        let mut sorted = samples.to_vec();
        sorted.sort_by(f64::total_cmp);
        let rank = |per_mille: usize| {
            sorted.get((sorted.len() * per_mille).div_ceil(1000).saturating_sub(1)).copied()
        };
        match self {
            Self::House { .. } | Self::Hindsight => None,
            Self::ComputeOptimizerLike => Some(rank(995)? / 0.8),
            Self::Maximum => sorted.last().copied(),
            Self::Mean => {
                Some(samples.iter().sum::<f64>() / crate::usage::as_f64(samples.len().max(1)))
            }
        }
    }
}

/// Returns hourly statistics of samples (seconds since 1970, `CoreMark`), in percent of a machine's
/// speed.
fn hourly(samples: &[(i64, f64)], speed: f64) -> Use {
    let mut of = Use::default();
    for hour in samples.chunk_by(|a, b| a.0.div_euclid(3600) == b.0.div_euclid(3600)) {
        let at = hour[0].0.div_euclid(3600);
        let pct = hour.iter().map(|(_, v)| 100.0 * v / speed);
        of.put(Metric::CpuMax, at, pct.clone().fold(0.0, f64::max));
        of.put(Metric::CpuMean, at, pct.sum::<f64>() / crate::usage::as_f64(hour.len()));
    }
    of
}

/// Returns the demand of a rule that only requires `needs`.
fn plain(demand: &Demand, needs: f64) -> Demand {
    let pct = 100.0 * needs / demand.coremark;
    Demand { cpu_p99_pct: pct, trend: super::Trend { factor: 1.0 }, ..demand.clone() }
}
