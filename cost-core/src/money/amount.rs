//! Amounts: exact arithmetic, and their format in reports and JSON.

use std::fmt;
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::currency::{Currency, MoneyError};

/// Decimal places of every money and quantity column: `Decimal(38, 12)`.
pub const SCALE: u32 = 12;

/// Exact amount in one currency.
///
/// There is no `Add`, because amounts in different currencies cannot be added: see
/// [`Money::try_add`].
///
/// ```
/// use cost_core::money::{Currency, Money};
/// let a = Money::parse("0.10", Currency::USD).unwrap();
/// let b = Money::parse("0.20", Currency::USD).unwrap();
/// assert_eq!(a.try_add(b).unwrap(), Money::parse("0.3", Currency::USD).unwrap());
/// assert!(a.try_add(Money::zero("EUR".parse().unwrap())).is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Money {
    amount: Decimal,
    currency: Currency,
}

impl Money {
    /// Creates `amount` in `currency`, rounded half-even to 12 places.
    #[must_use]
    pub fn new(amount: Decimal, currency: Currency) -> Self {
        Self { amount: amount.round_dp(SCALE).normalize(), currency }
    }

    /// Returns zero in `currency`.
    #[must_use]
    pub fn zero(currency: Currency) -> Self {
        Self { amount: Decimal::ZERO, currency }
    }

    /// Converts a `Decimal(38, 12)` cell.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] above 7.9 × 10¹⁶ units of currency.
    pub fn from_scaled(value: i128, currency: Currency) -> Result<Self, MoneyError> {
        Ok(Self::new(decimal_from_scaled(value)?, currency))
    }

    /// Parses decimal text, such as `12.34`.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] if the text is not a decimal that fits.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        Decimal::from_str(text).map(|d| Self::new(d, currency)).map_err(|_| MoneyError::Overflow)
    }

    /// Returns the exact amount.
    #[must_use]
    pub fn amount(&self) -> Decimal {
        self.amount
    }

    /// Returns the currency.
    #[must_use]
    pub fn currency(&self) -> Currency {
        self.currency
    }

    /// Returns the exact sum.
    ///
    /// # Errors
    /// [`MoneyError::MixedCurrency`], [`MoneyError::Overflow`].
    pub fn try_add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let amount = self.amount.checked_add(other.amount).ok_or(MoneyError::Overflow)?;
        Ok(Self::new(amount, self.currency))
    }

    /// Returns the exact difference.
    ///
    /// # Errors
    /// [`MoneyError::MixedCurrency`], [`MoneyError::Overflow`].
    pub fn try_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.try_add(Self { amount: -other.amount, ..other })
    }

    /// Returns `self × factor`, rounded toward zero at 12 places, so that a share never exceeds the
    /// total.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn try_mul(self, factor: Decimal) -> Result<Self, MoneyError> {
        let product = self.amount.checked_mul(factor).ok_or(MoneyError::Overflow)?;
        Ok(Self::new(
            product.round_dp_with_strategy(SCALE, RoundingStrategy::ToZero),
            self.currency,
        ))
    }

    /// Returns `self × part ÷ whole`, rounded toward zero at 12 places. It multiplies first: 73 USD
    /// for 730 h are exactly 74.40 USD for 744 h, although 744 ÷ 730 is a repeating decimal.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`], also if `whole` is zero.
    pub fn try_ratio(self, part: Decimal, whole: Decimal) -> Result<Self, MoneyError> {
        let product = self
            .amount
            .checked_mul(part)
            .and_then(|p| p.checked_div(whole))
            .ok_or(MoneyError::Overflow)?;
        Ok(Self::new(
            product.round_dp_with_strategy(SCALE, RoundingStrategy::ToZero),
            self.currency,
        ))
    }

    /// Returns the sum of amounts in one currency; zero in `currency` if there are none.
    ///
    /// # Errors
    /// [`MoneyError::MixedCurrency`], [`MoneyError::Overflow`].
    pub fn try_sum(
        amounts: impl IntoIterator<Item = Self>,
        currency: Currency,
    ) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::try_add)
    }

    /// Returns `self ÷ whole` in percent with one decimal; `None` if `whole` is zero or in another
    /// currency.
    #[must_use]
    pub fn percent_of(self, whole: Self) -> Option<Decimal> {
        if whole.currency != self.currency {
            return None;
        }
        self.amount
            .checked_div(whole.amount)
            .and_then(|r| r.checked_mul(Decimal::ONE_HUNDRED))
            .map(|p| p.round_dp(1))
    }

    /// Returns whether the amount is zero or negative.
    #[must_use]
    pub fn is_zero_or_less(&self) -> bool {
        self.amount <= Decimal::ZERO
    }

    /// Returns the smaller of two amounts in one currency; `self` if they are equal.
    ///
    /// # Errors
    /// [`MoneyError::MixedCurrency`].
    pub fn try_min(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        Ok(if other.amount < self.amount { other } else { self })
    }

    pub(super) fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::MixedCurrency { left: self.currency, right: other.currency })
        }
    }

    /// Formats with two decimals, rounded half away from zero, with thousands separators:
    /// `-1,234.50`. A nonzero amount that would be `0.00` is shown as `<0.01`.
    #[must_use]
    pub fn display_amount(&self) -> String {
        let cents = self.amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
        if cents.is_zero() && !self.amount.is_zero() {
            return if self.amount.is_sign_negative() { ">-0.01".into() } else { "<0.01".into() };
        }
        group_thousands(&format!("{cents:.2}"))
    }

    /// Formats with every digit, at least two decimals, and thousands separators:
    /// `47,413.714802662968`.
    #[must_use]
    pub fn display_exact(&self) -> String {
        let mut amount = self.amount.normalize();
        if amount.scale() < 2 {
            amount.rescale(2);
        }
        group_thousands(&amount.to_string())
    }

    /// Formats in whole units: `1,235`. Amounts below 10 units have cents.
    #[must_use]
    pub fn display_whole(&self) -> String {
        if self.amount.abs() < Decimal::TEN {
            return self.display_amount();
        }
        let whole = self.amount.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
        group_thousands(&format!("{whole:.0}"))
    }
}

/// Formats `-1234.5` as `-1,234.5`.
pub(crate) fn group_thousands(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |d| ("-", d));
    let (whole, fraction) = digits.split_once('.').map_or((digits, ""), |(w, f)| (w, f));
    let mut out = String::from(sign);
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// Converts a `Decimal(38, 12)` cell to a decimal.
///
/// # Errors
/// [`MoneyError::Overflow`] when it needs more than 96 bits.
pub fn decimal_from_scaled(value: i128) -> Result<Decimal, MoneyError> {
    Decimal::try_from_i128_with_scale(value, SCALE)
        .map(|d| d.normalize())
        .map_err(|_| MoneyError::Overflow)
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.display_amount(), self.currency)
    }
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(
    rename = "Money",
    description = "An exact amount: decimal text, never a float, with its currency"
)]
struct MoneyRepr {
    #[schemars(regex(pattern = r"^-?\d+(\.\d{1,12})?$"))]
    amount: String,
    currency: Currency,
}

impl Serialize for Money {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        MoneyRepr { amount: self.amount.normalize().to_string(), currency: self.currency }
            .serialize(s)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let repr = MoneyRepr::deserialize(d)?;
        Self::parse(&repr.amount, repr.currency).map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Money {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Money".into()
    }
    fn json_schema(g: &mut schemars::SchemaGenerator) -> schemars::Schema {
        MoneyRepr::json_schema(g)
    }
}
