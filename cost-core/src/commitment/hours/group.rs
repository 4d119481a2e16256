//! Hourly sums of one kind of usage.

use polars::prelude::{PolarsResult, polars_err};

use super::Window;

/// Microseconds per hour.
pub(super) const HOUR_US: i64 = 3_600_000_000;
/// Units of 10⁻¹² per unit of a quantity, 10⁻¹⁰.
pub(super) const PER_QUANTITY: i128 = 100;

/// Column with the resource, for resources with lines of their own.
pub(super) const RESOURCE: &str = "resource with its own line";
/// Key columns, in addition to the hours.
pub(super) const KEYS: [&str; 11] = [
    "SubAccountId",
    "RegionId",
    "SkuMeter",
    "x_Operation",
    RESOURCE,
    "ProviderName",
    "ServiceName",
    "CommitmentDiscountId",
    "CommitmentDiscountType",
    "CommitmentDiscountStatus",
    "PricingCategory",
];
/// Indexes in [`KEYS`].
pub(super) const OF_LINE: std::ops::Range<usize> = 0..7;
pub(super) const OF_RESOURCE: usize = 4;
pub(super) const PROVIDER: usize = 5;
/// In a [`Group`]'s key only if it is a service with the usage types of another.
pub(super) const SERVICE: usize = 6;
pub(super) const ID: usize = 7;
pub(super) const TYPE: usize = 8;
pub(super) const STATUS: usize = 9;
pub(super) const CATEGORY: usize = 10;

pub(super) const AMOUNTS: [&str; 4] =
    ["PricingQuantity", "ListCost", "ContractedCost", "EffectiveCost"];

pub(super) type Texts = [Option<String>; KEYS.len()];

/// Returns the error that a sum of [`AMOUNTS`] does not fit.
pub(super) fn too_large(at: usize) -> polars::prelude::PolarsError {
    polars_err!(ComputeError: "the sum of {} is too large", AMOUNTS[at])
}

/// A group over all hours.
#[derive(Default)]
pub(super) struct Group {
    /// Quantities by hour, in 10⁻¹².
    pub(super) quantities: Vec<i128>,
    pub(super) effective_by_hour: Vec<i128>,
    pub(super) sums: [i128; AMOUNTS.len()],
    pub(super) unknown: [bool; AMOUNTS.len()],
}

impl Group {
    /// Adds the amounts of a row, spread evenly over the hours of its charge. Returns the number of
    /// these hours.
    pub(super) fn spread(
        &mut self,
        window: Window,
        (start, end): (i64, i64),
        amount: [i128; 4],
    ) -> PolarsResult<i64> {
        let first = (start - window.start().timestamp_micros()).div_euclid(HOUR_US);
        let hours = (end - start + HOUR_US - 1).div_euclid(HOUR_US).max(1);
        for hour in 0..hours {
            let Some(at) = usize::try_from(first + hour).ok().filter(|at| *at < window.hours())
            else {
                continue;
            };
            for (of, amount) in amount.iter().enumerate() {
                // Quantities are divided only to the precision in which they are stored.
                let unit = if of == 0 { PER_QUANTITY } else { 1 };
                let mut part =
                    part(amount.div_euclid(unit), i128::from(hour), i128::from(hours)) * unit;
                if hour == 0 {
                    part += amount.rem_euclid(unit);
                }
                self.sums[of] = self.sums[of].checked_add(part).ok_or_else(|| too_large(of))?;
                let series = match of {
                    0 => &mut self.quantities,
                    3 => &mut self.effective_by_hour,
                    _ => continue,
                };
                series[at] = series[at].checked_add(part).ok_or_else(|| too_large(of))?;
            }
        }
        Ok(hours)
    }
}

/// Returns an hour's part of an amount. The first hours get the remainder, so that the sum is
/// exact.
fn part(amount: i128, hour: i128, hours: i128) -> i128 {
    amount.div_euclid(hours) + i128::from(hour < amount.rem_euclid(hours))
}
