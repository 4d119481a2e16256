//! Repair rules and their reports.

use polars::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::cloud::Provider;
use crate::money::Money;

/// Repair rule: a known exporter error and its correction.
pub struct Rule {
    /// ID of the rule.
    pub id: &'static str,
    /// Description of the error and its correction.
    pub what: &'static str,
    /// Source that documents the error.
    pub source: &'static str,
    /// Cloud whose line items it applies to, by `ProviderName`; `None` for all.
    pub(super) provider: Option<Provider>,
    /// Whether it applies only to commitments whose usage in the bill has the cost.
    pub(super) if_amortized: bool,
    /// Raw columns that it uses besides the canonical ones. It applies only to files that have all
    /// of them.
    pub(super) needs: &'static [&'static str],
    /// Condition on canonical columns and [`raw`] ones. Null counts as false.
    pub(super) hit: fn() -> Expr,
    /// Columns it changes, with their new values. A column with itself as value is not changed: the
    /// rule only reports data in doubt.
    pub(super) change: fn() -> Vec<(&'static str, Expr)>,
}

impl Rule {
    /// Returns whether it only reports data in doubt, without changes.
    pub(crate) fn only_reports(&self) -> bool {
        (self.change)().into_iter().all(|(column, value)| value == col(column))
    }
}

/// Effect of a repair rule on a bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Repair {
    /// ID of the rule.
    pub rule: String,
    /// Description of the error and its correction.
    pub what: String,
    /// Source that documents the error.
    pub source: String,
    /// Whether the rule only reports data in doubt, without changes; omitted if it makes changes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_doubt: bool,
    /// Number of line items changed or in doubt.
    pub line_items: u64,
    /// Σ of their |`BilledCost`| or |`EffectiveCost`|, whichever is larger for each.
    pub cost: Money,
}

/// Returns the name of a raw column in rules.
pub(super) fn raw(name: &str) -> String {
    format!("raw:{name}")
}
