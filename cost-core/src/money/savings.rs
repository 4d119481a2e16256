//! A saving as a range of amounts.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::amount::Money;
use super::currency::{Currency, MoneyError};

/// A saving per month of 730 hours, as a range: `low ≤ expected ≤ high`, all of one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Savings {
    /// What is saved if things go badly, within the evidence.
    pub low: Money,
    /// What is most likely saved.
    pub expected: Money,
    /// What is saved if things go well, within the evidence.
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
    /// A range from three estimates in any order of `low` and `high`: `expected` is kept, the
    /// others are moved so that `low ≤ expected ≤ high`.
    ///
    /// # Errors
    /// [`MoneyError::MixedCurrency`].
    pub fn try_new(low: Money, expected: Money, high: Money) -> Result<Self, MoneyError> {
        let low = low.try_min(expected)?;
        high.same_currency(expected)?;
        let high = if high.amount() < expected.amount() { expected } else { high };
        Ok(Self { low, expected, high })
    }

    /// No saving.
    #[must_use]
    pub fn zero(currency: Currency) -> Self {
        let z = Money::zero(currency);
        Self { low: z, expected: z, high: z }
    }

    /// Member-wise sum.
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

    /// Each member × `factor`, as [`Money::try_mul`].
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
