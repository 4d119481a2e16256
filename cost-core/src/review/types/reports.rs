//! Report types of a month: review, savings, anomalies.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::bridge::BridgeReport;
use super::quality::{DataQuality, DayCompleteness};
use super::spend::{
    Compared, CostDriver, DriverSum, ExchangeReport, GroupTable, InvoiceTotal, Projection, Totals,
    Untagged,
};
use super::trust::TrustCheck;
use crate::anomaly::{Anomaly, Thresholds, a_month};
use crate::check::Skip;
use crate::commitment::CommitmentMonth;
use crate::header::Header;
use crate::lifecycle::{Decision, Found};
use crate::opportunity::Opportunity;
use crate::plan::{FrontPoint, JointPlan};
use crate::recommendation::ProviderRecommendation;
use crate::risk::ReliabilityRisk;
use crate::rollup::other_currencies;
use crate::upcoming::UpcomingCost;

/// Monthly review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Review {
    /// Header of the report.
    #[serde(flatten)]
    pub header: Header,
    /// What happened, in at most ten sentences.
    #[serde(default)]
    pub story: Vec<String>,
    /// Whether the figures can be trusted: checks of the data, by topic.
    #[serde(default)]
    pub trust: Vec<TrustCheck>,
    /// Days that are compared.
    pub compared: Compared,
    /// Totals of the month.
    pub totals: Totals,
    /// Expected cost at the end of the month; omitted for a complete month, and with less than two
    /// weeks of charges before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub projection: Option<Projection>,
    /// How amounts in other billing currencies were converted, and the part of the change due to
    /// exchange rates; omitted if amounts are as billed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange: Option<ExchangeReport>,
    /// Σ `BilledCost` per billing period, invoice issuer, and invoice ID, exact, in the billing currency, for
    /// every period in the bill: for invoice reconciliation.
    pub invoices: Vec<InvoiceTotal>,
    /// Top rows by each requested dimension, by `EffectiveCost`.
    pub groups: Vec<GroupTable>,
    /// Cost drivers: the largest changes from the previous month; empty if the bill has no previous
    /// month.
    #[serde(rename = "movers")]
    pub cost_drivers: Vec<CostDriver>,
    /// Change of all charges, of which the cost drivers are a part; `None` if the bill has no
    /// previous month.
    #[serde(default)]
    pub driver_sum: Option<DriverSum>,
    /// Change from the previous month in parts: days, usage, mix, price, commitments, and others;
    /// `None` if the bill has no previous month.
    #[serde(default)]
    pub bridge: Option<BridgeReport>,
    /// Untagged usage cost.
    pub untagged: Untagged,
    /// Data completeness of the last days of the bill.
    pub completeness: Vec<DayCompleteness>,
    /// Data quality: files, repairs, and the state of each source's months.
    pub data_quality: DataQuality,
    /// Anomaly thresholds.
    pub anomaly_thresholds: Thresholds,
    /// `SubAccountName` by `SubAccountId`, for accounts that have one.
    pub account_names: BTreeMap<String, String>,
    /// Anomalies raised in the month, largest excess first; if the month has just ended, also those
    /// of the days since.
    pub anomalies: Vec<Anomaly>,
    /// Drops on the same days; empty unless the settings request them.
    pub drops: Vec<Anomaly>,
    /// Savings opportunities, largest expected savings first.
    pub opportunities: Vec<Opportunity>,
    /// Plan of opportunities, without overlap.
    pub plan: JointPlan,
    /// Commitment utilization in the month and the previous one, as the provider reports it; empty
    /// if the estate does not have it.
    pub commitments: Vec<CommitmentMonth>,
    /// Decisions on opportunities, by [`Opportunity::id`]; empty if no decisions were given.
    pub decisions: BTreeMap<String, Decision>,
    /// Provider recommendations, largest savings first; not included in any sum. Empty if the
    /// estate does not have them.
    #[serde(rename = "second_opinions")]
    pub provider_recommendations: Vec<ProviderRecommendation>,
    /// Reliability risks: resources that are too small for their load, by kind and ID, each with
    /// its cheapest fix. Not part of any savings; empty if none was found or utilization was not
    /// collected (then [`skipped`](Self::skipped) says so).
    #[serde(default)]
    pub reliability_risks: Vec<ReliabilityRisk>,
    /// Costs to come: charges that start or rise within twelve months unless something changes, and
    /// upgrades that the provider makes instead, by date. Not part of any savings, and not in the
    /// bill yet.
    #[serde(default)]
    pub upcoming_costs: Vec<UpcomingCost>,
    /// What was not evaluated, and why.
    pub skipped: Vec<Skip>,
    /// Notes on the figures.
    pub notes: Vec<String>,
}

