//! Figures for machine-readable tables: every value, exact, one a row.

use cost_core::money::{Currency, Money};
use cost_core::review::Comparison;
use rust_decimal::Decimal;

/// One value and what it is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Part of the report.
    pub section: String,
    /// What the value is of.
    pub item: String,
    /// More on the item; can be empty.
    pub detail: String,
    /// What was measured: a FOCUS column, or words.
    pub measure: String,
    /// The value.
    pub amount: Amount,
}

/// A value of a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Amount {
    /// An amount of money.
    Money(Money),
    /// An amount of the month under review beside that of the month before.
    Compared(Comparison),
    /// A number of things, of the charges in one currency if that is given; `None` is unknown.
    Count(Option<u64>, Option<Currency>),
    /// A number with its unit or currency, which can be empty.
    Number(Decimal, String),
}

impl Figure {
    /// A figure of any kind.
    pub fn new(
        section: impl ToString,
        item: impl ToString,
        detail: impl ToString,
        measure: impl ToString,
        amount: Amount,
    ) -> Self {
        let [section, item] = [section.to_string(), item.to_string()];
        Self { section, item, detail: detail.to_string(), measure: measure.to_string(), amount }
    }

    /// An amount of money.
    pub fn money(
        section: impl ToString,
        item: impl ToString,
        detail: impl ToString,
        measure: impl ToString,
        amount: Money,
    ) -> Self {
        Self::new(section, item, detail, measure, Amount::Money(amount))
    }

    /// An amount of the month under review beside that of the month before.
    pub fn compared(
        section: impl ToString,
        item: impl ToString,
        detail: impl ToString,
        measure: impl ToString,
        amounts: Comparison,
    ) -> Self {
        Self::new(section, item, detail, measure, Amount::Compared(amounts))
    }
}
