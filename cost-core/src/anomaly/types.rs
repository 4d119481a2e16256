//! Anomaly types.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::scope::Scope;
use crate::money::Money;

/// Kind of anomaly.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Kind {
    /// Cost rose above the expected cost.
    Rise,
    /// Usage type that is new for the account's service.
    NewUsageType,
    /// Service that is new for the estate or the account.
    NewService,
    /// Service in a region where it was not used before: a common sign of leaked credentials.
    NewRegion,
    /// New account.
    NewAccount,
    /// Cost fell below the expected cost.
    Drop,
}

impl Kind {
    /// Returns the name in JSON.
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

    /// Returns the label for reports.
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

    /// Returns whether it is the start of new cost.
    #[must_use]
    pub fn is_new(self) -> bool {
        !matches!(self, Self::Rise | Self::Drop)
    }
}

/// Urgency of an anomaly.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Investigate when there is time.
    Low,
    /// Investigate this week.
    Medium,
    /// Investigate today.
    High,
    /// Investigate now.
    Critical,
}

impl Severity {
    /// Returns the severity for the largest daily excess as a share of the estate's mean daily
    /// cost, percent: critical from 10 %, high from 3 %, medium from 1 %. One step higher if the
    /// excess is at least three times the expected cost, or if an account or region is new, a
    /// common sign of leaked credentials. Chosen: docs/adr/0011.
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

    /// Returns the name in JSON and reports.
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

/// Cause: a part of the bill that explains part of an anomaly.
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
    /// Cost on the anomaly's days minus the mean of the same weekdays in the previous four weeks.
    pub excess: Money,
    /// Share of the anomaly's excess, percent; at most 100, although others may have fallen.
    pub share_pct: Option<Decimal>,
    /// Part of the excess due to a higher unit price; `None` if the bill lacks quantities.
    pub price_effect: Option<Money>,
    /// Part of the excess due to more usage; `None` if the bill lacks quantities.
    pub usage_effect: Option<Money>,
    /// The full excess, if there was no such cost in the previous four weeks.
    pub new_effect: Option<Money>,
    /// Resources with the most cost in the anomaly's month, with that month's cost. Resources that
    /// are new in the month come first.
    pub resources: Vec<CauseResource>,
}

/// Resource behind a cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct CauseResource {
    /// `ResourceId`.
    pub resource_id: String,
    /// Σ `EffectiveCost` in the anomaly's month; from `known_from` on if it is set.
    pub month_cost: Money,
    /// Whether it had no cost in the previous month; if costs by resource start at `known_from`, on
    /// no known day before the anomaly.
    pub new_this_month: bool,
    /// First day of the month with costs by resource, if they do not come from the bill.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_from: Option<NaiveDate>,
}

impl CauseResource {
    /// Largest number of resources per cause.
    const MOST: usize = 3;

    /// Returns the resources with the most cost, new ones first.
    pub(super) fn most(all: impl Iterator<Item = Self>) -> Vec<Self> {
        let mut resources: Vec<Self> = all.filter(|r| !r.month_cost.is_zero_or_less()).collect();
        resources.sort_by(|a, b| {
            let cost = b.month_cost.amount().cmp(&a.month_cost.amount());
            b.new_this_month
                .cmp(&a.new_this_month)
                .then(cost)
                .then_with(|| a.resource_id.cmp(&b.resource_id))
        });
        resources.truncate(Self::MOST);
        resources
    }

    /// Returns the cost and its period as text.
    #[must_use]
    pub fn cost_text(&self) -> String {
        match (self.known_from, self.new_this_month) {
            (None, false) => format!("{} in the month", self.month_cost),
            (None, true) => format!("{} in the month, new this month", self.month_cost),
            (Some(day), false) => format!("{} since {day}", self.month_cost),
            (Some(day), true) => format!("{} since {day}, new", self.month_cost),
        }
    }
}

/// Tag value with most of an anomaly's excess.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Owner {
    /// Tag key.
    pub key: String,
    /// Tag value; `None` if most of the excess is untagged.
    pub value: Option<String>,
    /// Share of the excess, percent.
    pub share_pct: Option<Decimal>,
}

/// Other unusual change on the peak day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct AlsoMoved {
    /// Affected part of the estate.
    pub scope: Scope,
    /// Cost minus expected cost on that day; negative if the cost fell.
    pub change: Money,
}

/// Day of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct SeriesDay {
    /// Day.
    pub day: NaiveDate,
    /// Σ `EffectiveCost`.
    pub cost: Money,
    /// Expected cost, to the cent; `None` if there is too little history.
    pub expected: Option<Money>,
}

/// Anomaly: days on which the cost of a part of the estate differed from the expected cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Anomaly {
    /// Stable ID: a hash of where and when it was first raised.
    pub id: String,
    /// Kind of anomaly.
    pub kind: Kind,
    /// Severity.
    pub severity: Severity,
    /// Affected part of the estate.
    pub scope: Scope,
    /// Day on which it was raised, using no later data.
    pub raised_on: NaiveDate,
    /// First day.
    pub first_day: NaiveDate,
    /// Last day.
    pub last_day: NaiveDate,
    /// Day with the largest excess.
    pub peak_day: NaiveDate,
    /// Whether it was still ongoing at the end of the data.
    pub ongoing: bool,
    /// Number of anomalous days.
    pub days: u32,
    /// Σ `EffectiveCost` over the days.
    pub actual: Money,
    /// Σ expected cost over the days.
    pub expected: Money,
    /// `actual − expected`; negative for drops.
    pub excess: Money,
    /// Excess ÷ expected, percent; `None` if the expected cost is zero.
    pub excess_pct: Option<Decimal>,
    /// Projected excess of the calendar month in which it was raised: the excess so far, continued
    /// to the month's end at the mean of its days; `None` if it has ended.
    pub projected_month: Option<Money>,
    /// Actual cost of the peak day.
    pub peak_actual: Money,
    /// Expected cost of the peak day.
    pub peak_expected: Money,
    /// Upper limit of the usual cost of the peak day; for drops, the lower limit.
    pub peak_usual: Money,
    /// Basis of the expected cost, as text.
    pub basis: String,
    /// Causes, largest first.
    pub causes: Vec<Cause>,
    /// Owners by tag key.
    pub owners: Vec<Owner>,
    /// Other unusual changes on the peak day, by account and service.
    pub also_moved: Vec<AlsoMoved>,
    /// Daily costs of the last weeks up to the last day.
    pub series: Vec<SeriesDay>,
}

/// Result of the anomaly detector.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Findings {
    /// Anomalies, largest excess first.
    pub anomalies: Vec<Anomaly>,
    /// Drops, largest first; empty unless requested.
    pub drops: Vec<Anomaly>,
    /// Known events instead of anomalies: name of the event, scope, and day, one line each.
    pub known: Vec<String>,
    /// Number of further incidents that are not described, because there are too many: those with
    /// the smallest excess, rises and drops together.
    pub not_listed: usize,
    /// Settings that turn off monitoring of all usage, one line each.
    pub muted: Vec<String>,
    /// Settings that turn off monitoring of a part, by an event of more than a month or by the floor
    /// of a rule, or of small rises, one line each.
    pub muted_parts: Vec<String>,
}
