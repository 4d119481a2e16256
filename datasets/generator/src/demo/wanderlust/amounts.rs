//! Amounts, and parts of a week.

use rust_decimal::Decimal;

/// So many ten-thousandths of a dollar.
pub(super) fn usd(ten_thousandths: i64) -> Decimal {
    Decimal::new(ten_thousandths, 4)
}

pub(super) fn whole(number: i64) -> Decimal {
    Decimal::from(number)
}

/// The part of a week that is off if it is on from 07:00 to 19:00 on weekdays: an hour around the
/// hours of use.
pub(super) fn off_hours() -> Decimal {
    whole(168 - 5 * 12) / whole(168)
}
