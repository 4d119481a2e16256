//! Exact multiplication of amounts by rates.

use rust_decimal::Decimal;

use crate::money::{Currency, Money, MoneyError, SCALE};

/// Conversion factor: `numerator` ÷ 10^`scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Factor {
    numerator: i128,
    power: i128,
}

impl Factor {
    /// Creates the factor of a rate. A rate has at most 28 decimal places.
    pub(crate) fn of(rate: Decimal) -> Self {
        let rate = rate.normalize();
        Self { numerator: rate.mantissa(), power: 10_i128.pow(rate.scale()) }
    }

    /// Converts an amount in 10⁻¹² units, rounded half-even.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub(crate) fn scaled(self, amount: i128) -> Result<i128, MoneyError> {
        let (whole, rest) = (amount.div_euclid(self.power), amount.rem_euclid(self.power));
        let of_rest = rest.checked_mul(self.numerator).ok_or(MoneyError::Overflow)?;
        let (more, left) = (of_rest.div_euclid(self.power), of_rest.rem_euclid(self.power));
        let down = whole
            .checked_mul(self.numerator)
            .and_then(|w| w.checked_add(more))
            .ok_or(MoneyError::Overflow)?;
        let is_up = match left.cmp(&(self.power - left)) {
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Equal => down.rem_euclid(2) == 1,
            std::cmp::Ordering::Greater => true,
        };
        down.checked_add(i128::from(is_up)).ok_or(MoneyError::Overflow)
    }

    /// Converts an amount to `into`.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub(crate) fn money(self, amount: Money, into: Currency) -> Result<Money, MoneyError> {
        let amount = amount.amount();
        let up = 10_i128.pow(SCALE.saturating_sub(amount.scale()));
        let scaled = amount.mantissa().checked_mul(up).ok_or(MoneyError::Overflow)?;
        Money::from_scaled(self.scaled(scaled)?, into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn factor(rate: &str) -> Factor {
        Factor::of(rate.parse().expect("a rate"))
    }

    #[test]
    fn amounts_are_rounded_half_to_even() {
        for (amount, rate, converted) in [
            (5, "0.5", 2),
            (15, "0.1", 2),
            (25, "0.1", 2),
            (26, "0.1", 3),
            (-5, "0.5", -2),
            (-15, "0.1", -2),
            (-16, "0.1", -2),
            (1_000_000_000_000, "0.91", 910_000_000_000),
            (1_000_000_000_000, "157.25", 157_250_000_000_000),
            // 10¹³ units of a currency at 12 digits.
            (10_i128.pow(25), "0.0000612345678912", 612_345_678_912_000_000_000),
        ] {
            assert_eq!(factor(rate).scaled(amount), Ok(converted), "{amount} × {rate}");
        }
        assert_eq!(factor("2").scaled(i128::MAX), Err(MoneyError::Overflow));
    }

    proptest! {
        #[test]
        fn no_amount_is_off_by_more_than_half_a_unit(amount in -10_i128.pow(20)..10_i128.pow(20), rate in 1_i64..1_000_000_000) {
            let converted = Factor::of(Decimal::new(rate, 6)).scaled(amount).expect("it fits");
            let off = amount * i128::from(rate) - converted * 1_000_000;
            prop_assert!(off.abs() * 2 <= 1_000_000);
        }
    }
}
