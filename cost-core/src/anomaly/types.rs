//! What is said of an anomaly.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::scope::Scope;
use crate::money::Money;

/// What kind of anomaly.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Kind {
    /// Cost rose above what was to be expected.
    Rise,
    /// A usage type that the account's service had none of before.
    NewUsageType,
    /// A service that was not used before, at all or by the account.
    NewService,
    /// A service in a region in which it was not used before: what leaked credentials often show
    /// as.
    NewRegion,
    /// An account that was not there before.
    NewAccount,
    /// Cost fell below what was to be expected.
    Drop,
}

impl Kind {
    /// As in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rise => "rise",
            Self::NewUsageType => "new-usage-type",
            Self::NewService => "new-service",
            Self::NewRegion => "new-region",
            Self::NewAccount => "new-account",
            Self::Drop => "drop",
        }
    }

    /// For people.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Rise => "rise",
            Self::NewUsageType => "new usage type",
            Self::NewService => "new service",
            Self::NewRegion => "new region",
            Self::NewAccount => "new account",
            Self::Drop => "drop",
        }
    }

    /// Whether it is the start of something that was not there before.
    #[must_use]
    pub fn is_new(self) -> bool {
        !matches!(self, Self::Rise | Self::Drop)
    }
}

/// How urgent an anomaly is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Look when there is time.
    Low,
    /// Look this week.
    Medium,
    /// Look today.
    High,
    /// Look now.
    Critical,
}

impl Severity {
    /// From the excess of the worst day as a share of the estate's mean daily cost, percent:
    /// critical from 10 % on, high from 3 % on, medium from 1 % on. A step higher if the excess is
    /// at least three times what was expected, or if an account or region is new, which leaked
    /// credentials often show as. Chosen: docs/adr/0011.
    #[must_use]
    pub fn of(share_of_estate_pct: f64, excess_pct: Option<Decimal>, kind: Kind) -> Self {
        let by_impact = match share_of_estate_pct {
            s if s >= 10.0 => Self::Critical,
            s if s >= 3.0 => Self::High,
            s if s >= 1.0 => Self::Medium,
            _ => Self::Low,
        };
        let steep = kind == Kind::Rise && excess_pct.is_some_and(|p| p >= Decimal::from(300));
        if !steep && !matches!(kind, Kind::NewAccount | Kind::NewRegion) {
            return by_impact;
        }
        match by_impact {
            Self::Low => Self::Medium,
            Self::Medium => Self::High,
            _ => Self::Critical,
        }
    }

    /// As in JSON and for people.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// One of the things that explain an anomaly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Cause {
    /// `SubAccountId`.
    pub sub_account_id: Option<String>,
    /// `ServiceName`.
    pub service_name: Option<String>,
    /// `RegionId`.
    pub region_id: Option<String>,
    /// `SkuMeter`: AWS usage type.
    pub usage_type: Option<String>,
    /// `PricingCategory`.
    pub pricing_category: Option<String>,
    /// Cost on the anomaly's days above the mean of the same weekdays of the four weeks before.
    pub excess: Money,
    /// Its share of the anomaly's excess, percent; at most 100, though others may have fallen.
    pub share_pct: Option<Decimal>,
    /// The part that a higher unit price explains; `None` if the bill cannot tell.
    pub price_effect: Option<Money>,
    /// The part that more usage explains; `None` if the bill cannot tell.
    pub usage_effect: Option<Money>,
    /// All of it, if there was none of it in the four weeks before.
    pub new_effect: Option<Money>,
    /// Resources with the most cost of it in the anomaly's month, with that month's cost. Those
    /// that are new in the month come first.
    pub resources: Vec<CauseResource>,
}

/// A resource behind a cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct CauseResource {
    /// `ResourceId`.
    pub resource_id: String,
    /// Σ `EffectiveCost` in the anomaly's month; from `known_from` on if there is one.
    pub month_cost: Money,
    /// Whether it had no cost the month before; if costs by resource are told from `known_from` on
    /// only, on no day told before the anomaly.
    pub new_this_month: bool,
    /// First day of the month that costs by resource are told of, if not the bill tells them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_from: Option<NaiveDate>,
}

