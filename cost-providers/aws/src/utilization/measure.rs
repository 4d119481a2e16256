//! [`Measure`]: columns of the utilization table.

/// Column of the utilization table, or a value that only helps to compute a column.
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
    /// CPU time: with the duration it gives the mean CPU.
    CpuTime,
    /// Duration that the CPU time is a share of.
    Duration,
    /// Shows that it was running: missing points of operations then mean zero.
    Alive,
}

/// Columns: all measures except the helping ones.
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
    /// Returns its index in [`MEASURES`]; `None` if it only helps to compute others.
    pub(super) fn column(self) -> Option<usize> {
        MEASURES.iter().position(|(m, _)| *m == self)
    }
}
