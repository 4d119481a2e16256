//! Assumptions that several analyses share, each with its source.

/// Hours in a month of prices.
pub(crate) const HOURS_PER_MONTH: u32 = 730;

/// Days at the end of a bill that may still grow. AWS updates a month's bill until it is finalized,
/// and the last one to three days most: rule of the house (ARCHITECTURE.md).
pub(crate) const LATE_DAYS: u64 = 3;

/// What usage is taken to fall by where nothing else is known of its future, percent. Chosen (ADR
/// 0005).
pub(crate) const DECLINE_PCT: u32 = 30;
