//! [`RollUpOptions`]: what a roll-up makes besides its two tables.

/// What a roll-up makes besides its two tables. By default, nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct RollUpOptions {
    /// Sums of the charges that commitments are judged by; `None` for none.
    pub commitments: Option<CommitmentScan>,
}

/// Which charges to sum for the analysis of commitments: those of a commitment, and usage on demand
/// that one could pay for.
#[derive(Clone, Copy, Debug)]
pub struct CommitmentScan {
    /// Whether a commitment can pay for usage, by `ProviderName` and `SkuMeter`. It is asked for
    /// the distinct combinations of texts in each part of the scan, not for each line item: it must
    /// be cheap.
    pub is_coverable: fn(provider: Option<&str>, usage_type: &str) -> bool,
}
