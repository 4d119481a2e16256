//! Reliability risks: resources that are too small for their load. They are reported next to the
//! savings and never added to them or subtracted from them: reliability comes before cost.

mod fill;
mod thresholds;
mod types;

pub use fill::{Filling, filling};
pub use thresholds::RiskThresholds;
pub use types::{Fix, FixCost, ReliabilityRisk, RiskKind};
