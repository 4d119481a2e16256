//! Spend and cost driver types.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::exchange::MonthRate;
use crate::money::{Currency, Money};
use crate::rollup::{Dimension, UnconvertedCharges};

/// Amount of the month compared with the previous month and the same month of the previous year.
/// Changes are `this − then`. A running month is compared with the same days of the other months:
/// see [`Review::compared`](super::Review::compared).
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
    /// Amount per day of the month minus amount per day of the previous month, so that months of
    /// different length can be compared; `None` if the bill does not cover the previous month.
    #[serde(default)]
    pub change_per_day: Option<Money>,
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
    /// Charges without an exchange rate, far outside the bill's days, which are in no amount in the
    /// reporting currency; omitted if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unconverted: Vec<UnconvertedCharges>,
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

/// Total of one invoice: of an issuer, a billing period, and an invoice ID.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct InvoiceTotal {
    /// `BillingPeriodStart`.
    pub billing_period: NaiveDate,
    /// `InvoiceIssuerName`; `None` if the bill does not have it.
    pub invoice_issuer: Option<String>,
    /// `InvoiceId`; `None` if the bill does not have it, or the invoice is not issued yet.
    #[serde(default)]
    pub invoice_id: Option<String>,
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
/// usage, with its parts: see [`Bridge`](super::Bridge).
/// `price + usage + new + gone + unsplit + days + mix + coverage + unused_commitments +
/// exchange_rate = change`, exactly.
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
    /// Changed unit prices: see [`BridgePart::Price`](super::BridgePart::Price).
    pub price: Money,
    /// More or less usage: see [`BridgePart::Usage`](super::BridgePart::Usage).
    pub usage: Money,
    /// Resources and SKUs that the previous month did not have: see
    /// [`BridgePart::New`](super::BridgePart::New).
    pub new: Money,
    /// Resources and SKUs that only the previous month had: see
    /// [`BridgePart::Gone`](super::BridgePart::Gone).
    pub gone: Money,
    /// Change without a split, because the bill has no quantity.
    pub unsplit: Money,
    /// Different number of days: see [`BridgePart::Days`](super::BridgePart::Days).
    pub days: Money,
    /// Other SKUs of the same kind: see [`BridgePart::Mix`](super::BridgePart::Mix).
    pub mix: Money,
    /// Commitment and spot coverage: see [`BridgePart::Coverage`](super::BridgePart::Coverage).
    pub coverage: Money,
    /// Commitments that nothing used.
    pub unused_commitments: Money,
    /// See [`Comparison::change_per_day`].
    #[serde(default)]
    pub change_per_day: Option<Money>,
    /// Usage types with the largest changes, up to three.
    #[serde(default)]
    pub usage_types: Vec<DriverUsageType>,
    /// Resources with the largest changes, up to three; empty if the bill has none, or the month is
    /// not complete: the resources of single days are not in the roll-up.
    #[serde(default)]
    pub resources: Vec<DriverResource>,
    /// Usage types that began or ended within the compared months, largest change first.
    #[serde(default)]
    pub events: Vec<DriverEvent>,
    /// Anomalies of the account's service on days of the compared months, by first day.
    #[serde(default)]
    pub anomalies: Vec<DriverAnomaly>,
    /// Exchange rate effect: the previous month at this month's rates minus the previous month as
    /// converted then. The other parts use this month's rates. Omitted if amounts are as billed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange_rate: Option<Money>,
}

/// Usage type of a cost driver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct DriverUsageType {
    /// `SkuMeter`: usage type.
    pub usage_type: String,
    /// Σ `EffectiveCost` of the previous month.
    pub last_month: Money,
    /// Σ `EffectiveCost` of the month.
    pub this_month: Money,
    /// Change from the previous month.
    pub change: Money,
}

/// Resource of a cost driver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct DriverResource {
    /// `ResourceId`.
    pub resource_id: String,
    /// Σ `EffectiveCost` of the previous month; `None` if it had no charges then.
    pub last_month: Option<Money>,
    /// Σ `EffectiveCost` of the month; `None` if it has no charges.
    pub this_month: Option<Money>,
    /// Change from the previous month.
    pub change: Money,
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

/// Days of one month that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ComparedDays {
    /// First day.
    pub first_day: NaiveDate,
    /// Last day.
    pub last_day: NaiveDate,
}

