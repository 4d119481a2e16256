//! What a review says, as data. `docs/schema/` has the JSON Schema.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::anomaly::{Anomaly, Thresholds, a_month};
use crate::check::Skip;
use crate::commitment::CommitmentMonth;
use crate::exchange::MonthRate;
use crate::focus::SourceFile;
use crate::focus::repair::Repair;
use crate::header::Header;
use crate::lifecycle::{Decision, Found};
use crate::money::{Currency, Money};
use crate::month::Month;
use crate::opportunity::Opportunity;
use crate::plan::JointPlan;
use crate::recommendation::SecondOpinion;
use crate::rollup::{Dimension, RepeatedFile, other_currencies};

/// The monthly review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Review {
    /// What it is of.
    #[serde(flatten)]
    pub header: Header,
    /// What was spent.
    pub totals: Totals,
    /// How amounts billed in other currencies were converted, and what of the change is exchange rates; left out if amounts are as billed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange: Option<ExchangeReport>,
    /// Σ `BilledCost` per billing period and invoice issuer, exact, in the currency billed, for every period in the bill: to hold against
    /// invoices.
    pub invoices: Vec<InvoiceTotal>,
    /// Top rows by each dimension asked for, by `EffectiveCost`.
    pub groups: Vec<GroupTable>,
    /// What moved most against the month before; empty if there is none.
    pub movers: Vec<Mover>,
    /// Usage without tags.
    pub untagged: Untagged,
    /// How complete the last days of the bill are.
    pub completeness: Vec<DayCompleteness>,
    /// What the figures rest on: files, repairs, and the state of each source's months.
    pub data_quality: DataQuality,
    /// When a day is an anomaly.
    pub anomaly_thresholds: Thresholds,
    /// `SubAccountName` by `SubAccountId`, for accounts that have one.
    pub account_names: BTreeMap<String, String>,
    /// Anomalies raised in the month, largest excess first; if it has just ended, those of the days since too.
    pub anomalies: Vec<Anomaly>,
    /// Drops of the same days; empty unless the settings ask for them.
    pub drops: Vec<Anomaly>,
    /// What can be saved, largest expected saving first.
    pub opportunities: Vec<Opportunity>,
    /// What can be saved together.
    pub plan: JointPlan,
    /// How well commitments were used in the month and the one before, as the provider says; empty if the estate does not have it.
    pub commitments: Vec<CommitmentMonth>,
    /// What was decided on opportunities, by [`Opportunity::id`]; empty if no decisions were given.
    pub decisions: BTreeMap<String, Decision>,
    /// What the provider itself recommends, largest saving first; in no sum. Empty if the estate does not have it.
    pub second_opinions: Vec<SecondOpinion>,
    /// What could not be judged, and why.
    pub skipped: Vec<Skip>,
    /// What else to know of the numbers.
    pub notes: Vec<String>,
}

/// What can be saved: the part of a review that `cost savings` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SavingsReport {
    /// What it is of.
    #[serde(flatten)]
    pub header: Header,
    /// See [`Review::opportunities`].
    pub opportunities: Vec<Opportunity>,
    /// See [`Review::plan`].
    pub plan: JointPlan,
    /// See [`Review::decisions`].
    pub decisions: BTreeMap<String, Decision>,
    /// See [`Review::second_opinions`].
    pub second_opinions: Vec<SecondOpinion>,
    /// See [`Review::skipped`].
    pub skipped: Vec<Skip>,
    /// What else to know of the numbers.
    pub notes: Vec<String>,
    /// See [`Review::account_names`]. For people: not in JSON.
    #[serde(skip)]
    pub account_names: BTreeMap<String, String>,
}

/// What was out of the ordinary: the part of a review that `cost anomalies` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AnomalyReport {
    /// What it is of.
    #[serde(flatten)]
    pub header: Header,
    /// Whether past days were replayed.
    pub replay: bool,
    /// The first day looked at: anomalies raised on it or later.
    pub raised_from: NaiveDate,
    /// The day after the last looked at; nothing of it or later was used.
    pub raised_until: NaiveDate,
    /// See [`Review::completeness`].
    pub completeness: Vec<DayCompleteness>,
    /// When a day is an anomaly.
    pub anomaly_thresholds: Thresholds,
    /// See [`Review::account_names`].
    pub account_names: BTreeMap<String, String>,
    /// Anomalies: largest excess first, or in the order in which they were raised if past days were replayed.
    pub anomalies: Vec<Anomaly>,
    /// Drops, as the anomalies; empty unless they were asked for.
    pub drops: Vec<Anomaly>,
    /// What would have been an anomaly but was known beforehand.
    pub known: Vec<String>,
    /// What a scheduled job made of it; `None` if it was none.
    pub alerts: Option<AlertRun>,
    /// What else to know of the numbers.
    pub notes: Vec<String>,
}

/// What a scheduled job made of a report: ids of alerts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AlertRun {
    /// Raised by it.
    pub new: Vec<String>,
    /// Closed by it.
    pub closed: Vec<String>,
    /// Open, and not decided on by anybody.
    pub waiting: Vec<String>,
    /// Another job had seen newer data: nothing was changed.
    pub stale: bool,
}

impl SavingsReport {
    /// What the provider recommends for the resource of the opportunity `id`.
    pub fn opinions_on<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a SecondOpinion> {
        self.second_opinions.iter().filter(move |s| s.opportunities.iter().any(|o| o == id))
    }

    /// What was found, for the ledger of savings.
    #[must_use]
    pub fn for_ledger(&self) -> Found<'_> {
        Found { opportunities: &self.opportunities, plan: &self.plan, skipped: &self.skipped }
    }
}

