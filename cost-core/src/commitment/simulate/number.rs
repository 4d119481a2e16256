//! Exact numbers as integers: no division per hour, and sums that do not depend on the order.

use rust_decimal::Decimal;

use super::problem::EstateProblem;
use crate::money::{MoneyError, decimal_from_scaled};

/// Decimal places of quantities, as in AWS bills.
pub(super) const QUANTITY_PLACES: u32 = 10;
/// Decimal places of prices and rates, as in the rest of the crate.
pub(super) const RATE_PLACES: u32 = 12;
/// Units of quantity × rate per unit of money (10⁻¹² USD). The product has the decimal places of
/// both factors.
pub(super) const COST_PER_MONEY: i128 = 10_i128.pow(QUANTITY_PLACES);

/// Returns an amount in units of its last decimal place.
pub(super) fn scaled(what: &str, amount: Decimal, places: u32) -> Result<i64, EstateProblem> {
    let whole = || {
        let normal = amount.normalize();
        let up = places.checked_sub(normal.scale())?;
        i64::try_from(normal.mantissa().checked_mul(10_i128.checked_pow(up)?)?)
            .ok()
            .filter(|n| *n >= 0)
    };
    whole().ok_or_else(|| EstateProblem::Amount { what: what.to_owned(), amount, places })
}

/// Returns a cost, a sum of products, in USD, rounded half to even to twelve decimal places.
pub(super) fn usd(cost: i128) -> Result<Decimal, MoneyError> {
    let (whole, rest) = (cost.div_euclid(COST_PER_MONEY), cost.rem_euclid(COST_PER_MONEY));
    let up = match (rest * 2).cmp(&COST_PER_MONEY) {
        std::cmp::Ordering::Less => 0,
        std::cmp::Ordering::Equal => whole.rem_euclid(2),
        std::cmp::Ordering::Greater => 1,
    };
    decimal_from_scaled(whole + up)
}

/// Returns a sum of quantities.
pub(super) fn quantity(sum: i128) -> Result<Decimal, MoneyError> {
    Decimal::try_from_i128_with_scale(sum, QUANTITY_PLACES)
        .map(|d| d.normalize())
        .map_err(|_| MoneyError::Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_or_refused() {
        assert_eq!(scaled("x", Decimal::new(15, 1), 10), Ok(15_000_000_000));
        assert_eq!(scaled("x", Decimal::new(1, 10), 10), Ok(1));
        assert!(scaled("x", Decimal::new(1, 11), 10).is_err(), "more digits than bills have");
        assert!(scaled("x", Decimal::new(-1, 0), 10).is_err());
        assert!(scaled("x", Decimal::from(i64::MAX), 10).is_err());
    }

    #[test]
    fn costs_are_rounded_half_to_even() {
        let half = COST_PER_MONEY / 2;
        let of = |cost: i128| usd(cost).unwrap().to_string();
        assert_eq!(of(COST_PER_MONEY + half), "0.000000000002");
        assert_eq!(of(2 * COST_PER_MONEY + half), "0.000000000002");
        assert_eq!(of(2 * COST_PER_MONEY + half + 1), "0.000000000003");
    }
}
