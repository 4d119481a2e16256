//! Spend and cost driver types.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::exchange::MonthRate;
use crate::money::{Currency, Money};
use crate::rollup::Dimension;

/// Amount of the month compared with the previous month and the same month of the previous year.
/// Changes are `this − then`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Comparison {
    /// Amount of the month under review.
    pub this_month: Money,
    /// Amount of the previous month; `None` if the bill does not cover it.
    pub last_month: Option<Money>,
    /// Change from the previous month.
    pub change: Option<Money>,
    /// Change in percent; `None` if the previous month was zero.
    pub change_pct: Option<Decimal>,
    /// Amount of the same month of the previous year; `None` if the bill does not cover it.
    pub last_year: Option<Money>,
    /// Change from that month in percent.
    pub change_year_pct: Option<Decimal>,
}

/// Totals of the month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Totals {
    /// Σ `BilledCost`.
    pub billed: Comparison,
    /// Σ `EffectiveCost`.
    pub effective: Comparison,
    /// Totals by charge category. They add up to the totals.
    pub categories: Vec<CategoryTotal>,
}

/// How amounts in other billing currencies were converted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ExchangeReport {
    /// Reporting currency.
    pub into: Currency,
    /// Rates of the compared months, one per currency and month, with their source.
    pub rates: Vec<MonthRate>,
    /// Totals as billed, one row per currency.
    pub as_billed: Vec<AsBilled>,
    /// Change of [`Totals::billed`] from the previous month; `None` if the bill does not cover it.
    pub billed: Option<ChangeByRate>,
    /// Change of [`Totals::effective`] from the previous month; `None` if the bill does not cover
    /// it.
    pub effective: Option<ChangeByRate>,
}

/// Totals in one billing currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct AsBilled {
    /// `BillingCurrency`.
    pub currency: Currency,
    /// Σ `BilledCost`, as billed.
    pub billed: Comparison,
    /// Σ `EffectiveCost`, as billed.
    pub effective: Comparison,
    /// Σ `BilledCost` of the month in the reporting currency. All currencies add up to the total.
    pub billed_converted: Money,
    /// Σ `EffectiveCost` of the month in the reporting currency. All currencies add up to the
    /// total.
    pub effective_converted: Money,
}

/// Change in the reporting currency and its parts: `exchange_rate + rest = change`, exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ChangeByRate {
    /// This month minus the previous month.
    pub change: Money,
    /// Effect of exchange rates: amounts billed in the previous month × (rate of this month − rate
    /// of that month), summed over currencies.
    pub exchange_rate: Money,
    /// Remaining change.
    pub rest: Money,
}

/// Charge categories in totals. Refunds and corrections are separate.
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
    /// All categories.
    pub const ALL: [Self; 6] = [
        Self::Usage,
        Self::Purchases,
        Self::Taxes,
        Self::Credits,
        Self::Refunds,
        Self::Adjustments,
    ];

    /// Returns the label for reports.
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

/// Totals of one charge category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct CategoryTotal {
    /// Charge category.
    pub category: Category,
    /// Σ `BilledCost`.
    pub billed: Comparison,
    /// Σ `EffectiveCost`.
    pub effective: Comparison,
}

/// Invoice total of one issuer and billing period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct InvoiceTotal {
    /// `BillingPeriodStart`.
    pub billing_period: NaiveDate,
    /// `InvoiceIssuerName`; `None` if the bill does not have it.
    pub invoice_issuer: Option<String>,
    /// Σ `BilledCost`, exact.
    pub billed: Money,
}

/// Group table of one dimension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct GroupTable {
    /// Dimension.
    pub dimension: Dimension,
    /// Top rows by absolute `EffectiveCost` of the month, then of the previous month.
    pub rows: Vec<GroupRow>,
    /// Sum of all other rows, so that the table adds up; `None` if there are none.
    pub others: Option<GroupRow>,
    /// Number of rows in `others`.
    pub others_count: usize,
}

/// One row of a group table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct GroupRow {
    /// Value of the dimension; `None` for null.
    pub key: Option<String>,
    /// Name of the value, such as an account name.
    pub name: Option<String>,
    /// Σ `EffectiveCost`.
    pub effective: Comparison,
    /// Share of the month's total, percent.
    pub share_pct: Option<Decimal>,
}

/// Cost driver: change of an account's service from the previous month, by `EffectiveCost` of
/// usage, with its parts. `price + usage + new + gone + unsplit + exchange_rate = change`, exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Mover")]
#[non_exhaustive]
pub struct CostDriver {
    /// `SubAccountId`.
    pub sub_account_id: Option<String>,
    /// `SubAccountName`.
    pub sub_account_name: Option<String>,
    /// `ServiceName`.
    pub service_name: Option<String>,
    /// Amounts of the service.
    pub effective: Comparison,
    /// Change from the previous month.
    pub change: Money,
    /// Price effect: (p₁ − p₀) × q₁, summed over usage types and regions. It includes changes in
    /// commitment coverage.
    pub price: Money,
    /// Usage effect: (q₁ − q₀) × p₀.
    pub usage: Money,
    /// Usage types that the previous month did not have.
    pub new: Money,
    /// Usage types that only the previous month had.
    pub gone: Money,
    /// Change without a split, because the bill has no quantity.
    pub unsplit: Money,
    /// Exchange rate effect: the previous month at this month's rates minus the previous month as
    /// converted then. The other parts use this month's rates. Omitted if amounts are as billed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange_rate: Option<Money>,
}

/// Untagged usage cost, by `EffectiveCost`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Untagged {
    /// Usage cost of the month.
    pub usage: Money,
    /// Usage cost without any tag.
    pub no_tags: Money,
    /// Usage cost without any tag, in percent.
    pub no_tags_pct: Option<Decimal>,
    /// Untagged cost by tag key in the roll-up.
    pub by_key: Vec<UntaggedKey>,
}

/// Untagged cost for one tag key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct UntaggedKey {
    /// Tag key.
    pub key: String,
    /// Usage cost without a value for the key.
    pub cost: Money,
    /// Untagged cost in percent of usage cost.
    pub pct: Option<Decimal>,
}
