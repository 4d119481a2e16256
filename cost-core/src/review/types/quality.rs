//! What the figures rest on.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::focus::SourceFile;
use crate::focus::repair::Repair;
use crate::month::Month;
use crate::rollup::RepeatedFile;

/// How complete a day of the bill is, estimated from its number of line items.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct DayCompleteness {
    /// Which day.
    pub day: NaiveDate,
    /// Line items there are.
    pub line_items: u64,
    /// Line items ÷ the median of the same weekday in the four weeks before, at most 100 %; `None`
    /// if there are too few line items or weeks to tell.
    pub complete_pct: Option<Decimal>,
}

/// What the figures of a review rest on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct DataQuality {
    /// Every file of the bill's location, and what became of it; empty if the bill did not come
    /// from files.
    pub files: Vec<SourceFile>,
    /// Files that were read and have no line item in any currency; left out if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub empty_files: Vec<String>,
    /// Files that hold all of their line items several times, as one put together from copies does;
    /// left out if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repeated_files: Vec<RepeatedFile>,
    /// Line items in other currencies, by currency, which are left out because one was asked for;
    /// left out if there are none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub other_currencies: BTreeMap<String, u64>,
    /// Whether the bill is shown as its files have it, without repair; left out if it is not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub repair_off: bool,
    /// What rules changed of what exporters are known to write otherwise than FOCUS says, and what
    /// they left in doubt.
    pub repairs: Vec<Repair>,
    /// Each source's months: a source is a billing account of a provider.
    pub months: Vec<SourceMonth>,
}

/// How far a month of a provider's billing account has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct SourceMonth {
    /// `ProviderName`.
    pub provider_name: Option<String>,
    /// `BillingAccountId`.
    pub billing_account_id: Option<String>,
    /// The month, by `ChargePeriodStart`.
    pub month: Month,
    /// How far it has come.
    pub state: MonthState,
    /// The first day on which the provider changes it no more; `None` for providers that do not say
    /// when that is.
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
#[non_exhaustive]
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
