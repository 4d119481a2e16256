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

/// Returns the double nearest to a number; `None` if doubles cannot represent it to the cent.
///
/// A double has 15 significant decimal digits (IEEE 754 binary64, `DBL_DIG`): 13 before the decimal
/// point and 2 after it.
pub(crate) fn double(number: Decimal) -> Option<f64> {
    // Parsing rounds correctly; `Decimal::to_f64` need not.
    (number.abs() < LIMIT).then(|| number.to_string().parse().ok()).flatten()
}

/// 10 to the power of 13: the first number with 14 digits before the decimal point.
const LIMIT: Decimal = Decimal::from_parts(1_316_134_912, 2_328, 0, false, 0);

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

    #[test]
    fn doubles_hold_cents_up_to_13_digits() {
        let of = |text: &str| double(text.parse().expect("a number"));
        assert_eq!(of("73272.700757836261"), Some(73_272.700_757_836_27));
        assert_eq!(of("9999999999999.99"), Some(9_999_999_999_999.99));
        assert_eq!(of("-9999999999999.99"), Some(-9_999_999_999_999.99));
        assert_eq!(of("10000000000000"), None);
        assert_eq!(LIMIT.to_string(), "10000000000000");
    }
}
