//! Assumptions that several analyses share, each with its source.

/// Hours in a month of prices.
pub(crate) const HOURS_PER_MONTH: u32 = 730;

/// Days at the end of a bill whose cost may still rise. AWS updates a month's bill until it is
/// finalized, and the last one to three days most: project rule (ARCHITECTURE.md).
pub(crate) const LATE_DAYS: u64 = 3;

/// Assumed decline of usage if its future is unknown, percent. Chosen (ADR 0005).
pub(crate) const DECLINE_PCT: u32 = 30;
