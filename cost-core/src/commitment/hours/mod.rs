//! Eligible usage by hour, from the line items of a bill, and the hourly cost of the commitments in
//! the bill.
//!
//! In: a [`crate::focus::FocusFrame`], a [`Window`], resources that need lines of their own. Out:
//! [`HourlyUsage`]: one line per account, region, usage type, operation, and service (if several
//! services have the same usage types), and one series per owned commitment. Not here: the
//! attributes of a line in the simulator ([`Cloud::attributes`](crate::cloud::Cloud::attributes)),
//! and the simulator's estate ([`OwnedEstate`]).
//!
//! ```
//! use std::collections::BTreeSet;
//!
//! use cost_core::commitment::hours::{Window, hourly};
//!
//! let window = Window { from: "2026-09-07".parse()?, until: "2026-09-14".parse()? };
//! let usage = hourly(&cost_core::example::bill()?, window, &BTreeSet::new())?;
//! // The bill is daily: the instance's 24 hours are spread evenly.
//! assert_eq!(usage.lines.len(), 1);
//! assert_eq!(usage.lines[0].quantities.len(), window.hours());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod estate;
mod group;
mod lines;
mod scan;

pub use estate::OwnedEstate;
pub use scan::hourly;
pub(crate) use scan::hourly_with_history;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

use crate::cloud::{Metered, PricedUsage, Provider};
use crate::money::MoneyError;

/// Hours per day.
const DAY_HOURS: usize = 24;

/// Complete days of a bill, as a half-open range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// First day.
    pub from: NaiveDate,
    /// The day after the last.
    pub until: NaiveDate,
}

impl Window {
    /// Returns the number of hours.
    #[must_use]
    pub fn hours(&self) -> usize {
        let days = self.until.signed_duration_since(self.from).num_days();
        usize::try_from(days).unwrap_or(0) * DAY_HOURS
    }

    /// Returns its first instant.
    #[must_use]
    pub fn start(&self) -> DateTime<Utc> {
        self.from.and_time(chrono::NaiveTime::MIN).and_utc()
    }

    /// Returns the first instant after it.
    #[must_use]
    pub fn end(&self) -> DateTime<Utc> {
        self.until.and_time(chrono::NaiveTime::MIN).and_utc()
    }
}

/// Usage of one kind in one account, on demand and covered together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageLine {
    /// `SubAccountId`. Empty if it is missing in the bill.
    pub account: String,
    /// `RegionId`. Empty if it is missing in the bill.
    pub region: String,
    /// `SkuMeter`.
    pub usage_type: String,
    /// The cloud it is of, by `ProviderName`.
    pub provider: Provider,
    /// Service, if its usage types are those of another service, whose commitments do not apply to
    /// it.
    pub service: Option<String>,
    /// `x_Operation`, if the bill has it.
    pub operation: Option<String>,
    /// `ResourceId`, for resources with lines of their own.
    pub resource_id: Option<String>,
    /// Σ `ListCost` ÷ Σ `PricingQuantity`, USD per unit. `None` if the bill does not have it.
    pub list_unit_price: Option<Decimal>,
    /// On-demand price per unit: Σ `ContractedCost` ÷ Σ `PricingQuantity`. Without `ContractedCost`
    /// it uses `ListCost`. Without both it uses the `EffectiveCost` of usage that no commitment
    /// covered.
    pub on_demand_unit_price: Decimal,
    /// `PricingQuantity` of each hour of the window, in 10⁻¹⁰ units.
    pub quantities: Vec<i64>,
    /// Usage that commitments covered, by index in [`HourlyUsage::owned`].
    pub covered: BTreeMap<usize, CoveredUsage>,
}

impl UsageLine {
    /// Returns the properties that determine which commitments apply.
    pub(crate) fn priced(&self) -> PricedUsage<'_> {
        PricedUsage {
            used: Metered::new(self.provider, &self.usage_type),
            region: &self.region,
            operation: self.operation.as_deref(),
            list_unit_price: self.list_unit_price,
        }
    }
}

/// Usage of a line that one commitment covered, over the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CoveredUsage {
    /// Σ `PricingQuantity`.
    pub quantity: Decimal,
    /// Σ `EffectiveCost`.
    pub effective: Decimal,
}

/// A commitment in the bill, with its hourly cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedHours {
    /// `CommitmentDiscountId`.
    pub id: String,
    /// `CommitmentDiscountType`.
    pub kind: String,
    /// The cloud it is of, by `ProviderName`.
    pub provider: Provider,
    /// Account that owns it: from its identifier, or from `SubAccountId` of its unused part.
    pub account: Option<String>,
    /// `EffectiveCost` of each hour of the window, used or not, in 10⁻¹².
    pub cost: Vec<i128>,
}

impl OwnedHours {
    /// Returns its cost in its last hour with a cost, and the range from its first to its last hour
    /// with a cost. `None` if no hour has a cost.
    ///
    /// # Errors
    /// [`MoneyError`].
    pub fn in_force(&self) -> Result<Option<(Decimal, std::ops::Range<usize>)>, MoneyError> {
        let first = self.cost.iter().position(|c| *c > 0);
        let last = self.cost.iter().rposition(|c| *c > 0);
        let Some((first, last)) = first.zip(last) else { return Ok(None) };
        Ok(Some((crate::money::decimal_from_scaled(self.cost[last])?, first..last + 1)))
    }
}

/// Eligible usage by hour, and owned commitments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HourlyUsage {
    /// The days covered.
    pub window: Window,
    /// Usage, ordered by account, region, usage type, operation, and resource.
    pub lines: Vec<UsageLine>,
    /// Commitments, ordered by ID.
    pub owned: Vec<OwnedHours>,
    /// Number of line items that cover more than an hour. Their quantity is spread evenly over
    /// their hours.
    pub spread: u64,
    /// What was excluded, one line each, with the reason.
    pub excluded: Vec<String>,
}

#[cfg(test)]
mod tests;
