//! Rounding of numbers for people.

use rust_decimal::{Decimal, RoundingStrategy};

/// Returns a number with this number of decimal places, rounded half away from zero like amounts of
/// money. Zero has no sign.
///
/// Plain formatting (`{:.1}`) truncates a [`Decimal`]: 18.16 becomes 18.1.
pub(crate) fn rounded(number: Decimal, places: u32) -> Decimal {
    let rounded = number.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    if rounded.is_zero() { Decimal::ZERO } else { rounded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_and_not_cut() {
        for (number, places, shown) in [
            ("18.16", 1, "18.2"),
            ("-0.04", 1, "0.0"),
            ("-0.05", 1, "-0.1"),
            ("99.95", 1, "100.0"),
            ("2", 1, "2.0"),
        ] {
            let number: Decimal = number.parse().expect("a number");
            assert_eq!(format!("{:.1}", rounded(number, places)), shown);
        }
    }
}
