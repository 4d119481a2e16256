//! A first anomaly detector: days on which an account's service cost more than its weekly and monthly rhythm explains.
//!
//! Point in time: what is said of a day uses nothing after it.

mod cause;
mod detect;
mod expect;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::stable_id;
use crate::money::Money;
use crate::opportunity::Scope;

pub use detect::detect;

/// When a day is an anomaly. All three must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Thresholds {
    /// Above expectation by this share, percent. Default 25: the project's promise to scheduled jobs.
    pub relative_pct: u32,
    /// Above expectation by this amount a day, in the bill's currency. Default 10.
    pub floor: u32,
    /// Above expectation by this share of the estate's mean daily cost, in thousandths. Default 1 (0.1 %).
    pub floor_per_mille_of_estate: u32,
    /// Above expectation by this many robust standard deviations, in tenths. Default 35 (3.5): the cut-off for modified
    /// z-scores in Iglewicz and Hoaglin, "How to Detect and Handle Outliers", 1993.
    pub deviations_tenths: u32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { relative_pct: 25, floor: 10, floor_per_mille_of_estate: 1, deviations_tenths: 35 }
    }
}

/// What kind of anomaly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Cost rose above what was to be expected.
    Spike,
    /// A service appeared in an account that had none of it before.
    New,
}

/// One of the things that explain an anomaly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Cause {
    /// `RegionId`.
    pub region_id: Option<String>,
    /// `SkuMeter`: AWS usage type.
    pub usage_type: Option<String>,
    /// `PricingCategory`.
    pub pricing_category: Option<String>,
    /// Excess cost over the days of the anomaly.
    pub excess: Money,
    /// Its share of the anomaly's excess, percent.
    pub share_pct: Option<Decimal>,
    /// The part of the excess that a higher unit price explains; `None` if the bill cannot tell.
    pub price_effect: Option<Money>,
    /// The part of the excess that more usage explains; `None` if the bill cannot tell.
    pub usage_effect: Option<Money>,
    /// Resources of that usage type with the most cost in the anomaly's month, with that month's cost. Those that are new
    /// in the month come first.
    pub resources: Vec<CauseResource>,
}

/// A resource behind a cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CauseResource {
    /// `ResourceId`.
    pub resource_id: String,
    /// Σ `EffectiveCost` in the anomaly's month.
    pub month_cost: Money,
    /// Whether it had no cost the month before.
    pub new_this_month: bool,
}

/// A run of days on which one account's service cost more than was to be expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Anomaly {
    /// The same from run to run: a hash of kind, scope and first day.
    pub id: String,
    /// What kind.
    pub kind: Kind,
    /// Where.
    pub scope: Scope,
    /// First day.
    pub first_day: NaiveDate,
    /// Last day.
    pub last_day: NaiveDate,
    /// The day with the largest excess.
    pub peak_day: NaiveDate,
    /// Whether it still went on at the end of the data.
    pub ongoing: bool,
    /// Σ `EffectiveCost` over the days.
    pub actual: Money,
    /// Σ expected over the days.
    pub expected: Money,
    /// `actual − expected`.
    pub excess: Money,
    /// Excess ÷ expected, percent; `None` if nothing was expected.
    pub excess_pct: Option<Decimal>,
    /// How sure the expectation is, in words.
    pub basis: String,
    /// What explains it, largest first.
    pub causes: Vec<Cause>,
    /// The series of the last weeks up to the last day: day and cost.
    pub series: Vec<(NaiveDate, Money)>,
}

impl Anomaly {
    /// Its id.
    pub(crate) fn make_id(kind: Kind, scope: &Scope, first_day: NaiveDate) -> String {
        let text = |t: &Option<String>| t.clone().unwrap_or_default();
        let kind = match kind {
            Kind::Spike => "spike",
            Kind::New => "new",
        };
        stable_id("an", &[kind, &text(&scope.sub_account_id), &text(&scope.service_name), &first_day.to_string()])
    }
}
