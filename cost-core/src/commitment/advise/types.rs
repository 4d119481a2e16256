//! What to buy, and what it would bring.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Scenario;
use crate::commitment::{Payment, Product, Term};
use crate::money::Money;
use crate::tradeoff::TradeOff;

/// How much may go wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Risk {
    /// What is bought must be no mistake in any of the scenarios: the largest regret is made as
    /// small as can be.
    Low,
    /// The mean of usage as it is (or its trend, if that falls), twice, and of the scenario with
    /// least usage, once, is to cost least.
    #[default]
    Medium,
    /// What is expected (the trend, if there is one) is to cost least.
    High,
}

impl Risk {
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// What to buy for.
#[derive(Clone, Debug, PartialEq)]
pub struct BuyOptions {
    /// How long.
    pub term: Term,
    /// Paid how; `None` for by the month, or, with a limit upfront, as much upfront as it allows.
    pub payment: Option<Payment>,
    /// The most to pay upfront.
    pub max_upfront: Option<Decimal>,
    /// How much may go wrong.
    pub risk: Risk,
    /// What may become of usage, besides that it stays and its trend. If there are none, a decline
    /// of 30 %.
    pub scenarios: Vec<Scenario>,
    /// Whether to replay policies over the bill.
    pub backtest: bool,
}

impl Default for BuyOptions {
    /// One year, by the month, medium risk.
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

/// What to buy, on top of what is owned. Amounts "a month" are of 730 hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct BuyReport {
    /// How long.
    pub term: Term,
    /// How much may go wrong.
    pub risk: Risk,
    /// The days whose hours were looked at, first and last.
    pub days: (NaiveDate, NaiveDate),
    /// What that usage costs on demand, as negotiated, a month, without what the joint plan takes
    /// away.
    pub on_demand_equivalent: Money,
    /// Of it, what the owned commitments leave on demand.
    pub left_on_demand: Money,
    /// What the joint plan of savings takes away of the usage that commitments can pay for: nothing
    /// is bought for it. A month, on demand.
    pub taken_by_plan: Money,
    /// Trend of the usage, percent a year; `None` if the bill is too short to tell.
    pub trend_pct_per_year: Option<Decimal>,
    /// What to buy, in the order in which it applies; empty if nothing is worth it.
    pub purchases: Vec<Purchase>,
    /// All of it together.
    pub total: PurchaseTotal,
    /// What it brings, whatever becomes of usage.
    pub scenarios: Vec<ScenarioOutcome>,
    /// The same for every term and payment that is offered.
    pub alternatives: Vec<Alternative>,
    /// When to buy how much of it.
    pub ladder: Vec<Tranche>,
    /// What to buy when present commitments end, for the usage they cover until then.
    pub renewals: Vec<Renewal>,
    /// Saving against how much is bought.
    pub curve: Vec<CurvePoint>,
    /// The purchase held against rules that are in use.
    pub rules: Vec<RuleOutcome>,
    /// Policies of buying, replayed over the bill, if that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backtest: Option<Backtest>,
    /// How the bill compares with the simulation of what is owned, over the days looked at.
    pub check: SimulationCheck,
    /// What could not be looked at, a line each, with the reason.
    pub left_out: Vec<String>,
    /// What else to know, a line each.
    pub notes: Vec<String>,
}

/// One thing to buy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Purchase {
    /// What.
    pub product: Product,
    /// For people: what and for which family, size, platform and region.
    pub name: String,
    /// How many, of a reservation.
    pub count: Option<u32>,
    /// Instance type or class of a reservation, with what runs on it.
    pub instance_type: Option<String>,
    /// The account that buys.
    pub sub_account_id: String,
    /// How long.
    pub term: Term,
    /// Paid how.
    pub payment: Payment,
    /// What an hour costs, upfront payment spread over the term, USD.
    pub usd_per_hour: Decimal,
    /// Paid at once.
    pub upfront: Money,
    /// Paid a month besides.
    pub monthly: Money,
    /// What it saves a month on top of those before it, if usage stays as it is.
    pub saves: Money,
    /// How much of it would be used, percent.
    pub utilization_pct: Option<Decimal>,
    /// What it costs besides money.
    pub trade_off: TradeOff,
}

