//! The options and the report of the purchase advisor.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Scenario;
use crate::commitment::{Payment, Product, Term};
use crate::money::{Money, MoneyError};
use crate::tradeoff::TradeOff;

/// Risk tolerance of the purchase advisor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Risk {
    /// Minimizes the largest regret over all scenarios.
    Low,
    /// Minimizes the weighted mean cost: usage as it is now (or its trend, if it falls) has weight
    /// two, the scenario with the lowest usage has weight one.
    #[default]
    Medium,
    /// Minimizes the cost of the expected scenario: the trend if there is one, else usage as it is
    /// now.
    High,
}

impl Risk {
    /// Returns its name in options and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// Options of the purchase advisor.
#[derive(Clone, Debug, PartialEq)]
pub struct BuyOptions {
    /// Term of the commitments.
    pub term: Term,
    /// Payment option. `None` means monthly payments, or, with an upfront limit, as much upfront as
    /// the limit allows.
    pub payment: Option<Payment>,
    /// Largest upfront payment.
    pub max_upfront: Option<Decimal>,
    /// Risk tolerance.
    pub risk: Risk,
    /// Scenarios in addition to unchanged usage and its trend. If the list is empty, a decline of
    /// 30 %.
    pub scenarios: Vec<Scenario>,
    /// Whether to run a backtest of purchase policies over the bill.
    pub backtest: bool,
}

impl Default for BuyOptions {
    /// One year, monthly payments, medium risk tolerance.
    fn default() -> Self {
        Self {
            term: Term::OneYear,
            payment: None,
            max_upfront: None,
            risk: Risk::default(),
            scenarios: Vec::new(),
            backtest: false,
        }
    }
}

/// Recommended purchases in addition to owned commitments. Monthly amounts are for 730 hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct BuyReport {
    /// Term of the recommended commitments.
    pub term: Term,
    /// Risk tolerance.
    pub risk: Risk,
    /// First and last day of the usage that the recommendation is based on.
    pub days: (NaiveDate, NaiveDate),
    /// What this usage costs on demand per month, at negotiated prices, without the usage that the
    /// plan removes.
    pub on_demand_equivalent: Money,
    /// The part of it that owned commitments leave on demand.
    pub left_on_demand: Money,
    /// Eligible usage that the plan of savings opportunities removes, so that no commitment is
    /// bought for it. On-demand cost per month.
    pub taken_by_plan: Money,
    /// Trend of the usage, percent per year. `None` if the bill is too short.
    pub trend_pct_per_year: Option<Decimal>,
    /// Purchases, in the order in which they apply. Empty if none is worthwhile.
    pub purchases: Vec<Purchase>,
    /// Total of all purchases.
    pub total: PurchaseTotal,
    /// Savings in each scenario.
    pub scenarios: Vec<ScenarioOutcome>,
    /// The best purchase for every term and payment option that is offered.
    pub alternatives: Vec<Alternative>,
    /// The accounts that could buy, with the savings if each bought everything. The first one buys
    /// all purchases that no other account should own.
    #[serde(default)]
    pub accounts: Vec<AccountOutcome>,
    /// Schedule for buying in tranches.
    pub ladder: Vec<Tranche>,
    /// What to buy now: the first tranche of each purchase.
    #[serde(default)]
    pub first: Vec<Order>,
    /// Script for the provider's command line that buys the first tranche, to review and run line by
    /// line. It has a part for each account that buys. Each part refuses other accounts.
    #[serde(default)]
    pub first_script: Vec<String>,
    /// Savings of the plan and of the purchases together. `None` if the plan is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_plan: Option<AfterPlan>,
    /// Renewals: purchases for the usage of commitments that end.
    pub renewals: Vec<Renewal>,
    /// Savings by size of the commitment.
    pub curve: Vec<CurvePoint>,
    /// The purchase compared with common rules.
    pub rules: Vec<RuleOutcome>,
    /// Backtest of purchase policies over the bill, if requested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backtest: Option<Backtest>,
    /// Comparison of the bill with the simulation of owned commitments, over the same days.
    pub check: SimulationCheck,
    /// What was excluded, one line each, with the reason.
    #[serde(rename = "left_out")]
    pub excluded: Vec<String>,
    /// Notes, one line each.
    pub notes: Vec<String>,
}

