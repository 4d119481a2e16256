//! Exact money: a decimal amount with its currency, and a saving as a range.
//!
//! In frames, money is `Decimal(38, 12)`: a 128-bit integer of 10⁻¹² units. Out of frames it is
//! [`Money`], on [`rust_decimal::Decimal`] (96-bit, 28 digits). Nothing here ever passes through a
//! float.

use std::fmt;
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Decimal places kept by every money and quantity column: `Decimal(38, 12)`.
pub const SCALE: u32 = 12;

/// What can go wrong with money.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum MoneyError {
    /// Two amounts in different currencies were to be added or compared.
    #[error("cannot combine {left} with {right}: amounts of several currencies are never added")]
    MixedCurrency {
        /// Currency on the left.
        left: Currency,
        /// Currency on the right.
        right: Currency,
    },
    /// The result does not fit 28 significant digits.
    #[error("an amount is too large to be kept exactly (more than 28 digits)")]
    Overflow,
    /// Text that is not an ISO 4217 code.
    #[error("`{0}` is not a three-letter ISO 4217 currency code")]
    NotACurrency(String),
}

/// An ISO 4217 currency code, such as `USD`.
///
/// ```
/// use cost_core::prelude::*;
///
/// assert_eq!("EUR".parse::<Currency>().map(|c| c.to_string()).ok().as_deref(), Some("EUR"));
/// assert!("euro".parse::<Currency>().is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// United States dollar.
    pub const USD: Self = Self(*b"USD");

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }
}

impl FromStr for Currency {
    type Err = MoneyError;
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        match text.as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|x| x.is_ascii_uppercase()) => Ok(Self([*a, *b, *c])),
            _ => Err(MoneyError::NotACurrency(text.chars().take(40).collect())),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Currency {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Currency".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[A-Z]{3}$", "description": "ISO 4217 currency code" })
    }
}

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

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
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
        let high = if high.amount < expected.amount { expected } else { high };
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn usd(text: &str) -> Money {
        Money::parse(text, Currency::USD).unwrap()
    }

    #[test]
    fn displays_as_finance_people_write_it() {
        assert_eq!(usd("1234567.005").display_amount(), "1,234,567.01");
        assert_eq!(usd("-999.999").display_amount(), "-1,000.00");
        assert_eq!(usd("0.0000008").display_amount(), "<0.01");
        assert_eq!(usd("0").display_amount(), "0.00");
        assert_eq!(usd("12345.6").display_whole(), "12,346");
        assert_eq!(usd("12345.600001").display_exact(), "12,345.600001");
        assert_eq!(usd("-1936.1").display_exact(), "-1,936.10");
    }

    #[test]
    fn json_keeps_every_digit() {
        let m = usd("0.000000800001");
        let text = serde_json::to_string(&m).unwrap();
        assert_eq!(text, r#"{"amount":"0.000000800001","currency":"USD"}"#);
        assert_eq!(serde_json::from_str::<Money>(&text).unwrap(), m);
    }

    proptest! {
        #[test]
        fn sums_do_not_depend_on_order(mut values in proptest::collection::vec(-10_i128.pow(20)..10_i128.pow(20), 0..40)) {
            let sum = |v: &[i128]| Money::try_sum(v.iter().map(|x| Money::from_scaled(*x, Currency::USD).unwrap()), Currency::USD).unwrap();
            let forward = sum(&values);
            values.reverse();
            prop_assert_eq!(forward, sum(&values));
            prop_assert_eq!(forward, Money::from_scaled(values.iter().sum(), Currency::USD).unwrap());
        }

        #[test]
        fn a_share_never_exceeds_its_whole(v in 0_i128..10_i128.pow(24), part in 0_u32..=1000) {
            let whole = Money::from_scaled(v, Currency::USD).unwrap();
            let share = whole.try_mul(Decimal::new(i64::from(part), 3)).unwrap();
            prop_assert!(share.amount() <= whole.amount());
        }

        #[test]
        fn currencies_never_mix(a in -1_000_000_i64..1_000_000, b in -1_000_000_i64..1_000_000) {
            let eur: Currency = "EUR".parse().unwrap();
            let left = Money::new(Decimal::from(a), Currency::USD);
            let right = Money::new(Decimal::from(b), eur);
            prop_assert!(left.try_add(right).is_err());
            prop_assert!(left.try_sub(right).is_err());
            prop_assert!(Money::try_sum([left, right], eur).is_err());
        }
    }
}
