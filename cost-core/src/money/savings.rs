//! Savings as a range of amounts.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::amount::Money;
use super::currency::{Currency, MoneyError};

/// Savings per month of 730 hours, as a range: `low ≤ expected ≤ high`, all in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Savings {
    /// Low estimate: the saving if the cost falls as far as it differed in earlier months.
    pub low: Money,
    /// Expected savings, from the normal days of the month under review. If the change may save
    /// nothing, a stated share of what is possible.
    pub expected: Money,
    /// High estimate: the saving if the cost rises as far as it differed in earlier months, and if
    /// everything that is uncertain turns out well. Equal to `expected` only if both are certain, such
    /// as a fixed price per hour of a resource that is removed.
    pub high: Money,
}

/// ```
/// use cost_core::prelude::*;
///
/// let plan = Session::open(&cost_core::example::bill()?)?.savings()?.plan;
/// let Savings { low, expected, high } = plan.joint;
/// assert!(low.amount() <= expected.amount() && expected.amount() <= high.amount());
/// # Ok::<(), Error>(())
/// ```
impl Savings {
    /// Creates a range from three estimates with `low` and `high` in any order. `expected` stays,
    /// and the others are adjusted so that `low ≤ expected ≤ high`.
    ///
    /// # Errors
    /// [`MoneyError::MixedCurrency`].
    pub fn try_new(low: Money, expected: Money, high: Money) -> Result<Self, MoneyError> {
        let low = low.try_min(expected)?;
        high.same_currency(expected)?;
        let high = if high.amount() < expected.amount() { expected } else { high };
        Ok(Self { low, expected, high })
    }

    /// Returns zero savings.
    #[must_use]
    pub fn zero(currency: Currency) -> Self {
        let z = Money::zero(currency);
        Self { low: z, expected: z, high: z }
    }

    /// Returns the sum of each estimate.
    ///
    /// # Errors
    /// As [`Money::try_add`].
    pub fn try_add(self, other: Self) -> Result<Self, MoneyError> {
        Ok(Self {
            low: self.low.try_add(other.low)?,
            expected: self.expected.try_add(other.expected)?,
            high: self.high.try_add(other.high)?,
        })
    }

    /// Returns each estimate × `factor`, as [`Money::try_mul`].
    ///
    /// # Errors
    /// As [`Money::try_mul`].
    pub fn try_mul(self, factor: Decimal) -> Result<Self, MoneyError> {
        Ok(Self {
            low: self.low.try_mul(factor)?,
            expected: self.expected.try_mul(factor)?,
            high: self.high.try_mul(factor)?,
        })
    }
}
