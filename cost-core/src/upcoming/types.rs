//! [`UpcomingCost`].

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::money::{Currency, Money, MoneyError};
use crate::opportunity::Scope;

/// Months after the report date in which costs to come are reported. Chosen: a budget is planned for
/// a year.
pub const HORIZON_MONTHS: u32 = 12;

/// What happens on the date.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum UpcomingKind {
    /// Standard support ends, and extended support is billed.
    ExtendedSupportStarts,
    /// The price of extended support rises.
    ExtendedSupportRises,
}

/// A later price of the same charge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LaterPrice {
    /// First day of the price.
    pub from: NaiveDate,
    /// Cost per month of 730 h from that day on; `None` if the price is unknown.
    pub per_month: Option<Money>,
}

/// Cost to come: a charge that starts or rises on a known date. Not part of any savings, and not in
/// the bill yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct UpcomingCost {
    /// First day of the charge, or of its new price.
    pub from: NaiveDate,
    /// What happens.
    pub kind: UpcomingKind,
    /// What happens to which resource, in one line.
    pub title: String,
    /// Resource, or the cluster that the resources are members of.
    pub subject: String,
    /// Resources that are billed.
    pub resource_ids: Vec<String>,
    /// Account, service, region, and owner.
    pub scope: Scope,
    /// Engine and major version, such as `PostgreSQL 14`.
    pub version: String,
    /// Additional cost per month of 730 h from that day on, at the usage of the month under review;
    /// `None` if it is unknown.
    pub per_month: Option<Money>,
    /// Why the additional cost is unknown; `None` if it is known.
    pub unknown: Option<String>,
    /// Last day of the reported period: the report date plus [`HORIZON_MONTHS`].
    pub horizon: NaiveDate,
    /// Additional cost from `from` (or the report date, if later) through `horizon`: per month × 24
    /// × days ÷ 730; `None` if the cost per month is unknown.
    pub until_horizon: Option<Money>,
    /// The next price of the same charge; `None` if there is none.
    pub later: Option<LaterPrice>,
    /// Last day on which the version can be used: afterwards, the provider upgrades it. `None` if it
    /// has not been announced.
    pub extended_ends: Option<NaiveDate>,
    /// How the cost was computed, and from which prices.
    pub basis: String,
    /// How to avoid it.
    pub avoid: String,
    /// ID of the check that finds the charge once it is billed, and whose page describes the change.
    pub check: String,
    /// Page of the provider with the dates.
    pub source: String,
}

impl UpcomingCost {
    /// Returns the cost with its amounts converted by `convert`.
    ///
    /// # Errors
    /// [`MoneyError`].
    pub(crate) fn converted(
        mut self,
        into: Currency,
        convert: &impl Fn(Money) -> Result<Money, MoneyError>,
    ) -> Result<Self, MoneyError> {
        let later = self.later.as_mut().and_then(|l| l.per_month.as_mut());
        let amounts = [self.per_month.as_mut(), self.until_horizon.as_mut(), later];
        for amount in amounts.into_iter().flatten().filter(|a| a.currency() != into) {
            *amount = convert(*amount)?;
        }
        Ok(self)
    }
}
