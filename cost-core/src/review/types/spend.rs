//! What was spent, and what moved.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::exchange::MonthRate;
use crate::money::{Currency, Money};
use crate::rollup::Dimension;

/// An amount of the month against the month before and the same month of the year before. Changes
/// are `this − then`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Comparison {
    /// The month under review.
    pub this_month: Money,
    /// The month before; `None` if the bill does not cover it.
    pub last_month: Option<Money>,
    /// Change against the month before.
    pub change: Option<Money>,
    /// The same in percent; `None` if that month was zero.
    pub change_pct: Option<Decimal>,
    /// The same month of the year before; `None` if the bill does not cover it.
    pub last_year: Option<Money>,
    /// Change against it in percent.
    pub change_year_pct: Option<Decimal>,
}

/// What was spent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Totals {
    /// Σ `BilledCost`.
    pub billed: Comparison,
    /// Σ `EffectiveCost`.
    pub effective: Comparison,
    /// The same by kind of charge; they add up to the totals.
    pub categories: Vec<CategoryTotal>,
}

/// How amounts billed in other currencies were converted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ExchangeReport {
    /// The reporting currency.
    pub into: Currency,
    /// The rates of the months compared: one a currency and month. Rates with their source, as
    /// used.
    pub rates: Vec<MonthRate>,
    /// Totals as billed, a row a currency.
    pub as_billed: Vec<AsBilled>,
    /// Change of [`Totals::billed`] against the month before; `None` if there is none.
    pub billed: Option<ChangeByRate>,
    /// Change of [`Totals::effective`] against the month before; `None` if there is none.
    pub effective: Option<ChangeByRate>,
}

/// What was billed in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct AsBilled {
    /// `BillingCurrency`.
    pub currency: Currency,
    /// Σ `BilledCost`, as billed.
    pub billed: Comparison,
    /// Σ `EffectiveCost`, as billed.
    pub effective: Comparison,
    /// Σ `BilledCost` of the month in the reporting currency; of all currencies they add up to the
    /// total.
    pub billed_converted: Money,
    /// Σ `EffectiveCost` of the month in the reporting currency; of all currencies they add up to
    /// the total.
    pub effective_converted: Money,
}

/// A change in the reporting currency and its parts: `exchange_rate + rest = change`, exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ChangeByRate {
    /// This month less the month before.
    pub change: Money,
    /// Because currencies are worth more or less: what was billed the month before × (rate of this
    /// month − rate of that month), over currencies.
    pub exchange_rate: Money,
    /// All else.
    pub rest: Money,
}

/// Kinds of charges, kept apart.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[non_exhaustive]
pub enum Category {
    /// `ChargeCategory` "Usage".
    Usage,
    /// `ChargeCategory` "Purchase": commitments and subscriptions.
    Purchases,
    /// `ChargeCategory` "Tax".
    Taxes,
    /// `ChargeCategory` "Credit".
    Credits,
    /// `ChargeClass` "Correction" of any category: refunds and corrections of earlier periods.
    Refunds,
    /// `ChargeCategory` "Adjustment".
    Adjustments,
}

impl Category {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Usage,
        Self::Purchases,
        Self::Taxes,
        Self::Credits,
        Self::Refunds,
        Self::Adjustments,
    ];

    /// For people.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Usage => "Usage",
            Self::Purchases => "Purchases",
            Self::Taxes => "Taxes",
            Self::Credits => "Credits",
            Self::Refunds => "Refunds, corrections",
            Self::Adjustments => "Adjustments",
        }
    }
}

/// One kind of charge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct CategoryTotal {
    /// Which.
    pub category: Category,
    /// Σ `BilledCost`.
    pub billed: Comparison,
    /// Σ `EffectiveCost`.
    pub effective: Comparison,
}

/// What one issuer invoices for one billing period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct InvoiceTotal {
    /// `BillingPeriodStart`.
    pub billing_period: NaiveDate,
    /// `InvoiceIssuerName`; `None` if the bill does not say.
    pub invoice_issuer: Option<String>,
    /// Σ `BilledCost`, exact.
    pub billed: Money,
}

/// One dimension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct GroupTable {
    /// Which.
    pub dimension: Dimension,
    /// Top rows by size of `EffectiveCost` of the month, then of the month before.
    pub rows: Vec<GroupRow>,
    /// All other rows together, so that the table adds up; `None` if there are none.
    pub others: Option<GroupRow>,
    /// How many rows `others` stands for.
    pub others_count: usize,
}

/// One row of a group table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct GroupRow {
    /// Value of the dimension; `None` for null.
    pub key: Option<String>,
    /// A name that goes with it, such as an account's.
    pub name: Option<String>,
    /// Σ `EffectiveCost`.
    pub effective: Comparison,
    /// Share of the month's total, percent.
    pub share_pct: Option<Decimal>,
}

/// What an account's service cost more or less than the month before, by `EffectiveCost` of usage,
/// and why. `price + usage + new + gone + unsplit + exchange_rate = change`, exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Mover {
    /// `SubAccountId`.
    pub sub_account_id: Option<String>,
    /// `SubAccountName`.
    pub sub_account_name: Option<String>,
    /// `ServiceName`.
    pub service_name: Option<String>,
    /// Amounts.
    pub effective: Comparison,
    /// Change of it.
    pub change: Money,
    /// Because a unit costs more or less: (p₁ − p₀) × q₁ over usage types and regions. Coverage by
    /// commitments is in it.
    pub price: Money,
    /// Because more or less is used: (q₁ − q₀) × p₀.
    pub usage: Money,
    /// Usage types that were not there the month before.
    pub new: Money,
    /// Usage types that are not there any more.
    pub gone: Money,
    /// Where the bill has no quantity to split by.
    pub unsplit: Money,
    /// Because the currency billed is worth more or less: what the month before comes to at this
    /// month's rates, less what it came to. The other parts are at this month's rates. Left out if
    /// amounts are as billed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange_rate: Option<Money>,
}

/// Usage without tags, by `EffectiveCost`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Untagged {
    /// Usage cost of the month.
    pub usage: Money,
    /// Part of it that carries no tag at all.
    pub no_tags: Money,
    /// The same in percent.
    pub no_tags_pct: Option<Decimal>,
    /// For each tag key rolled up: part without a value for it.
    pub by_key: Vec<UntaggedKey>,
}

/// Usage without a value for one tag key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct UntaggedKey {
    /// Tag key.
    pub key: String,
    /// Cost without it.
    pub cost: Money,
    /// The same in percent of usage.
    pub pct: Option<Decimal>,
}
