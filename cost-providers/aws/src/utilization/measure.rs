//! [`Measure`]: columns of the utilization.

/// A column of the utilization, or what only tells one together with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Measure {
    CpuMean,
    CpuMax,
    CpuP99,
    MemoryMean,
    MemoryMax,
    /// Several metrics add up to it.
    Network,
    /// Several metrics add up to it.
    Operations,
    StorageUsed,
    ReadUnits,
    WriteUnits,
    /// CPU time: with the duration it tells the mean.
    CpuTime,
    /// What CPU time is a share of.
    Duration,
    /// That it was on: operations without a point then are none.
    Alive,
}

/// Columns: all measures but those that only tell others.
pub(super) const MEASURES: [(Measure, &str); 10] = [
    (Measure::CpuMean, "CpuMeanPct"),
    (Measure::CpuMax, "CpuMaxPct"),
    (Measure::CpuP99, "CpuP99Pct"),
    (Measure::MemoryMean, "MemoryMeanPct"),
    (Measure::MemoryMax, "MemoryMaxPct"),
    (Measure::Network, "NetworkBytes"),
    (Measure::Operations, "Operations"),
    (Measure::StorageUsed, "StorageUsedPct"),
    (Measure::ReadUnits, "ReadUnits"),
    (Measure::WriteUnits, "WriteUnits"),
];

impl Measure {
    /// Its place among the [`MEASURES`]; `None` if it only tells others.
    pub(super) fn column(self) -> Option<usize> {
        MEASURES.iter().position(|(m, _)| *m == self)
    }
}