/// Savings report: the part of a review that `cost savings` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct SavingsReport {
    /// Header of the report.
    #[serde(flatten)]
    pub header: Header,
    /// See [`Review::opportunities`].
    pub opportunities: Vec<Opportunity>,
    /// See [`Review::plan`].
    pub plan: JointPlan,
    /// Efficient front: the best plan for each limit on effort and risk that saves more than the
    /// plans of all stricter limits.
    #[serde(default)]
    pub front: Vec<FrontPoint>,
    /// See [`Review::decisions`].
    pub decisions: BTreeMap<String, Decision>,
    /// See [`Review::provider_recommendations`].
    #[serde(rename = "second_opinions")]
    #[schemars(description = "See [`Review::second_opinions`].")]
    pub provider_recommendations: Vec<ProviderRecommendation>,
    /// See [`Review::reliability_risks`].
    #[serde(default)]
    pub reliability_risks: Vec<ReliabilityRisk>,
    /// See [`Review::skipped`].
    pub skipped: Vec<Skip>,
    /// Notes on the figures.
    pub notes: Vec<String>,
    /// See [`Review::account_names`]. For formatted reports: not in JSON.
    #[serde(skip)]
    pub account_names: BTreeMap<String, String>,
}

/// Anomaly report: the part of a review that `cost anomalies` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct AnomalyReport {
    /// Header of the report.
    #[serde(flatten)]
    pub header: Header,
    /// Whether past days were replayed.
    pub replay: bool,
    /// First day of the range: anomalies raised on it or later.
    pub raised_from: NaiveDate,
    /// Day after the range; no data of it or later was used.
    pub raised_until: NaiveDate,
    /// See [`Review::completeness`].
    pub completeness: Vec<DayCompleteness>,
    /// Anomaly thresholds.
    pub anomaly_thresholds: Thresholds,
    /// See [`Review::account_names`].
    pub account_names: BTreeMap<String, String>,
    /// Anomalies: largest excess first, or in the order in which they were raised if past days were
    /// replayed.
    pub anomalies: Vec<Anomaly>,
    /// Drops, in the same order; empty unless requested.
    pub drops: Vec<Anomaly>,
    /// Known events that would have been anomalies.
    pub known: Vec<String>,
    /// Settings that turn off monitoring of all usage, one line each; omitted if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub muted: Vec<String>,
    /// Settings that turn off monitoring of a part, by an event of more than a month or by the floor
    /// of a rule, or of small rises, one line each; omitted if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub muted_parts: Vec<String>,
    /// Alerts that a scheduled job changed; `None` without a scheduled job.
    pub alerts: Option<AlertRun>,
    /// Notes on the figures.
    pub notes: Vec<String>,
}

/// Alerts changed by a scheduled job, by alert ID.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AlertRun {
    /// Alerts raised by the job, or by an earlier one whose report could not be written.
    pub new: Vec<String>,
    /// Alerts closed by the job, or by an earlier one whose report could not be written.
    pub closed: Vec<String>,
    /// Open alerts without a decision.
    pub waiting: Vec<String>,
    /// Whether another job had already used newer data: nothing was changed.
    pub stale: bool,
    /// Anomalies of older data that no alert has, which were ignored because newer data had been
    /// used; omitted if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<String>,
    /// Notices that were not delivered; omitted if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub undelivered: Vec<Undelivered>,
    /// What was unusual in this run, one line each; omitted if there is nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// Notice of an alert that its channel has not accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Undelivered {
    /// ID of the notice.
    pub notice: String,
    /// ID of the alert.
    pub alert: String,
    /// Name of the channel.
    pub channel: String,
    /// Reason of the last failure; `None` if it was not sent yet.
    pub reason: Option<String>,
    /// Whether the channel refused it for good: it is not sent again unless requested. The next run
    /// sends all others again.
    pub refused: bool,
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
    /// Returns the provider recommendations for the resource of the opportunity `id`.
    pub fn provider_recommendations_for<'a>(
        &'a self,
        id: &'a str,
    ) -> impl Iterator<Item = &'a ProviderRecommendation> {
        self.provider_recommendations
            .iter()
            .filter(move |s| s.opportunities.iter().any(|o| o == id))
    }

    /// Returns the findings for savings tracking.
    #[must_use]
    pub fn for_ledger(&self) -> Found<'_> {
        Found { opportunities: &self.opportunities, plan: &self.plan, skipped: &self.skipped }
    }
}

/// ```
/// use cost_core::prelude::*;
///
/// let review: Review = Session::open(&cost_core::example::bill()?)?.review()?;
/// let moved = &review.cost_drivers[0];
/// assert_eq!(moved.service_name.as_deref(), Some("Amazon Elastic Compute Cloud"));
/// assert!(moved.change.amount() > Decimal::ZERO, "more data was sent out");
/// let services = review.groups[0].rows.iter().map(|row| row.effective.this_month);
/// let total = Money::try_sum(services, review.header.currency)?;
/// assert_eq!(total, review.totals.effective.this_month, "the groups add up to the total");
/// # Ok::<(), Error>(())
/// ```
impl Review {
    /// Returns a note on how many line items are billed in currencies that are not shown, by
    /// currency, as one of the [`notes`](Self::notes) has it; `None` if there are none.
    #[must_use]
    pub fn excluded_currencies(&self) -> Option<String> {
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
    /// Returns the number of anomalies raised per month of 30.44 days in the range, to one decimal.
    #[must_use]
    pub fn raised_per_month(&self) -> Decimal {
        a_month(self.anomalies.len(), self.raised_from, self.raised_until)
    }
}
