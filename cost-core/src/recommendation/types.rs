//! [`Recommendation`]: what a provider recommends.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::money::Money;

/// Provider recommendation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Recommendation {
    /// Provider service that recommends it.
    pub source: String,
    /// Resource that it applies to; `None` for purchases.
    pub resource_id: Option<String>,
    /// Account.
    pub sub_account_id: Option<String>,
    /// Region.
    pub region_id: Option<String>,
    /// Recommended action, as the provider names it.
    pub action: String,
    /// Current configuration.
    pub current: Option<String>,
    /// Recommended configuration.
    pub recommended: Option<String>,
    /// Estimated savings per month; `None` if the provider has no estimate.
    pub monthly_savings: Option<Money>,
    /// Price basis of the savings.
    pub basis: Option<String>,
    /// Effort, as the provider names it.
    pub effort: Option<String>,
    /// Risk, as the provider names it.
    pub risk: Option<String>,
    /// Whether the resource must be restarted.
    pub restart_needed: Option<bool>,
    /// Whether the change can be rolled back.
    pub rollback_possible: Option<bool>,
    /// Days of utilization that it is based on.
    pub lookback_days: Option<i64>,
    /// Day on which it was last updated.
    pub refreshed_on: Option<NaiveDate>,
}

impl Recommendation {
    /// Returns the recommendation in one line: `Rightsize m5.large to m5.medium`.
    #[must_use]
    pub fn summary(&self) -> String {
        let change = match (&self.current, &self.recommended) {
            (Some(now), Some(then)) if now != then => format!(" {now} to {then}"),
            (Some(one), _) | (None, Some(one)) => format!(" {one}"),
            (None, None) => String::new(),
        };
        format!("{}{change}", self.action)
    }
}