impl Review {
    /// How many line items are billed in currencies that are not shown, by currency, as one of the [`notes`](Self::notes) has it;
    /// `None` if there are none.
    #[must_use]
    pub fn currencies_left_out(&self) -> Option<String> {
        let billed = self.exchange.as_ref().and_then(|e| e.as_billed.first()).map(|b| b.currency);
        other_currencies(billed.unwrap_or(self.header.currency), &self.data_quality.other_currencies)
    }
}

impl AnomalyReport {
    /// Anomalies raised in the range of days, per month of 30.44 days, to one decimal.
    #[must_use]
    pub fn raised_per_month(&self) -> Decimal {
        a_month(self.anomalies.len(), self.raised_from, self.raised_until)
    }
}

/// An amount of the month against the month before and the same month of the year before. Changes are `this − then`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
pub struct ExchangeReport {
    /// The reporting currency.
    pub into: Currency,
    /// The rates of the months compared: one a currency and month. Rates with their source, as used.
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
pub struct AsBilled {
    /// `BillingCurrency`.
    pub currency: Currency,
    /// Σ `BilledCost`, as billed.
    pub billed: Comparison,
    /// Σ `EffectiveCost`, as billed.
    pub effective: Comparison,
    /// Σ `BilledCost` of the month in the reporting currency; of all currencies they add up to the total.
    pub billed_converted: Money,
    /// Σ `EffectiveCost` of the month in the reporting currency; of all currencies they add up to the total.
    pub effective_converted: Money,
}

/// A change in the reporting currency and its parts: `exchange_rate + rest = change`, exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChangeByRate {
    /// This month less the month before.
    pub change: Money,
    /// Because currencies are worth more or less: what was billed the month before × (rate of this month − rate of that month), over
    /// currencies.
    pub exchange_rate: Money,
    /// All else.
    pub rest: Money,
}

/// Kinds of charges, kept apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
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
    pub const ALL: [Self; 6] =
        [Self::Usage, Self::Purchases, Self::Taxes, Self::Credits, Self::Refunds, Self::Adjustments];

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

/// What an account's service cost more or less than the month before, by `EffectiveCost` of usage, and why.
/// `price + usage + new + gone + unsplit + exchange_rate = change`, exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
    /// Because a unit costs more or less: (p₁ − p₀) × q₁ over usage types and regions. Coverage by commitments is in it.
    pub price: Money,
    /// Because more or less is used: (q₁ − q₀) × p₀.
    pub usage: Money,
    /// Usage types that were not there the month before.
    pub new: Money,
    /// Usage types that are not there any more.
    pub gone: Money,
    /// Where the bill has no quantity to split by.
    pub unsplit: Money,
    /// Because the currency billed is worth more or less: what the month before comes to at this month's rates, less what it came to. The
    /// other parts are at this month's rates. Left out if amounts are as billed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange_rate: Option<Money>,
}

/// Usage without tags, by `EffectiveCost`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
pub struct UntaggedKey {
    /// Tag key.
    pub key: String,
    /// Cost without it.
    pub cost: Money,
    /// The same in percent of usage.
    pub pct: Option<Decimal>,
}

/// How complete a day of the bill is, estimated from its number of line items.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DayCompleteness {
    /// Which day.
    pub day: NaiveDate,
    /// Line items there are.
    pub line_items: u64,
    /// Line items ÷ the median of the same weekday in the four weeks before, at most 100 %; `None` if there are too few
    /// line items or weeks to tell.
    pub complete_pct: Option<Decimal>,
}

/// What the figures of a review rest on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DataQuality {
    /// Every file of the bill's location, and what became of it; empty if the bill did not come from files.
    pub files: Vec<SourceFile>,
    /// Files that were read and have no line item in any currency; left out if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub empty_files: Vec<String>,
    /// Files that hold all of their line items several times, as one put together from copies does; left out if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repeated_files: Vec<RepeatedFile>,
    /// Line items in other currencies, by currency, which are left out because one was asked for; left out if there are none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub other_currencies: BTreeMap<String, u64>,
    /// Whether the bill is shown as its files have it, without repair; left out if it is not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub repair_off: bool,
    /// What rules changed of what exporters are known to write otherwise than FOCUS says, and what they left in doubt.
    pub repairs: Vec<Repair>,
    /// Each source's months: a source is a billing account of a provider.
    pub months: Vec<SourceMonth>,
}

/// How far a month of a provider's billing account has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceMonth {
    /// `ProviderName`.
    pub provider_name: Option<String>,
    /// `BillingAccountId`.
    pub billing_account_id: Option<String>,
    /// The month, by `ChargePeriodStart`.
    pub month: Month,
    /// How far it has come.
    pub state: MonthState,
    /// The first day on which the provider changes it no more; `None` for providers that do not say when that is.
    pub final_on: Option<NaiveDate>,
    /// Days without a charge, of a source that has charges on nearly all of its days.
    pub missing_days: Vec<NaiveDate>,
}

impl SourceMonth {
    /// The source, for people: `Amazon Web Services, account 123456789012`.
    #[must_use]
    pub fn label(&self) -> String {
        let provider = self.provider_name.as_deref().unwrap_or("a provider without a name");
        match &self.billing_account_id {
            Some(account) => format!("{provider}, billing account {account}"),
            None => provider.to_owned(),
        }
    }
}

/// How far a month has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MonthState {
    /// It has not ended.
    InProgress,
    /// It has ended, and the provider may still change it.
    Provisional,
    /// It has ended, and its charges are final as far as the provider says when they are.
    Complete,
    /// Days of it have no charges though the source has charges on nearly all days.
    MissingDays,
}

impl MonthState {
    /// For people.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::InProgress => "in progress",
            Self::Provisional => "provisional",
            Self::Complete => "complete",
            Self::MissingDays => "days missing",
        }
    }
}