/// Days that a review compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Compared {
    /// Whether the bill contains only the first days of the month. It is then compared with the
    /// same days of the other months.
    pub is_running: bool,
    /// Days of the month under review with charges.
    pub this_month: ComparedDays,
    /// Days of the previous month; `None` if the bill does not cover it.
    pub last_month: Option<ComparedDays>,
    /// Days of the same month of the previous year; `None` if the bill does not cover it.
    pub last_year: Option<ComparedDays>,
    /// Last days of a running month whose charges are not complete: they are in no total and not
    /// compared. Omitted if there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_out: Option<ComparedDays>,
    /// `BilledCost` of the days that are not complete. Omitted if there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_out_billed: Option<Money>,
}

/// Whether usage began or ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum EventKind {
    /// No cost on the 31 days or more before.
    Began,
    /// No cost on the 8 days or more after.
    Ended,
}

impl EventKind {
    /// Returns the label for reports.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Began => "began",
            Self::Ended => "ended",
        }
    }
}

/// Usage type of a cost driver that began or ended within the compared months.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct DriverEvent {
    /// Whether it began or ended.
    pub kind: EventKind,
    /// First day with cost if it began, last day with cost if it ended.
    pub day: NaiveDate,
    /// `SkuMeter`: usage type.
    pub usage_type: Option<String>,
    /// Change of its `EffectiveCost` from the previous month.
    pub change: Money,
}

/// Anomaly of a cost driver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct DriverAnomaly {
    /// ID of the anomaly, as `cost explain` accepts it.
    pub id: String,
    /// First day.
    pub first_day: NaiveDate,
    /// Last day so far.
    pub last_day: NaiveDate,
    /// Actual minus expected cost over its days.
    pub excess: Money,
}

/// Change of all charges from the previous month, by `EffectiveCost`, of which the cost drivers are
/// a part. `Σ drivers + others + Σ categories = total`, exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct DriverSum {
    /// Change of all other usage, so that the table adds up; zero if there is none.
    pub others: Money,
    /// Number of accounts' services in `others`.
    pub others_count: usize,
    /// See [`Comparison::change_per_day`].
    pub others_per_day: Option<Money>,
    /// Changes of purchases, taxes, credits, refunds, and adjustments.
    pub categories: Vec<CategoryChange>,
    /// Change of all charges.
    pub total: Money,
    /// See [`Comparison::change_per_day`].
    pub total_per_day: Option<Money>,
}

/// Change of a charge category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct CategoryChange {
    /// Charge category.
    pub category: Category,
    /// Change of Σ `EffectiveCost`.
    pub change: Money,
}

/// Expected cost of a running month at its end. See ADR 0039.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Projection {
    /// Last day with charges that it is based on.
    pub known_until: NaiveDate,
    /// Projected Σ `EffectiveCost` of the calendar month.
    pub effective: ProjectedCost,
    /// Projected Σ `BilledCost` of the billing period.
    pub billed: ProjectedCost,
    /// Charges that occur once a month, largest first: counted once and not multiplied.
    pub once: Vec<MonthlyCharge>,
}

/// Projected cost of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ProjectedCost {
    /// Cost so far.
    pub so_far: Money,
    /// Expected usage on the days to come: for each, the mean of up to four recent days of the
    /// same weekday.
    pub usage_to_come: Money,
    /// Expected monthly charges to come, as in the previous month.
    pub once_to_come: Money,
    /// `so_far + usage_to_come + once_to_come`.
    pub expected: Money,
    /// Range of the expected cost; `None` with fewer than three earlier months to compare with.
    pub range: Option<ProjectedRange>,
}

/// Range of a projection, from the errors of the same projection in earlier months.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ProjectedRange {
    /// Lower end.
    pub low: Money,
    /// Upper end.
    pub high: Money,
    /// Number of earlier months.
    pub months: u32,
}

/// Charge that occurs once a month, such as a support fee or a subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct MonthlyCharge {
    /// `SubAccountId`.
    pub sub_account_id: Option<String>,
    /// `ServiceName`.
    pub service_name: Option<String>,
    /// `SkuMeter`: usage type.
    pub usage_type: Option<String>,
    /// `ChargeCategory`.
    pub category: String,
    /// `BilledCost` in the month so far.
    pub billed_so_far: Money,
    /// `BilledCost` expected on the days to come.
    pub billed_to_come: Money,
}
