//! [`UnconvertedCharges`]: charges far outside the bill's days, for whose month there is no exchange
//! rate.

use chrono::NaiveDate;
use polars::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::cube::CostCube;
use super::query::QueryError;
use crate::money::{Currency, Money};
use crate::month::Month;
use crate::text::counted;

/// Share of a currency's line items that must be convertible to be a bill with a few wrong dates, and
/// not one without rates: less than a tenth can lack them, as for outlying charges (ADR 0043).
const ONE_IN: u64 = 10;

/// A few charges of one currency that are in no converted amount: their month is far outside the bill's
/// days, such as with a wrong year, and has no exchange rate (ADR 0043). Amounts in the billing
/// currency, such as invoice totals, contain them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct UnconvertedCharges {
    /// `BillingCurrency`.
    pub currency: Currency,
    /// First month without a rate: of the billing period for `BilledCost`, of the charge otherwise.
    pub first_month: Month,
    /// Last month without a rate.
    pub last_month: Month,
    /// Number of line items.
    pub line_items: u64,
    /// Σ `BilledCost`, in the billing currency.
    pub billed: Money,
    /// Σ `EffectiveCost`, in the billing currency.
    pub effective: Money,
}

impl UnconvertedCharges {
    /// Returns a note on them.
    #[must_use]
    pub fn note(&self, into: Currency) -> String {
        let Self { currency, first_month, last_month, line_items, billed, effective } = self;
        let months = if first_month == last_month {
            first_month.to_string()
        } else {
            format!("{first_month} to {last_month}")
        };
        let are = if *line_items == 1 { "is" } else { "are" };
        format!(
            "partial: {} ({billed} of BilledCost, {effective} of EffectiveCost) {are} not converted and in no amount in {into}, because there is no \
             exchange rate from {currency} for {months}, far outside the days of the bill; check ChargePeriodStart and BillingPeriodStart",
            counted(*line_items, "line item")
        )
    }
}

/// Months far outside the days of a bill, for which a missing rate does not stop a report.
pub(super) struct Far<'a> {
    cube: &'a CostCube,
    /// First month that is not far: the one before the bill's first, as for a billing period that
    /// began before the bill. Later months have the rate of the bill's last month.
    first: Option<Month>,
}

impl<'a> Far<'a> {
    pub(super) fn of(cube: &'a CostCube) -> Self {
        Self { cube, first: cube.days().map(|(first, _)| Month::of(first).minus(1)) }
    }

    /// Returns whether a day is far outside the days of the bill.
    pub(super) fn holds(&self, of: NaiveDate) -> bool {
        self.cube.is_outlying(of) || self.first.is_some_and(|first| Month::of(of) < first)
    }
}

/// Returns the charges in these rows of the daily table, which have no rate in `months`.
///
/// # Errors
/// [`QueryError`].
pub(super) fn charges_in(
    cube: &CostCube,
    rows: &[IdxSize],
    months: (Month, Month),
) -> Result<UnconvertedCharges, QueryError> {
    let total = cube.with_rows(rows)?.total(lit(true))?;
    Ok(UnconvertedCharges {
        currency: cube.currency(),
        first_month: months.0,
        last_month: months.1,
        line_items: total.line_items,
        billed: total.billed,
        effective: total.effective,
    })
}

/// Returns whether so few line items lack a rate that their dates are wrong, and not the rates.
pub(super) fn are_few(lacking: u64, all: u64) -> bool {
    lacking.saturating_mul(ONE_IN) < all
}