/// All purchases together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct PurchaseTotal {
    /// What an hour costs, USD.
    pub usd_per_hour: Decimal,
    /// Paid at once.
    pub upfront: Money,
    /// Paid a month besides.
    pub monthly: Money,
    /// What is committed to over the whole term.
    pub committed: Money,
    /// What is saved a month if usage stays as it is.
    pub saves: Money,
    /// Effective savings on the usage it covers, percent: saving ÷ (saving + cost).
    pub discount_pct: Option<Decimal>,
    /// After so many months usage could vanish without a loss: what is committed to over the term ÷
    /// what it displaces on demand a month.
    pub break_even_months: Option<Decimal>,
    /// The least that is saved over the whole term, in the worst of the scenarios; less than
    /// nothing is a loss.
    pub worst_case: Money,
    /// How likely it is that a quarter like the days looked at brings a loss, percent: of draws of
    /// their weeks, with replacement.
    pub chance_of_loss_pct: Decimal,
    /// How good the search is: no amounts of these instruments cost less than those it found by
    /// more than so much, percent of the cost (at low risk: than those of medium risk). Before
    /// amounts are whole pieces and within a limit upfront.
    pub bound_gap_pct: Decimal,
}

/// What the purchase brings in one scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ScenarioOutcome {
    /// Which.
    pub scenario: Scenario,
    /// Saved a month in the mean of the term.
    pub saves: Money,
    /// Saved over the whole term; less than nothing is a loss.
    pub saves_over_term: Money,
    /// What the best purchase for just this scenario would save more, a month.
    pub regret: Money,
}

/// Another term or payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Alternative {
    /// How long.
    pub term: Term,
    /// Paid how.
    pub payment: Payment,
    /// What an hour would cost, USD.
    pub usd_per_hour: Decimal,
    /// Paid at once.
    pub upfront: Money,
    /// Saved a month if usage stays as it is.
    pub saves: Money,
    /// Saved a month in the scenario with least usage; less than nothing is a loss.
    pub saves_in_decline: Money,
    /// See [`PurchaseTotal::break_even_months`].
    pub break_even_months: Option<Decimal>,
}

/// A part of the purchase, bought on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Tranche {
    /// When.
    pub on: NaiveDate,
    /// Which part of each purchase, percent.
    pub share_pct: Decimal,
    /// USD an hour bought then.
    pub usd_per_hour: Decimal,
    /// The day its term ends.
    pub ends_on: NaiveDate,
    /// What waiting until then costs: what it would have saved before, if usage stays as it is.
    pub forgone: Money,
}

/// What to buy on a day on which present commitments end, as far as can be said now. On top of what
/// is bought before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Renewal {
    /// When.
    pub on: NaiveDate,
    /// `CommitmentDiscountId` of what ends.
    pub ended: Vec<String>,
    /// What to buy, in words.
    pub purchases: Vec<String>,
    /// What an hour of it costs, USD.
    pub usd_per_hour: Decimal,
    /// What it saves a month if usage stays as it is.
    pub saves: Money,
}

/// One point of the curve of saving against commitment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CurvePoint {
    /// USD an hour committed to.
    pub usd_per_hour: Decimal,
    /// Saved a month if usage stays as it is.
    pub saves: Money,
    /// Saved a month in the scenario with least usage.
    pub saves_in_decline: Money,
}

/// What a rule would buy and bring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct RuleOutcome {
    /// Which.
    pub rule: String,
    /// USD an hour committed to.
    pub usd_per_hour: Decimal,
    /// Saved a month if usage stays as it is.
    pub saves: Money,
    /// Saved a month in the scenario with least usage.
    pub saves_in_decline: Money,
}

/// Policies that look once a month, replayed over the bill without looking ahead, as if nothing had
/// been owned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Backtest {
    /// What they buy.
    pub instrument: String,
    /// First day that counts, which is that of the first look, and the last.
    pub days: (NaiveDate, NaiveDate),
    /// Looks taken.
    pub reviews: u32,
    /// A row a policy.
    pub rows: Vec<BacktestRow>,
}

/// What a policy would have brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct BacktestRow {
    /// Which.
    pub policy: String,
    /// What the usage would have cost, commitments in force with it.
    pub cost: Money,
    /// Less than all on demand by so much.
    pub saves: Money,
    /// The same in percent.
    pub saves_pct: Decimal,
    /// How often it bought.
    pub purchases: u32,
    /// USD an hour bought in all.
    pub usd_per_hour: Decimal,
    /// What is committed to beyond the last day.
    pub still_owed: Money,
}

/// What owned commitments paid for, by the bill and by the simulation, over the days looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct SimulationCheck {
    /// Σ `EffectiveCost` of what commitments paid for.
    pub billed: Money,
    /// The same, simulated.
    pub simulated: Money,
}
