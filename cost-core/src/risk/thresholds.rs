//! Thresholds of reliability risks.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::rightsizing::{CPU_LIMIT_PCT, MEMORY_LIMIT_PCT};

/// Thresholds of reliability risks, each with its unit and source.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RiskThresholds {
    /// CPU, percent: 99th percentile of the hourly maxima. Default 70, the limit for sizing
    /// (ARCHITECTURE.md).
    pub cpu_limit_pct: f64,
    /// Memory, percent: 99th percentile of the hourly maxima. Default 85, the limit for sizing
    /// (ARCHITECTURE.md).
    pub memory_limit_pct: f64,
    /// Operations, throughput, or consumed capacity units, percent of what is provisioned: 99th
    /// percentile of the hourly means. Default 80. Chosen: an hourly mean of 80 % has minutes at
    /// the limit.
    pub capacity_limit_pct: f64,
    /// Target after a fix of operations, throughput, or capacity units, percent of what is
    /// provisioned. Default 70, the default target of `DynamoDB` auto scaling (Amazon `DynamoDB`
    /// Developer Guide, "Managing throughput capacity automatically", read 2026-11).
    pub capacity_target_pct: f64,
    /// Days until the storage is full, at the trend of the measured days. Default 60. Chosen: a
    /// change of storage needs a maintenance window and can need a month of preparation.
    pub full_within_days: f64,
    /// Days that must be measured. Default 14: two weeks include two weekends.
    pub least_days: f64,
}

impl Default for RiskThresholds {
    fn default() -> Self {
        Self {
            cpu_limit_pct: CPU_LIMIT_PCT,
            memory_limit_pct: MEMORY_LIMIT_PCT,
            capacity_limit_pct: 80.0,
            capacity_target_pct: 70.0,
            full_within_days: 60.0,
            least_days: 14.0,
        }
    }
}

impl RiskThresholds {
    /// Returns the name and value of the first threshold that is not a number of 0 or more; `None`
    /// if all are valid.
    #[must_use]
    pub fn invalid(&self) -> Option<(&'static str, f64)> {
        [
            ("cpu_limit_pct", self.cpu_limit_pct),
            ("memory_limit_pct", self.memory_limit_pct),
            ("capacity_limit_pct", self.capacity_limit_pct),
            ("capacity_target_pct", self.capacity_target_pct),
            ("full_within_days", self.full_within_days),
            ("least_days", self.least_days),
        ]
        .into_iter()
        .find(|(_, value)| !value.is_finite() || *value < 0.0)
    }
}
