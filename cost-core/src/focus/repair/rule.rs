//! What a rule is, and what is said of what it did.

use polars::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::cloud::Provider;
use crate::money::Money;

/// What an exporter is known to write otherwise, and what is made of it.
pub struct Rule {
    /// Its name.
    pub id: &'static str,
    /// What is wrong and what is done, for people.
    pub what: &'static str,
    /// Who says that exporters do this.
    pub source: &'static str,
    /// The cloud whose line items it is for, by `ProviderName`; `None` for all.
    pub(super) provider: Option<Provider>,
    /// Whether it is only for commitments of which usage in the bill carries the cost.
    pub(super) if_amortized: bool,
    /// Raw columns it looks at besides the canonical ones; it is applied to files that have them
    /// all.
    pub(super) needs: &'static [&'static str],
    /// Whether a line item needs it, by the canonical columns and [`raw`] ones. Null counts as no.
    pub(super) hit: fn() -> Expr,
    /// The columns it changes, and to what. One that stays as it is is named as itself: the rule
    /// reports what may be wrong.
    pub(super) change: fn() -> Vec<(&'static str, Expr)>,
}

impl Rule {
    /// Whether it changes nothing: what may be wrong is reported, and left as it is.
    pub(crate) fn only_reports(&self) -> bool {
        (self.change)().into_iter().all(|(column, value)| value == col(column))
    }
}

/// What a rule did to a bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Repair {
    /// Name of the rule.
    pub rule: String,
    /// What was wrong and what was done.
    pub what: String,
    /// Who says that exporters do this.
    pub source: String,
    /// Whether the rule changes nothing and only says what may be wrong; left out if it does.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_doubt: bool,
    /// Line items changed, or in doubt.
    pub line_items: u64,
    /// Σ of their |`BilledCost`| or |`EffectiveCost`|, whichever is more of each.
    pub cost: Money,
}

/// The name under which a rule sees a raw column.
pub(super) fn raw(name: &str) -> String {
    format!("raw:{name}")
}
