//! [`RollUpOptions`]: optional results of a roll-up.

/// Optional results of a roll-up besides its two tables. None by default.
#[derive(Clone, Copy, Debug, Default)]
pub struct RollUpOptions {
    /// Sums of the charges for commitment analyses; `None` to skip them.
    pub commitments: Option<CommitmentScan>,
}

/// Charges to sum for commitment analyses: commitment charges, and on-demand usage that a
/// commitment could cover.
#[derive(Clone, Copy, Debug)]
pub struct CommitmentScan {
    /// Returns whether a commitment can cover usage, by `ProviderName` and `SkuMeter`. It is called
    /// for the distinct combinations of texts in each part of the scan, not for each line item, and
    /// must be fast.
    pub is_coverable: fn(provider: Option<&str>, usage_type: &str) -> bool,
}
