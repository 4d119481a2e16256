//! The reports of a month: review, savings, anomalies.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::quality::{DataQuality, DayCompleteness};
use super::spend::{ExchangeReport, GroupTable, InvoiceTotal, Mover, Totals, Untagged};
use crate::anomaly::{Anomaly, Thresholds, a_month};
use crate::check::Skip;
use crate::commitment::CommitmentMonth;
use crate::header::Header;
use crate::lifecycle::{Decision, Found};
use crate::opportunity::Opportunity;
use crate::plan::JointPlan;
use crate::recommendation::SecondOpinion;
use crate::rollup::other_currencies;

/// The monthly review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Review {
    /// What it is of.
    #[serde(flatten)]
    pub header: Header,
    /// What was spent.
    pub totals: Totals,
    /// How amounts billed in other currencies were converted, and what of the change is exchange
    /// rates; left out if amounts are as billed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange: Option<ExchangeReport>,
    /// Σ `BilledCost` per billing period and invoice issuer, exact, in the currency billed, for
    /// every period in the bill: to hold against invoices.
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
    /// Anomalies raised in the month, largest excess first; if it has just ended, those of the days
    /// since too.
    pub anomalies: Vec<Anomaly>,
    /// Drops of the same days; empty unless the settings ask for them.
    pub drops: Vec<Anomaly>,
    /// What can be saved, largest expected saving first.
    pub opportunities: Vec<Opportunity>,
    /// What can be saved together.
    pub plan: JointPlan,
    /// How well commitments were used in the month and the one before, as the provider says; empty
    /// if the estate does not have it.
    pub commitments: Vec<CommitmentMonth>,
    /// What was decided on opportunities, by [`Opportunity::id`]; empty if no decisions were given.
    pub decisions: BTreeMap<String, Decision>,
    /// What the provider itself recommends, largest saving first; in no sum. Empty if the estate
    /// does not have it.
    pub second_opinions: Vec<SecondOpinion>,
    /// What could not be judged, and why.
    pub skipped: Vec<Skip>,
    /// What else to know of the numbers.
    pub notes: Vec<String>,
}

/// What can be saved: the part of a review that `cost savings` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
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
#[non_exhaustive]
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
    /// Anomalies: largest excess first, or in the order in which they were raised if past days were
    /// replayed.
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

/// ```
/// use cost_core::prelude::*;
///
/// let report: SavingsReport = Session::open(&cost_core::example::bill()?)?.savings()?;
/// let address =
///     report.opportunities.iter().find(|o| o.check == "idle_address").expect("an address");
/// // 0.12 USD on each of 30 days, per month of 730 hours.
/// assert_eq!(address.savings.expected.to_string(), "3.65 USD");
/// assert!(report.skipped.iter().any(|s| s.check == "unattached_volume"), "no inventory");
/// # Ok::<(), Error>(())
/// ```
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

/// ```
/// use cost_core::prelude::*;
///
/// let review: Review = Session::open(&cost_core::example::bill()?)?.review()?;
/// let moved = &review.movers[0];
/// assert_eq!(moved.service_name.as_deref(), Some("Amazon Elastic Compute Cloud"));
/// assert!(moved.change.amount() > Decimal::ZERO, "more data was sent out");
/// let services = review.groups[0].rows.iter().map(|row| row.effective.this_month);
/// let total = Money::try_sum(services, review.header.currency)?;
/// assert_eq!(total, review.totals.effective.this_month, "the groups add up to the total");
/// # Ok::<(), Error>(())
/// ```
impl Review {
    /// How many line items are billed in currencies that are not shown, by currency, as one of the
    /// [`notes`](Self::notes) has it; `None` if there are none.
    #[must_use]
    pub fn currencies_left_out(&self) -> Option<String> {
        let billed = self.exchange.as_ref().and_then(|e| e.as_billed.first()).map(|b| b.currency);
        other_currencies(
            billed.unwrap_or(self.header.currency),
            &self.data_quality.other_currencies,
        )
    }
}

/// ```
/// use cost_core::prelude::*;
///
/// let report: AnomalyReport = Session::open(&cost_core::example::bill()?)?.anomalies()?;
/// let anomaly = &report.anomalies[0];
/// assert_eq!(anomaly.first_day.to_string(), "2026-09-21");
/// assert_eq!(anomaly.causes[0].usage_type.as_deref(), Some("DataTransfer-Out-Bytes"));
/// # Ok::<(), Error>(())
/// ```
impl AnomalyReport {
    /// Anomalies raised in the range of days, per month of 30.44 days, to one decimal.
    #[must_use]
    pub fn raised_per_month(&self) -> Decimal {
        a_month(self.anomalies.len(), self.raised_from, self.raised_until)
    }
}
