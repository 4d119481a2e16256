//! Data quality types.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::focus::SourceFile;
use crate::focus::repair::Repair;
use crate::month::Month;
use crate::rollup::{OutlyingCharges, RepeatedFile};

/// Data completeness of a day of the bill, estimated from its number of line items.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct DayCompleteness {
    /// Day.
    pub day: NaiveDate,
    /// Number of line items.
    pub line_items: u64,
    /// Line items ÷ the median of the same weekday in the previous four weeks, at most 100 %;
    /// `None` if there are too few line items or weeks.
    pub complete_pct: Option<Decimal>,
}

/// Data quality of a review: its files, repairs, and months.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct DataQuality {
    /// Files at the bill's location and their status; empty if the bill did not come from files.
    pub files: Vec<SourceFile>,
    /// Files that were read but have no line items in any currency; omitted if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub empty_files: Vec<String>,
    /// Files that contain all of their line items several times, such as files combined from
    /// copies; omitted if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repeated_files: Vec<RepeatedFile>,
    /// Line items in other currencies, by currency, which are excluded because one currency was
    /// requested; omitted if there are none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub other_currencies: BTreeMap<String, u64>,
    /// Whether the bill was read without repairs; omitted if it was not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub repair_off: bool,
    /// Repairs of known exporter errors, and line items in doubt.
    pub repairs: Vec<Repair>,
    /// Charges far outside the bill's days, which do not move its days; omitted if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outlying: Vec<OutlyingCharges>,
    /// Charges of the month that count in another billing period, and those of other months that
    /// count in its own, one line each; omitted if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_periods: Vec<String>,
    /// Months of each source. A source is a billing account of a provider.
    pub months: Vec<SourceMonth>,
}

/// Month state of a provider's billing account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct SourceMonth {
    /// `ProviderName`.
    pub provider_name: Option<String>,
    /// `BillingAccountId`.
    pub billing_account_id: Option<String>,
    /// Month, by `ChargePeriodStart`.
    pub month: Month,
    /// State of the month.
    pub state: MonthState,
    /// First day on which the provider no longer changes the month; `None` if the provider does not
    /// publish it.
    pub final_on: Option<NaiveDate>,
    /// Days without charges, for a source that has charges on nearly all of its days.
    pub missing_days: Vec<NaiveDate>,
}

impl SourceMonth {
    /// Returns the source as text: `Amazon Web Services, account 123456789012`.
    #[must_use]
    pub fn label(&self) -> String {
        let provider = self.provider_name.as_deref().unwrap_or("a provider without a name");
        match &self.billing_account_id {
            Some(account) => format!("{provider}, billing account {account}"),
            None => provider.to_owned(),
        }
    }
}

/// State of a month's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum MonthState {
    /// The month has not ended.
    InProgress,
    /// The month has ended, but the provider may still change it.
    Provisional,
    /// The month has ended, and its charges are final if the provider publishes when they are.
    Complete,
    /// Days of the month have no charges although the source has charges on nearly all days.
    MissingDays,
}

impl MonthState {
    /// Returns the label for reports.
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