impl CauseResource {
    /// Resources told of each cause.
    const MOST: usize = 3;

    /// The few with the most cost, new ones first.
    pub(super) fn most(all: impl Iterator<Item = Self>) -> Vec<Self> {
        let mut told: Vec<Self> = all.filter(|r| !r.month_cost.is_zero_or_less()).collect();
        told.sort_by(|a, b| {
            let cost = b.month_cost.amount().cmp(&a.month_cost.amount());
            b.new_this_month
                .cmp(&a.new_this_month)
                .then(cost)
                .then_with(|| a.resource_id.cmp(&b.resource_id))
        });
        told.truncate(Self::MOST);
        told
    }

    /// The cost and what it is of, for people.
    #[must_use]
    pub fn tells(&self) -> String {
        match (self.known_from, self.new_this_month) {
            (None, false) => format!("{} in the month", self.month_cost),
            (None, true) => format!("{} in the month, new this month", self.month_cost),
            (Some(day), false) => format!("{} since {day}", self.month_cost),
            (Some(day), true) => format!("{} since {day}, new", self.month_cost),
        }
    }
}

/// The value of a tag key that has most of an anomaly's excess.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Owner {
    /// Tag key.
    pub key: String,
    /// Its value; `None` if most of it is untagged.
    pub value: Option<String>,
    /// Share of the excess, percent.
    pub share_pct: Option<Decimal>,
}

/// Something else that was out of the ordinary on the worst day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct AlsoMoved {
    /// Where.
    pub scope: Scope,
    /// Cost less expectation on that day; negative for what fell.
    pub change: Money,
}

/// A day of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct SeriesDay {
    /// The day.
    pub day: NaiveDate,
    /// Σ `EffectiveCost`.
    pub cost: Money,
    /// What was to be expected, to the cent; `None` if too little is known.
    pub expected: Option<Money>,
}

/// Days on which a part of the estate cost other than was to be expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Anomaly {
    /// The same from run to run: a hash of where and when it was first raised.
    pub id: String,
    /// What kind.
    pub kind: Kind,
    /// How urgent.
    pub severity: Severity,
    /// Where.
    pub scope: Scope,
    /// The day whose cost made it clear; nothing after it was used.
    pub raised_on: NaiveDate,
    /// First day.
    pub first_day: NaiveDate,
    /// Last day.
    pub last_day: NaiveDate,
    /// The day with the largest excess.
    pub peak_day: NaiveDate,
    /// Whether it still went on at the end of the data.
    pub ongoing: bool,
    /// Days it counts.
    pub days: u32,
    /// Σ `EffectiveCost` over the days.
    pub actual: Money,
    /// Σ expected over the days.
    pub expected: Money,
    /// `actual − expected`; negative for drops.
    pub excess: Money,
    /// Excess ÷ expected, percent; `None` if nothing was expected.
    pub excess_pct: Option<Decimal>,
    /// The excess of the calendar month in which it was raised: so far, and if it goes on to the
    /// month's end at the mean of its days; `None` if it has ended.
    pub projected_month: Option<Money>,
    /// What the peak day cost.
    pub peak_actual: Money,
    /// What the peak day was to be expected to cost.
    pub peak_expected: Money,
    /// Up to what, or for drops down to what, a day as the peak day would have been usual.
    pub peak_usual: Money,
    /// How sure the expectation is, in words.
    pub basis: String,
    /// What explains it, largest first.
    pub causes: Vec<Cause>,
    /// Whose it is, by tag key.
    pub owners: Vec<Owner>,
    /// What else was out of the ordinary on the peak day, by account and service.
    pub also_moved: Vec<AlsoMoved>,
    /// The series of the last weeks up to the last day.
    pub series: Vec<SeriesDay>,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Findings {
    /// Anomalies, largest excess first.
    pub anomalies: Vec<Anomaly>,
    /// Drops, largest first; empty unless they were looked for.
    pub drops: Vec<Anomaly>,
    /// What would have been anomalies but was known beforehand: name of the event, where, and the
    /// day, a line each.
    pub known: Vec<String>,
}
