//! Exact money: a decimal amount with its currency, and savings as a range.
//!
//! In frames, money is `Decimal(38, 12)`: a 128-bit integer of 10⁻¹² units. Outside frames it is
//! [`Money`], based on [`rust_decimal::Decimal`] (96-bit, 28 digits). Amounts are never converted
//! to floating-point numbers.

mod amount;
mod currency;
mod savings;
#[cfg(test)]
mod tests;

pub(crate) use amount::group_thousands;
pub use amount::{Money, SCALE, decimal_from_scaled};
pub use currency::{Currency, MoneyError};
pub use savings::Savings;
