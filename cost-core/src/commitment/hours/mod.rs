//! Usage that commitments can pay for, by the hour, from the line items of a bill; and what the
//! commitments it names cost in each hour.
//!
//! In: a [`crate::focus::FocusFrame`], a [`Window`], resources that are to be told apart. Out:
//! [`HourlyUsage`]: a line an account, region, usage type and operation; a series an owned
//! commitment. Not here: what a line is to the simulator
//! ([`Cloud::attributes`](crate::cloud::Cloud::attributes)), and the simulator's estate of it all
//! ([`OwnedEstate`]).
//!
//! ```
//! use std::collections::BTreeSet;
//!
//! use cost_core::commitment::hours::{Window, hourly};
//!
//! let window = Window { from: "2026-09-07".parse()?, until: "2026-09-14".parse()? };
//! let usage = hourly(&cost_core::example::bill()?, window, &BTreeSet::new())?;
//! // The bill is by the day: the instance's 24 hours are spread evenly.
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

/// Hours of a day.
const DAY_HOURS: usize = 24;

/// Whole days of a bill, half-open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// First day.
    pub from: NaiveDate,
    /// The day after the last.
    pub until: NaiveDate,
}

impl Window {
    /// How many hours.
    #[must_use]
    pub fn hours(&self) -> usize {
        let days = self.until.signed_duration_since(self.from).num_days();
        usize::try_from(days).unwrap_or(0) * DAY_HOURS
    }

    /// Its first instant.
    #[must_use]
    pub fn start(&self) -> DateTime<Utc> {
        self.from.and_time(chrono::NaiveTime::MIN).and_utc()
    }

    /// The first instant after it.
    #[must_use]
    pub fn end(&self) -> DateTime<Utc> {
        self.until.and_time(chrono::NaiveTime::MIN).and_utc()
    }
}

/// Usage of one kind in one account, on demand and covered together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageLine {
    /// `SubAccountId`; empty if the bill does not say.
    pub account: String,
    /// `RegionId`; empty if the bill does not say.
    pub region: String,
    /// `SkuMeter`.
    pub usage_type: String,
    /// The cloud it is of, by `ProviderName`.
    pub provider: Provider,
    /// `x_Operation`, where the bill has it.
    pub operation: Option<String>,
    /// `ResourceId`, of resources that were asked for.
    pub resource_id: Option<String>,
    /// Σ `ListCost` ÷ Σ `PricingQuantity`, USD a unit; `None` if the bill does not say.
    pub list_unit_price: Option<Decimal>,
    /// Σ `ContractedCost` ÷ Σ `PricingQuantity`: what a unit costs on demand, as negotiated; of
    /// `ListCost` if the bill has no `ContractedCost`, and of `EffectiveCost` of what no commitment
    /// covered if it has neither.
    pub on_demand_unit_price: Decimal,
    /// `PricingQuantity` of each hour of the window, in 10⁻¹⁰ units.
    pub quantities: Vec<i64>,
    /// What commitments covered of it, by place in [`HourlyUsage::owned`].
    pub covered: BTreeMap<usize, CoveredUsage>,
}

impl UsageLine {
    /// What tells what it is to commitments.
    pub(crate) fn priced(&self) -> PricedUsage<'_> {
        PricedUsage {
            used: Metered::new(self.provider, &self.usage_type),
            region: &self.region,
            operation: self.operation.as_deref(),
            list_unit_price: self.list_unit_price,
        }
    }
}

/// What one commitment covered of a line, over the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CoveredUsage {
    /// Σ `PricingQuantity`.
    pub quantity: Decimal,
    /// Σ `EffectiveCost`.
    pub effective: Decimal,
}

/// A commitment that the bill names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedHours {
    /// `CommitmentDiscountId`.
    pub id: String,
    /// `CommitmentDiscountType`.
    pub kind: String,
    /// The cloud it is of, by `ProviderName`.
    pub provider: Provider,
    /// Account that owns it, by its identifier; of what nobody used, by `SubAccountId`.
    pub account: Option<String>,
    /// `EffectiveCost` of each hour of the window, used or not, in 10⁻¹².
    pub cost: Vec<i128>,
}

impl OwnedHours {
    /// What it costs in the last hour in which it costs anything, and the hours from the first to
    /// the last of those; `None` if there are none.
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

/// Usage that commitments can pay for, by the hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HourlyUsage {
    /// Of which days.
    pub window: Window,
    /// Usage, in order of account, region, usage type, operation, resource.
    pub lines: Vec<UsageLine>,
    /// Commitments, by id.
    pub owned: Vec<OwnedHours>,
    /// Line items that are of more than an hour: their quantity is spread evenly over their hours.
    pub spread: u64,
    /// What was left out, a line each, with the reason.
    pub left_out: Vec<String>,
}

#[cfg(test)]
mod tests;
