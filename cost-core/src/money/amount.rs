//! One amount: exact arithmetic, and how people and JSON write it.

use std::fmt;
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::currency::{Currency, MoneyError};

/// Decimal places kept by every money and quantity column: `Decimal(38, 12)`.
pub const SCALE: u32 = 12;

/// An exact amount of one currency.
///
/// There is no `Add`: [`Money::try_add`] refuses to mix currencies.
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
    /// `amount` of `currency`, rounded half-even to 12 places.
    #[must_use]
    pub fn new(amount: Decimal, currency: Currency) -> Self {
        Self { amount: amount.round_dp(SCALE).normalize(), currency }
    }

    /// Nothing, in `currency`.
    #[must_use]
    pub fn zero(currency: Currency) -> Self {
        Self { amount: Decimal::ZERO, currency }
    }

    /// From a `Decimal(38, 12)` cell.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] above 7.9 × 10¹⁶ units of currency.
    pub fn from_scaled(value: i128, currency: Currency) -> Result<Self, MoneyError> {
        Ok(Self::new(decimal_from_scaled(value)?, currency))
    }

    /// From decimal text, such as `12.34`.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] if the text is not a decimal that fits.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        Decimal::from_str(text).map(|d| Self::new(d, currency)).map_err(|_| MoneyError::Overflow)
    }

    /// The exact amount.
    #[must_use]
    pub fn amount(&self) -> Decimal {
        self.amount
    }

    /// The currency.
    #[must_use]
    pub fn currency(&self) -> Currency {
        self.currency
    }

    /// Exact sum.
    ///
    /// # Errors
    /// [`MoneyError::MixedCurrency`], [`MoneyError::Overflow`].
    pub fn try_add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let amount = self.amount.checked_add(other.amount).ok_or(MoneyError::Overflow)?;
        Ok(Self::new(amount, self.currency))
    }

    /// Exact difference.
    ///
    /// # Errors
    /// [`MoneyError::MixedCurrency`], [`MoneyError::Overflow`].
    pub fn try_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.try_add(Self { amount: -other.amount, ..other })
    }

    /// `self × factor`, rounded toward zero at 12 places, so that a share never exceeds its whole.
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

    /// `self × part ÷ whole`, rounded toward zero at 12 places. It multiplies first: 73 USD of 730
    /// h are exactly 74.40 USD of 744 h, though 744 ÷ 730 has no end.
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

    /// The sum of amounts of one currency; zero in `currency` if there are none.
    ///
    /// # Errors
    /// [`MoneyError::MixedCurrency`], [`MoneyError::Overflow`].
    pub fn try_sum(
        amounts: impl IntoIterator<Item = Self>,
        currency: Currency,
    ) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::try_add)
    }

    /// `self ÷ whole` in percent with one decimal; `None` if `whole` is zero or of another
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

    /// `true` at or below zero.
    #[must_use]
    pub fn is_zero_or_less(&self) -> bool {
        self.amount <= Decimal::ZERO
    }

    /// The smaller of two amounts of one currency; `self` when they are equal.
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

    /// For people: two decimals, rounded half away from zero, with thousands separators:
    /// `-1,234.50`. An amount that is not zero but would read `0.00` is shown as `<0.01`.
    #[must_use]
    pub fn display_amount(&self) -> String {
        let cents = self.amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
        if cents.is_zero() && !self.amount.is_zero() {
            return if self.amount.is_sign_negative() { ">-0.01".into() } else { "<0.01".into() };
        }
        group_thousands(&format!("{cents:.2}"))
    }

    /// Every digit, at least two decimals, with thousands separators: `47,413.714802662968`.
    #[must_use]
    pub fn display_exact(&self) -> String {
        let mut amount = self.amount.normalize();
        if amount.scale() < 2 {
            amount.rescale(2);
        }
        group_thousands(&amount.to_string())
    }

    /// For people, whole units: `1,235`. Falls back to cents below 10 units.
    #[must_use]
    pub fn display_whole(&self) -> String {
        if self.amount.abs() < Decimal::TEN {
            return self.display_amount();
        }
        let whole = self.amount.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
        group_thousands(&format!("{whole:.0}"))
    }
}

/// `-1234.5` as `-1,234.5`.
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

/// A `Decimal(38, 12)` cell as a decimal.
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
