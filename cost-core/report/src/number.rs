//! Numbers as people read them.

use rust_decimal::{Decimal, RoundingStrategy};

/// A number with so many decimal places, rounded half away from zero as amounts are; a zero has no
/// sign.
///
/// Formatting by itself (`{:.1}`) cuts a [`Decimal`]: 18.16 would read 18.1.
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