/// One recommended purchase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Purchase {
    /// Product to buy.
    pub product: Product,
    /// Display name: product, family, size, platform, and region.
    pub name: String,
    /// Number of reservations. `None` for plans.
    pub count: Option<u32>,
    /// Instance type or class of a reservation, with its platform.
    pub instance_type: Option<String>,
    /// The account that buys.
    pub sub_account_id: String,
    /// Term.
    pub term: Term,
    /// Payment option.
    pub payment: Payment,
    /// Cost per hour, with the upfront payment spread over the term, USD.
    pub usd_per_hour: Decimal,
    /// Upfront payment.
    pub upfront: Money,
    /// Monthly payment in addition to the upfront payment.
    pub monthly: Money,
    /// Savings per month in addition to the purchases before it, if usage stays as it is.
    pub saves: Money,
    /// Expected commitment utilization, percent.
    pub utilization_pct: Option<Decimal>,
    /// Its trade-off: what it costs besides money.
    pub trade_off: TradeOff,
}

/// A purchase to make now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Order {
    /// Display name: product, family, size, platform, and region.
    pub name: String,
    /// The account that buys.
    pub sub_account_id: String,
    /// Number of reservations. `None` for plans.
    pub count: Option<u32>,
    /// Cost per hour, with the upfront payment spread over the term, USD.
    pub usd_per_hour: Decimal,
    /// Upfront payment.
    pub upfront: Money,
}

/// Savings of the plan, then of the purchases for what it leaves, per month of 730 h. They do not
/// overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct AfterPlan {
    /// Expected savings of the plan.
    pub plan: Money,
    /// Savings of the purchases if usage stays as it is: [`PurchaseTotal::saves`].
    pub purchases: Money,
    /// Their sum.
    pub together: Money,
}

impl AfterPlan {
    /// Adds the savings of the purchases to those of the plan.
    ///
    /// # Errors
    /// [`MoneyError`].
    pub(crate) fn new(plan: Money, purchases: Money) -> Result<Self, MoneyError> {
        Ok(Self { plan, purchases, together: plan.try_add(purchases)? })
    }
}

/// Total of all purchases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct PurchaseTotal {
    /// Cost per hour, USD.
    pub usd_per_hour: Decimal,
    /// Upfront payment.
    pub upfront: Money,
    /// Monthly payment in addition to the upfront payment.
    pub monthly: Money,
    /// Total commitment over the term.
    pub committed: Money,
    /// Savings per month if usage stays as it is.
    pub saves: Money,
    /// Effective discount on the covered usage, percent: savings ÷ (savings + cost).
    pub discount_pct: Option<Decimal>,
    /// Break-even point, the months after which usage could end without a loss: total commitment
    /// over the term ÷ on-demand cost that it replaces per month.
    pub break_even_months: Option<Decimal>,
    /// Savings over the term in the worst scenario. Negative means a loss.
    pub worst_case: Money,
    /// Probability that a quarter like the days used brings a loss, percent. It is estimated from
    /// random draws of their weeks, with replacement.
    pub chance_of_loss_pct: Decimal,
    /// Quality of the purchase: no purchase of these instruments, in any amounts and accounts, costs
    /// less than this one by more than this, percent of the cost of purchases and of usage left on
    /// demand. The cost is simulated exactly, as the mean of the scenarios that count at the risk
    /// tolerance (at low: of those of medium). It includes the effect of whole units and of an
    /// upfront limit.
    pub bound_gap_pct: Decimal,
    /// The same per month: the savings that this purchase misses at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound_gap: Option<Money>,
}

/// Savings of the purchase in one scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ScenarioOutcome {
    /// The scenario.
    pub scenario: Scenario,
    /// Mean savings per month over the term.
    pub saves: Money,
    /// Savings over the term. Negative means a loss.
    pub saves_over_term: Money,
    /// Extra savings per month that the best purchase for this scenario would bring.
    pub regret: Money,
}

/// An account that could buy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct AccountOutcome {
    /// The account.
    pub sub_account_id: String,
    /// Cost of the purchases that this account should own, USD per hour. Zero if it should not buy.
    pub usd_per_hour: Decimal,
    /// Savings per month if this account bought all purchases and usage stays as it is.
    pub saves: Money,
    /// The same in the scenario with the lowest usage. Negative means a loss.
    pub saves_in_decline: Money,
}

/// The best purchase with another term or payment option.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Alternative {
    /// Term.
    pub term: Term,
    /// Payment option.
    pub payment: Payment,
    /// Cost per hour, USD.
    pub usd_per_hour: Decimal,
    /// Upfront payment.
    pub upfront: Money,
    /// Savings per month if usage stays as it is.
    pub saves: Money,
    /// Savings per month in the scenario with the lowest usage. Negative means a loss.
    pub saves_in_decline: Money,
    /// See [`PurchaseTotal::break_even_months`].
    pub break_even_months: Option<Decimal>,
}

/// A tranche: a part of the purchase, bought on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Tranche {
    /// Day of the purchase.
    pub on: NaiveDate,
    /// Share of each purchase, percent.
    pub share_pct: Decimal,
    /// Commitment bought, USD per hour.
    pub usd_per_hour: Decimal,
    /// The day its term ends.
    pub ends_on: NaiveDate,
    /// Savings lost by waiting until this day, if usage stays as it is.
    pub forgone: Money,
}

/// Purchases for a day on which owned commitments end, based on current data, in addition to
/// earlier purchases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Renewal {
    /// Day of the renewal.
    pub on: NaiveDate,
    /// `CommitmentDiscountId`s of the commitments that end.
    pub ended: Vec<String>,
    /// Display names of the purchases.
    pub purchases: Vec<String>,
    /// Cost per hour, USD.
    pub usd_per_hour: Decimal,
    /// Savings per month if usage stays as it is.
    pub saves: Money,
}

/// One point of the curve of savings by commitment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CurvePoint {
    /// Commitment, USD per hour.
    pub usd_per_hour: Decimal,
    /// Savings per month if usage stays as it is.
    pub saves: Money,
    /// Savings per month in the scenario with the lowest usage.
    pub saves_in_decline: Money,
}

/// What a common purchase rule would buy and save.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct RuleOutcome {
    /// Name of the rule.
    pub rule: String,
    /// Commitment, USD per hour.
    pub usd_per_hour: Decimal,
    /// Savings per month if usage stays as it is.
    pub saves: Money,
    /// Savings per month in the scenario with the lowest usage.
    pub saves_in_decline: Money,
}

/// Backtest of policies that review usage once a month. They use only past data and start without
/// owned commitments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Backtest {
    /// The commitment that they buy.
    pub instrument: String,
    /// First day, which is the day of the first review, and last day.
    pub days: (NaiveDate, NaiveDate),
    /// Number of reviews.
    pub reviews: u32,
    /// One row per policy.
    pub rows: Vec<BacktestRow>,
}

/// Result of one policy in a backtest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct BacktestRow {
    /// Name of the policy.
    pub policy: String,
    /// Cost of the usage, including commitments in force.
    pub cost: Money,
    /// Savings compared with all usage on demand.
    pub saves: Money,
    /// The same as a percentage.
    pub saves_pct: Decimal,
    /// Number of purchases.
    pub purchases: u32,
    /// Total commitment bought, USD per hour.
    pub usd_per_hour: Decimal,
    /// Remaining commitment after the last day.
    pub still_owed: Money,
}

/// Cost of usage that owned commitments covered, in the bill and in the simulation, over the same
/// days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct SimulationCheck {
    /// Σ `EffectiveCost` of the covered usage in the bill.
    pub billed: Money,
    /// The same, simulated.
    pub simulated: Money,
}
